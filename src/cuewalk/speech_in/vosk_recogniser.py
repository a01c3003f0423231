"""Vosk with a model folder: hears phrases better than PocketSphinx, where a model is there.

A Vosk grammar is a bigram model over the words of its phrases, not a phrase list: the caller checks that the
text is a whole phrase. Without competitors its confidence is often 1.0, so decoys are given, and ``[unk]``
where the model's vocabulary has it. The confidence is the least sure word's. An utterance whose text has
``[unk]`` in it is not understood: the text is empty.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cuewalk.domain.errors import BugError, RecogniserError
from cuewalk.domain.units import SESSION_RATE
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.pcm import SoundRecogniser, has_sound

if TYPE_CHECKING:
    import vosk

ENGINE: Final = "vosk"
UNKNOWN: Final = "[unk]"
#: Kaldi prints warnings to the standard error below this; what matters of them we report ourselves.
_QUIET: Final = -1
#: The decoder gets pieces of exactly 100 ms: its speaker adaptation depends on where they are cut.
_PIECE_BYTES: Final = 3200


class VoskRecogniser(SoundRecogniser):
    """Hears ``phrases`` and, to reject them, ``decoys``.

    Phrases with a word that the model does not know cannot be heard and are left out; the words are in
    `unknown_words`.

    Raises:
        RecogniserError: if the folder holds no usable model, or the model knows none of the phrases.
    """

    engine: Final = ENGINE

    def __init__(self, model_dir: Path, phrases: Sequence[str], decoys: Sequence[str]) -> None:
        self._model = load_model(model_dir)
        words = {word for phrase in phrases for word in phrase.split()}
        self.unknown_words = frozenset(word for word in words if not self._knows(word))
        super().__init__()
        self._given = 0
        import vosk  # noqa: PLC0415 - see `load_model`

        grammar = json.dumps(self._grammar_of(phrases, decoys), ensure_ascii=False)
        self._live: vosk.KaldiRecognizer | None = vosk.KaldiRecognizer(self._model, SESSION_RATE, grammar)
        self._live.SetWords(True)

    def partial(self) -> str:
        """Return the best text so far; decodes what was fed since the last call."""
        self._decode(to_the_end=False)
        return _understood(json.loads(self._engine_or_raise().PartialResult()).get("partial", ""))

    def decode_early(self) -> None:
        """No guessing: a final result ends the utterance."""

    def finish(self) -> Hypothesis:
        """Return the text of the whole utterance with the confidence of its least sure word."""
        self._decode(to_the_end=True)
        result = json.loads(self._engine_or_raise().FinalResult())
        text = _understood(result.get("text", "")) if has_sound(self._take()) else ""
        self._given = 0
        confidence = min((float(word["conf"]) for word in result.get("result", ())), default=0.0)
        return Hypothesis(text, min(1.0, max(0.0, confidence)) if text else 0.0, ENGINE)

    def reset(self) -> None:
        """Forget the utterance so far."""
        self._take()
        if self._given:
            # A final result makes Vosk start afresh; its own Reset() keeps the speaker adaptation.
            self._engine_or_raise().FinalResult()
        self._given = 0

    def close(self) -> None:
        """Release the recogniser. The model stays loaded for the next one."""
        self._live = None
        self._take()
        self._given = 0

    def _decode(self, *, to_the_end: bool) -> None:
        waiting = self._since(self._given)
        whole = len(waiting) if to_the_end else len(waiting) // _PIECE_BYTES * _PIECE_BYTES
        for start in range(0, whole, _PIECE_BYTES):
            self._engine_or_raise().AcceptWaveform(waiting[start : min(start + _PIECE_BYTES, whole)])
        self._given += whole

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _grammar_of(self, phrases: Sequence[str], decoys: Sequence[str]) -> list[str]:
        usable = [phrase for phrase in phrases if self.unknown_words.isdisjoint(phrase.split())]
        if not usable:
            raise RecogniserError(
                "The Vosk model knows none of the words of this language pack.",
                meaning="It belongs to another language, so nothing you say would be understood.",
                remedy="Choose the model of your language with `cuewalk models list`.",
            )
        rejected = [decoy for decoy in decoys if all(self._knows(word) for word in decoy.split())]
        return list(dict.fromkeys([*usable, *rejected, *([UNKNOWN] if self._knows(UNKNOWN) else [])]))

    def _engine_or_raise(self) -> "vosk.KaldiRecognizer":
        if self._live is None:
            raise BugError("The Vosk recogniser was used after it was closed.")
        return self._live


@lru_cache(maxsize=1)
def load_model(model_dir: Path) -> "vosk.Model":
    """Return the model in ``model_dir``; the last one stays loaded, because loading takes seconds.

    Raises:
        RecogniserError: if the folder is missing or holds no model that Vosk can load.
    """
    if not (model_dir / "am").is_dir() and not (model_dir / "final.mdl").is_file():
        raise _no_model(model_dir, "there is no acoustic model in it")
    # Only where there is a model: vosk imports requests, whose urllib3 tries at once whether a socket of IPv6
    # can be bound. An assistant that promises no network should open none.
    import vosk  # noqa: PLC0415

    vosk.SetLogLevel(_QUIET)
    try:
        return vosk.Model(str(model_dir))
    except Exception as error:
        # Vosk raises nothing more specific.
        raise _no_model(model_dir, str(error)) from error


def _no_model(model_dir: Path, why: str) -> RecogniserError:
    return RecogniserError(
        f"Vosk cannot load the model in {model_dir}: {why}.",
        meaning="That recogniser cannot listen.",
        remedy="Fetch it again with `cuewalk models fetch`, or use the recogniser pocketsphinx.",
    )


def _understood(text: object) -> str:
    """Return the text, or nothing if a part of it was speech that the grammar does not have."""
    words = str(text).split()
    return "" if UNKNOWN in words else " ".join(words)
