"""From the figures of a sound check to what is right, what is wrong, what to change, and the report on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from cuewalk.audio.signal.quality import Problem, SignalReport, spoils
from cuewalk.language.pack import LocalePack

#: The number that the person is asked for.
WORD: Final = "4"
#: Decibels of echo reduction below which our own voice may be taken for the person's. Design.
_LEAST_REDUCTION_DB: Final = 12.0
#: Share of samples cut off from which on the canceller has no true picture of the room. Design.
_OVERLOADED: Final = 0.005
#: Round trip from which on a speaker is late, ms: wireless ones need 150 to 300, and few cancellers reach
#: further.
_LATE_MS: Final = 400


class WordResult(NamedTuple):
    """What one recogniser made of the person's word."""

    engine: str
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured. ``word`` is whether the word that was asked for was understood.

    ``room`` is the report on the silence, ``answer`` on the person's word (None: nobody spoke); ``played``
    is whether there was a voice to be heard at all. Times in ms, levels in dBFS.
    """

    room: SignalReport
    answer: SignalReport | None
    dead: bool
    played: bool
    echo_reduction_db: float | None
    round_trip_ms: int | None
    heard: tuple[WordResult, ...] = ()
    word: bool = False
    #: Share of the samples of our own voice that are at the microphone's end stop.
    overload: float = 0.0
    #: There is no canceller for this platform: nothing is heard while we speak.
    deaf_meanwhile: bool = False
    #: The person's setting ``echo``: what a session does about our own voice.
    setting: str = "auto"


class Weight(StrEnum):
    """What an advice means for a session."""

    GRAVE = "a session would suffer"
    BETTER = "it works and can be better"
    NOTE = "nothing is wrong"


class Advice(NamedTuple):
    """A prompt that is spoken and shown, and a sentence that is only shown: the command to type."""

    prompt: str
    command: str = ""
    weight: Weight = Weight.GRAVE


_OTHER_MICROPHONE: Final = (
    "To choose another microphone: cuewalk settings microphone NAME ('cuewalk devices' shows the names)."
)
_WRONG_ONE: Final = f"It heard neither you nor my voice: it may be the wrong one. {_OTHER_MICROPHONE}"
_HEADPHONES: Final = "When you wear headphones: cuewalk settings echo headphones."
_ECHO: Final = f"{_HEADPHONES} If nothing else helps: cuewalk settings echo half-duplex."
_NO_HEADPHONES: Final = "These are no headphones, as is set: cuewalk settings echo auto."
_CALIBRATE: Final = "To let cuewalk learn your voice: cuewalk calibrate."
#: Words for a room's noise, in dBFS up to the number.
_ROOMS: Final = ((-60.0, "very quiet"), (-45.0, "quiet"), (-35.0, "not quiet"))


def advice_on(found: Findings) -> tuple[Advice, ...]:
    """Return what is wrong, the worst first; empty where everything is right."""
    if found.dead:
        return (Advice("sound_check_dead", _OTHER_MICROPHONE),)
    return (*_about_the_word(found), *_about_the_signal(found), *_about_the_echo(found))


def figures(found: Findings) -> Iterator[str]:
    """Yield what was measured, as sentences."""
    noise = found.room.noise_dbfs
    room = next((word for limit, word in _ROOMS if noise <= limit), "loud")
    yield f"The room is {room} (noise {noise:.0f} dBFS)."
    yield _level(found.answer)
    if found.played:
        yield _echo(found)
    for engine, text, confidence in found.heard:
        made = f'"{text}" (confidence {confidence:.2f})' if text else "nothing it knows"
        yield f"The recogniser {engine} heard {made}."


def _about_the_word(found: Findings) -> Iterator[Advice]:
    if found.word:
        return
    if found.heard:
        noisy = Problem.NOISY_ROOM in _problems(found)
        yield Advice("sound_check_wrong", "" if noisy else _CALIBRATE)
    elif not _hears_itself(found):  # else that is why, and it is told below
        deaf = found.played and found.round_trip_ms is None
        yield Advice("sound_check_nobody", _WRONG_ONE if deaf else _OTHER_MICROPHONE)


def _about_the_signal(found: Findings) -> Iterator[Advice]:
    problems, answer = _problems(found), found.answer
    if Problem.CLIPPING in problems and answer is not None:
        # Numbers in such a voice are asked back, each of them.
        yield Advice("sound_check_clipping", weight=Weight.GRAVE if spoils(answer) else Weight.BETTER)
    if Problem.TOO_QUIET in problems:
        yield Advice("sound_check_faint", weight=Weight.BETTER)
    if Problem.NOISY_ROOM in problems:
        yield Advice("sound_check_noisy", weight=Weight.BETTER)
    if Problem.NARROW_BAND in problems:
        yield Advice("sound_check_narrow", _OTHER_MICROPHONE, Weight.BETTER)


def _about_the_echo(found: Findings) -> Iterator[Advice]:
    headphones = found.setting == "headphones"
    if _nothing_comes_back(found) and not headphones:
        yield Advice("sound_check_headphones", _HEADPHONES, Weight.NOTE)
    if headphones and found.echo_reduction_db is not None:
        yield Advice("sound_check_echo", _NO_HEADPHONES)
    elif _hears_itself(found):
        harmless = found.setting == "half-duplex"
        yield Advice("sound_check_echo", _ECHO, Weight.BETTER if harmless else Weight.GRAVE)
    if found.round_trip_ms is not None and found.round_trip_ms > _LATE_MS:
        yield Advice("sound_check_late", weight=Weight.BETTER)


def _nothing_comes_back(found: Findings) -> bool:
    """Return whether our voice does not reach a microphone that works."""
    return found.played and found.round_trip_ms is None and bool(found.heard)


def _hears_itself(found: Findings) -> bool:
    reduction = found.echo_reduction_db
    return found.overload >= _OVERLOADED or (reduction is not None and reduction < _LEAST_REDUCTION_DB)


def _problems(found: Findings) -> set[Problem]:
    """Return what is wrong with the signal: with the person's word, and with the room where it hid them."""
    noise = {Problem.NOISY_ROOM} & set(found.room.problems)
    if found.answer is None:
        return noise
    return {*found.answer.problems, *(set() if found.word else noise)}


