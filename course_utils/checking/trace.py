"""What a function does, case by case, in a few letters: two that do the same have the same, whatever their text says.

A class's wrong answers are grouped by it. It is made of rounded sums, so that float32 and float64 give the same, and no
number of a case can be read from it.
"""

import hashlib

import numpy as np

from course_utils.base.values import as_numbers
from course_utils.checking.calls import Call
from course_utils.checking.compare import difference
from course_utils.exercises.spec import Exercise

RIGHT = "="
PROJECTIONS = 3  # sums of the numbers with weights drawn once
MANY = 4096  # numbers, each with a weight of its own


def trace(exercise: Exercise, expected: list[Call], results: list[Call], seed: int) -> tuple[str, ...]:
    """One entry a case: "=" where it is right, the error's name, or a digest of what came out.

    >>> from course_utils.exercises import find
    >>> from course_utils.checking.calls import cases_of, run
    >>> item = find("mix_pixel")
    >>> expected = run(item, item.oracle, cases_of(item))
    >>> set(trace(item, expected, expected, 0)[1:])
    {'='}
    """
    return (f"seed {seed}", *(_entry(exercise, *pair) for pair in zip(expected, results, strict=True)))


def _entry(exercise, right, result):
    if result.error:
        return f"! {type(result.error).__name__}"
    changed = f"changes {', '.join(result.changed)}" if result.changed else ""
    if not difference(right.value, result.value, exercise.axes, exercise.tolerance):
        return changed or RIGHT
    return hashlib.sha256(f"{_signature(result.value)} {changed}".encode()).hexdigest()[:10]


def _signature(value):
    """A value in words that are the same for what is nearly the same."""
    if hasattr(type(value), "detach"):
        value = as_numbers(value)
    if isinstance(value, list | tuple):
        return f"{len(value)}({' '.join(_signature(item) for item in value)})"
    if isinstance(value, dict):
        return " ".join(f"{key!r}:{_signature(one)}" for key, one in value.items())
    if value is None or isinstance(value, str | bool):
        return repr(value)
    try:
        numbers = np.asarray(value)
        numbers = np.stack([numbers.real, numbers.imag]) if numbers.dtype.kind == "c" else numbers
        with np.errstate(over="ignore"):
            numbers = numbers.astype(float).ravel()
    except (TypeError, ValueError, OverflowError):  # a whole number of hundreds of digits is too large for a float
        return type(value).__name__
    shape, odd = np.shape(value), ~np.isfinite(numbers)
    numbers = np.where(odd, 0.0, numbers)
    with np.errstate(over="ignore"):
        size = float(np.linalg.norm(numbers))
    sums = _projected(numbers) / (size or 1)
    return f"{shape} {odd.sum()} {size:.3g} {' '.join(f'{total + 0.0:.2f}' for total in sums)}"


def _projected(numbers):
    """Sums of the numbers with weights; of many numbers a row's weight times a column's, which are sooner drawn."""
    rng = np.random.default_rng(len(numbers))
    if len(numbers) <= MANY:
        return rng.normal(size=(PROJECTIONS, len(numbers))) @ numbers
    rows = np.pad(numbers, (0, -len(numbers) % MANY)).reshape(-1, MANY)
    return ((rng.normal(size=(PROJECTIONS, len(rows))) @ rows) * rng.normal(size=(PROJECTIONS, MANY))).sum(axis=1)
