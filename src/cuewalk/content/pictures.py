"""Loads the pictures of movements, the same for every language, and checks that a body can do them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cuewalk.content.explain import one_of, suggestion
from cuewalk.content.load import wrong_ids
from cuewalk.content.reader import ContentFile, Reader
from cuewalk.content.source import Source
from cuewalk.domain.errors import ContentFault, CuewalkError
from cuewalk.files.toml_lines import KeyPath
from cuewalk.pictures.figure import known_joints
from cuewalk.pictures.poses import Picture, leaves
from cuewalk.pictures.skeleton import STANDING, Channels, misses
from cuewalk.places import package_data

FOLDER: Final = "pictures"
_LIMBS: Final = {"leg.foot": "foot", "arm.hold": "hand"}


def picture_names(root: Path | None = None) -> tuple[str, ...]:
    """Return the ids of the movements that have a picture."""
    return tuple(path.stem for path in Reader().toml_files(_folder(root)))


def no_picture(name: str, movements: Sequence[str], pictures: Sequence[str]) -> CuewalkError:
    """Return the error for a movement that has no picture, or that does not exist at all."""
    if name not in movements:
        known = tuple(sorted({*movements, *pictures}))
        return CuewalkError(f'There is no movement "{name}".', remedy=suggestion(name, known))
    return CuewalkError(
        f'There is no picture of "{name}".',
        meaning="The movement works without one.",
        remedy=f"There are pictures of: {one_of(pictures)}.",
    )


def load_picture(name: str, root: Path | None = None) -> Picture:
    """Return the picture of a movement's id; ``root`` is the folder of all content, by default ours.

    Raises:
        CuewalkError: if there is none.
        ContentError: with every fault of its file.
    """
    if name not in picture_names(root):
        raise no_picture(name, (), picture_names(root))
    reader = Reader()
    entry = reader.entry(_folder(root) / f"{name}.toml", Picture)
    return _checked(reader, [entry] if entry else [])[name]


def load_pictures(root: Path | None = None) -> Mapping[str, Picture]:
    """Return every picture by its movement's id.

    Raises:
        ContentError: with every fault of every file.
    """
    reader = Reader()
    return _checked(reader, reader.entries(_folder(root), Picture))


def _checked(reader: Reader, entries: list[ContentFile[Picture]]) -> Mapping[str, Picture]:
    reader.faults.extend(wrong_ids(entries))
    for entry in entries:
        if entry.value:
            reader.faults.extend(_unknown_joints(entry.value, entry.source))
            reader.faults.extend(_out_of_reach(entry.value, entry.source))
    reader.finish()
    return MappingProxyType({entry.stem: entry.value for entry in entries if entry.value})


def _unknown_joints(picture: Picture, source: Source) -> Iterator[ContentFault]:
    known = known_joints()
    written: list[tuple[KeyPath, str]] = [(("trace", at), name) for at, name in enumerate(picture.trace)]
    written += [(("glow", at), name) for at, name in enumerate(picture.glow)]
    written += [(("push", at, "joint"), push.joint) for at, push in enumerate(picture.push)]
    written += [(("inset", "joint"), picture.inset.joint)] if picture.inset else []
    for path, name in written:
        if name not in known:
            yield source.fault(path, f'there is no joint "{name}".', suggestion(name, known))


def _out_of_reach(picture: Picture, source: Source) -> Iterator[ContentFault]:
    """Yield a fault for every foot and hand that its limb is too short for."""
    home = dict(STANDING) | dict(leaves(picture.start))
    postures: dict[KeyPath, Channels] = {("start",): home}
    postures |= {("poses", at): home | dict(leaves(pose)) for at, pose in enumerate(picture.poses)}
    for path, channels in postures.items():
        for field, away in misses(channels).items():
            side, _, limb = field.partition("_")
            problem = f"the {_LIMBS[limb]} of the {side} side is {away:.0f} units out of reach."
            remedy = "Move it nearer, or move the body."
            yield source.fault((*path, *field.split(".")), problem, remedy)


def _folder(root: Path | None) -> Path:
    return (root or package_data("scripts_audio")) / FOLDER
