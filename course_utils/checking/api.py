"""What a learner calls: `check(f)`, `hint(f)`, `solution(f)` and `progress()`."""

import html
import json
import linecache
import re
import sys
from collections.abc import Callable

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.base.values import kind_of
from course_utils.checking import course_map, gains, hints, history, render, waiting
from course_utils.checking.cells import WATCH, watch
from course_utils.checking.judge import judge
from course_utils.checking.outcome import CORRECT, FAILURES, UNCHECKED, CheckFailed
from course_utils.exercises import Exercise, Question, catalogue, find

NOT_HERE = (
    "Solutions are left out of the course in the browser. hint({0}) goes as far as pseudo-code; in a clone of "
    "the course on a computer, solution({0}) shows one."
)


def check(answer: object, exercise: str | Callable | None = None, *, seed: int = 0) -> None:
    """Run the exercise on your function and say what is wrong; a question takes your letter and its name.

    >>> check(lambda v, w, b=0.0: sum(v * w) + b, "mix_pixel")     # doctest: +ELLIPSIS
    ✓ mix_pixel: right on all ... inputs.

    `check(f)` finds the exercise by the name the function has in your notebook. Raises `NotAttempted` (a
    NotImplementedError), `Wrong` (an AssertionError) or `Crashed` (a RuntimeError). Where the answer needs an optional
    package that is not installed, it says so and raises nothing. The same `seed` gives the same cases.
    """
    for item in _items(answer, exercise, sys._getframe(1).f_globals):
        verdict = WATCH.verdict(item.name, answer) or _judged(item, answer, seed)
        history.record(item.name, verdict.outcome, code=verdict.code)
        if verdict.outcome != CORRECT:
            break
    if verdict.outcome in (CORRECT, UNCHECKED) or render.in_notebook():
        render.show(verdict)
    if verdict.outcome in FAILURES:
        _print_without_traceback()
        raise FAILURES[verdict.outcome](render.plain(verdict), verdict.headline) from None


def _judged(item, answer, seed):
    try:
        return judge(item, answer, seed)
    except KeyboardInterrupt as error:
        if not render.in_notebook():  # it ends the script
            raise
        return waiting.interrupted(item.name, error)


def hint(function: Callable | str) -> None:
    """Show the next hint of an exercise: a nudge, then the axis to look at, then pseudo-code.

    Takes the function or its name. After the third hint it shows all three.
    """
    item = _items(function, None, sys._getframe(1).f_globals)[0]
    if isinstance(item, Question):
        raise CourseError(f"{item.name} is a question: its choices explain themselves. hint() is for exercises.")
    seen = len(history.events_of(item.name, "hint"))
    history.record(item.name, "hint")
    title = f"Hint {seen + 1} of {len(item.hints)}" if seen < len(item.hints) else "All hints"
    _say(f"{title} for {item.name}", hints.as_text(item.hints, seen), hints.as_html(item.hints, seen))


def solution(function: Callable | str) -> None:
    """Show a solution of an exercise, once you have really tried it."""
    item = _items(function, None, sys._getframe(1).f_globals)[0]
    if isinstance(item, Question):
        raise CourseError(f"{item.name} is a question: check your choice and read what it says.")
    if not history.attempts(item.name):
        _say(
            f"Not yet: {item.name}",
            f"Try it first: write something, run `check({item.name})`, then come back. "
            f"`hint({item.name})` helps on the way.",
        )
        return
    if not paths.solutions().is_dir():
        _say(f"No solution of {item.name} here", NOT_HERE.format(item.name))
        return
    history.record(item.name, "solution")
    text = reference(item)
    _say(f"One solution of {item.name}", text, f"<pre>{html.escape(text)}</pre>")


def progress(lesson: str | None = None) -> None:
    """Show what you have done so far as a map of the course, or one lesson's exercises, as in `progress("02")`.

    The file it comes from never leaves your machine.
    """
    if lesson is None:
        found, gained = course_map.lessons(), gains.own_gain()
        text = "\n\n".join(filter(None, [course_map.as_text(found), history.table(), gained]))
        render.show_bundle(text, course_map.as_html(found) + (f"<p>{gained}</p>" if gained else ""))
        return
    lesson = paths.find_lesson(lesson)
    body = history.rows(lesson)
    panel = render.table(history.HEADER, body, caption=f"Your progress: {history.summary(body)}")
    render.show_bundle(history.table(lesson), panel)


def _items(answer, exercise, namespace):
    """The exercises that `answer` is meant for: by the name given, the name it has in the notebook, or its own name.

    A function that bears the names of several exercises must be right for each of them.
    """
    if exercise is not None or isinstance(answer, str):
        return [find(exercise or answer)]
    if not callable(answer):
        raise CourseError(_called(answer))
    names = [name for name, value in namespace.items() if value is answer and name in catalogue()]
    names = names or [getattr(answer, "__name__", "")]
    if names[0] in catalogue():
        return [find(name) for name in names]
    known = ", ".join(name for name, item in catalogue().items() if isinstance(item, Exercise))
    raise CourseError(
        f"no exercise is called {names[0] or answer!r}. Keep the name that the lesson gives; known: {known}."
    )


def _called(answer):
    """What to say of something that is no function: most often, one was called."""
    line = linecache.getline(*_place(sys._getframe(3)))
    name = re.search(r"\(\s*([A-Za-z_]\w*)\s*\(", line)
    return f"got {kind_of(answer)}, expected a function. Pass it without brackets: check({name[1] if name else 'f'})."


def _place(frame):
    return frame.f_code.co_filename, frame.f_lineno


def reference(item: Exercise) -> str:
    """The source of the reference solution, from the solutions folder."""
    path = paths.solutions() / item.lesson / f"{item.lesson}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except OSError:
        raise CourseError("the solutions are not in this copy of the course; ask your teacher.") from None
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == item.name:
            lines = "".join(cell["source"]).splitlines()
            return "\n".join(line for line in lines if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION"))
    raise CourseError(f"no solution of {item.name} is stored in {path.name}.")


def _say(title, text, body=""):
    body = body or f"<div>{render.marked(text)}</div>"
    frame = f"border-left:4px solid {render.GREY};padding:.4em .8em;margin:.2em 0;line-height:1.5"
    render.show_bundle(f"{title}\n{text}", f'<div style="{frame}"><strong>{html.escape(title)}</strong>{body}</div>')


def _print_without_traceback():
    """In a script, let a failed check end the run with its message alone."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _excepthook


def _excepthook(kind, error, traceback):
    if isinstance(error, CheckFailed | CourseError):
        print(error, file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)


watch()  # from the cell on that imports `check`
