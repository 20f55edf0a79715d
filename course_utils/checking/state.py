"""Does a function remember something between calls? Then no single input shows what is wrong with it."""

import ast
import copy
from collections.abc import Callable

import numpy as np

from course_utils.base.source import source_of, tree_of, words_in
from course_utils.base.values import as_numbers, numbers_in, overwrites
from course_utils.checking.calls import Call, call
from course_utils.checking.compare import agree
from course_utils.exercises.spec import Case, Exercise, apply

SAME = 1e-9  # of the largest number: as far as two answers to the same input may lie apart
RIGHT = 3  # cases that are right at least where a stale answer is spoken of


def remembered(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> str:
    """One sentence on what a function keeps from call to call, or "" where nothing shows that it does.

    The last case is the first one a second time: see `calls.cases_of`.
    """
    if _differs(exercise, expected[0], results[0], results[-1]):
        words = words_in(source_of(function)) or set()
        twice = "Called twice with the same input, your function gives two answers: it"
        if words & {"random", "rng", "default_rng"}:
            return f"{twice} draws random numbers, or it remembers something between calls."
        if made := sorted(words & {"empty", "empty_like"}):
            return (
                f"{twice} reads numbers that nobody has set, or it remembers something between calls. `{made[0]}` "
                "makes an array of what lay in memory before: begin with zeros where you add up."
            )
        return (
            "Your function remembers something between calls: given the same input a second time, it does something "
            f"else. {_where(function)}"
        )
    if _is_stale(exercise, function, cases, expected, results):
        return (
            "Your function remembers something between calls: it gives the answer to an earlier input "
            f"once more, whatever numbers it is given now. {_where(function)}"
        )
    return ""


def handed_out_again(function: Callable, one: Case, result: Call) -> str:
    """One sentence on right answers that the next call of the same sizes overwrites, or "" where none does."""
    if any(map(callable, one.args)) or not numbers_in(result.value):
        return ""
    if not overwrites(function, one.args, tuple(map(_changed, one.args))):
        return ""
    said = "right numbers, but the next call overwrites them: both answers are one and the same array."
    return f"{said} {_where(function)}"


def _differs(exercise, right, first, again):
    """Whether the same input had two answers; of what is only observed, whether one was right and one was not."""
    if first.error is not None or again.error is not None:
        return (first.error is None) != (again.error is None)
    if exercise.observe is not apply:
        return len({agree(right.value, one.value, exercise.tolerance) for one in (first, again)}) == 2
    is_comparable = _is_comparable(first.value) and _is_comparable(again.value)
    return is_comparable and not agree(first.value, again.value, SAME)


def _is_comparable(value):
    """Whether two equal answers can be seen to be equal: two generators, or arrays of objects, never can."""
    if isinstance(value, dict | list | tuple):
        return all(map(_is_comparable, value.values() if isinstance(value, dict) else value))
    return value is None or isinstance(value, bool | str) or as_numbers(value) is not None


def _is_stale(exercise, function, cases, expected, results):
    """Whether a wrong answer is the right one to an earlier input, and stays so when the numbers are changed."""
    three = list(zip(cases, expected, results, strict=True))
    fits = [r.error is None and agree(e.value, r.value, exercise.tolerance) for _, e, r in three]
    if sum(fits) < RIGHT:
        return False
    for k, (one, right, mine) in enumerate(three):
        if fits[k] or mine.error is not None or not _is_telling(mine.value):
            continue
        if not any(fits[j] and agree(expected[j].value, mine.value, 0.0) for j in range(k)):
            continue
        return _stays(exercise, function, one.args, mine, right)
    return False


def _stays(exercise, function, args, mine, right):
    """Whether the answer is an earlier one once more with all numbers changed, or with those of one argument.

    An answer that leaves an argument out looks like the second, but is not right with all numbers changed.
    """
    other = tuple(map(_changed, copy.deepcopy(args)))
    wanted, fresh = call(exercise, exercise.oracle, other), call(exercise, function, other)
    if wanted.error is not None or fresh.error is not None:
        return False
    if agree(right.value, wanted.value, exercise.tolerance):  # there was nothing to change: whole numbers stay
        return False
    if not agree(wanted.value, fresh.value, exercise.tolerance):
        return not agree(mine.value, wanted.value, exercise.tolerance) and agree(mine.value, fresh.value, 0.0)
    for i in range(len(args)):
        some = (*other[:i], args[i], *other[i + 1 :])
        wanted, again = call(exercise, exercise.oracle, some), call(exercise, function, some)
        moves = wanted.error is None and not agree(fresh.value, wanted.value, exercise.tolerance)
        if moves and again.error is None and agree(fresh.value, again.value, 0.0):
            return True
    return False


def _is_telling(value):
    """Whether an answer has a fraction in it: no other input has it by chance."""
    numbers = None if isinstance(value, dict | str | tuple | list | None) else as_numbers(value)
    if numbers is None or numbers.dtype.kind != "f":
        return False
    numbers = numbers[np.isfinite(numbers)]
    return bool((np.abs(numbers - np.round(numbers)) > 0.001).any())


def _changed(value):
    """Other numbers, and no multiple of the given ones: some answers are the same for those. Lists are gone through."""
    if isinstance(value, list | tuple):
        return type(value)(map(_changed, value))
    if hasattr(value, "detach"):
        moved = value.new_tensor(np.cos(np.arange(value.numel())).reshape(value.shape))
        return value.detach() * 0.5 + moved if value.is_floating_point() else value
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind in ("i", "u"):
        return value + value.dtype.type(1)
    if kind == "f":
        return value * 0.5 + np.cos(np.arange(value.size)).reshape(value.shape)
    return value * 1.5 + 0.25 if isinstance(value, float) else value


def _where(function):
    """Where to look: at a default that is made once, if the code has one."""
    tree = tree_of(source_of(function))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            defaults = [*node.args.defaults, *node.args.kw_defaults]
            names = [*node.args.posonlyargs, *node.args.args][-len(node.args.defaults) or None :] + node.args.kwonlyargs
            for name, default in zip(names, defaults, strict=False):
                if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
                    said = f"`{name.arg}={ast.unparse(default)}`"
                    return f"The default {said} is made once, not at each call: make it inside the function."
    return "Look for a name outside of the function that it changes, and begin anew in each call."
