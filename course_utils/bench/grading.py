"""`course bench grading`: a class graded by `course grade` and by nbgrader as it comes; `growth`: large classes.

Both graders get the same files on the same cores, one after the other, and do the same: run, mark, write feedback.
"""

import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event

import nbformat
from nbgrader.api import Gradebook

from course_utils.authoring.cells import is_quiz
from course_utils.base import paths, threads
from course_utils.base.errors import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo import demo
from course_utils.grading.run import watch

LESSONS = ("02_by_hand", "05_what_it_sees")  # NumPy alone, and torch; training in lesson 10b takes the same everywhere
STUDENTS = 30
SIZES = (30, 100, 300, 1000)
COURSE = "one_by_one"
OURS = """
import sys
from pathlib import Path
from course_utils.base.startup import skip_address_grammar
skip_address_grammar()  # as `course` does
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
grade_class(Classroom(sys.argv[1], Path.cwd(), Path.cwd() / "grading"))
"""


def main():
    """Print submissions a minute, memory and ratio for each lesson, and where marks differ; return an exit status."""
    print(f"{os.cpu_count()} cores. Times are of whole runs: start, {STUDENTS} submissions, marks, feedback.\n")
    print(f"{'lesson':24} {'grader':10} {'seconds':>8} {'a minute':>9} {'peak MB':>8}  marks")
    for lesson in filter(lambda name: name in paths.lessons(), LESSONS):
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            room = make_class(lesson, STUDENTS, Path(folder))
            stock, ours = nbgrader(room), engine(room)
            for name, (seconds, most, marks) in {"nbgrader": stock, "course": ours}.items():
                rate = 60 * STUDENTS / seconds
                line = f"{lesson:24} {name:10} {seconds:8.1f} {rate:9.1f} {most / 1e6:8.0f}"
                print(f"{line}  {sum(marks.values()):g} in all", flush=True)
            print(f"{'':24} {'ratio':10} {stock[0] / ours[0]:8.1f}")
            for student in sorted(ours[2]):
                if ours[2][student] != stock[2].get(student):
                    print(f"{'':24} {student}: nbgrader {stock[2].get(student)}, course {ours[2][student]}")
    return 0


def growth():
    """Print how time and memory grow with the class, on the shortest lesson; return an exit status."""
    lesson = paths.lessons()[0]
    print(f"{lesson}, {os.cpu_count()} cores\n{'students':>8} {'seconds':>8} {'each':>7} {'peak MB':>8}")
    for students in SIZES:
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            seconds, most, _ = engine(make_class(lesson, students, Path(folder)))
            print(f"{students:8} {seconds:8.1f} {seconds / students:7.3f} {most / 1e6:8.0f}", flush=True)
    return 0


def make_class(lesson, students, root):
    """A simulated class in a folder of its own; no two submissions are the same, so none is known from another."""
    for name in (f"solutions/{lesson}", f"notebooks/{lesson}"):
        shutil.copytree(paths.ROOT / name, root / name)
    shutil.copy(paths.ROOT / "nbgrader_config.py", root)
    room = Classroom(lesson, root, root / "grading")
    for name, plan in demo.deal(demo.answers_of(room), students, random.Random(0)).items():
        demo.hand_in(room, name, plan)
        path = room.submission(name) / f"{lesson}.ipynb"
        nb = nbformat.read(path, as_version=4)
        own = next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("solution") and not is_quiz(cell))
        own.source += f"\n# {name}"
        nbformat.write(nb, path)
    return room


def engine(room):
    """Seconds, the most memory in use, and the marks of `course grade`."""
    seconds, most = watched([sys.executable, "-c", OURS, room.lesson], room.root)
    return seconds, most, marks(room, room.folder / "gradebook.db")


def nbgrader(room):
    """The same of nbgrader as it comes, in a folder beside."""
    root = room.root / "stock"
    shutil.copytree(room.root / "solutions", root / "source")
    shutil.copytree(room.folder / "submitted", root / "submitted")
    (root / "nbgrader_config.py").write_text(f'c = get_config()\nc.CourseDirectory.course_id = "{COURSE}"\n')
    watched(_command("generate_assignment", room.lesson), root)
    parts = [watched(_command(step, room.lesson), root) for step in ("autograde", "generate_feedback")]
    return sum(seconds for seconds, _ in parts), max(most for _, most in parts), marks(room, root / "gradebook.db")


def _command(step, lesson):
    return [sys.executable, "-m", "nbgrader", step, lesson]


def _environment():
    own = {"COURSE_HOME": tempfile.gettempdir(), "PYTHONPATH": str(paths.ROOT)}
    ways = os.pathsep.join(
        (os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath))
    )  # nbgrader asks alembic
    return os.environ | threads.SINGLE | own | {"PATH": ways}


def watched(command, folder):
    """Seconds that a command takes, and the most memory that it and all that it has started use at a time, in bytes."""
    most, done = 0, Event()
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        quiet = {"stdout": said, "stderr": said, "stdin": subprocess.DEVNULL}
        running = subprocess.Popen(command, cwd=folder, env=_environment(), **quiet)
        while running.poll() is None:
            most = max(most, memory(running.pid))
            done.wait(0.1)
    return time.perf_counter() - start, most


def memory(process):
    """Bytes in use by a process and all that it has started; a page that several share is counted once."""
    found = 0
    for pid in watch.Family(process).look():
        with contextlib.suppress(OSError, StopIteration):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            found += 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return found


def marks(room, database):
    """Marks by student."""
    with Gradebook(f"sqlite:///{database}", COURSE) as book:
        found = {submission.student.id: submission.score for submission in book.assignment_submissions(room.lesson)}
    if not found:
        raise CourseError(f"{database.name} holds no marks of {room.lesson}: what was timed has graded nothing.")
    return found
