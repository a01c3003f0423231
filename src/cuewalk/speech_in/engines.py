"""Chooses the recogniser: Vosk where a model is there, else PocketSphinx."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import RecogniserError
from cuewalk.speech_in import keys_recogniser, pocketsphinx_process, vosk_recogniser
from cuewalk.speech_in.api import Recogniser
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.speech_in.pocketsphinx_process import PocketSphinxProcess
from cuewalk.speech_in.vosk_recogniser import VoskRecogniser

#: Vosk where a model folder is given, else PocketSphinx.
AUTO: Final = "auto"
ENGINES: Final = (AUTO, vosk_recogniser.ENGINE, pocketsphinx_process.ENGINE, keys_recogniser.ENGINE)


def has_pocketsphinx() -> bool:
    """Return whether PocketSphinx is installed; it has no wheel for every Python and system."""
    return find_spec("pocketsphinx") is not None


def build_recogniser(  # noqa: PLR0917  (one positional call in the app; a bag object would say less)
    engine: str,
    grammar_jsgf: str,
    phrases: Sequence[str],
    words: frozenset[str],
    decoys: Sequence[str],
    model_dir: Path | None,
) -> Recogniser:
    """Return the recogniser called ``engine`` (one of `ENGINES`) with the given grammar.

    Raises:
        RecogniserError: if the name is unknown, Vosk has no model, or the engine cannot start.
    """
    if engine == AUTO:
        engine = vosk_recogniser.ENGINE if model_dir is not None else pocketsphinx_process.ENGINE
    if engine == keys_recogniser.ENGINE:
        return KeysRecogniser()
    if engine == vosk_recogniser.ENGINE:
        if model_dir is not None:
            return VoskRecogniser(model_dir, phrases, decoys)
        raise RecogniserError(
            "Vosk has no model for this language.",
            meaning="It cannot listen without one.",
            remedy="Fetch one with `cuewalk models fetch`, or use pocketsphinx (English only).",
        )
    if engine == pocketsphinx_process.ENGINE:
        if has_pocketsphinx():
            return PocketSphinxProcess(grammar_jsgf, words=words)
        raise RecogniserError(
            "PocketSphinx is not installed: it has no package for this Python on this system.",
            meaning="It cannot listen.",
            remedy="Set 'cuewalk settings recogniser auto': the spotter listens by itself. "
            "Or use Python 3.11 or 3.13: delete .venv and call script/setup.",
        )
    raise RecogniserError(
        f"There is no recogniser called {engine!r}.",
        meaning="Nothing would listen, so no session was started.",
        remedy=f"Choose one of: {', '.join(ENGINES)}.",
    )
