"""A class of strangers, graded by the real `course grade`: nothing undeserved, nothing leaked, nobody else affected."""

import csv
import importlib
import os
import pkgutil
import re
import socket
import sqlite3
import threading
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import is_grade

from course_utils.base import paths
from course_utils.grading.grade import grade_class
from course_utils.grading.run import execute

hostile = importlib.import_module("hostile")
corpus = importlib.import_module("hostile.corpus")
for family in hostile.FAMILIES:
    importlib.import_module(f"hostile.{family}")

HAS_SANDBOX = any(one.name == "sandbox" for one in pkgutil.iter_modules([str(paths.ROOT / "course_utils/grading/run")]))
SMALL = {"CELL_SECONDS": 4, "NOTEBOOK_SECONDS": 20}  # limits of the engine, so that loops end soon
JOBS = 4  # at a time: most of what takes long here sleeps
BYSTANDERS = {"a_right": "right", "m_averaged": "averaged", "z_right": "right", "zz_nothing": "nothing"}
TRIED = [one for one in corpus.CASES if one.safe or HAS_SANDBOX]
ELSEWHERE = {53, 54}  # not submissions but runs: tests/test_grading.py, tests/test_scale.py


class Listener(threading.Thread):
    """A service of this computer, which nobody who is graded may reach."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.reached = self.socket.getsockname()[1], 0

    def run(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.reached += 1


@pytest.fixture(scope="module")
def graded(request, tmp_path_factory):
    """The class, and what became of it. Only what the chosen tests look at is graded."""
    listener = Listener()
    listener.start()
    world = corpus.World(tmp_path_factory.mktemp("class"), listener.port)
    chosen = {
        item.callspec.params["one"].name
        for item in request.session.items
        if "callspec" in item.__dict__ and "one" in item.callspec.params and item.module is request.module
    }
    for student, marks in BYSTANDERS.items():
        corpus.hand_in(world, student, marks)
    for one in TRIED:
        if one.name in chosen:
            corpus.make(one, world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_TEACHERS_KEY", corpus.CANARY)
        for name, value in SMALL.items():
            patch.setattr(execute, name, value)
        results = {one.student: one for one in grade_class(world.room, jobs=JOBS)}
    listener.socket.close()
    return world, results, listener


def marks(result):
    return {one.exercise: one.marks for one in result.findings}


def allowed(expected, exercise):
    if expected == corpus.EITHER:
        return (0, corpus.POINTS[exercise])
    return expected if isinstance(expected, tuple) else (expected,)


def shown(world, student):
    """What the student's own code put into the notebook, and the page that goes back to the student."""
    nb = nbformat.read(world.room.autograded(student) / f"{corpus.LESSON}.ipynb", as_version=4)
    outputs = "".join(str(cell.get("outputs", "")) for cell in nb.cells if not is_grade(cell))
    page = (world.room.feedback(student) / f"{corpus.LESSON}.html").read_text(encoding="utf-8")
    return outputs, page


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("one", TRIED, ids=lambda one: one.name)
def test_a_hostile_submission_gets_what_it_earned_and_sees_nothing(graded, one):
    world, results, _ = graded
    result = results[one.student]
    assert result.graded, result.notes
    wrong = {name: got for name, got in marks(result).items() if got not in allowed(one.expected()[name], name)}
    assert not wrong, f"{wrong}, expected {one.expected()}; {result.notes}; {result.findings}"
    assert set(marks(result)) == set(corpus.POINTS)
    assert re.search(one.note, "; ".join(result.notes)), f"no note {one.note!r} in {result.notes}"
    outputs, page = shown(world, one.student)
    assert corpus.CANARY not in outputs, outputs[max(0, outputs.index(corpus.CANARY) - 200) :][:400]
    assert corpus.CANARY not in page, page[max(0, page.index(corpus.CANARY) - 200) :][:400]
    assert not re.search(r"<script>hostile|<[^>&]*\son\w+=.?hostile|<a[^>]*javascript:|<b>hostile", page)
    assert not re.search(r"<(script|img|link|iframe)[^>]*\s(src|href)=.?(https?:)?//", page)
    assert len(outputs) + len(page) < 12_000_000


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("student", BYSTANDERS)
def test_bystanders_keep_their_marks(graded, student):
    world, results, _ = graded
    wanted = {"right": corpus.POINTS, "averaged": corpus.POINTS | {"mix_pixel": 0}, "nothing": corpus.NOTHING}
    assert marks(results[student]) == wanted[BYSTANDERS[student]]
    assert not results[student].notes
    page = (world.room.feedback(student) / f"{corpus.LESSON}.html").read_text(encoding="utf-8")
    shown = re.findall(r"<td>(\d of \d)</td>", page)  # in the table that the page begins with
    assert shown == [f"{got} of {corpus.POINTS[name]}" for name, got in wanted[BYSTANDERS[student]].items()]


@pytest.mark.slow
@pytest.mark.sandbox
def test_nothing_outside_was_touched(graded):
    world, results, listener = graded
    assert not world.sentinel.exists()
    assert listener.reached == 0
    names = (name for _, *both in os.walk(paths.ROOT) for name in (*both[0], *both[1]))  # others write there meanwhile
    assert not [name for name in names if name.startswith("zz_hostile")]
    assert not [
        path
        for path in world.room.folder.rglob("*")
        if path.is_file() and "submitted" not in path.parts and b"made_by_a_student" in path.read_bytes()[:99]
    ]
    with sqlite3.connect(world.gradebook) as book:
        assert not book.execute("select name from sqlite_master where name = 'made_by_a_student'").fetchall()
        assert not book.execute("select * from grade where manual_score = 99").fetchall()
    assert not left_behind(world.mark)


def left_behind(mark):
    """Processes of a student that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if mark.encode() in text and path.parent.name != str(os.getpid()):
            found.append(path.parent.name)
    return found


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_table_of_marks_is_a_table_and_runs_no_formula(graded):
    world, results, _ = graded
    with (world.room.folder / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == 1 + len(results)
    assert not [value for row in rows for value in row if value[:1] in "=+-@\t\r" and value]


def test_every_submission_of_the_list_is_in_the_corpus():
    assert {one.number for one in corpus.CASES if one.number} | ELSEWHERE == set(range(1, 55))
    assert len([one for one in corpus.CASES if one.number is None]) >= 15
    assert len({one.name for one in corpus.CASES}) == len({one.student for one in corpus.CASES}) == len(corpus.CASES)


@pytest.mark.slow
def test_every_case_can_be_handed_in(tmp_path):
    world = corpus.World(tmp_path)
    for one in corpus.CASES:
        corpus.make(one, world)
    assert len(list((world.room.folder / "submitted").iterdir())) == len(corpus.CASES)
    assert not world.sentinel.exists()
