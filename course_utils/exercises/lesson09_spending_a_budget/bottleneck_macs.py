"""Multiply-adds of a 1×1 layer and the k×k layer behind it."""

from course_utils import cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def narrow_stacks(rng):
    """Cases for `f(c_in, c_mid, c_out, k, h, w)`."""
    c_in, c_mid, c_out, h, w = inputs.distinct_sizes(rng, 5, 3, 60)
    yield case("the 5×5 branch of GoogLeNet's first module", 192, 16, 32, 5, 28, 28)
    yield case("a wide picture", 24, 6, 40, 3, 5, 9)
    yield case("a middle that is wider than both ends", 4, 50, 6, 3, 7, 3)
    yield case("two 1×1 layers", 12, 5, 20, 1, 4, 6)
    yield case("one channel in the middle, one pixel", 8, 1, 3, 3, 1, 1)
    yield case("random sizes, 3×3", c_in, c_mid, c_out, 3, h, w)
    yield case("random sizes, 7×7", c_in, c_mid, c_out, 7, h, w)
    yield case("an even kernel", 5, 3, 7, 2, 3, 4)
    yield case("large sizes, 11×11", 120, 105, 132, 11, 101, 103)
    yield case("every size the same", 3, 3, 3, 3, 3, 3)
    yield case("thousands of everything", 1001, 1002, 1003, 1, 1004, 1005)
    yield case("one channel in, one out", 1, 2, 1, 3, 4, 5)
    axes = ("input channels", "channels in the middle", "output channels", "rows", "columns")
    for said, (*channels, h, w) in inputs.stretched(rng, *axes, most=inputs.MILLIONS):
        yield case(said, *channels, 3, h, w)
    yield case("a kernel as large as a patch", 3, 2, 7, int(rng.integers(17, 40)), 5, 4)


@exercise(
    cases=narrow_stacks,
    hints=(
        "Two layers stand one after the other. What goes into the first, what goes into the second?",
        "1×1: c_in → c_mid. k×k: c_mid → c_out. Both are computed at all h · w pixels, and their costs add up.",
        "return macs(c_in, c_mid, 1, h, w) + macs(c_mid, c_out, k, h, w)",
    ),
)
def bottleneck_macs(c_in, c_mid, c_out, k, h, w):
    return cost.count([cost.Layer(c_in, c_mid, 1, h, w), cost.Layer(c_mid, c_out, k, h, w)]).macs


@bottleneck_macs.made_of("macs")
def of_layers(macs, c_in, c_mid, c_out, k, h, w):
    return macs(c_in, c_mid, 1, h, w) + macs(c_mid, c_out, k, h, w)


@bottleneck_macs.mistake(
    "CHN", "Your k×k layer still has c_in input channels. It comes *after* the 1×1: how many channels does it see?"
)
def second_keeps_inputs(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_mid + k * k * c_in * c_out)


@bottleneck_macs.mistake(
    "CHN", "Your 1×1 already goes to c_out. It goes to c_mid, and the k×k layer from there to c_out."
)
def first_to_outputs(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_out + k * k * c_mid * c_out)


@bottleneck_macs.mistake(
    "CHN",
    "Your k×k layer goes from c_mid to c_mid. Here it hands on c_out maps; a third layer is not part of this stack.",
)
def middle_to_middle(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_mid + k * k * c_mid * c_mid)


@bottleneck_macs.mistake("EDG", "Only the 1×1 is counted. The k×k layer after it costs too.")
def first_alone(c_in, c_mid, c_out, k, h, w):
    return h * w * c_in * c_mid


@bottleneck_macs.mistake("EDG", "Only the k×k layer is counted. The 1×1 in front of it is not free.")
def second_alone(c_in, c_mid, c_out, k, h, w):
    return h * w * k * k * c_mid * c_out


@bottleneck_macs.mistake("CHN", "That is the k×k layer without a bottleneck. Count the two layers that take its place.")
def direct(c_in, c_mid, c_out, k, h, w):
    return h * w * k * k * c_in * c_out


@bottleneck_macs.mistake(
    "CNT", "You multiply the costs of the two layers. One works after the other, so their costs add up."
)
def multiplied(c_in, c_mid, c_out, k, h, w):
    return h * w * c_in * c_mid * h * w * k * k * c_mid * c_out


@bottleneck_macs.mistake("SQR", "Both of your layers have k×k windows. The first one is a 1×1.")
def both_k(c_in, c_mid, c_out, k, h, w):
    return h * w * k * k * (c_in * c_mid + c_mid * c_out)


@bottleneck_macs.mistake("SQR", "Both of your layers are 1×1. The second one has k·k places in its window.")
def neither_k(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_mid + c_mid * c_out)


@bottleneck_macs.mistake("SQR", "The window is on the wrong layer: the first is the 1×1, the second the k×k.")
def k_first(c_in, c_mid, c_out, k, h, w):
    return h * w * (k * k * c_in * c_mid + c_mid * c_out)


@bottleneck_macs.mistake("UNI", "These are the weights of the two layers. Each is used at all h · w pixels.")
def weights_of_both(c_in, c_mid, c_out, k, h, w):
    return c_in * c_mid + k * k * c_mid * c_out


@bottleneck_macs.mistake("UNI", "You count FLOPs, two for each multiply-add. Count each multiply-add once.")
def doubled(c_in, c_mid, c_out, k, h, w):
    return 2 * h * w * (c_in * c_mid + k * k * c_mid * c_out)


@bottleneck_macs.mistake(
    "CHN", "You have a third layer, 1×1 at the end, as ResNet does. This stack has two: 1×1, then k×k to c_out."
)
def three_layers(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_mid + k * k * c_mid * c_mid + c_mid * c_out)


@bottleneck_macs.mistake("AXS", "You take h twice. A map has h rows of w pixels, and the two can differ.")
def rows_twice(c_in, c_mid, c_out, k, h, w):
    return h * h * (c_in * c_mid + k * k * c_mid * c_out)


@bottleneck_macs.mistake("SQR", "A k×k window holds k·k places, you count k.")
def k_once(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_mid + k * c_mid * c_out)


@bottleneck_macs.mistake("CNT", "You multiply the costs of the two layers. One runs after the other: add them.")
def layers_multiplied(c_in, c_mid, c_out, k, h, w):
    return h * w * c_in * c_mid * c_mid * c_out * k * k


@bottleneck_macs.alternative
def common_factor(c_in, c_mid, c_out, k, h, w):
    return h * w * c_mid * (c_in + k**2 * c_out)


@bottleneck_macs.alternative
def summed_over_layers(c_in, c_mid, c_out, k, h, w):
    layers = [(c_in, c_mid, 1), (c_mid, c_out, k)]
    return sum(a * b * size * size * h * w for a, b, size in layers)
