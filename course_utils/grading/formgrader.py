"""nbgrader's own doors to grading, formgrader's buttons among them: what a student handed in is run shut in, or not.

`nbgrader_config.py` names these classes as nbgrader's steps. They do what `course grade` does for one student; the
marks are the same.
"""

import functools
import glob
import os
import sys
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config.loader import DeferredConfig

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.checking.private import fingerprint
from course_utils.grading import grade
from course_utils.grading.classroom import Classroom
from course_utils.grading.prepare import idle, stamp
from course_utils.grading.prepare.submission import prepare
from course_utils.grading.run import cluster, verdicts
from course_utils.grading.run.execute import Executor, task_of
from course_utils.grading.run.store import Store, digest

HANDED_IN = ("grading", "submitted", "autograded", "downloaded", "inbound")  # folders with what others wrote


class WithoutReading(NotebookExporter):
    """What nbgrader opens a submission with. It leaves it shut, for `Prepare` reads it, as `course grade` does.

    nbgrader would wait for ever for a pipe that nobody writes to, and with it the server; it copies what lies beside a
    notebook, wherever a link leads; it takes 02.12. for a day in February, and a moment that is none for its end.
    """

    def __init__(self, **options):
        super().__init__(**options)
        course = self.parent.coursedir
        beside = [path for folder in self.parent.assignments for path in files.below(folder, sys.maxsize)]
        names = {path.name for path in beside if path.is_symlink() or not path.is_file()}
        course.ignore = [*self.config.CourseDirectory.get("ignore", course.ignore), *map(glob.escape, sorted(names))]
        course.get_existing_timestamp = lambda folder: stamp.read(Path(folder))[0]

    def from_filename(self, filename, resources=None, **options):
        course, path = self.parent.coursedir, Path(filename)
        if not path.is_relative_to(Path(course.root) / course.submitted_directory):
            return super().from_filename(filename, resources, **options)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        return self.from_notebook_node(new_notebook(), resources, **options)


class Prepare(NbGraderPreprocessor):
    """In place of the notebook that nbgrader has read: the submission's answers in the lesson's own cells."""

    def preprocess(self, nb, resources):
        room = _room(self.config, resources)
        return prepare(room, room.read(), True, resources["nbgrader"]["student"]), resources


class RunShutIn(NbGraderPreprocessor):
    """In place of nbgrader's `Execute`, which runs a submission with the rights of whoever pressed the button.

    Raises `CourseError` where no sandbox can be made, or where the lesson's own answers do not get full marks.
    """

    def preprocess(self, nb, resources):
        room = _room(self.config, resources)
        lesson = room.read()
        task = task_of(room.source, lesson.reference)
        executor = cluster.executor_for(digest(task.data()), functools.partial(Executor, task))
        store = Store(room.folder / "store", task)
        grade.require_full_marks(room, store.run(idle.mark(lesson.reference, lesson.released), executor))
        done = store.run(nb, executor)
        return verdicts.with_private(done, fingerprint(room.lesson)), resources


class KernelForOwnWork(DeferredConfig):
    """The kernel of nbgrader's `Execute`, with which *Validate* runs a notebook: none for what somebody handed in.

    It is asked for where the notebook lies, before anything is started.
    """

    def get_value(self, trait):
        found = next((name for name in Path(os.getcwd()).parts if name in HANDED_IN), None)
        if found:
            raise CourseError(
                f"this notebook lies in '{found}', with what students handed in: Validate would run it with your "
                "rights. Run `course grade LESSON --students NAME`, which shuts it in."
            )
        return ""  # as the notebook says


def _room(config, resources):
    """The classroom of a submission, as nbgrader names it."""
    root = Path(config.CourseDirectory.root) if "root" in config.CourseDirectory else paths.ROOT
    return Classroom(resources["nbgrader"]["assignment"], root, root / "grading")
