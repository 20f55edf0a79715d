"""Which of the lesson's own cells need not be run on grading, and that no mark differs for it."""

import nbformat
import pytest

from course_utils.base import paths
from course_utils.grading.classroom import Classroom
from course_utils.grading.prepare import idle

GRADED = {"grade": False, "locked": False, "points": 0, "schema_version": 3, "solution": False, "task": False}
ANSWER = "def double(x):\n    return 2 * x"


def cell(source, **flags):
    metadata = {"nbgrader": GRADED | {"grade_id": "it"} | flags} if flags else {}
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def idle_ones(*demos, answer=ANSWER, own=(), **flags):
    """Which of a lesson's demonstrations are left out, for an answer and cells of a student's own."""
    graded = [cell(answer, solution=True, **flags), cell("check(double)", grade=True, locked=True)]
    lesson = [cell(source) for source in demos]
    released = nbformat.v4.new_notebook(cells=lesson + graded)
    nb = nbformat.from_dict({**released, "cells": lesson + [cell(source) for source in own] + graded})
    marked = idle.mark(nb, released)
    return [one.source for one in marked.cells if one.metadata.get("idle")]


@pytest.mark.parametrize("demo", ["print(1)", "y = double(2)", "import numpy as np\nnp.arange(3)", "import gc"])
def test_what_nothing_else_uses_is_left_out(demo):
    assert idle_ones(demo) == [demo]


@pytest.mark.parametrize(
    "demo",
    ["factor = 2", "factor: int = 2", "for factor in range(3): pass", "import math as factor", "from math import pi as factor",
     "def factor(): pass", "class factor: pass", "a, (*factor, b) = 1, (2, 3)", "print(factor := 2)", "factor += 1",
     "del factor", "with open('a') as factor: pass", "def f():\n    global factor\n    factor = 2\nf()", "factor.name = 2",
     "factor[0][1].name = 2", "factor.append(2)", "change(factor)", "double.factor = factor", "[factor for a in (1, 2)]",
     "try:\n    pass\nexcept ValueError as factor:\n    pass", "match 1:\n    case factor: pass"],
)  # fmt: skip
@pytest.mark.parametrize(
    "use",
    [
        "def double(x):\n    return factor * x",
        "def double(x):\n    return [factor for a in x]",
        "def double(x, f=factor):\n    return f",
        "class double:\n    def f(self):\n        return lambda: factor",
        "@factor\ndef double(x):\n    return x",
        "def double(x):\n    global factor\n    factor += x\n    return factor",
    ],
)
def test_what_an_answer_uses_is_run(demo, use):
    assert idle_ones(demo, "unused = 1", answer=use) == ["unused = 1"]


def test_what_is_used_by_what_is_used_is_run():
    demos = ["a = 1", "b = [a]", "b.append(3)", "c = b", "d = 4"]
    assert idle_ones(*demos, answer="def double(x):\n    return c") == ["d = 4"]


def test_a_function_that_is_changed_is_run():
    assert idle_ones("double.times = 3", "other = 2") == ["other = 2"]
    assert idle_ones("double = twice", "other = 2") == ["other = 2"]


def test_what_an_answer_imports_itself_is_not_taken_from_a_demonstration():
    demo = "import torch\na = torch.ones(2)"
    answer = "import torch\n\ndef double(x):\n    return torch.tensor(x) * 2"
    inside = "def double(x):\n    import torch\n    return torch.tensor(x) * 2"
    assert idle_ones(demo, answer=answer) == idle_ones(demo, answer=inside) == [demo]
    assert idle_ones(demo, answer=f"one = torch.ones(1)\n{answer}") == []
    assert idle_ones("torch = None", answer=answer) == []
    assert idle_ones("import torch as t\nt.tensor = list", "import torch\ntorch.tensor = list", answer=inside) == []


def test_names_inside_functions_are_their_own():
    demo = "def shown(x, weight):\n    y = x * weight\n    return y"
    assert idle_ones(demo, "x = weight = y = 1", answer="def double(x):\n    y = x\n    return y") == [
        demo,
        "x = weight = y = 1",
    ]


def test_a_students_own_cells_are_run_and_have_what_they_need():
    assert idle_ones("a = 1", "b = 2", own=["print(a)"]) == ["b = 2"]
    assert idle_ones("a = 1", own=["a = 2"]) == ["a = 1"]  # the lesson's is not the one that counts for anybody


@pytest.mark.parametrize("own", ["globals()['a']", "eval('a')", "import sys", "from inspect import stack", "Out[3]"])
def test_nothing_is_left_out_where_code_can_look_about(own):
    assert idle_ones("a = 1", own=[own]) == []


@pytest.mark.parametrize("own", ["%run other.py", "!echo {a}", "%%bash\nls", "def f(:", "x = '\0'", "(" * 300])
def test_nothing_is_left_out_where_a_cell_is_no_python(own):
    assert idle_ones("a = 1", own=[own]) == []


@pytest.mark.parametrize(
    "own", ["!nvidia-smi", "%matplotlib inline\nb = 1", "%%time\nb = 1", "%pip install x", "files = !ls"]
)
def test_commands_that_use_no_names_leave_out_what_nothing_else_uses(own):
    assert idle_ones("a = 1", own=[own]) == ["a = 1"]


def test_what_a_timed_line_uses_is_run():
    assert idle_ones("a = 1", "c = 1", own=["%timeit -n 3 double(a)"]) == ["c = 1"]


def test_nothing_is_left_out_where_a_person_marks_what_a_cell_shows():
    assert idle_ones("a = 1", grade=True) == []


def test_a_task_is_marked_by_its_text_and_by_what_a_student_adds_which_is_run():
    assert idle_ones("a = 1", "b = 2", own=["print(b)"], task=True) == ["a = 1"]


@pytest.mark.parametrize("lesson", paths.lessons())
def test_most_of_a_lesson_need_not_be_run(lesson):
    room = Classroom(lesson, paths.ROOT, paths.ROOT / "grading")
    nb = idle.mark(room.reference(), room.released())
    shown = [one for one in nb.cells if one.cell_type == "code" and "nbgrader" not in one.metadata]
    left_out = [one for one in shown if "idle" in one.metadata]
    least = (
        0.1 if lesson.startswith("13") else 0.8
    )  # there, a student's own verdicts are shown on a board that most cells fill
    assert len(left_out) > least * len(shown)
