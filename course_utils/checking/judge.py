"""Decide: run an exercise's cases, compare with the oracle, and make a verdict of it."""

import importlib.util
import re
import unicodedata

from course_utils.base.errors import NotInstalled, OutOfReach
from course_utils.base.values import kind_of
from course_utils.checking.compare import difference
from course_utils.checking.diagnose import describe, name_mistake
from course_utils.checking.outcome import CORRECT, CRASHED, NOT_ATTEMPTED, UNCHECKED, WRONG, Verdict
from course_utils.checking.run import cases_of, own_line, run
from course_utils.exercises.codes import CODES
from course_utils.exercises.spec import Question


def judge(item, answer, seed=0):
    """The verdict on a learner's answer to an exercise (a function or a class) or to a question (a letter)."""
    return _judge_choice(item, answer) if isinstance(item, Question) else _judge_function(item, answer, seed)


def _judge_choice(question, letter):
    letter = plain_letter(letter) if isinstance(letter, str) else letter
    letters = ", ".join(question.choices)
    if letter in ("", None, "?"):
        return Verdict(question.name, NOT_ATTEMPTED, f"{question.name}: no answer yet. Choose one of {letters}.")
    choice = question.choices.get(letter) if isinstance(letter, str) else None
    if choice is None:
        return Verdict(question.name, WRONG, f"{question.name}: {kind_of(letter)} is not one of the choices {letters}.")
    if choice.code is None:
        return Verdict(question.name, CORRECT, f"{question.name}: {choice.because}")
    return Verdict(question.name, WRONG, f"{question.name}: {choice.because}", choice.code)


def plain_letter(text):
    """A choice as people write it: in capitals, with a bracket or full stop, in an East Asian keyboard's wide letters.

    >>> plain_letter("b)"), plain_letter(" (B). "), plain_letter("ｂ"), plain_letter("?")
    ('b', 'b', 'b', '?')
    """
    text = unicodedata.normalize("NFKC", text).strip().lower()
    found = re.fullmatch(r"\(?([a-z])[).:,;]*", text)
    return found[1] if found else text


def _judge_function(exercise, function, seed):
    name = exercise.name
    if not callable(function):
        hint = f"Pass it without brackets: check({name})."
        return Verdict(name, WRONG, f"{name}: got {kind_of(function)}, expected a function. {hint}")
    cases = cases_of(exercise, seed)
    first = run(exercise, function, cases[:1])
    if _is_absent(exercise, first[0].error) or isinstance(first[0].error, OutOfReach):
        return Verdict(name, UNCHECKED, f"{name}: not checked, neither right nor wrong. {first[0].error}")
    if isinstance(first[0].error, NotImplementedError):
        said = "not written yet. Replace the line that raises NotImplementedError."
        return Verdict(name, NOT_ATTEMPTED, f"{name}: {said}")
    results = first + run(exercise, function, cases[1:])
    expected = run(exercise, exercise.oracle, cases)
    for one, right, result in zip(cases, expected, results, strict=True):
        found = None if result.error else difference(right.value, result.value, exercise.axes, exercise.tolerance)
        if result.error or found or result.changed:
            return _failure(exercise, function, cases, expected, results, one, result, found)
    return Verdict(name, CORRECT, f"{name}: right on all {len(cases)} inputs.", axes=exercise.axes)


def _is_absent(exercise, error):
    """Whether an answer stopped because a package is missing that it may need; the answer's word is not enough."""
    says_so = type(error).__name__ == NotInstalled.__name__  # an error from another process has a type of its own
    return says_so and bool(exercise.needs) and importlib.util.find_spec(exercise.needs) is None


def _failure(exercise, function, cases, expected, results, one, result, found):
    """The verdict on a function that is not right: the named mistake first, then what was seen."""
    mistake = name_mistake(exercise, cases, expected, results)
    if result.error:
        seen = f"{type(result.error).__name__}: {result.error}".rstrip(": ")
    elif found:
        seen = found.sentence
    else:
        changed = " and ".join(f"`{name}`" for name in result.changed)
        seen = f"the function changes its input {changed} in place; work on a copy."
    clue = "" if mistake else describe(exercise, function, cases, expected, results)
    headline = mistake.message if mistake else clue or seen
    details = [f"Input: {one.label}{_shapes(exercise, one)}."]
    details += [f"Seen: {seen}"] if seen != headline else []
    details += [f"In your {line}"] if result.error and (line := own_line(result.error)) else []
    details += [f"Your code printed: {result.printed.strip()}"] if result.printed.strip() else []
    code = mistake.code if mistake else "INP" if result.changed and not found and not result.error else None
    details += [f"Misconception {code}: {CODES[code]}."] if code else []
    outcome = CRASHED if result.error else WRONG
    return Verdict(exercise.name, outcome, f"{exercise.name}: {headline}", code, details, found, exercise.axes)


def _shapes(exercise, one):
    """The arguments of a case in short: ", x (2, 3, 4, 7), k 3"."""
    shown = [
        f"{name} {tuple(value.shape) if hasattr(value, 'shape') else value!r}"
        for name, value in zip(exercise.parameters, one.args, strict=False)
        if hasattr(value, "shape") or isinstance(value, int | float | str | list | tuple | None)
    ]
    text = ", ".join(shown)
    return f": {text}" if text and len(text) < 160 else ""
