"""What an answer does when its arguments are changed: tried on the learner's function, and said only if it is so."""

import copy
import math
import time
from collections.abc import Callable

import numpy as np

from course_utils.checking import shrink
from course_utils.checking.calls import Call, call
from course_utils.checking.compare import agree
from course_utils.checking.halfdone import ADDED, steps_of
from course_utils.checking.quantities import Clue
from course_utils.checking.sizes import axes_of
from course_utils.exercises.spec import Case, Exercise

PROBES = (  # changes of an array or a float, some of them large
    lambda v: v * 1.5 + 0.25,
    lambda v: v * -100.0 + 7.0,
    lambda v: v[::-1] * 3.0 + 1.0 if np.ndim(v) else -v - 31.0,
    lambda v: v * 0.0,
)
COUNTS = (lambda v: v + 1, lambda v: v * 3 + 2, lambda v: v * 40)  # changes of a whole number
FEW = 2  # different answers, which may be alike by chance
MOVED = 2  # cases at least on which the right answer moves with the argument
SECONDS = 0.4  # of processor time, of all threads; who needs longer is told nothing


def insensitive(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Clue | None:
    """An argument that the answer ought to depend on, and does not, whatever is done to it on any case; or None.

    One case on which the answer moves is enough to say nothing: a cap or a branch may hide an argument elsewhere.
    """
    end = time.process_time() + SECONDS
    for i, name in enumerate(exercise.parameters):
        some = [
            (one, right, mine)
            for one, right, mine in zip(cases, expected, results, strict=True)
            if i < len(one.args) and right.error is None and _probes(one.args[i])
        ]
        if len(some) >= MOVED and _never_moves(exercise, function, i, some, end):
            said = f"Your answer does not depend on `{name}`: whatever is put in its place, the answer stays as it is."
            return said, None
    return None


def _probes(value):
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if isinstance(value, float) or kind == "f":
        return PROBES
    return COUNTS if isinstance(value, int) and not isinstance(value, bool) else ()


def _never_moves(exercise, function, i, some, end):
    """Whether changes of one argument move the right answers, and on no case the learner's."""
    moved = 0
    for one, right, mine in some:
        if mine.error is not None or time.process_time() > end:
            return False
        counts = False
        for change in _probes(one.args[i]):
            args = list(copy.deepcopy(one.args))
            args[i] = change(args[i])
            answer = call(exercise, function, tuple(args))
            if answer.error or not agree(mine.value, answer.value, 0.0):
                return False
            counts = counts or _moves(exercise, right, tuple(args))
        moved += counts
    return moved >= MOVED


def _moves(exercise, right, args):
    wanted = call(exercise, exercise.oracle, args)
    return wanted.error is None and not agree(right.value, wanted.value, exercise.tolerance)


def swapped(exercise: Exercise, cases: list[Case], results: list[Call]) -> Clue | None:
    """Two arguments of one kind that the answer has taken for each other; or None."""
    names = exercise.parameters
    whole = [
        i for i in range(len(names)) if all(i < len(case.args) and type(case.args[i]) in (int, float) for case in cases)
    ]
    for k, i in enumerate(whole):
        for j in whole[k + 1 :]:
            if _same_with(exercise, cases, results, lambda args, i=i, j=j: _exchanged(args, i, j)):
                return f"`{names[i]}` and `{names[j]}` have changed places in your answer.", "AXS"
    for i in whole:
        for j in whole:
            if i != j and _same_with(exercise, cases, results, lambda args, i=i, j=j: _taken(args, i, j)):
                return f"You take `{names[j]}` in the place of `{names[i]}`.", "AXS"
    return None


def _exchanged(args, i, j):
    args = list(args)
    args[i], args[j] = args[j], args[i]
    return tuple(args)


def _taken(args, i, j):
    args = list(args)
    args[i] = args[j]
    return tuple(args)


def _same_with(exercise, cases, results, change, end=math.inf):
    """Whether the learner's answers are the right ones for changed arguments."""
    telling, numbers = 0, set()
    for one, result in zip(cases, results, strict=True):
        if time.process_time() > end:
            return False
        args = change(one.args)
        if result.error:
            continue
        wanted = call(exercise, exercise.oracle, args)
        if wanted.error or not agree(wanted.value, result.value, exercise.tolerance):
            return False
        telling += any(new is not old for new, old in zip(args, one.args, strict=True))
        numbers.add(str(result.value))
    return telling >= 2 and len(numbers) > FEW  # a few counts are alike by chance


def cut(exercise: Exercise, cases: list[Case], results: list[Call]) -> Clue | None:
    """An axis of the arguments of which only a part counts in the answer, its first place for example; or None."""
    plan, end = shrink.Plan(cases), time.process_time() + SECONDS
    for symbol in [s for s in plan.free if s[1] is not None]:
        places = [place for place, one in plan.symbols.items() if one == symbol and place[1] is not None]
        names = [_axis(exercise, cases, *place) for place in places]
        if not any(names):
            continue
        for part, said, code in PARTS:
            if _same_with(exercise, cases, results, lambda args, p=places, part=part: _cut(args, p, part), end):
                return f"Of the axis {next(filter(None, names))}, {said} in your answer.", code
        for first, which in ((0, "first"), (-1, "last")):
            if _same_with(exercise, cases, results, lambda args, p=places, k=first: _repeated(args, p, k), end):
                name = next(filter(None, names))
                if name == "n":
                    return f"Every image of your answer is made of the {which} one of the batch.", "BAT"
                return (
                    f"Every place along the axis {name} of your answer is made of the {which} one of the input.",
                    "EDG",
                )
    return None


PARTS = (
    (slice(0, 1), "the first place alone counts", "EDG"),
    (slice(-1, None), "the last place alone counts", "EDG"),
    (slice(1, None), "the first place is left out", "EDG"),
    (slice(0, -1), "the last place is left out", "EDG"),
    (slice(0, 3), "the first three places alone count", "EDG"),
)


def _axis(exercise, cases, i, axis):
    value = next((case.args[i] for case in cases if i < len(case.args) and hasattr(case.args[i], "shape")), None)
    names = axes_of(exercise, exercise.parameters[i], value.ndim) if value is not None else []
    return names[axis] if names else ""


def _cut(args, places, part):
    """Arguments of which one axis, wherever it occurs, is cut to a part."""
    return _along(args, places, lambda size: part)


def _repeated(args, places, k):
    """Arguments of which one axis, wherever it occurs, has one of its places everywhere."""
    return _along(args, places, lambda size: [k] * size)


def _along(args, places, chosen):
    """Arguments with another choice of the places along one axis, wherever it occurs."""
    args = list(args)
    for i, axis in places:
        if i < len(args) and getattr(args[i], "ndim", 0) > axis:
            args[i] = args[i][(slice(None),) * axis + (chosen(args[i].shape[axis]),)]
    return tuple(args)


def without_bias(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Clue | None:
    """Whether all that is wrong is right once the bias is 0: then it is the bias that goes wrong; or None."""
    three = zip(cases, expected, results, strict=True)
    wrong = [one for one, e, r in three if not agree(e.value, r.value, exercise.tolerance)]
    if all(any(value is None for value in one.args) for one in wrong) and len(wrong) < len(cases):
        name = next(n for n, value in zip(exercise.parameters, wrong[0].args, strict=False) if value is None)
        return f"Where `{name}` is given your answer is right: what is right where it is None?", "EDG"
    cases = wrong + [one for one in cases if all(one is not other for other in wrong)]
    for step, still in steps_of(exercise):
        some = [args for args in (still(exercise, case.args) for case in cases) if args is not None][:3]
        if len(some) < 2 or step.strip("`") not in ADDED:
            continue
        pairs = [(call(exercise, exercise.oracle, args), call(exercise, function, args)) for args in some]
        if all(a.error is None and b.error is None and agree(a.value, b.value, exercise.tolerance) for a, b in pairs):
            i = exercise.parameters.index(step.strip("`"))
            if any(isinstance(args[i], bool) for args in some):
                return f"With {step[:-1]}=False` your answer is right: look at what {step} adds to it.", "BIA"
            return f"Where {step} is 0 your answer is right: look at how you add {step}.", "BIA"
    return None


def by_a_switch(exercise: Exercise, cases: list[Case], expected: list[Call], results: list[Call]) -> Clue | None:
    """Whether all is right where an argument is False and all wrong where it is True, or the other way; or None."""
    right = [agree(e.value, r.value, exercise.tolerance) for e, r in zip(expected, results, strict=True)]
    for i, name in enumerate(exercise.parameters):
        given = [(one.args[i] if i < len(one.args) else None, ok) for one, ok in zip(cases, right, strict=True)]
        for way in (False, True):
            good, bad = ([ok for value, ok in given if value is side] for side in (way, not way))
            if min(len(good), len(bad)) >= MOVED and all(good) and not any(bad):
                return f"Where `{name}` is {way} your answer is right, where it is {not way} it is not.", None
    return None
