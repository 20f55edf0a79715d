"""Name the mistake: match a wrong answer with the catalogue, whole, or with a step left out that is not yet written."""

import copy
from dataclasses import dataclass

import numpy as np

from course_utils.base.source import source_of, words_in
from course_utils.checking.compare import agree
from course_utils.checking.run import call
from course_utils.exercises.spec import Mistake

ADDED = ("bias", "b", "b1", "b2", "beta")  # arguments that are added to an answer: without them it is half done
FEW = 3  # cases on which half-done code is tried


@dataclass(frozen=True)
class Named:
    """A mistake of the catalogue that fits, and what else is missing, in words."""

    mistake: Mistake
    besides: str = ""


def name_mistake(exercise, function, cases, expected, results):
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
    loose = []
    for mistake in fitting:
        score = _score(exercise, mistake, cases, expected, results)
        if score is True:
            return Named(mistake)
        loose.append((score, mistake))
    whole = next((mistake for score, mistake in sorted(loose, key=lambda pair: -pair[0]) if score), None)
    return _half_done(exercise, function, fitting, cases, expected) or (Named(whole) if whole else None)


def _speaks_of(mistake, words):
    """Whether the message can be about this code: it is if nobody knows the code."""
    return not mistake.uses or words is None or not words or bool(words & set(mistake.uses))


def _score(exercise, mistake, cases, expected, results, must_tell=False):
    """True where a mistake is alike on every case; the number of telling cases where it may be; 0 where it is not."""
    made = _made_alike(exercise, mistake, cases, results)
    if made is None:
        return 0
    pairs = list(zip(expected, results, made, strict=True))
    both = [(e, r, m) for e, r, m in pairs if r.error is None and m.error is None]
    if not both:
        return not must_tell and bool(pairs) and all(map(_same_words, results, made))
    telling = sum(not alike(exercise, e, m) for e, _, m in both)
    crashed = [(r.error, m.error) for _, r, m in pairs if r.error is not None and m.error is not None]
    if len(both) + len(crashed) == len(pairs) and (
        telling or not must_tell and all(_same_kind(*two) for two in crashed)
    ):
        return True
    return telling if _explains(exercise, [(e, m) for e, r, m in pairs if r.error is not None]) else 0


def _explains(exercise, where):
    """Whether the mistake says why the learner's code crashes: never right there, it crashes or misshapes once."""
    if any(made.error is None and alike(exercise, right, made) for right, made in where):
        return False
    return not where or any(
        made.error is not None or np.shape(_plain(made.value)) != np.shape(_plain(right.value)) for right, made in where
    )


def _plain(value):
    return None if isinstance(value, dict | list | tuple | str) else value


def _made_alike(exercise, mistake, cases, results):
    """What the mistake does with each case, or None as soon as both give an answer and the two are not alike."""
    made = []
    for one, result in zip(cases, results, strict=True):
        made.append(call(exercise, mistake.function, one.args))
        if result.error is None and made[-1].error is None and not alike(exercise, result, made[-1]):
            return None
    return made


def _same_kind(one, other):
    """Whether the learner's error is one of the mistake's kind; a mistake's `Exception` stands for them all."""
    return type(other).__name__ in [kind.__name__ for kind in type(one).__mro__]  # by name: it may come from elsewhere


def _same_words(a, b):
    if a.error is None or b.error is None:
        return False
    return _same_kind(a.error, b.error) and str(a.error) == str(b.error) != ""


def alike(exercise, a, b):
    """Whether two results are the same answer, and leave the same arguments unchanged."""
    return a.changed == b.changed and agree(a.value, b.value, exercise.tolerance)


# ---- half-done code: the slip first, the step that is missing or wrong besides second


def _half_done(exercise, function, mistakes, cases, expected):
    """A mistake that fits once a step is made to do nothing, by inputs on which it does nothing."""
    for step, still in steps_of(exercise):
        some = [
            (one, right) for one, right in zip(cases, expected, strict=True) if still(exercise, one.args) is not None
        ]
        some = _varied(some)
        without = [still(exercise, one.args) for one, _ in some]
        if not some:
            continue
        seen = [call(exercise, function, args) for args in without]
        right = [call(exercise, exercise.oracle, args) for args in without]
        if any(map(lambda r: r.error, right)) or all(map(lambda a, b: alike(exercise, a, b), right, seen)):
            continue  # without that step it is right: the catalogue, or nobody, has a name for what is wrong with it
        quiet = [type(one)(one.label, args) for (one, _), args in zip(some, without, strict=True)]
        scored = [(_score(exercise, mistake, quiet, right, seen, must_tell=True), mistake) for mistake in mistakes]
        best = max(scored, key=lambda pair: float("inf") if pair[0] is True else pair[0], default=(0, None))
        if best[0] and sum(result.error is None for result in seen):
            return Named(best[1], _said_of(step, exercise, function, some, without))
    return None


def _varied(some):
    """The first cases, and the one whose sizes are all the same, on which no mistake crashes."""
    square = [pair for pair in some[FEW:] if "same" in pair[0].label][:1]
    return some[:FEW] + square


def _said_of(step, exercise, function, some, without):
    """Whether the step is not there yet, as far as a change of its input shows."""
    pairs = [(call(exercise, function, one.args), call(exercise, function, args))
             for (one, _), args in zip(some, without, strict=True)]  # fmt: skip
    answered = [(a, b) for a, b in pairs if a.error is None and b.error is None]
    missing = step.startswith("`") and answered and all(alike(exercise, a, b) for a, b in answered)
    return f"After that: {step} is still missing." if missing else f"After that, look at {step} too."


def steps_of(exercise):
    """The steps of an exercise that can be made to do nothing: `(what it is called, arguments -> such arguments)`."""
    added = [name for name in exercise.parameters if name in ADDED]
    found = [(f"`{name}`", _nothing_added(name)) for name in added]
    if "ReLU" in " ".join(exercise.hints) or "relu" in " ".join(exercise.hints):
        found.append(("the ReLU", _nothing_negative))
    return found


def _nothing_added(name):
    def still(exercise, args):
        i = exercise.parameters.index(name)
        if i >= len(args) or args[i] is None or isinstance(args[i], bool):
            return None
        args = list(copy.deepcopy(args))
        args[i] = args[i] * 0
        return tuple(args)

    return still


def _nothing_negative(exercise, args):
    """All numbers positive: nothing is left for a ReLU to cut off."""
    return _positive(copy.deepcopy(args))


def _positive(value):
    if isinstance(value, tuple | list):
        return type(value)(_positive(one) for one in value)
    is_array = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return np.abs(value) if is_array else value
