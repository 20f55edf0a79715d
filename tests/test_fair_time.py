"""Limits measure the submission and not its neighbours."""

import nbformat
import pytest

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.grading.classroom import Classroom
from course_utils.grading.run import execute, verdicts
from course_utils.grading.run.execute import Executor, Gate
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
