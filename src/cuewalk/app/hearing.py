"""Which recogniser listens, with which grammar, and how sure it has to be."""

from dataclasses import dataclass
from pathlib import Path

from cuewalk.app.ears import Ears, Thresholds
from cuewalk.app.settings import Settings
from cuewalk.domain.intents import CorrectionSaid, Expect, RatingSaid
from cuewalk.domain.units import Millis
from cuewalk.language.pack import LocalePack
from cuewalk.models.store import open_store
from cuewalk.speech_in.api import Recogniser
from cuewalk.speech_in.engines import build_recogniser
from cuewalk.speech_in.listener import Listener
from cuewalk.speech_in.segmenter import Segmenter

#: Chosen on development speakers; see the docstrings of the recognisers for the figures.
THRESHOLDS = {
    "pocketsphinx": Thresholds(drop=0.35, accept=0.6, urgent=0.35),
    "vosk": Thresholds(drop=0.5, accept=0.8, urgent=0.4),
}
#: Silence that closes an utterance: after a whole command, after a number ("four … and a half"), else.
_COMMAND, _NUMBER, _OPEN = Millis(300), Millis(450), Millis(700)


@dataclass(frozen=True, slots=True)
class Hearing:
    """A listener and the ears behind it."""

    listener: Listener
    ears: Ears
    engine: str
    unknown_words: frozenset[str]


def build_hearing(pack: LocalePack, settings: Settings) -> Hearing:
    """Return what listens: Vosk where a model is there, else PocketSphinx for English.

    Raises:
        RecogniserError: if no recogniser can hear this locale.
    """
    recogniser = _recogniser(pack, settings.recogniser)
    listener = Listener(Segmenter(), [recogniser], silence_for=lambda partial: _silence_for(pack, partial))
    return Hearing(listener, Ears(pack, THRESHOLDS), recogniser.engine, recogniser.unknown_words)


def _recogniser(pack: LocalePack, wanted: str) -> Recogniser:
    model: Path | None = None if wanted == "pocketsphinx" else open_store().find("vosk", pack.code)
    engine = wanted if wanted != "auto" else ("vosk" if model else "pocketsphinx")
    grammar = pack.grammar()
    return build_recogniser(engine, grammar.jsgf, grammar.phrases, grammar.words, grammar.decoys, model)


def _silence_for(pack: LocalePack, partial: str) -> Millis:
    intent = pack.interpret(partial, frozenset(Expect)) if partial else None
    if intent is None:
        return _OPEN
    return _NUMBER if isinstance(intent, RatingSaid | CorrectionSaid) else _COMMAND
