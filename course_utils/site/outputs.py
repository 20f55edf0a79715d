"""Run a lesson for its page: computed with the course's answers, shown with the learner's gaps."""

import os
import subprocess
import tempfile

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course_utils.authoring import setup_cell
from course_utils.authoring.cells import is_quiz
from course_utils.base import paths, threads
from course_utils.base.errors import CourseError

CELL_SECONDS = 600  # by the clock, on a busy machine too


def shown(lesson, root=paths.ROOT):
    """The released notebook of a lesson with the outputs that its other cells have once the answers are right.

    Cells for answers and checks keep their released text and have no output. The quiz is run unanswered.
    """
    released, answered = (
        _read(folder / lesson / f"{lesson}.ipynb") for folder in (paths.notebooks(root), paths.solutions(root))
    )
    ran = nbformat.from_dict({**released, "cells": _to_run(released.cells, answered.cells)})
    _run(ran, lesson, paths.solutions(root) / lesson)
    outputs = {cell.id: cell.outputs for cell in ran.cells if cell.cell_type == "code" and kind(cell) in ("", "quiz")}
    for cell in released.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs.get(cell.id, [])
    released.metadata["widgets"] = ran.metadata.get("widgets", {})
    return released


def kind(cell):
    """What a code cell is to the learner: "quiz", "answer", "check", or "" for one that is only run."""
    grader = cell.metadata.get("nbgrader", {})
    if is_quiz(cell) or cell.source.startswith(("before(", "after(")):
        return "quiz"
    return "answer" if grader.get("solution") else "check" if grader.get("grade") else ""


def _to_run(released, answered):
    """Released cells, with the answers where a learner would have written them and without the checks."""
    answers = {cell.id: cell.source for cell in answered if kind(cell) == "answer"}
    return [{**cell, "source": answers.get(cell.id, cell.source)} for cell in released if kind(cell) != "check"]


def _read(path):
    try:
        return setup_cell.removed(nbformat.read(path, as_version=4))
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be read ({type(error).__name__}). `course build` makes it.") from None


def _run(nb, lesson, folder):
    """Fill in the outputs and the state of the widgets, in a kernel whose progress file is thrown away."""
    limits = {"timeout": CELL_SECONDS, "startup_timeout": CELL_SECONDS}
    client = NotebookClient(nb, **limits, resources={"metadata": {"path": str(folder)}})
    with tempfile.TemporaryDirectory(prefix="course-") as home:
        environment = os.environ | threads.SINGLE | {"COURSE_HOME": home}
        try:
            client.execute(env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            raise CourseError(
                f"{lesson}: a cell stops with {error.ename}: {error.evalue}. "
                f"`course lab {paths.number(lesson)}` shows which; correct solutions/{lesson}/{lesson}.py and build."
            ) from None
        except CellTimeoutError:
            raise CourseError(f"{lesson}: a cell runs for more than {CELL_SECONDS} s. Make it shorter.") from None
        except DeadKernelError:
            raise CourseError(f"{lesson}: the kernel died. Close other programs and try again.") from None
