"""Files: a person's texts, sound files, heads of the spotter, model archives and their records."""

import io
import json
import shutil
import struct
import wave
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from cuewalk.bench.faults.acts import MODEL, ZIP_DATE, archive_bytes, archive_of
from cuewalk.bench.faults.homes import LOCALE, OWN_NAME, small_head
from cuewalk.bench.faults.inputs.mutating import mutated_bytes, mutated_text
from cuewalk.bench.faults.inputs.place import FoundError, InputKind, InputPlace
from cuewalk.bench.faults.judging import OTHER, Finding
from cuewalk.bench.recordings import MANIFEST, read_manifests
from cuewalk.content.checking import check_content
from cuewalk.content.own_phrases import own_phrases, phrases_path
from cuewalk.content.packs import load_pack
from cuewalk.content.personal import load_own_catalogue, own_rules_path
from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.errors import CuewalkError
from cuewalk.learning.calibrating.consent import has_consented
from cuewalk.models.condition import RECORD_NAME, load_record
from cuewalk.models.heads import load_head, save_head
from cuewalk.models.unpack import unpack
from cuewalk.places import package_data
from cuewalk.settings import Settings, change_setting, load_settings, settings_path
from cuewalk.simulation.person.persona import load_persona

#: Where a person's movement and programme lie in a home.
_MOVEMENT: Final = f"content/{LOCALE}/movements/{OWN_NAME}.toml"
_PROGRAMME: Final = f"content/{LOCALE}/programmes/mine.toml"
_CONSENT: Final = "heads/consent.toml"
#: Recordings as a manifest names them, and what is kept of an installed model.
_MANIFEST: Final = b'path,label,set,speaker\na.wav,four,"one, two",me\nb.wav,stop,,\n"c ""d"".wav",yes,x,y\n'
_RECORD: Final = (
    b'{"name": "tiny", "archive_sha256": "00", "files": [{"path": "a", "size": 3, "sha256": "11"}]}'
)
#: Shares of inputs (0-1) that are damaged blindly, not where the structure is. Design.
_BLIND_WAV, _BLIND_HEAD, _BLIND_ARCHIVE = 0.3, 0.4, 0.5


@cache
def _settings_seed(_home: Path) -> bytes:
    values = Settings().model_dump().items()
    return "\n".join(
        f"{key} = {str(value).lower() if isinstance(value, bool) else json.dumps(value)}"
        for key, value in values
    ).encode()


def _use_settings(data: bytes, _place: InputPlace) -> None:
    """Read settings, then change one."""
    settings_path().write_bytes(data)
    with suppress(CuewalkError):
        load_settings()
    change_setting("volume", "0.5")
    load_settings()


def _use_rules(data: bytes, _place: InputPlace) -> None:
    """Load everything with a person's own rules."""
    own_rules_path().write_bytes(data)
    with suppress(CuewalkError):
        check_content(own_rules_path())
    load_own_catalogue(LOCALE)


def _use_movement(data: bytes, place: InputPlace) -> None:
    _use_content(data, place.home / _MOVEMENT)


def _use_programme(data: bytes, place: InputPlace) -> None:
    _use_content(data, place.home / _PROGRAMME)


