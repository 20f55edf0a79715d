"""Counting networks from their description: published tables, and torch as an independent oracle.

Every architecture is built in torch *from the data*, on the meta device, and run once: FlopCounterMode counts there.
"""

import pytest

from course_utils import cost
from course_utils.base.errors import CourseError
from course_utils.cost import Branches, Conv, Layer, Pool, Shortcut

torch = pytest.importorskip("torch")
nn = torch.nn

VARIANTS = {
    **cost.ARCHITECTURES,
    "ResNet-18, option A": cost.resnet(18, shortcut="A"),
    "ResNet-34, option A": cost.resnet(34, shortcut="A"),
    "SE-ResNet-50 v1.5": cost.resnet(50, stride_in_3x3=True, squeeze=16),
    "GoogLeNet, separable stem": cost.googlenet(separable_stem=True),
    "ResNet unit": cost.Architecture("unit", "", cost.resnet_unit(64, 16), (64, 7, 9)),
    "ResNeXt unit": cost.Architecture("unit", "", cost.resnext_unit(256, 128, 32), (256, 14, 14)),
    "ShuffleNet unit": cost.Architecture("unit", "", cost.shufflenet_unit(240, 60, 3), (240, 28, 28)),
}


# ---- the same networks in torch ------------------------------------------------------------------------------------


class Side(nn.Module):
    """Branches, run side by side and joined."""

    def __init__(self, ways, join):
        super().__init__()
        self.ways, self.join = nn.ModuleList(ways), join

    def forward(self, x):
        ends = [way(x) for way in self.ways]
        if self.join == "concat":
            return torch.cat(ends, dim=1)
        return sum(ends) if self.join == "add" else ends[0] * ends[1]


class Zeros(nn.Module):
    def __init__(self, part):
        super().__init__()
        self.part = part

    def forward(self, x):
        kept = x[:, :, :: self.part.stride, :: self.part.stride]
        return nn.functional.pad(kept, (0, 0, 0, 0, 0, self.part.c_out - x.shape[1]))


def built(parts, c):
    """The parts as an nn.Sequential that is given c channels, and the channels that it hands on."""
    made = []
    for part in parts:
        if isinstance(part, Conv):
            made.append(nn.Conv2d(c, part.c_out, part.k, part.stride, part.pad, groups=part.groups, bias=part.bias))
            made += [nn.BatchNorm2d(part.c_out)] if part.norm else []
            c = part.c_out
        elif isinstance(part, Pool):
            way = (
                nn.AdaptiveAvgPool2d(1)
                if part.k is None
                else nn.MaxPool2d(part.k, part.stride, part.pad, ceil_mode=part.ceil)
            )
            made.append(way)
        elif isinstance(part, Shortcut):
            made.append(Zeros(part))
            c = part.c_out
        else:
            ways, ends = zip(*(built(way, c) for way in part.lists), strict=True)
            made.append(Side(ways, part.join))
            c = sum(ends) if part.join == "concat" else ends[0]
    return nn.Sequential(*made), c


def run_in_torch(architecture):
    """Parameters, FLOPs and the numbers in all maps that convolutions write, as torch finds them."""
    from torch.utils.flop_counter import FlopCounterMode

    sizes = []
    with torch.device("meta"), torch.no_grad():
        model, _ = built(architecture.parts, architecture.shape[0])
        for module in model.modules():
            if isinstance(module, nn.Conv2d):
                module.register_forward_hook(lambda _module, _given, made: sizes.append(made.shape[1:]))
        with FlopCounterMode(display=False) as counter:
            model(torch.empty(1, *architecture.shape))
    return model, counter.get_total_flops(), sizes


@pytest.mark.parametrize("name", VARIANTS)
def test_counts_are_those_of_the_same_network_in_torch(name):
    model, flops, sizes = run_in_torch(VARIANTS[name])
    counts = cost.count(VARIANTS[name].layers)
    assert counts.macs == flops // 2 and flops % 2 == 0
    assert counts.parameters == sum(p.numel() for p in model.parameters())
    assert counts.weights == sum(m.weight.numel() for m in model.modules() if isinstance(m, nn.Conv2d))
    assert counts.maps == sum(shape[0] for shape in sizes)
    assert counts.map_bytes == 4 * sum(shape.numel() for shape in sizes)
    assert sorted(size[1:] for size in sizes) == sorted((layer.h, layer.w) for layer in VARIANTS[name].layers)


# ---- published tables ------------------------------------------------------------------------------------------------


def macs(architecture):
    return cost.count(architecture.layers).macs


def is_pointwise(layer):
    return layer.pointwise


