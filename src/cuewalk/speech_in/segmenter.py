"""Our own endpointing: where in the microphone's stream somebody speaks.

Positions are counts of samples since the stream began (16 kHz). Decisions fall on the model's 32 ms chunks,
so the events are the same however the stream is cut.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.audio.api import Samples
from cuewalk.domain.units import Millis, millis_of, samples_of
from cuewalk.speech_in.activity import CHUNK_SAMPLES, Activity, Chunker, SileroActivity

#: Speech starts at this probability and goes on above the lower one. The silero authors' defaults (0.5, 0.35)
#: are for finding conversations: with them and a shortest word of 120 ms, 27 of 2,080 words of Speech
#: Commands and 69 of 600 of FSDD (cut at their edges) are not found; with these, 6 and 4. What else is
#: found now (26 % of noises instead of 3 %) is for the recognisers to reject.
SPEECH_ON: Final = 0.2
SPEECH_OFF: Final = 0.12
#: Somewhere in speech the probability is this high; in 97 % of noises it is nowhere.
SURELY: Final = 0.5
#: Sound before the first chunk of speech that belongs to the utterance: soft first consonants.
PRE_ROLL: Final = Millis(256)
#: Sound after the last chunk of speech that still belongs to it: soft last consonants.
TAIL: Final = Millis(256)
#: Shorter is a click: two chunks.
SHORTEST: Final = Millis(64)
#: Longer is not an answer to anything we ask.
LONGEST: Final = Millis(8000)
#: Silence that ends an utterance nothing is known about.
PATIENCE: Final = Millis(600)


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody began to speak at ``start_sample``."""

    start_sample: int


@dataclass(frozen=True, slots=True, eq=False)
class SpeechAudio:
    """The next piece of the utterance; the first one begins with the pre-roll."""

    samples: Samples

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SpeechAudio) and np.array_equal(self.samples, other.samples)

    def __hash__(self) -> int:
        return hash(self.samples.tobytes())


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The speech lasted from ``start_sample`` to ``end_sample``; it was decided at ``decided_sample``.

    ``forced`` says that it was cut off at the longest utterance allowed, ``surely`` that some of it was as
    surely speech as the model's authors want it to be: noises mostly are not.
    """

    start_sample: int
    end_sample: int
    decided_sample: int
    forced: bool = False
    surely: bool = True


@dataclass(frozen=True, slots=True)
class SpeechDropped:
    """What began was not an utterance; ``why`` is a sentence for the log."""

    start_sample: int
    end_sample: int
    decided_sample: int
    why: str


SegmentEvent = SpeechBegan | SpeechAudio | SpeechEnded | SpeechDropped


class Segmenter:
    """Finds utterances in a stream of 16 kHz mono int16 samples."""

    def __init__(
        self,
        activity: Activity | None = None,
        *,
        patience: Millis = PATIENCE,
        shortest: Millis = SHORTEST,
        longest: Millis = LONGEST,
    ) -> None:
        self._activity = activity if activity is not None else SileroActivity()
        self._chunker, self._gate_chunker = Chunker(), Chunker()
        self._patience = samples_of(patience)
        self._shortest, self._longest = samples_of(shortest), samples_of(longest)
        self._before: deque[Samples] = deque(maxlen=max(1, samples_of(PRE_ROLL) // CHUNK_SAMPLES))
        self._held: list[Samples] = []
        self._position = 0
        self._start: int | None = None
        self._end = 0
        self._peak = 0.0

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._start is not None

    @property
    def to_next_decision(self) -> int:
        """Samples still needed before anything can change."""
        return self._chunker.missing

    @property
    def voiced_until(self) -> int:
        """The sample up to which the utterance under way has speech."""
        return self._end

    @property
    def silent_for(self) -> int:
        """Samples since then."""
        return self._position - self._end

    def patience(self, silence: Millis) -> None:
        """Set how much silence ends an utterance, from the next chunk on."""
        self._patience = samples_of(silence)

    def feed(self, samples: Samples, gate: Samples | None = None) -> list[SegmentEvent]:
        """Take the next samples (int16, any number of them) and return what happened in them, in order.

        ``gate`` is the same moment, as much freed of everything but speech as can be, if that makes speech
        worse: it is only looked at, not passed on.
        """
        events: list[SegmentEvent] = []
        gates = self._gate_chunker.cut(samples if gate is None else gate)
        for chunk, gated in zip(self._chunker.cut(samples), gates, strict=True):
            probability = self._activity.probability(gated)
            self._position += len(chunk)
            events += self._go_on(chunk, probability) if self.speaking else self._wait(chunk, probability)
        return events

    def reset(self) -> None:
        """Forget an utterance under way and the sound before it; positions go on counting."""
        self._position += CHUNK_SAMPLES - self._chunker.missing
        self._chunker.clear()
        self._gate_chunker.clear()
        self._activity.reset()
        self._forget()

    def _wait(self, chunk: Samples, probability: float) -> list[SegmentEvent]:
        if probability < SPEECH_ON:
            self._before.append(chunk)
            return []
        self._start, self._end = self._position - len(chunk), self._position
        self._peak = probability
        first = np.concatenate((*self._before, chunk))
        self._before.clear()
        return [SpeechBegan(self._start), SpeechAudio(first)]

    def _go_on(self, chunk: Samples, probability: float) -> list[SegmentEvent]:
        events = self._audio(chunk, voiced=probability >= SPEECH_OFF)
        self._peak = max(self._peak, probability)
        start, surely = self._start or 0, self._peak >= SURELY
        if self._position - start >= self._longest:
            events.append(SpeechEnded(start, self._end, self._position, forced=True, surely=surely))
        elif self._position - self._end >= self._patience:
            events.append(self._verdict(start))
        else:
            return events
        self._forget()
        return events

    def _audio(self, chunk: Samples, *, voiced: bool) -> list[SegmentEvent]:
        """Pass speech and a short tail on; hold longer silence back until speech follows it."""
        self._before.append(chunk)
        if voiced:
            self._end = self._position
            pieces, self._held = [*self._held, chunk], []
        elif self._position - self._end <= samples_of(TAIL):
            pieces = [chunk]
        else:
            self._held.append(chunk)
            pieces = []
        return [SpeechAudio(piece) for piece in pieces]

    def _verdict(self, start: int) -> SpeechEnded | SpeechDropped:
        if self._end - start >= self._shortest:
            return SpeechEnded(start, self._end, self._position, surely=self._peak >= SURELY)
        lasted, least = millis_of(self._end - start), millis_of(self._shortest)
        why = f"The sound lasted {lasted} ms; a word takes at least {least} ms."
        return SpeechDropped(start, self._end, self._position, why)

    def _forget(self) -> None:
        self._start = None
        self._held = []
