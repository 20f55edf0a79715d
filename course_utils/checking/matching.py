"""Whether a mistake of the catalogue does what the learner's code does, case by case."""

import re
from dataclasses import dataclass, replace

import numpy as np

from course_utils.base.values import as_numbers
from course_utils.checking.calls import Call, call
from course_utils.checking.compare import agree
from course_utils.checking.decisive import refuses_to_mix
from course_utils.exercises.spec import Case, Exercise, Mistake

ROUNDING = 1e-6  # of the largest number: two ways to compute one wrong answer may lie so far apart


@dataclass(frozen=True)
class Named:
    """A mistake of the catalogue that fits, and what else is missing, in words."""

    mistake: Mistake
    besides: str = ""


def score(
    exercise: Exercise,
    mistake: Mistake,
    cases: list[Case],
    expected: list[Call],
    results: list[Call],
    must_tell: bool = False,
) -> bool | int:
    """True where a mistake is alike on every case; the number of telling cases where it may be; 0 where it is not.

    It looks where the learner's code answers first, which tells most, and no further than the first case that rules the
    mistake out: a module is slow to make, and most mistakes are not it.
    """
    three = list(zip(cases, expected, results, strict=True))
    answered = [one for one in three if one[2].error is None]
    crashed = [one for one in three if one[2].error is not None]
    telling, everywhere = 0, True
    for one, right, mine in answered:
        made = _as_seen(one, mine, call(exercise, mistake.function, one.args))
        if refuses_to_mix(one, made.error):  # where work is graded, a view comes as an array of its own
            continue
        if _is_another(exercise, right, mine, made):
            return 0
        everywhere = everywhere and made.error is None
        telling += made.error is None and not alike(exercise, right, made)
    if not telling and (not everywhere or must_tell and not answered):
        return 0
    same, instead = _same_text if must_tell or not answered else _alike_in_words, []
    for one, right, mine in crashed:
        made = call(exercise, mistake.function, one.args)
        if refuses_to_mix(one, made.error):
            continue
        if _is_another(exercise, right, mine, made) or not telling and not same(mine.error, made.error):
            return 0
        instead.append((right, made))
    if everywhere and (telling or instead) and all(made.error is not None for _, made in instead):
        return True
    return telling if _explains(instead) else 0


def _as_seen(one, mine, made):
    """What a mistake did, as far as it shows: where work is graded, a function among the arguments hands out copies.

    What the learner's code writes into them changes no argument there, and what the mistake writes does.
    """
    return replace(made, changed=()) if made.changed and not mine.changed and any(map(callable, one.args)) else made


def _is_another(exercise, right, mine, made):
    """Whether one case rules a mistake out: other answers, one of them wrong where the other has none, or right."""
    if mine.error is None and made.error is None:
        return not alike(exercise, mine, made, max(exercise.tolerance, ROUNDING))
    if mine.error is None:
        return not alike(exercise, right, mine)  # a wrong answer where the mistake has none
    return made.error is None and alike(exercise, right, made)  # it does not say why the learner's code crashes


def _explains(instead):
    """Whether what a mistake does says why the learner's code crashes: it is no answer at all, once at least."""
    return not instead or any(made.error is not None or _is_none(right.value, made.value) for right, made in instead)


def _is_none(right, made):
    """Whether a value has another shape than the right one, or is infinite or too long: other code may crash there."""
    if type(made) is int and as_numbers(made) is None:
        return True
    right, made = (
        None if isinstance(value, dict | list | tuple | str) else as_numbers(value) for value in (right, made)
    )
    return np.shape(right) != np.shape(made) or made is not None and not np.isfinite(made).all()


def made_alike(exercise: Exercise, mistake: Mistake, cases: list[Case], results: list[Call]) -> list[Call] | None:
    """What the mistake does with each case, or None as soon as both give an answer and the two are not alike."""
    made = []
    for one, result in zip(cases, results, strict=True):
        made.append(call(exercise, mistake.function, one.args))
        both = result.error is None and made[-1].error is None
        if both and not alike(exercise, result, made[-1], max(exercise.tolerance, ROUNDING)):
            return None
    return made


def _same_kind(one, other):
    """Whether the learner's error is one of the mistake's kind; a mistake's `Exception` stands for them all.

    What None cannot do is one kind, whether it is asked for an item, a length or an attribute. PyTorch has one kind for
    nearly all that it refuses: there the words decide, and the sizes in them, in any order.
    """
    if "NoneType" in str(one) and "NoneType" in str(other):
        return True
    if type(one).__name__ == type(other).__name__ == "RuntimeError":
        return _words_and_sizes(one) == _words_and_sizes(other)
    return type(other).__name__ in [kind.__name__ for kind in type(one).__mro__]  # by name: it may come from elsewhere


def _alike_in_words(one, other):
    """Errors of one kind; where sizes do not fit, with the same words and sizes: many slips make sizes not fit."""
    is_about_sizes = type(one).__name__ == "ValueError" and re.search(r"shape|size|broadcast", str(one))
    if is_about_sizes and "NoneType" not in str(one):
        return _same_kind(one, other) and _words_and_sizes(one) == _words_and_sizes(other)
    return _same_kind(one, other)


def _words_and_sizes(error):
    return re.split(r"\d+", str(error)), sorted(re.findall(r"\d+", str(error)))


def _same_words(a, b):
    return a.error is not None and b.error is not None and _same_text(a.error, b.error)


def same_errors(exercise: Exercise, mistake: Mistake, cases: list[Case], results: list[Call]) -> int:
    """On how many cases a mistake crashes in the learner's very words."""
    crashed = [(one, result) for one, result in zip(cases, results, strict=True) if result.error]
    return sum(_same_words(result, call(exercise, mistake.function, one.args)) for one, result in crashed)


def _same_text(one, other):
    return _same_kind(one, other) and str(one) == str(other) != ""


def alike(exercise: Exercise, a: Call, b: Call, tolerance: float | None = None) -> bool:
    """Whether two results are the same answer, and leave the same arguments unchanged."""
    near = exercise.tolerance if tolerance is None else tolerance
    return a.changed == b.changed and agree(a.value, b.value, near)


def is_special(value: object) -> bool:
    """Whether an argument is a special case, on which slips look like others.

    None, a size of 1, one item, bytes, a layer whose numbers are no float32.
    """
    if hasattr(value, "parameters"):
        return any(str(one.dtype) != "torch.float32" for one in value.parameters())
    if str(getattr(value, "dtype", "")) == "uint8":  # a sum of them runs over, or not, as it is written
        return True
    return value is None or 1 in getattr(value, "shape", ()) or isinstance(value, list) and len(value) < 2
