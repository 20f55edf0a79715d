"""Lesson 09: multiply-adds, break-even, depthwise and pointwise layers, and where published networks spend."""

import numpy as np

from course_utils import convs, cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def sized_layers(rng):
    """Cases for `f(c_in, c_out, k, h_out, w_out, groups=1)`."""
    c_in, c_out, h, w = inputs.distinct_sizes(rng, 4, 4, 40)
    yield case("a 3×3 layer on a wide picture", 16, 24, 3, 5, 7)
    yield case("a depthwise 3×3", 12, 12, 3, 10, 6, 12)
    yield case("a 1×1 layer", 64, 256, 1, 56, 56)
    yield case("a 1×1 in 3 groups", 30, 12, 1, 8, 5, 3)
    yield case("a 5×5 in 2 groups", 8, 6, 5, 4, 9, 2)
    yield case("one channel, one pixel", 1, 1, 1, 1, 1)
    yield case("random sizes, 7×7", c_in, c_out, 7, h, w)
    yield case("random sizes, 4 groups", 4 * c_in, 4 * c_out, 3, h, w, 4)


@exercise(
    cases=sized_layers,
    hints=(
        "How many numbers does the layer multiply for *one* output value? And how many output values does it make?",
        "One output value sums over k · k places and over the input channels of its own group, c_in / groups of them.",
        "output values = c_out · h_out · w_out;  each costs k · k · c_in / groups;  multiply",
    ),
)
def macs(c_in, c_out, k, h_out, w_out, groups=1):
    return cost.Layer(c_in, c_out, k, h_out, w_out, groups).macs


