"""Which recognisers listen, with which grammar, and how sure they have to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cuewalk.domain.errors import ModelError, RecogniserError
from cuewalk.domain.intents import Answer, CorrectionSaid, Expect, Intent, RatingSaid
from cuewalk.domain.units import Millis
from cuewalk.files.left_out import left_out
from cuewalk.files.looking import there
from cuewalk.language.pack import LocalePack
from cuewalk.models.heads import load_head, load_judge, own_head, shipped_head
from cuewalk.models.store import open_store
from cuewalk.settings import Settings
from cuewalk.speech_in.api import Hypothesis, Recogniser
from cuewalk.speech_in.endpointing import Endpointer
from cuewalk.speech_in.engines import build_recogniser, has_pocketsphinx
from cuewalk.speech_in.listener import BackgroundListener, Hearer, Listener
from cuewalk.speech_in.pocketsphinx_process import PocketSphinxProcess
from cuewalk.speech_in.spotter_recogniser import SpotterRecogniser
from cuewalk.understanding.ears import Ears, Thresholds

#: Chosen on development speakers, see ``docs/hearing.md``; those of Vosk are cautious guesses, since no
#: English model could be measured yet.
THRESHOLDS = {
    "spotter": Thresholds(drop=0.2, accept=0.5, command=0.8, urgent=0.75, sure=0.9, agreed=0.4),
    "pocketsphinx": Thresholds(drop=0.2, accept=0.6, command=0.5, urgent=0.3, sure=0.8),
    "vosk": Thresholds(drop=0.5, accept=0.8, command=0.7, urgent=0.4, sure=0.9),
}
#: What to do about a head of one's own that cannot be read.
_ANEW = "Make it anew with 'cuewalk calibrate' or 'cuewalk teach', or delete the file."
#: Silence that closes an utterance: after what is surely a whole answer, after a whole command, after a
#: number ("four … and a half"), else. Voice activity ends some 200 ms after the sound, which comes on top.
_SURE, _COMMAND, _NUMBER, _OPEN = Millis(128), Millis(300), Millis(450), Millis(700)


@dataclass(slots=True)
class Hearing:
    """A listener and the ears behind it."""

    listener: Hearer
    ears: Ears
    recognisers: tuple[Recogniser, ...]
    pack: LocalePack
    _lean: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        """Names of the recognisers' engines."""
        return "+".join(recogniser.engine for recogniser in self.recognisers)

    @property
    def spotter(self) -> SpotterRecogniser | None:
        """The spotter, where one listens."""
        return next((r for r in self.recognisers if isinstance(r, SpotterRecogniser)), None)

    def expect(self, expects: frozenset[Expect]) -> None:
        """Listen for what makes sense now: PocketSphinx hears better in the lean grammar of one state.

        Vosk keeps its one big grammar and the spotter all its phrases; the interpreter narrows them down.
        """
        self.listener.between_utterances(lambda: self._expect(expects))

    def in_background(self) -> "Hearing":
        """Return the same hearing, decoding in a thread of its own: for real devices."""
        if isinstance(self.listener, Listener):
            self.listener = BackgroundListener(self.listener)
        return self

    def _expect(self, expects: frozenset[Expect]) -> None:
        name = "+".join(sorted(expects)) or "commands"
        for recogniser in self.recognisers:
            if isinstance(recogniser, PocketSphinxProcess):
                if name not in self._lean:
                    self._lean[name] = self.pack.lean_jsgf(expects)
                recogniser.listen_with(name, self._lean[name])


def build_hearing(pack: LocalePack, settings: Settings) -> Hearing:
    """Return what listens: the spotter where it has a head, beside Vosk or PocketSphinx.

    Raises:
        RecogniserError: if nothing can hear this locale.
        ModelError: if the head that comes with cuewalk is damaged.
    """
    recognisers = tuple(_recognisers(pack, settings))
    for recogniser in recognisers:
        _ = recogniser.unknown_words  # what starts in a process of its own has to have started
    return hearing_of(pack, recognisers)


def hearing_of(pack: LocalePack, recognisers: Sequence[Recogniser]) -> Hearing:
    """Return a listener with these recognisers, and the ears behind it."""
    listener = Listener(
        Endpointer(), recognisers, delay_for=lambda partials, guess: _silence_for(pack, partials, guess)
    )
    spotted = [
        recogniser.head.labels for recogniser in recognisers if isinstance(recogniser, SpotterRecogniser)
    ]
    ears = Ears(pack, THRESHOLDS, frozenset(spotted[0]) if spotted else None)
    return Hearing(listener, ears, tuple(recognisers), pack)


def head_for(locale: str, settings: Settings) -> Path | None:
    """Return the head that the spotter will judge by: named, else the person's own, else the one that came.

    A calibrated head that lacks a phrase taught since is passed over: what was asked for last comes first.
    One that cannot be read is left out with a sentence, and the next best listens.
    """
    if settings.head:
        if phrases_of(Path(settings.head)):
            return Path(settings.head)
        left_out(
            f"The setting head names {settings.head}, which is no head that can be read. It is left out."
        )
    personal, taught = own_head(locale, "personal"), own_head(locale, "taught")
    own, learned = phrases_of(personal), phrases_of(taught)
    if own and own >= learned:
        return personal
    shipped = shipped_head(locale)
    return taught if learned else shipped if shipped.exists() else None


