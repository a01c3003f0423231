"""Endpointing: where in the microphone's stream an utterance starts and ends.

Positions count samples since the stream began (16 kHz). Decisions fall on the VAD's 32 ms chunks, so the
events are the same however the stream is cut. Hand-made, because the delay changes with what was said so far
(`Endpointer.end_after`), which no kept library offers.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis, samples_of
from cuewalk.speech_in.silero import CHUNK_SAMPLES
from cuewalk.speech_in.vad import Chunker, SileroVad, VoiceActivity

#: Probability of speech that starts an utterance, and the one that keeps it going. The silero authors'
#: defaults (0.5, 0.35) are for finding conversations: with them and a shortest word of 120 ms, 27 of 2,080
#: words of Speech Commands and 69 of 600 of FSDD (cut at their edges) are not found; with these, 6 and 4.
#: The price (26 % of noises are found instead of 3 %) is for the recognisers to reject.
SPEECH_ON: Final = 0.2
SPEECH_OFF: Final = 0.12
#: The peak probability of an utterance that is surely speech; 97 % of the noises measured above stay below.
SURELY: Final = 0.5
#: Sound before the first chunk of speech that belongs to the utterance. Design: soft first consonants.
PRE_ROLL: Final = Millis(256)
#: Sound after the last chunk of speech that belongs to the utterance. Design: soft last consonants.
TAIL: Final = Millis(256)
#: Shorter is a click. Two chunks; measured together with `SPEECH_ON`.
SHORTEST: Final = Millis(64)
#: Design: longer is not an answer to anything that is asked.
LONGEST: Final = Millis(8000)
#: Silence that ends an utterance of which nothing is known. Design; a session sets its own delays.
ENDPOINTING_DELAY: Final = Millis(600)


@dataclass(frozen=True, slots=True)
class UtteranceStarted:
    """Speech starts at ``start_sample``."""

    start_sample: int


@dataclass(frozen=True, slots=True, eq=False)
class UtteranceAudio:
    """The next piece of the utterance; the first one includes the pre-roll."""

    samples: Samples

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UtteranceAudio) and np.array_equal(self.samples, other.samples)

    def __hash__(self) -> int:
        return hash(self.samples.tobytes())


@dataclass(frozen=True, slots=True)
class UtteranceEnded:
    """The utterance is complete: speech from ``start_sample`` to ``end_sample``, ended at ``decided_sample``.

    ``forced``: cut off at the longest utterance allowed. ``surely``: the VAD's probability reached `SURELY`.
    """

    start_sample: int
    end_sample: int
    decided_sample: int
    forced: bool = False
    surely: bool = True


@dataclass(frozen=True, slots=True)
class UtteranceDropped:
    """What had started was too short for an utterance."""

    start_sample: int
    end_sample: int
    decided_sample: int


EndpointEvent = UtteranceStarted | UtteranceAudio | UtteranceEnded | UtteranceDropped


class Endpointer:
    """Finds utterances in a stream of 16 kHz mono int16 samples."""

    def __init__(
        self,
        vad: VoiceActivity | None = None,
        *,
        delay: Millis = ENDPOINTING_DELAY,
        shortest: Millis = SHORTEST,
        longest: Millis = LONGEST,
    ) -> None:
        self._vad = vad if vad is not None else SileroVad()
        self._chunker, self._gate_chunker = Chunker(), Chunker()
        self._delay = samples_of(delay)
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
        """Samples since `voiced_until`."""
        return self._position - self._end

    def end_after(self, silence: Millis) -> None:
        """Set the endpointing delay, from the next chunk on."""
        self._delay = samples_of(silence)

    def feed(self, samples: Samples, gate: Samples | None = None) -> list[EndpointEvent]:
        """Take the next samples (int16, any number) and return the events in them, in order.

        ``gate`` is the same moment for the VAD only: cleaned of echo and noise as far as possible, also where
        that distorts the speech.
        """
        events: list[EndpointEvent] = []
        gates = self._gate_chunker.cut(samples if gate is None else gate)
        for chunk, gated in zip(self._chunker.cut(samples), gates, strict=True):
            probability = self._vad.probability(gated)
            self._position += len(chunk)
            if self._start is None:
                events += self._wait(chunk, probability)
            else:
                events += self._go_on(chunk, probability, self._start)
        return events

    def reset(self) -> None:
        """Forget an utterance under way and the sound before it; positions go on counting."""
        self._position += CHUNK_SAMPLES - self._chunker.missing
        self._chunker.clear()
        self._gate_chunker.clear()
        self._vad.reset()
        self._start, self._held = None, []

    def _wait(self, chunk: Samples, probability: float) -> list[EndpointEvent]:
        if probability < SPEECH_ON:
            self._before.append(chunk)
            return []
        self._start, self._end = self._position - len(chunk), self._position
        self._peak = probability
        first = np.concatenate((*self._before, chunk))
        self._before.clear()
        return [UtteranceStarted(self._start), UtteranceAudio(first)]

    def _go_on(self, chunk: Samples, probability: float, start: int) -> list[EndpointEvent]:
        events = self._audio(chunk, voiced=probability >= SPEECH_OFF)
        self._peak = max(self._peak, probability)
        span, surely = (start, self._end, self._position), self._peak >= SURELY
        if self._position - start >= self._longest:
            events.append(UtteranceEnded(*span, forced=True, surely=surely))
        elif self.silent_for < self._delay:
            return events
        elif self._end - start >= self._shortest:
            events.append(UtteranceEnded(*span, surely=surely))
        else:
            events.append(UtteranceDropped(*span))
        self._start, self._held = None, []
        return events

    def _audio(self, chunk: Samples, *, voiced: bool) -> list[EndpointEvent]:
        """Pass on speech and its tail; hold longer silence back until speech follows it."""
        self._before.append(chunk)
        pieces: list[Samples] = []
        if voiced:
            self._end = self._position
            pieces, self._held = [*self._held, chunk], []
        elif self.silent_for <= samples_of(TAIL):
            pieces = [chunk]
        else:
            self._held.append(chunk)
        return [UtteranceAudio(piece) for piece in pieces]
