"""The whole calibration: the room, the consent, the words, what was learned, and only then the disk."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.audio.api import AudioIO
from cuewalk.audio.signal.microphone_check import check_microphone, sentences
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.audio.signal.quality import Problem, is_silent
from cuewalk.devices.guards import kept_awake
from cuewalk.devices.live import LiveAudio
from cuewalk.domain.errors import DeviceError
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import Answer, Command, CommandSaid, Expect
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, Millis
from cuewalk.engine.events import Understood
from cuewalk.learning.calibrating.asking import (
    CalibrationDialogue,
    EndedByPersonError,
    Onlooker,
    SpokenAnswer,
    TypedAnswer,
    ask_words,
)
from cuewalk.learning.calibrating.consent import keep_consent
from cuewalk.learning.calibrating.keeping import keep_takes, withdraw
from cuewalk.learning.calibrating.learning import Learner, open_learner, report
from cuewalk.learning.calibrating.texts import EXPECTS, Texts, load_texts
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.stage import LoopOptions, Stage, build_loop, one_session_at_a_time
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.understanding.hearing import hearing_of

#: Design: how long the room is listened to first; long enough for an estimate of its noise.
_ROOM_SECONDS: Final = 1.5
#: Design: how long a muted microphone is waited for; long enough to find the button.
_MUTED_SECONDS: Final = 30
#: Design: how long a yes or no is waited for, and how often it is asked for.
_CONSENT_PATIENCE: Final = Millis(6000)
_CONSENT_TIMES: Final = 3
#: Endpointing: the silence that ends a single word.
_WORD_SILENCE: Final = Millis(400)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What a calibration kept: the folder of the takes (None: nothing), and a personal head."""

    takes: Path | None = None
    head: Path | None = None


def calibrate_live(stage: Stage, onlooker: Onlooker, *, agreed: bool = False) -> Calibrated:
    """Calibrate with the person in front of the microphone.

    Raises:
        DeviceError: if the microphone or the speaker does not work.
        CuewalkError: for anything else outside of our control; nothing was kept then.
    """
    with ExitStack() as stack:
        one_session_at_a_time(stack)
        settings = stage.settings
        audio = LiveAudio(settings.devices)
        stack.callback(audio.close)
        stack.enter_context(kept_awake(enabled=settings.keep_awake))
        keyboard = stack.enter_context(Keyboard(KeysRecogniser()).listening())
        return calibrate(stage, audio, onlooker, keyboard=keyboard, agreed=agreed)


def calibrate(
    stage: Stage,
    audio: AudioIO,
    onlooker: Onlooker,
    *,
    keyboard: Keyboard | None = None,
    agreed: bool = False,
    texts: Texts | None = None,
) -> Calibrated:
    """Calibrate on an audio device or a virtual room.

    Args:
        stage: settings, language and voice.
        audio: closed by the caller.
        onlooker: receives the lines that are said and shown.
        keyboard: where y, n and q are typed.
        agreed: the person has consented already, so they are not asked.
        texts: other words and lines than the locale's.

    Raises:
        CuewalkError: if the microphone delivers nothing, there is no head to begin with, or the disk is full.
    """
    texts = texts or load_texts(stage.pack)
    learner = open_learner(stage.pack, stage.settings)
    try:
        _hear_room(audio, onlooker)
        talk = _turns(stage, audio, learner, onlooker, keyboard)
        if keyboard is not None:
            onlooker.keys_work()
        return _converse(talk, texts, learner, agreed=agreed)
    finally:
        learner.spotter.close()


def _converse(talk: CalibrationDialogue, texts: Texts, learner: Learner, *, agreed: bool) -> Calibrated:
    says = texts.says
    try:
        if not agreed and not _consents(talk, texts):
            withdraw(learner.pack.code)
            talk.say(says.refused)
            return Calibrated()
        talk.say(says.begin)
        prompted = ask_words(talk, texts, learner.pack)
        talk.say(says.wait)
    except EndedByPersonError:
        _to_the_end(talk, [says.ended])
        return Calibrated()
    learned = learner.learn(prompted.takes)
    keep_consent(datetime.now(UTC).astimezone())
    done = Calibrated(keep_takes(learner.pack.code, prompted.takes), learner.keep(learned))
    lines = report(prompted, learned, texts, learner.pack)
    talk.noticed(says.kept.format(folder=done.takes))
    _to_the_end(talk, lines)
    return done


def _hear_room(audio: AudioIO, onlooker: Onlooker) -> None:
    found = check_microphone(audio, _ROOM_SECONDS)
    onlooker.noticed(sentences(found))
    if Problem.MUTED_OR_ZEROS not in found.problems:
        return
    waits = f"The calibration goes on as soon as something is heard; it waits for {_MUTED_SECONDS} seconds."
    onlooker.noticed(waits)
    silence = np.zeros(FRAME_SAMPLES, np.int16)
    for _ in range(_MUTED_SECONDS * 1000 // FRAME_MS):
        if not is_silent(audio.exchange(silence)):
            return
    raise DeviceError(
        "The microphone still delivers nothing but silence.",
        meaning="There is no voice to learn, so nothing was asked and nothing was changed.",
        remedy="Look for a mute button or choose another microphone (cuewalk devices), and calibrate again.",
    )


def _turns(
    stage: Stage, audio: AudioIO, learner: Learner, onlooker: Onlooker, keyboard: Keyboard | None
) -> CalibrationDialogue:
    hearing = hearing_of(learner.pack, (learner.spotter,), endpointing=_WORD_SILENCE)
    turns = CalibrationDialogue(onlooker, keyboard)
    options = LoopOptions(hearing=hearing, keyboard=keyboard, observers=[turns], watch=MicrophoneWatch())
    turns.runs_on(build_loop(stage, turns, audio, options))
    return turns


def _consents(talk: CalibrationDialogue, texts: Texts) -> bool:
    """Return whether the person says yes, or types it; no answer is a no."""
    question, count = texts.says.consent, 2 * len(texts.words)
    talk.expects = frozenset({Expect.YES_NO})
    try:
        for _ in range(_CONSENT_TIMES):
            talk.say(question.format(count=count))
            answer = talk.answer(_CONSENT_PATIENCE)
            meant = answer is TypedAnswer.YES if isinstance(answer, TypedAnswer) else _meaning(answer)
            if meant is not None:
                return meant
            question = texts.says.consent_again
        return False
    finally:
        talk.expects = EXPECTS


def _meaning(said: SpokenAnswer | None) -> bool | None:
    """Return what was surely answered, None if nothing was."""
    event = None if said is None else said.event
    if not isinstance(event, Understood) or event.heard.sureness is not Sureness.ACCEPT:
        return None
    if event.intent == CommandSaid(command=Command.STOP):
        return False
    return event.intent.yes if isinstance(event.intent, Answer) else None


def _to_the_end(talk: CalibrationDialogue, lines: list[str]) -> None:
    """Speak; whoever presses q now only wants it to be quiet."""
    for line in lines:
        with suppress(EndedByPersonError):
            talk.say(line)
