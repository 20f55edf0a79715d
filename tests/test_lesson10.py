"""Lesson 10: the layers are torch's own, classes are checked as users use them, near misses are refused."""

import functools

import nbformat
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import data, layers
from course_utils.base import paths
from course_utils.checking import check
from course_utils.checking.judge import judge
from course_utils.checking.render import VERDICT_MIME
from course_utils.exercises import find
from course_utils.exercises.lesson10_pytorch import training_watched as watched
from course_utils.experiments import contest
from course_utils.grading.demo.answers import text_of
from course_utils.grading.run.execute import Executor, task_of

X = torch.randn(2, 3, 5, 4, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("bias", [True, False])
def test_the_pointwise_layer_is_torchs(bias):
    conv, own = nn.Conv2d(3, 5, 1, bias=bias), layers.Pointwise(3, 5, bias)
    own.load_state_dict(conv.state_dict())
    torch.testing.assert_close(own(X), conv(X))


def test_the_bottleneck_narrows_strides_and_adds():
    block = layers.Bottleneck(3, 2, 6, stride=2)
    y = F.relu(F.conv2d(X, block.down.weight))
    y = F.conv2d(F.relu(F.conv2d(y, block.middle.weight, stride=2, padding=1)), block.up.weight)
    torch.testing.assert_close(block(X), F.relu(y + F.conv2d(X[:, :, ::2, ::2], block.shortcut.weight)))
    assert len(list(layers.Bottleneck(3, 2, 3).parameters())) == 3


def test_a_slid_head_says_at_each_place_what_the_dense_layer_says():
    linear = nn.Linear(3, 7)
    torch.testing.assert_close(layers.head_to_conv(linear)(X), linear(X.movedim(1, -1)).movedim(-1, 1))


def test_digits_are_split_evenly_and_no_digit_is_in_two_splits():
    parts = data.digits()
    assert {name: len(labels) for name, (_, labels) in parts.items()} == {
        "train": 3000,
        "validation": 1000,
        "test": 1000,
    }
    for _, labels in parts.values():
        assert len(set(np.bincount(labels))) == 1
    rows = np.concatenate([images.reshape(len(images), -1) for images, _ in parts.values()])
    assert len(np.unique(rows, axis=0)) == 5000
    assert not np.array_equal(parts["train"][1], data.digits(1)["train"][1])
    np.testing.assert_array_equal(parts["test"][0], data.digits()["test"][0])


class ByConv(nn.Module):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, kernel_size=1, bias=bias)

    def forward(self, x):
        return self.conv(x)


class ByLinear(nn.Module):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(c_in, c_out, bias=bias))

    def forward(self, x):
        return self.net(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).contiguous()


class ByParameter(nn.Module):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.w = nn.Parameter(torch.empty(c_out, c_in, 1, 1))
        nn.init.kaiming_uniform_(self.w)
        self.register_parameter("b", nn.Parameter(torch.zeros(c_out)) if bias else None)

    def forward(self, x):
        return F.conv2d(x, self.w, self.b)


class ByEinsum(nn.Module):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.matrix = nn.Parameter(torch.randn(c_in, c_out) / 4)
        self.shift = nn.Parameter(torch.randn(c_out, 1, 1)) if bias else None

    def forward(self, x):
        y = torch.einsum("co,nchw->nohw", self.matrix, x)
        return y if self.shift is None else y + self.shift


class OneByOne(nn.Module):
    """A convolution of its own for each output."""

    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.outputs = nn.ModuleList(nn.Conv2d(c_in, 1, 1, bias=bias) for _ in range(c_out))

    def forward(self, x):
        return torch.cat([one(x) for one in self.outputs], dim=1)


class RowByRow(nn.Module):
    """A row of weights for each input, and the biases on a plate of their own."""

    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.rows = nn.ParameterList(nn.Parameter(torch.randn(c_out) / c_in) for _ in range(c_in))
        self.shift = nn.Parameter(torch.zeros(c_out, 1, 1)) if bias else 0

    def forward(self, x):
        return sum(x[:, i, None] * row[:, None, None] for i, row in enumerate(self.rows)) + self.shift


