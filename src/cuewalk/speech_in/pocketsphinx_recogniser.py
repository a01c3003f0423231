"""PocketSphinx with its bundled English model: the recogniser that is always there.

Feeding only keeps the bytes. `partial` pushes what is new through a streaming decode; `finish` decodes the
whole utterance once more with its own cepstral mean. That second pass makes the result a function of the
bytes alone, and it hears people better (below).

A grammar forces some phrase onto any speech, so the confidence matters: a logistic of the acoustic score per
10 ms frame inside the words (silence left out). docs/hearing.md has what it is worth, and what the settings
were measured with.

The process in which it decodes (`pocketsphinx_process`) is this module too: ``python -m`` it. A request is
(method, arguments); only questions are answered, with the first error since the last answer if there was one.
"""

import math
import re
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

from pocketsphinx import Decoder

from cuewalk.domain.errors import BugError, RecogniserError
from cuewalk.speech_in.api import Expectation, Hypothesis
from cuewalk.speech_in.pcm import SoundRecogniser, has_sound
from cuewalk.workers import connected

ENGINE: Final = "pocketsphinx"
#: Bytes (0.1 s) of a stream that PocketSphinx 5.1 takes at once: seconds in one piece crash it.
_MOST_AT_ONCE: Final = 3200
_PREFIX: Final = "grammar:"
#: For the bundled en-US model; measured (docs/hearing.md).
_SETTINGS: Final = {"lm": None, "loglevel": "FATAL", "bestpath": False, "silprob": 0.5, "wip": 0.005}
#: Confidence = 1 / (1 + exp(-(slope * score per frame + offset))); fitted (docs/hearing.md).
_SLOPE: Final = 0.175
_OFFSET: Final = 6.861
#: PocketSphinx gives its integer scores as powers of this base.
_LOG_BASE: Final = math.log(1.0001)
_NOT_WORDS: Final = frozenset({"<s>", "</s>", "<sil>", "(NULL)", "[NOISE]", "[SPEECH]"})
_TAGGED: Final = re.compile(r"\(\d+\)$")


class PocketSphinxRecogniser(SoundRecogniser):
    """Hears the phrases of one JSGF grammar in English.

    ``words`` are the grammar's words. Those missing from the dictionary are taken out of the grammar and
    named in `unknown_words`.

    Raises:
        RecogniserError: if the bundled model cannot be loaded or the grammar cannot be read.
    """

    engine: Final = ENGINE

    def __init__(self, jsgf: str, *, words: frozenset[str]) -> None:
        super().__init__()
        self._streamed: int | None = None
        self._decoder: Decoder | None = _load()
        self.unknown_words = frozenset(word for word in words if self._live.lookup_word(word) is None)
        self._grammars: set[str] = set()
        self.listen_with("", jsgf)

    def expect(self, expectation: Expectation) -> None:
        """Use the grammar of what is expected."""
        self.listen_with(expectation.grammar, expectation.jsgf)

    def listen_with(self, name: str, jsgf: str) -> None:
        """Use the grammar called ``name``, compiled at its first use; an utterance under way is forgotten.

        The grammar given at the start serves until one is named. A word missing from the dictionary may
        stand in it if it was among ``words``.

        Raises:
            RecogniserError: if the grammar cannot be used.
        """
        self.reset()
        if name not in self._grammars:
            try:
                add_grammar(self._live, _PREFIX + name, jsgf, without=self.unknown_words)
            except (RuntimeError, ValueError) as error:
                raise RecogniserError(
                    f"PocketSphinx cannot use the grammar of this language pack ({error}).",
                    meaning="Nothing you say would be understood, so listening was not started.",
                    remedy="Check the phrases of the language pack with `cuewalk doctor`.",
                ) from error
            self._grammars.add(name)
        self._live.activate_search(_PREFIX + name)

    def partial(self) -> str:
        """Return the best text so far; decodes what was fed since the last call."""
        decoder = self._live
        if self._streamed is None:
            decoder.start_utt()
            self._streamed = 0
        new = self._since(self._streamed)
        for at in range(0, len(new), _MOST_AT_ONCE):
            decoder.process_raw(new[at : at + _MOST_AT_ONCE], False, False)
        self._streamed += len(new)
        return _text(decoder)

    def decode_early(self) -> Callable[[], Hypothesis]:
        """Decode the utterance as if it ended here; partial results begin anew after that."""
        self._end_stream()
        hypothesis = self._decoded(self._since(0))
        return lambda: hypothesis

    def finish(self) -> Hypothesis:
        """Decode the whole utterance and return what it was; empty for silence."""
        self._end_stream()
        return self._decoded(self._take())

    def _decoded(self, pcm: bytes) -> Hypothesis:
        if not has_sound(pcm):
            return Hypothesis("", 0.0, ENGINE)
        decoder = self._live
        # The noise tracker remembers earlier utterances; without this the same bytes score differently.
        decoder.reinit_feat()
        decoder.start_utt()
        decoder.process_raw(pcm, False, True)
        decoder.end_utt()
        text = _text(decoder)
        return Hypothesis(text, _confidence(decoder) if text else 0.0, ENGINE)

    def reset(self) -> None:
        """Forget the utterance so far."""
        self._end_stream()
        self._take()

    def close(self) -> None:
        """Release the decoder."""
        if self._decoder is not None:
            self.reset()
            self._decoder = None

    @property
    def _live(self) -> Decoder:
        if self._decoder is None:
            raise BugError("The PocketSphinx recogniser was used after it was closed.")
        return self._decoder

    def _end_stream(self) -> None:
        if self._streamed is not None:
            self._live.end_utt()
            self._streamed = None


