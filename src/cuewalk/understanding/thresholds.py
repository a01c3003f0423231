"""How sure each recogniser has to be before something is done with what it heard."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidences (0-1) of one engine. They compare utterances of that engine only.

    Below ``drop`` nothing is made of an utterance, below ``accept`` an answer is asked back. A command cannot
    be asked back; below ``command`` it is not obeyed.
    """

    drop: float
    accept: float
    command: float
    #: For what is likely something else: words that our own voice is saying at that moment, and a command
    #: where a number is being asked for ("four" is easily taken for "slower").
    sure: float
    #: Urgent commands need less: a needless "end or carry on?" is cheap, a missed stop is not.
    urgent: float
    #: In place of ``accept`` where a second engine heard the same.
    agreed: float = 1.0


#: Spotter and PocketSphinx: chosen on development speakers, see docs/hearing.md. Vosk: cautious guesses,
#: since no English model could be measured yet.
THRESHOLDS: Final = {
    "spotter": Thresholds(drop=0.2, accept=0.5, command=0.8, urgent=0.75, sure=0.9, agreed=0.4),
    "pocketsphinx": Thresholds(drop=0.2, accept=0.6, command=0.5, urgent=0.3, sure=0.8),
    "vosk": Thresholds(drop=0.5, accept=0.8, command=0.7, urgent=0.4, sure=0.9),
}
#: Over our own voice, the grammar recogniser alone needs this confidence where a spotter listens too: it has
#: to make one of its few words of whatever is left of an echo ("ow" with 0.78, measured).
GRAMMAR_ALONE_OVER_OWN_VOICE: Final = 0.95
