"""What a kind of broken input is, where it is used, and command lines that are run there."""

import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from cuewalk.bench.faults.children import MEMORY_BYTES, CommandLine, ToParent, guarded, run_child
from cuewalk.bench.faults.judging import HANG, OTHER, Finding, findings_in
from cuewalk.bench.faults.trying import HANG_SECONDS
from cuewalk.bench.faults.watching import Watch

#: Seconds of processor time for one command line; the slowest of them needs two undisturbed.
_COMMAND_CPU: Final = 12.0
#: Seconds after which a command line that waits is given up; none of those tried waits for anything.
_COMMAND_IDLE: Final = 25.0
#: Seconds of processor time that the slowest of the command lines (a picture) needs undisturbed.
_LONGEST: Final = 2.0


@dataclass(frozen=True, slots=True)
class InputPlace:
    """Where inputs are put: a sandbox with a home, what runs a command line, and an undamaged home."""

    sandbox: Path
    command: CommandLine
    whole: Path

    @property
    def home(self) -> Path:
        """The home."""
        return self.sandbox / "home"

    def put(self, name: str, data: bytes) -> Path:
        """Write an input beside the home and return its path."""
        path = self.sandbox / "here" / name
        path.write_bytes(data)
        return path


@dataclass(frozen=True, slots=True)
class InputKind:
    """One kind of input.

    ``whole`` is an undamaged one: itself, the name of its file in a home, or a function of a home. ``mutate``
    damages it; ``use`` has it read, and raises what the reader raises. ``weight``: its share of all inputs.
    ``large``: shown as a difference.
    """

    name: str
    whole: bytes | str | Callable[[Path], bytes]
    mutate: Callable[[Random, bytes], bytes]
    use: Callable[[bytes, InputPlace], None]
    weight: float = 1.0
    large: bool = False

    def seed(self, home: Path) -> bytes:
        """Return an undamaged one."""
        if isinstance(self.whole, bytes):
            return self.whole
        return (home / self.whole).read_bytes() if isinstance(self.whole, str) else self.whole(home)


class FoundError(Exception):
    """A finding that is not an escaped error of this process."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.key)


def confine(sandbox: Path) -> None:
    """Keep this process inside a sandbox, in as much memory as any input needs."""
    Watch(sandbox, lambda _point: None).install()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def run_line(words: Sequence[str], place: InputPlace, prepare: Callable[[], object] = lambda: None) -> float:
    """Run a command line in a child, confined to the sandbox, and return its seconds of processor time.

    ``prepare`` is called in the child before.

    Raises:
        FoundError: if an error escapes, it does not end, or it fails without a word.
    """

    def work(tell: ToParent) -> int:
        confine(place.sandbox)
        prepare()
        return guarded(lambda: place.command(words), tell)

    ended = run_child(work, place.sandbox, cpu=_COMMAND_CPU, idle=_COMMAND_IDLE)
    doing = _name_of(words)
    found = findings_in(ended, doing)
    if ended.code and not ended.printed.strip():
        found.append(Finding(OTHER, f"{doing} fails without a word", f"code {ended.code}"))
    if found:
        raise FoundError(found[0])
    return ended.cpu


def judge_time(words: Sequence[str], seconds: float, usual: float = _LONGEST) -> None:
    """Compare the processor time of a command line with what it needs undisturbed.

    Raises:
        FoundError: if it took over a second longer.
    """
    if seconds > 2 * usual + HANG_SECONDS:
        raise FoundError(Finding(HANG, f"{_name_of(words)} takes over a second longer", f"{seconds:.1f} s"))


def _name_of(words: Sequence[str]) -> str:
    return f"cuewalk {' '.join(word for word in words[:2] if word.isascii() and word.isprintable())[:40]}"
