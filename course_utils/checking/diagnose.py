"""Name the mistake: match a wrong answer with the catalogue, whole, or with a step left out that is not yet written."""

from collections.abc import Callable

import numpy as np

from course_utils.base.source import source_of, words_in
from course_utils.checking import halfdone
from course_utils.checking.calls import Call, call
from course_utils.checking.matching import ROUNDING, Named, alike, is_special, made_alike, same_errors, score
from course_utils.exercises.spec import Case, Exercise, Mistake

TEN, EIGHT = 10, 8  # the cases, and the wrong answers, for each one where a mistake does not fit


def name_mistake(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Named | None:
    """The `Named` mistake that answers every case as the learner does, or None.

    A case on which both crash counts as alike; if the answers to all others are right, they have to crash with the same
    kind of error. Where no mistake is alike on every case, one is good enough that is alike wherever both give an
    answer, and that goes wrong where the learner's code crashes (a transposed weight crashes or not, as the shapes have
    it). An answer that always crashes is alike to a mistake that does so in the same words, with the same sizes.
    """
    if any(isinstance(result.error, ImportError) for result in results):
        return None
    words = words_in(source_of(function))
    fitting = [mistake for mistake in exercise.mistakes if _speaks_of(mistake, words)]
    loose: list[tuple[int, Mistake]] = []
    alike_throughout: list[tuple[int, Mistake]] = []
    crashed = any(result.error for result in results)
    for mistake in fitting:
        fits = score(exercise, mistake, cases, expected, results)
        if fits is True and not crashed:
            return Named(mistake)
        (alike_throughout if fits is True else loose).append((fits, mistake))
    if alike_throughout:  # of several that crash alike, the one whose errors say the same
        those = [mistake for _, mistake in alike_throughout]
        return Named(max(those, key=lambda mistake: same_errors(exercise, mistake, cases, results)))
    whole = next((mistake for fits, mistake in sorted(loose, key=lambda pair: -pair[0]) if fits), None)
    half = halfdone.name(exercise, function, fitting, cases, expected, results)
    return half or (Named(whole) if whole else None)


def name_loosely(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Named | None:
    """A mistake that answers nearly all cases as the learner does: for where nothing fits better; or None."""
    if any(isinstance(result.error, ImportError) for result in results):
        return None
    words = words_in(source_of(function))
    seen = exercise, [one for one in exercise.mistakes if _speaks_of(one, words)], cases, expected, results
    return _usual(*seen) or _nearly(*seen)


def _usual(exercise, mistakes, cases, expected, results):
    """A mistake that fits wherever no size is 1 and nothing is None, on three telling cases at least."""
    usual = [i for i, one in enumerate(cases) if not any(map(is_special, one.args))]
    some = [[group[i] for i in usual] for group in (cases, expected, results)]
    if len(usual) < 3 or len(usual) == len(cases) or any(result.error for result in some[2]):
        return None
    for mistake in mistakes:
        made = made_alike(exercise, mistake, some[0], some[2])
        if made and sum(m.error is None and not alike(exercise, e, m) for e, m in zip(some[1], made, strict=True)) >= 3:
            return Named(mistake) if all(m.error is None for m in made) else None
    return None


def _nearly(exercise, mistakes, cases, expected, results):
    """A mistake that fits all cases but one in ten, and eight wrong answers for each where it does not fit."""
    if not all(
        isinstance(result.value, np.ndarray | np.floating) for result in results
    ):  # few counts are like by chance
        return None
    for mistake in mistakes:
        missed = telling = 0
        for one, right, mine in zip(cases, expected, results, strict=True):
            made = call(exercise, mistake.function, one.args)
            fits = made.error is None and alike(exercise, mine, made, max(exercise.tolerance, ROUNDING))
            telling += fits and not alike(exercise, right, made)
            missed += not fits
            if missed * TEN > len(cases):
                break
        else:
            if telling >= EIGHT * max(missed, 1):
                return Named(mistake)
    return None


def _speaks_of(mistake, words):
    """Whether the message can be about this code: it is if nobody knows the code, unless it says what is called."""
    if not mistake.uses:
        return True
    return bool(words & set(mistake.uses)) if words else not any(use.endswith("()") for use in mistake.uses)
