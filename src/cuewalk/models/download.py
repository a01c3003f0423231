"""Download one archive into a ``.part`` file, going on from where an earlier attempt ended.

The sum is not checked here; the caller does that before it opens the file.
"""

import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# This module is imported only when something is fetched: requests would slow every start of cuewalk.
import requests

from cuewalk.domain.errors import ModelError

CHUNK_BYTES = 64 * 1024
_OK, _PARTIAL, _UNSATISFIABLE = 200, 206, 416


@dataclass(frozen=True, slots=True)
class Download:
    """What is fetched from where into which file, and the seconds of silence after which it is given up."""

    name: str
    url: str
    size: int
    part: Path
    timeout: float

    @property
    def tag_file(self) -> Path:
        """Where the server's version of the file (ETag) is kept beside the ``.part``."""
        return self.part.with_name(self.part.name + ".etag")

    @property
    def arrived(self) -> int:
        """Bytes that are on the disk."""
        return self.part.stat().st_size if self.part.exists() else 0

    def discard(self) -> None:
        """Forget what has arrived."""
        self.part.unlink(missing_ok=True)
        self.tag_file.unlink(missing_ok=True)


def download(job: Download, progress: Callable[[int], None]) -> None:
    """Bring ``job.part`` to its full size; ``progress`` is told the bytes that are there.

    Raises:
        ModelError: no network, no such file, another file than expected, or the connection ended.
        OSError: the disk refused.
    """
    if job.arrived == job.size:
        return
    try:
        with _answer(job) as response:
            _save(job, response, progress)
    except requests.RequestException as error:
        raise _unreachable(job, error) from error
    if job.arrived != job.size:
        raise _cut(job, "it ended early")


def _answer(job: Download) -> requests.Response:
    """Ask for the rest of the file; for all of it where the server cannot continue or has another version."""
    offset = job.arrived
    if 0 < offset < job.size:
        response = _ask(job, offset)
        if response.status_code == _OK or _continues(job, response, offset):
            return _checked(job, response)
        response.close()
    return _checked(job, _ask(job, 0))


def _continues(job: Download, response: requests.Response, offset: int) -> bool:
    if response.status_code == _UNSATISFIABLE:
        return False
    if response.status_code != _PARTIAL:
        return True  # an error that asking again would not change
    same = _stored_tag(job) in ("", response.headers.get("ETag", ""))
    return same and response.headers.get("Content-Range", "") == f"bytes {offset}-{job.size - 1}/{job.size}"


def _ask(job: Download, offset: int) -> requests.Response:
    headers = {"Accept-Encoding": "identity", "User-Agent": "cuewalk"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
        tag = _stored_tag(job)
        if tag and not tag.startswith("W/"):  # If-Range takes strong tags only (RFC 9110, 13.1.5)
            headers["If-Range"] = tag
    # Half of the time for one of the server's addresses, so that a broken network family leaves some.
    limits = (job.timeout / 2, job.timeout)
    return _in_time(job, lambda: requests.get(job.url, headers=headers, stream=True, timeout=limits))


def _in_time(job: Download, ask: Callable[[], requests.Response]) -> requests.Response:
    """Return the answer within the time-out; looking up a name may hang longer than requests can know."""
    outcome: queue.SimpleQueue[requests.Response | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put(ask())
        except Exception as error:  # noqa: BLE001 - handed over and raised again below
            outcome.put(error)

    threading.Thread(target=work, name="model-download", daemon=True).start()
    try:
        answer = outcome.get(timeout=job.timeout)
    except queue.Empty:
        raise requests.ConnectTimeout(f"no answer within {job.timeout:g} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _checked(job: Download, response: requests.Response) -> requests.Response:
    if response.status_code not in (_OK, _PARTIAL):
        response.close()
        raise ModelError(
            f"{job.url} answered {response.status_code} ({response.reason}).",
            meaning=f"{job.name} was not fetched.",
            remedy=_by_hand(job),
        )
    offered = response.headers.get("Content-Length")
    if response.status_code == _OK and offered is not None and offered != str(job.size):
        response.close()
        raise _another_file(job, f"{offered} bytes instead of {job.size}")
    return response


def _save(job: Download, response: requests.Response, progress: Callable[[int], None]) -> None:
    resumed = response.status_code == _PARTIAL
    if not resumed:
        job.discard()
        job.tag_file.write_text(response.headers.get("ETag", ""), encoding="utf-8")
    done = job.arrived
    with job.part.open("ab") as out:
        progress(done)
        for chunk in response.iter_content(CHUNK_BYTES):
            done += len(chunk)
            if done > job.size:
                raise _another_file(job, f"more than {job.size} bytes")
            out.write(chunk)
            progress(done)


def _stored_tag(job: Download) -> str:
    return job.tag_file.read_text(encoding="utf-8") if job.tag_file.exists() else ""


def _another_file(job: Download, difference: str) -> ModelError:
    job.discard()
    return ModelError(
        f"{job.url} gave another file than expected ({difference}).",
        meaning="Nothing of it was kept. It may be the sign-in page of this network, or a new version.",
        remedy=_by_hand(job),
    )


def _cut(job: Download, reason: str) -> ModelError:
    return ModelError(
        f"The connection to {job.url} failed ({reason}); {job.arrived} of {job.size} bytes have arrived.",
        meaning="They are kept.",
        remedy=f"Go on from there with: cuewalk models fetch {job.name}",
    )


def _unreachable(job: Download, error: requests.RequestException) -> ModelError:
    if job.arrived:
        return _cut(job, _reason(error))
    return ModelError(
        f"{job.url} cannot be reached ({_reason(error)}).",
        meaning=f"{job.name} was not fetched.",
        remedy=_by_hand(job),
    )


def _reason(error: requests.RequestException) -> str:
    """Return the innermost reason of a nest of library errors, such as "Connection refused"."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    found = re.findall(r"\[Errno -?\d+\] ([^'\")]+)", str(error))
    return found[-1].strip() if found else type(error).__name__


def _by_hand(job: Download) -> str:
    return (
        f"Try again later with: cuewalk models fetch {job.name}. Or bring the file on a stick: "
        f"put {job.name}.zip into {job.part.parent} and run the same command."
    )
