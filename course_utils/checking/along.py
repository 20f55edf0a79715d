"""Along which axis of an answer something was done to the right numbers: summed, averaged, cut, turned around."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from course_utils.checking.quantities import Clue, Pair, close
from course_utils.exercises.spec import Exercise


def holds(pairs: list[Pair], change: Callable[[tuple, Any], Any]) -> bool:
    """Whether the learner's numbers are `change(right numbers)` on every case, and on two cases not the right ones."""
    telling = 0
    for args, right, got in pairs:
        try:
            with np.errstate(all="ignore"):
                made = change(args, right)
        except Exception:  # noqa: BLE001 - a change that this case does not allow
            return False
        if made is None or not close(np.asarray(made, float), got):
            return False
        telling += not close(right, got)
    return telling >= min(2, len(pairs))


def by_axis(exercise: Exercise, pairs: list[Pair]) -> Clue | None:
    """Right numbers of which one axis was summed, averaged, or cut to its first or last place."""
    ndim, names = pairs[0][1].ndim, exercise.axes.split()
    return _several_gone(pairs, ndim, names) or _by_one(pairs, ndim, names)


def _by_one(pairs, ndim, names):
    for axis in range(ndim if all(r.ndim == ndim for _, r, _ in pairs) else 0):
        name = names[axis] if len(names) == ndim else f"number {axis}"
        for change, did, code in GONE:
            code = "BAT" if name == "n" else code
            for made in (
                lambda args, r, c=change, a=axis: c(r, a),
                lambda args, r, c=change, a=axis: _kept(c(r, a), a),
            ):
                if holds(pairs, made):
                    return f"The axis {name} {did} in your answer. It has to stay as it is.", code
        if holds(pairs, lambda args, r, a=axis: np.cumsum(r, axis=a)):
            return f"Along the axis {name} a running total is not set back: each number holds those before it.", "ACC"
        if holds(pairs, lambda args, r, a=axis: np.flip(r, axis=a)):
            return f"The right numbers, with the axis {name} back to front.", "AXS"
    return None


GONE = (
    (lambda r, a: r.sum(axis=a), "is summed away", "SUM"),
    (lambda r, a: r.mean(axis=a), "is averaged away", "AVG"),
    (lambda r, a: r.take(0, axis=a), "is cut to its first place", "EDG"),
    (lambda r, a: r.take(-1, axis=a), "is cut to its last place", "EDG"),
    (lambda r, a: r.max(axis=a), "is cut to its largest number", "AVG"),
)


def _several_gone(pairs, ndim, names):
    """Right numbers of which two axes or more were summed or averaged away."""
    count = ndim - pairs[0][2].ndim
    if count < 2 or count >= ndim or len(names) != ndim:
        return None
    for axes in combinations(range(ndim), count):
        gone = " and ".join(names[axis] for axis in axes)
        for change, did, code in GONE[:2]:
            if holds(pairs, lambda args, r, c=change, a=axes: c(r, a)):
                return (
                    f"The axes {gone} are {did.removeprefix('is ')} in your answer. They have to stay as they are.",
                    code,
                )
    return None


def _kept(array, axis):
    return np.expand_dims(array, axis)
