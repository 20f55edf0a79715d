"""Code that is alike: planted copies stand out whatever was done to hide them, independent right answers do not."""

import ast
import copy
import json
import random

import pytest

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo import demo
from course_utils.grading.report import alike, similar
from course_utils.grading.report.forms import form, size

LESSON = "02_by_hand"
EXTRA = [
    "assert x is not None",
    "dtype = x.dtype",
    "size = len(x)",
    "print(x.shape)",
    "shape = x.shape",
    "n = x.shape[0]",
    "import math",
    "h, w = x.shape[-2:]",
]


@pytest.fixture(scope="module")
def room():
    return Classroom(LESSON, paths.ROOT, paths.ROOT / "grading")


class Style(ast.NodeTransformer):
    """The same function as somebody else would have written it: other statements between, other forms of them."""

    def __init__(self, rng):
        self.rng = rng

    def visit_AugAssign(self, node):
        target = copy.deepcopy(node.target)
        target.ctx = ast.Load()
        other = ast.Assign([node.target], ast.BinOp(target, node.op, node.value), lineno=0)
        return other if self.rng.random() < 0.5 else node

    def visit_Return(self, node):
        if node.value is None or self.rng.random() < 0.6:
            return node
        return [
            ast.Assign([ast.Name("out", ast.Store())], node.value, lineno=0),
            ast.Return(ast.Name("out", ast.Load())),
        ]

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult) and self.rng.random() < 0.4:
            node.left, node.right = node.right, node.left
        return node

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        between = [ast.parse(self.rng.choice(EXTRA)).body if self.rng.random() < 0.25 else [] for _ in node.body]
        node.body = [one for pair in zip(between, node.body, strict=True) for one in (*pair[0], pair[1])]
        return node


def independent(text, rng):
    return ast.unparse(ast.fix_missing_locations(Style(rng).visit(ast.parse(text))))


def disguised(text, rng):
    """A copy with other names, comments of its own, and its functions in another order."""
    tree = ast.parse(text)
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in own:
            node.id = f"my_{sorted(own).index(node.id)}"
    tree.body.sort(key=lambda one: rng.random() if isinstance(one, ast.FunctionDef) else -1)
    lines = ast.unparse(tree).splitlines()
    return "\n\n".join(
        f"{line}  # I thought of this" if rng.random() < 0.3 and line.strip() else line for line in lines
    )


def simulated(room, students, copies, rng):
    """A class where everybody writes in a style of their own, and some hand in another's work in disguise."""
    plans = demo.deal(demo.answers_of(room), students, rng)
    texts = {
        name: {
            exercise: independent(one.text, rng) for exercise, one in plan.items() if one.text and "def " in one.text
        }
        for name, plan in plans.items()
    }
    names = [name for name in texts if len(texts[name]) == 3]
    planted = set()
    for one, other in zip(names[: 2 * copies : 2], names[1 : 2 * copies : 2], strict=True):
        texts[other] = {exercise: disguised(text, rng) for exercise, text in texts[one].items()}
        planted.add(frozenset((one, other)))
    return texts, planted


def filled(room, texts):
    nb = room.released()
    for cell in nb.cells:
        cell.source = texts.get(grade_id(cell), cell.source)
    return nb


@pytest.mark.slow
def test_planted_copies_are_found_and_independent_right_answers_are_not_flagged(room):
    texts, planted = simulated(room, 100, 10, random.Random(7))
    released = room.released()
    found = similar.pairs([similar.writing(name, filled(room, own), released) for name, own in texts.items()], released)
    told = {frozenset((pair.one.name, pair.other.name)) for pair in found}
    precision, recall = len(told & planted) / len(told), len(told & planted) / len(planted)
    print(f"precision {precision:.2f}, recall {recall:.2f}")
    assert precision >= 0.9 and recall >= 0.8


def test_what_was_given_out_and_what_many_share_does_not_count(room):
    released, solved = room.released(), room.reference()
    blank = [similar.writing(str(i), released, released) for i in range(4)]
    assert similar.pairs(blank, released) == []
    same = [similar.writing(str(i), solved, released) for i in range(12)]
    assert similar.pairs(same, released) == []


