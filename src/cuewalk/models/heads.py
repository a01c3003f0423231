"""The spotter's heads on disk: one ``.npz`` a locale, and the person's own beside their journal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cuewalk import places
from cuewalk.domain.errors import ModelError
from cuewalk.files.arrays import read_arrays, write_arrays
from cuewalk.files.looking import there
from cuewalk.files.reading import UnreadableFileError
from cuewalk.files.writing import whole_file
from cuewalk.spotting.head import Expert, Head
from cuewalk.spotting.personal import PersonalHead
from cuewalk.spotting.rehearsal import Rehearsal

FOLDER: Final = "heads"
_SMALL: Final = ("centre", "spread", "hidden_bias", "weights", "bias")
#: What damaged arrays can raise on their way into a head.
_DAMAGE: Final = (UnreadableFileError, ValueError, KeyError, TypeError, IndexError, AttributeError)
#: The further arrays of a personal head.
_OWN: Final = ("own_labels", "own_weights", "own_bias", "alike")


def shipped_head(locale: str) -> Path:
    """Return where the head that comes with cuewalk would be; not every locale has one."""
    return places.package_data("models") / FOLDER / f"{locale}.npz"


def own_head(locale: str, kind: str) -> Path:
    """Return where the person's own head is kept: ``kind`` is "taught" or "personal"."""
    return places.data_dir() / FOLDER / f"{locale}-{kind}.npz"


def save_experts(experts: Sequence[tuple[Head, Mapping[str, str], float]], path: Path) -> None:
    """Write experts: each a head, which label of a general head belongs to which of its own, a weight."""
    arrays: dict[str, Any] = {}
    for number, (head, members, weight) in enumerate(experts):
        arrays |= {f"{number}.{name}": value for name, value in _packed(head).items()}
        arrays[f"{number}.members"] = np.array([f"{label}={word}" for label, word in members.items()])
        arrays[f"{number}.weight"] = np.float32(weight)
    with whole_file(path) as file:
        write_arrays(file, arrays)


def with_experts(head: Head, path: Path) -> Head:
    """Return the head with the experts of its language, itself where there are none.

    Raises:
        ModelError: if the file is damaged.
    """
    if not there(path):
        return head
    try:
        kept = read_arrays(path)
        numbers = sorted({name.split(".")[0] for name in kept})
        experts = tuple(_expert(kept, f"{number}.", head.labels) for number in numbers)
    except _DAMAGE as error:
        raise _unreadable(path, error) from error
    return replace(head, experts=experts)


def experts_beside(path: Path) -> Path:
    """Return where the experts of a shipped head are."""
    return path.with_name(f"{path.stem}-experts.npz")


def load_judge(path: Path, locale: str) -> tuple[Head, Rehearsal]:
    """Return the head of a file with the experts beside it, else with those that come with cuewalk.

    Raises:
        ModelError: if a file is missing or damaged.
    """
    head, rehearsal = load_head(path)
    beside = experts_beside(path)
    return with_experts(head, beside if there(beside) else experts_beside(shipped_head(locale))), rehearsal


def _expert(kept: Mapping[str, npt.NDArray[np.generic]], prefix: str, labels: Sequence[str]) -> Expert:
    own = {name.removeprefix(prefix): kept[name] for name in kept if name.startswith(prefix)}
    head = Head(labels=tuple(map(str, own["labels"])), **_unpacked(own))
    _check_shapes(head)
    members = dict(str(pair).split("=") for pair in own["members"])
    number = {label: place for place, label in enumerate(head.labels)}
    rest = len(head.labels) - 1
    groups = np.array([number[members[label]] if label in members else rest for label in labels])
    return Expert(head, groups, float(own["weight"].item()))


def _packed(head: Head) -> dict[str, Any]:
    """Return the arrays of a head; the large one in one byte a number, each column with its own scale."""
    scale = np.abs(head.hidden_weights).max(axis=0) / 127 + 1e-12
    arrays: dict[str, Any] = {n: getattr(head, n).astype(np.float16) for n in _SMALL}
    arrays["hidden_bytes"] = np.round(head.hidden_weights / scale).astype(np.int8)
    arrays["hidden_scale"] = scale.astype(np.float32)
    arrays["labels"] = np.array(head.labels)
    arrays["temperature"] = np.float32(head.temperature)
    return arrays