class WithOnes(nn.Module):
    """The biases are the last column of the matrix: the weights of a channel of ones."""

    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.ones, self.matrix = bias, nn.Parameter(torch.randn(c_out, c_in + bias) / 4)

    def forward(self, x):
        return torch.einsum(
            "oc,nchw->nohw", self.matrix, torch.cat([x, torch.ones_like(x[:, :1])], 1) if self.ones else x
        )


class InOneRow(nn.Module):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.sizes, self.numbers = (c_out, c_in), nn.Parameter(torch.randn(c_out * c_in) / 4)
        self.register_parameter("bias", nn.Parameter(torch.zeros(c_out)) if bias else None)

    def forward(self, x):
        return F.linear(x.movedim(1, -1), self.numbers.view(self.sizes), self.bias).movedim(-1, 1)


class Lazy(nn.LazyConv2d):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_out, 1, bias=bias)


class Inherited(nn.Conv2d):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, 1, bias=bias)


LAYERS = [ByConv, ByLinear, ByParameter, ByEinsum, Lazy, Inherited, layers.Pointwise]
LAYERS += [OneByOne, RowByRow, WithOnes, InOneRow, lambda *sizes, **named: nn.ConvTranspose2d(*sizes, 1, **named)]


@pytest.mark.parametrize("answer", LAYERS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_layer_may_be_written_in_any_style(answer, seed):
    check(answer, "Pointwise", seed=seed)


class OfPointwise(nn.Module):
    def __init__(self, c_in, c_mid, c_out, stride=1, layer=ByLinear):
        super().__init__()
        self.one, self.two = layer(c_in, c_mid, bias=False), nn.LazyConv2d(c_mid, 3, stride, 1, bias=False)
        self.three = layer(c_mid, c_out, False)
        if stride != 1 or c_in != c_out:
            self.side = nn.Sequential(nn.MaxPool2d(1, stride), layer(c_in, c_out, False))

    def forward(self, x):
        y = F.relu(self.three(F.relu(self.two(F.relu(self.one(x))))) + (self.side(x) if hasattr(self, "side") else x))
        return y


class LastStartsAtZero(layers.Bottleneck):
    """Each block begins as its shortcut alone, a usual start of deep networks."""

    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        nn.init.zeros_(self.up.weight)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("answer", [OfPointwise, layers.Bottleneck, LastStartsAtZero])
def test_a_block_may_be_written_in_any_style(answer, seed):
    check(answer, "Bottleneck", seed=seed)


@pytest.mark.parametrize("item", ["Pointwise", "Bottleneck"])
def test_a_class_that_is_not_written_yet_is_not_attempted(item):
    class Unwritten(nn.Module):
        def __init__(self, *sizes):
            super().__init__()

        def forward(self, x):
            raise NotImplementedError

    assert judge(find(item), Unwritten).outcome == "not attempted"


def test_a_forward_under_another_name_is_an_error_that_says_so():
    class Misnamed(nn.Module):
        def __init__(self, c_in, c_out, bias=True):
            super().__init__()
            self.conv = nn.Conv2d(c_in, c_out, 1, bias=bias)

        def foward(self, x):
            return self.conv(x)

    verdict = judge(find("Pointwise"), Misnamed)
    assert verdict.outcome == "crashed"
    assert "no method called forward" in verdict.headline


def used(name):
    """What is seen of how a training loop of the catalogue uses its model."""
    known = {one.name: one.function for one in find("train").mistakes} | {
        one.__name__: one for one in find("train").alternatives
    }
    rng = np.random.default_rng(0)
    model, small = watched.still_model(rng), watched.small_data(rng, 101)
    return list(watched.in_use(known.get(name, find("train").oracle), model, small, 0.1).values())


RIGHT_USE = ["everything is moved", "50, 50, 1", "is not kept"]


@pytest.mark.parametrize("name", ["oracle", "with_a_loader", "with_numpy_order"])
def test_a_right_loop_moves_everything_to_a_gpu_that_is_only_pretended(name):
    assert used(name) == RIGHT_USE


def with_pinned_memory(model, data, epochs, lr, device, report=print):
    pinned = [part.pin_memory() for part in data["train"]] if device == "cuda" else data["train"]
    return find("train").oracle(model, data | {"train": pinned}, epochs, lr, device, report)


def validates_with_frozen_weights(model, data, epochs, lr, device, report=print):
    model.to(device)
    (x, y), (vx, vy) = ([part.to(device) for part in data[name]] for name in ("train", "validation"))
    optimizer, found = torch.optim.Adam(model.parameters(), lr=lr), []
    for _ in range(epochs):
        model.train()
        order, losses = torch.randperm(len(x)).tolist(), []
        while order:
            rows, order = order[:50], order[50:]
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval().requires_grad_(False)
        found.append((model(vx).max(1)[1] == vy).sum().item() / len(vy))
        model.requires_grad_(True)
        report(np.mean(losses), found[-1])
    return found


@pytest.mark.parametrize("answer", [with_pinned_memory, validates_with_frozen_weights])
def test_a_right_loop_passes_whatever_only_a_real_gpu_can_do_and_however_gradients_are_switched_off(answer):
    for seed in (0, 1):
        assert judge(find("train"), answer, seed).outcome == "correct"


@pytest.mark.parametrize(
    ("name", "place", "found"),
    [
        ("device_ignored", 0, "the device is not used"),
        ("images_left_behind", 0, "something stays behind, in the training"),
        ("validation_left_behind", 0, "something stays behind, after the training"),
        ("last_image_lost", 1, "50, 50"),
        ("gradients_while_validating", 2, "is kept"),
    ],
)
def test_what_a_loop_leaves_behind_or_keeps_is_found_without_a_gpu(name, place, found):
    assert used(name) == [*RIGHT_USE[:place], found, *RIGHT_USE[place + 1 :]]


def zero_bias_of_inputs(c_in, c_out, bias=True):
    return nn.Sequential(nn.Identity(), nn.Conv2d(c_in, c_out, 1, bias=bias), nn.Flatten(2))


class Numpy(ByConv):
    def forward(self, x):
        y = np.einsum("oc,nchw->nohw", self.conv.weight.detach().numpy()[:, :, 0, 0], x.detach().numpy())
        return torch.from_numpy(y) + (0 if self.conv.bias is None else self.conv.bias[:, None, None])


class Seeded(ByConv):
    def __init__(self, c_in, c_out, bias=True):
        torch.manual_seed(3)
        super().__init__(c_in, c_out, bias)


class Doubled(ByConv):
    def forward(self, x):
        return 2 * self.conv(x)


class Normed(ByConv):
    def forward(self, x):
        return self.conv(x) / x.shape[1]


class Padded(nn.Conv2d):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, 1, padding=1, bias=bias)


