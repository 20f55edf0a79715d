"""Let nbgrader score notebooks that have been run, keep the marks in its gradebook and write the feedback pages."""

import copy
import functools
import logging
import os
import re
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput
from nbgrader.utils import is_grade, rmtree
from traitlets.config import PyFileConfigLoader

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.grading.marks.scoring import SaveMarks
from course_utils.grading.people import roster
from course_utils.grading.prepare import stamp

STEPS = ("source", "release", "submitted", "autograded", "feedback")
LEFT_OUT = "What this cell shows was left out: no page could be made of it.\n"
SECRET = "submission_secret.txt"
SCORING = [LimitOutput, SaveMarks, AssignLatePenalties]  # the cells have been run already, their metadata put right


class Gradebook:
    """The gradebook of a class; use it in a `with` statement.

    nbgrader works in a scratch folder. What it made is put in place when it is whole, so that an interruption leaves
    the earlier result. Marks and comments that a person gave are the gradebook's own, and stay.
    """

    def __init__(self, room):
        self.room = room

    def __enter__(self):
        self.room.folder.mkdir(parents=True, exist_ok=True)
        self.held = hold(self.room.folder)
        self.scratch = Path(tempfile.mkdtemp(prefix="course-"))
        self.nbgrader = self._nbgrader()
        # nbgrader makes an engine whenever it opens the gradebook, ten times a submission; what SQLAlchemy has compiled
        # for one is lost with it. So there is one for each database while this class is graded.
        self.make_engine, api.create_engine = api.create_engine, functools.cache(api.create_engine)
        try:
            self._create()
            self._save_lesson()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        api.create_engine = self.make_engine
        rmtree(self.scratch)
        os.close(self.held)

    def record(self, student, nb):
        """Score a notebook that has been run; keep marks, notebook and feedback.

        Where what its cells show is too odd for that, without it: marks do not depend on it.
        """
        try:
            self._record(student, nb)
        except NbGraderException:
            self._record(student, _bare(nb))

    def _record(self, student, nb):
        room, lesson = self.room, self.room.lesson
        staged = self.scratch / "submitted" / student / lesson
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(parents=True)
        nbformat.write(nb, staged / f"{lesson}.ipynb")
        when, _ = stamp.read(room.submission(student))  # for late submissions
        if when:
            (staged / stamp.NAME).write_text(stamp.written(when), encoding="utf-8")
        secret = room.submission(student) / SECRET  # the exchange's: with it alone a student can fetch the feedback
        if secret.is_file() and not secret.is_symlink() and secret.stat().st_size < 1000:
            shutil.copy(secret, staged)
        self._do(self.nbgrader.autograde, lesson, student)
        self._do(self.nbgrader.generate_feedback, lesson, student)
        put_in_place(self.scratch / "feedback" / student / lesson, room.feedback(student))
        put_in_place(self.scratch / "autograded" / student / lesson, room.autograded(student))
        rmtree(staged)

    def marks(self, student):
        """What the gradebook knows of a student: marks (a person's where there are any), penalty, cells left to mark.

        {"conv1x1_loops_check": (3.0, 3.0), …}, 0.0, []
        """
        with self._open() as book:
            notebook = book.find_submission_notebook(self.room.lesson, self.room.lesson, student)
            waiting = [grade.name for grade in notebook.grades if grade.needs_manual_grade]
            marks = {grade.name: (grade.score or 0.0, grade.max_score) for grade in notebook.grades}
            return marks, notebook.late_submission_penalty or 0.0, waiting

    def doubtful(self, student):
        """The cells whose check now gives other marks than a person did: `{cell: (a person's, the check's)}`."""
        with self._open() as book:
            grades = book.find_submission_notebook(self.room.lesson, self.room.lesson, student).grades
            found = {grade.name: (grade.manual_score, grade.auto_score) for grade in grades if grade.needs_manual_grade}
        return {name: pair for name, pair in found.items() if None not in pair and pair[0] != pair[1]}

    def everyone(self):
        """All who have marks for the lesson, and the notebook that goes with them."""
        with self._open() as book:
            names = sorted(submission.student.id for submission in book.assignment_submissions(self.room.lesson))
        return [name for name in names if (self.room.autograded(name) / f"{self.room.lesson}.ipynb").is_file()]

    def _open(self):
        return api.Gradebook(self.room.gradebook, self.nbgrader.coursedir.course_id)

    def _create(self):
        """Make a new gradebook beside its place, as that takes seconds: an interruption would leave half of one."""
        place = self.room.folder / "gradebook.db"
        if self.room.db or place.exists():
            return
        half = place.with_name(".gradebook.new")
        half.unlink(missing_ok=True)
        api.Gradebook(f"sqlite:///{half.as_posix()}", self.nbgrader.coursedir.course_id).close()
        os.replace(half, place)

    def _save_lesson(self):
        """Tell the gradebook which cells the lesson has and what they are worth; keep its release out of sight."""
        lesson = self.room.lesson
        shutil.copytree(self.room.source, self.scratch / "source" / lesson)
        try:
            self._do(self.nbgrader.generate_assignment, lesson)
        except NbGraderException as error:
            if "Cannot add or remove cells" in str(error):
                remove = f"{sys.executable} -m nbgrader db assignment remove {lesson} --force"
                raise CourseError(
                    f"{lesson} has other exercises than when this class was first graded; the gradebook holds those "
                    f"marks. Save what you need, run `{remove}` in the course's folder, then grade again."
                ) from None
            advice = "Put it right or move it away, then grade again."
            raise CourseError(f"nbgrader cannot use {self.room.where}: {error}. {advice}") from None

    def _do(self, step, *arguments):
        """Run one of nbgrader's steps; its log is of interest only if the step fails."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of SQLAlchemy's on nbgrader's own queries
            done = step(*arguments)
        if done["success"]:
            return
        last = done["error"].splitlines()[-1]
        if last == "KeyboardInterrupt":  # nbgrader took note of it as of any error
            raise KeyboardInterrupt
        found = re.search(r"^\s*[\w.]+(?:Error|Exception|Entry): (.+)", done.get("log", ""), re.MULTILINE)
        raise NbGraderException(found[1] if found else last)

    def _nbgrader(self):
        """nbgrader with the course's own settings, at work in the scratch folder."""
        config = settings()
        config.CourseDirectory.root, config.CourseDirectory.db_url = str(self.scratch), self.room.gradebook
        for step in STEPS:
            config.CourseDirectory[f"{step}_directory"] = step
        config.LatePolicy.roster = str(self.room.folder / roster.NAME)
        config.Autograde.exporter_class = NotebookExporter  # what lies in the scratch folder is ours
        config.Autograde.sanitize_preprocessors = []  # `scrub` has done that
        config.Autograde.autograde_preprocessors = SCORING
        log = logging.getLogger("course_utils.grading")
        log.propagate = False
        log.addHandler(logging.NullHandler())
        return NbGraderAPI(coursedir=CourseDirectory(config=config, log=log), config=config, log=log)


