"""The verdict: what is said of which figures, and that every locale has the words for it."""

from dataclasses import replace

import pytest

from cuewalk.audio.signal.quality import Problem, SignalReport
from cuewalk.checkup.sound_check.verdict import Findings, WordResult, report_on
from cuewalk.content.packs import load_pack

_SIGNAL = SignalReport(
    seconds=2.0,
    peak_dbfs=-12.0,
    rms_dbfs=-30.0,
    noise_dbfs=-62.0,
    speech_dbfs=-25.0,
    speech_seconds=0.5,
    dc_offset=0.0,
    clipped_share=0.0,
    zero_share=0.0,
    dropouts=0,
    bandwidth_hz=7000,
)
_GOOD = Findings(
    room=replace(_SIGNAL, speech_dbfs=None),
    answer=_SIGNAL,
    dead=False,
    played=True,
    echo_reduction_db=32.0,
    round_trip_ms=70,
    heard=(WordResult("spotter", "four", 0.97), WordResult("pocketsphinx", "", 0.0)),
    word=True,
)
_NOBODY = replace(_GOOD, answer=None, heard=(), word=False)


@pytest.fixture(scope="module")
def en():
    return load_pack("en-US")


def test_where_all_is_well_only_that_is_said(en):
    report = report_on(_GOOD, en)
    assert report.ok
    assert report.says == report.spoken == ("I heard four. The sound is good.",)
    assert report.measured == (
        "The room is very quiet (noise -62 dBFS).",
        "Your voice reaches the microphone at -25 dBFS, and nothing is cut off.",
        "My voice comes back into the microphone after 70 ms; the echo canceller takes 32 dB of it away.",
        'The recogniser spotter heard "four" (confidence 0.97).',
        "The recogniser pocketsphinx heard nothing it knows.",
    )


def _with(problem, **figures):
    answer = replace(_SIGNAL, **figures)
    assert answer.problems == (problem,)
    return replace(_GOOD, answer=answer)


_FAINT = _with(Problem.TOO_QUIET, speech_dbfs=-50.0)
_NARROW = _with(Problem.NARROW_BAND, bandwidth_hz=4000)


@pytest.mark.parametrize(
    ("found", "ok", "said"),
    [
        (_with(Problem.CLIPPING, clipped_share=0.1), False, "Turn the microphone down"),
        (_with(Problem.CLIPPING, clipped_share=0.01), True, "Turn the microphone down"),
        (_FAINT, True, "Come closer"),
        (_with(Problem.NOISY_ROOM, noise_dbfs=-30.0), True, "Turn off what makes noise"),
        (_NARROW, True, "like a telephone"),
        (_with(Problem.DC_OFFSET, dc_offset=0.05), True, "The sound is good"),
        (replace(_GOOD, word=False), False, "cuewalk calibrate"),
        (replace(_GOOD, echo_reduction_db=5.0), False, "Turn the speaker down"),
        (replace(_GOOD, overload=0.02), False, "Turn the speaker down"),
        (replace(_GOOD, echo_reduction_db=5.0, setting="half-duplex"), True, "Turn the speaker down"),
        (replace(_GOOD, setting="headphones"), False, "cuewalk settings echo auto"),
        (replace(_GOOD, round_trip_ms=600), True, "wireless"),
        (replace(_GOOD, round_trip_ms=None, echo_reduction_db=None), True, "settings echo headphones"),
        (_NOBODY, False, "cuewalk settings microphone NAME"),
        (replace(_NOBODY, round_trip_ms=None, echo_reduction_db=None), False, "may be the wrong one"),
        (replace(_NOBODY, dead=True), False, "mute button"),
    ],
)
def test_each_fault_is_said_with_what_to_change(en, found, ok, said):
    report = report_on(found, en)
    assert report.ok is ok
    assert any(said in sentence for sentence in report.says), report.says


def test_what_can_be_better_is_not_called_good(en):
    assert report_on(_FAINT, en).spoken[0] == "I heard four. Something can be better."


def test_headphones_that_are_set_are_not_mentioned_again(en):
    found = replace(_GOOD, round_trip_ms=None, echo_reduction_db=None, setting="headphones")
    assert report_on(found, en).says == ("I heard four. The sound is good.",)


def test_an_answer_lost_in_our_own_voice_is_not_the_fault_of_the_microphone(en):
    says = report_on(replace(_NOBODY, echo_reduction_db=2.0), en).says
    assert "I hear myself too much" in says[0]
    assert not any("choose another" in sentence for sentence in says)


def test_without_a_voice_of_ours_nothing_is_said_of_its_echo(en):
    found = replace(_GOOD, played=False, round_trip_ms=None, echo_reduction_db=None)
    report = report_on(found, en)
    assert report.says == ("I heard four. The sound is good.",)
    assert not any("My voice" in sentence or "echo" in sentence for sentence in report.measured)


def test_every_command_is_said_once(en):
    found = replace(_NARROW, heard=(), word=False)
    says = report_on(found, en).says
    assert len(says) == len(set(says))


def test_commands_are_shown_and_not_spoken(en):
    report = report_on(_NOBODY, en)
    assert not any("cuewalk" in sentence for sentence in report.spoken)
    assert set(report.spoken) < set(report.says)


def test_korean_has_the_words_too():
    assert report_on(_GOOD, load_pack("ko-KR")).spoken == ("사, 들었어요. 소리가 좋아요.",)