def phrases_of(path: Path) -> frozenset[str]:
    """Return the phrases of a head of the person's own, none where there is none that can be read."""
    try:
        return frozenset(load_head(path)[0].labels) if there(path) else frozenset()
    except ModelError as error:
        left_out(f"{error.what} It is left out: you are heard as before you calibrated or taught it. {_ANEW}")
    return frozenset()


def model_for(locale: str, settings: Settings) -> Path | None:
    """Return the Vosk model that will listen, None where PocketSphinx or the spotter alone will.

    Raises:
        RecogniserError: if nothing can hear this language.
    """
    wanted = settings.recogniser
    model = None if wanted in {"pocketsphinx", "spotter"} else open_store().find("vosk", locale)
    if model is None and not locale.startswith("en") and head_for(locale, settings) is None:
        raise RecogniserError(
            f"Nothing can hear {locale} here: PocketSphinx hears English only, no Vosk model is used, and "
            "the spotter was not taught this language.",
            meaning="No session was started.",
            remedy=f"Teach it with 'cuewalk teach --locale {locale}', or install a Vosk model "
            "('cuewalk models list') and set 'cuewalk settings recogniser auto'.",
        )
    return model


def not_installed(locale: str, settings: Settings) -> str | None:
    """Return in a sentence that PocketSphinx could not be installed, or None where nothing lacks it."""
    if has_pocketsphinx() or not locale.startswith("en") or settings.recogniser not in {"auto", "arbiter"}:
        return None
    if head_for(locale, settings) is None or model_for(locale, settings) is not None:
        return None
    return (
        "PocketSphinx has no package for this Python, so the spotter listens alone: numbers and commands as "
        "before, longer phrases not. 'cuewalk models fetch' gets a recogniser for those."
    )


def _recognisers(pack: LocalePack, settings: Settings) -> list[Recogniser]:
    wanted = settings.recogniser
    # The grammar's first: PocketSphinx loads in its own process while the spotter does in ours.
    grammar = None if wanted == "spotter" else _by_grammar(pack, settings)
    head, found = head_for(pack.code, settings), [grammar] if grammar is not None else []
    if wanted in {"auto", "arbiter", "spotter"} and head is not None:
        found.insert(0, SpotterRecogniser(load_judge(head, pack.code)[0]))
    return found or [_no_spotter(pack.code)]


def _by_grammar(pack: LocalePack, settings: Settings) -> Recogniser | None:
    model = model_for(pack.code, settings)
    if model is None and (not pack.code.startswith("en") or not_installed(pack.code, settings)):
        return None
    grammar, lean = pack.grammar(), pack.lean_jsgf(frozenset())
    engine = "auto" if settings.recogniser == "arbiter" else settings.recogniser
    return build_recogniser(engine, lean, grammar.phrases, grammar.words, grammar.decoys, model)


def _no_spotter(locale: str) -> Recogniser:
    raise RecogniserError(
        f"The spotter has no head for {locale}.",
        meaning="Nothing would listen, so no session was started.",
        remedy=f"Teach it with 'cuewalk teach --locale {locale}', or set 'cuewalk settings recogniser auto'.",
    )


def _silence_for(pack: LocalePack, partials: tuple[str, ...], guess: tuple[Hypothesis, ...]) -> Millis:
    """Return the silence after what has been heard so far.

    What every recogniser hears as the same whole answer, or the spotter beyond doubt, closes at once.
    A whole answer that one recogniser hears closes soon, unless another hears the beginning of a longer
    phrase ("between three and").
    """
    if guess and _is_whole(pack, guess):
        return _SURE
    heard = [partial for partial in partials if partial]
    meant = [pack.interpret(partial, frozenset(Expect)) for partial in heard]
    begun = any(intent is None and " " in partial for partial, intent in zip(heard, meant, strict=True))
    whole = [_silence_after(intent) for intent in meant if intent is not None]
    return _OPEN if begun or not whole else max(whole)


def _is_whole(pack: LocalePack, guess: tuple[Hypothesis, ...]) -> bool:
    meant = [pack.interpret(hypothesis.text, frozenset(Expect)) for hypothesis in guess]
    limits = [THRESHOLDS.get(hypothesis.engine) for hypothesis in guess]
    sure = [
        intent is not None and limit is not None and hypothesis.confidence >= limit.sure
        for intent, limit, hypothesis in zip(meant, limits, guess, strict=True)
    ]
    agreed = len(set(map(str, meant))) == 1
    begins = any(isinstance(intent, Answer) and not intent.yes for intent in meant)  # "no, five"
    return any(sure) and (agreed or sure[0]) and not begins


def _silence_after(intent: Intent) -> Millis:
    return _NUMBER if isinstance(intent, RatingSaid | CorrectionSaid) else _COMMAND
