"""Lesson 03: what its text claims, and answers to its exercises that nobody catalogued."""

from itertools import pairwise

import numpy as np
import pytest

from course_utils import convs, cost
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.plots import counting
from course_utils.plots.figure import as_html

CHANNELS = [3, 32, 64, 128]  # the article's three layers


def test_the_articles_numbers_and_the_real_ones():
    assert cost.maps_if_multiplied(CHANNELS) == [32, 32 * 64, 32 * 64 * 128]
    assert sum(cost.maps(CHANNELS)) == 224
    assert cost.stack_weights(CHANNELS, [3, 3, 3], bias=False) == 93_024
    one_photo = cost.activation_bytes(1, CHANNELS, 224, 224)
    assert one_photo == 45_559_808  # what autograd keeps with a ReLU after each layer
    assert 12 * 10**9 // one_photo == 263
    assert 12 * 10**9 < cost.activation_bytes(1, [3, *cost.maps_if_multiplied(CHANNELS)], 224, 224)


def test_counts_agree_with_torch():
    import torch

    x, held = torch.zeros(2, 3, 5, 6), [torch.zeros(2, 3, 5, 6)]
    for c_in, c_out in pairwise(CHANNELS):
        layer = torch.nn.Conv2d(c_in, c_out, 3, padding=1)
        x = layer(x)
        held.append(x)
        assert x.shape[1] == c_out
        assert sum(p.numel() for p in layer.parameters()) == cost.weights(c_in, c_out, 3)
        assert layer.weight[:, :, 0, 0].numel() == cost.kernel_slices(c_in, c_out)
    assert sum(t.numel() * t.element_size() for t in held) == cost.activation_bytes(2, CHANNELS, 5, 6)


def test_a_bottleneck_saves_weights_and_makes_more_maps():
    plain, bottleneck = ([256, 256], [3]), ([256, 64, 64, 256], [1, 3, 1])
    assert sum(cost.maps(bottleneck[0])) > sum(cost.maps(plain[0]))
    assert cost.stack_weights(*plain, bias=False) / cost.stack_weights(*bottleneck, bias=False) > 8


def test_the_parts_of_a_3x3_layer_add_up_to_it_and_equal_a_grouped_convolution():
    import torch

    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(1, 6, 7, 8)), rng.normal(size=(5, 6, 3, 3))
    parts = np.stack([convs.conv2d(x[:, [c]], weight[:, [c]], padding=1)[0] for c in range(6)])
    np.testing.assert_allclose(parts.sum(axis=0), convs.conv2d(x, weight, padding=1)[0], atol=1e-12)
    kernels = torch.tensor(weight.transpose(1, 0, 2, 3).reshape(30, 1, 3, 3))
    grouped = torch.nn.functional.conv2d(torch.tensor(x), kernels, padding=1, groups=6)
    np.testing.assert_allclose(parts.reshape(1, 30, 7, 8), grouped.numpy(), atol=1e-12)


def test_memory_grows_in_a_line_with_depth_and_the_articles_count_does_not():
    sizes = [cost.activation_bytes(1, [64] * (depth + 1), 32, 32) for depth in (10, 20, 40)]
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0])
    assert len(str(64**1000)) == 1807


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (999_600, "1 MB"), (12 * 10**9, "12 GB"), (3e18, "3e+06 TB")],
)
def test_bytes_are_readable(count, text):
    assert cost.readable(count) == text


@pytest.mark.parametrize(
    "figure",
    [
        lambda: counting.map_counts(CHANNELS, [32, None, None]),
        lambda: counting.map_counts(CHANNELS, []),
        lambda: counting.slices_grid(np.ones((1, 1, 1, 1))),
        lambda: counting.products_and_sums(np.ones((2, 3, 4)), np.ones((2, 5, 3, 4)), np.ones((5, 3, 4))),
        lambda: counting.maps_held(CHANNELS),
        lambda: counting.memory_bars({"real": 10**7, "said": 10**11}, 10**10),
        lambda: counting.side_by_side({"maps": {"a": 1, "b": 2}}),
        lambda: counting.growth_with_depth([1, 2], [1e6, 2e6], [64, 64**2]),
    ],
)
def test_every_figure_fits_the_page(figure):
    assert 'alt="what it shows"' in as_html(figure(), alt="what it shows")
    assert figure().get_size_inches()[0] <= 9


