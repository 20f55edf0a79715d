"""Architectures of published networks as data, each with the table that it is taken from.

>>> sorted(ARCHITECTURES)[:3]
['GoogLeNet', 'MobileNetV1', 'MobileNetV2']
"""

from course_utils.base.errors import CourseError
from course_utils.cost.network import Architecture, Conv, Part, Pool
from course_utils.cost.units import basic, bottleneck, fire, inception, inverted, separable

RESNET_BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}

# Table 1 of GoogLeNet: module -> maps' size, input channels, the six widths, and the printed params (K) and ops (M).
GOOGLENET_TABLE = {
    "3a": (28, 192, (64, 96, 128, 16, 32, 32), 159, 128),
    "3b": (28, 256, (128, 128, 192, 32, 96, 64), 380, 304),
    "4a": (14, 480, (192, 96, 208, 16, 48, 64), 364, 73),
    "4b": (14, 512, (160, 112, 224, 24, 64, 64), 437, 88),
    "4c": (14, 512, (128, 128, 256, 24, 64, 64), 463, 100),
    "4d": (14, 512, (112, 144, 288, 32, 64, 64), 580, 119),
    "4e": (14, 528, (256, 160, 320, 32, 128, 128), 840, 170),
    "5a": (7, 832, (256, 160, 320, 32, 128, 128), 1072, 54),
    "5b": (7, 832, (384, 192, 384, 48, 128, 128), 1388, 71),
}
MOBILENET_V1_BLOCKS = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
MOBILENET_V2_TABLE = [  # Table 2: expansion t, channels c, repeats n, stride s of the first
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
]


def classifier(c_out: int = 1000) -> tuple[Part, ...]:
    """Global average pooling and a fully connected layer to the classes."""
    return Pool(), Conv(c_out, kind="fc", bias=True)


def mobilenet_v1() -> Architecture:
    """Table 1 of arXiv 1704.04861; its last depthwise layer at stride 1, as the sizes in the table want it."""
    parts: list[Part] = [Conv(32, 3, 2, norm=True)]
    c_in = 32
    for c_out, stride in MOBILENET_V1_BLOCKS:
        parts += separable(c_in, c_out, 3, stride)
        c_in = c_out
    return Architecture("MobileNetV1", "arXiv 1704.04861, Table 1", (*parts, *classifier()))


def mobilenet_v2() -> Architecture:
    """Table 2 of arXiv 1801.04381."""
    parts: list[Part] = [Conv(32, 3, 2, norm=True)]
    c_in = 32
    for expand, c_out, repeats, stride in MOBILENET_V2_TABLE:
        for i in range(repeats):
            parts += inverted(c_in, c_out, expand, stride if i == 0 else 1)
            c_in = c_out
    return Architecture("MobileNetV2", "arXiv 1801.04381, Table 2", (*parts, Conv(1280, norm=True), *classifier()))


def googlenet(separable_stem: bool = False) -> Architecture:
    """Table 1 of arXiv 1409.4842. Its figures for the first layer are those of a *separable* 7×7, multiplier 8."""
    stem = [Conv(24, 7, 2, groups=3), Conv(64, bias=True)] if separable_stem else [Conv(64, 7, 2, bias=True)]
    smaller = Pool(3, 2, padding=0, ceil=True)
    parts = [*stem, smaller, Conv(64, bias=True), Conv(192, 3, bias=True), smaller]
    for name, (_, _, widths, _, _) in GOOGLENET_TABLE.items():
        parts += inception(*widths)
        parts += [smaller] if name in ("3b", "4e") else []
    return Architecture("GoogLeNet", "arXiv 1409.4842, Table 1", (*parts, *classifier()))


def resnet(
    depth: int = 50, stride_in_3x3: bool = False, shortcut: str = "B", squeeze: int | None = None
) -> Architecture:
    """Table 1 of arXiv 1512.03385: 18, 34, 50, 101 or 152 layers.

    `stride_in_3x3` gives what libraries call "v1.5". `shortcut="A"` has zeros for projections, in 18 and 34 layers.
    `squeeze=16` gives SE-ResNet, Table 1 of arXiv 1709.01507.

    >>> len([layer for layer in resnet(50).layers if layer.pointwise])
    36
    """
    if depth not in RESNET_BLOCKS:
        raise CourseError(f"resnet: depth is {depth!r}, expected one of {', '.join(map(str, RESNET_BLOCKS))}.")
    if depth < 50 and (stride_in_3x3 or squeeze):
        raise CourseError(f"resnet: {depth} layers have no bottlenecks; v1.5 and squeeze are for 50, 101 and 152.")
    if depth >= 50 and shortcut != "B" or shortcut not in ("A", "B"):
        raise CourseError(f"resnet: shortcut is {shortcut!r} with {depth} layers, expected 'B', or 'A' with 18 or 34.")
    parts, c_in = [Conv(64, 7, 2, norm=True), Pool(3, 2)], 64
    for stage, blocks in enumerate(RESNET_BLOCKS[depth]):
        width = 64 * 2**stage
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            if depth < 50:
                parts += basic(c_in, width, stride, shortcut)
            else:
                parts += bottleneck(c_in, width, 4 * width, stride, stride_in_3x3, squeeze)
            c_in = width if depth < 50 else 4 * width
    name = f"{'SE-' if squeeze else ''}ResNet-{depth}{' v1.5' if stride_in_3x3 else ''}"
    return Architecture(name, "arXiv 1512.03385, Table 1", (*parts, *classifier()))


def squeezenet() -> Architecture:
    """SqueezeNet 1.0: Table 1 of arXiv 1602.07360."""
    smaller = Pool(3, 2, padding=0, ceil=True)
    parts = [Conv(96, 7, 2, padding=0, bias=True), smaller]
    for squeeze, expand in ((16, 64), (16, 64), (32, 128)):
        parts += fire(squeeze, expand)
    parts.append(smaller)
    for squeeze, expand in ((32, 128), (48, 192), (48, 192), (64, 256)):
        parts += fire(squeeze, expand)
    parts += [smaller, *fire(64, 256), Conv(1000, bias=True), Pool()]
    return Architecture("SqueezeNet 1.0", "arXiv 1602.07360, Table 1", tuple(parts))


def vgg16() -> Architecture:
    """Configuration D of arXiv 1409.1556, its dense layers as convolutions: fc6 is 7×7, fc7 and fc8 are 1×1."""
    parts = []
    for width, repeats in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        parts += [*[Conv(width, 3, bias=True)] * repeats, Pool(2, 2, padding=0)]
    parts.append(Conv(4096, 7, padding=0, kind="fc", bias=True))
    parts += [Conv(c_out, kind="fc", bias=True) for c_out in (4096, 1000)]
    return Architecture("VGG-16", "arXiv 1409.1556, Table 1", tuple(parts))


def vit_b16_patches() -> Architecture:
    """The first layer of ViT-B/16, arXiv 2010.11929: a convolution whose kernel and stride are the patch."""
    return Architecture("ViT-B/16 patches", "arXiv 2010.11929, §3.1", (Conv(768, 16, 16, padding=0, bias=True),))


ARCHITECTURES = {
    made.name: made
    for made in (
        mobilenet_v1(),
        mobilenet_v2(),
        googlenet(),
        *(resnet(depth) for depth in RESNET_BLOCKS),
        *(resnet(depth, stride_in_3x3=True) for depth in (50, 101, 152)),
        resnet(50, squeeze=16),
        squeezenet(),
        vgg16(),
    )
}
