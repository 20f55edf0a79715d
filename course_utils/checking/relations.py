"""What an uncatalogued wrong answer has in common with the right one, over all cases: a sentence, maybe a code."""

import functools
from collections.abc import Callable

import numpy as np

from course_utils.base.values import as_numbers
from course_utils.checking import kinds, probes
from course_utils.checking.along import by_axis, holds
from course_utils.checking.asked import asked
from course_utils.checking.calls import Call
from course_utils.checking.compare import agree
from course_utils.checking.places import (
    ORDINALS,
    another_order,
    beginning,
    more_or_fewer_parts,
    parts_in_another_order,
    places,
)
from course_utils.checking.quantities import Clue, added, axes_too_many, close, factor
from course_utils.exercises.spec import Case, Exercise


def describe(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Clue:
    """`(sentence, code)` of what the learner's numbers show; `("", None)` where they show nothing simple.

    It says only what holds on every case on which both give numbers, and on two of them at least.
    """
    if any(result.error is None and result.value is None for result in results):
        return "", None  # the comparison has already said that a `return` is missing
    seen = exercise, function, cases, expected, results
    found = parts_in_another_order(exercise, expected, results) or more_or_fewer_parts(exercise, expected, results)
    found = found or kinds.other_default(*seen)
    narrow = kinds.narrow(exercise, expected, results)
    some_right = any(agree(e.value, r.value, exercise.tolerance) for e, r in zip(expected, results, strict=True))
    if found := found or ((narrow or kinds.in_the_usual_form(*seen)) if some_right else None):  # else there is more
        return found
    pairs, part = _pairs(exercise, cases, expected, results)
    if not pairs:
        return "", None
    for look in LOOKS:
        if found := look(exercise, pairs):
            found = (look is _infinite and probes.by_a_switch(exercise, cases, expected, results)) or found
            found = (look is places and found[1] is None and probes.cut(exercise, cases, results)) or found
            return asked((_of_part(found[0], part), found[1]), function)
    return asked(
        narrow
        or probes.swapped(exercise, cases, results)
        or probes.cut(exercise, cases, results)
        or probes.without_bias(*seen)
        or probes.by_a_switch(exercise, cases, expected, results)
        or (all(r.shape == g.shape for _, r, g in pairs) and probes.insensitive(*seen))
        or ("", None),
        function,
    )


def _of_part(said, part):
    """What is said of one part of an answer, with the name of that part."""
    if part is None:
        return said
    if isinstance(part, str):
        return f"{part}: {said}"
    for whole, own in (("Your answer is", "It is"), ("Your numbers", "Its numbers"), ("you return", "in it")):
        said = said.replace(whole, own)
    return f"Of the values that you return, the {ORDINALS[part]} is wrong. {said}"


def _pairs(exercise, cases, expected, results):
    """`(arguments, right numbers, learner's numbers)` of the cases with numbers; of a tuple, the part that differs."""
    answered = [(o.args, e.value, r.value) for o, e, r in zip(cases, expected, results, strict=True) if r.error is None]
    part = _part(answered)
    if part is not None:
        answered = [(args, _at(right, part), _at(got, part)) for args, right, got in answered]
    found = [(args, _numbers(right), _numbers(got)) for args, right, got in answered]
    found = [one for one in found if one[1] is not None and one[2] is not None]
    return (found if any(not close(right, got) for _, right, got in found) else []), part


def _part(answered):
    """The part of a tuple or of an observation in which the answers differ anywhere; None where there are no parts."""
    right = answered[0][1] if answered else None
    keys = list(right) if isinstance(right, dict) else range(len(right)) if isinstance(right, tuple) else []
    if isinstance(right, tuple) and not all(
        isinstance(got, tuple | list) and len(got) == len(right) for _, _, got in answered
    ):
        return None
    for key in keys:
        both = [(_at(r, key), _at(g, key)) for _, r, g in answered]
        if any(not close(_numbers(r), _numbers(g)) for r, g in both):
            return key
    return None


def _at(value, key):
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


def _numbers(value):
    array = None if isinstance(value, dict | str | tuple) else as_numbers(value)
    return None if array is None else array.astype(float)


def _infinite(exercise, pairs):
    wrong = [(right, got) for _, right, got in pairs if not close(right, got)]
    bad = [got for right, got in wrong[:1] if not np.isfinite(got).all() and np.isfinite(right).all()]
    if bad:  # what is wrong by plain numbers before is not explained by a number that ran over
        return f"{'Some of your numbers are' if bad[0].size > 1 else 'Your number is'} not finite (nan or inf).", None
    return None


def _same_number(exercise, pairs):
    single = {float(got) for _, _, got in pairs if got.ndim == 0}
    if len(single) == 1 and len({float(right) for _, right, _ in pairs if right.ndim == 0}) > 2:
        return f"Your answer is {single.pop() + 0.0:.6g}, whatever it is given.", None
    many = [(right, got) for _, right, got in pairs if got.size > 1 and right.size > 1]
    if many and all(np.ptp(got) == 0 for _, got in many) and any(np.ptp(right) > 0 for right, _ in many):
        if len({float(got.flat[0]) for _, got in many}) == 1:
            return f"Every number you return is {many[0][1].flat[0] + 0.0:.6g}.", None
    return None


def _container(exercise, pairs):
    """Right numbers with axes of length 1 too many or too few."""
    if holds(pairs, lambda args, right: None) or all(r.shape == g.shape for _, r, g in pairs):
        return None
    if all(r.squeeze().shape == g.squeeze().shape and close(r.squeeze(), g.squeeze()) for _, r, g in pairs):
        more = pairs[0][2].ndim > pairs[0][1].ndim
        return f"The numbers are right; an axis of length 1 is {'left over' if more else 'missing'}.", "AXS"
    return None


def _axes(exercise, pairs):
    """Right numbers whose axes stand in another order."""
    names, ndim = exercise.axes.split(), pairs[0][1].ndim
    if len(names) != ndim or ndim < 2 or any(got.ndim != ndim or right.ndim != ndim for _, right, got in pairs):
        return None
    for order in _orders(ndim):
        if holds(pairs, lambda args, right, order=order: right.transpose(order)):
            mine = " ".join(names[i] for i in order)
            said = f"The numbers are right, their axes in another order: ({mine}) where ({exercise.axes}) is asked for."
            return said, "AXS"
    return None


@functools.cache
def _orders(ndim):
    from itertools import permutations

    return [order for order in permutations(range(ndim)) if order != tuple(range(ndim))]


CHANGES = (  # (what was done to the right numbers, the sentence, the code)
    (lambda r: np.maximum(r, 0), "Your negative numbers have become 0: everything below 0 is cut off.", "LIN"),
    (lambda r: 1 / (1 + np.exp(-r)), "Your numbers are the right ones put through a sigmoid.", "LIN"),
    (np.tanh, "Your numbers are the right ones put through a tanh.", "LIN"),
    (np.abs, "Your numbers have lost their signs: the absolute value is taken.", "SGN"),
    (lambda r: -r, "Your numbers have the opposite sign.", "SGN"),
    (np.trunc, "Your numbers are cut to whole ones.", "PRC"),
    (np.round, "Your numbers are rounded to whole ones.", "PRC"),
    (np.floor, "Your numbers are rounded down to whole ones.", "PRC"),
    (lambda r: r**2, "Your numbers are the squares of the right ones.", None),
    (lambda r: np.sqrt(np.where(r < 0, np.nan, r)), "Your numbers are the square roots of the right ones.", None),
    (lambda r: 1 / r, "Your numbers are upside down: one divided by the right ones.", "SGN"),
    (lambda r: 1 - r, "Your numbers are one minus the right ones.", "SGN"),
)
CHANGES_TOGETHER = (  # those that a number on its own would not show
    (lambda r: np.clip(r, 0, 1), "Your numbers are cut off at 0 and at 1.", "LIN"),
    (lambda r: r / np.abs(r).max(), "Your numbers are divided by the largest of them.", "SCL"),
    (lambda r: r / np.linalg.norm(r), "Your numbers are divided by their length.", "SCL"),
    (lambda r: r / r.sum(), "Your numbers are divided by their sum.", "AVG"),
    (lambda r: r - r.mean(), "The mean is taken off your numbers.", "CTR"),
    (lambda r: r.ravel(), "The right numbers, all in one row: keep the axes apart.", "RSH"),
    (
        lambda r: r.reshape(len(r), -1),
        "The right numbers, all axes but the first made into one: keep them apart.",
        "RSH",
    ),
    (
        lambda r: np.cumsum(r).reshape(r.shape),
        "A running total is not set back: each number holds all before it.",
        "ACC",
    ),
)


def _transformed(exercise, pairs):
    for change, sentence, code in CHANGES:
        if holds(pairs, lambda args, right, change=change: change(right)):
            return sentence, code
    many = [pair for pair in pairs if pair[1].size > 1]
    for change, sentence, code in CHANGES_TOGETHER if len(many) > 1 else ():
        if holds(many, lambda args, right, change=change: change(right)):
            return sentence, code
    return None


def _totals(exercise, pairs):
    for change, did in ((np.sum, "added up to one number"), (np.mean, "averaged to one number")):
        if all(r.ndim for _, r, _ in pairs) and holds(pairs, lambda args, r, c=change: c(r)):
            return f"Your numbers are all {did}. Keep them apart.", "AXS"
    return None


LOOKS = (  # in this order
    beginning,
    _infinite,
    _same_number,
    _container,
    axes_too_many,
    _axes,
    places,
    _transformed,
    by_axis,
    _totals,
    factor,
    added,
    another_order,
)
