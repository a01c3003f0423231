"""What the trials of the live benchmark take from the measured process."""

import subprocess
import sys

import pytest

from cuewalk.bench.live.trials import LiveWorker
from cuewalk.domain.errors import DeviceError

_BACK, _READY = '{"understood": "back", "state": "cue"}', '{"ready": true}'


@pytest.fixture
def worker():
    """Return what makes a worker that has messages to tell and then waits for orders, or ends."""
    running = []

    def make(*lines, ends=False):
        code = f"import sys\nprint({chr(10).join(lines)!r}, flush=True)\n" + (
            "" if ends else "sys.stdin.read()"
        )
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        running.append(process)
        return LiveWorker(process)

    yield make
    for process in running:
        with process:
            process.kill()


def test_what_happened_until_then_is_returned_with_it(worker):
    assert [list(each) for each in worker(_BACK, _READY).until("ready")] == [
        ["understood", "state"],
        ["ready"],
    ]


def test_what_was_understood_before_a_wait_in_vain_is_not_lost(worker):
    measured = worker(_BACK)
    assert measured.until("understood")
    measured = worker(_BACK, _BACK)
    assert measured.until("ready", 1.0) == []
    assert [each["understood"] for each in measured.so_far()] == ["back", "back"]


def test_a_process_that_ends_is_told(worker):
    with pytest.raises(DeviceError, match="The measured session ended"):
        worker(_BACK, ends=True).until("ready")
