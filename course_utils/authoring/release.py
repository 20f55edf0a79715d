"""How a lesson with answers becomes a release without: nbgrader's steps and four of ours, for build and formgrader."""

import functools
import re
from fnmatch import fnmatch
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import NbGraderException
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError, ValidationError
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
    SaveCells,
)
from traitlets import Dict
from traitlets.config import Config

from course_utils.authoring import guard, setup_cell, source
from course_utils.authoring.cells import is_quiz
from course_utils.base.errors import CourseError

STUB = 'raise NotImplementedError("write me, then run the check below")'
NOT_RELEASED = ["*.py", "*.pyc", "__pycache__", ".*"]  # the lesson's own .py holds the answers


class Tidy(NbGraderPreprocessor):
    """First step: forget what an editor or a run left in the notebook; the release depends on the lesson alone."""

    def preprocess(self, nb, resources):
        return source.canonical(nb), resources


class ClearAnswers(ClearSolutions):
    """nbgrader's step that puts a stub for each answer; in a quiz cell it blanks the letters instead."""

    code_stub = Dict({"python": STUB}).tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        if not is_quiz(cell):
            return super().preprocess_cell(cell, resources, cell_index)
        cell.source = re.sub(r"""(\w\s*=\s*)(["'])[^"']*\2""", r'\1""', cell.source)
        return cell, resources


class SetUp(NbGraderPreprocessor):
    """Put in the cell that installs the course where a notebook is opened without it."""

    def preprocess(self, nb, resources):
        return setup_cell.added(nb, Path(resources["metadata"]["path"]).resolve().parents[1]), resources


class Stamp(NbGraderPreprocessor):
    """Last step: note what was released, so that a later build can tell a learner's work from an old release."""

    def preprocess(self, nb, resources):
        files = extras(Path(resources["metadata"]["path"]))
        nb.metadata["course"] = {"digest": source.digest(nb), "files": [guard.file_digest(path) for path in files]}
        return nb, resources


STEPS = [
    Tidy,
    LockCells,
    ClearAnswers,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
    SetUp,
    Stamp,
]


class GuardedExporter(NotebookExporter):
    """What `nbgrader generate_assignment` writes with. nbgrader empties the folder first: refuse if work lies there."""

    def __init__(self, **options):
        super().__init__(**options)
        course = self.parent.coursedir
        try:
            guard.refuse_to_empty(Path(course.root) / course.release_directory / course.assignment_id)
        except CourseError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None


def extras(folder):
    """The files beside a lesson that go out with it, for example pictures."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".ipynb")
    return [path for path in found if not _is_hidden(path.relative_to(folder))]


def release(nb, folder):
    """The bytes of the release of a lesson, given its notebook with answers and the folder of its source."""
    try:
        text, _ = _exporter().from_notebook_node(nb, {"metadata": {"path": str(folder)}})
        return text.encode()
    except (RuntimeError, ValidationError, SchemaTooOldError, SchemaTooNewError) as error:
        reason = str(error).splitlines()[0]
        raise CourseError(f"{folder.name}: nbgrader cannot release it ({reason}). Correct {folder.name}.py.") from None


def _is_hidden(path):
    return any(fnmatch(part, glob) for part in path.parts for glob in NOT_RELEASED)


@functools.cache
def _exporter():
    """nbgrader's steps without its gradebook."""
    exporter = NotebookExporter(config=Config(Exporter={"default_preprocessors": []}, SaveCells={"enabled": False}))
    for step in STEPS:
        exporter.register_preprocessor(step)
    return exporter