@pytest.mark.parametrize("copied", ["last year", "the public solution"])
def test_last_years_folder_and_the_public_solution_are_compared_too(copied, room, tmp_path, capsys):
    rng = random.Random(1)
    texts, _ = simulated(room, 6, 0, rng)
    own = Classroom(LESSON, paths.ROOT, tmp_path / "grading")
    (tmp_path / "solutions").symlink_to(paths.ROOT / "solutions")
    for name, answers in texts.items():
        own.submission(name).mkdir(parents=True)
        (own.submission(name) / f"{LESSON}.ipynb").write_text(json.dumps(filled(room, answers)))
    solutions = {grade_id(cell): cell.source for cell in room.reference().cells if grade_id(cell)}
    cheat = {name: disguised(solutions[name], rng) for name in ("conv1x1_one", "conv1x1_loops", "check_shapes")}
    (own.submission("cheat") / "x.ipynb").parent.mkdir(parents=True)
    (own.submission("cheat") / "x.ipynb").write_text(json.dumps(filled(room, cheat)))
    old = tmp_path / "old" / "zoe"
    old.mkdir(parents=True)
    last = next(name for name in texts if len(texts[name].get("check_shapes", "")) > 150)
    (old / "a.ipynb").write_text(
        json.dumps(filled(room, {name: disguised(text, rng) for name, text in texts[last].items()}))
    )
    alike.compare("02", tmp_path / "old", tmp_path)
    page = (tmp_path / "grading" / "reports" / f"{LESSON}_similar.html").read_text(encoding="utf-8")
    assert (f"{last} and old/zoe" if copied == "last year" else f"{alike.THE_SOLUTION} and cheat") in page
    assert "Likeness proves nothing" in page and "<mark>" in page
    said = capsys.readouterr().out
    assert "stand out" in said and "Too short to say anything by themselves" in said


def test_the_same_answers_in_disguise_stand_out_and_one_other_statement_is_enough_not_to(room):
    released, solved = room.released(), room.reference()
    names = ("conv1x1_one", "conv1x1_loops", "check_shapes")
    solutions = {grade_id(cell): cell.source for cell in solved.cells if grade_id(cell) in names}
    public = similar.writing("public", solved, released, from_elsewhere=True)
    copies = {name: disguised(text, random.Random(0)) for name, text in solutions.items()}
    other = copies | {"check_shapes": copies["check_shapes"].replace("len(", "int(")}
    alone = {name: text for name, text in copies.items() if name == "conv1x1_loops"}
    others = {"copy": copies, "own": other, "one": alone, "broken": copies | {"conv1x1_one": "def conv1x1_one(:"}}
    writings = [public, *(similar.writing(name, filled(room, texts), released) for name, texts in others.items())]
    told = [{pair.one.name, pair.other.name} for pair in similar.pairs(writings, released)]
    assert {"public", "copy"} in told
    assert not [pair for pair in told if "public" in pair and pair != {"public", "copy"}], told


@pytest.mark.parametrize("lesson", ["02", "05", "09"])
def test_no_combination_of_right_answers_that_others_wrote_is_the_public_solution(lesson):
    room = Classroom(paths.find_lesson(lesson), paths.ROOT, paths.ROOT / "grading")
    solutions = {grade_id(cell): cell.source for cell in room.reference().cells}
    same, parts = [], 0
    for exercise, (right, _) in demo.answers_of(room).items():
        if "def " in (right[0].text or ""):
            ours = form(solutions[exercise])
            parts += size(ours)
            same.append([form(one.text) == ours for one in right if one.text != solutions[exercise]])
    assert parts >= similar.ENOUGH and all(same)
    assert not all(any(one) for one in same), "then somebody who copied nothing would stand out"


@pytest.mark.parametrize(
    "text", ["x = " + "-" * 2500 + "1", "x = " + "+".join("1" * 3000), "x" + "()" * 3000, "\0", "x ="]
)
def test_a_text_that_cannot_be_taken_apart_has_no_form(text):
    assert form(text) is None


def test_texts_on_the_page_are_text():
    assert alike._marked("a <b> c", ([2], [5])) == "a <mark>&lt;b&gt;</mark> c"
    assert alike._marked("<i>", ((), ())) == "&lt;i&gt;" == alike._marked("<i>", ())


def test_teaching_names_the_lessons_whose_answers_are_too_short_even_together():
    short = []
    for lesson in paths.lessons():
        room = Classroom(lesson, paths.ROOT, paths.ROOT / "grading")
        answers = [cell for cell in room.reference().cells if similar._is_answer(cell)]
        if answers and sum(size(form(cell.source)) for cell in answers) < similar.ENOUGH:
            short.append(paths.number(lesson))
    said = " ".join((paths.ROOT / "TEACHING.md").read_text(encoding="utf-8").split())
    assert f"too little of them (lessons {', '.join(short[:-1])} and {short[-1]})" in said


def test_of_a_text_that_nobody_writes_by_hand_the_beginning_is_compared():
    one = similar.Writing("eve", {"": "x = 1\n" * 1_000_000, "conv1x1_loops": "y"})
    assert similar.shortened(one) and not similar.shortened(one)
    assert len(one.texts[""]) == similar.LONGEST and one.texts["conv1x1_loops"] == "y"
