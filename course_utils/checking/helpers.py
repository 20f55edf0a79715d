"""A helper that is wrong: is the answer right once the course's own helper stands in the place of the learner's?"""

from course_utils.checking.compare import difference
from course_utils.checking.run import run


def at_fault(exercise, function, cases, expected):
    """The name of the learner's helper without whose mistake the answer would be right, or "".

    Looked at where the function lives in this process alone: what stands in for the helper knows the answers.
    """
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


def names_called(function):
    """The names that a function looks up, in the order in which they stand in it; none where it is a class.

    >>> names_called(lambda v: len(sorted(v)))
    ['len', 'sorted']
    """
    return _names(function.__code__) if hasattr(function, "__code__") else []


def _names(code):
    inner = [one for one in code.co_consts if hasattr(one, "co_names")]
    return list(dict.fromkeys([*code.co_names, *(name for one in inner for name in _names(one))]))


def _right_with(exercise, function, cases, expected, names):
    from course_utils.exercises import find

    space = function.__globals__
    kept = {name: space[name] for name in names}
    try:
        space.update({name: find(name).oracle for name in names})
        results = run(exercise, function, cases)
    finally:
        space.update(kept)
    pairs = zip(expected, results, strict=True)
    return all(
        not r.error and not r.changed and not difference(e.value, r.value, "", exercise.tolerance) for e, r in pairs
    )
