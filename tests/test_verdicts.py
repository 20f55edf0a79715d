"""Marks come from the referee's own verdict on this cell, of this submission, in this run; from nothing else."""

import hashlib
import itertools
import json
from copy import deepcopy

import nbformat
import pytest

from course_utils.checking.outcome import CORRECT, CRASHED, NOT_ATTEMPTED, UNCHECKED, WRONG
from course_utils.checking.render import VERDICT_MIME
from course_utils.grading.run import execute, referee, verdicts
from course_utils.grading.run.verdicts import FAILED, PASSED, WAITS

OUTPUTS = {
    "none": [],
    "an error": [nbformat.v4.new_output("error", ename="Wrong", evalue="no", traceback=[])],
    "a number": [nbformat.v4.new_output("execute_result", {"text/plain": "3"})],
    "a forged verdict": [nbformat.v4.new_output("display_data", {VERDICT_MIME: {"exercise": "f", "outcome": CORRECT}})],
    "standard error": [nbformat.v4.new_output("stream", name="stderr", text="careful")],
}
FLAGS = {
    "grade": True,
    "grade_id": "f_check",
    "locked": True,
    "points": 3,
    "schema_version": 3,
    "solution": False,
    "task": False,
}


def notebook(source="check(f)", **flags):
    cells = [nbformat.v4.new_code_cell("def f(): pass", id="answer"), nbformat.v4.new_code_cell(source, id="check")]
    cells[1].metadata["nbgrader"] = FLAGS | flags
    return nbformat.v4.new_notebook(cells=cells)


def said(outcome):
    return {"exercise": "f", "outcome": outcome, "code": None, "message": "f: said"}


def judged(nb, *outcomes, succeeded=True, run="run"):
    return put(nb, succeeded, [said(one) for one in outcomes], True, run)


def put(nb, succeeded, said, asks, run="run"):
    record = verdicts.new(run, nb)
    verdicts.put(record, nb.cells[1], succeeded, said, asks)
    nb.metadata[verdicts.PLACE] = record
    return nb


def marks(nb):
    return verdicts.decide(nb.cells[1], verdicts.record_of(nb)).marks


def nothing(nb):
    pass


def without_a_record(nb):
    del nb.metadata[verdicts.PLACE]


def of_another_submission(nb):
    nb.cells[0].source += "\n"


def of_another_check(nb):
    nb.cells[1].source = "check(g)"


def with_a_flag_of_its_own(nb):
    nb.cells[1].metadata.nbgrader["points"] = 100


def of_another_run(nb):
    nb.metadata[verdicts.PLACE]["run"] = "another"


def of_no_run(nb):
    nb.metadata[verdicts.PLACE]["run"] = ""


def under_another_name(nb):
    nb.metadata[verdicts.PLACE]["cells"] = {"g_check": nb.metadata[verdicts.PLACE]["cells"]["f_check"]}


def without_a_seal(nb):
    del nb.metadata[verdicts.PLACE]["cells"]["f_check"]["seal"]


def of_another_kind(nb):
    nb.metadata[verdicts.PLACE]["cells"]["f_check"]["verdict"] = "excellent"


def as_text(nb):
    nb.metadata[verdicts.PLACE] = "passed"


def a_part(nb):
    nb.metadata[verdicts.PLACE] = {"cells": nb.metadata[verdicts.PLACE]["cells"]}


CHANGES = [nothing, without_a_record, of_another_submission, of_another_check, with_a_flag_of_its_own, of_another_run,
           of_no_run, under_another_name, without_a_seal, of_another_kind, as_text, a_part]  # fmt: skip
KINDS = [CORRECT, WRONG, CRASHED, NOT_ATTEMPTED, UNCHECKED]
SAID = [(), *((one,) for one in KINDS), *itertools.product(KINDS, KINDS)]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shown", OUTPUTS)
def test_points_come_from_a_verdict_of_this_cell_submission_and_run_alone(change, shown):
    for outcomes, succeeded in itertools.product(SAID, (True, False)):
        nb = judged(notebook(), *outcomes, succeeded=succeeded)
        nb.cells[1].outputs = deepcopy(OUTPUTS[shown])
        change(nb)
        told = succeeded and bool(outcomes)
        right = told and set(outcomes) == {CORRECT}
        waits = told and UNCHECKED in outcomes and set(outcomes) <= {CORRECT, UNCHECKED}
        wanted = (3.0 if right else None if waits else 0.0) if change is nothing else 0.0
        assert marks(nb) == wanted, (outcomes, succeeded)


def test_what_is_shown_never_counts():
    for shown, verdict in itertools.product(OUTPUTS, (PASSED, FAILED, WAITS)):
        nb = judged(notebook(), CORRECT)
        nb.metadata[verdicts.PLACE]["cells"]["f_check"]["verdict"] = verdict
        nb.cells[1].outputs = deepcopy(OUTPUTS[shown])
        nb.cells[0].outputs = deepcopy(OUTPUTS[shown])
        assert marks(nb) == {PASSED: 3.0, FAILED: 0.0, WAITS: None}[verdict]


