"""Experiments run in several worlds: in the real one, and in those of impostors."""

import copy
import inspect

import numpy as np

from course_utils.exercises.spec import case

SMALL = 1e-9  # below this a relative gap is rounding


def one_number(answer):
    """A learner's answer as a float, or None where it is not one number.

    >>> one_number(np.float32(2)), one_number([2.0]), one_number(True)
    (2.0, None, None)
    """
    answer = answer.detach().cpu().numpy() if hasattr(answer, "detach") else answer
    if isinstance(answer, bool | np.bool_) or np.shape(answer) != ():
        return None
    return float(answer) if isinstance(answer, int | float | np.number | np.ndarray) else None


def runs(function, rng, world):
    """Three runs of an experiment, two of them from one state of `rng`: `(number, calls of the world)` each.

    A call is `(arguments, result)`, copied, so that nobody can change them afterwards; arguments by name are put in
    their places.
    """
    found = []
    other = np.random.default_rng(copy.deepcopy(rng).integers(2**32))
    for own in (copy.deepcopy(rng), copy.deepcopy(rng), other):
        calls = []

        def watched(*args, calls=calls, **options):
            given = copy.deepcopy(tuple(inspect.signature(world).bind(*args, **options).arguments.values()))
            result = world(*args, **options)
            calls.append((given, copy.deepcopy(result)))
            return result

        found.append((function(own, watched), calls))
    return found


def seen_in(found, thing, drawn):
    """What is true of every experiment; `drawn(calls)` gives by name the arrays that the calls saw or made."""
    numbers = [one_number(answer) for answer, _ in found]
    seen = {
        "what it returns": "one number" if None not in numbers else f"{type(found[0][0]).__name__}, not one number",
        f"the {thing} it is given": "is run" if all(calls for _, calls in found) else "is never run",
    }
    if not all(calls for _, calls in found):
        return seen
    first, again, other = (drawn(calls) for _, calls in found)
    repeats = all(alike(first[name], again.get(name, [])) for name in first)
    seen["the same rng"] = "draws the same data" if repeats else "draws other data each time"
    stays = [name for name in first if any(map(begin_alike, first[name], other.get(name, [])))]
    seen["another rng"] = f"draws the same {' and '.join(stays)}" if stays else "draws other data"
    return seen


def alike(first, second):
    return len(first) == len(second) and all(map(np.array_equal, first, second))


def begin_alike(one, other, most=12):
    """Whether two arrays begin with the same numbers, or have none but zeros and ones: neither was drawn.

    >>> begin_alike(np.eye(3), np.eye(4)), begin_alike(np.arange(4.0), np.arange(9.0)), begin_alike(np.ones(3), np.zeros(3))
    (True, True, True)
    """
    one, other = np.ravel(one), np.ravel(other)
    size = min(one.size, other.size, most)
    return size > 0 and bool((one[:size] == other[:size]).all() or np.isin(np.append(one, other), (0, 1)).all())


def worlds(*named):
    """Cases `(rng, world)` from pairs of a label and a world; a seed of their own for each."""

    def cases(rng):
        for label, world in named:
            yield case(label, np.random.default_rng(rng.integers(2**32)), world)

    return cases
