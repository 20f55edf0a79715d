"""A helper that is wrong: is the answer right once the course's own helper stands in the place of the learner's?

Where work is graded nothing that knows answers is handed over. There the course's own answer is made with the learner's
helper instead: if it goes wrong in the same way everywhere, the fault is the helper's.
"""

import functools
from collections.abc import Callable

from course_utils.base.remote import is_elsewhere
from course_utils.base.source import helper_of
from course_utils.checking.calls import Call, call, run
from course_utils.checking.compare import difference
from course_utils.checking.matching import alike
from course_utils.exercises.spec import Case, Exercise


def at_fault(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> tuple[str, str]:
    """The name of the learner's helper without whose mistake the answer would be right, or "", and what shows it."""
    if is_elsewhere(function):
        helper = _elsewhere(exercise, function, cases, results)
        return helper, f"`{exercise.name}` is right as far as `{helper}` is."
    helper = _here(exercise, function, cases, expected)
    return helper, f"With the course's own `{helper}` in the place of yours, `{exercise.name}` is right."


def _elsewhere(exercise, function, cases, results):
    names, made = exercise.made
    theirs = {name: helper_of(function, name) for name in names}
    theirs = {name: one for name, one in theirs.items() if callable(one) and is_elsewhere(one)}
    for some in [*((name,) for name in theirs), tuple(theirs)]:
        parts = [theirs[name] if name in some else _oracle(name) for name in names]
        if some and _does_the_same(exercise, functools.partial(made, *parts), cases, results):
            return " and ".join(some)
    return ""


def _oracle(name):
    from course_utils.exercises import find

    return find(name).oracle


def _does_the_same(exercise, made, cases, results):
    for one, result in zip(cases, results, strict=True):
        mine = call(exercise, made, one.args)
        if type(mine.error).__name__ != type(result.error).__name__:
            return False
        if mine.error is None and not alike(exercise, mine, result):
            return False
    return True


def _here(exercise, function, cases, expected):
    names = _helpers(exercise, function)
    for name in [*names, tuple(names)] if len(names) > 1 else names:
        if _right_with(exercise, function, cases, expected, [name] if isinstance(name, str) else name):
            return name if isinstance(name, str) else " and ".join(name)
    return ""


def _helpers(exercise, function):
    """Functions of the learner's that bear the names of other exercises, and that this one calls."""
    from course_utils.exercises import Exercise, catalogue

    known, space = catalogue(), getattr(function, "__globals__", None)
    if not isinstance(space, dict):
        return []
    return [
        name
        for name in names_called(function)
        if isinstance(known.get(name), Exercise) and name != exercise.name and callable(space.get(name))
    ]


def names_called(function: object) -> list[str]:
    """The names that a function looks up, in the order in which they stand in it; none where it is a class.

    >>> names_called(lambda v: len(sorted(v)))
    ['len', 'sorted']
    """
    return _names(function.__code__) if hasattr(function, "__code__") else []


def _names(code):
    inner = [constant for constant in code.co_consts if hasattr(constant, "co_names")]
    return list(dict.fromkeys([*code.co_names, *(name for nested in inner for name in _names(nested))]))


def _right_with(exercise, function, cases, expected, names):
    space = function.__globals__
    kept = {name: space[name] for name in names}
    try:
        space.update({name: _oracle(name) for name in names})
        results = run(exercise, function, cases)
    finally:
        space.update(kept)
    pairs = zip(expected, results, strict=True)
    return all(
        not r.error and not r.changed and not difference(e.value, r.value, "", exercise.tolerance) for e, r in pairs
    )
