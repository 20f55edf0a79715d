"""Limits measure the submission and not its neighbours."""

import socket
import time

import nbformat
import pytest

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.grading.classroom import Classroom
from course_utils.grading.run import execute, verdicts
from course_utils.grading.run.execute import Executor, Gate
from course_utils.grading.run.frames import Frames
from course_utils.grading.run.inside import Clock, Clocked
from course_utils.grading.run.link import Gone
from course_utils.grading.run.task import Task


@pytest.mark.parametrize("starved", [True, False])
def test_what_others_work_held_up_is_run_again_alone_before_it_counts(starved):
    tried = []

    class Two(Executor):
        def __init__(self):
            self.task, self.gate = Task(), Gate()

        def _run(self, nb, task):
            tried.append(task.is_patient)
            record = verdicts.new("run", nb) | {"starved": starved and not task.is_patient}
            nb.metadata[verdicts.PLACE] = record
            return nb

    Two().run(nbformat.v4.new_notebook())
    assert tried == ([False, True] if starved else [False])


LOOP = "def mix_pixel(v, w, b=0.0):\n    while True:\n        pass"


@pytest.mark.sandbox
@pytest.mark.slow
def test_an_endless_loop_is_stopped_by_its_own_processor_time_and_not_by_the_clock(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "CELL_SECONDS", 3)
    room = Classroom("01_one_pixel", paths.ROOT, tmp_path)
    nb = room.reference()
    next(cell for cell in nb.cells if grade_id(cell) == "mix_pixel").source = LOOP
    with Executor(execute.task_of(room.source, room.reference())) as executor:
        done = executor.run(nb)
    errors = [out.evalue for cell in done.cells for out in cell.get("outputs", []) if out.output_type == "error"]
    assert "it ran over 3 s" in errors and not any("by the clock" in error for error in errors), errors


def test_what_the_referee_computes_is_not_counted_as_time_that_a_student_took():
    clock = Clock(end=100.0, last=time.monotonic() - 5)
    assert 5 <= clock.rest() < 6 and 105 <= clock.end < 106
    ours, theirs = socket.socketpair()
    link = Clocked(Frames(ours.detach()))
    link.clock, link.connection.deadline = Clock(last=time.monotonic() - 50), time.monotonic() - 40
    with theirs, pytest.raises(Gone):  # ten seconds are left, and nobody answers
        theirs.close()
        link.ask({"do": "get", "names": []})
    assert link.gone == "it ended the process" and not link.clock.waits
    assert 9 < link.connection.deadline - time.monotonic() <= 10


@pytest.mark.sandbox
@pytest.mark.slow
def test_who_waits_for_a_referee_that_computes_does_not_sleep():
    flags = {"grade": True, "grade_id": "f_check", "locked": True, "points": 1, "schema_version": 3, "solution": False}
    long = (
        "import time\nf()\nend = time.process_time() + 6\nwhile time.process_time() < end:\n    pass\nassert f() == 1"
    )
    check = nbformat.v4.new_code_cell(long, metadata={"nbgrader": flags})
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("def f():\n    return 1"), check])
    with Executor(Task(cell_seconds=1, notebook_seconds=30)) as executor:
        record = verdicts.record_of(executor.run(nb))
    assert record["cells"]["f_check"]["verdict"] == verdicts.PASSED, record
