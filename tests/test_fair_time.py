"""Limits measure the submission and not its neighbours."""

import nbformat
import pytest

from course_utils.grading.run import verdicts
from course_utils.grading.run.execute import Executor, Gate


@pytest.mark.parametrize("starved", [True, False])
def test_what_others_work_held_up_is_run_again_alone_before_it_counts(starved):
    tried = []

    class Two(Executor):
        def __init__(self):
            self.task, self.gate = {"limits": [30, 300, False]}, Gate()

        def _run(self, nb, task):
            tried.append(task["limits"])
            record = verdicts.new("run", nb) | {"starved": starved and not task["limits"][2]}
            nb.metadata[verdicts.PLACE] = record
            return nb

    Two().run(nbformat.v4.new_notebook())
    assert tried == ([[30, 300, False], [30, 300, True]] if starved else [[30, 300, False]])