def test_mobilenet_v1_table_2_shares():
    layers = cost.mobilenet_v1().layers
    kinds = {
        "1x1": (is_pointwise, 94.86, 74.59),
        "depthwise": (lambda layer: layer.groups > 1, 3.06, 1.06),
        "first": (lambda layer: layer.c_in == 3, 1.91, 0.02),
        "fc": (lambda layer: layer.kind == "fc", 0.18, 24.33),
    }
    for chosen, of_macs, of_weights in kinds.values():
        assert [round(100 * part, 2) for part in cost.share(layers, chosen)] == [of_macs, of_weights]
    assert round(macs(cost.mobilenet_v1()) / 1e6, 1) == 568.7
    assert cost.count(layers).parameters == 4_231_976


def test_mobilenet_v2_table_4_300_million_and_3_4_million():
    counts = cost.count(cost.mobilenet_v2().layers)
    assert round(counts.macs / 1e6, 1) == 300.8
    assert counts.parameters == 3_504_872  # the paper prints 3.4 M, which is the weights, cut off
    assert int(counts.weights / 1e5) / 10 == 3.4
    assert sum(repeats for _, _, repeats, _ in cost.architectures.MOBILENET_V2_TABLE) == 17  # the text says 19


@pytest.mark.parametrize(("t", "c_in", "c_out", "size"), [(6, 24, 32, 28), (1, 32, 16, 112), (6, 64, 64, 14)])
def test_mobilenet_v2_cost_of_a_block(t, c_in, c_out, size):
    made = cost.count(cost.layers(cost.inverted(c_in, c_out, t), (c_in, size, size))).macs
    assert made == size**2 * c_in * t * ((c_in if t > 1 else 0) + 9 + c_out)  # §3.1; no 1×1 in front where t = 1


