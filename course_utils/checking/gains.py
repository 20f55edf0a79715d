"""Twelve questions before the course and twelve after it: asked, kept on this computer, and compared.

What the course gave is told as the normalised gain (Hake 1998, Am. J. Phys. 66, 64): of what was wrong before, the
share that is right after.
"""

from collections.abc import Mapping

from course_utils.base.errors import CourseError
from course_utils.checking import history, quiz
from course_utils.exercises.twelve import FORMS, IDEAS


def before(**letters: str) -> None:
    """Ask the twelve questions that open the course: `before(maps="b", …)`. Not graded, and no answers are shown.

    >>> before(maps="b")     # doctest: +SKIP
    """
    _ask("before", letters)


def after(**letters: str) -> None:
    """Ask the twelve questions that close the course, and say how far you have come since it began.

    >>> after(maps="a")     # doctest: +SKIP
    """
    _ask("after", letters)
    if told := own_gain():
        print(told)


def _ask(form, letters):
    questions = FORMS[form]
    if unknown := sorted({*letters} - {*questions}):
        raise CourseError(f"{form} has no question {unknown[0]!r}. Keep the names: {', '.join(questions)}.")
    for name, letter in letters.items():
        if letter and letter not in questions[name].choices:
            offered = ", ".join(questions[name].choices)
            raise CourseError(f"{form}: {name} is {letter!r}, expected one of {offered}, or '' where you do not know.")
    quiz.ask([questions[name] for name in letters], letters, keep=lambda told: _keep(form, told))


def _keep(form, letters):
    known = chosen(form)
    for name, letter in letters.items():
        if known.get(name, "") != letter:
            history.record(f"{form}_{name}", "answer", code=letter)


def chosen(form: str) -> dict[str, str]:
    """The letters last given in a form, by question; those left open are not in it."""
    last = {event["exercise"]: event["code"] for event in history.events() if event["event"] == "answer"}
    return {name: last[f"{form}_{name}"] for name in FORMS[form] if last.get(f"{form}_{name}")}


def right(form: str, letters: Mapping[str, str]) -> dict[str, bool]:
    """Which of the questions of a form are right, by name; one that was left open is not.

    >>> sum(right("before", {"maps": "b", "mixing": "a"}).values())
    1
    """
    return {name: letters.get(name) == asked.right for name, asked in FORMS[form].items()}


def gain(first: float, last: float) -> float | None:
    """Of what was wrong before, the share that is right after; None if nothing was wrong.

    >>> gain(0.25, 0.75)
    0.6666666666666666
    """
    return None if first >= 1 else (last - first) / (1 - first)


def own_gain() -> str:
    """What the learner at this computer gained, in a sentence; "" until both forms were answered.

    Nothing says which of the questions are right.
    """
    forms = [chosen(form) for form in FORMS]
    if not all(forms):
        return ""
    first, last = (sum(right(form, letters).values()) for form, letters in zip(FORMS, forms, strict=True))
    of_all = f"Of {len(IDEAS)} questions you had {first} right before the course, and have {last} now"
    share = gain(first / len(IDEAS), last / len(IDEAS))
    if share is None or last <= first:
        return f"{of_all}."
    return f"{of_all}: {share:.0%} of what was missing."
