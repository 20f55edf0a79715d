"""Every lesson runs: with its answers to full marks, untouched to zero, without a network, in little memory."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade, is_grade

from course_utils.base import paths

pytestmark = pytest.mark.slow

MEMORY_MAX = 1_000_000_000  # bytes, the whole kernel
PROCESSOR_MAX = 150  # seconds of processor time, the whole kernel; what others do beside it does not count
STOP = 900  # seconds by the clock, for a cell or a kernel's start that would never end

NO_NETWORK = """
import socket

def _refuse(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        raise AssertionError(f"a lesson asked the network for {address}")
    return _connect(self, address)

_connect, socket.socket.connect = socket.socket.connect, _refuse
"""
TAKEN = """
import pathlib, re, resource, time

status = pathlib.Path("/proc/self/status")  # Linux; its ru_maxrss would count what the process that started it took
peak = re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1] if status.exists() else \\
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(int(peak) * 1024, time.process_time())
"""


def execute(folder, lesson, tmp_path, monkeypatch):
    """The notebook of `lesson` after a run, errors and all, and the memory and processor time that its kernel took."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    path = folder / lesson / f"{lesson}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(NO_NETWORK))
    notebook.cells.append(nbformat.v4.new_code_cell(TAKEN))
    where = {"metadata": {"path": path.parent}}
    client = NotebookClient(notebook, timeout=STOP, startup_timeout=STOP, allow_errors=True, resources=where)
    client.execute()
    last = notebook.cells.pop()
    memory, seconds = "".join(out.text for out in last.outputs).split()
    return notebook, int(memory), float(seconds)


def errors(notebook):
    """Each error of a run: the exception's name and the cell it came from."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [
        (out.ename, out.evalue, cell.source) for cell in cells for out in cell.outputs if out.output_type == "error"
    ]


def marks(notebook):
    """`(score, points)` of every graded cell, as nbgrader counts them; what a person marks is left out."""
    graded = [cell for cell in notebook.cells if is_grade(cell) and not cell.metadata.nbgrader.solution]
    return [determine_grade(cell)[:2] for cell in graded if not cell.metadata.nbgrader.get("task")]


@pytest.mark.parametrize("lesson", paths.lessons())
def test_the_reference_gets_full_marks(lesson, tmp_path, monkeypatch):
    notebook, memory, seconds = execute(paths.solutions(), lesson, tmp_path, monkeypatch)
    assert errors(notebook) == []
    assert all(score == points for score, points in marks(notebook))
    assert sum(points for _, points in marks(notebook)) > 0
    assert memory < MEMORY_MAX
    assert seconds < PROCESSOR_MAX
    assert pictures_without_words(notebook) == []


@pytest.mark.parametrize("lesson", paths.lessons())
def test_the_untouched_release_gets_nothing_and_only_asks_to_be_written(lesson, tmp_path, monkeypatch):
    notebook, *_ = execute(paths.notebooks(), lesson, tmp_path, monkeypatch)
    assert {name for name, _, _ in errors(notebook)} <= {"NotImplementedError", "NotAttempted"}, errors(notebook)
    assert all(score == 0 for score, _ in marks(notebook))
    assert marks(notebook)


@pytest.mark.parametrize("lesson", paths.lessons())
def test_hidden_tests_and_answers_stay_out_of_the_release(lesson):
    text = (paths.notebooks() / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8")
    assert "HIDDEN TESTS" not in text
    assert "BEGIN SOLUTION" not in text
    assert "seed=1)" not in text
    assert [path.name for path in (paths.notebooks() / lesson).iterdir() if path.suffix == ".py"] == []


def pictures_without_words(notebook):
    """Outputs that show a picture and do not describe it."""
    found = []
    for cell in notebook.cells:
        for out in cell.get("outputs", []):
            data = out.get("data", {})
            images = re.findall(r"<img\b[^>]*>", data.get("text/html", ""))
            bare = [image[:80] for image in images if not re.search(r'\balt="[^"]{10,}"', image)]
            found += bare + [kind for kind in data if kind.startswith("image/")]
    return found


def test_every_lesson_has_its_two_notebooks():
    for lesson in paths.lessons():
        for folder in (paths.solutions(), paths.notebooks()):
            assert Path(folder / lesson / f"{lesson}.ipynb").is_file()