def _use_content(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    check_content(path)
    if len(data) % 4 == 0:
        load_own_catalogue(LOCALE)


def _use_phrases(data: bytes, _place: InputPlace) -> None:
    """Read taught phrases, and the pack with them."""
    phrases_path(LOCALE).write_bytes(data)
    own_phrases(LOCALE)
    load_pack(LOCALE)


def _use_consent(data: bytes, place: InputPlace) -> None:
    (place.home / _CONSENT).write_bytes(data)
    has_consented()


def _persona_seed(_home: Path) -> bytes:
    return (package_data("scripts_audio") / "personas" / "mixed.toml").read_bytes()


def _use_persona(data: bytes, place: InputPlace) -> None:
    load_persona(str(place.put("persona.toml", data)))


def _use_manifest(data: bytes, place: InputPlace) -> None:
    place.put(MANIFEST, data)
    read_manifests([place.sandbox / "here"])


#: Fields of a WAV header: where they lie and how they are packed; and what they claim.
_WAV_FIELDS: Final = (
    *(
        (4, "<I"),
        (16, "<I"),
        (20, "<H"),
        (22, "<H"),
        (24, "<I"),
        (28, "<I"),
        (32, "<H"),
        (34, "<H"),
        (40, "<I"),
    ),
)
_WAV_ODD: Final = (0, 1, 2, 3, 7, 8, 24, 100, 255, 8000, 44100, 65535, 0x7FFFFFFF, 0xFFFFFFFF)


@cache
def _wav_seed(_home: Path) -> bytes:
    """Return a tenth of a second of sound at 44.1 kHz, stereo."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((2, 2, 44100, 0, "NONE", ""))
        file.writeframes(bytes(range(256)) * 64)
    return out.getvalue()


def _mutated_wav(rng: Random, data: bytes) -> bytes:
    """Return a sound file that claims something odd, or is damaged blindly."""
    if rng.random() < _BLIND_WAV:
        return mutated_bytes(rng, data)
    found = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at, form = rng.choice(_WAV_FIELDS)
        struct.pack_into(form, found, at, rng.choice(_WAV_ODD) % (1 << (8 * struct.calcsize(form))))
    return bytes(found)


def _use_wav(data: bytes, place: InputPlace) -> None:
    read_wav(place.put("sound.wav", data))


@cache
def _head_seed(home: Path) -> bytes:
    path = home.parent / "head.npz"
    save_head(*small_head(), path)
    return path.read_bytes()


def _mutated_head(rng: Random, data: bytes) -> bytes:
    """Return a head with an array missing, of another shape or kind, or damaged blindly."""
    if rng.random() < _BLIND_HEAD:
        return mutated_bytes(rng, data)
    with np.load(io.BytesIO(data)) as kept:
        arrays: dict[str, Any] = {name: kept[name] for name in kept}
    name = rng.choice(sorted(arrays))
    old = arrays[name]
    odd: Sequence[Callable[[], Any]] = (
        lambda: old.reshape(-1)[:0],
        lambda: old.reshape(-1),
        lambda: np.repeat(old.reshape(-1), 3),
        lambda: np.array(["x", "y"]),
        lambda: old.astype(str),
        lambda: np.full(old.shape, np.nan) if old.dtype.kind == "f" else old.reshape(-1)[:0],
        lambda: np.zeros((2, 2, 2)),
        lambda: np.array(1e300),
        lambda: old[None],
    )
    if rng.random() < 0.2:  # noqa: PLR2004
        del arrays[name]
    else:
        arrays[name] = rng.choice(odd)()
    out = io.BytesIO()
    np.savez(out, **arrays)
    packed = bytearray(out.getvalue())
    if rng.random() < 0.2:  # noqa: PLR2004 - an array that claims to be huge
        at = packed.find(b"'shape': (")
        packed[at + 10 : at + 12] = b"99"
    return bytes(packed)


def _use_head(data: bytes, place: InputPlace) -> None:
    head, _ = load_head(place.put("head.npz", data))
    head.probabilities(np.zeros((1, 864), np.float32))


#: Names of members that must not be unpacked as they are.
_HOSTILE: Final = (
    *("../out", "/etc/out", f"{MODEL}/../../out", f"{MODEL}/a\\b", f"{MODEL}/c:d", "other/file", ""),
    *(
        f"{MODEL}/" + "n" * 300,
        f"{MODEL}/" + "d/" * 200 + "f",
        f"{MODEL}/README",
        f"{MODEL}/am",
        f"{MODEL}/é",
    ),
)
#: Their kinds in the upper half: none, a link, a device, a folder, a file.
_MEMBER_KINDS: Final = (0, 0, 0o120777 << 16, 0o20666 << 16, 0o40755 << 16, 0o100644 << 16)


def _mutated_archive(rng: Random, data: bytes) -> bytes:
    """Return an archive with a hostile member, or damaged blindly."""
    if rng.random() < _BLIND_ARCHIVE:
        return mutated_bytes(rng, data)
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as bundle:
        info = zipfile.ZipInfo(rng.choice(_HOSTILE), ZIP_DATE)
        info.external_attr = rng.choice(_MEMBER_KINDS)
        bundle.writestr(info, rng.choice((b"", b"/etc/passwd", bytes(2_000_000))))
    return out.getvalue()


def _use_archive(data: bytes, place: InputPlace) -> None:
    """Unpack an archive; nothing may come to lie outside of its folder."""
    target = place.sandbox / "here" / "unpacked"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()

    def names_around() -> set[str]:
        return {each.name for near in (target.parent, target.parent.parent) for each in near.iterdir()}

    before = names_around()
    path = place.put("model.zip", data)
    try:
        unpack(path, archive_of(data), target, lambda _done, _all: None)
    finally:
        outside = names_around() - before - {"model.zip"}
        if outside:
            raise FoundError(Finding(OTHER, "an archive leaves its folder", str(outside)))


def _use_record(data: bytes, place: InputPlace) -> None:
    place.put(RECORD_NAME, data)
    record = load_record(place.sandbox / "here")
    if record is not None:
        record.sum_faults(place.sandbox / "here")


KINDS: Final = (
    InputKind("settings", _settings_seed, mutated_text, _use_settings, 3.0),
    InputKind("rules", "rules.toml", mutated_text, _use_rules, 0.6),
    InputKind("movement", _MOVEMENT, mutated_text, _use_movement),
    InputKind("programme", _PROGRAMME, mutated_text, _use_programme, 0.7),
    InputKind("phrases", f"heads/phrases-{LOCALE}.toml", mutated_text, _use_phrases, 0.7),
    InputKind("consent", _CONSENT, mutated_text, _use_consent, 1.5),
    InputKind("persona", _persona_seed, mutated_text, _use_persona, 1.5),
    InputKind("wav", _wav_seed, _mutated_wav, _use_wav, 4.0),
    InputKind("head", _head_seed, _mutated_head, _use_head, large=True),
    InputKind("archive", archive_bytes(), _mutated_archive, _use_archive, 1.5, large=True),
    InputKind("record", _RECORD, mutated_text, _use_record),
    InputKind("manifest", _MANIFEST, mutated_text, _use_manifest, 2.0),
)