# ---- wrong answers that nobody catalogued --------------------------------------------------------------------------


def total_so_far(limit=[0]):  # noqa: B006 - a learner's running state
    def answer(channels):
        limit[0] += 1
        return channels[1:] if limit[0] == 1 else channels[1:] + [limit[0]]

    return answer


def popped(channels):
    channels.pop(0)
    return channels


def halved_memory(n, channels, h, w, itemsize, keep_all):
    return cost.activation_bytes(n, channels, h, w, itemsize, keep_all) // 2


def one_side(n, channels, h, w, itemsize, keep_all):
    return cost.activation_bytes(n, channels, h, h, itemsize, keep_all)


def forgets_the_pixels(n, channels, h, w, itemsize, keep_all):
    return n * itemsize * (sum(channels) if keep_all else max(a + b for a, b in pairwise(channels)))


def three_layers_alone(n, channels, h, w, itemsize, keep_all):
    held = sum(channels[:4]) if keep_all else max(a + b for a, b in pairwise(channels[:4]))
    return n * held * h * w * itemsize


def never_both(n, channels, h, w, itemsize, keep_all):
    return n * h * w * itemsize * (sum(channels) if keep_all else max(channels) * 2)


def scaled_in_place(x, weight):
    for c in range(len(x)):
        x[c] *= weight[0, c]
    return np.concatenate([x] * len(weight))


def first_filter_only(x, weight):
    return np.concatenate([weight[:1, c, None, None] * x[c] for c in range(len(x)) for _ in weight])


def square_reshape(x, weight):
    parts = np.einsum("oc,chw->ochw", weight, x)
    return parts.reshape(len(x) * len(weight), *x.shape[1:])[::-1]


