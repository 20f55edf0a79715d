"""Lesson 06b: ten channels are enough for rank ten, packing is exact, and near misses are refused."""

import numpy as np
import pytest

from course_utils import widgets
from course_utils.base.errors import CourseError
from course_utils.checking import CheckFailed, check
from course_utils.exercises import find
from course_utils.experiments import reduction

RNG = np.random.default_rng(6)


def oracle(name):
    return find(name).oracle


# ---- what is true --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rank", "free"), [(10, True), (11, False)])
def test_ten_channels_are_enough_for_rank_ten_and_not_for_more(rank, free):
    x = np.einsum("or,nrhw->nohw", RNG.normal(size=(1000, rank)), RNG.normal(size=(1, rank, 12, 12)))
    assert (reduction.share_lost(x, oracle("best_reduction")(x, 10)) < 1e-20) == free


def test_packing_is_exact_for_every_extreme_and_for_the_largest_number():
    rgb = np.array(np.meshgrid([0, 1, 127, 254, 255], [0, 1, 128, 255], [0, 1, 254, 255]), np.uint8).reshape(
        1, 3, 8, 10
    )
    packed = oracle("pack_rgb")(rgb)
    assert packed.max() == 2**24 - 1
    assert len(np.unique(packed)) == 80
    np.testing.assert_array_equal(oracle("unpack_rgb")(packed), rgb)


# ---- the widget ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: widgets.channels_kept({"flat": np.zeros((4, 5))}), r"flat has shape \(4, 5\), expected \(C, H, W\)"),
        (lambda: setattr(widgets.channels_kept(), "kept", 9), "kept is 9, expected a whole number from 1 to 4"),
        (lambda: setattr(widgets.channels_kept(), "channel", -1), "channel is -1, expected a whole number from 0 to 3"),
        (lambda: setattr(widgets.channels_kept(), "way", "none"), "way is 'none', expected one of"),
    ],
)
def test_what_the_widget_does_not_have_is_refused_with_what_was_expected(call, message):
    with pytest.raises(CourseError, match=message):
        call()


def test_fewer_channels_than_were_kept_bring_the_number_down():
    kept = widgets.channels_kept()
    kept.data = "noise"
    kept.kept, kept.channel = 8, 7
    kept.data = "real scene"
    assert (kept.kept, kept.channel) == (4, 3)
    assert "0.0% of the variance is lost" in kept.as_text()


# ---- near misses ---------------------------------------------------------------------------------------------------


def centred(x):
    return reduction.centred(x)


WRONG = [
    ("channel_rank", lambda x, tol: 2),
    ("channel_rank", lambda x, tol: min(x.shape[1], x[:, 0].size)),
    ("channel_rank", lambda x, tol: len(np.unique(centred(x).round(6), axis=0))),
    ("channel_rank", lambda x, tol: oracle("channel_rank")(x, 1e-6)),
    ("channel_rank", lambda x, tol: x.shape[1] - oracle("channel_rank")(x, tol)),
    ("channel_rank", lambda x, tol: np.linalg.matrix_rank(x)),
    ("pack_rgb", lambda rgb: np.einsum("c,nchw->nhw", np.float32([1, 256, 65536]), rgb.astype(np.float32))[..., None]),
    ("pack_rgb", lambda rgb: oracle("pack_rgb")(rgb) + np.float32(0.5)),
    ("pack_rgb", lambda rgb: oracle("pack_rgb")(rgb)[:1]),
    ("pack_rgb", lambda rgb: oracle("pack_rgb")(rgb) / np.float32(2**24)),
    ("pack_rgb", lambda rgb: oracle("pack_rgb")(rgb.clip(1))),
    ("unpack_rgb", lambda packed: np.zeros((len(packed), 3, *packed.shape[2:]), np.uint8)),
    ("unpack_rgb", lambda packed: oracle("unpack_rgb")(packed).astype(np.int16)),
    ("unpack_rgb", lambda packed: oracle("unpack_rgb")(packed.astype(np.float16).astype(np.float32))),
    ("unpack_rgb", lambda packed: oracle("unpack_rgb")(packed).transpose(0, 1, 3, 2)),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_near_misses_are_refused(name, answer):
    with pytest.raises(CheckFailed) as failure:
        check(answer, name)
    assert name in str(failure.value) and len(str(failure.value)) < 1200


RIGHT = [
    (
        "channel_rank",
        lambda x, tol: len([s for s in np.linalg.svd(centred(x).T)[1] if s > tol * np.linalg.norm(centred(x), 2)]),
    ),
    ("channel_rank", lambda x, tol: float(oracle("channel_rank")(x, tol))),
    ("pack_rgb", lambda rgb: sum(rgb[:, c : c + 1].astype(float) * 256**c for c in range(3)).astype(np.float32)),
    ("unpack_rgb", lambda packed: np.concatenate([packed // 256**c % 256 for c in range(3)], axis=1).astype(np.uint8)),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
@pytest.mark.parametrize("seed", [0, 1])
def test_other_styles_are_accepted(name, answer, seed):
    check(answer, name, seed=seed)
