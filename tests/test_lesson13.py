"""Lesson 13: experiments that notice the impostor, a contest that cannot be rigged, the board, and marks by hand."""

import re

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook

from course_utils import convs, widgets
from course_utils.authoring.build import build
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking import CheckFailed, NotAttempted, check
from course_utils.checking import judge as judging
from course_utils.checking.outcome import UNCHECKED
from course_utils.exercises import find
from course_utils.experiments import claims, contest, descent, reduction
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
from course_utils.plots import verdicts

LESSON = "13_correct_the_article"
maps, lossless, distinct, order, judge, tiny = (
    find(name).oracle
    for name in (
        "experiment_maps",
        "experiment_lossless",
        "experiment_distinct",
        "experiment_order",
        "verdict",
        "tiny_net",
    )
)
SEEDS = range(20)


def runs(experiment):
    return [experiment(np.random.default_rng(seed)) for seed in SEEDS]


# ---- the claims and what decides them --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "experiment"),
    [(4, maps), (13, lossless), (14, order), (18, distinct)],
    ids=["maps", "lossless", "order", "distinct"],
)
def test_twenty_runs_refute_the_claim(number, experiment):
    assert claims.decide(claims.CLAIMS[number], runs(experiment)) == "false"


def test_channels_of_rank_ten_lose_nothing_and_of_rank_twelve_something():
    mixes = {r: lambda rng, r=r: rng.standard_normal((1, r, 20, 20)) for r in (10, 12)}
    wide = {r: lambda rng, r=r: np.einsum("cr,nrhw->nchw", rng.standard_normal((200, r)), mixes[r](rng)) for r in mixes}
    lost = {r: [lossless(np.random.default_rng(seed), wide[r]) for seed in range(5)] for r in wide}
    assert [claims.decide(claims.CLAIMS[13], lost[r]) for r in (10, 12)] == ["true", "false"]


def test_all_nineteen_sentences_are_there_and_two_are_opinions():
    assert list(claims.CLAIMS) == list(range(1, 20))
    assert [number for number, claim in claims.CLAIMS.items() if not claim.is_testable] == [1, 19]
    assert all(claim.low <= claim.high for claim in claims.CLAIMS.values() if claim.is_testable)


def test_the_quotes_are_those_of_the_lessons_that_decided_them():
    for number in (3, 5, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18):
        claim = claims.CLAIMS[number]
        text = next(paths.solutions().glob(f"{claim.lesson}_*/*.py")).read_text(encoding="utf-8")
        assert claim.quote in re.sub(r"\n# (> )?", " ", text), number


# ---- experiments that nobody catalogued ------------------------------------------------------------------------------


def fitted(expected):
    """Gives the right number in the real world, and the same number in every other."""
    return lambda rng, world=None: world and expected


def run_and_forget(rng, layer):
    layer(rng.standard_normal((1, 3, 4, 4)), rng.standard_normal((5, 3, 3, 3)), padding=1)
    return 1 / 3


def both_counts_averaged(rng, layer):
    return (maps(rng, layer) + 1) / 2


def counts_channels_in(rng, layer):
    x = rng.standard_normal((1, 3, 4, 4))
    layer(x, rng.standard_normal((5, 3, 3, 3)), padding=1)
    return x.shape[1] / 15


def global_numbers(rng, world):
    np.random.seed(None)
    x, weight = np.random.standard_normal((1, 3, 4, 6)), np.random.standard_normal((2, 3))
    return abs(world(x[..., ::-1], weight) - world(x, weight)[..., ::-1]).max()


def rank_of_the_sample(rng, channels):
    x = channels(rng)
    return max(0.0, 1 - 10 / np.linalg.matrix_rank(reduction.centred(x)))


def best_ten_by_svd(rng, channels):
    x = channels(rng)
    strengths = np.linalg.svd(reduction.centred(x), compute_uv=False) ** 2
    return strengths[10:].sum() / strengths.sum()


def first_ten_untouched(rng, channels):
    x = channels(rng)
    return float((x[:, 10:] ** 2).sum() / (x**2).sum())


def keeps_all(rng, channels):
    x = channels(rng)
    return reduction.share_lost(x, rng.standard_normal((x.shape[1], x.shape[1])))


def from_zeros(rng, train):
    weight, _ = train(np.zeros((4, 10)), np.full(4, rng.uniform(0.1, 1)), 100)
    return int(np.linalg.matrix_rank(weight))


def without_training(rng, train):
    weight, _ = train(np.tile(rng.standard_normal(10), (4, 1)), np.full(4, 0.5), 0)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


