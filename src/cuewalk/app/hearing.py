"""Which recogniser listens, with which grammar, and how sure it has to be."""

from dataclasses import dataclass, field
from pathlib import Path

from cuewalk.app.ears import Ears, Thresholds
from cuewalk.app.settings import Settings
from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.intents import CorrectionSaid, Expect, RatingSaid
from cuewalk.domain.units import Millis
from cuewalk.language.pack import LocalePack
from cuewalk.models.store import open_store
from cuewalk.speech_in.api import Recogniser
from cuewalk.speech_in.engines import build_recogniser
from cuewalk.speech_in.listener import Listener
from cuewalk.speech_in.pocketsphinx_recogniser import PocketSphinxRecogniser
from cuewalk.speech_in.segmenter import Segmenter

#: PocketSphinx: chosen on development speakers, see ``docs/hearing.md``. Vosk: cautious guesses, since no
#: English model could be measured yet.
THRESHOLDS = {
    "pocketsphinx": Thresholds(drop=0.2, accept=0.6, command=0.5, urgent=0.3, sure=0.8),
    "vosk": Thresholds(drop=0.5, accept=0.8, command=0.7, urgent=0.4, sure=0.9),
}
#: Silence that closes an utterance: after a whole command, after a number ("four … and a half"), else.
_COMMAND, _NUMBER, _OPEN = Millis(300), Millis(450), Millis(700)


@dataclass(slots=True)
class Hearing:
    """A listener and the ears behind it."""

    listener: Listener
    ears: Ears
    recogniser: Recogniser
    pack: LocalePack
    _lean: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        """Name of the recogniser's engine."""
        return self.recogniser.engine

    def expect(self, expects: frozenset[Expect]) -> None:
        """Listen for what makes sense now: PocketSphinx hears better in the lean grammar of one state.

        Vosk keeps its one big grammar; the interpreter narrows it down.
        """
        if not isinstance(self.recogniser, PocketSphinxRecogniser):
            return
        name = "+".join(sorted(expects)) or "commands"
        if name not in self._lean:
            self._lean[name] = self.pack.lean_jsgf(expects)
        self.recogniser.listen_with(name, self._lean[name])


def build_hearing(pack: LocalePack, settings: Settings) -> Hearing:
    """Return what listens: Vosk where a model is there, else PocketSphinx for English.

    Raises:
        RecogniserError: if no recogniser can hear this locale.
    """
    recogniser = _recogniser(pack, settings.recogniser)
    listener = Listener(Segmenter(), [recogniser], silence_for=lambda partial: _silence_for(pack, partial))
    return Hearing(listener, Ears(pack, THRESHOLDS), recogniser, pack)


def model_for(locale: str, wanted: str) -> Path | None:
    """Return the Vosk model that will listen, None where PocketSphinx will.

    Raises:
        RecogniserError: if neither can hear this language.
    """
    model = None if wanted == "pocketsphinx" else open_store().find("vosk", locale)
    if model is None and not locale.startswith("en"):
        raise RecogniserError(
            f"Nothing can hear {locale} here: PocketSphinx hears English only, and no Vosk model is used.",
            meaning="No session was started.",
            remedy="Install a Vosk model ('cuewalk models list') and set 'cuewalk settings recogniser auto'.",
        )
    return model


def _recogniser(pack: LocalePack, wanted: str) -> Recogniser:
    model = model_for(pack.code, wanted)
    grammar = pack.grammar()
    lean = pack.lean_jsgf(frozenset())
    return build_recogniser(wanted, lean, grammar.phrases, grammar.words, grammar.decoys, model)


def _silence_for(pack: LocalePack, partial: str) -> Millis:
    intent = pack.interpret(partial, frozenset(Expect)) if partial else None
    if intent is None:
        return _OPEN
    return _NUMBER if isinstance(intent, RatingSaid | CorrectionSaid) else _COMMAND
