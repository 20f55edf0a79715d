"""Lesson 13b: all claims on one board, a contest that cannot be rigged, and marks by hand."""

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook

from course_utils import widgets
from course_utils.authoring.build import build
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking import CheckFailed, check
from course_utils.checking import judge as judging
from course_utils.checking.outcome import UNCHECKED
from course_utils.exercises import find
from course_utils.experiments import claims, contest
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
from course_utils.plots import verdicts

LESSON = "13b_verdicts"
tiny = find("tiny_net").oracle


# ---- the contest -----------------------------------------------------------------------------------------------------


def test_what_a_network_costs_is_counted_however_it_is_written():
    torch = pytest.importorskip("torch")
    layer = torch.nn.Conv2d(1, 5, 3, padding=1, bias=False)

    class SpelledOut(torch.nn.Module):
        def forward(self, x):
            patches = torch.nn.functional.unfold(x, 3, padding=1).reshape(len(x), 1, 9, 64)
            return (patches * layer.weight.reshape(1, 5, 9, 1)).sum(dim=2).reshape(len(x), 5, 8, 8)

    x = torch.rand(2, 1, 8, 8)
    assert torch.allclose(SpelledOut()(x), layer(x), atol=1e-5)
    assert contest.macs(layer) == contest.macs(SpelledOut()) == 5 * 9 * 64
    small, large = (torch.nn.Conv2d(1, 5, 1, padding=1, bias=False) for _ in range(2))
    large.weight = layer.weight  # written as the small one is, and it computes what the first one does
    assert (contest.macs(small), contest.macs(large), repr(small)) == (5 * 100, 5 * 9 * 64, repr(large))
    with pytest.raises(CourseError, match="expected a network"):
        contest.macs(lambda x: x)


def test_hidden_digits_are_not_among_those_to_learn_from():
    images, labels = contest.training_split()
    everything, _ = contest._digits()
    assert len(images) + contest.HIDDEN == len(everything) == 1797
    assert len(images) == len(labels)
    assert np.bincount(labels).min() >= 80
    assert contest.SHA256 in (paths.ROOT / "DATA.md").read_text(encoding="utf-8")


def change(make):
    """The reference network, changed before it enters."""
    return lambda budget: make(tiny(budget), budget)


def frozen(net, budget):
    return net.requires_grad_(False)


def cheaper_alone(net, budget):
    """Spends more as soon as there is more than one image."""
    import torch

    class Greedy(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net

        def forward(self, x):
            return self.net(x) if len(x) == 1 else (self.net(x) + self.net(x)) / 2

    return Greedy()


def unused_one(budget):
    """3×3 convolutions, and a 1×1 that nothing runs through."""
    import torch

    net = contest.only_threes(budget)
    net.add_module("decoy", torch.nn.ModuleList([torch.nn.Conv2d(1, 1, 1)]))
    net.forward = lambda x: torch.nn.Sequential(*list(net)[:-1])(x)
    return net


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        change(frozen),
        change(cheaper_alone),
        change(lambda net, budget: net.state_dict()),
        change(lambda net, budget: net[:-1]),
        change(lambda net, budget: contest.train(net)),
        unused_one,
        lambda budget: tiny(2 * budget),
        lambda budget: tiny(budget // 2),
        lambda budget: tiny(contest.BUDGET),
        lambda budget: tiny,
    ],
)
def test_no_way_round_the_rules_of_the_contest(answer):
    with pytest.raises(CheckFailed):
        check(answer, "tiny_net")


@pytest.mark.slow
def test_ones_win_where_money_is_short_and_alone_they_see_nothing():
    ours, theirs = (contest.scores(lambda make=make: make(contest.BUDGET)) for make in (tiny, contest.only_threes))
    alone = next(one.function for one in find("tiny_net").mistakes if one.name == "only_ones")
    assert np.mean(ours) > np.mean(theirs)
    assert np.mean(theirs) == pytest.approx(contest.THREES, abs=0.005)
    assert max(contest.scores(lambda: alone(contest.BUDGET))) < 0.35


# ---- the board -------------------------------------------------------------------------------------------------------


def test_the_board_asks_the_learners_verdict_and_keeps_the_order_of_the_article():
    board = widgets.claim_board(lambda claim, values: "depends")
    board.record(18, [1] * 20)
    board.record(4, [0.2, 0.5])
    board.record(18, [4.0])  # in place of the earlier ones
    assert board.verdicts() == {"4": "depends", "18": "depends"}
    assert [one["claim"] for one in board.rows] == list(range(1, 20))
    assert "1 number: 4." in board.as_text()


