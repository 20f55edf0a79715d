"""The first run on a GPU: rehearsed on a stand-in, with the few packages of its machine, stopped and resumed."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from course_utils.bench import first_run
from course_utils.bench.journal import Journal, key

REHEARSAL = Path(__file__).with_name("rehearse_first_run.py")


def rehearsed(folder, seconds, **environment):
    """The exit status of a rehearsal and what it prints."""
    done = subprocess.run(
        [sys.executable, REHEARSAL, folder, str(seconds)],
        env=os.environ | {"OMP_NUM_THREADS": "1"} | environment,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.triton
@pytest.mark.slow
def test_the_first_run_goes_on_behind_what_was_lost_and_ends_with_its_bars(tmp_path):
    status, said = rehearsed(tmp_path, 600, REHEARSE="record,13,lost")
    assert status == first_run.RIGHT and "A process was lost (status 139)" in said, said
    assert "The kernel beside float64: 28 of 28 right." in said
    assert said.count("\nmet ") == 3
    journal = Journal(tmp_path / "first_run.jsonl")
    records = Counter(key(line["of"]) for line in journal.lines if line["what"] == "record" and "found" in line)
    assert len(records) == journal.found("jobs")[-1] and set(records.values()) == {1}
    begun = [line["of"] for line in journal.lines if line["what"] == "record"]
    assert [of[3][0] for of in begun][-2:] == ["compiled", "compiled"]  # what may run long comes last
    trace = json.loads(next((tmp_path / "traces").glob("*.json")).read_text())
    assert len(trace["records"]) == len(records) and trace["left out for time"] == 0
    assert all("seconds launched" in one and "not captured" not in one for one in trace["records"])

    status, said = rehearsed(tmp_path, 600, MISS="1")  # everything is there: nothing is measured again
    assert status == first_run.MISSED and "missed       fp16, share of the copy" in said
    again = Journal(journal.file)
    assert len(again.found("record")) == len(records) and len(again.found("proof")) == 28


@pytest.mark.triton
@pytest.mark.slow
def test_without_time_nothing_begins_and_what_hangs_is_ended(tmp_path):
    status, said = rehearsed(tmp_path, 0.01)
    assert status == first_run.UNFINISHED and "Run it again to go on" in said
    assert not Journal(tmp_path / "first_run.jsonl").found("record")
    status, said = rehearsed(tmp_path, 30, REHEARSE="proof,1,hangs")
    assert status == first_run.UNFINISHED and "was ended" in said


def test_a_journal_loses_a_torn_line_alone_and_gives_up_what_was_begun_twice(tmp_path):
    journal = Journal(tmp_path / "run.jsonl")
    for of in ("a", "b", "b"):
        journal.begin("record", of)
    journal.end("record", "a", 1)
    with journal.file.open("a") as file:
        file.write('{"what": "rec')
    again = Journal(journal.file)
    assert (again.found("record"), again.lost("record")) == ([1], ["b"])
    again.end("record", "c", 2)
    assert Journal(journal.file).found("record") == [1, 2]


def test_other_kernels_begin_a_journal_of_their_own_and_the_older_one_stays(tmp_path):
    Journal(tmp_path / "first_run.jsonl").end("of", 0, {"kernels": "others", "torch": "2"})
    assert first_run._journal(tmp_path).found("of")[0]["kernels"] != "others"
    assert len(list(tmp_path.glob("first_run-*.jsonl"))) == 1
