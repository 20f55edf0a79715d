"""Name the mistake: match a wrong answer with the catalogue; where nothing matches, say what its numbers show."""

import copy
import functools

import numpy as np

from course_utils.base.values import as_numbers
from course_utils.checking.compare import agree
from course_utils.checking.run import call

MISSING = ("ImportError", "ModuleNotFoundError")  # a package that is not here is nobody's misconception


def name_mistake(exercise, cases, expected, results):
    """The catalogued `Mistake` that answers every case as the learner does, or None.

    A case on which both crash counts as alike; if the answers to all others are right, they have to crash with the same
    kind of error. Where no mistake is alike on every case, one that is alike wherever both give an answer is good
    enough (a transposed weight crashes or not, as the shapes have it). An answer that always crashes is alike to a
    mistake that does so in the same words, with the same sizes in them.
    """
    loose = None
    for mistake in exercise.mistakes:
        made = _made_alike(exercise, mistake, cases, results)
        if made is None:
            continue
        pairs = list(zip(expected, results, made, strict=True))
        both = [(e, r, m) for e, r, m in pairs if r.error is None and m.error is None]
        if not both and all(map(_same_words, results, made)):
            return mistake
        telling = any(not _alike(exercise, e, m) for e, _, m in both)
        crashed = [(r.error, m.error) for _, r, m in pairs if r.error is not None and m.error is not None]
        if both and len(both) + len(crashed) == len(pairs) and (telling or all(_same_kind(*two) for two in crashed)):
            return mistake
        loose = loose or (mistake if telling else None)
    return loose


def _made_alike(exercise, mistake, cases, results):
    """What the mistake does with each case, or None as soon as both give an answer and the two are not alike."""
    made = []
    for one, result in zip(cases, results, strict=True):
        made.append(call(exercise, mistake.function, one.args))
        if result.error is None and made[-1].error is None and not _alike(exercise, result, made[-1]):
            return None
    return made


def _same_kind(one, other):
    """Whether the learner's error is one of the mistake's kind; a mistake's `Exception` stands for them all."""
    return type(other).__name__ in [kind.__name__ for kind in type(one).__mro__]  # by name: it may come from elsewhere


def _same_words(a, b):
    if a.error is None or b.error is None or type(a.error).__name__ in MISSING:
        return False
    return _same_kind(a.error, b.error) and str(a.error) == str(b.error) != ""


def _alike(exercise, a, b):
    return a.changed == b.changed and agree(a.value, b.value, exercise.tolerance)


def describe(exercise, function, cases, expected, results):
    """What an uncatalogued wrong answer has in common with the right one: a sentence that helps, or ""."""
    for one, right, result in zip(cases, expected, results, strict=True):
        if result.error is None and not _alike(exercise, right, result):
            if result.value is None:  # the comparison has already said that a `return` is missing
                return ""
            numbers = _numbers(right.value), _numbers(result.value)
            return _relation(*numbers) or _insensitive(exercise, function, one, right, result)
    return ""


def _numbers(value):
    """The value as one array of floats, or None."""
    array = as_numbers(value) if not isinstance(value, dict | str) else None
    return None if array is None else array.astype(float)


def _relation(expected, got):
    """How two arrays of numbers are related, if simply."""
    if expected is None or got is None:
        return ""
    if not np.isfinite(got).all() and np.isfinite(expected).all():
        return f"{'Some of your numbers are' if got.size > 1 else 'Your number is'} not finite (nan or inf)."
    if got.size < 2:
        return ""
    if np.ptp(got) == 0 < np.ptp(expected):
        return f"Every number you return is {got.flat[0] + 0.0:.6g}."  # + 0.0: no sign on a zero
    if got.shape != expected.shape:
        return ""
    scale = np.abs(expected).max()
    close = functools.partial(np.allclose, rtol=1e-6, atol=1e-6 * scale)
    if close(got, expected):  # the numbers are right; it is their container that is not
        return ""
    if np.abs(got).max() > 0 and scale > 0:
        factor = (got * expected).sum() / (expected * expected).sum()
        if close(got, factor * expected):
            return f"Your numbers are the expected ones times {factor:.6g}, everywhere."
    if close(got - expected, (got - expected).flat[0]):
        return f"Your numbers are the expected ones plus {(got - expected).flat[0]:.6g}, everywhere."
    if close(np.sort(got, axis=None), np.sort(expected, axis=None)):
        return "You return the right numbers, in another order."
    return ""


def _insensitive(exercise, function, one, right, result):
    """An argument that the answer ought to depend on, and does not."""
    for i, name in enumerate(exercise.parameters[: len(one.args)]):
        given = one.args[i]
        if not (isinstance(given, float) or getattr(getattr(given, "dtype", None), "kind", "") == "f"):
            continue
        args = list(copy.deepcopy(one.args))
        args[i] = args[i] * 1.5 + 0.25
        moved, answer = call(exercise, exercise.oracle, tuple(args)), call(exercise, function, tuple(args))
        if moved.error or answer.error or agree(right.value, moved.value, exercise.tolerance):
            continue
        if agree(result.value, answer.value, exercise.tolerance):
            return f"Your answer does not depend on `{name}`."
    return ""
