"""Text files of a person: settings, rules, content, phrases, consent, personas, manifests."""

import json
from contextlib import suppress
from functools import cache
from pathlib import Path

from cuewalk.bench.faults.homes import LOCALE, OWN_NAME
from cuewalk.bench.faults.inputs.place import Place
from cuewalk.bench.hearing.manifest import FILE_NAME as MANIFEST_NAME
from cuewalk.bench.hearing.manifest import read_manifests
from cuewalk.content.checking import check_content
from cuewalk.content.own_phrases import own_phrases, phrases_path
from cuewalk.content.packs import load_pack, own_content
from cuewalk.content.personal import load_own_catalogue, own_rules_path
from cuewalk.domain.errors import CuewalkError
from cuewalk.learning.calibrating.consent import has_consented
from cuewalk.places import package_data
from cuewalk.settings import change_setting, load_settings, settings_path
from cuewalk.simulation.person.persona import load_persona


@cache
def settings_seed(_home: Path) -> bytes:
    """Return a settings file with every setting."""
    settings = load_settings.__globals__["Settings"]()
    lines = []
    for key, value in settings.model_dump().items():
        text = str(value).lower() if isinstance(value, bool) else json.dumps(value)
        lines.append(f"{key} = {text}")
    return "\n".join(lines).encode()


def use_settings(data: bytes, _place: Place) -> None:
    """Read settings, then change one."""
    settings_path().write_bytes(data)
    with suppress(CuewalkError):
        load_settings()
    change_setting("volume", "0.5")
    load_settings()


def rules_seed(home: Path) -> bytes:
    """Return a person's own rules."""
    return (home / "rules.toml").read_bytes()


def use_rules(data: bytes, _place: Place) -> None:
    """Load everything with a person's own rules."""
    own_rules_path().write_bytes(data)
    with suppress(CuewalkError):
        check_content(own_rules_path())
    load_own_catalogue(LOCALE)


def movement_seed(home: Path) -> bytes:
    """Return a person's own movement."""
    return (home / "content" / LOCALE / "movements" / f"{OWN_NAME}.toml").read_bytes()


def use_movement(data: bytes, _place: Place) -> None:
    """Check a movement, and now and then load everything with it."""
    _use_content(data, own_content() / LOCALE / "movements" / f"{OWN_NAME}.toml")


def programme_seed(home: Path) -> bytes:
    """Return a person's own programme."""
    return (home / "content" / LOCALE / "programmes" / "mine.toml").read_bytes()


def use_programme(data: bytes, _place: Place) -> None:
    """Check a programme, and now and then load everything with it."""
    _use_content(data, own_content() / LOCALE / "programmes" / "mine.toml")


def _use_content(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    check_content(path)
    if len(data) % 4 == 0:
        load_own_catalogue(LOCALE)


def phrases_seed(_home: Path) -> bytes:
    """Return a person's own phrases."""
    return phrases_path(LOCALE).read_bytes()


def use_phrases(data: bytes, _place: Place) -> None:
    """Read taught phrases, and the pack with them."""
    phrases_path(LOCALE).write_bytes(data)
    own_phrases(LOCALE)
    load_pack(LOCALE)


def consent_seed(home: Path) -> bytes:
    """Return a note of consent."""
    return (home / "heads" / "consent.toml").read_bytes()


def use_consent(data: bytes, place: Place) -> None:
    """Ask whether the person agreed."""
    (place.home / "heads" / "consent.toml").write_bytes(data)
    has_consented()


def persona_seed(_home: Path) -> bytes:
    """Return a persona of the demonstration."""
    return (package_data("scripts_audio") / "personas" / "mixed.toml").read_bytes()


def use_persona(data: bytes, place: Place) -> None:
    """Read a persona."""
    load_persona(str(place.put("persona.toml", data)))


def manifest_seed(_home: Path) -> bytes:
    """Return a manifest of recordings."""
    return b'path,label,set,speaker\na.wav,four,"one, two",me\nb.wav,stop,,\n"c ""d"".wav",yes,x,y\n'


def use_manifest(data: bytes, place: Place) -> None:
    """Read a manifest."""
    place.put(MANIFEST_NAME, data)
    read_manifests([place.sandbox / "here"])