def unequal_counted(rng, train):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return len(np.unique(weight, axis=0))


def shuffled_channels(rng, layer):
    x, weight, swap = rng.standard_normal((1, 3, 4, 6)), rng.standard_normal((2, 3)), rng.permutation(3)
    return abs(layer(x[:, swap], weight[:, swap]) - layer(x, weight)).max() / abs(layer(x, weight)).max()


def rolled(rng, layer):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((2, 3))
    return abs(layer(np.roll(x, 2, 3), weight) - np.roll(layer(x, weight), 2, 3)).max() / abs(layer(x, weight)).max()


def one_pixel(rng, layer):
    x, weight = rng.standard_normal((1, 3, 1, 1)), rng.standard_normal((2, 3))
    return abs(layer(x, weight) - layer(x, weight)).max()


WRONG = [
    ("experiment_maps", fitted(1 / 3)),
    ("experiment_maps", run_and_forget),
    ("experiment_maps", both_counts_averaged),
    ("experiment_maps", counts_channels_in),
    ("experiment_maps", lambda rng, layer: [maps(rng, layer)]),
    ("experiment_maps", lambda rng, layer: maps(rng)),
    ("experiment_maps", lambda rng, layer: maps(np.random.default_rng(), layer)),
    ("experiment_lossless", fitted(0.99)),
    ("experiment_lossless", rank_of_the_sample),
    ("experiment_lossless", first_ten_untouched),
    ("experiment_lossless", keeps_all),
    ("experiment_lossless", best_ten_by_svd),
    ("experiment_lossless", lambda rng, channels: 1 - lossless(rng, channels)),
    ("experiment_lossless", lambda rng, channels: 100 * lossless(rng, channels)),
    ("experiment_lossless", lambda rng, channels: lossless(rng, channels) > 1e-6),
    ("experiment_distinct", fitted(1)),
    ("experiment_distinct", from_zeros),
    ("experiment_distinct", without_training),
    ("experiment_distinct", unequal_counted),
    ("experiment_distinct", lambda rng, train: distinct(rng, train) / 4),
    ("experiment_distinct", lambda rng, train: distinct(rng, descent.descend)),
    ("experiment_order", fitted(0.0)),
    ("experiment_order", global_numbers),
    ("experiment_order", shuffled_channels),
    ("experiment_order", rolled),
    ("experiment_order", one_pixel),
    ("experiment_order", lambda rng, layer: order(rng, layer) > 1e-6),
    ("experiment_order", lambda rng, layer: -order(rng, layer)),
    ("verdict", lambda claim, value: "true" if claim.agrees(np.median(value)) else "false"),
    ("verdict", lambda claim, value: judge(claim, np.ravel(value)[:10])),
    ("verdict", lambda claim, value: judge(claim, np.abs(value) + 1)),
    ("verdict", lambda claim, value: judge(claim, value).upper()),
    ("verdict", lambda claim, value: judge(claim, value) == "true"),
    ("verdict", lambda claim, value: "depends"),
    ("verdict", lambda claim, value: judge(claims.CLAIMS[13], value)),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_near_misses_are_refused(name, answer):
    with pytest.raises(CheckFailed) as failure:
        check(answer, name)
    assert not isinstance(failure.value, NotAttempted)
    assert "Traceback" not in str(failure.value)


def child_generators(rng, layer=convs.pointwise):
    return order(rng.spawn(1)[0], layer)


def in_float32(rng, layer):
    x = rng.standard_normal((1, 4, 6, 5))
    weight, perm = rng.standard_normal((3, 4)), rng.permutation(30)
    y, z = layer(x, weight), layer(x.reshape(1, 4, 30)[..., perm].reshape(x.shape), weight)
    return np.float32(abs(z.reshape(1, -1, 30) - y.reshape(1, -1, 30)[..., perm]).max() / abs(y).max())


RIGHT = [
    ("experiment_maps", lambda rng, layer=None: maps(rng, layer=layer)),
    ("experiment_maps", lambda rng, layer: np.mean([maps(rng, layer) for _ in range(1)])),
    ("experiment_lossless", lambda rng, channels: max(lossless(rng, channels), 0.0)),
    ("experiment_lossless", lambda rng, channels: np.array(lossless(rng, channels))),
    ("experiment_distinct", lambda rng, train: float(distinct(rng, train))),
    ("experiment_order", child_generators),
    ("experiment_order", in_float32),
    ("verdict", lambda claim, value: judge(claim, list(np.atleast_1d(value)))),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_styles_are_accepted(name, answer):
    check(answer, name)


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
