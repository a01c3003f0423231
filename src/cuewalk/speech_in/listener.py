"""From the microphone's frames to utterances with hypotheses. No language here: the app interprets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np

from cuewalk.audio.api import Samples
from cuewalk.domain.units import Millis, millis_of, samples_of
from cuewalk.speech_in import segmenter as found
from cuewalk.speech_in.api import Hypothesis, Recogniser
from cuewalk.speech_in.segmenter import PATIENCE, TAIL, Segmenter


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody began to speak."""

    at_ms: Millis


@dataclass(frozen=True, slots=True)
class Partial:
    """Each recogniser's best text so far, possibly empty; told when one of them changes."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    """One utterance and what each recogniser made of it. Times count from the first frame.

    ``surely`` is whether it was surely speech. ``number`` counts utterances from 1; ``audio`` is 16 kHz
    int16 with pre-roll and tail; between ``end_ms`` and ``decided_ms`` lies the silence that was waited
    for.
    """

    number: int
    hypotheses: tuple[Hypothesis, ...]
    audio: Samples = field(compare=False)
    start_ms: Millis
    end_ms: Millis
    decided_ms: Millis
    surely: bool = True


@dataclass(frozen=True, slots=True)
class SpeechDropped:
    """What began was no utterance."""

    at_ms: Millis
    why: str


ListenerEvent = SpeechBegan | Partial | UtteranceHeard | SpeechDropped


#: After so much silence it is decoded as if it had ended: if it is surely a whole answer, it need not be
#: waited for longer. Voice activity ends some 200 ms after the sound (measured), so it is 300 ms really.
_GUESS_AFTER: Final = samples_of(Millis(96))

Guess = tuple[Hypothesis, ...]


def _one_patience(partials: tuple[str, ...], guess: Guess) -> Millis:  # noqa: ARG001  (the callback's shape)
    return PATIENCE


class Hearer(Protocol):
    """What a session needs of a listener."""

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        ...

    def feed(self, samples: Samples, gate: Samples | None = None) -> list[ListenerEvent]:
        """Take the next samples of the microphone and return what was heard, in order.

        ``gate``: see `Segmenter.feed`.
        """
        ...

    def between_utterances(self, do: Callable[[], None]) -> None:
        """Let ``do`` happen as soon as nobody speaks, the last one asked for only."""
        ...

    def reset(self) -> None:
        """Forget the utterance under way."""
        ...

    def close(self) -> None:
        """Release every recogniser."""
        ...


class Listener(Hearer):
    """Feeds utterances to the recognisers while they are spoken.

    ``silence_for`` gives the silence that ends an utterance whose texts so far are the partials it is called
    with, and that would be decoded as the guess (empty while there is none): short after a whole command,
    longer after something unfinished.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        recognisers: Sequence[Recogniser],
        *,
        silence_for: Callable[[tuple[str, ...], Guess], Millis] = _one_patience,
    ) -> None:
        self._segmenter = segmenter
        self._recognisers = tuple(recognisers)
        self._silence_for = silence_for
        self._audio: list[Samples] = []
        self._number = 0
        self._partials = self._nothing
        self._between: Callable[[], None] | None = None
        #: What it would be, and up to which sample of speech.
        self._guess: tuple[Guess, int] = ((), -1)

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._segmenter.speaking

    def patience(self, silence: Millis) -> None:
        """Set the silence that ends the utterance under way, until its partial changes again."""
        self._segmenter.patience(silence)

    def feed(self, samples: Samples, gate: Samples | None = None) -> list[ListenerEvent]:
        """Take the next samples of the microphone and return what was heard in them, in order."""
        gate = samples if gate is None else gate
        self._do_between()
        events: list[ListenerEvent] = []
        while len(samples):
            # Never past a decision: a partial changes the patience of the very next one.
            piece, gated = (s[: self._segmenter.to_next_decision] for s in (samples, gate))
            samples, gate = samples[len(piece) :], gate[len(piece) :]
            for event in self._segmenter.feed(piece, gated):
                events += self._take(event)
            self._guess_in_silence()
        return events

    def between_utterances(self, do: Callable[[], None]) -> None:
        """Let ``do`` happen now, or as soon as nobody speaks.

        What was begun is heard to its end with the grammar it began in.
        """
        self._between = do
        self._do_between()

    def reset(self) -> None:
        """Forget the utterance under way."""
        self._segmenter.reset()
        self._forget()

    def close(self) -> None:
        """Release every recogniser."""
        for recogniser in self._recognisers:
            recogniser.close()

    def _do_between(self) -> None:
        if self._between is not None and not self.speaking:
            do, self._between = self._between, None
            do()

    @property
    def _nothing(self) -> tuple[str, ...]:
        return ("",) * len(self._recognisers)

    def _take(self, event: found.SegmentEvent) -> list[ListenerEvent]:
        match event:
            case found.SpeechBegan(start_sample=start):
                self._forget()
                self._segmenter.patience(self._silence_for(self._nothing, ()))
                return [SpeechBegan(millis_of(start))]
            case found.SpeechAudio(samples=samples):
                return self._listen(samples)
            case found.SpeechDropped(decided_sample=decided, why=why):
                self._forget()
                return [SpeechDropped(millis_of(decided), why)]
            case found.SpeechEnded():
                return [self._utterance(event)]

    def _listen(self, samples: Samples) -> list[ListenerEvent]:
        self._audio.append(samples)
        pcm = samples.astype("<i2").tobytes()
        for recogniser in self._recognisers:
            recogniser.feed(pcm)
        if self._guessed:
            return []  # nothing has been said since
        texts = tuple(recogniser.partial() for recogniser in self._recognisers)
        if texts == self._partials:
            return []
        self._partials = texts
        self._segmenter.patience(self._silence_for(texts, self._guessed))
        return [Partial(texts)]

    @property
    def _guessed(self) -> Guess:
        """What it would be if nothing has been said since."""
        guess, until = self._guess
        return guess if until == self._segmenter.voiced_until else ()

    def _guess_in_silence(self) -> None:
        segmenter = self._segmenter
        if not segmenter.speaking or segmenter.silent_for < _GUESS_AFTER or self._guessed:
            return
        begun = [recogniser.guess() for recogniser in self._recognisers]
        waiting = [wait for wait in begun if wait is not None]
        if waiting and len(waiting) == len(begun):
            self._guess = tuple(wait() for wait in waiting), segmenter.voiced_until
            segmenter.patience(self._silence_for(self._partials, self._guessed))

    def _utterance(self, event: found.SpeechEnded) -> UtteranceHeard:
        self._number += 1
        audio = np.concatenate(self._audio)
        # With its whole tail it may sound different; the guess stands where it was sure enough to close it.
        closed_soon = event.decided_sample - event.end_sample < samples_of(TAIL)
        hypotheses = (closed_soon and self._guessed) or self._finish()
        self._forget()
        start, end, decided = event.start_sample, event.end_sample, event.decided_sample
        return UtteranceHeard(
            self._number,
            hypotheses,
            audio,
            millis_of(start),
            millis_of(end),
            millis_of(decided),
            event.surely,
        )

    def _finish(self) -> Guess:
        return tuple(recogniser.finish() for recogniser in self._recognisers)

    def _forget(self) -> None:
        for recogniser in self._recognisers:
            recogniser.reset()
        self._audio = []
        self._partials = self._nothing
        self._guess = (), -1
