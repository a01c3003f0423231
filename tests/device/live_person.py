"""The programme that the live-session test starts: a short session with a person at the microphone.

``python live_person.py FOLDER``; ``paplay`` plays the words into the sink that the microphone hears.
"""

import subprocess
import sys
from pathlib import Path

from rich.console import Console

from cuewalk.app.live_session import SessionRequest, run_live
from cuewalk.content.load import load_catalogue
from cuewalk.devices.files.wav import write_wav
from cuewalk.domain.content import Dose, Item
from cuewalk.domain.intents import Construct, Side
from cuewalk.engine.events import NotUnderstood
from cuewalk.session.observing import Observer
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.simulation.person.person import SimulatedPerson
from cuewalk.simulation.person.persona import Persona, Rates
from cuewalk.speech_out.voices.commands import FliteVoice


class AtTheMicrophone(Observer):
    """Speaks the simulated person's words into the real microphone."""

    def __init__(self, person, folder):
        self._person, self._folder, self._voice = person, folder, FliteVoice("slt")
        self._speaking = None

    def stepped(self, step):
        if isinstance(step.event, NotUnderstood):
            self._person.not_heard(step.now)

    def spoken(self, speak):
        self._person.hears(speak)

    def ticked(self, now, view, *, quiet):
        silent = self._speaking is None or self._speaking.poll() is not None
        line = self._person.tick(now, view, quiet=quiet and silent)
        if line is not None:
            wav = self._folder / f"said-{now}.wav"
            write_wav(wav, self._voice.render(line))
            self._speaking = subprocess.Popen(["paplay", "--device=micfeed", "--latency-msec=300", str(wav)])


def short(catalogue):
    """Shorten feet-up to one movement of one repetition, without the safety screen."""
    movement = catalogue.movements["lateral-ankle-tilts"]
    movement = movement.model_copy(
        update={"dose": Dose(reps=1), "start": "Stand tall.", "phases": movement.phases[:1]}
    )
    programme = catalogue.programmes["feet-up"].model_copy(update={"items": (Item(movement=movement.id),)})
    fields = {"programmes": {"feet-up": programme}, "movements": {movement.id: movement}, "red_flags": ()}
    return type(catalogue)(
        locale=catalogue.locale, rules=catalogue.rules, phrases=catalogue.phrases, **fields
    )


def main(folder):
    """Run the session."""
    persona = Persona(name="live", about="test", baseline=5, rates=(Rates(station=1, after=3),))
    # The person is a player too: the session would turn them down.
    settings = Settings(recogniser="pocketsphinx", brevity=1, duck=False)
    stage = open_stage(settings)
    person = AtTheMicrophone(SimulatedPerson(persona, stage.pack), folder)
    request = SessionRequest("feet-up", Side.LEFT, Construct.PAIN)
    run_live(stage, short(load_catalogue("en-US")), request, Console(), [person])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