class Strided(nn.Conv2d):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, 1, stride=2, bias=bias)


class Dropping(ByConv):
    def forward(self, x):
        return F.dropout(self.conv(x), 0.5, self.training)


class TrainOnly(ByConv):
    def forward(self, x):
        return self.conv(x) if self.training else self.conv(x).relu()


class FirstImage(ByConv):
    def forward(self, x):
        return self.conv(x[:1]).expand(len(x), -1, -1, -1)


class InPlace(ByConv):
    def forward(self, x):
        y = self.conv(x)
        x.zero_()
        return y


class BiasTwice(ByConv):
    def forward(self, x):
        return self.conv(x) if self.conv.bias is None else self.conv(x) + self.conv.bias[:, None, None]


class FixedSize(ByConv):
    def forward(self, x):
        return self.conv(x).reshape(2, -1, 5, 4) if x.numel() == 2 * x.shape[1] * 20 else self.conv(x[..., :1, :1])


class ConstantGradient(ByConv):
    def forward(self, x):
        return self.conv(x.detach())


class Listed(nn.Module):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.layers = [nn.Conv2d(c_in, c_out, 1, bias=bias)]

    def forward(self, x):
        return self.layers[0](x)


class NoModule:
    def __init__(self, c_in, c_out, bias=True):
        self.weight = torch.randn(c_out, c_in)

    def __call__(self, x):
        return torch.einsum("oc,nchw->nohw", self.weight, x)


class Ones(ByParameter):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        nn.init.ones_(self.w)


class OnesInEach(OneByOne):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        for one in self.outputs:
            nn.init.ones_(one.weight)


class EqualRows(OneByOne):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        for one in self.outputs[1:]:
            one.weight = nn.Parameter(self.outputs[0].weight.detach().clone())


class Identities(ByConv):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        nn.init.dirac_(self.conv.weight)


class SingleInside(ByConv):
    def forward(self, x):
        shift = None if self.conv.bias is None else self.conv.bias.float()
        return F.conv2d(x.float(), self.conv.weight.float(), shift).to(x.dtype)


