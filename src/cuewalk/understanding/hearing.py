"""Which recognisers listen, and the interpreter behind them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cuewalk.domain.errors import ModelError, RecogniserError
from cuewalk.domain.intents import Expect
from cuewalk.domain.units import Millis
from cuewalk.files.left_out import left_out
from cuewalk.files.looking import there
from cuewalk.language.pack import LocalePack
from cuewalk.models.heads import load_head, load_judge, own_head, shipped_head
from cuewalk.models.store import open_store
from cuewalk.settings import Settings
from cuewalk.speech_in.api import Recogniser
from cuewalk.speech_in.endpointing import Endpointer
from cuewalk.speech_in.engines import build_recogniser, has_pocketsphinx
from cuewalk.speech_in.listener import Anything, BackgroundListener, Hearer, Listener
from cuewalk.speech_in.spotter_recogniser import SpotterRecogniser
from cuewalk.understanding.expectation import Expectation
from cuewalk.understanding.interpreter import Interpreter
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import THRESHOLDS

#: What to do about a head of one's own that cannot be read.
_ANEW = "Make it anew with 'cuewalk calibrate' or 'cuewalk teach', or delete the file."


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """A listener and the interpreter behind it.

    ``expectation`` makes what is handed down to the listener of what makes sense now, once for each.
    """

    listener: Hearer
    interpreter: Interpreter
    recognisers: tuple[Recogniser, ...]
    pack: LocalePack
    expectation: Callable[[frozenset[Expect]], Expectation | Anything]

    @property
    def engine(self) -> str:
        """Names of the recognisers' engines."""
        return "+".join(recogniser.engine for recogniser in self.recognisers)

    @property
    def spotter(self) -> SpotterRecogniser | None:
        """The spotter, where one listens."""
        return next((r for r in self.recognisers if isinstance(r, SpotterRecogniser)), None)

    def expect(self, expects: frozenset[Expect]) -> None:
        """Listen for what makes sense now, from the next utterance on."""
        self.listener.expect(self.expectation(expects))

    def in_background(self) -> "Hearing":
        """Return a hearing with the same recognisers that decodes in a thread: for real devices.

        It takes this one's listener over, which must not be fed any more.
        """
        if not isinstance(self.listener, Listener):
            return self
        return replace(self, listener=BackgroundListener(self.listener))


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


def hearing_of(
    pack: LocalePack, recognisers: Sequence[Recogniser], *, endpointing: Millis | None = None
) -> Hearing:
    """Return a listener with these recognisers, and the interpreter behind it.

    ``endpointing``: one delay after everything, whatever it may mean.
    """
    spotted = [
        recogniser.head.labels for recogniser in recognisers if isinstance(recogniser, SpotterRecogniser)
    ]
    meanings = Meanings(pack)
    interpreter = Interpreter(meanings, THRESHOLDS, frozenset(spotted[0]) if spotted else None)

    @cache
    def expectation(expects: frozenset[Expect]) -> Expectation | Anything:
        return Expectation(expects, pack, meanings) if endpointing is None else Anything(endpointing)

    listener = Listener(Endpointer(), recognisers, expectation(frozenset()))
    return Hearing(listener, interpreter, tuple(recognisers), pack, expectation)


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
