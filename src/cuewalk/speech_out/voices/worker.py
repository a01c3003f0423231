"""The voice worker: one engine in one process, asked for one cue a call.

``python -m cuewalk.speech_out.voices.worker ENGINE VOICE FOLDER`` reads one JSON request a line from its
standard input and writes one JSON reply a line to its standard output:

    first              {"ready": true}   or   {"fatal": "why the engine does not work"} and the end
    {"id": 1, "text": "Stand tall.", "rate": 1.0}
                       {"id": 1, "file": "cue-1.wav"}   or   {"id": 1, "problem": "why not"}

The file lies in FOLDER and is complete before the reply is written. The worker ends, and removes FOLDER,
when its standard input does: when the parent closes it and also when the parent dies. Engines print to
standard output ("Audio saved to ..."), so the protocol keeps the real one for itself and everything else goes
to standard error. An engine runs here rather than in the session because it may hang or crash, and because
piper and espeak-ng are GPL.
"""

import json
import os
import shutil
import signal
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, TextIO


class WorkerEngine(Protocol):
    """What this process needs of an engine."""

    def render(self, text: str, rate: float, path: Path) -> None:
        """Write ``text`` as a mono 16-bit WAV to ``path``, finished on return; raise if it cannot be."""
        ...


def _pyttsx3(voice: str) -> WorkerEngine:
    from cuewalk.speech_out.voices.worker_pyttsx3 import Pyttsx3Engine  # noqa: PLC0415 - one engine a process

    return Pyttsx3Engine(voice)


def _piper(voice: str) -> WorkerEngine:
    from cuewalk.speech_out.voices.worker_piper import PiperEngine  # noqa: PLC0415 - one engine a process

    return PiperEngine(voice)


_ENGINES: Final[dict[str, Callable[[str], WorkerEngine]]] = {"pyttsx3": _pyttsx3, "piper": _piper}


def main(arguments: list[str]) -> int:
    """Run until standard input ends; return the exit code."""
    name, voice, folder = arguments[0], arguments[1], Path(arguments[2])
    # Ctrl-C goes to the whole terminal; the session decides when its voice falls silent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = _take_stdout()
    try:
        return _serve(name, voice, folder, replies)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(name: str, voice: str, folder: Path, replies: TextIO) -> int:
    try:
        engine = _primed(name, voice, folder)
    except Exception as error:  # noqa: BLE001 - whatever stops an engine must reach the person as a sentence
        _send(replies, {"fatal": _sentence(error)})
        return 1
    _send(replies, {"ready": True})
    for line in sys.stdin.buffer:
        _send(replies, answer(engine, json.loads(line), folder))
    return 0


def answer(engine: WorkerEngine, request: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Render one cue and return the reply to its request."""
    path = folder / f"cue-{request['id']}.wav"
    try:
        engine.render(request["text"], request["rate"], path)
        _check_finished(path)
    except Exception as error:  # noqa: BLE001 - the parent decides what a failed cue means
        return {"id": request["id"], "problem": _sentence(error)}
    return {"id": request["id"], "file": path.name}


def _primed(name: str, voice: str, folder: Path) -> WorkerEngine:
    """Return the engine after one word nobody hears: it proves that it works, and warms its first cue up."""
    engine = _ENGINES[name](voice)
    path = folder / "prime.wav"
    engine.render("Ready.", 1.0, path)
    _check_finished(path)
    path.unlink()
    return engine


def _check_finished(path: Path) -> None:
    """Raise unless the file is a whole WAV: as long as its own header says."""
    with wave.open(str(path), "rb") as file:
        frames, wanted = file.readframes(file.getnframes()), file.getnframes() * file.getsampwidth()
    if len(frames) != wanted:
        raise OSError(f"the audio file is cut off: {len(frames)} of {wanted} bytes")


def _take_stdout() -> TextIO:
    """Return the real standard output and point everybody else's at standard error, in C code as well."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return replies


def _send(replies: TextIO, message: dict[str, Any]) -> None:
    replies.write(json.dumps(message) + "\n")
    replies.flush()


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


if __name__ == "__main__":
    os.umask(0o077)  # a cue tells of the person, wherever it is rendered
    sys.exit(main(sys.argv[1:]))
