"""What an uncatalogued wrong answer is off by: a factor or a term that is a size or a count of the case."""

from itertools import combinations

import numpy as np

from course_utils.checking.sizes import axes_of
from course_utils.exercises.spec import Exercise

ROUNDING = 1e-6
MANY = 4  # axes
Pair = tuple[tuple, np.ndarray, np.ndarray]  # arguments, right numbers, the learner's numbers
Clue = tuple[str, str | None]  # a sentence, and the code of a misconception


def close(right: np.ndarray | None, got: np.ndarray | None) -> bool:
    if right is None or got is None or right.shape != got.shape:
        return right is got
    scale = np.abs(right[np.isfinite(right)]).max(initial=0)
    return bool(np.allclose(got, right, rtol=ROUNDING, atol=max(ROUNDING * scale, 1e-12), equal_nan=True))


def _quantities(exercise, args):
    """Numbers of a case that a factor may be made of, by name: counts that are given, and sizes of axes."""
    found = {}
    for name, value in zip(exercise.parameters, args, strict=False):
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            found[f"`{name}`"] = value
        for axis, size in zip(
            axes_of(exercise, name, getattr(value, "ndim", 0)), getattr(value, "shape", ()), strict=False
        ):
            found.setdefault(axis, size)
        if getattr(value, "ndim", 0) > 1:
            found[f"the number of numbers in `{name}`"] = value.size
    two = {f"{a} · {b}": x * y for i, (a, x) in enumerate(found.items()) for b, y in list(found.items())[i + 1 :]}
    return found | two


def _ratio(right, got):
    """The one number that the learner's numbers are times the right ones, or None."""
    if right.shape != got.shape or not np.abs(right).max(initial=0):
        return None
    factor = float((got * right).sum() / (right * right).sum())
    return factor if factor and close(factor * right, got) else None


def factor(exercise: Exercise, pairs: list[Pair]) -> Clue | None:
    telling = [(args, right, got) for args, right, got in pairs if right.any() or got.any()]  # any factor makes 0 of 0
    ratios = [(args, _ratio(right, got)) for args, right, got in telling]
    if not ratios or any(factor is None for _, factor in ratios):
        return None
    if np.ptp([factor for _, factor in ratios]) < ROUNDING * abs(ratios[0][1]):
        times = ratios[0][1]
        return (f"Your numbers are the expected ones times {times:.6g}, everywhere.", "SCL") if times != 1 else None
    for name in _quantities(exercise, ratios[0][0]):
        sizes = [(_quantities(exercise, args).get(name), factor) for args, factor in ratios]
        if any(size is None for size, _ in sizes):
            continue
        for power, did in (
            (1, "times {}"),
            (-1, "divided by {}"),
            (-2, "divided twice by {}"),
            (2, "times {0} times {0}"),
        ):
            if all(abs(factor / float(size) ** power - 1) < 1e-6 for size, factor in sizes):
                said = f"Your answer is the right one {did.format(name)}."
                return said, "AVG" if power < 0 and len(pairs[0][1].shape) else "SCL"
    return None


def added(exercise: Exercise, pairs: list[Pair]) -> Clue | None:
    gaps = [(args, got - right) for args, right, got in pairs if got.shape == right.shape]
    if len(gaps) < len(pairs) or any(gap.size and np.ptp(gap) > 1e-6 * max(1, np.abs(gap).max()) for _, gap in gaps):
        return None
    values = [(args, float(gap.flat[0])) for args, gap in gaps if gap.size]
    if values and max(value for _, value in values) - min(value for _, value in values) < 1e-9:
        return f"Your numbers are the expected ones plus {values[0][1]:.6g}, everywhere.", None
    for name in _quantities(exercise, values[0][0]) if values else ():
        for sign, did in ((1, "too many"), (-1, "too few")):
            if all(_quantities(exercise, args).get(name, np.inf) * sign == value for args, value in values):
                return f"Your answer is {name} {did}.", None
    return None


def axes_too_many(exercise: Exercise, pairs: list[Pair]) -> Clue | None:
    """Axes that are left and that the right numbers are sums, or means, over; or two that stretched each other."""
    more = {got.ndim - right.ndim for _, right, got in pairs}
    if len(more) != 1 or not 0 < (count := more.pop()) < MANY or all(1 in got.shape for _, _, got in pairs):
        return None
    for axes in combinations(range(pairs[0][2].ndim), count):
        if all(
            close(right, got.min(axis=axes)) and close(right, got.max(axis=axes)) for _, right, got in pairs if got.size
        ):
            return "Your answer has an axis too many: the right numbers stand along it more than once.", None
        for join, said in ((np.sum, "added up"), (np.mean, "averaged")):
            if all(close(right, join(got, axis=axes)) for _, right, got in pairs):
                along = f"axis {axes[0]}" if count == 1 else f"axes {', '.join(map(str, axes))}"
                return f"Your answer has an axis too many: along its {along} numbers are still to be {said}.", "SUM"
    if all(right.ndim == 1 and got.shape == 2 * right.shape for _, right, got in pairs):
        return "A column, (n, 1), and a row, (n,), have stretched each other to (n, n): keep both of one kind.", "AXS"
    return None