@pytest.mark.parametrize(
    ("architecture", "printed"),
    [(cost.resnet(18), 1.8), (cost.resnet(34, shortcut="A"), 3.6), (cost.resnet(101), 7.6), (cost.resnet(152), 11.3)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_resnet_table_1_flops_to_the_printed_digit(architecture, printed):
    assert round(macs(architecture) / 1e9, 1) == printed


def test_resnet_50_of_table_1_is_cut_off_and_not_rounded():
    assert macs(cost.resnet(50)) == 3_857_973_248
    assert int(macs(cost.resnet(50)) / 1e8) / 10 == 3.8  # as printed; rounded it is 3.9
    assert round(macs(cost.resnet(50, stride_in_3x3=True)) / 1e9, 2) == 4.09  # torchvision's GFLOPS


@pytest.mark.parametrize(
    ("depth", "parameters"),
    [(18, 11_689_512), (34, 21_797_672), (50, 25_557_032), (101, 44_549_160), (152, 60_192_808)],
)
def test_parameters_of_resnets_are_torchvisions(depth, parameters):
    assert cost.count(cost.resnet(depth).layers).parameters == parameters


def test_resnet_50_is_half_pointwise():
    of_macs, of_weights = cost.share(cost.resnet(50).layers, is_pointwise)
    v1_5, _ = cost.share(cost.resnet(50, stride_in_3x3=True).layers, is_pointwise)
    assert [round(100 * part, 1) for part in (of_macs, v1_5, of_weights)] == [48.9, 51.8, 47.6]


def test_resnet_figure_5_units_cost_alike():
    narrow = cost.count(cost.layers(cost.bottleneck(256, 64, 256), (256, 56, 56)))
    assert narrow.weights == 69_632
    assert 2 * Layer(64, 64, 3, 56, 56).weights == 73_728 and 2 * Layer(256, 256, 3, 56, 56).weights == 1_179_648


def module(name):
    size, c_in, widths, *_ = cost.GOOGLENET_TABLE[name]
    return cost.count(cost.layers(cost.inception(*widths), (c_in, size, size)))


@pytest.mark.parametrize("name", [name for name in cost.GOOGLENET_TABLE if name not in ("4a", "5a")])
def test_googlenet_table_1_ops_of_its_modules(name):
    assert round(module(name).macs / 1e6) == cost.GOOGLENET_TABLE[name][4]


def test_googlenet_table_1_params_count_in_k_of_1024_where_they_follow_from_the_shapes():
    assert (module("3a").weights, module("3b").weights) == (163_328, 388_096)
    assert int(module("3a").weights / 1024) == 159
    assert round(module("3b").parameters / 1024) == 380  # with biases; 379.0 without
    assert (module("4a").weights, module("4e").weights, module("5b").weights) == (375_552, 867_328, 1_442_816)


def test_googlenet_table_1_entries_that_do_not_follow_from_its_shapes():
    assert int(module("4a").macs / 1e6) == 73 and round(module("4a").macs / 1e6, 1) == 73.6
    assert round(module("5a").macs / 1e6, 1) == 51.1  # 54 is printed
    for name in ("4a", "4c", "4d", "4e", "5a", "5b"):
        assert abs(module(name).weights / 1024 - cost.GOOGLENET_TABLE[name][3]) > 2


def test_googlenet_total_ops_and_its_first_layer():
    layers = cost.googlenet(separable_stem=True).layers
    assert cost.count(layers[:2]).weights == 2_712 and round(cost.count(layers[:2]).macs / 1e6) == 34
    assert round(macs(cost.googlenet(separable_stem=True)) / 1e9, 2) == 1.50
    dense = cost.googlenet().layers[0]
    assert dense.weights == 9_408 and round(dense.macs / 1e6) == 118
    stem = cost.count(layers[2:4])
    assert round(stem.weights / 1024) == 112 and round(stem.macs / 1e6) == 360


def test_googlenet_saves_a_factor_of_four_by_its_reductions():
    def direct(c_in, widths):
        n1, _, n3, _, n5, _ = widths
        return c_in * (n1 + 9 * n3 + 25 * n5)

    saved = sum(module(name).weights for name in cost.GOOGLENET_TABLE)
    plain = sum(direct(c_in, widths) for _, c_in, widths, *_ in cost.GOOGLENET_TABLE.values())
    assert direct(192, cost.GOOGLENET_TABLE["3a"][2]) == 387_072
    assert (round(plain / 1e6, 1), round(saved / 1e6, 2), round(plain / saved, 1)) == (23.7, 5.84, 4.1)


def test_squeezenet_table_1_parameters():
    assert cost.count(cost.squeezenet().layers).parameters == 1_248_424
    assert cost.count(cost.layers(cost.fire(16, 64), (96, 54, 54))).parameters == 11_920
    assert Layer(96, 128, 3, 54, 54).weights == 110_592


def test_shufflenet_unit_costs_and_the_share_in_a_resnext_unit():
    c, m, g, h, w = 256, 128, 32, 14, 10
    made = [cost.layers(unit, (c, h, w)) for unit in (cost.resnet_unit(c, m), cost.resnext_unit(c, m, g))]
    assert [cost.count(layers).macs for layers in made] == [
        h * w * (2 * c * m + 9 * m**2 // groups) for groups in (1, g)
    ]
    shuffled = cost.layers(cost.shufflenet_unit(240, 60, 3), (240, h, w))
    assert cost.count(shuffled).macs == h * w * (2 * 240 * 60 // 3 + 9 * 60)
    assert round(100 * cost.share(made[1], is_pointwise)[0], 1) == 93.4  # §3.1 of the paper: ResNeXt


def test_senet_adds_two_and_a_half_million_weights():
    more, plain = (cost.count(cost.resnet(50, squeeze=r).layers).weights for r in (16, None))
    assert more - plain == 2_514_944


def test_vgg_16_and_its_dense_layers():
    vgg = cost.vgg16()
    assert [layer.weights for layer in vgg.layers[-3:]] == [102_760_448, 16_777_216, 4_096_000]
    assert [layer.k for layer in vgg.layers[-3:]] == [7, 1, 1]
    assert cost.count(vgg.layers).parameters == 138_357_544
    assert round(macs(vgg) / 1e9, 2) == 15.47


def test_vit_patch_embedding_is_one_layer_of_a_kernel_per_patch():
    (layer,) = cost.vit_b16_patches().layers
    assert layer.weights == 589_824 and (layer.h, layer.w) == (14, 14)
    assert layer.macs == 196 * 589_824


# ---- counting ----------------------------------------------------------------------------------------------------------


def test_bytes_follow_the_size_of_a_number():
    layers = [Layer(3, 8, 3, 4, 5, bias=True, norm=True), Layer(8, 2, 1, 4, 5)]
    full, half = cost.count(layers), cost.count(iter(layers), itemsize=2)
    assert full.parameters == 216 + 8 + 16 + 16
    assert (full.map_bytes, full.parameter_bytes) == (4 * 200, 4 * 256)
    assert (half.map_bytes, half.parameter_bytes) == (400, 512)
    assert cost.count([]) == (0, 0, 0, 0, 0, 0)


def test_dense_layers_are_not_counted_as_pointwise():
    assert not Layer(512, 10, 1, 1, 1, kind="fc").pointwise
    assert Layer(512, 10, 1, 1, 1).pointwise and Layer(8, 8, 1, 3, 3, groups=4).pointwise


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: cost.resnet(20), "depth is 20"),
        (lambda: cost.resnet(18, squeeze=16), "bottlenecks"),
        (lambda: cost.resnet(50, shortcut="A"), "shortcut"),
        (lambda: cost.layers([Conv(8, 3, groups=3)], (4, 5, 5)), "groups"),
        (lambda: cost.layers([Conv(8, 7, padding=0)], (4, 5, 5)), "does not fit"),
        (lambda: cost.layers([Branches(((Conv(8),), ()))], (4, 5, 5)), "channels"),
        (lambda: cost.layers([Branches(((Pool(2, 2),), ()), "concat")], (4, 5, 5)), "height"),
        (lambda: cost.share([], is_pointwise), "no layers"),
    ],
)
def test_what_cannot_be_counted_is_one_sentence(call, word):
    with pytest.raises(CourseError, match=word) as caught:
        call()
    assert "\n" not in str(caught.value)
