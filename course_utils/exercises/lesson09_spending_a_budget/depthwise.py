"""A k×k convolution of each channel with its own kernel."""

import numpy as np

from course_utils import convs
from course_utils.exercises import inputs
from course_utils.exercises.lesson09_spending_a_budget.depthwise_arguments import depthwise_arguments
from course_utils.exercises.spec import case, exercise


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
    yield case("many images", *depthwise_arguments(rng, 12, 2, 1, 2, 3))
    yield case("many channels", *depthwise_arguments(rng, 1, 66, 2, 1, 3))
    yield case("many rows and columns", *depthwise_arguments(rng, 1, 2, 19, 22, 3))
    yield case("11×11 kernels", *depthwise_arguments(rng, 1, 2, 4, 5, 11))
    x, kernels = depthwise_arguments(rng, 2, 3, 4, 5, 3)
    yield from inputs.varied(x, kernels)
    yield case("positive numbers only", np.abs(x), np.abs(kernels))
    for said, sizes in inputs.stretched(rng, "images", "channels", "rows", "columns"):
        yield case(said, *depthwise_arguments(rng, *sizes, 3))
    for k in (9, 2 * int(rng.integers(8, 16)) + 1):
        yield case(f"{k}×{k} kernels on wide maps", *depthwise_arguments(rng, 1, 2, k, k + 1, k))


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
    "SUM",
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
    "SUM", "Every one of your output maps has all channels summed in it. Map c is made of x[:, c] alone."
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


@depthwise.mistake("WGT", "You use the first kernel for all channels. Each channel has its own: kernels[c].")
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


@depthwise.mistake("BRD", "Your maps have become smaller. Put k // 2 zeros around each map, so that the size is kept.")
def no_padding(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y[:, :, k // 2 : h - k // 2, k // 2 : w - k // 2]


@depthwise.mistake("BRD", "At the border you repeat the outermost pixels. What lies outside counts as zero.")
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
    "BRD", "Your window wraps around: at the left border it sees the right one. What lies outside counts as zero."
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
    "BRD",
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


@depthwise.mistake(
    "BRD",
    "All your zeros are on one side, above and left. The window has its middle at the pixel: k // 2 on each side.",
)
def zeros_on_one_side(x, kernels):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k - 1, 0), (k - 1, 0)))
    return sum(kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w] for i in range(k) for j in range(k))


@depthwise.mistake(
    "ACC", "Only the kernel's last place is left in your answer: `=` where the sum should grow with `+=`."
)
def last_tap_alone(x, kernels):
    k, (h, w) = kernels.shape[1], x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    return kernels[:, -1, -1, None, None] * padded[:, :, k - 1 :, k - 1 :][:, :, :h, :w]


@depthwise.mistake(
    "BRD", "One zero on each side fits a 3×3 kernel alone. How many does a k×k kernel reach over the border?"
)
def padded_by_one(x, kernels):
    k, (h, w) = kernels.shape[1], x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = [[p[:, :, i : i + k, j : j + k] * kernels for j in range(w)] for i in range(h)]
    return np.array(windows).sum(axis=(4, 5)).transpose(2, 3, 0, 1)


@depthwise.mistake(
    "BRD", "Your zeros lie around images and channels too. Pad the last two axes, rows and columns, and nothing else."
)
def padded_everywhere(x, kernels):
    k, (h, w) = kernels.shape[1], x.shape[2:]
    p, y = np.pad(x, k // 2), np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = (p[:, :, i : i + k, j : j + k] * kernels).sum(axis=(2, 3))
    return y


@depthwise.mistake(
    "BRD", "Your zeros lie around images and channels too. Pad the last two axes, rows and columns, and nothing else."
)
def padded_everywhere_by_loops(x, kernels):
    (n, c, h, w), k = x.shape, kernels.shape[1]
    p, y = np.pad(x, k // 2)[:n, :c], np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = (p[:, :, i : i + k, j : j + k] * kernels).sum(axis=(2, 3))
    return y


@depthwise.mistake(
    "BRD",
    "Your window wraps around above and at the left: an index below 0 is no error in Python, x[-1] is the last row. What lies outside counts as zero.",
)
def wrapped_by_negative_indices(x, kernels):
    k, (h, w) = kernels.shape[1], x.shape[2:]
    rows, columns = (np.arange(size)[:, None] + np.arange(k) - k // 2 for size in (h, w))
    windows = x[:, :, np.minimum(rows, h - 1)[:, None, :, None], np.minimum(columns, w - 1)[:, None]]
    return np.einsum("nchwij,hi,wj,cij->nchw", windows, rows < h, columns < w, kernels)


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
