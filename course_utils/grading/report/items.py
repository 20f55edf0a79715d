"""How the exercises of a lesson did: how hard each one was, and whether it tells who knows the rest."""

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass

from course_utils.checking.outcome import NOT_ATTEMPTED, UNCHECKED
from course_utils.exercises.codes import CODES


@dataclass(frozen=True)
class Item:
    """One exercise in one class."""

    exercise: str
    students: int
    right: int  # students with full marks
    untried: int
    share: float  # of its points, earned by the class: its difficulty, 1 where everybody has it right
    discrimination: float | None  # item-rest correlation; None where all did alike


def items(results):
    """An `Item` for each exercise, in the order of the lesson; what was not checked tells nothing about it."""
    found = defaultdict(list)
    for result in results:
        for each in (each for each in result.findings if each.outcome != UNCHECKED):
            rest = sum(other.marks for other in result.findings if other is not each)
            found[each.exercise].append((each, rest))
    return [_item(exercise, pairs) for exercise, pairs in found.items()]


def _item(exercise, pairs):
    findings = [each for each, _ in pairs]
    marks = [each.marks for each in findings]
    points = sum(each.points for each in findings)
    right = sum(each.marks == each.points for each in findings)
    untried = sum(each.outcome == NOT_ATTEMPTED for each in findings)
    together = correlation(marks, [rest for _, rest in pairs])
    return Item(exercise, len(pairs), right, untried, sum(marks) / points if points else 0.0, together)


def correlation(xs, ys):
    """Pearson's correlation, or None where one of the two never varies.

    >>> correlation([0, 1, 2], [1, 2, 3]), correlation([1, 1], [0, 5])
    (1.0, None)
    """
    xs, ys = ([round(value, 9) for value in values] for values in (xs, ys))
    if len({*xs}) < 2 or len({*ys}) < 2:
        return None
    return round(statistics.correlation(xs, ys), 6)


def misconceptions(results):
    """`(exercise, misconception, students, message)`: exercises as in the lesson, in each the most frequent first."""
    order = {item.exercise: i for i, item in enumerate(items(results))}
    counted = Counter(
        (each.exercise, each.code, each.message) for result in results for each in result.findings if each.code
    )
    ranked = sorted(counted.items(), key=lambda entry: (order[entry[0][0]], -entry[1]))
    return [
        (exercise, f"{code}: {CODES.get(code, '')}", number, message.removeprefix(f"{exercise}: "))
        for (exercise, code, message), number in ranked
    ]


def beliefs(results):
    """`(misconception, students, exercises)`: what the class believes, the most frequent first.

    A student who shows a misconception in two exercises counts once.
    """
    holders, places = defaultdict(set), defaultdict(Counter)
    for result in results:
        for each in result.findings:
            if each.code:
                holders[each.code].add(result.student)
                places[each.code][each.exercise] += 1
    ranked = sorted(holders, key=lambda code: (-len(holders[code]), code))
    return [(f"{code}: {CODES.get(code, '')}", len(holders[code]), ", ".join(places[code])) for code in ranked]