@macs.mistake(
    "DWP", "`groups` changes nothing in your answer. With groups each output sees only c_in / groups input channels."
)
def groups_ignored(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * k * h_out * w_out


@macs.mistake(
    "DWP",
    "You divide by `groups` twice. There are still c_out output maps; only the inputs that each one sees are fewer.",
)
def groups_twice(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * (c_out // groups) * k * k * h_out * w_out


@macs.mistake(
    "DWP", "You multiply by `groups`. Groups make a layer *cheaper*: each output sees only its own part of the input."
)
def groups_multiplied(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * k * h_out * w_out * groups


@macs.mistake(
    "UNI", "You count FLOPs, two for each multiply-add. Here one multiplication together with its addition counts once."
)
def flops(c_in, c_out, k, h_out, w_out, groups=1):
    return 2 * (c_in // groups) * c_out * k * k * h_out * w_out


@macs.mistake(
    "CHN", "c_in is missing. An output value sums over the input channels, so each of them costs a multiplication."
)
def inputs_missing(c_in, c_out, k, h_out, w_out, groups=1):
    return c_out * k * k * h_out * w_out


@macs.mistake("CHN", "c_out is missing. Every output map is computed on its own, and there are c_out of them.")
def outputs_missing(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * k * k * h_out * w_out


@macs.mistake("UNI", "A k×k window holds k·k places, you count k.")
def k_once(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * h_out * w_out


@macs.mistake("UNI", "That is the number of weights. Each weight is used again at every pixel of the output.")
def weights_only(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k


@macs.mistake("AXS", "You take h_out twice. A map has h_out rows of w_out pixels, and the two can differ.")
def height_twice(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k * h_out * h_out


@macs.mistake(
    "STR", "h_out and w_out are the sizes of the *output* already: nothing has to be taken off them for the window."
)
def window_taken_off(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k * max(h_out - k + 1, 0) * max(w_out - k + 1, 0)


@macs.mistake("STR", "h_out and w_out are the sizes of the *output* already: no border has to be added to them.")
def border_added(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k * (h_out + k - 1) * (w_out + k - 1)


@macs.mistake(
    "MUL", "You add the input and the output channels. Every output meets every input of its group: multiply."
)
def channels_added(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups + c_out) * k * k * h_out * w_out


@macs.mistake("BIA", "You count the biases too. Adding a bias is no multiply-add; leave it out, as the papers do.")
def bias_counted(c_in, c_out, k, h_out, w_out, groups=1):
    return ((c_in // groups) * k * k + 1) * c_out * h_out * w_out


@macs.alternative
def per_group(c_in, c_out, k, h_out, w_out, groups=1):
    return groups * (c_in // groups) * (c_out // groups) * k**2 * (h_out * w_out)


@macs.alternative
def counted_one_by_one(c_in, c_out, k, h_out, w_out, groups=1):
    total = 0
    for _ in range(c_out):
        for _ in range(k):
            total += k * (c_in // groups)
    return total * h_out * w_out


@macs.alternative
def from_the_shapes(c_in, c_out, k, h_out, w_out, groups=1):
    return int(np.prod([c_out, c_in // groups, k, k])) * int(np.prod([h_out, w_out]))


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


@bottleneck_macs.mistake("EDG", "That is the k×k layer without a bottleneck. Count the two layers that take its place.")
def direct(c_in, c_mid, c_out, k, h, w):
    return h * w * k * k * c_in * c_out


@bottleneck_macs.mistake(
    "MUL", "You multiply the costs of the two layers. One works after the other, so their costs add up."
)
def multiplied(c_in, c_mid, c_out, k, h, w):
    return h * w * c_in * c_mid * h * w * k * k * c_mid * c_out


@bottleneck_macs.mistake("UNI", "Both of your layers have k×k windows. The first one is a 1×1.")
def both_k(c_in, c_mid, c_out, k, h, w):
    return h * w * k * k * (c_in * c_mid + c_mid * c_out)


@bottleneck_macs.mistake("UNI", "Both of your layers are 1×1. The second one has k·k places in its window.")
def neither_k(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_mid + c_mid * c_out)


@bottleneck_macs.mistake("UNI", "The window is on the wrong layer: the first is the 1×1, the second the k×k.")
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


@bottleneck_macs.alternative
def common_factor(c_in, c_mid, c_out, k, h, w):
    return h * w * c_mid * (c_in + k**2 * c_out)


@bottleneck_macs.alternative
def summed_over_layers(c_in, c_mid, c_out, k, h, w):
    layers = [(c_in, c_mid, 1), (c_mid, c_out, k)]
    return sum(a * b * size * size * h * w for a, b, size in layers)


def direct_layers(rng):
    """Cases for `f(c_in, c_out, k)`: where c_in = c_out and k = 3 the answer is 0.9 · c, and only there."""
    c_in, c_out = inputs.distinct_sizes(rng, 2, 20, 300)
    yield case("more outputs than inputs, 3×3", 64, 256, 3)
    yield case("fewer outputs than inputs, 5×5", 192, 32, 5)
    yield case("as many outputs as inputs, 3×3", 256, 256, 3)
    yield case("as many outputs as inputs, 5×5", 100, 100, 5)
    yield case("a 1×1 in front of a 1×1", 30, 20, 1)
    yield case("one output, 3×3", 48, 1, 3)
    yield case("one input, 3×3", 1, 64, 3)
    yield case("random channels, 7×7", c_in, c_out, 7)
    yield case("random channels, 3×3", c_in, c_out, 3)


@exercise(
    cases=direct_layers,
    hints=(
        "Write down both costs for one pixel. At which c_mid are they the same?",
        "direct: k·k·c_in·c_out.  with a bottleneck: c_in·c_mid + k·k·c_mid·c_out, in which c_mid is in both terms.",
        "c_mid · (c_in + k·k·c_out) = k·k·c_in·c_out;  solve for c_mid, with / and not with //",
    ),
)
def break_even(c_in, c_out, k):
    return k * k * c_in * c_out / (c_in + k * k * c_out)


@break_even.mistake(
    "CHN", "With c_mid = c_in the 1×1 saves nothing and still costs something. The break-even point lies below c_in."
)
def all_inputs(c_in, c_out, k):
    return float(c_in)


@break_even.mistake(
    "CHN",
    "Half of c_in is a guess. Set the two costs equal and solve for c_mid: the answer depends on c_out and k too.",
)
def half(c_in, c_out, k):
    return c_in / 2


@break_even.mistake("UNI", "You take k for k·k: a window has k·k places.")
def k_for_k_squared(c_in, c_out, k):
    return k * c_in * c_out / (c_in + k * c_out)


@break_even.mistake(
    "CHN", "0.9 · c_in is right where c_in = c_out and k = 3, and nowhere else. Solve it for any sizes."
)
def nine_tenths(c_in, c_out, k):
    return 0.9 * c_in


@break_even.mistake(
    "CHN", "That would hold with c_in = c_out. Here the 1×1 goes from c_in channels, the k×k to c_out: keep them apart."
)
def equal_ends(c_in, c_out, k):
    return k * k * c_in / (k * k + 1)


@break_even.mistake("AXS", "c_in and c_out are swapped: the 1×1 meets c_in channels, the k×k makes c_out.")
def swapped(c_in, c_out, k):
    return k * k * c_in * c_out / (c_out + k * k * c_in)


@break_even.mistake(
    "PRC", "You cut the answer off to a whole number. Return it as it is: the crossing can lie between two channels."
)
def whole_number(c_in, c_out, k):
    return k * k * c_in * c_out // (c_in + k * k * c_out)


@break_even.mistake(
    "PRC", "You round the answer to a whole number. Return it as it is: the crossing can lie between two channels."
)
def rounded(c_in, c_out, k):
    return round(k * k * c_in * c_out / (c_in + k * k * c_out))


@break_even.mistake("SGN", "Your fraction is upside down: the cost of the direct layer belongs on top.")
def upside_down(c_in, c_out, k):
    return (c_in + k * k * c_out) / (k * k * c_in * c_out)


@break_even.mistake("SCL", "The direct layer's k·k is missing on top of the fraction.")
def top_without_k(c_in, c_out, k):
    return c_in * c_out / (c_in + k * k * c_out)


@break_even.mistake(
    "UNI",
    "k·k cancels in your answer. Only the direct layer and the second layer of the stack have k·k places; the 1×1 has one.",
)
def k_ignored(c_in, c_out, k):
    return c_in * c_out / (c_in + c_out)


@break_even.alternative
def by_harmonic_sum(c_in, c_out, k):
    return c_in / (1 + c_in / (k**2 * c_out))


@break_even.alternative
def by_halving(c_in, c_out, k):
    low, high = 0.0, float(c_in)
    for _ in range(80):
        middle = (low + high) / 2
        if c_in * middle + k * k * middle * c_out < k * k * c_in * c_out:
            low = middle
        else:
            high = middle
    return low


@break_even.alternative
def from_two_points(c_in, c_out, k):
    direct = k * k * c_in * c_out
    per_channel = (2 * c_in + k * k * 2 * c_out) - (c_in + k * k * c_out)
    return np.float64(direct) / per_channel


def depthwise_arguments(rng, n, c, h, w, k):
    return inputs.signed(rng, n, c, h, w), inputs.signed(rng, c, k, k)


def depthwise_layers(rng):
    """Cases for `f(x, kernels)`: k odd, zeros around the maps, the size of the maps kept."""
    yield case("two images, every size different", *depthwise_arguments(rng, 2, 4, 5, 7, 3))
    yield case("every size the same", *depthwise_arguments(rng, 3, 3, 3, 3, 3))
    yield case("5×5 kernels", *depthwise_arguments(rng, 2, 3, 6, 8, 5))
    yield case("1×1 kernels", *depthwise_arguments(rng, 2, 5, 4, 3, 1))
    yield case("one channel", *depthwise_arguments(rng, 2, 1, 4, 6, 3))
    yield case("one image of one pixel", *depthwise_arguments(rng, 1, 3, 1, 1, 3))
    yield case("x is a transposed view", *inputs.strided(*depthwise_arguments(rng, 2, 4, 5, 6, 3)))
    n, c, h, w = inputs.distinct_sizes(rng, 4)
    yield case("random sizes", *depthwise_arguments(rng, n, c, h, w, 3))


@exercise(
    cases=depthwise_layers,
    axes="n c h w",
    hints=(
        "Which kernels and which input maps does output map c need?",
        "Only kernels[c] and x[:, c]. Add k // 2 zeros on the four sides of each map, on the last two axes alone.",
        "padded = zeros around x;  for i, j in the window: y += kernels[:, i, j] (as C,1,1) * padded[:, :, i:i+h, j:j+w]",
    ),
)
def depthwise(x, kernels):
    return convs.depthwise(x, kernels, padding=kernels.shape[1] // 2)


@depthwise.mistake(
    "DWP",
    "You sum over the channels, so one map is left. A depthwise layer keeps the channels apart: one map for each.",
)
def channels_summed(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y.sum(axis=1, keepdims=True)


@depthwise.mistake(
    "DWP", "Every one of your output maps has all channels summed in it. Map c is made of x[:, c] alone."
)
def all_in_each(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.repeat(y.sum(axis=1, keepdims=True), x.shape[1], axis=1)


@depthwise.mistake("DWP", "You use the first kernel for all channels. Each channel has its own: kernels[c].")
def first_kernel(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[0, i, j] * p[:, :, i : i + h, j : j + w]
    return y


@depthwise.mistake(
    "SGN", "Your kernels are turned by half a turn. Networks do not flip: kernels[c, 0, 0] meets the pixel up left."
)
def flipped(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, k - 1 - i, k - 1 - j, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@depthwise.mistake(
    "TRN",
    "Rows and columns of your kernels are swapped: kernels[c, i, j] meets the pixel i rows down and j columns right.",
)
def kernel_transposed(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, j, i, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@depthwise.mistake("AVG", "You divide by k·k. A convolution is a weighted sum; nothing is averaged.")
def averaged(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y / k**2


@depthwise.mistake("AVG", "You divide by the sum of each kernel. The weights are used as they are.")
def normalised(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y / kernels.sum(axis=(1, 2))[:, None, None]


@depthwise.mistake(
    "LIN", "A ReLU cuts your answer at zero. The layer itself is linear; an activation comes after it, if at all."
)
def cut_at_zero(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.maximum(y, 0)


@depthwise.mistake("BAT", "Every image of the batch gets the answer of the first one.")
def first_image(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.repeat(y[:1], len(x), axis=0)


@depthwise.mistake("EDG", "Your maps have become smaller. Put k // 2 zeros around each map, so that the size is kept.")
def no_padding(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y[:, :, k // 2 : h - k // 2, k // 2 : w - k // 2]


@depthwise.mistake("EDG", "At the border you repeat the outermost pixels. What lies outside counts as zero.")
def edge_repeated(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)), mode="edge")
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@depthwise.mistake(
    "EDG", "Your window wraps around: at the left border it sees the right one. What lies outside counts as zero."
)
def wrapped(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)), mode="wrap")
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@depthwise.mistake(
    "AXS",
    "Your zeros are on the wrong axes: C has got some. Pad the last two axes, rows and columns, and nothing else.",
)
def padded_channels(x, kernels):
    k, c = kernels.shape[1], x.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (k // 2, k // 2), (k // 2, k // 2), (k // 2, k // 2)))[:, :c]
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@depthwise.mistake(
    "LOC", "Only the middle of each kernel is used. The pixels around it count too: that is what this layer is for."
)
def middle_only(x, kernels):
    k = kernels.shape[1]
    return x * kernels[:, k // 2, k // 2, None, None]


@depthwise.alternative
def grouped_in_torch(x, kernels):
    import torch

    weight = torch.tensor(np.ascontiguousarray(kernels))[:, None]
    padding, c = kernels.shape[1] // 2, x.shape[1]
    return torch.nn.functional.conv2d(torch.tensor(x.copy()), weight, padding=padding, groups=c).numpy()


@depthwise.alternative
def windows_and_einsum(x, kernels):
    k = kernels.shape[1]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(p, (k, k), axis=(2, 3))
    return np.einsum("nchwij,cij->nchw", windows, kernels)


@depthwise.alternative
def pixel_by_pixel(x, kernels):
    n, c, h, w = x.shape
    k = kernels.shape[1]
    p = np.zeros((n, c, h + k - 1, w + k - 1))
    p[:, :, k // 2 : k // 2 + h, k // 2 : k // 2 + w] = x
    y = np.empty((n, c, h, w))
    for row in range(h):
        for column in range(w):
            y[:, :, row, column] = (p[:, :, row : row + k, column : column + k] * kernels).sum(axis=(2, 3))
    return y


def separable_arguments(rng, n, c_in, c_out, h, w, k):
    x, kernels = depthwise_arguments(rng, n, c_in, h, w, k)
    return x, kernels, inputs.signed(rng, c_out, c_in), inputs.signed(rng, c_out)


def separable_layers(rng):
    """Cases for `f(x, kernels, weight, bias)`."""
    yield case("two images, every size different", *separable_arguments(rng, 2, 3, 5, 4, 7, 3))
    yield case("every size the same", *separable_arguments(rng, 3, 3, 3, 3, 3, 3))
    yield case("fewer channels out than in, 5×5 kernels", *separable_arguments(rng, 2, 5, 2, 6, 7, 5))
    yield case("one channel in", *separable_arguments(rng, 2, 1, 4, 3, 5, 3))
    yield case("one channel out", *separable_arguments(rng, 2, 4, 1, 3, 5, 3))
    yield case("one image of one pixel", *separable_arguments(rng, 1, 3, 2, 1, 1, 3))
    n, c_in, c_out, h, w = inputs.distinct_sizes(rng, 5)
    yield case("random sizes", *separable_arguments(rng, n, c_in, c_out, h, w, 3))


@exercise(
    cases=separable_layers,
    axes="n c_out h w",
    hints=(
        "Two steps: one looks around, one mixes channels. You have functions for both. Which comes first?",
        "kernels has one kernel for each *input* channel, so depthwise acts on x. Then weight mixes the C_in maps it made.",
        "maps = depthwise(x, kernels);  y[n, o] = sum over c of weight[o, c] · maps[n, c], plus bias[o]",
    ),
)
def separable(x, kernels, weight, bias):
    return convs.pointwise(convs.depthwise(x, kernels, padding=kernels.shape[1] // 2), weight, bias)


@separable.mistake(
    "DWP",
    "Your second step keeps the channels apart, too. It is a 1×1 layer: every output channel sums over *all* channels.",
)
def diagonal(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    picked = [o % x.shape[1] for o in range(len(weight))]
    scale = weight[np.arange(len(weight)), picked]
    return y[:, picked] * scale[:, None, None] + bias[:, None, None]


@separable.mistake("BIA", "The bias is missing. It is added once to each output map, at the end.")
def no_bias(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y)


@separable.mistake(
    "BIA",
    "You add the bias once for each *input* channel, inside the sum. It comes once to each output map, after the sum.",
)
def bias_in_the_sum(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) + x.shape[1] * bias[:, None, None]


@separable.mistake("BIA", "All your output maps get the first bias. bias[o] belongs to map o.")
def first_bias(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) + bias[0]


@separable.mistake("BIA", "You subtract the bias. It is added.")
def bias_subtracted(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) - bias[:, None, None]


@separable.mistake(
    "TRN",
    "weight has one *row* an output channel: weight[o, c], not weight[c, o]. A reshape does not turn rows into columns.",
)
def weight_reshaped(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("co,nchw->nohw", weight.reshape(weight.shape[::-1]), y) + bias[:, None, None]


@separable.mistake("LIN", "You have a ReLU between the two steps. Some networks do; the layer asked for here has none.")
def relu_between(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, np.maximum(y, 0)) + bias[:, None, None]


@separable.mistake("LIN", "You cut the answer at zero. The layer itself has no activation.")
def relu_after(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.maximum(np.einsum("oc,nchw->nohw", weight, y) + bias[:, None, None], 0)


@separable.mistake("AVG", "You divide by the number of channels. The 1×1 is a weighted sum, no average.")
def averaged_channels(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) / x.shape[1] + bias[:, None, None]


@separable.mistake(
    "DWP", "That is the depthwise half alone, its channels added up. Then the 1×1 has to mix them with its weights."
)
def weights_unused(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y.sum(axis=1, keepdims=True) + bias[:, None, None] + np.zeros((1, len(weight), 1, 1))


@separable.mistake(
    "LOC", "The kernels are not used: that is the 1×1 alone, which sees no neighbours. The depthwise step comes first."
)
def kernels_unused(x, kernels, weight, bias):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@separable.mistake(
    "ORD",
    "The 1×1 acts first in your answer. kernels has one kernel for each *input* channel: the depthwise step comes first.",
)
def pointwise_first(x, kernels, weight, bias):
    mixed = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    kernels = kernels[[o % x.shape[1] for o in range(len(weight))]]
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(mixed, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(mixed.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@separable.alternative
def as_one_dense_convolution(x, kernels, weight, bias):
    import torch

    dense = torch.tensor(np.einsum("oc,cij->ocij", weight, kernels))
    padding = kernels.shape[1] // 2
    return torch.nn.functional.conv2d(torch.tensor(x.copy()), dense, torch.tensor(bias), padding=padding).numpy()


@separable.alternative
def in_loops(x, kernels, weight, bias):
    n, c, h, w = x.shape
    k = kernels.shape[1]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    maps = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            maps += p[:, :, i : i + h, j : j + w] * kernels[:, i, j].reshape(c, 1, 1)
    y = np.zeros((n, len(bias), h, w))
    for o in range(len(bias)):
        y[:, o] = bias[o]
        for channel in range(c):
            y[:, o] += weight[o, channel] * maps[:, channel]
    return y


def as_data(layers):
    """Layers as the learner gets them: dictionaries, without any count."""
    return [layer._asdict() for layer in layers]


def networks(rng):
    """Cases for `f(layers)`."""
    a, b, h, w = inputs.distinct_sizes(rng, 4, 3, 20)
    small = [
        cost.Layer(3, 8, 3, 10, 6), cost.Layer(8, 8, 5, 5, 3, groups=8), cost.Layer(8, 12, 1, 5, 3),
        cost.Layer(12, 6, 1, 5, 3, groups=2), cost.Layer(6, 10, 1, 1, 1, kind="fc"),
    ]  # fmt: skip
    yield case("five layers of all kinds", as_data(small))
    yield case("MobileNetV1", as_data(cost.mobilenet_v1().layers))
    yield case("ResNet-50", as_data(cost.resnet(50).layers))
    unit = cost.layers(cost.shufflenet_unit(240, 60, 3), (240, 28, 20))
    yield case("a ShuffleNet unit: 1×1 in groups", as_data(unit))
    yield case("nothing but 1×1", as_data([cost.Layer(4, 6, 1, 3, 2), cost.Layer(6, 5, 1, 3, 2)]))
    yield case("no 1×1 at all", as_data([cost.Layer(3, 8, 3, 4, 5), cost.Layer(8, 2, 1, 1, 1, kind="fc")]))
    late = [cost.Layer(6, 8, 3, 4, 5), cost.Layer(8, 12, 1, 1, 1), cost.Layer(12, 5, 7, 1, 1, kind="fc")]
    yield case("a 1×1 convolution on one pixel, a dense layer with a 7×7 kernel", as_data(late))
    random = [cost.Layer(a, 2 * b, 3, h, w), cost.Layer(2 * b, a, 1, h, w), cost.Layer(a, b, 1, 1, 1, kind="fc")]
    yield case("random sizes", as_data(random))


@exercise(
    cases=networks,
    hints=(
        "What is a share? Some layers' cost divided by the cost of which layers?",
        "Weights of a layer: c_out · (c_in / groups) · k · k. Multiply-adds: that, times h · w. Fully connected layers"
        " (kind 'fc') belong to the total, and not to the 1×1 layers.",
        "for each layer: add its two costs to two totals;  if k is 1 and kind is 'conv': to two more;  divide",
    ),
)
def pointwise_share(layers):
    return cost.share([cost.Layer(**layer) for layer in layers], lambda layer: layer.pointwise)


@pointwise_share.mistake("UNI", "You count layers. A share of the cost weighs each layer with what it costs.")
def layers_counted(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = 1
        costs = weights * 1, weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("DWP", "`groups` is forgotten: a depthwise layer costs c_in times less than you say.")
def groups_forgotten(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake(
    "EDG", "The fully connected layers are missing from your total. They are not 1×1 layers, but they cost something."
)
def dense_left_out(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        if layer["kind"] == "fc":
            continue
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake(
    "EDG", "You count the fully connected layers as 1×1. They have k = 1 on a map of one pixel; look at `kind`."
)
def dense_as_pointwise(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("DWP", "You leave out the 1×1 layers that have groups. They are 1×1 layers, too.")
def grouped_left_out(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" and layer["groups"] == 1 else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("DWP", "You count depthwise layers with the 1×1. They look at neighbours: their k is not 1.")
def depthwise_too(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if (layer["k"] == 1 or layer["groups"] > 1) and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake(
    "UNI", "Your two shares are the same: the multiply-adds lack the h · w pixels at which each weight is used."
)
def no_pixels(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * 1, weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("UNI", "You return percent. Return parts of one: 0.5 for one half.")
def percent(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return 100 * some[0] / total[0], 100 * some[1] / total[1]


@pointwise_share.mistake(
    "ORD", "Your two numbers are swapped: the share of multiply-adds comes first, then that of weights."
)
def swapped_order(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[1] / total[1], some[0] / total[0]


@pointwise_share.mistake("EDG", "You return the share of everything *else*: one minus what is asked.")
def the_rest(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return 1 - some[0] / total[0], 1 - some[1] / total[1]


@pointwise_share.mistake("AXS", "You take h twice. A map has h rows of w pixels, and the two can differ.")
def rows_squared(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["h"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("UNI", "A k×k slice holds k·k numbers, you count k.")
def slices_of_k(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"]
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("EDG", "You return costs. A share is a part of the whole: divide by the total.")
def not_divided(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0], some[1]


@pointwise_share.mistake(
    "EDG", "Only the first of two numbers is there. Return both shares: of the multiply-adds, and of the weights."
)
def one_number(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0]


@pointwise_share.alternative
def with_comprehensions(layers):
    def weights(layer):
        return layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2

    def macs(layer):
        return weights(layer) * layer["h"] * layer["w"]

    chosen = [layer for layer in layers if layer["kind"] != "fc" and layer["k"] == 1]
    return [sum(map(f, chosen)) / sum(map(f, layers)) for f in (macs, weights)]


@pointwise_share.alternative
def with_arrays(layers):
    names = "c_in", "c_out", "k", "h", "w", "groups"
    c_in, c_out, k, h, w, groups = np.array([[layer[name] for name in names] for layer in layers], float).T
    weights = c_in * c_out * k * k / groups
    is_conv = np.array([layer["kind"] == "conv" for layer in layers])
    chosen = is_conv & (k == 1)
    costs = np.stack([weights * h * w, weights])
    return costs[:, chosen].sum(axis=1) / costs.sum(axis=1)


QUIZ = (
    question(
        "budget_what_falls",
        "In front of a 5×5 layer you put a 1×1 that reduces 192 channels to 16. What becomes smaller?",
        wrong("MUL", "The number of feature maps that are written", "It grows: the 16 maps of the 1×1 come on top."),
        right(
            "The weights and the multiply-adds",
            "The 5×5 now meets 16 channels in place of 192, and the 1×1 costs little.",
        ),
        wrong("LOC", "The patch that one output sees", "A 1×1 sees no neighbours, but the 5×5 after it still does."),
        wrong("CHN", "The number of channels handed on", "The 5×5 still makes as many maps as before."),
    ),
    question(
        "budget_break_even",
        "3×3, 100 → 100 channels. With how many channels in the middle does a 1×1 in front no longer save anything?",
        wrong(
            "CHN", "From 100 on", "At 100 the 3×3 costs what it did, and the 1×1 comes on top: that is a loss already."
        ),
        wrong("CHN", "From 50 on", "At 50 the 3×3 is halved, and the 1×1 adds a twentieth or so: much is saved."),
        wrong("UNI", "From 9 on", "9 is the number of places in a window. Set the two costs equal and solve."),
        right("From 90 on", "900,000 / (100 + 900) = 90: there both cost the same."),
    ),
    question(
        "budget_separable",
        "A 3×3 layer with 512 output channels becomes depthwise and 1×1. By what factor do multiply-adds fall, about?",
        right("9", "The ratio is 1/512 + 1/9. With many output channels only 1/9 is left of it."),
        wrong(
            "CHN", "512", "The 1×1 still joins every input with every output. Only the window is paid once a channel."
        ),
        wrong("UNI", "3", "A 3×3 window has 9 places, and all but one of them leave the mixing of channels."),
        wrong("MUL", "9 · 512", "Costs add up: 1/512 + 1/9. They are not multiplied."),
    ),
    question(
        "budget_mobilenet",
        "95% of MobileNetV1's multiply-adds lie in 1×1 layers. What follows?",
        wrong(
            "DEV",
            "95% of its computing time is spent in them",
            "The paper says so, but it has counted. Time is measured.",
        ),
        wrong(
            "RNK", "3×3 layers could be left out", "Without them no pixel ever sees a neighbour, however much is spent."
        ),
        right(
            "Who wants to make it cheaper has to look at the 1×1 layers",
            "That is what ShuffleNet did: 1×1 layers in groups.",
        ),
        wrong("MUL", "95% of its feature maps come from them", "Shares of cost say nothing about the number of maps."),
    ),
    question(
        "budget_width",
        "Between two stages height and width are halved and the channels doubled. What becomes of a 3×3 layer's cost?",
        wrong(
            "MUL",
            "Everything stays the same",
            "Multiply-adds do. The weights do not see the pixels: four times as many.",
        ),
        wrong("CHN", "Multiply-adds double", "Twice the inputs, twice the outputs, a quarter of the pixels: multiply."),
        right(
            "Multiply-adds stay, weights are four times as many",
            "2 · 2 for the channels, and 1/4 for the pixels, which only multiply-adds see.",
        ),
        wrong("UNI", "Both are four times as many", "A quarter of the pixels is left, at which each weight is used."),
    ),
)
