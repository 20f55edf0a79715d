"""Whoever brings down what checks a submission, or who reads it, does not keep better marks from before by that."""

import csv
import importlib
import socket
import time
import types
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException

from course_utils.base import paths
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade
from course_utils.grading.marks import gradebook
from course_utils.grading.marks.recorded import recorded
from course_utils.grading.prepare import scrub
from course_utils.grading.prepare.submission import prepare
from course_utils.grading.run import execute, verdicts
from course_utils.grading.run.execute import Executor, Gate
from course_utils.grading.run.store import Store
from course_utils.grading.run.task import Task

grading = importlib.import_module("test_grading")
LESSON, RIGHT = grading.LESSON, grading.RIGHT


class Falls(Executor):
    """An executor whose referees fall so many times; its own processes stand, or are gone."""

    def __init__(self, times, stands=True):
        self.task, self.gate, self.times, self.tried = Task(), Gate(), times, []
        self.door = socket.socketpair()[0]
        self.process = types.SimpleNamespace(poll=lambda: None if stands else 1)

    def _run(self, nb, task):
        self.tried.append(task)
        if len(self.tried) <= self.times:
            raise ChildProcessError("the process that checks it was ended")
        nb.metadata[verdicts.PLACE] = verdicts.new("run", nb)
        return nb


def test_one_that_took_long_to_fall_is_not_waited_for_again(monkeypatch):
    clock = iter([0.0, 400.0])
    monkeypatch.setattr(execute, "time", types.SimpleNamespace(monotonic=lambda: next(clock)))
    executor = Falls(9)
    assert verdicts.record_of(executor.run(nbformat.v4.new_notebook()))["fallen"]
    assert len(executor.tried) == 1


def test_a_referee_that_falls_once_is_tried_again():
    executor = Falls(1)
    assert verdicts.record_of(executor.run(nbformat.v4.new_notebook()))["run"] == "run"
    assert executor.tried == [executor.task] * 2


def test_one_that_falls_twice_leaves_no_verdict_and_is_not_remembered(tmp_path):
    executor, nb = Falls(2), nbformat.v4.new_notebook()
    store = Store(tmp_path, executor.task)
    record = verdicts.record_of(store.run(nb, executor))
    assert record["fallen"] == verdicts.FELL and not record["cells"] and not record["run"]
    assert not store.place(nb).exists()


def test_where_all_processes_are_ended_nothing_is_said_of_a_submission():
    with pytest.raises(ChildProcessError):
        Falls(9, stands=False).run(nbformat.v4.new_notebook())