def hold(folder):
    """Wait until nobody else on this computer works on the class; it is let go when what is returned is closed."""
    import fcntl  # not on Windows, where no class is graded

    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Somebody is working on this class's gradebook; waiting until they have finished …", flush=True)
        fcntl.flock(held, fcntl.LOCK_EX)
    return held


def settings():
    """nbgrader's settings as the course has them."""
    return PyFileConfigLoader("nbgrader_config.py", str(paths.ROOT)).load_config()


def require(room):
    """Stop with a sentence if the gradebook that was asked for cannot be reached."""
    if not room.db:
        return
    try:
        with warnings.catch_warnings(action="ignore"), api.Gradebook(room.db, settings().CourseDirectory.course_id):
            pass
    except Exception as error:  # SQLAlchemy's, its driver's or nbgrader's
        reason = str(error).splitlines()[0]
        raise CourseError(
            f"the gradebook {room.where} cannot be opened: {reason}. Expected a URL such as "
            "postgresql+psycopg://user@host/name, a server that runs, and its driver (extra `scale`)."
        ) from None


def _bare(nb):
    """The notebook without the outputs of the student's own cells."""
    bare = copy.deepcopy(nb)
    for cell in bare.cells:
        if cell.cell_type == "code" and not is_grade(cell):
            cell.outputs = [nbformat.v4.new_output("stream", text=LEFT_OUT)] if cell.outputs else []
    return bare


def put_in_place(new, place):
    """Move a folder to where an older one may lie, which goes when the new one is there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    half, old = (place.with_name(f".{place.name}.{name}") for name in ("new", "old"))
    for rest in (half, old):
        if rest.exists():
            rmtree(rest)
    shutil.move(new, half)
    if place.exists():
        os.replace(place, old)
    os.replace(half, place)
    if old.exists():
        rmtree(old)
