"""Lesson 09: what its text claims, and answers to its exercises that nobody catalogued."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course_utils import convs, cost
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.plots import spending
from course_utils.plots.figure import as_html

NETWORKS = {name: cost.ARCHITECTURES[name].layers for name in ("VGG-16", "ResNet-50", "MobileNetV1")}


def test_a_bottleneck_writes_more_maps_and_costs_an_eighth():
    one = cost.count([cost.Layer(256, 256, 3, 56, 56)])
    three = cost.count([cost.Layer(256, 64, 1, 56, 56), cost.Layer(64, 64, 3, 56, 56), cost.Layer(64, 256, 1, 56, 56)])
    assert (one.maps, three.maps, three.weights) == (256, 384, 69_632)
    assert 8 < one.macs / three.macs < 9


def test_the_share_of_the_1x1_and_what_it_leaves_out():
    shares = {name: cost.share(layers, lambda layer: layer.pointwise)[0] for name, layers in NETWORKS.items()}
    assert shares["VGG-16"] == 0 and 0.4 < shares["ResNet-50"] < 0.6 and round(shares["MobileNetV1"], 4) == 0.9486


@pytest.mark.parametrize("name", ["MobileNetV1", "MobileNetV2"])
def test_most_weights_of_a_mobilenet_are_1x1_and_nearly_all_others_lie_in_its_last_layer(name):
    layers = cost.ARCHITECTURES[name].layers
    of_macs, of_weights = cost.share(layers, lambda layer: layer.pointwise)
    dense = cost.share(layers, lambda layer: layer.kind == "fc")[1]
    assert round(of_macs, 1) == 0.9 and 0.6 < of_weights < 0.8 and dense / (1 - of_weights) > 0.9


def test_networks_widen_keep_and_narrow():
    def steps(name):
        found = [layer.c_out - layer.c_in for layer in cost.ARCHITECTURES[name].layers if layer.kind == "conv"]
        return sum(s > 0 for s in found), sum(s == 0 for s in found), sum(s < 0 for s in found)

    assert steps("VGG-16")[2] == 0
    for name in ("ResNet-50", "MobileNetV2"):
        assert all(count / sum(steps(name)) > 0.25 for count in steps(name))


@pytest.mark.parametrize(
    "figure",
    [
        lambda: spending.bills(["3×3", "bottleneck"], {"weights": [589_824, 69_632], "maps": [256, 384]}),
        lambda: spending.crossing(range(1, 5), [40, 80, 120, 160], direct=90, at=2.25),
        lambda: spending.spent(NETWORKS),
    ],
)
def test_every_figure_fits_the_page(figure):
    assert 'alt="what it shows"' in as_html(figure(), alt="what it shows")
    assert figure().get_size_inches()[0] <= 9


def test_bills_want_a_number_for_each_name():
    with pytest.raises(CourseError, match="expected 2 for each kind"):
        spending.bills(["a", "b"], {"weights": [1]})


# ---- wrong answers that nobody catalogued --------------------------------------------------------------------------


def true_macs(c_in, c_out, k, h, w, groups=1):
    return c_in // groups * c_out * k * k * h * w


def true_depthwise(x, kernels):
    return convs.depthwise(x, kernels, padding=kernels.shape[1] // 2)


def true_separable(x, kernels, weight, bias):
    return convs.pointwise(true_depthwise(x, kernels), weight, bias)


def valid_then_resized(x, kernels):
    y = np.zeros(x.shape)
    small = convs.depthwise(x, kernels)
    y[:, :, : small.shape[2], : small.shape[3]] = small
    return y


def pads_x_itself(x, kernels):
    y = true_depthwise(x, kernels)
    x[:, :, 0] = 0
    return y


def three_by_three_only(x, kernels):
    return true_depthwise(x, kernels[:, :3, :3])


def remembers(seen=[]):  # noqa: B006 - a learner's running state
    seen.append(1)
    return len(seen)


def share(chosen, groups=True, by=("macs", "weights")):
    def answer(layers):
        total, some = np.zeros(2), np.zeros(2)
        for layer in layers:
            g = layer["groups"] if groups else 1
            weights = layer["c_in"] * layer["c_out"] * layer["k"] ** 2 / g
            both = {"macs": weights * layer["h"] * layer["w"], "weights": weights}
            total += [both[name] for name in by]
            some += [both[name] * bool(chosen(layer)) for name in by]
        return tuple(some / total)

    return answer


def empties(layers):
    answer = share(lambda layer: layer["k"] == 1 and layer["kind"] == "conv")(layers)
    layers.clear()
    return answer


WRONG = {
    "macs": [
        lambda c_in, c_out, k, h_out, w_out, groups=1: 3240,
        lambda c_in, c_out, k, h_out, w_out: c_in * c_out * k * k * h_out * w_out,
        lambda c_in, c_out, k, h_out, w_out, groups=2: true_macs(c_in, c_out, k, h_out, w_out, groups),
        lambda c_in, c_out, k, h_out, w_out, groups=1: str(true_macs(c_in, c_out, k, h_out, w_out, groups)),
        lambda c_in, c_out, k, h_out, w_out, groups=1: [true_macs(c_in, c_out, k, h_out, w_out, groups)],
        lambda c_in, c_out, k, h_out, w_out, groups=1: true_macs(c_in, c_out, k, h_out, w_out, groups) + 1,
        lambda c_in, c_out, k, h_out, w_out, groups=1: -true_macs(c_in, c_out, k, h_out, w_out, groups),
        lambda c_in, c_out, k, h_out, w_out, groups=1: true_macs(c_in, c_out, 3, h_out, w_out, groups),
        lambda c_in, c_out, k, h_out, w_out, groups=1: true_macs(c_out, c_out, k, h_out, w_out, groups),
        lambda c_in, c_out, k, h_out, w_out, groups=1: remembers() * true_macs(c_in, c_out, k, h_out, w_out, groups),
        lambda c_in, c_out, k, h_out, w_out, groups=1: float("nan"),
        lambda c_in, c_out, k, h_out, w_out, groups=1: c_in * c_out * k * k * h_out * w_out if groups == 1 else 0,
    ],
    "bottleneck_macs": [
        lambda c_in, c_mid, c_out, k, h, w: 2760,
        lambda c_in, c_mid, c_out, k, h, w: true_macs(c_in, c_mid, 1, h, w) + true_macs(c_mid, c_out, 3, h, w),
        lambda c_in, c_mid, c_out, k, h, w: (true_macs(c_in, c_mid, 1, h, w), true_macs(c_mid, c_out, k, h, w)),
        lambda c_in, c_mid, c_out, k, h, w: max(true_macs(c_in, c_mid, 1, h, w), true_macs(c_mid, c_out, k, h, w)),
        lambda c_in, c_mid, c_out, k, h, w: true_macs(c_in, c_mid, 1, h, w) - true_macs(c_mid, c_out, k, h, w),
        lambda c_in, c_mid, c_out, k, h, w: true_macs(c_in, c_mid, 1, h, w) + true_macs(c_mid, c_out, k, 1, 1),
        lambda c_in, c_mid, c_out, k, h, w: true_macs(c_in, c_mid, 1, w, w) + true_macs(c_mid, c_out, k, w, w),
        lambda c_in, c_mid, c_out, k, h, w: None,
    ],
    "break_even": [
        lambda c_in, c_out, k: 800 / 90,
        lambda c_in, c_out, k: k * k * c_in * c_out / (c_in + k * k * c_out) + 0.5,
        lambda c_in, c_out, k: round(k * k * c_in * c_out / (c_in + k * k * c_out), 1),
        lambda c_in, c_out, k: 9 * c_in * c_out / (c_in + 9 * c_out),
        lambda c_in, c_out, k: k * k * c_out / (1 + k * k),
        lambda c_in, c_out, k: (c_in + c_out) / 2,
        lambda c_in, c_out, k: np.sqrt(c_in * c_out),
        lambda c_in, c_out, k: (k * k * c_in * c_out, c_in + k * k * c_out),
        lambda c_in, c_out, k: -(-k * k * c_in * c_out // (c_in + k * k * c_out)),
    ],
    "depthwise": [
        valid_then_resized,
        pads_x_itself,
        three_by_three_only,
        lambda x, kernels: np.zeros(x.shape),
        lambda x, kernels: true_depthwise(x, kernels)[0],
        lambda x, kernels: true_depthwise(x, kernels).astype(int),
        lambda x, kernels: true_depthwise(x, kernels[::-1]),
        lambda x, kernels: true_depthwise(x.swapaxes(2, 3), kernels).swapaxes(2, 3),
        lambda x, kernels: true_depthwise(np.abs(x), kernels),
        lambda x, kernels: np.roll(true_depthwise(x, kernels), 1, axis=3),
        lambda x, kernels: true_depthwise(x, kernels) * (1 + 1e-3),
        lambda x, kernels: true_depthwise(x, kernels)[:, :, ::-1],
        lambda x, kernels: true_depthwise(x, kernels) + 1e-4,
    ],
    "separable": [
        lambda x, kernels, weight, bias: np.zeros((len(x), len(weight), *x.shape[2:])),
        lambda x, kernels, weight, bias: true_separable(x, kernels, weight, bias) + bias[:, None, None],
        lambda x, kernels, weight, bias: true_separable(x, kernels, weight, np.sort(bias)),
        lambda x, kernels, weight, bias: true_separable(x, kernels, np.abs(weight), bias),
        lambda x, kernels, weight, bias: true_separable(x, kernels[::-1], weight, bias),
        lambda x, kernels, weight, bias: true_separable(x, kernels.swapaxes(1, 2), weight, bias),
        lambda x, kernels, weight, bias: true_separable(x, kernels, weight, bias).transpose(0, 2, 3, 1),
        lambda x, kernels, weight, bias: true_separable(x[:1], kernels, weight, bias),
        lambda x, kernels, weight, bias: np.tanh(true_separable(x, kernels, weight, bias)),
    ],
    "pointwise_share": [
        lambda layers: (0.9486, 0.7459),
        lambda layers: (0.5, 0.5),
        empties,
        share(lambda layer: layer["k"] == 1),
        share(lambda layer: layer["kind"] == "conv"),
        share(lambda layer: layer["k"] == 1 and layer["kind"] == "conv" and layer["groups"] == 1),
        share(lambda layer: layer["k"] == 1 and layer["kind"] == "conv", groups=False),
        share(lambda layer: layer["k"] == 1 and layer["kind"] == "conv", by=("macs", "macs")),
        share(lambda layer: layer["k"] == 1 and layer["kind"] == "conv" and layer["c_in"] != layer["c_out"]),
        share(lambda layer: layer["k"] == 1 and layer["h"] > 1),
        lambda layers: {"macs": 0.5, "weights": 0.5},
        lambda layers: (float("nan"), float("nan")),
    ],
}
RIGHT = {
    "macs": [
        lambda c_in, c_out, k, h_out, w_out, groups=1: c_in * c_out * k * k * h_out * w_out / groups,
        lambda c_in, c_out, k, h_out, w_out, groups=1: np.int64(true_macs(c_in, c_out, k, h_out, w_out, groups)),
        lambda c_in, c_out, k, h_out, w_out, groups=1: np.prod([c_in // groups, c_out, k, k, h_out, w_out]),
        lambda c_in, c_out, k, h_out, w_out, groups=1: sum(
            (c_in // groups) * (c_out // groups) * k * k * h_out * w_out for _ in range(groups)
        ),
        lambda *sizes, groups=1: true_macs(*sizes[:5], *(sizes[5:] or (groups,))),
    ],
    "bottleneck_macs": [
        lambda c_in, c_mid, c_out, k, h, w: float(true_macs(c_in, c_mid, 1, h, w) + true_macs(c_mid, c_out, k, h, w)),
        lambda c_in, c_mid, c_out, k, h, w: np.dot([c_in, k * k * c_out], [c_mid, c_mid]) * h * w,
    ],
    "break_even": [
        lambda c_in, c_out, k: (
            1 / (1 / c_in + 1 / (k * k * c_out)) if k == 1 else c_in * (1 - c_in / (c_in + k**2 * c_out))
        ),
        lambda c_in, c_out, k: np.array(k * k * c_in * c_out / (c_in + k * k * c_out)),
        lambda c_in, c_out, k: np.roots([c_in + k * k * c_out, -k * k * c_in * c_out])[0],
    ],
    "depthwise": [
        lambda x, kernels: np.concatenate([true_depthwise(x[:, [c]], kernels[[c]]) for c in range(x.shape[1])], axis=1),
        lambda x, kernels: np.asfortranarray(true_depthwise(x, kernels)),
        lambda x, kernels: np.stack([true_depthwise(image[None], kernels)[0] for image in x]),
    ],
    "separable": [
        lambda x, kernels, weight, bias: (
            np.tensordot(true_depthwise(x, kernels), weight, (1, 1)).transpose(0, 3, 1, 2) + bias.reshape(1, -1, 1, 1)
        ),
        lambda x, kernels, weight, bias: torch.nn.functional.conv2d(
            torch.tensor(true_depthwise(x, kernels)), torch.tensor(weight)[:, :, None, None], torch.tensor(bias)
        ).numpy(),
    ],
    "pointwise_share": [
        share(lambda layer: layer["k"] == 1 and layer["kind"] != "fc"),
        lambda layers: np.array(share(lambda layer: layer["k"] == 1 and layer["kind"] == "conv")(layers)),
    ],
}


def cases(table):
    return [pytest.param(name, answer, id=f"{name}-{i}") for name in table for i, answer in enumerate(table[name])]


@pytest.mark.parametrize(("name", "answer"), cases(WRONG))
def test_a_wrong_answer_that_is_not_in_the_catalogue_is_refused(name, answer):
    assert all(judge(find(name), answer, seed).outcome in ("wrong", "crashed") for seed in (0, 1))


@pytest.mark.parametrize(("name", "answer"), cases(RIGHT))
def test_a_right_answer_in_another_style_is_accepted(name, answer):
    assert [judge(find(name), answer, seed).outcome for seed in (0, 1, 2)] == ["correct"] * 3


class VisionTransformer(nn.Module):
    """ViT-B/16 (arXiv 2010.11929), written as libraries do."""

    def __init__(self, width=768, tokens=197, blocks=12):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 16, 16)
        self.extra, self.places = nn.Parameter(torch.zeros(1, 1, width)), nn.Parameter(torch.zeros(1, tokens, width))
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, 12, 4 * width, activation="gelu", batch_first=True, norm_first=True)
            for _ in range(blocks)
        )
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 1000)

    def forward(self, images):
        x = self.stem(images).flatten(2).mT
        x = torch.cat([self.extra.expand(len(x), -1, -1), x], dim=1) + self.places
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x[:, 0]))


def test_the_vision_transformer_is_counted_as_torch_counts_it():
    text = (paths.solutions() / "09_spending_a_budget" / "09_spending_a_budget.py").read_text(encoding="utf-8")
    start = text.index("tokens, width, blocks = ")
    space = {"macs": find("macs").oracle}
    exec(text[start : text.index("for name in parts", start)], space)
    with torch.device("meta"):
        network, counter = VisionTransformer(), FlopCounterMode(display=False)
        with counter:
            network.train()(torch.zeros(1, 3, 224, 224))
    parts, weights = space["parts"], space["weights"]
    assert sum(parts.values()) == counter.get_total_flops() // 2
    assert sum(parameter.numel() for parameter in network.parameters()) == 86_567_656
    assert sum(weights.values()) == sum(p.numel() for p in network.parameters() if p.ndim > 1 and p.shape[0] != 1)
    assert round(parts["token by token"] / sum(parts.values()), 2) == 0.95
    assert round(weights["token by token"] / sum(weights.values()), 2) == 0.98
