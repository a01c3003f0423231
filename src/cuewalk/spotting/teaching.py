"""One more phrase for a trained head: a new column in its last layer, nothing else is touched.

What the head makes of all other phrases, relative to each other, stays exactly as it was; all that a new
column can do is to take something away from them. So the column is fitted against all the head remembers
(its rehearsal) and against fresh examples of what sounds alike: logistic regression with the old scores as
its offset, which is convex and has one solution. Taking the phrase out again leaves the very head there was
before.
"""

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Doubles, Floats, Samples
from cuewalk.spotting.augment import Spoken
from cuewalk.spotting.head import Head
from cuewalk.spotting.personal import PersonalHead
from cuewalk.spotting.rehearsal import Rehearsal

#: Made-up examples of every old label, and the shares of the fit that they, fresh examples of other speech
#: and those of the new phrase have. Design choice: what is known weighs most; docs/hearing.md gives what a
#: taught word costs the others.
_REHEARSED: Final = 12
_OLD, _OTHER, _NEW = 0.5, 0.3, 0.2
#: Ridge on the column, in units of the standard deviations of the hidden layer. Design choice: next to none
#: on the intercept, which only says how often the phrase is said.
_RIDGE, _RIDGE_OF_INTERCEPT = 2e-3, 1e-6
#: Largest difference of two stored heads that are the same: heads are stored with 127 steps a column.
_ROUNDED: Final = 0.01
#: Newton's method: steps at most, halvings of a step that climbs, and the gain that ends it. Design.
_NEWTON_STEPS, _HALVINGS, _CONVERGED = 30, 10, 1e-9
#: Of a synthetic take's loudest 10 ms: what counts as sound.
_SOUNDING: Final = 0.04
_FRAME: Final = 160


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Features of the new phrase (N, F), and of speech that is not it (M, F)."""

    phrase: Floats
    other: Floats


def taught(
    head: Head, rehearsal: Rehearsal, label: str, lesson: Lesson, seed: int = 0
) -> tuple[Head, Rehearsal]:
    """Return the head with ``label`` behind its other labels, and what it remembers with it.

    Raises:
        ValueError: if it has the label already.
    """
    if label in head.labels:
        raise ValueError(f"the head knows {label!r} already")
    drawn, _ = rehearsal.draw(_REHEARSED, np.random.default_rng(seed))
    new = head.hidden(lesson.phrase)
    column, offset = _fitted(head, drawn, head.hidden(lesson.other), new)
    means = np.vstack([rehearsal.means, new.mean(axis=0)]).astype(np.float32)
    deviations = np.vstack([rehearsal.deviations, new.std(axis=0)]).astype(np.float32)
    grown = _grown(head, label, column, offset)
    return grown, Rehearsal(grown.labels, means, deviations)


def without(head: Head, rehearsal: Rehearsal, label: str) -> tuple[Head, Rehearsal]:
    """Return the head as it was before ``label`` was taught; takes of it in a personal head go too."""
    kept = np.array([place for place, known in enumerate(head.labels) if known != label])
    labels = tuple(head.labels[place] for place in kept)
    experts = tuple(replace(expert, groups=expert.groups[kept]) for expert in head.experts)
    left = replace(head, labels=labels, weights=head.weights[:, kept], bias=head.bias[kept], experts=experts)
    if isinstance(left, PersonalHead):
        left = _renumbered(left, kept)
    return left, Rehearsal(labels, rehearsal.means[kept], rehearsal.deviations[kept])


def lent(
    head: Head, rehearsal: Rehearsal, giver: Head, memory: Rehearsal, label: str
) -> tuple[Head, Rehearsal] | None:
    """Return ``head`` with the label of another head of the same hidden layer, None if the layers differ."""
    if label in head.labels or not same_hearing(head, giver):
        return None
    place = giver.labels.index(label)
    grown = _grown(head, label, giver.weights[:, place], float(giver.bias[place]))
    means = np.vstack([rehearsal.means, memory.means[place]])
    return grown, Rehearsal(grown.labels, means, np.vstack([rehearsal.deviations, memory.deviations[place]]))


def same_hearing(one: Head, other: Head) -> bool:
    """Return whether two heads have the same hidden layer, but for what storing it rounds."""
    a, b = one.hidden_weights, other.hidden_weights
    return a.shape == b.shape and bool(np.abs(a - b).max() <= np.abs(a).max() * _ROUNDED)


def _grown(head: Head, label: str, column: Floats, offset: float) -> Head:
    """Return the head with one more label; to its experts that is something else."""
    rest = (replace(e, groups=np.append(e.groups, len(e.head.labels) - 1)) for e in head.experts)
    return replace(
        head,
        labels=(*head.labels, label),
        weights=np.column_stack([head.weights, column]).astype(np.float32),
        bias=np.append(head.bias, offset).astype(np.float32),
        experts=tuple(rest),
    )


def _renumbered(head: PersonalHead, kept: npt.NDArray[np.int64]) -> Head:
    """Return a personal head numbered as the labels that are left; without words left, a plain head."""
    own = np.isin(head.own_labels, kept)
    if not own.any():
        plain = {field.name: getattr(head, field.name) for field in fields(Head)}
        return Head(**plain)
    numbers = np.searchsorted(kept, head.own_labels[own])
    return replace(
        head, own_labels=numbers, own_weights=head.own_weights[:, own], own_bias=head.own_bias[own]
    )


def clean_span(samples: Samples) -> Spoken | None:
    """Return a clean synthetic take with the place of its words, None if it is silent."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float32)
    if not frames.any():
        return None
    loud = np.sqrt(np.mean(np.square(frames), axis=1))
    sounding = np.flatnonzero(loud > loud.max() * _SOUNDING)
    return Spoken(samples, int(sounding[0]) * _FRAME, int(sounding[-1] + 1) * _FRAME)