@pytest.mark.slow
@pytest.mark.sandbox
def test_who_brings_the_referee_down_has_no_marks_and_not_the_old_ones(tmp_path, monkeypatch, capsys):
    course = grading.Course(tmp_path)
    course.hand_in("eve", RIGHT)
    assert grade(LESSON, root=tmp_path)
    course.hand_in("eve", RIGHT + "\n# another")
    run = execute.Executor._run

    def falls(self, nb, task):
        if any("# another" in cell.source for cell in nb.cells):
            raise ChildProcessError("the process that checks it was ended")
        return run(self, nb, task)

    monkeypatch.setattr(execute.Executor, "_run", falls)
    assert not grade(LESSON, root=tmp_path)
    said = capsys.readouterr().out
    assert "0 of 1 graded." in said and verdicts.FELL in said
    with (course.room.folder / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        row = next(csv.DictReader(file))
    assert row["marks"] == "0" and row["note"] == verdicts.FELL
    with Gradebook(f"sqlite:///{course.room.folder / 'gradebook.db'}") as book:
        assert book.find_submission(LESSON, "eve").score == 0
    assert [one.graded for one in recorded(course.room)] == [False]  # such marks go to no LMS: tests/test_lms.py
    monkeypatch.undo()
    assert grade(LESSON, root=tmp_path)
    assert "4 of 4" in capsys.readouterr().out


def test_where_no_page_can_be_made_of_what_cells_show_there_are_marks_without_it(monkeypatch):
    tried = []

    def record(self, student, nb):
        tried.append(nb)
        if any("a riddle" in output.text for cell in nb.cells for output in cell.outputs):
            raise NbGraderException("a template broke")

    monkeypatch.setattr(gradebook.Gradebook, "_record", record)
    nb = with_check("check(f)")
    nb.cells = [nbformat.v4.new_code_cell("odd"), nbformat.v4.new_code_cell("silent"), *nb.cells]
    nb.cells[0].outputs = [nbformat.v4.new_output("stream", text="a riddle")]
    nb.cells[2].outputs = [nbformat.v4.new_output("stream", text="what the check says")]
    book = gradebook.Gradebook.__new__(gradebook.Gradebook)
    book.record("eve", nb)
    odd, silent, check = (cell.outputs for cell in tried[1].cells)
    assert [one.text for one in odd] == [gradebook.LEFT_OUT] and not silent and check == nb.cells[2].outputs
    assert verdicts.submission_of(tried[1]) == verdicts.submission_of(nb)  # or no verdict would count
    nb.cells[2].outputs[0].text = "a riddle of the check's own"
    with pytest.raises(NbGraderException):
        book.record("eve", nb)


def with_check(source):
    """A notebook whose one check is this code, which the referee runs."""
    flags = {"grade": True, "grade_id": "f_check", "locked": True, "points": 1, "schema_version": 3, "solution": False}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, metadata={"nbgrader": flags})])


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_referee_that_computes_or_takes_without_end_falls_alone():
    with Executor(Task(notebook_seconds=2)) as executor:
        endless, large, right = (
            verdicts.record_of(executor.run(with_check(source)))
            for source in ("while True: pass", "kept = bytearray(5 << 30)", "assert True")
        )
    assert endless["fallen"] == verdicts.FELL and not endless["cells"]
    assert large["cells"]["f_check"]["verdict"] == verdicts.FAILED
    assert large["cells"]["f_check"]["error"].startswith("MemoryError")
    assert right["cells"]["f_check"]["verdict"] == verdicts.PASSED


@pytest.mark.parametrize("error", [RecursionError("deep"), KeyError("x"), TypeError("odd"), MemoryError()])
def test_whatever_comes_of_reading_a_submission_is_0_marks_with_a_note(tmp_path, monkeypatch, error):
    lesson = paths.lessons()[1]
    room = Classroom(lesson, paths.ROOT, tmp_path)
    path = room.submission("eve") / f"{lesson}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")

    def broken(*_):
        raise error

    monkeypatch.setattr("course_utils.grading.prepare.intake.read", broken)
    nb = prepare(room, room.read(), True, "eve")
    assert nb.metadata.notes[0].startswith("could not be read, so 0 marks: ")
    monkeypatch.setattr("course_utils.grading.prepare.intake.read", lambda *_: (_ for _ in ()).throw(OSError("disk")))
    with pytest.raises(OSError, match="disk"):
        prepare(room, room.read(), True, "eve")


def test_submissions_are_read_one_after_the_other_since_python_reads_code_wrongly_in_two_threads(tmp_path, monkeypatch):
    lesson = paths.lessons()[1]
    room, names, inside, most = Classroom(lesson, paths.ROOT, tmp_path), ["ada", "bob", "eve"], [], []
    for name in names:
        room.submission(name).mkdir(parents=True)
        nbformat.write(room.released(), room.submission(name) / f"{lesson}.ipynb")

    def watched(*given):
        inside.append(given)
        most.append(len(inside))
        time.sleep(0.05)
        found = scrubbed(*given)
        inside.pop()
        return found

    scrubbed = scrub.scrub
    monkeypatch.setattr(scrub, "scrub", watched)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda name: prepare(room, room.read(), True, name), names))
    assert most == [1, 1, 1]
