"""What a hostile case is: a function that makes a submission of a small lesson, and what grading must say of it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from course_utils.authoring.build import build
from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.grading.classroom import Classroom

LESSON = "01_one_pixel"  # a small stand-in under the name of a real lesson, whose exercises it borrows
POINTS = {"mix_pixel": 3, "mix_pixel_many": 2, "pixel_inputs": 1}
CANARY = "canary7c1e"  # stands in everything that a student must not see
TEXT = f"""\
# %% [markdown]
# # Lesson 01 · A small stand-in

# %%
import numpy as np

from course_utils import check, quiz

# %% nbgrader={{"grade": false, "grade_id": "mix_pixel", "locked": false, "schema_version": 3, "solution": true, "task": false}}
def mix_pixel(v, w, b=0.0):
    ### BEGIN SOLUTION
    return sum(v * w) + b  # {CANARY} solution
    ### END SOLUTION

# %% nbgrader={{"grade": true, "grade_id": "mix_pixel_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}}
check(mix_pixel)
### BEGIN HIDDEN TESTS
check(mix_pixel, seed=1)  # {CANARY} hidden
### END HIDDEN TESTS

# %% nbgrader={{"grade": false, "grade_id": "mix_pixel_many", "locked": false, "schema_version": 3, "solution": true, "task": false}}
def mix_pixel_many(v, weight, bias):
    ### BEGIN SOLUTION
    return weight @ v + bias
    ### END SOLUTION

# %% nbgrader={{"grade": true, "grade_id": "mix_pixel_many_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}}
check(mix_pixel_many)
### BEGIN HIDDEN TESTS
check(mix_pixel_many, seed=1)  # {CANARY} hidden
### END HIDDEN TESTS

# %% nbgrader={{"grade": false, "grade_id": "01_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}}
answers = quiz(
    pixel_inputs="b",
)

# %% nbgrader={{"grade": true, "grade_id": "pixel_inputs_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}}
check(answers["pixel_inputs"], "pixel_inputs")
"""
RIGHT = {
    "mix_pixel": "def mix_pixel(v, w, b=0.0):\n    return (v * w).sum() + b",
    "mix_pixel_many": "def mix_pixel_many(v, weight, bias):\n    return weight @ v + bias",
    "01_quiz": 'answers = quiz(\n    pixel_inputs="b",\n)',
}
WRONG = "def mix_pixel(v, w, b=0.0):\n    return v.mean() + b"
EITHER = "either"  # right answers that cannot be trusted any more: 0 or full marks will do


@dataclass(frozen=True)
class Case:
    """A submission and what is expected of it; `marks` holds those that differ from full marks."""

    number: int | None  # in the list of submissions to survive
    make: Callable
    marks: dict
    note: str  # a pattern that one of the notes must match
    safe: bool  # may be run without a sandbox
    student: str

    @property
    def name(self):
        return self.make.__name__

    def expected(self):
        """`{exercise: marks}`."""
        return POINTS | self.marks


CASES = []


def case(number, marks=None, note="", safe=True, student=None):
    """Add the decorated function to the corpus; the numbers are those of the list, None for cases beyond it."""

    def add(make):
        CASES.append(Case(number, make, marks or {}, note, safe, student or make.__name__))
        return make

    return add


NOTHING = dict.fromkeys(POINTS, 0)
LOST = {"mix_pixel": 0}  # the attack is on this one; the answers of the others are right
REST_LOST = {"mix_pixel": 0, "mix_pixel_many": EITHER, "pixel_inputs": EITHER}


@dataclass
class World:
    """What lies around a submission and is none of its business."""

    root: Path
    port: int = 9  # where this computer listens while the class is graded
    mark: str = "left7c1e"  # in the command line of a process that a student leaves behind
    room: Classroom = field(init=False)

    def __post_init__(self):
        text = paths.solutions(self.root) / LESSON / f"{LESSON}.py"
        text.parent.mkdir(parents=True)
        text.write_text(TEXT, encoding="utf-8")
        build(root=self.root)
        self.room = Classroom(LESSON, self.root, self.root / "grading")

    @property
    def sentinel(self):
        """A file that nobody may make."""
        return self.root / "made_by_a_student"

    @property
    def gradebook(self):
        return self.room.folder / "gradebook.db"


class Submission:
    """A submission in the making: the release with right answers, which a case then spoils."""

    def __init__(self, world, student):
        self.world, self.student = world, student
        self.folder = world.room.submission(student)
        self.path = self.folder / f"{LESSON}.ipynb"
        self.nb = world.room.released()
        self.content = None
        for name, source in RIGHT.items():
            self.cell(name).source = source

    def cell(self, name):
        """The lesson's cell of this name."""
        return next(cell for cell in self.nb.cells if grade_id(cell) == name)

    def answer(self, source, name="mix_pixel"):
        """Write an answer; `<name>` in it stands for what the world says of `name`."""
        self.cell(name).source = self.filled(source)

    def add(self, source, before="mix_pixel"):
        """A cell of the student's own."""
        place = self.nb.cells.index(self.cell(before))
        self.nb.cells.insert(place, nbformat.v4.new_code_cell(self.filled(source)))

    def attack(self, source):
        """Run this first and hand in a wrong answer."""
        self.add(source)
        self.answer(WRONG)

    def before_answer(self, source, answer=WRONG):
        """Run this in the first call of the function, then answer."""
        body = "\n".join(f"    {line}" for line in source.splitlines())
        head, rest = answer.split("\n", 1)
        self.answer(f"{head}\n{body}\n{rest}")

    def file(self, name, content):
        """A file beside the notebook."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def write(self):
        """Hand in, unless the case has put something else there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.path.is_symlink() or self.path.exists():
            return
        content = json.dumps(self.nb) if self.content is None else self.content
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def nothing(self):
        """Hand in no notebook under the lesson's name."""
        self.write = lambda: None

    def filled(self, source):
        world = self.world
        known = {
            "port": world.port,
            "mark": world.mark,
            "sentinel": world.sentinel,
            "gradebook": world.gradebook,
            "root": world.root,
            "submitted": world.room.folder / "submitted",
        }
        return re.sub(r"<(\w+)>", lambda found: str(known.get(found[1], found[0])), source)


def hand_in(world, student="ada", marks="right"):
    """An honest submission."""
    work = Submission(world, student)
    if marks == "averaged":
        work.answer(WRONG)
    if marks == "nothing":
        work.nb = world.room.released()
    work.write()


def make(one, world):
    """Hand in the submission of a case."""
    work = Submission(world, one.student)
    one.make(work)
    work.write()
