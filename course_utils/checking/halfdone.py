"""Half-done code: name the slip first, and the step that is missing or wrong besides second.

A step is made to do nothing, by inputs on which it does nothing (a bias of 0), or is done in the learner's place
(numbers below 0 cut off at the end); what is left is matched with the catalogue.
"""

import copy
import inspect
import re
from collections.abc import Callable

import numpy as np

from course_utils.base.values import as_numbers
from course_utils.checking.calls import Call, call
from course_utils.checking.matching import Named, alike, is_special, score
from course_utils.exercises.spec import Case, Exercise, Mistake, case

ADDED = ("bias", "b", "b1", "b2", "beta")  # arguments that are added to an answer: without them it is half done
ROUNDED = 0.01  # share of a number by which 16 bits may change a sum
FEW = 5  # cases on which half-done code is tried


def name(
    exercise: Exercise,
    function: Callable,
    mistakes: list[Mistake],
    cases: list[Case],
    expected: list[Call],
    results: list[Call],
) -> Named | None:
    """A `Named` mistake that fits once a step is made to do nothing, or None."""
    for step, still in steps_of(exercise):
        some = _varied([one for one in cases if still(exercise, one.args) is not None])
        quiet = [case(tried.label, *still(exercise, tried.args)) for tried in some]
        seen = [call(exercise, function, lesser.args) for lesser in quiet]
        right = [call(exercise, exercise.oracle, lesser.args) for lesser in quiet]
        if all(
            alike(exercise, call(exercise, exercise.oracle, one.args), r) for one, r in zip(some, right, strict=True)
        ):
            continue  # nothing hangs on it
        others = [one for one in mistakes if step.strip("`") not in re.findall(r"\w+", one.message)]
        usual = [i for i, one in enumerate(quiet) if not any(map(is_special, one.args))]
        for kept in (range(len(quiet)), usual):
            if found := _best(exercise, others, *([group[i] for i in kept] for group in (quiet, right, seen))):
                return Named(found, _said_of(step, exercise, function, some, (seen, right)))
    return _cut_off_in_its_place(exercise, mistakes, cases, expected, results)


def _best(exercise, mistakes, cases, right, seen):
    """The mistake that fits best, on two telling cases at least or with a crash that it explains."""
    if not cases or any(done.error for done in right):
        return None
    if all(alike(exercise, a, b) for a, b in zip(right, seen, strict=True)):
        return None  # nothing is left: the catalogue, or nobody, has a name for what is wrong with that step
    if all(done.error is not None or _is_nothing(done.value) for done in seen):
        return None
    scored = [(score(exercise, mistake, cases, right, seen, must_tell=True), mistake) for mistake in mistakes]
    fits, best = max(scored, key=lambda pair: float("inf") if pair[0] is True else pair[0], default=(0, None))
    crashes = any(done.error is not None for done in seen)
    return best if fits is True or fits >= (1 if crashes else 2) else None


def _is_nothing(value):
    """Whether an answer is 0 all over: alike to that of many a mistake."""
    numbers = None if isinstance(value, dict | tuple | list) else as_numbers(value)
    return value is None or numbers is not None and not numbers.any()


def _varied(some):
    """The first cases, and the one whose sizes are all the same, on which no mistake crashes."""
    return some[:FEW] + [tried for tried in some[FEW:] if "same" in tried.label][:1]


def _said_of(step, exercise, function, some, without):
    """Whether the step is not there yet, or wrong besides, as far as a change of its input shows; "" where it is not.

    `without` holds the learner's results and the right ones on inputs on which the step does nothing.
    """
    made = [[call(exercise, result, each.args) for each in some] for result in (function, exercise.oracle)]
    answered = [four for four in zip(*made, *without, strict=True) if all(one.error is None for one in four)]
    if step.startswith("`") and answered and as_numbers(answered[0][0].value) is not None:  # words say nothing of it
        if all(alike(exercise, with_it, without_it) for with_it, _, without_it, _ in answered):
            return f"After that: {step} is still missing."
    return f"After that, look at {step} too." if any(_is_wrong_besides(*four) for four in answered) else ""


def _is_wrong_besides(mine, right, mine_without, right_without):
    """Whether a step spoils numbers that are right without it or, where none are, adds none that is right."""
    four = [as_numbers(result.value) for result in (mine, right, mine_without, right_without)]
    if any(each is None or each.dtype.kind not in "biuf" or each.shape != four[1].shape for each in four):
        return False
    a, b, a_without, b_without = (each.astype(float) for each in four)
    was_right = np.isclose(a_without, b_without, rtol=ROUNDED) & (b_without != 0)  # a ReLU's 0 hides what is wrong
    if was_right.any():
        return not np.isclose(a, b, rtol=ROUNDED, atol=ROUNDED * np.abs(b).max())[was_right].all()
    near = ROUNDED * max(1, np.abs(b).max(initial=0))
    return bool(b.size and not np.isclose(a - a_without, b - b_without, rtol=ROUNDED, atol=near).any())


def _cut_off_in_its_place(exercise, mistakes, cases, expected, results):
    """A mistake that fits once the learner's numbers below 0 are cut off, where no right answer has any."""
    numbers = [as_numbers(one.value) if not isinstance(one.value, dict | tuple | str) else None for one in expected]
    if any(number is None or number.size and number.min() < 0 for number in numbers) or not any(
        r.error is None for r in results
    ):
        return None
    cut = [_without_negatives(result) for result in results]
    if all(a is b for a, b in zip(cut, results, strict=True)):
        return None
    best = _best(exercise, mistakes, cases, expected, cut)
    return Named(best, "After that: numbers below 0 are still to become 0.") if best else None


def _without_negatives(result):
    is_array = isinstance(result.value, np.ndarray) and result.value.dtype.kind == "f"
    if result.error is not None or not is_array or not (result.value < 0).any():
        return result
    return Call(np.maximum(result.value, 0), None, result.changed, result.printed)


def steps_of(exercise: Exercise) -> list[tuple[str, Callable]]:
    """The steps of an exercise that can be made to do nothing: `(what it is called, arguments -> such arguments)`."""
    found = [(f"`{parameter}`", _nothing_added(parameter)) for parameter in exercise.parameters if parameter in ADDED]
    if "relu" in " ".join(exercise.hints).lower():
        found.append(("the ReLU", _nothing_negative))
    return found


def _nothing_added(parameter):
    def still(exercise, args):
        i, args = exercise.parameters.index(parameter), list(copy.deepcopy(args))
        default = list(inspect.signature(exercise.oracle).parameters.values())[i].default
        if i == len(args) and default is True:
            return (*args, False)
        if i >= len(args) or args[i] is None:
            return None
        args[i] = False if isinstance(args[i], bool) else args[i] * 0
        return tuple(args)

    return still


def _nothing_negative(exercise, args):
    """All numbers positive: nothing is left for a ReLU to cut off."""
    return _positive(copy.deepcopy(args))


def _positive(value):
    if isinstance(value, tuple | list):
        return type(value)(_positive(part) for part in value)
    is_array = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return np.abs(value) if is_array else value