WRONG = {
    "count_maps": [
        popped,
        total_so_far(),
        lambda channels: [32, 64, 128],
        lambda channels: channels[-1],
        lambda channels: sorted(channels[1:]),
        lambda channels: [c * 2 for c in channels[1:]],
        lambda channels: {i: c for i, c in enumerate(channels[1:])},
        lambda channels: (c for c in channels[1:]),
        lambda channels: len(channels) - 1,
        lambda channels: list(set(channels[1:])),
    ],
    "kernel_slices": [
        lambda c_in, c_out: 2048,
        lambda c_in, c_out: c_in**2,
        lambda c_in, c_out: c_in * c_out + c_out,
        lambda c_in, c_out: max(c_in, c_out),
        lambda c_in, c_out: f"{c_in * c_out}",
        lambda c_in, c_out: c_in * c_out * 1.0001,
        lambda c_in, c_out: (c_out, c_in),
    ],
    "count_weights": [
        lambda c_in, c_out, k, bias=True: c_in * c_out * 9 + c_out * bias,
        lambda c_in, c_out, k, bias=True: c_in * c_out * k * 2 + c_out * bias,
        lambda c_in, c_out, k, bias=True: c_in * c_out * k**3 + c_out * bias,
        lambda c_in, c_out, k, bias=True: c_in * c_out * (k * k + bias * c_out),
        lambda c_in, c_out, k, bias=True: c_in * c_out * k * k + (0 if bias else c_out),
        lambda c_in, c_out, k, bias=True: [c_in * c_out * k * k, c_out * bias],
        lambda c_in, c_out, k: c_in * c_out * k * k + c_out,
        lambda c_in, c_out, k, bias=True: 4 * (c_in * c_out * k * k + c_out * bias),
    ],
    "unsummed_maps": [
        scaled_in_place,
        first_filter_only,
        square_reshape,
        lambda x, weight: [weight[o, c] * x[c] for c in range(len(x)) for o in range(len(weight))],
        lambda x, weight: np.einsum("oc,chw->cohw", weight, x).reshape(-1, *x.shape[:0:-1]),
        lambda x, weight: np.einsum("oc,chw->cohw", np.abs(weight), x).reshape(-1, *x.shape[1:]),
        lambda x, weight: np.einsum("oc,chw->cohw", weight, x).reshape(1, -1, *x.shape[1:]),
        lambda x, weight: np.einsum("oc,chw->cohw", weight, x).reshape(-1, *x.shape[1:]).astype(int),
        lambda x, weight: np.einsum("oc,chw->cohw", weight, x).reshape(-1, *x.shape[1:])[:-1],
        lambda x, weight: np.einsum("oc,chw->cohw", weight, x).reshape(-1, *x.shape[1:]) / len(x),
    ],
    "activation_bytes": [
        halved_memory,
        one_side,
        forgets_the_pixels,
        three_layers_alone,
        never_both,
        lambda n, channels, h, w, itemsize, keep_all: sum(channels),
        lambda n, channels, h, w, itemsize, keep_all: cost.activation_bytes(n, channels, h, w, itemsize, not keep_all),
        lambda n, channels, h, w, itemsize, keep_all: (
            cost.activation_bytes(n, channels, h, w, itemsize, keep_all) / 1024
        ),
        lambda n, channels, h, w, itemsize, keep_all: n * channels[-1] * h * w * itemsize,
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in WRONG.items() for answer in answers])
@pytest.mark.parametrize("seed", [0, 1])
def test_wrong_answers_fail_with_a_message_that_can_be_read(name, answer, seed):
    verdict = judge(find(name), answer, seed)
    assert verdict.outcome in ("wrong", "crashed")
    assert 20 < len(verdict.headline) < 300


RIGHT = {
    "count_maps": [
        lambda channels: tuple(channels[1:]),
        lambda channels: np.array(channels)[1:],
        lambda channels: [float(c) for c in channels[1:]],
        lambda channels: [np.empty((1, c, 2, 2)).shape[1] for c in channels][1:],
    ],
    "kernel_slices": [
        lambda c_in, c_out: np.int64(c_in) * c_out,
        lambda c_in, c_out: float(c_in * c_out),
        lambda c_in, c_out: len([(o, c) for o in range(c_out) for c in range(c_in)]),
    ],
    "count_weights": [
        lambda c_in, c_out, k, bias=True: c_out * (c_in * k**2 + int(bias)),
        lambda c_in, c_out, k, bias=True: np.prod([c_out, c_in, k, k]) + (c_out if bias else 0),
    ],
    "unsummed_maps": [
        lambda x, weight: (
            np.kron(x.reshape(len(x), -1), np.ones((len(weight), 1))).reshape(-1, *x.shape[1:])
            * weight.T.reshape(-1, 1, 1)
        ),
        lambda x, weight: np.concatenate([np.multiply.outer(weight[:, c], x[c]) for c in range(len(x))]),
        lambda x, weight: (x[:, None] * weight.T[..., None, None]).astype("f4").reshape(-1, *x.shape[1:]),
    ],
    "activation_bytes": [
        lambda n, channels, h, w, itemsize, keep_all: float(
            cost.activation_bytes(n, channels, h, w, itemsize, keep_all)
        ),
        lambda n, channels, h, w, itemsize, keep_all: (
            n * itemsize * h * w * max([sum(channels)] if keep_all else np.convolve(channels, [1, 1], "valid"))
        ),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
@pytest.mark.parametrize("seed", [0, 1])
def test_right_answers_in_other_styles_pass(name, answer, seed):
    verdict = judge(find(name), answer, seed)
    assert verdict.outcome == "correct", verdict.headline
