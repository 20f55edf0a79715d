"""A cell that stops with an error leaves the function of before under its name: notice it, and say so.

Nothing is noticed where a notebook is graded or validated: there each cell is run once, in order.
"""

import re
import sys
from typing import Any

from course_utils.base import paths
from course_utils.checking.helpers import names_called
from course_utils.checking.outcome import CRASHED, Verdict, is_read_by_a_machine
from course_utils.checking.waiting import announce
from course_utils.exercises import Exercise, catalogue

NOTHING = object()  # what a name has that no cell has given a value
DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=[^=]", re.MULTILINE)


class Watch:
    """What the cells of one notebook tried to define, and did not."""

    def __init__(self, names):
        self.names, self.before, self.stopped = names, {}, {}
        self.homes = {}  # name → the cell that gave it the value it has

    def begin(self, info: Any) -> None:
        """A cell is about to run: keep what now bears the names that it defines, or defined when it was last run."""
        wanted = _defined(info.raw_cell)
        wanted |= {name for name, cell in self.homes.items() if cell and cell == info.cell_id}
        self.before = {name: self.names.get(name, NOTHING) for name in wanted}

    def end(self, result: Any) -> None:
        """A cell has run: what still bears its old name is out of date if it stopped, or has that name no more."""
        error, text = result.error_before_exec or result.error_in_exec, result.info.raw_cell
        for name, old in self.before.items():
            if self.names.get(name, NOTHING) is not old:
                self.homes[name] = result.info.cell_id
            elif not re.search(rf"\b{re.escape(name)}\b", text):
                self.stopped[name] = old, result.error_before_exec
            elif result.error_before_exec or error is not None and name in _defined(text):
                self.stopped[name] = old, error
            elif name in _defined(text):  # it was given the value that it had
                self.stopped.pop(name, None)
        if isinstance(error, NameError) and (text := self.missing(error.name)):
            announce(text)
        self.before = {}

    def missing(self, name: str | None) -> str:
        """What is to be said where a name has no value: which cell has to run first, if that is known."""
        old, error = self.stopped.get(name, (None, None))
        if old is NOTHING and error and name not in self.names:
            return (
                f"`{name}` is not there yet: the cell that defines it stopped when it was last run: {_said(error)} "
                "Put that cell right, run it until no error is shown, then run this one again."
            )
        item = catalogue().get(name or "")
        if isinstance(item, Exercise) and name not in self.names:
            return (
                f"`{name}` is not there yet: it is the answer to an exercise of lesson {paths.number(item.lesson)}. "
                "Run the cell that defines it, then run this one again."
            )
        return ""

    def verdict(self, exercise: str, function: object) -> Verdict | None:
        """The verdict on a function that a cell has tried to replace since, so that it is another one; or None."""
        for name in (exercise, *names_called(function)):
            old, error = self.stopped.get(name, (None, None))
            found = function if name == exercise else self.names.get(name)
            if old is not None and found is old:
                what = "it" if name == exercise else f"`{name}`, which it calls,"
                return _out_of_date(exercise, what, name, error)
        return None


def _defined(text):
    """The names that a cell defines, also where Python cannot read it to its end."""
    return {one for pair in DEFINED.findall(text) for one in pair if one}


def _out_of_date(exercise, what, name, error):
    """The verdict on a function whose cell stopped with this error, or has run again without its name."""
    cell = f"The cell that defines {what} stopped when it was last run: {_said(error)}"
    cure = "Put that cell right, run it until no error is shown, then check again."
    if error is None:
        cell = f"The cell that defined {what} has been run again, and the name `{name}` no longer stands in it."
        cure = f"Write `def {name}(…)` there again, run that cell, then check again."
    headline = f"{exercise}: not checked. {cell} What stands under that name is still the function of before."
    return Verdict(exercise, CRASHED, headline, details=[cure])


WATCH = Watch({})


def watch() -> None:
    """From now on look at every cell of the notebook that this process serves."""
    ipython = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    if shell and not WATCH.names and not is_read_by_a_machine():
        WATCH.names = shell.user_ns
        shell.events.register("pre_run_cell", WATCH.begin)
        shell.events.register("post_run_cell", WATCH.end)


def _said(error):
    """An error in one sentence, with the line where Python could not read on.

    >>> _said(SyntaxError("expected ':'", ("cell", 2, 9, "for c in range(3)", 2, 9)))
    "line 2, `for c in range(3)`: expected ':' (SyntaxError)."
    """
    kind, said = type(error).__name__, str(error).strip().partition("\n")[0]
    if isinstance(error, SyntaxError):
        line = (error.text or "").strip()
        place = f"line {error.lineno}{f', `{line}`' if line and '`' not in line else ''}: " if error.lineno else ""
        return f"{place}{error.msg} ({kind})."
    return f"{said.rstrip('.')} ({kind})." if said else f"{kind}."