def test_the_board_says_how_sure_one_can_be():
    board = widgets.claim_board()
    board.record(18, [1] * 20)
    assert "20 runs: 1 in each. 0 of 20 agree (95 % sure: 0% to 17% of all runs would)." in board.as_text()
    board.show = "false"
    assert board.as_text().count("\n") == 0
    table = board.as_html()
    assert "✗ false" in table
    assert '<th scope="row"' in table
    assert "<caption" in table


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda board: board.record(20, 1), "no claim 20"),
        (lambda board: board.record(1, 1), "an opinion"),
        (lambda board: board.record(4, []), "expected one finite number"),
        (lambda board: board.record(4, [1, np.nan]), "expected one finite number"),
        (lambda board: board.record(4, "many"), "expected one finite number"),
        (lambda board: widgets.claim_board(lambda claim, values: None).record(4, 1), "your verdict on claim 4 is None"),
        (lambda board: setattr(board, "show", "wrong"), "expected one of all"),
        (lambda board: verdicts.worlds({}, 0, 1, ""), "a world without numbers"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(call, message):
    with pytest.raises(CourseError, match=message):
        call(widgets.claim_board())


DECIDED = {4: {"false"}, 13: {"true", "false"}, 14: {"false"}, 18: {"false"}}  # in lesson 13, by experiments


def said_on(board):
    """The words that stand on a board, by claim."""
    said = {}
    for row in board.rows:
        if row["verdict"] not in ("open", "opinion"):
            said.setdefault(row["claim"], set()).add(row["verdict"])
    return said


@pytest.fixture(scope="module")
def boards():
    """The boards that are left by lesson 13 with answers, and by lesson 13b as it is handed out."""
    found = []
    for folder, lesson in ((paths.solutions(), "13_correct_the_article"), (paths.notebooks(), LESSON)):
        nb = nbformat.read(folder / lesson / f"{lesson}.ipynb", as_version=4)
        code = [cell for cell in nb.cells if cell.cell_type == "code" and "check(" not in cell.source.split("\n")[0]]
        names = {}
        for cell in code:
            if cell.metadata.get("tags") or "display(board)" in cell.source:
                continue
            if "contest.only_threes" in cell.source or "answers = quiz(" in cell.source:
                break
            exec(cell.source, names)
        found.append(names["board"])
    return found


def test_the_first_half_decides_four_claims_and_leaves_the_others_open(boards):
    assert said_on(boards[0]) == DECIDED
    assert sum(row["verdict"] == "open" for row in boards[0].rows) == 13


def test_the_board_of_the_second_half_is_whole_whatever_was_done_in_the_first(boards):
    said = said_on(boards[1])
    assert {claim: said[claim] for claim in DECIDED} == DECIDED
    assert sorted(said) == [claim.number for claim in claims.CLAIMS.values() if claim.is_testable]
    assert [claim for claim, words in said.items() if words == {"true"}] == [3]
    assert [claim for claim, words in said.items() if len(words) > 1 or words == {"depends"}] == [8, 12, 13, 17]


def test_own_numbers_take_the_place_of_the_rerun(boards):
    board = widgets.claim_board(lambda claim, values: "depends")
    for row in boards[1].rows:
        if row["values"]:
            board.record(row["claim"], row["values"], row["name"].partition(", given ")[2])
    board.record(13, [0.5], given="channels of noise")
    assert [row["values"] for row in board.rows if row["claim"] == 13][0] == [0.5]
    assert len(board.rows) == len(boards[1].rows)


# ---- marks by hand ---------------------------------------------------------------------------------------------------


def cells_of(folder):
    return nbformat.read(folder / LESSON / f"{LESSON}.ipynb", as_version=4).cells


def test_the_mark_scheme_is_the_teachers_and_the_cell_below_the_learners():
    released = cells_of(paths.notebooks())
    place = next(i for i, cell in enumerate(released) if cell.id == "corrected_text")
    assert released[place].metadata.nbgrader.points == 9
    assert "MARK SCHEME" not in "".join(cell.source for cell in released)
    assert released[place + 1].source.startswith("*Write here")
    assert "nbgrader" not in released[place + 1].metadata
    assert "Often seen" in next(cell.source for cell in cells_of(paths.solutions()) if cell.id == "corrected_text")


SMALL = "01_one_pixel"  # a small lesson under the name of a real one, with nothing in it but a task
TEXT = """\
# %% [markdown]
# # Lesson 01 · A small stand-in

# %% [markdown] nbgrader={"grade": false, "grade_id": "in_your_words", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": true}
# ### In your words
#
# ### BEGIN MARK SCHEME
# - 9 points: a sum
# ### END MARK SCHEME

# %% [markdown]
# *Write here.*
"""


@pytest.mark.slow
def test_marks_given_by_hand_survive_a_second_grading(tmp_path):
    text = paths.solutions(tmp_path) / SMALL / f"{SMALL}.py"
    text.parent.mkdir(parents=True)
    text.write_text(TEXT)
    build(root=tmp_path)
    room = Classroom(SMALL, tmp_path, tmp_path / "grading")
    for student, words in {"ada": "It is a sum.", "bob": "*Write here.*"}.items():
        nb = room.released()
        nb.cells[-1].source = words
        path = room.submission(student) / f"{SMALL}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb, path)
    first = grade_class(room)
    assert [(one.marks, one.points, len(one.notes)) for one in first] == [(0, 9, 1), (0, 9, 1)]
    assert "in_your_words" in first[0].notes[0]
    with Gradebook(f"sqlite:///{room.folder / 'gradebook.db'}") as book:
        grade = book.find_grade("in_your_words", SMALL, SMALL, "ada")
        assert grade.needs_manual_grade
        grade.manual_score, grade.needs_manual_grade = 7.0, False  # as formgrader does
        book.db.commit()
    ada, bob = grade_class(room)
    assert (ada.marks, ada.notes) == (7, [])
    assert "in_your_words" in bob.notes[0]
    shown = (room.autograded("ada") / f"{SMALL}.ipynb").read_text(encoding="utf-8")
    assert "9 points: a sum" in shown
    assert "It is a sum." in shown


@pytest.mark.slow
@pytest.mark.parametrize(("is_network", "outcome"), [(True, UNCHECKED), (False, "wrong")])
def test_a_network_that_stays_in_another_process_is_left_to_a_person(is_network, outcome):
    class Remote:
        def ask_there(self, module, function, *args):
            assert (module, function) == ("course_utils.experiments.contest", "is_network")
            return is_network

    assert judging.judge(find("tiny_net"), lambda budget_macs: Remote()).outcome == outcome