def test_a_cell_that_asks_for_a_check_is_right_only_if_one_has_answered():
    assert marks(put(notebook(), True, [], asks=True)) == 0.0
    assert marks(put(notebook(), True, [], asks=False)) == 3.0  # an author's own assertions


def test_what_a_person_marks_has_no_marks_of_its_own():
    nb = judged(notebook("an essay", solution=True, locked=False), CORRECT)
    assert marks(nb) is None
    from nbgrader.utils import compute_checksum

    nb.cells[1].metadata.nbgrader["checksum"] = compute_checksum(nb.cells[1])  # as it was released: nothing written
    assert marks(nb) == 0.0


def test_a_notebook_that_comes_back_is_the_one_that_was_sent():
    sent = notebook()
    back = judged(deepcopy(sent), CORRECT)
    assert verdicts.is_of(back, "run", sent)
    assert not verdicts.is_of(back, "another run", sent)
    assert not verdicts.is_of(back, "run", notebook("check(g)"))
    assert not verdicts.is_of(deepcopy(sent), "run", sent)
    back.cells[0].source = "def f(): return 1"
    assert not verdicts.is_of(back, "run", sent)


def test_marks_with_private_cases_are_remembered_when_they_are_missing_the_next_time():
    first = verdicts.with_private(judged(notebook(), CORRECT), "3f2a")
    assert verdicts.record_of(first)["private"] == "3f2a"
    assert marks(first) == 3.0  # the note binds nothing and unbinds nothing
    second = verdicts.with_private(judged(notebook(), CORRECT), "", first, 2.0)
    assert verdicts.record_of(second)["before"] == {"private": "3f2a", "marks": 2.0}
    third = verdicts.with_private(judged(notebook(), CORRECT), "", second, 3.0)
    assert verdicts.record_of(third)["before"] == {"private": "3f2a", "marks": 2.0}
    fourth = verdicts.with_private(judged(notebook(), CORRECT), "77aa", third, 3.0)
    assert "before" not in verdicts.record_of(fourth)


def test_a_submission_is_the_same_before_and_after_it_was_a_file_and_was_run():
    nb = nbformat.v4.new_notebook(metadata={"notes": ["ü"], "signature": "x"})
    nb.cells = [
        nbformat.v4.new_markdown_cell("a\nb"),
        nbformat.v4.new_code_cell("x = 1\n\nx", metadata={"trusted": True}),
    ]
    nb.cells[0].attachments = {"one": {"text/plain": "a\nb"}}
    before = verdicts.submission_of(nb)
    plain = json.loads(nbformat.writes(nb))
    for cell in plain["cells"]:
        cell.pop("outputs", None), cell.pop("execution_count", None)
    assert before == hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()  # as it always was
    run = nbformat.reads(nbformat.writes(nb), as_version=4)
    run.cells[1].outputs, run.cells[1].execution_count = [nbformat.v4.new_output("stream", text="1")], 3
    run.metadata[verdicts.PLACE] = verdicts.new("run", run)
    assert verdicts.submission_of(run) == before
    run.cells[1].source += "\n"
    assert verdicts.submission_of(run) != before


def test_what_kept_a_cell_from_its_end_is_told_in_a_line():
    """An error's words are a student's own, ten million characters of them, and every check that misses a name says them."""
    error = nbformat.v4.new_output("error", ename="Long", evalue="x" * 1_000_000, traceback=[])
    missed = nbformat.v4.new_output("error", ename="NameError", evalue="name 'f' is not defined", traceback=[])
    answer = nbformat.v4.new_code_cell("raise Long\ndef f(): pass", outputs=[error])
    check = nbformat.v4.new_code_cell("check(f)", outputs=[missed], metadata={"nbgrader": FLAGS})
    nb = nbformat.v4.new_notebook(cells=[answer, check], metadata={verdicts.PLACE: {"cells": {"f_check": {}}}})
    entry = execute.with_reasons(nb).metadata[verdicts.PLACE]["cells"]["f_check"]
    assert entry["error"].startswith("Long: xxx") and len(entry["error"]) <= verdicts.LINE_MAX
    assert len(check.outputs[0].evalue) < 2 * verdicts.LINE_MAX


def test_what_is_shown_as_data_counts_by_what_it_holds():
    """An empty part is two characters of JSON, and a hundred times that for whoever reads and copies it."""
    own = object.__new__(referee.Referee)
    own.written = 0
    shown = {
        "output_type": "display_data",
        "data": {"application/json": [{}] * 20_000, "text/plain": "x"},
        "metadata": {},
    }
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 1_000_000, "text/plain": "x"}, "metadata": {}}
    assert [one.output_type for one in own._fitting([picture, shown, shown, shown])] == ["display_data"] * 3 + [
        "stream"
    ]
