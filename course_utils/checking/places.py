"""Where in an answer the wrong numbers lie: at an edge of an axis, from some place on, or all in another order."""

import itertools
from typing import Any

import numpy as np

from course_utils.checking.calls import Call
from course_utils.checking.compare import agree
from course_utils.checking.quantities import Clue, Pair, close
from course_utils.exercises.spec import Exercise

FEW = 2  # numbers that are right and not 0 in most cases, where it is said which places are wrong
ORDINALS = ("first", "second", "third", "fourth")


def places(exercise: Exercise, pairs: list[Pair]) -> Clue | None:
    """All is right but the first or last place of an axis, or all but one place of it is wrong."""
    ndim, names = pairs[0][1].ndim, exercise.axes.split()
    fitting = [
        (right, got) for _, right, got in pairs if got.shape == right.shape and right.ndim == ndim and right.size
    ]
    wrong = [(~np.isclose(got, right, rtol=1e-5, atol=1e-5 * np.abs(right).max()), got) for right, got in fitting]
    if len(wrong) < len(pairs) or len(names) != ndim or not ndim:
        return None
    right = [(~mask & (np.abs(r) > 0)).sum() for (mask, _), (r, _) in zip(wrong, fitting, strict=True) if mask.any()]
    if not right or np.median(right) < FEW:  # that so little is right may be chance
        return None
    wrong = [(mask, got) for mask, got in wrong if mask.any()]
    for axis, name in enumerate(names):
        for test, where in PLACES:
            long_enough = sum(mask.shape[axis] > 2 for mask, _ in wrong) > 1
            if long_enough and all(_only(mask, axis, test) for mask, _ in wrong):
                said = f"Everything is right but where {name} is {where}"
                if not all((got[mask] == 0).all() for mask, got in wrong):
                    return (
                        f"Only where {name} is {RIGHT[where]} is everything right." if where in RIGHT else f"{said}.",
                        None,
                    )
                said = f"{said}: there you have 0."
                return said, "BAT" if name == "n" else "EDG"
    return None


PLACES = (
    (lambda i, size: i == size - 1, "the last one"),
    (lambda i, size: i == 0, "0, the first one"),
    (lambda i, size: i > 0, "more than 0"),
    (lambda i, size: i < size - 1, "not the last one"),
)
RIGHT = {"more than 0": "0", "not the last one": "the last one"}  # what is left where all other places are wrong


def _only(mask, axis, test):
    """Whether something is wrong at each place of this axis that passes the test, and nowhere else."""
    hit = mask.any(axis=tuple(i for i in range(mask.ndim) if i != axis))
    may = np.array([test(i, len(hit)) for i in range(len(hit))], bool)
    return bool((hit == may).all())


def beginning(exercise: Exercise, pairs: list[Pair]) -> Clue | None:
    """Right from the first number on to somewhere, and 0 from there: a loop that was left too early."""
    cut, begun = [], 0
    for _, right, got in pairs:
        if right.shape != got.shape or not right.ndim:
            return None
        wrong = ~np.isclose(got.ravel(), right.ravel(), rtol=1e-5, atol=1e-5 * np.abs(right).max(initial=0))
        if wrong.any():
            cut.append(int(wrong.argmax()))
            begun += bool(got.ravel()[: cut[-1]].any())
            if got.ravel()[cut[-1] :].any():
                return None
    if begun > 1 and (all(cut) or begun == len(cut)):
        return "Only the beginning of your answer is computed, the rest is 0.", "EDG"
    return None


def another_order(exercise: Exercise, pairs: list[Pair]) -> Clue | None:
    """The right numbers, in no order that has a name."""
    if all(g.size == r.size and g.shape != r.shape and close(r.ravel(), g.ravel()) for _, r, g in pairs):
        return "The right numbers in the right order, in an array of another shape.", "AXS"
    same = all(g.size == r.size and close(np.sort(r, axis=None), np.sort(g, axis=None)) for _, r, g in pairs)
    return ("You return the right numbers, in another order.", None) if same and pairs[0][1].size > 1 else None


def parts_in_another_order(exercise: Exercise, expected: list[Call], results: list[Call]) -> Clue | None:
    """The parts of a tuple in another order: each of them right, or each of another kind or shape; or None."""
    answers: list[tuple[Any, Any]] = [
        (e.value, r.value) for e, r in zip(expected, results, strict=True) if r.error is None
    ]
    count = len(answers[0][0]) if answers and isinstance(answers[0][0], tuple) else 0
    fit = all(isinstance(got, tuple | list) and len(got) == count for _, got in answers)
    if not 1 < count <= len(ORDINALS) or not fit or len(answers) < len(results):
        return None
    orders = list(itertools.permutations(range(count)))
    for order in orders[1:]:
        if all(agree(tuple(right[i] for i in order), tuple(got), exercise.tolerance) for right, got in answers):
            return _parts("right, in another order", order)
    mine = [order for order in orders if all([_form(r[i]) for i in order] == list(map(_form, g)) for r, g in answers)]
    return _parts("in another order, as their kinds tell", mine[0]) if len(mine) == 1 and mine != orders[:1] else None


def more_or_fewer_parts(exercise: Exercise, expected: list[Call], results: list[Call]) -> Clue | None:
    """The right parts of a tuple, and one of them missing; or what is asked for beside something else."""
    answers: list[tuple[Any, Any]] = [(e.value, r.value) for e, r in zip(expected, results, strict=True)]
    if any(r.error for r in results) or not all(isinstance(got, tuple | list) for _, got in answers):
        return None
    sizes = {(len(right) if isinstance(right, tuple) else 0, len(got)) for right, got in answers}
    parts, mine = sizes.pop()
    if sizes or not 0 < mine <= len(ORDINALS):
        return None
    for i in range(max(parts, mine)):
        if parts == mine + 1 and all(agree(r[:i] + r[i + 1 :], tuple(g), exercise.tolerance) for r, g in answers):
            return (
                f"Your answer is right as far as it goes: the {ORDINALS[i]} of the values asked for is missing.",
                "EDG",
            )
        if not parts and mine > 1 and all(agree(r, g[i], exercise.tolerance) for r, g in answers):
            return f"The {ORDINALS[i]} of your values is right: return it alone.", "TYP"
    return None


def _parts(how, order):
    mine = ", ".join(ORDINALS[i] for i in order)
    return f"The parts of your answer are {how}: it has the {mine} of what is asked for.", "ORD"


def _form(part):
    """What tells one part of an answer from another before its numbers do: text, or an array's shape."""
    return "text" if isinstance(part, str) else np.shape(part)