def _fitted(head: Head, drawn: Floats, other: Floats, new: Floats) -> tuple[Floats, float]:
    """Return the new column (H,) and its bias, before the head's temperature."""
    hidden = np.concatenate([drawn, other, new]).astype(np.float64)
    shares = [(_OLD, len(drawn)), (_OTHER, len(other)), (_NEW, len(new))]
    mass = np.concatenate([np.full(count, share / max(count, 1)) for share, count in shares])
    wanted = np.concatenate([np.zeros(len(drawn) + len(other)), np.ones(len(new))])
    scale = hidden.std(axis=0) + 1e-6
    inputs = np.column_stack([hidden / scale, np.ones(len(hidden))])
    solution = _solved(inputs, wanted, mass, -_log_sum(head, hidden))
    column = solution[:-1] / scale * head.temperature
    return column.astype(np.float32), float(solution[-1] * head.temperature)


def _log_sum(head: Head, hidden: Doubles) -> Doubles:
    """Return the logarithm of the sum of the old labels' unnormalised probabilities."""
    logits = (hidden @ head.weights + head.bias) / head.temperature
    top = logits.max(axis=1)
    total: Doubles = np.asarray(top + np.log(np.exp(logits - top[:, None]).sum(axis=1)), np.float64)
    return total


def _solved(inputs: Doubles, wanted: Doubles, mass: Doubles, offset: Doubles) -> Doubles:
    """Return the weights (P,) of a ridge logistic regression, by Newton's method with steps that never climb.

    ``inputs`` (N, P), of which the last is constant; the rest (N,).
    """
    ridge = np.full(inputs.shape[1], _RIDGE)
    ridge[-1] = _RIDGE_OF_INTERCEPT

    def loss_of(weights: Doubles) -> float:
        score = inputs @ weights + offset
        fit = mass @ (np.logaddexp(0, score) - wanted * score)
        return float(fit + 0.5 * ridge @ np.square(weights))

    solution = np.zeros(inputs.shape[1])
    loss = loss_of(solution)
    for _ in range(_NEWTON_STEPS):
        chance = 0.5 * (1 + np.tanh((inputs @ solution + offset) / 2))
        slope = inputs.T @ (mass * (chance - wanted)) + ridge * solution
        bend = (inputs * (mass * chance * (1 - chance))[:, None]).T @ inputs
        step = np.linalg.solve(bend + np.diag(ridge), slope)
        shares = [0.5**power for power in range(_HALVINGS)]
        better = next((share for share in shares if loss_of(solution - share * step) < loss), None)
        if better is None:
            break
        solution -= better * step
        gain, loss = loss - loss_of(solution), loss_of(solution)
        if gain < _CONVERGED:
            break
    return solution
