"""Lesson 06: PCA is the best there is, and near misses are refused."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base.errors import CourseError
from course_utils.checking import CheckFailed, check
from course_utils.exercises import find
from course_utils.exercises.lesson06_what_is_lost.strengths import with_strengths
from course_utils.experiments import reduction

RNG = np.random.default_rng(6)
X = with_strengths(RNG, [5.0, 3.0, 2.0, 1.0, 0.5], 2, 6, 4, 7)
SCENE = data.scene().values[None, :, ::3, ::3]


def oracle(name):
    return find(name).oracle


# ---- what is true --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("m", [1, 2, 3, 4, 5])
def test_the_best_reduction_loses_the_tail_of_the_spectrum(m):
    squares = np.linalg.svd(reduction.centred(X), compute_uv=False) ** 2
    assert reduction.share_lost(X, oracle("best_reduction")(X, m)) == pytest.approx(
        squares[m:].sum() / squares.sum(), rel=1e-8
    )


def test_no_random_reduction_beats_it_and_hardly_any_is_as_bad_as_blue_and_green():
    best = reduction.share_lost(SCENE, oracle("best_reduction")(SCENE, 2))
    tickets = [reduction.share_lost(SCENE, RNG.normal(size=(2, 4))) for _ in range(100)]
    assert best < min(tickets)
    assert np.mean(np.array(tickets) < reduction.share_lost(SCENE, np.eye(2, 4))) > 0.7


def test_the_decoder_is_the_one_of_least_squares():
    weight = RNG.normal(size=(3, 6))
    pixels = X.transpose(0, 2, 3, 1).reshape(-1, 6)
    outputs = np.column_stack([pixels @ weight.T, np.ones(len(pixels))])
    back = outputs @ np.linalg.lstsq(outputs, pixels, rcond=None)[0]
    np.testing.assert_allclose(reduction.restored(X, weight).transpose(0, 2, 3, 1).reshape(-1, 6), back, atol=1e-12)
    assert reduction.share_lost(X, weight) == pytest.approx(
        ((pixels - back) ** 2).sum() / ((pixels - pixels.mean(0)) ** 2).sum()
    )


def test_a_thousand_channels_of_noise_keep_one_percent_in_ten():
    noise = RNG.normal(size=(1, 1000, 60, 60))
    assert reduction.share_lost(noise, RNG.normal(size=(10, 1000))) == pytest.approx(0.99, abs=0.005)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reduction.centred(np.zeros((3, 4))), r"expected four axes \(N, C, H, W\)"),
        (lambda: reduction.share_lost(X, np.zeros((2, 5))), r"weight has shape \(2, 5\), expected \(m, 6\)"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(call, message):
    with pytest.raises(CourseError, match=message):
        call()


# ---- near misses ---------------------------------------------------------------------------------------------------


def centred(x):
    return reduction.centred(x)


def u_of(x):
    return np.linalg.svd(centred(x), full_matrices=False)[0]


def unseen(weight):
    return np.linalg.svd(weight)[2][-1].reshape(1, -1, 1, 1)


def nan_in_it(x, m):
    weight = u_of(x)[:, :m].T.copy()
    weight[0, 0] = np.nan
    return weight


def changes_x(weight, x):
    x += unseen(weight)
    return x


def centres_in_place(x, m):
    x -= x.mean(axis=(0, 2, 3), keepdims=True)
    return u_of(x)[:, :m].T


def nearly_best(x, m):
    """The best rows after two rounds of improvement only."""
    columns, rows = centred(x), np.random.default_rng(0).normal(size=(m, x.shape[1]))
    for _ in range(2):
        rows = np.linalg.qr((rows @ columns @ columns.T).T)[0].T
    return rows


WRONG = [
    ("collision", lambda weight, x: np.zeros_like(x)),
    ("collision", lambda weight, x: -x),
    ("collision", lambda weight, x: x + 1e-4 * unseen(weight)),
    ("collision", lambda weight, x: x + unseen(weight) + 1e-3),
    ("collision", lambda weight, x: (x + unseen(weight))[0]),
    ("collision", lambda weight, x: unseen(weight)),
    ("collision", lambda weight, x: np.random.default_rng(0).normal(size=x.shape)),
    ("collision", lambda weight, x: x + np.inf * np.ones_like(x)),
    ("collision", lambda weight, x: (x + 5 * np.abs(x).max() * unseen(weight)).round(2)),
    ("collision", lambda weight, x: np.einsum("oc,nchw->nohw", weight, x)),
    ("collision", lambda weight, x: (x + unseen(weight) * np.abs(x).max()).tolist()),
    ("collision", changes_x),
    ("restore_error", lambda x, weight: 1 - len(weight) / x.shape[1]),
    ("restore_error", lambda x, weight: 0.0),
    ("restore_error", lambda x, weight: reduction.share_lost(x, weight) * 100),
    ("restore_error", lambda x, weight: reduction.share_lost(x, np.eye(*weight.shape))),
    ("restore_error", lambda x, weight: np.array([reduction.share_lost(x, weight)])),
    ("restore_error", lambda x, weight: reduction.share_lost(x, weight) if x.shape[0] == 1 else 0.3),
    ("restore_error", lambda x, weight: f"{reduction.share_lost(x, weight):.3f}"),
    ("restore_error", lambda x, weight: round(reduction.share_lost(x, weight), 2)),
    ("best_reduction", lambda x, m: np.random.default_rng(0).normal(size=(m, x.shape[1]))),
    ("best_reduction", lambda x, m: np.ones((m, x.shape[1]))),
    ("best_reduction", lambda x, m: u_of(x)[:, 1 : m + 1].T),
    ("best_reduction", lambda x, m: np.repeat(u_of(x)[:, :1].T, m, axis=0)),
    ("best_reduction", lambda x, m: u_of(x).T),
    ("best_reduction", lambda x, m: (u_of(x)[:, :m].T, x.mean())),
    ("best_reduction", lambda x, m: u_of(x)[:, :m].T.tolist()),
    ("best_reduction", lambda x, m: np.abs(u_of(x)[:, :m].T)),
    ("best_reduction", lambda x, m: u_of(x)[:, :m].T.round(2)),
    ("best_reduction", lambda x, m: u_of(x)[:, :m].T.astype(np.float16)),
    ("best_reduction", lambda x, m: u_of(x)[:, :m].T[:, :, None, None]),
    ("best_reduction", nearly_best),
    ("best_reduction", nan_in_it),
    ("best_reduction", centres_in_place),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_near_misses_are_refused(name, answer):
    with pytest.raises(CheckFailed) as failure:
        check(answer, name)
    assert name in str(failure.value) and len(str(failure.value)) < 1200


def by_solving(weight, x):
    """Change the first channels at will, then solve for the last ones."""
    c_out = len(weight)
    other = x.copy()
    other[:, :-c_out] += np.abs(x).max()
    moved = np.einsum("oc,nchw->nohw", weight[:, :-c_out], other[:, :-c_out] - x[:, :-c_out])
    other[:, -c_out:] -= np.einsum("co,nohw->nchw", np.linalg.pinv(weight[:, -c_out:]), moved)
    gap = np.einsum("oc,nchw->nohw", weight, other - x)  # where the last columns are not independent
    return other - np.einsum("co,nohw->nchw", np.linalg.pinv(weight), gap)


def by_power_iteration(x, m):
    columns = centred(x)
    rows = np.random.default_rng(0).normal(size=(m, x.shape[1]))
    for _ in range(2000):
        rows = np.linalg.qr((rows @ columns @ columns.T).T)[0].T
    return rows


def with_sklearn(x, m):
    from sklearn.decomposition import PCA

    return PCA(m).fit(x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])).components_


def whitened(x, m):
    values, vectors = np.linalg.eigh(np.cov(centred(x)))
    return (vectors[:, -m:] / np.sqrt(values[-m:])).T


RIGHT = [
    ("collision", by_solving),
    ("collision", lambda weight, x: (x + np.abs(x).max() * unseen(weight)).astype(np.float32)),
    ("collision", lambda weight, x: x + unseen(weight) * np.abs(x).mean()),
    ("collision", lambda weight, x: x - 1000 * np.abs(x).max() * unseen(weight)),
    ("restore_error", lambda x, w: np.float32(reduction.share_lost(x, w))),
    (
        "restore_error",
        lambda x, w: (
            1
            - np.linalg.norm(centred(x) @ np.linalg.pinv(w @ centred(x), rcond=1e-10) @ w @ centred(x)) ** 2
            / np.linalg.norm(centred(x)) ** 2
        ),
    ),
    ("best_reduction", by_power_iteration),
    ("best_reduction", with_sklearn),
    ("best_reduction", whitened),
    ("best_reduction", lambda x, m: -u_of(x)[:, :m].T[::-1]),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
@pytest.mark.parametrize("seed", [0, 1])
def test_other_styles_are_accepted(name, answer, seed):
    check(answer, name, seed=seed)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_choice_without_near_infrared_loses_to_most_random_pairs_and_red_with_it_beats_most(seed):
    x = data.scene().values[np.newaxis, :, ::3, ::3]
    loss, rng = find("restore_error").oracle, np.random.default_rng(seed)
    tickets = [loss(x, rng.standard_normal((2, 4))) for _ in range(300)]

    def beaten(*bands):
        return sum(ticket < loss(x, np.eye(4)[list(bands)]) for ticket in tickets)

    assert min(beaten(0, 1), beaten(0, 2), beaten(1, 2)) > 240
    assert 90 < beaten(0, 3) < 180 and 90 < beaten(1, 3) < 180
    assert 0 < beaten(2, 3) < 40
