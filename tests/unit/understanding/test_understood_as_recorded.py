"""What is heard is understood as it was recorded: many mixtures of recognisers, thresholds and states.

A line of ``tests/data/understood.txt`` says what was heard while what was expected; the line under it says
what was understood. A difference changes what is obeyed, written down or asked back. If it is meant,
``python tests/unit/understanding/test_understood_as_recorded.py`` (PYTHONPATH=src:tests) records all anew.
"""

import json
from functools import cache
from pathlib import Path

from cuewalk.domain.heard import InputMode
from cuewalk.domain.intents import Expect
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Understood
from cuewalk.speech_in.api import Alternative, Hypothesis
from cuewalk.understanding.interpreter import Interpreter, Utterance
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import THRESHOLDS
from helpers.packs import pack_of

TABLE = Path(__file__).parents[2] / "data" / "understood.txt"
#: Phrases that the spotter knows, where a line says that it knows only some.
_KNOWN = frozenset({"four", "six", "stop", "ready", "yes", "no"})


@cache
def _interpreter(*, known: bool) -> Interpreter:
    return Interpreter(Meanings(pack_of("en-US")), THRESHOLDS, _KNOWN if known else None)


def understood(line: str) -> str:
    """Return what is made of an utterance, both as text."""
    case = json.loads(line)
    heard = []
    for engine, said in case["heard"].items():
        if isinstance(said, dict):
            likely = tuple(Alternative(text, share) for text, share in said.items())
            heard.append(Hypothesis(likely[0].text, likely[0].probability, engine, likely))
        else:
            heard.append(Hypothesis(said[0], said[1], engine))
    mode = InputMode.KEYS if "keys" in case["heard"] else InputMode.VOICE
    utterance = Utterance(
        7, heard, mode, Millis(1000), Millis(1000 + case["ms"]), "spoiled" in case, "hardly" not in case
    )
    interpreter = _interpreter(known="known" in case)
    event = interpreter.understand(utterance, frozenset(map(Expect, case["expects"])), case.get("own", ""))
    of = event.heard
    assert (of.utterance, of.start, of.end, of.mode) == (7, 1000, 1000 + case["ms"], mode)
    how = f'"{of.text}" {of.confidence:.6g} {of.engine}'
    if not isinstance(event, Understood):
        return f"  nothing{' but clear' if event.clear else ''}: {how}"
    fields = event.intent.model_dump(mode="json", exclude={"kind"})
    told = " ".join([event.intent.kind, *(f"{key}={value}" for key, value in fields.items())])
    return f"  {told}, {of.sureness.value}: {how}"


def test_what_is_heard_is_understood_as_it_was_recorded() -> None:
    lines = TABLE.read_text("utf-8").splitlines()
    assert [(said, understood(said)) for said in lines[::2]] == [*zip(lines[::2], lines[1::2], strict=True)]


if __name__ == "__main__":
    said = TABLE.read_text("utf-8").splitlines()[::2]
    TABLE.write_text("".join(f"{line}\n{understood(line)}\n" for line in said), "utf-8")
