"""The units that architectures repeat, each as a tuple of parts."""

from course_utils.cost.network import Branches, Conv, Part, Pool, Shortcut


def separable(c_in: int, c_out: int, k: int = 3, stride: int = 1) -> tuple[Part, ...]:
    """MobileNetV1's block: depthwise k×k, then 1×1.

    >>> [part.groups for part in separable(32, 64)]
    [32, 1]
    """
    return Conv(c_in, k, stride, groups=c_in, norm=True), Conv(c_out, norm=True)


def inverted(c_in: int, c_out: int, expand: int, stride: int = 1) -> tuple[Part, ...]:
    """MobileNetV2's block: 1×1 to expand, depthwise 3×3, 1×1 without activation; a way around between equal ends."""
    wide = c_in * expand
    body = (*([Conv(wide, norm=True)] if expand > 1 else []), *separable(wide, c_out, 3, stride))
    return (Branches((body, ())),) if stride == 1 and c_in == c_out else body


def basic(c_in: int, c_out: int, stride: int = 1, way: str = "B") -> tuple[Part, ...]:
    """The unit of ResNet-18 and 34: two 3×3."""
    body = Conv(c_out, 3, stride, norm=True), Conv(c_out, 3, norm=True)
    return (Branches((body, _around(c_in, c_out, stride, way))),)


def bottleneck(
    c_in: int, c_mid: int, c_out: int, stride: int = 1, stride_in_3x3: bool = False, squeeze: int | None = None
) -> tuple[Part, ...]:
    """The unit of ResNet-50, 101 and 152: 1×1 down, 3×3, 1×1 up.

    The paper puts the stride into the first 1×1, "v1.5" into the 3×3. `squeeze` is the r of SENet.
    """
    first, second = (1, stride) if stride_in_3x3 else (stride, 1)
    body: tuple[Part, ...] = Conv(c_mid, 1, first, norm=True), Conv(c_mid, 3, second, norm=True), Conv(c_out, norm=True)
    if squeeze:
        body += (Branches(((), excitation(c_out, squeeze)), join="multiply"),)
    return (Branches((body, _around(c_in, c_out, stride, "B"))),)


def excitation(c: int, r: int) -> tuple[Part, ...]:
    """What SENet adds: one number per map by global pooling, C → C/r → C, and each map is multiplied by its answer."""
    return Pool(), Conv(c // r, kind="fc", bias=True), Conv(c, kind="fc", bias=True)


def _around(c_in, c_out, stride, way):
    """ResNet's shortcut: nothing where shapes agree, else 1×1 (option "B") or zeros for new channels (option "A")."""
    if c_in == c_out and stride == 1:
        return ()
    return (Conv(c_out, 1, stride, norm=True),) if way == "B" else (Shortcut(c_out, stride),)


def resnet_unit(c: int, m: int) -> tuple[Part, ...]:
    """ShuffleNet's yardstick, c → m → c with a full 3×3: hw(2cm + 9m²) multiply-adds."""
    return resnext_unit(c, m, 1)


def resnext_unit(c: int, m: int, g: int) -> tuple[Part, ...]:
    """The same with a 3×3 in g groups: hw(2cm + 9m²/g) multiply-adds."""
    return (Branches(((Conv(m, norm=True), Conv(m, 3, groups=g, norm=True), Conv(c, norm=True)), ())),)


def shufflenet_unit(c: int, m: int, g: int) -> tuple[Part, ...]:
    """Both 1×1 in g groups, the 3×3 depthwise: hw(2cm/g + 9m) multiply-adds. The shuffle between them costs none."""
    body = Conv(m, groups=g, norm=True), Conv(m, 3, groups=m, norm=True), Conv(c, groups=g, norm=True)
    return (Branches((body, ())),)


def fire(squeeze: int, expand: int) -> tuple[Part, ...]:
    """SqueezeNet's module: 1×1 to `squeeze`, then 1×1 and 3×3 to `expand` maps each, side by side."""
    wide = (Conv(expand, bias=True),), (Conv(expand, 3, bias=True),)
    return Conv(squeeze, bias=True), Branches(wide, join="concat")


def inception(n1: int, reduce3: int, n3: int, reduce5: int, n5: int, pool: int) -> tuple[Part, ...]:
    """GoogLeNet's module: 1×1, 1×1 → 3×3, 1×1 → 5×5 and pooling → 1×1, side by side.

    >>> inception(64, 96, 128, 16, 32, 32)[0].at((192, 28, 28))[1]
    (256, 28, 28)
    """
    ways = (
        (Conv(n1, bias=True),),
        (Conv(reduce3, bias=True), Conv(n3, 3, bias=True)),
        (Conv(reduce5, bias=True), Conv(n5, 5, bias=True)),
        (Pool(3), Conv(pool, bias=True)),
    )
    return (Branches(ways, join="concat"),)
