"""The programme that the tests of lost devices start: a short live session that tells what it does.

``python lost_session.py``: every step is a line of JSON on standard output; lines on standard input are typed
at the session's terminal.
"""

import json
import os
import pty
import sys
import threading
import time

from live_person import short
from rich.console import Console

from cuewalk.app.live_session import SessionRequest, run_live
from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Construct, Side
from cuewalk.session.observing import Observer
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings


class Telling(Observer):
    """Tells every step and every line spoken to its end."""

    def __init__(self):
        self._quiet = False

    def stepped(self, step):
        tell(
            event=step.event.kind,
            state=step.view.state,
            prompts=[speak.prompt for speak, _ in step.lines],
            texts=[text for _, text in step.lines],
            records=[record.model_dump(mode="json") for record in step.records],
        )

    def spoken(self, speak):
        tell(spoken=speak.prompt)

    def ticked(self, now, view, *, quiet):
        if quiet and not self._quiet:
            tell(quiet=view.state)
        self._quiet = quiet

    def noticed(self, text):
        tell(notice=text)


def tell(**message):
    sys.stdout.write(json.dumps({"at": time.monotonic(), **message}) + "\n")
    sys.stdout.flush()


def type_lines(orders, terminal):
    """Type what comes in on the programme's own input."""
    for line in orders:
        os.write(terminal, line.encode())


def main():
    orders = os.fdopen(os.dup(0), "r")
    terminal, slave = pty.openpty()
    os.dup2(slave, 0)
    threading.Thread(target=type_lines, args=(orders, terminal), daemon=True).start()
    # Whoever speaks into the microphone is a player too: the session would turn them down.
    stage = open_stage(Settings(brevity=1, screen=False, duck=False))
    request = SessionRequest("feet-up", Side.LEFT, Construct.PAIN)
    try:
        run_live(stage, short(load_catalogue("en-US")), request, Console(), [Telling()])
    except CuewalkError as error:
        tell(error=str(error))
        raise SystemExit(1) from error
    tell(over=True)


if __name__ == "__main__":
    main()