class Capped(ByConv):
    def forward(self, x):
        return self.conv(x).clamp(-500, 500)


class TenChannels(ByConv):
    def forward(self, x):
        return F.conv2d(x[:, :10], self.conv.weight[:, :10], self.conv.bias)


class ThreeImages(ByConv):
    def forward(self, x):
        return torch.cat([self.conv(x[:3]), 0 * self.conv(x[3:])])


class EightRows(ByConv):
    def forward(self, x):
        return torch.cat([self.conv(x[:, :, :8]), 0 * self.conv(x[:, :, 8:])], dim=2)


class NoTinyNumbers(ByConv):
    def forward(self, x):
        return self.conv(torch.where(x.abs() < 0.01, 0, x))


class OtherName(nn.Module):
    def __init__(self, c_in, c_out, b=True):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 1, bias=b)

    def forward(self, x):
        return self.conv(x)


class Float64(ByConv):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        self.double()

    def forward(self, x):
        return self.conv(x.double())


class ExtraWeight(ByConv):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.conv(x) * self.scale


class Batch(ByConv):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        self.norm = nn.BatchNorm2d(c_out)

    def forward(self, x):
        return self.norm(self.conv(x))


class Frozen(ByConv):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__(c_in, c_out, bias)
        self.requires_grad_(False)


WRONG_LAYERS = [
    zero_bias_of_inputs, Numpy, Seeded, Doubled, Normed, Padded, Strided, Dropping, TrainOnly, FirstImage, InPlace, BiasTwice,
    FixedSize, ConstantGradient, Listed, NoModule, Ones, Float64, ExtraWeight, Batch, Frozen,
    OnesInEach, EqualRows, Identities, SingleInside, Capped, TenChannels, ThreeImages, EightRows, NoTinyNumbers, OtherName,
    lambda c_in, c_out, bias=True: ByConv, lambda c_in, c_out, bias=True: nn.Conv2d(3, 5, 1),
    lambda c_in, c_out, bias=True: nn.Conv1d(c_in, c_out, 1, bias=bias),
]  # fmt: skip


@pytest.mark.parametrize("answer", WRONG_LAYERS)
def test_layers_that_are_nearly_right_are_refused_in_a_readable_sentence(answer):
    verdict = judge(find("Pointwise"), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 400


class Plain(layers.Bottleneck):
    """The right block, to be spoilt by those below."""


class NoRelu(Plain):
    def forward(self, x):
        return self.up(self.middle(self.down(x))) + self.shortcut(x)


class ReluOnShortcut(Plain):
    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()).relu() + self.shortcut(x).relu()


class Halved(Plain):
    def forward(self, x):
        return super().forward(x) / 2


class Mean(Plain):
    def forward(self, x):
        return ((self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x)) / 2).relu()


class Gelu(Plain):
    def forward(self, x):
        return F.gelu(self.up(F.gelu(self.middle(F.gelu(self.down(x))))) + self.shortcut(x))


class Leaky(Plain):
    def forward(self, x):
        return F.leaky_relu(self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x))


class Subtracted(Plain):
    def forward(self, x):
        return (self.shortcut(x) - self.up(self.middle(self.down(x).relu()).relu())).relu()


class ShortcutOnly(Plain):
    def forward(self, x):
        return self.shortcut(x).relu()


class ShortcutDetached(Plain):
    def forward(self, x):
        return (self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x).detach()).relu()


class Dropped(Plain):
    def forward(self, x):
        return F.dropout(super().forward(x), 0.1, self.training)


class FromReluOfX(Plain):
    def forward(self, x):
        return super().forward(x.relu())


class Clipped(Plain):
    def forward(self, x):
        return super().forward(x).clamp(max=6)


class FrozenBlock(Plain):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.down.requires_grad_(False)


class FiveByFive(Plain):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        self.middle = nn.Conv2d(c_mid, c_mid, 5, stride, padding=2, bias=False)


class Dilated(Plain):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        self.middle = nn.Conv2d(c_mid, c_mid, 3, stride, padding=2, dilation=2, bias=False)


class Reflecting(Plain):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        self.middle = nn.Conv2d(c_mid, c_mid, 3, stride, padding=1, padding_mode="replicate", bias=False)


