"""Walks through the engine, as text: a person's words, time passing, and what the session answers to each.

A file of walks is a recording of how sessions are led. ``== {...}`` begins a walk with the set-up it is made
of (`session_of`); a line at the margin is an event; the indented lines under it are what it led to.

    say command=stop        what was surely heard ("say?": not surely, "key": typed)
    on 3                    the three next things happen by themselves: a cue ends, a timer fires
    mumble clear            speech without a meaning

What follows an event: ``[state]`` where it changed, ``!key`` a notice, ``?key/1`` a question in its shorter
form, ``.`` a step, ``#`` a count, ``*`` a coaching cue, ``+8000`` a timer started, ``-8000`` one cancelled,
``keep`` a record, ``view`` what changed on the screen, ``-`` nothing.

``python -m helpers.walks FILE`` (PYTHONPATH=src:tests) tells the same events again and writes down what they
lead to now: read the difference before you keep it.
"""

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter

from cuewalk.domain.content import Dose, Equipment, Item, Need, Sides
from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import Intent
from cuewalk.domain.records import Record
from cuewalk.domain.setup import Manner, Setup
from cuewalk.engine import effects as eff
from cuewalk.engine import events as ev
from cuewalk.engine.checkin import CheckinMachine
from cuewalk.engine.effects import CueKind
from cuewalk.engine.session import Session
from helpers.sessions import World, full_setup, sample_setup
from helpers.states import flagged

WALKS = Path(__file__).parents[1] / "data" / "engine_walks.txt"
_INTENT: TypeAdapter[Intent] = TypeAdapter(Intent)
#: The fields of each kind of intent, where it has any.
_FIELDS = {
    "command": ("command",), "rating": ("value",), "rating_guessed": ("value",), "correction": ("value",),
    "rating_range": ("low", "high"), "rating_words": ("hint",), "answer": ("yes",), "side": ("side",),
    "construct": ("rated",),
}  # fmt: skip
_EVENTS: dict[str, Callable[[str], ev.Event]] = {
    "begin": lambda _: ev.Begin(),
    "speech": lambda _: ev.SpeechStarted(),
    "nothing": lambda _: ev.SpeechWasNothing(),
    "lost": lambda device: ev.DeviceLost.model_validate({"device": device}),
    "back": lambda device: ev.DeviceBack.model_validate({"device": device}),
    "restored": lambda edition: ev.Restored(edition=int(edition)),
    "cue": lambda cue: ev.CueFinished(cue=int(cue)),
    "timer": lambda timer: ev.TimerFired(timer=int(timer)),
}
_MARKS = {
    CueKind.STEP: ".", CueKind.COACHING: "*", CueKind.COUNT: "#", CueKind.PROMPT: "?", CueKind.NOTICE: "!",
}  # fmt: skip

_NAMES = {eff.StopSpeaking: "hush", eff.SetVolume: "volume", eff.SetTalkRate: "rate", eff.Finish: "finish"}


def _varied(setup: Setup) -> Setup:
    """Return a set-up whose movements differ: two sets, a hold, both sides in turn, repetitions all named."""
    doses = [
        {"dose": Dose(reps=4, sets=2, set_rest_seconds=20), "sides": Sides.BOTH},
        {"dose": Dose(hold_seconds=30), "sides": Sides.EACH, "start_range": 2},
        {"dose": Dose(reps=2), "sides": Sides.OPPOSITE, "name_every_rep": True, "coaching": ()},
    ]
    movements = dict(setup.movements)
    for number, changes in enumerate(doses, start=1):
        if f"m{number}" in movements:
            movements[f"m{number}"] = movements[f"m{number}"].model_copy(update=changes)
    places = enumerate(setup.programme.items)
    items = tuple(Item(movement=each.movement, rest_seconds=10 * at) for at, each in places)
    changes = {
        "movements": movements,
        "programme": setup.programme.model_copy(update={"items": items}),
        "manners": {"m1": Manner(pace=1.6, range_level=2), "m2": Manner(pace=0.4, range_level=0)},
        "evidence": {"m1": "Two trials.", "m3": "One trial."},
    }
    return setup.model_copy(update=changes)


def session_of(spec: dict[str, object]) -> Session | CheckinMachine:
    """Return the session of a walk: ``make`` sample or full, ``movements``, changes of the set-up by name."""
    spec = dict(spec)
    make = full_setup if spec.pop("make") == "full" else sample_setup
    with_flags, varied, checkin = (spec.pop(name, None) for name in ("flagged", "varied", "checkin"))
    if spec.pop("only_optional", None):
        spec["equipment"] = (Equipment(id="balloon", name="a balloon", ask="A balloon?", optional=True),)
    setup = make(int(str(spec.pop("movements"))))
    setup = _varied(setup) if varied else setup
    setup = flagged(setup) if with_flags else setup
    if spec.pop("short_holds", None):
        doses = (Dose(hold_seconds=8), Dose(hold_seconds=4), Dose(reps=4), Dose(hold_seconds=20))
        short = zip(setup.movements.items(), doses, strict=False)
        spec["movements"] = {name: each.model_copy(update={"dose": dose}) for (name, each), dose in short}
    if spec.pop("all_need_a_bed", None):
        bed = {"needs": (Need(item="bed"),)}
        spec["movements"] = {name: each.model_copy(update=bed) for name, each in setup.movements.items()}
    changed = Setup.model_validate({**dict(setup), "today": dt.date(2026, 11, 21), **spec})
    return CheckinMachine(changed, *checkin) if isinstance(checkin, list) else Session(changed)


