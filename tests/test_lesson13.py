"""Lesson 13: experiments that notice the impostor, and a verdict by a rule that was there first."""

import re

import numpy as np
import pytest

from course_utils import convs
from course_utils.base import paths
from course_utils.checking import CheckFailed, NotAttempted, check
from course_utils.exercises import find
from course_utils.experiments import claims, descent, reduction

maps, lossless, distinct, order, judge = (
    find(name).oracle
    for name in ("experiment_maps", "experiment_lossless", "experiment_distinct", "experiment_order", "verdict")
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