def _load() -> Decoder:
    try:
        return Decoder(**_SETTINGS)
    except (RuntimeError, ValueError, OSError) as error:
        raise RecogniserError(
            f"PocketSphinx cannot load its bundled model ({error}).",
            meaning="Speech cannot be recognised.",
            remedy="Install it again: pip install --force-reinstall pocketsphinx. Keys work meanwhile.",
        ) from error


def _text(decoder: Decoder) -> str:
    hypothesis = decoder.hyp()
    words = hypothesis.hypstr.split() if hypothesis is not None else []
    return " ".join(_TAGGED.sub("", word) for word in words if word not in _NOT_WORDS)


def _confidence(decoder: Decoder) -> float:
    """Return the logistic of the acoustic score per frame inside the words."""
    frames, score = 0, 0.0
    for segment in decoder.seg():
        if segment.word not in _NOT_WORDS and segment.end_frame >= segment.start_frame:
            frames += segment.end_frame - segment.start_frame + 1
            score += math.log(max(segment.ascore, 1e-300)) / _LOG_BASE
    if not frames:
        return 0.0
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, _SLOPE * score / frames + _OFFSET))))


_RULE: Final = re.compile(r"<([^<>]+)>")
_DEFINED: Final = re.compile(r"<([^<>]+)>\s*=")
_BUILT_IN: Final = frozenset({"NULL", "VOID"})


class Edge(NamedTuple):
    """One edge of the network; without a word it is followed silently."""

    start: int
    end: int
    probability: float
    word: str | None


def add_grammar(decoder: Decoder, name: str, jsgf: str, *, without: frozenset[str]) -> None:
    """Add the grammar as the search ``name``, without the words that cannot be heard.

    Raises:
        RuntimeError, ValueError: if the grammar cannot be parsed, or nothing of it can be said.
    """
    undefined = set(_RULE.findall(jsgf)) - set(_DEFINED.findall(jsgf)) - _BUILT_IN
    if undefined:
        raise ValueError(f"it does not define {', '.join(sorted(undefined))}")
    if not without:
        decoder.add_jsgf_string(name, jsgf)
        return
    edges = [edge for edge in _edges(_network(decoder, jsgf)) if edge.word not in without]
    if not any(edge.word for edge in edges):
        raise ValueError("not one of its words is in the dictionary")
    # The compiler's start state is always 0 and its final state 1.
    transitions = [edge if edge.word is not None else edge[:3] for edge in edges]
    decoder.add_fsg(name, decoder.create_fsg(name, 0, 1, transitions))


def _network(decoder: Decoder, jsgf: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.fsg"
        decoder.parse_jsgf(jsgf).writefile(str(file))
        return file.read_text(encoding="utf-8")


def _edges(network: str) -> Iterator[Edge]:
    for line in network.splitlines():
        keyword, *fields = line.split() or [""]
        if keyword == "TRANSITION":
            start, end, probability, *word = fields
            yield Edge(int(start), int(end), float(probability), word[0] if word else None)


_QUESTIONS: Final = frozenset({"unknown_words", "partial", "decode_early", "finish"})


def serve(parent: Connection) -> None:
    """Answer the requests of `pocketsphinx_process` until there are no more."""
    recogniser: PocketSphinxRecogniser | None = None
    answer: object = None
    while True:
        try:
            name, arguments = parent.recv()
        except EOFError:
            return
        try:
            if name == "open":
                recogniser = PocketSphinxRecogniser(arguments[0], words=arguments[1])
            elif recogniser is not None and not isinstance(answer, RecogniserError):
                answer = _perform(recogniser, name, arguments)
        except RecogniserError as error:
            answer = error
        except (RuntimeError, ValueError) as error:
            answer = RecogniserError(f"PocketSphinx failed at {name}: {error}.")
        if name in _QUESTIONS:
            parent.send(answer)
            answer = None


def _perform(recogniser: PocketSphinxRecogniser, name: str, arguments: tuple[object, ...]) -> object:
    answer: object = getattr(recogniser, name)
    if callable(answer):
        answer = answer(*arguments)
    if name == "decode_early" and callable(answer):
        answer = answer()
    if name == "feed":
        recogniser.partial()  # decoded now, beside the parent, and only asked for later
    return answer


if __name__ == "__main__":
    serve(connected()[0])