class Walker:
    """Tells a session events that are written as text, and plays the world to it meanwhile."""

    def __init__(self, spec: dict[str, object]) -> None:
        self.session = session_of(spec)
        self._world = World(cast("Session", self.session))
        self._timers: dict[int, int] = {}
        self._utterance = 0
        self._shown = self._screen()

    @property
    def waiting(self) -> bool:
        """Whether something is going to happen by itself."""
        return bool(self._world._queue)

    def tell(self, line: str) -> list[str]:
        """Tell what a line says; return what it leads to, one text for each event."""
        word, _, rest = line.partition(" ")
        if word == "on":
            return [self._step(None) for _ in range(int(rest))]
        if word in _EVENTS:
            return [self._step(_EVENTS[word](rest))]
        if word == "mumble":
            heard = self._heard("mumble", keys="typed" in rest)
            return [self._step(ev.NotUnderstood(heard=heard, clear="clear" in rest))]
        kind, _, values = rest.partition("=")
        fields = zip(_FIELDS.get(kind, ()), values.split("-") if values else (), strict=False)
        intent = _INTENT.validate_python({"kind": kind, **dict(fields)})
        heard = self._heard(kind, keys=word.startswith("key"), sure=not word.endswith("?"))
        return [self._step(ev.Understood(intent=intent, heard=heard))]

    def _heard(self, text: str, *, keys: bool, sure: bool = True) -> Heard:
        self._utterance += 1
        mode = InputMode.KEYS if keys else InputMode.VOICE
        sureness = Sureness.ACCEPT if sure else Sureness.CONFIRM
        return Heard(
            text=text, confidence=0.9, engine="test", mode=mode, sureness=sureness, utterance=self._utterance
        )

    def _step(self, event: ev.Event | None) -> str:
        was, done = self.session.state, len(self._world.effects)
        if event is None:
            self._world.pass_time()
        else:
            self._world.tell(event)
        texts = [self._text(effect) for effect in self._world.effects[done:]]
        if self.session.state != was:
            texts.insert(0, f"[{self.session.state.value}]")
        shown = self._screen()
        changed = [f"{name}={value}" for name, value in shown.items() if value != self._shown[name]]
        self._shown = shown
        return "; ".join([*texts, *(["view " + ", ".join(changed)] if changed else [])]) or "-"

    def _screen(self) -> dict[str, object]:
        """Return what a screen shows, and the lines that are rendered beforehand."""
        view = self.session.view()
        shown = {name: getattr(view, name) for name in type(view).__slots__ if name != "state"}
        return {**shown, "coming": " ".join(line.prompt for line in self.session.coming(2))}

    def _text(self, effect: eff.Effect) -> str:
        match effect:
            case eff.Speak(prompt=key, slots=slots, length=length):
                told = f"({', '.join(f'{k}={v}' for k, v in slots.items())})" if slots else ""
                return _MARKS[effect.kind] + key + (f"/{length}" if length else "") + told
            case eff.StartTimer(timer=timer, after=after):
                self._timers[timer] = after
                return f"+{after}"
            case eff.CancelTimer(timer=timer):
                return f"-{self._timers[timer]}"
            case eff.Listen(expects=expects):
                return "listen " + (",".join(sorted(expects)) or "for commands")
            case eff.Append(record=record):
                return _kept(record)
        names = {
            eff.StopSpeaking: "hush",
            eff.SetVolume: "volume",
            eff.SetTalkRate: "rate",
            eff.SetVoice: "voice",
            eff.Finish: "finish",
        }
        return " ".join([names[type(effect)], *(str(getattr(effect, name)) for name in effect.__slots__)])


def _kept(record: Record) -> str:
    kept = record.model_dump(mode="json", exclude={"kind", "setup"}, exclude_none=True)
    shorter = {"heard": "utterance", "verdict": "rule"}
    told = (f"{key}={value[shorter[key]] if key in shorter else value}" for key, value in kept.items())
    return " ".join([f"keep {record.kind}", *told])


def read_walks(text: str) -> Iterator[list[str]]:
    """Yield the lines of each walk."""
    walk: list[str] = []
    for line in text.splitlines():
        if line.startswith("== ") and walk:
            yield walk
            walk = []
        walk.append(line)
    yield walk


def walked(lines: list[str]) -> list[str]:
    """Tell the events of a walk to a new session, and return the walk as it goes now."""
    walker, now = Walker(json.loads(lines[0][3:])), [lines[0]]
    for line in lines[1:]:
        if not line.startswith(" "):
            now += [line, *(f"  {text}" for text in walker.tell(line))]
    return now


if __name__ == "__main__":
    file = Path(sys.argv[1])
    now = [line for walk in read_walks(file.read_text("utf-8")) for line in walked(walk)]
    file.write_text("\n".join([*now, ""]), "utf-8")
