"""What works on this machine, and what to do about what does not. Every check answers with a sentence."""

import os
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from cuewalk import places
from cuewalk.audio.aec.canceller import EchoMode, build_echo_stage
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.audio.signal.microphone_check import check_microphone, sentences
from cuewalk.content.catalogue import MADE
from cuewalk.content.packs import load_pack
from cuewalk.content.personal import load_own_catalogue
from cuewalk.devices import portaudio
from cuewalk.devices.device_info import DeviceKind
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.sound_server import what_is_missing
from cuewalk.domain.errors import CuewalkError, JournalError
from cuewalk.files.faults import reason, remedy
from cuewalk.journal.api import Fate
from cuewalk.journal.rows import sentence
from cuewalk.journal.store import read_journal
from cuewalk.settings import load_settings
from cuewalk.speech_out.choose import available_engines
from cuewalk.understanding.hearing import build_hearing, head_for, not_installed

#: Seconds of microphone: long enough for the room's noise and a word, short enough to wait for. Design.
_LISTEN_SECONDS: Final = 1.5
#: What a check is called that is not ok.
_MISSING: Final = "missing"
_UNUSABLE: Final = "not usable"
#: The space between two sentences.
_SENTENCES: Final = re.compile(r"(?<=\.) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``needed``: without it no session with a person is possible.

    ``fault``: what it is called when it is not ok.
    """

    name: str
    ok: bool
    says: str
    needed: bool = True
    fault: str = _MISSING


def check_everything(*, listen: bool = True) -> list[Check]:
    """Return every check; none of them raises. ``listen``: open the microphone for a moment."""
    found: list[tuple[str, Callable[[], str], bool, str]] = [
        ("microphone", _microphone, True, _MISSING),
        ("speaker", _speaker, True, _MISSING),
        ("own voice", _own_voice, False, _MISSING),
        ("voice", _voice, False, _MISSING),
        ("recogniser", _recogniser, True, _MISSING),
        ("content", _content, True, _UNUSABLE),
        ("journal", _journal, True, _UNUSABLE),
        ("settings", _settings, True, _UNUSABLE),
        ("your folder", lambda: str(places.writable_data_dir()), True, _UNUSABLE),
    ]
    checks = _once([_run(name, check, needed=needed, fault=fault) for name, check, needed, fault in found])
    return [*checks[:2], _signal(), *checks[2:]] if listen else checks


def _signal() -> Check:
    name = "microphone signal"
    try:
        settings = load_settings()
        with closing(LiveAudio(settings.devices)) as audio:
            report = check_microphone(audio, _LISTEN_SECONDS)
    except CuewalkError as error:
        return Check(name, ok=False, says=str(error), needed=False, fault="not heard")
    return Check(name, ok=not report.problems, says=sentences(report), needed=False, fault="look")


def sound_works() -> tuple[bool, str]:
    """Return whether a microphone and a speaker are there, and why not."""
    both = [_run("microphone", _microphone, needed=True), _run("speaker", _speaker, needed=True)]
    missing = [check for check in _once(both) if not check.ok]
    said = [_SENTENCES.split(check.says) for check in missing]
    # First what there is not, then what that means and what to do, which is mostly the same.
    ordered = [*(sentences[0] for sentences in said), *(each for sentences in said for each in sentences[1:])]
    return not missing, " ".join(dict.fromkeys(ordered))


def _once(checks: list[Check]) -> list[Check]:
    """Return the checks with what every sound device lacks said by the first of them alone."""
    why = what_is_missing()
    told = [check for check in checks if why and why in check.says]
    return [
        replace(check, says=check.says.replace(why, "").strip()) if check in told[1:] else check
        for check in checks
    ]


def _run(name: str, check: Callable[[], str], *, needed: bool, fault: str = _MISSING) -> Check:
    try:
        return Check(name, ok=True, says=check(), needed=needed)
    except CuewalkError as error:
        return Check(name, ok=False, says=str(error), needed=needed, fault=fault)
    except OSError as error:
        what = f"{os.fsdecode(error.filename)} cannot be used" if error.filename else "It cannot be used"
        says = f"{what}: {reason(error)}. {remedy(error)}"
        return Check(name, ok=False, says=says, needed=needed, fault=fault)


def _microphone() -> str:
    return _device(load_settings().devices.microphone, "input")


def _speaker() -> str:
    return _device(load_settings().devices.speaker, "output")


def _device(name: str | None, kind: DeviceKind) -> str:
    """Return the device that a session would use, and what else there is."""
    used = portaudio.must_open(name, kind)
    others = [each.label for each in portaudio.query() if each.can(kind) and each.index != used.index]
    return f"{used.label} (also there: {', '.join(others)})" if others else used.label


def _own_voice() -> str:
    """Say what is done about our own voice in the microphone."""
    settings = load_settings()
    try:
        portaudio.must_open(settings.devices.microphone, "input")
        portaudio.must_open(settings.devices.speaker, "output")
    except CuewalkError as error:
        what = "Without a microphone and a speaker that work there is no echo to take out."
        raise CuewalkError(what) from error
    mode = build_echo_stage(settings.echo_mode, FarEnd()).mode
    return {
        EchoMode.CANCEL: "its echo is taken out (adaptive filter and WebRTC); you can talk over it. "
        "'cuewalk doctor --listen' measures how much of it",
        EchoMode.HEADPHONES: "nothing is done, for headphones",
        EchoMode.HALF_DUPLEX: "not listening while it speaks; it leaves gaps between phrases for you",
    }[mode]


def _voice() -> str:
    engines = available_engines()
    working = [name for name, state in engines.items() if state == "ok" and name != "silent"]
    if not working:
        raise CuewalkError(" ".join(engines.values()))
    return ", ".join(working)


def _recogniser() -> str:
    settings = load_settings()
    pack = load_pack(settings.locale)
    hearing = build_hearing(pack, settings)
    hearing.listener.close()
    head = head_for(settings.locale, settings)
    judged = f" (spotter: {head.name})" if head is not None and hearing.spotter is not None else ""
    missing = not_installed(settings.locale, settings)
    return f"{hearing.engine.replace('+', ' and ')}{judged}{'. ' + missing if missing else ''}"


def _content() -> str:
    locale = load_settings().locale
    catalogue = load_own_catalogue(locale)
    load_pack(locale)
    return (
        f"{locale}: programmes {len(catalogue.programmes) + len(MADE)}, movements {len(catalogue.movements)}"
    )


def _journal() -> str:
    with closing(read_journal()) as journal:
        if journal.notices:  # damaged as a whole: still shown in part, but nothing can be added
            raise JournalError(" ".join(journal.notices))
        count = len(journal.histories())
        entries = [entry for row in journal.sessions() for entry in journal.entries(row.id)]
        damage = journal.left_out()
    damaged = len([each for each in damage if each.entry is not None and each.fate is Fate.LEFT_OUT])
    old = sum(not entry.checked for entry in entries)
    parts = [f"{count} session{'s' * (count != 1)} in {places.data_dir()}"]
    if damage:
        parts.append(f"damaged: {damaged} of {len(entries) + damaged} entries. {sentence(damage)}")
    if old:
        parts.append(f"{old} entries of an earlier version have no checksum and were believed without one")
    return "; ".join(parts)


def _settings() -> str:
    values = load_settings().model_dump().items()
    return ", ".join(f"{name} {value}" for name, value in values if value != "")