class Grouped(Plain):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        self.middle = nn.Conv2d(c_mid, c_mid, 3, stride, padding=1, groups=c_mid, bias=False)


class PooledShortcut(Plain):
    def forward(self, x):
        if x.shape[1] != self.up.weight.shape[0] or isinstance(self.shortcut, nn.Identity):
            return super().forward(x)
        y = self.up(self.middle(self.down(x).relu()).relu())
        return (y + F.conv2d(F.avg_pool2d(x, 2, ceil_mode=True), self.shortcut.weight)).relu()


class StrideOfTwo(Plain):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, 2 if stride > 1 else 1)


class AllStartAlike(Plain):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        for weight in self.parameters():
            nn.init.dirac_(weight)


WRONG_BLOCKS = [
    NoRelu, ReluOnShortcut, Halved, Mean, Gelu, Leaky, Subtracted, ShortcutOnly, ShortcutDetached, Dropped, FromReluOfX,
    Clipped, FrozenBlock, FiveByFive, Dilated, Reflecting, Grouped, PooledShortcut, StrideOfTwo, AllStartAlike,
    lambda c_in, c_mid, c_out, stride=1: nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False),
    lambda c_in, c_mid, c_out, stride=1: nn.Identity(),
]  # fmt: skip


@pytest.mark.parametrize("answer", WRONG_BLOCKS)
def test_blocks_that_are_nearly_right_are_refused_in_a_readable_sentence(answer):
    verdict = judge(find("Bottleneck"), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 400


class Moved(nn.Sequential):
    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


def a_head_for_each_class(linear):
    heads = []
    for row in range(linear.out_features):
        one = nn.Conv2d(linear.in_features, 1, 1, bias=linear.bias is not None, dtype=linear.weight.dtype)
        one.weight.data = linear.weight.data[row, None, :, None, None]
        if linear.bias is not None:
            one.bias.data = linear.bias.data[row, None]
        heads.append(one)
    net = nn.ModuleList(heads)
    net.forward = lambda x: torch.cat([one(x) for one in heads], dim=1)
    return net


def by_data(linear):
    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight.data = linear.weight.data.view(*linear.weight.shape, 1, 1)
    if linear.bias is not None:
        conv.bias.data = linear.bias.data
    return conv


def turned_round(linear):
    conv = nn.ConvTranspose2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight = nn.Parameter(linear.weight.detach().T[:, :, None, None].clone())
    conv.bias = linear.bias
    return conv


@pytest.mark.parametrize("answer", [Moved, a_head_for_each_class, by_data, turned_round])
def test_a_head_may_be_written_in_any_style(answer):
    check(answer, "head_to_conv")


def rounded(linear):
    conv = by_data(linear)
    conv.weight.data = conv.weight.data.float().to(conv.weight.dtype)
    return conv


def bias_rounded(linear):
    conv = by_data(linear)
    if linear.bias is not None:
        conv.bias.data = conv.bias.data.float().to(conv.bias.dtype)
    return conv


def without_a_bias_of_zeros(linear):
    conv = by_data(linear)
    conv.bias = None if linear.bias is None or not linear.bias.any() else conv.bias
    return conv


def with_a_bias_of_zeros(linear):
    conv = by_data(linear)
    conv.bias = conv.bias or nn.Parameter(torch.zeros(linear.out_features)) if linear.bias is None else conv.bias
    return conv


def ten_classes(linear):
    conv = by_data(linear)
    conv.weight.data = torch.cat([conv.weight.data[:10], 0 * conv.weight.data[10:]])
    return conv


def no_module(linear):
    return lambda x: Moved(linear)(x)


def double_or_single(linear):
    return by_data(linear).to(torch.float64 if linear.weight.dtype == torch.float64 else torch.float32)


WRONG_HEADS = [
    rounded, bias_rounded, without_a_bias_of_zeros, with_a_bias_of_zeros, ten_classes, no_module, double_or_single,
]  # fmt: skip


@pytest.mark.parametrize("answer", WRONG_HEADS)
def test_heads_that_lose_a_number_or_bring_one_are_refused(answer):
    assert judge(find("head_to_conv"), answer).outcome in ("wrong", "crashed")


def test_a_head_that_is_no_module_is_told_so():
    assert "not a module" in judge(find("head_to_conv"), no_module).headline


def first_image_only(model, data, epochs, lr, device, report=print):
    accuracies = find("train").oracle(
        model, {name: (x[:1], y[:1]) for name, (x, y) in data.items()}, epochs, lr, device
    )
    for one in accuracies:
        report(0.0, one)
    return accuracies


def in_percent(model, data, epochs, lr, device, report=print):
    return [100 * one for one in find("train").oracle(model, data, epochs, lr, device, report)]


def silent(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs, lr, device, lambda *said: None)


def last_only(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs, lr, device, report)[-1]


def one_epoch_more(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs + 1, lr, device, report)[:-1]


def returns_the_model(model, data, epochs, lr, device, report=print):
    find("train").oracle(model, data, epochs, lr, device, report)
    return model


def on_a_copy(model, data, epochs, lr, device, report=print):
    import copy

    return find("train").oracle(copy.deepcopy(model), data, epochs, lr, device, report)


def made_up(model, data, epochs, lr, device, report=print):
    find("train").oracle(model, data, epochs, lr, device, lambda *said: report(said[0], 0.9))
    return [0.9] * epochs


def by_sgd(model, data, epochs, lr, device, report=print):
    def sgd(parameters, rate):
        return torch.optim.SGD(parameters, rate)

    real, torch.optim.Adam = torch.optim.Adam, sgd
    try:
        return find("train").oracle(model, data, epochs, lr, device, report)
    finally:
        torch.optim.Adam = real


def by_another_adam(optimizer, **settings):
    def train(model, data, epochs, lr, device, report=print):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(torch.optim, "Adam", functools.partial(optimizer, **settings))
            return find("train").oracle(model, data, epochs, lr, device, report)

    return train


def clipped(most):
    def train(model, data, epochs, lr, device, report=print):
        def clip(gradient):
            return gradient.clamp(-most, most)

        hooks = [one.register_hook(clip) for one in model.parameters()]
        try:
            return find("train").oracle(model, data, epochs, lr, device, report)
        finally:
            for one in hooks:
                one.remove()

    return train


def an_order_for(epochs_each):
    """The right loop, but for an order of the images that several epochs share."""

    def train(model, data, epochs, lr, device, report=print):
        (images, labels), accuracies = data["train"], []
        optimizer = torch.optim.Adam(model.parameters(), lr)
        for epoch in range(epochs):
            model.train()
            if epoch % epochs_each == 0:
                order = torch.randperm(len(images))
            losses = []
            for rows in order.split(50):
                loss = F.cross_entropy(model(images[rows]), labels[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            accuracies.append(watched.share(model, *data["validation"]))
            report(sum(losses) / len(losses), accuracies[-1])
        return accuracies

    return train


ADAM = torch.optim.Adam
OTHER_LOOPS = {
    "amsgrad": by_another_adam(ADAM, amsgrad=True),
    "weight decay": by_another_adam(ADAM, weight_decay=1e-4),
    "AdamW": by_another_adam(torch.optim.AdamW),
    "betas": by_another_adam(ADAM, betas=(0.9, 0.99)),
    "eps": by_another_adam(ADAM, eps=1e-6),
    "clipped": clipped(1.0),
    "every second epoch": an_order_for(2),
    "every sixth epoch": an_order_for(6),
}


@pytest.mark.parametrize("seed", [0, 1, 7])
@pytest.mark.parametrize("name", OTHER_LOOPS)
def test_adam_with_other_settings_clipped_gradients_and_orders_that_come_again_are_refused(name, seed):
    assert judge(find("train"), OTHER_LOOPS[name], seed).outcome == "wrong"


def uphill(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs, -lr if lr < 0 else lr / 100, device, report)


WRONG_LOOPS = [
    first_image_only, in_percent, silent, last_only, one_epoch_more, returns_the_model, on_a_copy, made_up, by_sgd, uphill,
    lambda *_: [], lambda model, data, epochs, *_: [0.9] * epochs,
]  # fmt: skip


@pytest.mark.parametrize("answer", WRONG_LOOPS)
def test_loops_that_are_nearly_right_are_refused_in_a_readable_sentence(answer):
    verdict = judge(find("train"), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 400


def trained_share(make, images, epochs, lr, seed):
    torch.manual_seed(seed)
    net = make()
    find("train").oracle(net, images, epochs, lr, "cpu", lambda *said: None)
    return watched.share(net, *images["test"])


@pytest.mark.slow
def test_the_networks_of_the_lesson_reach_what_it_says():
    """What prose says in words: a reader names nearly all, 1×1 alone little more than chance, 7×7 most of them.

    At equal multiply-adds 1×1 layers that come on top lose to more filters, and those that mix in place of a 3×3 do not.
    """
    space = {"functools": functools, "np": np, "torch": torch, "nn": nn, "Pointwise": layers.Pointwise}
    text = (paths.solutions() / "10_pytorch" / "10_pytorch.py").read_text()
    for start in ("def reader(", "def seeing(", "def layer("):
        start = text.index(start)
        exec(text[start : text.index("# fmt: skip", start)], space)
    parts = {name: tuple(map(torch.from_numpy, pair)) for name, pair in data.digits().items()}
    small = {name: (images[:, :, ::2, ::2].contiguous(), labels) for name, (images, labels) in parts.items()}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    readers = [trained_share(space["reader"], parts, 5, 0.005, seed) for seed in range(5)]
    seen = {k: [trained_share(lambda k=k: space["seeing"](k), small, 5, 0.03, s) for s in range(5)] for k in (1, 3, 7)}
    pairs = {name: [trained_share(space["PAIRS"][name], small, 5, rate, s) for s in range(3)]
             for name, rate in (("without", 0.03), ("Network in Network", 0.01), ("plain", 0.01), ("separable", 0.01), ("dense", 0.01))}  # fmt: skip
    longer = trained_share(lambda: space["seeing"](1), small, 20, 0.03, 0)
    torch.set_num_threads(threads)
    spent = {name: contest.macs(make(), image=(1, 14, 14)) for name, make in space["PAIRS"].items()}
    assert all(
        abs(spent[a] / spent[b] - 1) < 0.08
        for a, b in (("with", "without"), ("Network in Network", "plain"), ("separable", "dense"))
    )
    means = {name: np.mean(scores) for name, scores in pairs.items()}
    assert means["without"] > np.mean(seen[7][:3]) + 0.03 and means["plain"] > means["Network in Network"] + 0.1
    assert means["separable"] > means["dense"] - 0.03 and spent["separable"] < spent["dense"]
    assert longer < 0.3
    assert min(readers) > 0.9
    assert 0.12 < min(seen[1]) and max(seen[1]) < 0.3
    assert max(seen[1]) + 0.05 < min(seen[3]) and max(seen[3]) + 0.05 < min(seen[7])


def handed_in(item, text):
    """A submission of one answer: the lesson's imports, the answer and its check, with the hidden part."""
    nb = nbformat.read(paths.solutions() / "10_pytorch" / "10_pytorch.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
    imports = next(cell for cell in nb.cells if cell.source.startswith("import functools"))
    cells[item].source = text or cells[item].source
    nb.cells = [imports, cells[item], cells[f"{item}_check"]]
    return nb


IN_GRADING = [("Pointwise", None), ("Pointwise", "lazy"), ("Pointwise", "detached"), ("Bottleneck", None),
              ("Bottleneck", "layers_in_a_list"), ("head_to_conv", "head_by_parameters"), ("train", None),
              ("train", "images_left_behind"), ("train", "never_in_training_mode")]  # fmt: skip


@pytest.mark.slow
@pytest.mark.sandbox
def test_classes_and_loops_are_judged_in_grading_as_in_the_notebook():
    """There a module lives in another process than the check."""
    source = paths.solutions() / "10_pytorch"
    reference = nbformat.read(source / "10_pytorch.ipynb", as_version=4)
    with Executor(task_of(source, reference)) as executor:
        for item, name in IN_GRADING:
            exercise = find(item)
            known = {one.name: one.function for one in exercise.mistakes} | {
                one.__name__: one for one in exercise.alternatives
            }
            messages = {one.name: one.message for one in exercise.mistakes}
            done = executor.run(handed_in(item, name and text_of(known[name], item)))
            shown = [
                output.data[VERDICT_MIME] for output in done.cells[-1].outputs if VERDICT_MIME in output.get("data", {})
            ]
            assert shown and (shown[-1]["outcome"] == "correct") == (name not in messages), (item, name, shown)
            if name in messages:
                assert shown[0]["message"] == f"{item}: {messages[name]}"
