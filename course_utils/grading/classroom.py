"""Where the work of a class lies on one lesson."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course_utils.authoring import setup_cell
from course_utils.authoring.release import release
from course_utils.base import paths
from course_utils.base.errors import CourseError


@dataclass(frozen=True)
class Lesson:
    """A lesson's two notebooks, read once for all that is done with them; who changes one takes a copy."""

    reference: nbformat.NotebookNode  # with answers and hidden tests
    released: nbformat.NotebookNode  # as learners got it


@dataclass(frozen=True)
class Classroom:
    """One lesson and the folder of one class: `grading/` for a teacher's, `grading/demo/` for the simulated one.

    `db` is the URL of a gradebook elsewhere, as SQLAlchemy has it: "postgresql+psycopg://user@host/name".
    """

    lesson: str
    root: Path
    folder: Path
    db: str = ""

    @property
    def gradebook(self):
        """The gradebook as SQLAlchemy addresses it."""
        return self.db or f"sqlite:///{(self.folder / 'gradebook.db').as_posix()}"

    @property
    def where(self):
        """The gradebook in words, without a password."""
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:…@", self.db) if self.db else str(self.folder / "gradebook.db")

    @property
    def source(self):
        """The folder of the lesson with its answers."""
        return paths.solutions(self.root) / self.lesson

    def submission(self, student):
        """The folder that a student hands in; macOS writes é as two characters in the names of folders."""
        own = self.folder / "submitted" / student
        if not own.exists():
            alike = (path for path in own.parent.glob("[!.]*") if same_name(path.name, student))
            own = next(alike, own)
        return own / self.lesson

    def autograded(self, student):
        """The folder with the notebook as it was run, which formgrader shows."""
        return self.folder / "autograded" / student / self.lesson

    def feedback(self, student):
        """The folder with the page that goes back to a student."""
        return self.folder / "feedback" / student / self.lesson

    def report(self, suffix):
        """The summary of the class."""
        return self.folder / "reports" / f"{self.lesson}.{suffix}"

    def read(self):
        """The lesson's notebooks, as `Lesson`."""
        reference = self.reference()
        released = nbformat.reads(release(reference, self.source).decode(), as_version=4)
        return Lesson(reference, setup_cell.removed(released))

    def reference(self):
        """The lesson's notebook with answers and hidden tests."""
        path = self.source / f"{self.lesson}.ipynb"
        if not path.is_file():
            raise CourseError(f"{path} is missing. Run `course build {self.lesson}`, then grade again.")
        return nbformat.read(path, as_version=4)

    def released(self):
        """The lesson's notebook as learners got it, made afresh: the one in notebooks/ may hold someone's work."""
        return self.read().released

    def handed_in(self):
        """All who handed the lesson in, in order of their names."""
        places = self.folder.glob(f"submitted/[!.]*/{self.lesson}")
        return sorted({unicodedata.normalize("NFC", path.parent.name) for path in places})

    def students(self, wanted=None):
        """Who handed the lesson in, or those of them that are `wanted`."""
        found = self.handed_in()
        if not found:
            pattern = self.folder / "submitted" / "STUDENT" / self.lesson / f"{self.lesson}.ipynb"
            raise CourseError(f"nobody has handed in {self.lesson}. Put each student's notebook at {pattern}.")
        wanted = [unicodedata.normalize("NFC", name) for name in wanted or []]
        for name in wanted:
            if name not in found:
                close = difflib.get_close_matches(name, found, n=1)
                hint = f" Did you mean {close[0]}?" if close else ""
                raise CourseError(f"no submission of {self.lesson} by '{name}' in {self.folder / 'submitted'}.{hint}")
        return [name for name in found if name in wanted] if wanted else found


def same_name(one, other):
    """Whether two names are one, however their accents are written.

    >>> same_name("e\u0301mile", "\u00e9mile")
    True
    """
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
