"""The process in which one voice engine renders cues; see `cuewalk.workers`.

``python -m cuewalk.speech_out.voices.worker CONNECTION ENGINE VOICE FOLDER`` answers first with what
stops the engine, or None; then each request (text, rate) with the bytes of a WAV, or with a sentence. Its
files lie in FOLDER, which it removes at its end. An engine runs here rather than in the session because it
may hang or crash, and because piper and espeak-ng are GPL.
"""

import shutil
import wave
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from cuewalk.workers import connected


class WorkerEngine(Protocol):
    """What this process needs of an engine."""

    def render(self, text: str, rate: float, path: Path) -> None:
        """Write ``text`` as a mono 16-bit WAV to ``path``, finished on return; raise if it cannot be."""


def _made(engine: str, voice: str) -> WorkerEngine:
    if engine == "piper":
        from cuewalk.speech_out.voices.worker_piper import PiperEngine  # noqa: PLC0415 - one engine a process

        return PiperEngine(voice)
    if engine == "kokoro":
        from cuewalk.speech_out.voices.worker_kokoro import KokoroEngine  # noqa: PLC0415 - one engine a process

        return KokoroEngine(voice)
    from cuewalk.speech_out.voices.worker_pyttsx3 import Pyttsx3Engine  # noqa: PLC0415 - one engine a process

    return Pyttsx3Engine(voice)


def serve(parent: Connection, engine: str, voice: str, folder: Path) -> None:
    """Answer requests until there are no more."""
    try:
        made = _made(engine, voice)
        # One word that nobody hears proves that the engine works, and warms it up for its first cue.
        _rendered(made, "Ready.", 1.0, folder)
    except Exception as error:  # noqa: BLE001 - whatever stops an engine must reach the person as a sentence
        parent.send(_sentence(error))
        return
    parent.send(None)
    while True:
        try:
            text, rate = parent.recv()
        except EOFError:
            return
        try:
            answer: bytes | str = _rendered(made, text, rate, folder)
        except Exception as error:  # noqa: BLE001 - the parent decides what a failed cue means
            answer = _sentence(error)
        parent.send(answer)


def _rendered(engine: WorkerEngine, text: str, rate: float, folder: Path) -> bytes:
    path = folder / "cue.wav"
    engine.render(text, rate, path)
    with wave.open(str(path), "rb") as file:
        found, wanted = len(file.readframes(file.getnframes())), file.getnframes() * file.getsampwidth()
    if found != wanted:
        raise OSError(f"the audio file is cut off: {found} of {wanted} bytes")
    data = path.read_bytes()
    path.unlink()  # should it come late, the next cue does not get this one's sound
    return data


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


if __name__ == "__main__":
    connection, (engine_name, voice_name, scratch) = connected()
    try:
        serve(connection, engine_name, voice_name, Path(scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
