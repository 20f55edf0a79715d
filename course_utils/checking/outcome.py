"""The outcomes of a check, as a verdict to show; those that fail the cell are exceptions too."""

import os
import textwrap
from dataclasses import dataclass, field

from course_utils.checking.compare import Difference

CORRECT, NOT_ATTEMPTED, WRONG, CRASHED = "correct", "not attempted", "wrong", "crashed"
UNCHECKED = "not checked"  # an optional package is missing, or the answer is out of reach: a person has to look at it


@dataclass(frozen=True)
class Verdict:
    """What a check found. `headline` is one sentence; `details` are further lines; the rest is for the picture."""

    exercise: str
    outcome: str
    headline: str
    code: str | None = None  # the misconception, where it was named
    details: list = field(default_factory=list)
    difference: Difference | None = None
    axes: str = ""
    named: str = ""  # the catalogue's own sentence, where a mistake was named: the same for all who make it
    trace: tuple = ()  # what a wrong function did, case by case: see `checking.trace`

    @property
    def message(self) -> str:
        """What a record keeps: a class is counted by it, and it holds no number of a case if a mistake was named."""
        return self.named or self.headline


MACHINES = ("COURSE_GRADING", "NBGRADER_EXECUTION")  # set where a notebook is graded or validated
WIDTH = 90  # of nbgrader's window, which breaks no line by itself
NOTHING = "\x1b[0m"  # colours as usual: front ends show their own words where a traceback is empty


def is_read_by_a_machine() -> bool:
    """Whether this notebook is being graded or validated, and nobody reads along."""
    return any(map(os.environ.get, MACHINES))


class CheckFailed(Exception):
    """A check that did not pass. The panel above has said why: the cell fails, and no traceback is shown.

    Where a notebook is graded or validated the headline is the traceback: nbgrader shows that.
    """

    def __init__(self, message, headline=None):
        super().__init__(message)
        self.headline = headline or message

    def _render_traceback_(self):  # IPython's hook for exceptions that render themselves
        return [textwrap.fill(self.headline, WIDTH) if is_read_by_a_machine() else NOTHING]


class NotAttempted(CheckFailed, NotImplementedError):
    """The exercise still raises NotImplementedError, or the question has no answer yet."""


class Wrong(CheckFailed, AssertionError):
    """The function runs and its answer is wrong."""


class Crashed(CheckFailed, RuntimeError):
    """The function raised an exception."""


FAILURES = {NOT_ATTEMPTED: NotAttempted, WRONG: Wrong, CRASHED: Crashed}