def _unpacked(kept: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, Any]:
    arrays: dict[str, Any] = {name: kept[name].astype(np.float32) for name in _SMALL}
    scale = kept["hidden_scale"].astype(np.float32)
    arrays["hidden_weights"] = kept["hidden_bytes"].astype(np.float32) * scale
    arrays["temperature"] = float(kept["temperature"].item())
    return arrays


def save_head(head: Head, rehearsal: Rehearsal, path: Path) -> None:
    """Write a head and what it needs to learn more, whole or not at all, in half precision."""
    own = {name: getattr(head, name) for name in _OWN} if isinstance(head, PersonalHead) else {}
    memory = {name: getattr(rehearsal, name).astype(np.float16) for name in ("means", "deviations")}
    with whole_file(path) as file:
        write_arrays(file, {**memory, **_packed(head), **own})


def load_head(path: Path) -> tuple[Head, Rehearsal]:
    """Return a head and what it needs to learn more.

    Raises:
        ModelError: if the file is missing or damaged.
    """
    try:
        kept = read_arrays(path)
        arrays, labels = _unpacked(kept), tuple(map(str, kept["labels"]))
        means, deviations = (kept[name].astype(np.float32) for name in ("means", "deviations"))
        own: dict[str, Any] = {name: kept[name] for name in _OWN if name in kept}
        alike = float(own.pop("alike", np.float32(0)).item())
        head = Head(labels=labels, **arrays)
        if own:
            head = PersonalHead(labels=labels, **arrays, **own, alike=alike)
        _check_shapes(head)
        _check_shape("means", means, (len(labels), len(head.hidden_bias)))
        _check_shape("deviations", deviations, means.shape)
    except _DAMAGE as error:
        raise _unreadable(path, error) from error
    return head, Rehearsal(labels, means, deviations)


def _check_shapes(head: Head) -> None:
    """Raise `UnreadableFileError` unless the arrays of a head fit each other and hold numbers only."""
    features, hidden, labels = len(head.centre), len(head.hidden_bias), len(head.labels)
    if not labels or len(set(head.labels)) != labels:
        raise UnreadableFileError("its phrases are missing, or one is there twice")
    shapes = {"centre": (features,), "spread": (features,), "hidden_weights": (features, hidden)}
    shapes |= {"hidden_bias": (hidden,), "weights": (hidden, labels), "bias": (labels,)}
    for name, shape in shapes.items():
        _check_shape(name, getattr(head, name), shape)
    if not np.isfinite(head.temperature) or head.temperature <= 0 or (head.spread == 0).any():
        raise UnreadableFileError("a number that is divided by is 0")
    if isinstance(head, PersonalHead):
        _check_own(head, hidden, labels)


def _check_own(head: PersonalHead, hidden: int, labels: int) -> None:
    own = len(head.own_labels)
    _check_shape("own_labels", head.own_labels, (own,))
    if not np.issubdtype(head.own_labels.dtype, np.integer):
        raise UnreadableFileError("its words have no numbers")
    if own and not 0 <= head.own_labels.min() <= head.own_labels.max() < labels:
        raise UnreadableFileError("a word of it is not among its phrases")
    _check_shape("own_weights", head.own_weights, (hidden, own))
    _check_shape("own_bias", head.own_bias, (own,))


def _check_shape(name: str, array: npt.NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise UnreadableFileError(f'its table "{name}" has another size than the rest')
    if not np.isfinite(array).all():
        raise UnreadableFileError(f'its table "{name}" holds what is no number')


def _unreadable(path: Path, error: Exception) -> ModelError:
    why = str(error) if isinstance(error, UnreadableFileError) else "it is damaged, or no head at all"
    return ModelError(
        f"The spotter's head {path.name} cannot be read: {why}.",
        meaning="Nothing would listen with it, so no session was started.",
        remedy="Choose another with 'cuewalk settings head NAME' ('' for the one that came with cuewalk); "
        f"delete {path} if it was learned here; or 'cuewalk settings recogniser pocketsphinx'.",
    )
