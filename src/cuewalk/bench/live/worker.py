"""The process that is measured: a live session's loop on the null sinks, driven by a script.

``python -m cuewalk.bench.live.worker SETTINGS_JSON``. Lines on standard input say what comes next
(``cue``, ``question``, ``end``, ``figures``); every message goes to standard output as a line of JSON.
"""

import json
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.bench.cue_script import begun_logbook
from cuewalk.bench.live.script import LiveScript
from cuewalk.bench.machine import Cost
from cuewalk.content.load import load_catalogue
from cuewalk.devices.lasting import LastingAudio
from cuewalk.engine.events import Begin
from cuewalk.engine.session import View
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.session.loop import SessionLoop
from cuewalk.session.observing import Observer
from cuewalk.session.stage import LoopOptions, build_loop, open_stage
from cuewalk.settings import Settings


class Orders(Observer):
    """Lets the script begin what the bench asks for, between two frames."""

    def __init__(self, script: LiveScript) -> None:
        self._script = script
        self._lines: SimpleQueue[str] = SimpleQueue()
        self.loop: SessionLoop | None = None
        self.cost = Cost()
        threading.Thread(target=self._read, daemon=True).start()

    def ticked(self, now: int, view: View, *, quiet: bool) -> None:  # noqa: ARG002 - the observer's shape
        """Pass an order on."""
        try:
            order = self._lines.get_nowait()
        except Empty:
            return
        if order == "figures":
            self._figures()
        elif self.loop is not None:
            self._script.next = order
            self.loop.tell(Begin())

    def _figures(self) -> None:
        if self.loop is None:
            return
        health = self.loop.health
        tell(
            {
                "lost": health.lost,
                "microphone_overruns": asdict(health.microphone_overruns),
                "speaker_underruns": asdict(health.speaker_underruns),
                "speaker_overruns": asdict(health.speaker_overruns),
                "frames": health.frames,
                "notes": health.notes,
                **self.cost.since_last(),
            }
        )

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.put(line.strip())
        self._lines.put("end")


def tell(message: dict[str, Any]) -> None:
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main(settings: Settings, cues: list[str], question: str | None) -> None:
    """Run until told to end."""
    stage = open_stage(settings)
    engine = stage.listening(live=True).engine
    question = question or stage.pack.render("ask_before", {"construct": "pain"}, 1)
    for text in [*cues, question]:
        stage.voice.render(text, settings.talk_rate)
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / FILE_NAME)
        logbook = begun_logbook(journal, load_catalogue(settings.locale), settings)
        audio = LastingAudio(settings.devices)
        script = LiveScript(cues, question, tell)
        orders = Orders(script)
        options = LoopOptions(live=True, logbook=logbook, observers=[orders], watch=MicrophoneWatch())
        loop = orders.loop = build_loop(stage, script, audio, options)
        tell({"engine": engine, "output_latency_ms": audio.state.latency_frames * 20})
        while not script.ended:
            loop.tick()
        audio.close()
        journal.close()


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    main(Settings.model_validate(request["settings"]), request["cues"], request.get("question"))
