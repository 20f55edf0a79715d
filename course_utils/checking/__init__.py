"""The check: run an exercise on a learner's answer, decide, and name the misconception.

`judge` decides and `api` shows; between them a verdict travels: run → compare → diagnose → verdict → render, progress.
"""

from course_utils.checking.api import check, hint, progress, solution
from course_utils.checking.gains import after, before
from course_utils.checking.outcome import CheckFailed, Crashed, NotAttempted, Verdict, Wrong
from course_utils.checking.quiz import quiz

__all__ = [
    "CheckFailed",
    "Crashed",
    "NotAttempted",
    "Verdict",
    "Wrong",
    "after",
    "before",
    "check",
    "hint",
    "progress",
    "quiz",
    "solution",
]
