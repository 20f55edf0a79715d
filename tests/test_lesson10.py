"""Lesson 10: the layers are torch's own, classes are checked as users use them, near misses are refused."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import layers
from course_utils.checking import check
from course_utils.checking.judge import judge
from course_utils.exercises import find

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


def test_a_shortcut_of_the_reduced_channels_is_not_called_a_wide_3_by_3():
    """Both stop with a RuntimeError on all but one case; the sizes in it tell them apart."""
    from slips import block, skip_of_the_reduced

    said = judge(find("Bottleneck"), block(skip_of_the_reduced, dilation=2))
    assert said.code == "SKP" and "this layer takes 5 channels and gets 2" in said.headline
    assert "Your shortcut takes what the first convolution made." in said.headline