def _level(answer: SignalReport | None) -> str:
    if answer is None:
        return "Nobody was heard, so the level of a voice was not judged."
    cut = f"{answer.clipped_share:.1%} of it is cut off" if answer.clipped_share else "nothing is cut off"
    if answer.speech_dbfs is None:
        return f"Your voice hardly stands out from the room, and {cut}."
    return f"Your voice reaches the microphone at {answer.speech_dbfs:.0f} dBFS, and {cut}."


def _echo(found: Findings) -> str:
    if found.round_trip_ms is None:
        return "No echo of my voice comes back into the microphone."
    way = f"My voice comes back into the microphone after {found.round_trip_ms} ms"
    if found.overload >= _OVERLOADED:
        way = f"{way}, with {found.overload:.1%} of it cut off"
    if found.deaf_meanwhile:
        return f"{way}; no echo canceller works here, so I do not listen while I speak."
    if found.echo_reduction_db is None:
        return f"{way}; it is too faint beside the room's noise to say what the echo canceller takes away."
    return f"{way}; the echo canceller takes {found.echo_reduction_db:.0f} dB of it away."


@dataclass(frozen=True, slots=True)
class SoundReport:
    """Levels in dBFS; ``clipping`` is a share of the samples of the person's voice (0-1).

    ``says`` is the verdict with what to change, ``spoken`` the part of it that is spoken, ``measured`` the
    figures. A figure is None where there was nothing to measure: nobody spoke, or no echo came back.
    """

    ok: bool
    says: tuple[str, ...]
    spoken: tuple[str, ...]
    measured: tuple[str, ...]
    noise_dbfs: float
    speech_dbfs: float | None
    clipping: float
    echo_reduction_db: float | None
    round_trip_ms: int | None
    heard: tuple[WordResult, ...]


def report_on(found: Findings, pack: LocalePack) -> SoundReport:
    """Return the report on what was found, in the words of the locale."""
    advice = advice_on(found)
    said = tuple(_spoken(found, advice, pack))
    commands = dict.fromkeys(each.command for each in advice if each.command)
    offset = [Problem.DC_OFFSET.sentence] if Problem.DC_OFFSET in found.room.problems else []
    return SoundReport(
        ok=found.word and not any(each.weight is Weight.GRAVE for each in advice),
        says=(*said, *commands, *offset),
        spoken=said,
        measured=tuple(figures(found)),
        noise_dbfs=found.room.noise_dbfs,
        speech_dbfs=None if found.answer is None else found.answer.speech_dbfs,
        clipping=0.0 if found.answer is None else found.answer.clipped_share,
        echo_reduction_db=found.echo_reduction_db,
        round_trip_ms=found.round_trip_ms,
        heard=found.heard,
    )


def _spoken(found: Findings, advice: tuple[Advice, ...], pack: LocalePack) -> Iterator[str]:
    slots = {"value": WORD}
    if found.word:
        good = all(each.weight is Weight.NOTE for each in advice)
        yield pack.render("sound_check_good" if good else "sound_check_heard", slots)
    for each in advice:
        yield pack.render(each.prompt, slots)
