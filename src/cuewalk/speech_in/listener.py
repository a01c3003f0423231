"""From the microphone's frames to utterances with hypotheses, in the caller's thread or in one of its own.

No language here: what a hypothesis means, `cuewalk.understanding` decides. For a real device the listener
runs in a thread, so that decoding a long utterance never lets the voice stutter. The virtual room is faster
than time: there, what is heard must not depend on how fast the machine decodes.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np

from cuewalk.domain.errors import CuewalkError, RecogniserError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis, millis_of, samples_of
from cuewalk.speech_in.api import Expectation, Hypothesis, Recogniser
from cuewalk.speech_in.endpointing import (
    ENDPOINTING_DELAY,
    TAIL,
    Endpointer,
    EndpointEvent,
    UtteranceAudio,
    UtteranceDropped,
    UtteranceEnded,
    UtteranceStarted,
)

#: Silence after which the utterance is decoded as if it had ended: a whole answer need not be waited for any
#: longer. The VAD ends some 200 ms after the sound (measured), so it is 300 ms really.
_EARLY_AFTER: Final = samples_of(Millis(96))
#: Seconds that a decode under way may take when the session ends. Design: the longest utterance takes 0.2 s
#: on x86-64; the rest is for a busy Raspberry Pi.
_LAST_DECODE: Final = 5.0

#: Samples that may wait for the thread: a minute. Design: the longest utterance is decoded in a few seconds
#: on the slowest machine; heard a minute late is not heard.
_MOST_BEHIND: Final = samples_of(Millis(60_000))

Hypotheses = tuple[Hypothesis, ...]


@dataclass(frozen=True, slots=True)
class Partial:
    """Each recogniser's best text so far, possibly empty; sent when one of them changes."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    """One utterance and each recogniser's hypothesis. Times count from the first frame.

    ``number`` counts utterances from 1; ``audio`` is 16 kHz int16 with pre-roll and tail; from ``end_ms`` to
    ``decided_ms`` lasts the endpointing delay. ``surely``: see `UtteranceEnded`.
    """

    number: int
    hypotheses: Hypotheses
    audio: Samples = field(compare=False)
    start_ms: Millis
    end_ms: Millis
    decided_ms: Millis
    surely: bool = True


ListenerEvent = UtteranceStarted | Partial | UtteranceHeard | UtteranceDropped


@dataclass(frozen=True, slots=True)
class Anything:
    """An `Expectation` of any utterance: it ends after one delay, whatever was heard."""

    delay: Millis = ENDPOINTING_DELAY
    grammar: str = ""
    jsgf: str = ""

    def endpointing_delay(self, partials: tuple[str, ...], early: Sequence[Hypothesis]) -> Millis:  # noqa: ARG002
        """Return the one delay."""
        return self.delay


class Listener:
    """Feeds utterances to the recognisers while they are spoken.

    ``expectation`` decides on endpointing until the first `expect`; the recognisers are not told of it.
    """

    def __init__(
        self, endpointer: Endpointer, recognisers: Sequence[Recogniser], expectation: Expectation = Anything()
    ) -> None:
        self._endpointer = endpointer
        self._recognisers = tuple(recognisers)
        self._expectation = expectation
        self._next: Expectation | None = None
        self._number = 0
        self._audio: list[Samples] = []
        self._partials = ("",) * len(self._recognisers)
        #: The hypotheses so far, and the sample up to which they cover the speech.
        self._decoded: tuple[Hypotheses, int] = ((), -1)

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._endpointer.speaking

    def feed(self, samples: Samples, gate: Samples | None = None) -> list[ListenerEvent]:
        """Take the microphone's next samples and return the events in them, in order.

        ``gate``: see `Endpointer.feed`.

        Raises:
            RecogniserError: if a recogniser can hear nothing any more.
        """
        gate = samples if gate is None else gate
        self._apply_expectation()
        events: list[ListenerEvent] = []
        while len(samples):
            # Never past a decision: a partial changes the delay for the very next one.
            piece, gated = (s[: self._endpointer.to_next_decision] for s in (samples, gate))
            samples, gate = samples[len(piece) :], gate[len(piece) :]
            for event in self._endpointer.feed(piece, gated):
                events += self._take(event)
            self._decode_early()
        return events

    def expect(self, expectation: Expectation) -> None:
        """Hear by this expectation as soon as nobody speaks; a later one replaces one that still waits.

        So an utterance is heard to its end with the grammar it started in.
        """
        self._next = expectation
        self._apply_expectation()

    def reset(self) -> None:
        """Forget the utterance under way."""
        self._endpointer.reset()
        self._forget()

    def close(self) -> None:
        """Release every recogniser."""
        for recogniser in self._recognisers:
            recogniser.close()

    def _apply_expectation(self) -> None:
        if self._next is not None and not self.speaking:
            self._expectation, self._next = self._next, None
            for recogniser in self._recognisers:
                recogniser.expect(self._expectation)

    def _take(self, event: EndpointEvent) -> list[ListenerEvent]:
        match event:
            case UtteranceStarted():
                self._forget()
                self._set_delay()
            case UtteranceAudio(samples=samples):
                return self._listen(samples)
            case UtteranceDropped():
                self._forget()
            case UtteranceEnded():
                return [self._utterance(event)]
        return [event]

    def _listen(self, samples: Samples) -> list[ListenerEvent]:
        self._audio.append(samples)
        pcm = samples.astype("<i2").tobytes()
        for recogniser in self._recognisers:
            recogniser.feed(pcm)
        if self._early:
            return []  # silence since: no text can have changed
        texts = tuple(recogniser.partial() for recogniser in self._recognisers)
        if texts == self._partials:
            return []
        self._partials = texts
        self._set_delay()
        return [Partial(texts)]

    def _set_delay(self) -> None:
        self._endpointer.end_after(self._expectation.endpointing_delay(self._partials, self._early))

    @property
    def _early(self) -> Hypotheses:
        """The hypotheses of the whole utterance so far; none if there was speech since."""
        hypotheses, until = self._decoded
        return hypotheses if until == self._endpointer.voiced_until else ()

    def _decode_early(self) -> None:
        endpointer = self._endpointer
        if not endpointer.speaking or endpointer.silent_for < _EARLY_AFTER or self._early:
            return
        begun = [recogniser.decode_early() for recogniser in self._recognisers]
        waiting = [wait for wait in begun if wait is not None]
        if waiting and len(waiting) == len(begun):
            self._decoded = tuple(wait() for wait in waiting), endpointer.voiced_until
            self._set_delay()

    def _utterance(self, event: UtteranceEnded) -> UtteranceHeard:
        self._number += 1
        # With the whole tail another hypothesis may come out; the one that was sure enough to end it stands.
        ended_early = event.decided_sample - event.end_sample < samples_of(TAIL)
        hypotheses = (ended_early and self._early) or tuple(each.finish() for each in self._recognisers)
        heard = UtteranceHeard(
            self._number,
            hypotheses,
            np.concatenate(self._audio),
            millis_of(event.start_sample),
            millis_of(event.end_sample),
            millis_of(event.decided_sample),
            event.surely,
        )
        self._forget()
        return heard

    def _forget(self) -> None:
        for recogniser in self._recognisers:
            recogniser.reset()
        self._audio = []
        self._partials = ("",) * len(self._recognisers)
        self._decoded = (), -1


class BackgroundListener:
    """Hears as its `Listener` does, a little later; `feed` returns at once.

    What is asked of it happens in the order of the calls. What fails in the thread is raised by the next
    `feed`, on the session's own thread, as a `RecogniserError`.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._orders: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        #: None: the utterance under way was forgotten.
        self._events: SimpleQueue[ListenerEvent | Exception | None] = SimpleQueue()
        #: Samples handed to the thread, and those it has dealt with; each is counted by one thread only.
        self._fed = self._done = 0
        #: Whether an utterance is under way, by the events that `feed` returned.
        self.speaking = False
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def feed(self, samples: Samples, gate: Samples | None = None) -> list[ListenerEvent]:
        """Hand the samples to the thread and return the events so far; see `Listener.feed`."""
        if self._fed - self._done > _MOST_BEHIND:
            raise RecogniserError(
                "Listening has fallen a minute behind: this machine is too busy to hear you.",
                meaning="Nothing you say would be heard in time; everything you said before is kept.",
                remedy="Close what keeps the machine busy, and start 'cuewalk run' again.",
            )
        self._fed += len(samples)
        self._orders.put(lambda: self._hear(samples, gate))
        events: list[ListenerEvent] = []
        while True:
            try:
                event = self._events.get_nowait()
            except Empty:
                return events
            if isinstance(event, CuewalkError):
                raise event
            if isinstance(event, Exception):
                raise RecogniserError(
                    f"Listening has failed ({type(event).__name__}: {event}).",
                    meaning="Nothing can be heard any more; everything you said before is kept.",
                    remedy="Start 'cuewalk run' again: it takes the session up where it was.",
                ) from event
            if event is not None:
                events.append(event)
            if not isinstance(event, Partial):
                self.speaking = isinstance(event, UtteranceStarted)

    def expect(self, expectation: Expectation) -> None:
        """Hand the expectation to the listener's thread."""
        self._orders.put(lambda: self._listener.expect(expectation))

    def reset(self) -> None:
        """Forget the utterance under way."""
        self._orders.put(self._reset)

    def close(self) -> None:
        """End the thread and release every recogniser."""
        self._orders.put(None)
        self._thread.join(_LAST_DECODE)
        self._listener.close()

    def _reset(self) -> None:
        self._listener.reset()
        self._events.put(None)

    def _hear(self, samples: Samples, gate: Samples | None) -> None:
        for event in self._listener.feed(samples, gate):
            self._events.put(event)
        self._done += len(samples)

    def _run(self) -> None:
        try:
            while (order := self._orders.get()) is not None:
                order()
        except Exception as error:  # noqa: BLE001 - raised again in `feed`
            self._events.put(error)


#: What a session needs of a listener.
Hearer = Listener | BackgroundListener
