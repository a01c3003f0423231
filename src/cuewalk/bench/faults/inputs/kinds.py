"""What is read, and how each kind of it is damaged and used."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from types import FrameType
from typing import Final

from cuewalk.bench.faults.children import IDLE_SECONDS, Tell, run_child, trace_of
from cuewalk.bench.faults.homes import KEPT, fresh_copy
from cuewalk.bench.faults.inputs import (
    command_lines,
    journals,
    models,
    odd_homes,
    sounds,
    texts,
    typed,
)
from cuewalk.bench.faults.inputs.mutating import mutated_bytes, mutated_lines, mutated_text
from cuewalk.bench.faults.inputs.place import FoundError, Place, limit_memory
from cuewalk.bench.faults.inputs.shrinking import in_words, smallest
from cuewalk.bench.faults.judging import HANG, TRACE, Finding, finding_of
from cuewalk.bench.faults.strikes.points import Watch
from cuewalk.bench.faults.trying import HANG_SECONDS, Bench, Tried
from cuewalk.domain.errors import CuewalkError


@dataclass(frozen=True, slots=True)
class InputKind:
    """One kind of input.

    ``seed`` returns an undamaged one, given a home; ``mutate`` damages it; ``use`` has it read, and raises
    what the reader raises. ``large``: shown as a difference. ``weight``: its share of all inputs.
    """

    name: str
    seed: Callable[[Path], bytes]
    mutate: Callable[[Random, bytes], bytes]
    use: Callable[[bytes, Place], None]
    weight: float = 1.0
    large: bool = False


INPUTS: Final = (
    InputKind(
        "journal", journals.journal_seed, journals.mutated_journal, journals.use_journal, 0.6, large=True
    ),
    InputKind("rows", journals.rows_seed, journals.mutated_rows, journals.use_rows, 0.6),
    InputKind("lines", journals.lines_seed, mutated_lines, journals.use_lines, 1.0),
    InputKind("settings", texts.settings_seed, mutated_text, texts.use_settings, 3.0),
    InputKind("rules", texts.rules_seed, mutated_text, texts.use_rules, 0.6),
    InputKind("movement", texts.movement_seed, mutated_text, texts.use_movement, 1.0),
    InputKind("programme", texts.programme_seed, mutated_text, texts.use_programme, 0.7),
    InputKind("phrases", texts.phrases_seed, mutated_text, texts.use_phrases, 0.7),
    InputKind("consent", texts.consent_seed, mutated_text, texts.use_consent, 1.5),
    InputKind("persona", texts.persona_seed, mutated_text, texts.use_persona, 1.5),
    InputKind("wav", sounds.wav_seed, sounds.mutated_wav, sounds.use_wav, 4.0),
    InputKind("head", models.head_seed, models.mutated_head, models.use_head, 1.0, large=True),
    InputKind("archive", models.archive_seed, models.mutated_archive, models.use_archive, 1.5, large=True),
    InputKind("record", models.record_seed, mutated_text, models.use_record, 1.0),
    InputKind("manifest", texts.manifest_seed, mutated_text, texts.use_manifest, 2.0),
    InputKind("typed", typed.typed_seed, typed.mutated_typed, typed.use_typed, 2.0),
    InputKind("keys", typed.typed_seed, mutated_bytes, typed.use_keys, 1.0),
    InputKind(
        "arguments",
        command_lines.arguments_seed,
        command_lines.mutated_arguments,
        command_lines.use_arguments,
        0.8,
    ),
    InputKind("homes", odd_homes.homes_seed, odd_homes.mutated_home, odd_homes.use_home, 1.6),
)
#: What the system may take from a child altogether; each input is timed by itself.
_BATCH_CPU: Final = 150.0
_BATCH_IDLE: Final = 170.0


class HungError(BaseException):
    """An input took too much of the processor, or waited for ever."""


def input_batch(bench: Bench, kind: InputKind, first: int, count: int) -> Tried:
    """Use ``count`` damaged inputs in one child and return what was wrong."""
    fresh_copy(bench.homes[KEPT], bench.sandbox)
    tried = Tried(tries=count)
    at = first
    while at < first + count:
        ended = run_child(
            partial(_use_some, bench, kind, range(at, first + count)),
            bench.sandbox,
            cpu=_BATCH_CPU,
            idle=_BATCH_IDLE,
        )
        tried.findings += [Finding(**each) for each in ended.told("finding")]
        if not ended.signal and ended.trace is None:
            return tried
        at = (ended.told("at") or [at])[-1]
        data = kind.mutate(bench.rng(f"input {kind.name}", at), kind.seed(bench.homes[KEPT]))
        how = f"ends the process (signal {ended.signal})"
        key = f"a damaged input of kind {kind.name} {how}"
        found = Finding(TRACE, key, "") if ended.trace is None else finding_of(ended.trace, "the campaign")
        what = HANG if ended.idle else found.what
        tried.findings.append(
            replace(found, what=what, size=len(data), input=f"{kind.name} {at}: {data[:300]!r}")
        )
        at += 1
    return tried


def _use_some(bench: Bench, kind: InputKind, numbers: range, tell: Tell) -> int:
    seed = kind.seed(bench.homes[KEPT])
    place = Place(bench.sandbox, bench.command, bench.homes[KEPT])
    watch = Watch(bench.sandbox, lambda _point: None)
    watch.install()
    limit_memory()
    signal.signal(signal.SIGPROF, _hung)
    signal.signal(signal.SIGALRM, _hung)
    begun = time.process_time()
    wrong = _attempt(kind, seed, place, 10.0)
    usual = time.process_time() - begun
    if wrong is not None:
        tell(replace(wrong, input=f"{kind.name}, undamaged").as_news())
    seen: set[str] = set()
    for number in numbers:
        tell({"at": number})
        data = kind.mutate(bench.rng(f"input {kind.name}", number), seed)
        found = _attempt(kind, data, place, usual)
        if found is not None and found.what == HANG:
            found = _attempt(kind, data, place, usual)  # a busy machine is forgiven once
        if found is None:
            continue
        if found.key not in seen:
            seen.add(found.key)
            found = _shrunk(kind, (data, seed), place, found, usual)
        tell(replace(found, input=found.input and f"number {number}: {found.input}").as_news())
    return 0


def _shrunk(
    kind: InputKind, damaged: tuple[bytes, bytes], place: Place, found: Finding, usual: float
) -> Finding:
    data, seed = damaged

    def fails(less: bytes) -> bool:
        again = _attempt(kind, less, place, usual)
        return again is not None and again.key == found.key

    whole = seed if kind.large else None
    small = smallest(data, fails, whole)
    return replace(found, size=len(small), input=in_words(small, whole))


def _attempt(kind: InputKind, data: bytes, place: Place, usual: float) -> Finding | None:
    """Use one input and return what is wrong, None if nothing is."""
    begun = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, usual * 2 + HANG_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, IDLE_SECONDS)
        kind.use(data, place)
    except CuewalkError as error:
        if not str(error).strip():
            return Finding(TRACE, f"{kind.name}: an error without words", type(error).__name__)
    except HungError as error:
        return Finding(HANG, f"{kind.name} hangs in {trace_of(error)['place']}", f"over {usual + 1:.1f} s")
    except FoundError as error:
        return error.finding
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        return finding_of(trace_of(error), f"reading {kind.name}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    taken = time.process_time() - begun
    if taken > usual * 2 + HANG_SECONDS:
        return Finding(HANG, f"{kind.name} hangs", f"{taken:.1f} s")
    return None


def _hung(_number: int, _frame: FrameType | None) -> None:
    raise HungError
