"""What the types of an answer's numbers, or a default of its own, show: whole numbers, halves, what is left out."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.base.values import as_numbers
from course_utils.checking.calls import Call, call
from course_utils.checking.compare import agree
from course_utils.checking.quantities import Clue
from course_utils.exercises.spec import Case, Exercise

HALF = 0.01  # of the largest number: as far as 16 bits may lead away


def narrow(exercise: Exercise, expected: list[Call], results: list[Call]) -> Clue | None:
    """Wherever the answer is wrong, and only there, its type of numbers cannot hold the right ones; or None."""
    answers: list[tuple[Any, Any]] = [
        (e.value, r.value)
        for e, r in zip(expected, results, strict=True)
        if r.error is None and e.error is None and not agree(e.value, r.value, exercise.tolerance)
    ]
    if not answers or any(as_numbers(one) is None for pair in answers for one in pair if _is_plain(one)):
        return None
    if all(map(_has_lost_fractions, answers)):
        return (
            "Where your answer is wrong it is made of whole numbers, and fractions are cut off: "
            "let what you write them into hold floats.",
            "PRC",
        )
    if all(map(_is_half, answers)):
        return "Your numbers are kept in float16, which holds three digits.", "PRC"
    return None


def _is_plain(value):
    return not isinstance(value, dict | str | tuple | list | None)


def _numbers(pair):
    if not all(map(_is_plain, pair)):
        return None, None
    right, got = map(as_numbers, pair)
    fits = right is not None and got is not None and right.shape == got.shape
    return (right, got) if fits else (None, None)


def _has_lost_fractions(pair):
    right, got = _numbers(pair)
    if right is None or got.dtype.kind not in "iu" or right.dtype.kind != "f":
        return False
    return bool((right % 1).any() and np.abs(right - got).max() < max(1.0, HALF * np.abs(right).max()) * right.size)


def _is_half(pair):
    right, got = _numbers(pair)
    is_half = str(getattr(pair[1], "dtype", "")).endswith("float16") and not str(
        getattr(pair[0], "dtype", "")
    ).endswith("float16")
    if right is None or not is_half:
        return False
    ran_over = np.isinf(got) & (np.abs(right) > 65_504 * (1 - HALF))  # the largest number of float16
    return np.abs(right - got)[~ran_over].max(initial=0) <= HALF * np.abs(right).max()


FORMS = (  # arrays of a kind, the same numbers in the usual form, what is said where that is right, the code
    (
        lambda array: array.dtype.kind in "iu",
        lambda array: array.astype(float),
        "holds whole numbers your answer is wrong, and with the same numbers as floats it is right. What you make in "
        "its type holds whole numbers only: fractions are cut off, and large numbers run over.",
        "PRC",
    ),
    (
        lambda array: not array.flags.c_contiguous,
        np.ascontiguousarray,
        "is a view your answer is wrong, and with a copy of it, `.copy()`, it is right. The numbers of a view, such as "
        "a transposed array, lie in memory in another order: count on its axes alone.",
        "RSH",
    ),
)


def in_the_usual_form(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Clue | None:
    """The answer is wrong only where arrays are of one kind, and right in the usual form; or None."""
    wrong = [
        one
        for one, e, r in zip(cases, expected, results, strict=True)
        if r.error is not None or not agree(e.value, r.value, exercise.tolerance)
    ]
    for is_such, usual, said, code in FORMS:
        names: set[str] = set()
        if all(_is_right_in(exercise, function, one, is_such, usual, names) for one in wrong):
            return f"Where {' or '.join(f'`{name}`' for name in exercise.parameters if name in names)} {said}", code
    return None


def _is_right_in(exercise, function, one, is_such, usual, names):
    """Whether the answer is right once the arrays of a case have the usual form; adds their names."""
    own = {i for i, arg in enumerate(one.args) if isinstance(arg, np.ndarray) and is_such(arg)}
    if not own:
        return False
    names.update(exercise.parameters[i] for i in own if i < len(exercise.parameters))
    args = tuple(usual(arg) if i in own else arg for i, arg in enumerate(one.args))
    right, mine = (call(exercise, done, args) for done in (exercise.oracle, function))
    return mine.error is None and agree(right.value, mine.value, exercise.tolerance)


def other_default(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Clue | None:
    """The answer is wrong only where an argument is left out, and right once it is written: the default differs."""
    wrong = [
        one
        for one, e, r in zip(cases, expected, results, strict=True)
        if r.error is not None or not agree(e.value, r.value, exercise.tolerance)
    ]
    given = [len(one.args) for one in wrong]
    known = list(inspect.signature(exercise.oracle).parameters.values())
    if not wrong or len(set(given)) > 1 or len(known) - given[0] != 1 or known[-1].default is inspect.Parameter.empty:
        return None
    for one in wrong:
        args = (*one.args, known[-1].default)
        right, mine = call(exercise, exercise.oracle, args), call(exercise, function, args)
        if mine.error is not None or not agree(right.value, mine.value, exercise.tolerance):
            return None
    name, default = known[-1].name, known[-1].default
    return (
        f"Where `{name}` is left out your answer is wrong, and with `{name}={default!r}` it is right: "
        "look at its default in your `def` line.",
        "BIA" if name in ("b", "bias") else None,
    )
