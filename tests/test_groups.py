"""Wrong answers that the catalogue does not know are grouped by what they do, and become entries of it."""

import ast
import json
import re

import numpy as np
import pytest

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.grading.classroom import Classroom
from course_utils.grading.marks.results import Finding, Result
from course_utils.grading.report import groups, page

LESSON, NAME = "02_by_hand", "conv1x1_loops"
FACTOR = """\
def conv1x1_loops(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x) * 1.5
    return y if bias is None else y + bias[:, None, None]
"""
PLANTED = {  # kind: the same wrong thing, written in several ways
    "half as much again": [
        FACTOR,
        FACTOR.replace("* 1.5", "/ 2 * 3"),
        """\
import numpy as np

RATE = 3 / 2

def mix(a, b):
    return np.tensordot(b, a, axes=(1, 1)).transpose(1, 0, 2, 3)

def conv1x1_loops(x, weight, bias=None):
    '''Mine.'''
    out = RATE * mix(x.astype(np.float32), weight)  # all pixels at once
    return out if bias is None else bias[None, :, None, None] + out
""",
    ],
    "squares": [
        FACTOR.replace("* 1.5", "** 2"),
        FACTOR.replace("* 1.5", "").replace("return y if", "y = y * y\n    return y if"),
    ],
    "stops": [FACTOR.replace("* 1.5", "[5000]"), FACTOR.replace("* 1.5", "[:, 9000]")],
}


def finding(text, seed=0):
    space = {"np": np}
    exec(text, space)  # the text of this test
    verdict = judge(find(NAME), space[NAME], seed)
    return Finding(NAME, 0.0, 3.0, verdict.outcome, verdict.code, verdict.message, verdict.trace, text)


def planted_class():
    kinds = [(kind, text) for kind, texts in PLANTED.items() for text in texts]
    return kinds, [Result(f"{kind} {i}", [finding(text)]) for i, (kind, text) in enumerate(kinds)]


def test_each_planted_group_is_found_and_none_is_split():
    kinds, results = planted_class()
    known = [
        Result(
            "named",
            [finding("def conv1x1_loops(x, weight, bias=None):\n    return np.einsum('oc,nchw->nohw', weight, x)")],
        ),
        Result("right", [Finding(NAME, 3.0, 3.0, "correct")]),
    ]
    found = groups.groups(known + results)
    assert [len(one.students) for one in found] == [3, 2, 2]
    for one in found:
        assert len({name.rpartition(" ")[0] for name in one.students}) == 1
        assert one.sample in [text for _, text in kinds] and one.told and one.shown_by


def test_the_report_shows_them_and_the_page_without_names_shows_no_text():
    _, results = planted_class()
    shown = page.page(LESSON, results)
    assert "Wrong, and not in the catalogue" in shown and "y = np.einsum" in shown
    hidden = page.page(LESSON, page.without_names(results))
    assert "np.einsum" not in hidden and "half as much" not in hidden


def test_what_an_answer_does_says_nothing_of_the_numbers_of_a_case():
    trace = finding(FACTOR, seed=1).trace
    assert trace[0] == "seed 1" and all(re.fullmatch("=|[0-9a-f]{10}", mark) for mark in trace[1:])
    assert finding(FACTOR, seed=1).trace == trace != finding(FACTOR).trace


@pytest.mark.parametrize("kind", PLANTED)
def test_a_draft_stands_on_its_own_and_does_what_the_group_does(kind):
    for text in PLANTED[kind]:
        group = groups.Group(NAME, finding(text).trace, ("a",), "", text)
        draft = groups.draft(group, 2)
        assert draft.startswith(f'@{NAME}.mistake("CODE", "') and "Mine" not in draft
        (function,) = ast.parse(draft).body
        function.decorator_list = []
        space = {"np": np}
        exec(ast.unparse(function), space)
        assert judge(find(NAME), space["group_2"]).trace == group.trace


def test_a_text_without_the_function_is_left_to_a_person():
    with pytest.raises(CourseError, match="defines no function conv1x1_loops"):
        groups.draft(groups.Group(NAME, ("seed 0",), (), "", "conv1x1_loops = print"), 1)
    deep = f"def {NAME}(x, weight, bias=None):\n    return {'-' * 2500}x"
    with pytest.raises(CourseError, match="nested too deep"):
        groups.draft(groups.Group(NAME, ("seed 0",), (), "", deep), 1)
    with pytest.raises(CourseError, match="over 20,000 characters"):
        groups.draft(groups.Group(NAME, ("seed 0",), (), "", f"def {NAME}(x): return x\n" + "x = 1\n" * 4_000), 1)


@pytest.mark.slow
def test_from_a_class_to_a_draft(tmp_path, monkeypatch, capsys):
    from course_utils.grading.grade import grade_class

    (tmp_path / "solutions").symlink_to(paths.ROOT / "solutions")
    room = Classroom(LESSON, tmp_path, tmp_path / "grading")
    for i, text in enumerate(PLANTED["half as much again"]):
        nb = room.released()
        for cell in nb.cells:
            cell.source = text if grade_id(cell) == NAME else cell.source
        room.submission(f"s{i}").mkdir(parents=True)
        (room.submission(f"s{i}") / f"{LESSON}.ipynb").write_text(json.dumps(nb))
    (group,) = groups.groups(grade_class(room))
    assert group.students == ("s0", "s1", "s2")
    assert groups.catalogue_group("02", 1, tmp_path)
    assert "does what the group does" in capsys.readouterr().out
    assert "group_1" in (tmp_path / "grading" / "reports" / f"{LESSON}_group_1.py").read_text()
    with pytest.raises(CourseError, match="has 1 group of wrong answers that are not in the catalogue, got 2"):
        groups.catalogue_group("02", 2, tmp_path)
