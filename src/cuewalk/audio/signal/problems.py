"""What can be wrong with a microphone's signal, in words for the person, and from which figure on."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

#: No signal at all, in dBFS; one step of a 16-bit sample is -90.
NOTHING_DBFS: Final = -100.0

#: Zeros, or zeros with a dither of one step (-90). A microphone that is on has more noise of its own.
_SILENT_DBFS: Final = -87.0
#: Of 99 people's digits the endpointer finds 98 at -25 dBFS, 94 at -40, 85 at -46, 75 at -50 and 47 at -55.
#: Speech in the development recordings has -15 to -40 dBFS.
_TOO_QUIET_DBFS: Final = -45.0
#: One sample in 200 at the rail is heard as distortion; 98 % of Speech Commands' clips have fewer.
_CLIPPING_SHARE: Final = 0.005
#: Ordinary sound cards have up to 1 % of full scale; more points to a fault.
_OFFSET_SHARE: Final = 0.02
#: An 8 kHz headset ends here: so do 97 % of 1,270 development clips after 8 kHz, and none before.
_NARROW_HZ: Final = 4000
#: With noise 10 dB below the speech the first spotter's digits fell from 96 to 90 % right.
_SPEECH_ABOVE_NOISE_DB: Final = 10.0
#: Without speech to compare with: speech at a sensible setting (-25 dBFS) would be 10 dB above this.
_NOISY_DBFS: Final = -35.0


class Problem(Enum):
    """One thing that is wrong. The value is what happened, what it means, what to do."""

    MUTED_OR_ZEROS = (
        "The microphone delivers nothing but silence.",
        "It is muted, its level is at zero, or it shuts off while nobody speaks: no word may get through.",
        "Look for a mute button, raise its level in the system's sound settings, then say something.",
    )
    TOO_QUIET = (
        "Your voice reaches the microphone very faintly.",
        "Words will be missed.",
        "Come closer, or raise the microphone's level in the system's sound settings.",
    )
    CLIPPING = (
        "The microphone is overloaded: your voice is cut off at its loudest.",
        "Words may be misheard.",
        "Lower the microphone's level in the system's sound settings, or move away from it a little.",
    )
    DC_OFFSET = (
        "The microphone's signal is off its middle (a DC offset).",
        "cuewalk takes the offset out and hears you, but a plug or a sound card may be faulty.",
        "Nothing needs to be done; if words are missed, try another socket or microphone.",
    )
    NARROW_BAND = (
        "The microphone sounds like a telephone: nothing above 4 kHz, as Bluetooth headsets do in call mode.",
        "It works, but hears less well: s, f and th sound alike.",
        "Use the computer's own microphone or one with a cable if words are misheard.",
    )
    NOISY_ROOM = (
        "The room is loud compared with your voice.",
        "Words may be missed or misheard, and you will be asked again more often.",
        "Turn off what makes noise, come closer to the microphone, or use a headset.",
    )

    @property
    def sentence(self) -> str:
        """All three sentences."""
        return " ".join(self.value)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of a signal. Levels are RMS in dBFS (full scale 32,768) without the DC offset.

    ``noise_dbfs`` is the level that one 20 ms frame in ten stays below; *speech* is what is 12 dB louder.
    ``clipped_share`` counts samples in speech (in all, if there is none). ``bandwidth_hz`` is where the
    spectrum falls off, None with too little speech to tell; ``dropouts`` counts holes torn into loud sound.
    """

    seconds: float
    peak_dbfs: float
    rms_dbfs: float
    noise_dbfs: float
    speech_dbfs: float | None
    speech_seconds: float
    dc_offset: float
    clipped_share: float
    zero_share: float
    dropouts: int
    bandwidth_hz: int | None


def problems_of(figures: Figures) -> tuple[Problem, ...]:
    """Return what is wrong with a signal of these figures, the worst first; of nothing measured, nothing."""
    if not figures.seconds:
        return ()
    if figures.peak_dbfs < _SILENT_DBFS:
        return (Problem.MUTED_OR_ZEROS,)
    speech, noise = figures.speech_dbfs, figures.noise_dbfs
    found = {
        Problem.CLIPPING: figures.clipped_share >= _CLIPPING_SHARE,
        Problem.TOO_QUIET: speech is not None and speech < _TOO_QUIET_DBFS,
        Problem.NOISY_ROOM: noise > _NOISY_DBFS
        and (speech is None or speech - noise < _SPEECH_ABOVE_NOISE_DB),
        Problem.NARROW_BAND: figures.bandwidth_hz is not None and figures.bandwidth_hz <= _NARROW_HZ,
        Problem.DC_OFFSET: abs(figures.dc_offset) >= _OFFSET_SHARE,
    }
    return tuple(problem for problem, there in found.items() if there)
