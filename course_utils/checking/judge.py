"""Decide: run an exercise's cases, compare with the oracle, and make a verdict of it."""

import importlib.util
import re
import unicodedata
from dataclasses import replace

from course_utils.base import switches
from course_utils.base.errors import NotInstalled, OutOfReach
from course_utils.base.threads import one_thread
from course_utils.base.values import kind_of
from course_utils.checking import rules, waiting
from course_utils.checking.calls import cases_of, own_line, run
from course_utils.checking.compare import difference
from course_utils.checking.decisive import refuses_to_mix
from course_utils.checking.lacking import lacking
from course_utils.checking.outcome import CORRECT, NOT_ATTEMPTED, UNCHECKED, WRONG, Verdict
from course_utils.checking.seen import Seen
from course_utils.checking.state import handed_out_again
from course_utils.checking.trace import trace
from course_utils.exercises.spec import Exercise, Question

LETTER_MAX = 100  # characters of what somebody typed for a letter


def judge(item: Exercise | Question, answer: object, seed: int = 0) -> Verdict:
    """The verdict on a learner's answer to an exercise (a function or a class) or to a question (a letter)."""
    if isinstance(item, Question):
        return _judge_choice(item, answer)
    if not callable(answer):
        hint = f"Pass it without brackets: check({item.name})."
        return Verdict(item.name, WRONG, f"{item.name}: got {kind_of(answer)}, expected a function. {hint}")
    with one_thread(), waiting.patience(item.name):
        try:
            return _judge_as_in_a_new_notebook(item, answer, seed)
        except ModuleNotFoundError as error:  # of the inputs, which some exercises make with PyTorch
            if missing := lacking(error):
                return _unchecked(item.name, missing)
            raise


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


def plain_letter(text: str) -> str:
    """A choice as people write it: in capitals, with a bracket or full stop, in an East Asian keyboard's wide letters.

    >>> plain_letter("b)"), plain_letter(" (B). "), plain_letter("ｂ"), plain_letter("?")
    ('b', 'b', 'b', '?')
    """
    if len(text) > LETTER_MAX:  # no letter, and to normalize it may take hours
        return text
    text = unicodedata.normalize("NFKC", text).strip().lower()
    found = re.fullmatch(r"\(?([a-z])[).:,;]*", text)
    return found[1] if found else text


def _judge_as_in_a_new_notebook(exercise, function, seed):
    """The verdict with all switches as they are in a new notebook; if an earlier cell has turned one, it says so."""
    turned = switches.turned(function) or switches.turned(None)
    kept = [(one, switches.put_back(one)) for one in (function, None)] if turned else []
    try:
        verdict = _judge_function(exercise, function, seed)
    finally:
        for one, was in reversed(kept):
            switches.turn_again(one, was)
    if turned:
        verdict.details.append(
            f"An earlier cell has run {_in_code(turned)}. The check has put that back while it ran; the cells of this "
            "lesson have not: restart the kernel, and leave it out."
        )
    return verdict


def _in_code(switched):
    return " and ".join(f"`{switch}`" for switch in switched)


def _judge_function(exercise, function, seed):
    name = exercise.name
    cases = cases_of(exercise, seed)
    first = run(exercise, function, cases[:1])
    if missing := lacking(first[0].error):
        return _unchecked(name, missing)
    if _is_absent(exercise, first[0].error) or isinstance(first[0].error, OutOfReach):
        return _unchecked(name, first[0].error)
    if isinstance(first[0].error, NotImplementedError):
        return Verdict(name, NOT_ATTEMPTED, f"{name}: {_unwritten(name, first[0].error)}")
    results = first + run(exercise, function, cases[1:])
    left = switches.turned(function)
    if not left:
        return _compared(exercise, function, cases, results, seed)
    switches.put_back(function)
    verdict = _compared(exercise, function, cases, results, seed)
    switches.put_back(function)  # it may have been called again
    if verdict.outcome != CORRECT:
        return verdict
    ways = "`with torch.no_grad():` and `with np.errstate(…):` do so by themselves"
    advice = f"for all that runs after it. Turn it back before the function returns ({ways})."
    return Verdict(name, WRONG, f"{name}: right numbers, but {_in_code(left)} stays turned {advice}")


def _unchecked(name, why):
    return Verdict(name, UNCHECKED, f"{name}: not checked, neither right nor wrong. {why}")


def _compared(exercise, function, cases, results, seed):
    """The verdict on what a function did on each case."""
    name, expected = exercise.name, run(exercise, exercise.oracle, cases)
    three = zip(cases, expected, results, strict=True)
    judged = [(one, right, result) for one, right, result in three if not refuses_to_mix(one, result.error)]
    for one, right, result in judged:
        found = None if result.error else difference(right.value, result.value, exercise.axes, exercise.tolerance)
        if result.error or found or result.changed:
            seen = Seen(exercise, function, *map(list, zip(*judged, strict=True)), one, result, found)
            return replace(seen.verdict(seed), trace=trace(exercise, expected, results, seed))
    if said := handed_out_again(function, cases[0], results[0]):
        return Verdict(name, WRONG, f"{name}: {said}")
    right = f"{name}: right on all {len(cases)} inputs."
    return Verdict(name, CORRECT, right, details=rules.said(exercise, function), axes=exercise.axes)


def _unwritten(name, error):
    """What is still to be written: the function itself, or another one that it calls."""
    place = own_line(error).partition(" of `")[2].partition("`")[0]
    if place and place != name and place not in ("forward", "__init__"):
        return f"it calls `{place}`, which is not written yet."
    return "not written yet. Replace the line that raises NotImplementedError."


def _is_absent(exercise, error):
    """Whether an answer stopped because a package is missing that it may need; the answer's word is not enough."""
    says_so = type(error).__name__ == NotInstalled.__name__  # an error from another process has a type of its own
    return says_so and bool(exercise.needs) and importlib.util.find_spec(exercise.needs) is None
