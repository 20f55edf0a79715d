"""Lesson 05: what a 1×1 convolution sees, what it is inside a 3×3, and a test that tells it from impostors."""

import numpy as np

from course_utils import convs
from course_utils.exercises import impostors, inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def halves(rng, *shape):
    """Multiples of one half: their sums and products are exact, so that a gap of zero is exactly zero."""
    return np.round(2 * inputs.signed(rng, *shape)) / 2


def pointwise(rng, c_in, c_out):
    """A 1×1 convolution with weights drawn from `rng`, as a function of x alone."""
    weight, bias = halves(rng, c_out, c_in), halves(rng, c_out)
    return lambda x: convs.pointwise(x, weight, bias)


def threes(rng, c_in, c_out):
    """A 3×3 convolution with weights drawn from `rng`, as a function of x alone."""
    weight = inputs.signed(rng, c_out, c_in, 3, 3)
    return lambda x: convs.conv2d(x, weight, padding=1)


def blacken_one_pixel(x):
    """Set the pixel in row 1, column 2 of the last image to zero: where a pixel lies matters, in one image only."""
    y = x.copy()
    y[-1, :, 1, 2] = 0
    return y


def shuffles(rng):
    """Cases for `shuffle_gap(f, x, perm)`."""
    x, perm = inputs.signed(rng, 2, 3, 4, 7), rng.permutation(28)
    yield case("f is a 3×3 convolution", threes(rng, 3, 5), x, perm)
    yield case("f is a 1×1 convolution", pointwise(rng, 3, 5), halves(rng, 2, 3, 4, 7), perm)
    yield case("f moves each image one pixel to the right", lambda x: np.roll(x, 1, axis=3), x, perm)
    bright = np.abs(x) + 1
    bright[-1, :, 1, 2] = 0.5
    yield case("f blackens one pixel of the last image", blacken_one_pixel, bright, perm)
    yield case("the permutation moves nothing", threes(rng, 3, 2), x, np.arange(28))
    yield case("square images of one channel", threes(rng, 1, 1), inputs.signed(rng, 2, 1, 5, 5), rng.permutation(25))
    yield case("images of one pixel", pointwise(rng, 2, 3), halves(rng, 3, 2, 1, 1), np.array([0]))
    n, c, h, w = inputs.distinct_sizes(rng, 4, low=3)
    yield case("random sizes", threes(rng, c, 2), inputs.signed(rng, n, c, h, w), rng.permutation(h * w))


@exercise(
    cases=shuffles,
    hints=(
        "There are two routes from x to an answer: shuffle, then f; or f, then shuffle. What do you do with the two results?",
        "Only the pixels move, all channels of all images alike: join axes 2 and 3 into one, index it with perm, split it again.",
        "shuffle(y): y.reshape(N, C, H*W)[:, :, perm].reshape(N, C, H, W);  gap = largest |f(shuffle(x)) - shuffle(f(x))|",
    ),
)
def shuffle_gap(f, x, perm):
    i, j = np.unravel_index(perm, x.shape[2:])
    first_shuffled = f(x[:, :, i, j].reshape(x.shape))
    y = f(x)
    return float(np.abs(first_shuffled - y[:, :, i, j].reshape(y.shape)).max())


@shuffle_gap.mistake("SYM", "You compare f(shuffled x) with f(x) itself. Shuffle f(x) too: both routes must end in the same order.")
def output_not_shuffled(f, x, perm):
    shuffled = x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)
    return float(np.abs(f(shuffled) - f(x)).max())


@shuffle_gap.mistake("SGN", "The two sides are shuffled in opposite directions: index with perm on both, not with its inverse on one.")
def inverse_on_one_side(f, x, perm):
    shuffled = x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, np.argsort(perm)].reshape(y.shape)
    return float(np.abs(f(shuffled) - y).max())


@shuffle_gap.mistake("SGN", "You shuffle by the inverse: pixel p of the shuffled image must be pixel perm[p] of x (not the other way round).")
def inverse_on_both_sides(f, x, perm):
    back = np.argsort(perm)
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, back].reshape(y.shape)
    return float(np.abs(f(x.reshape(*x.shape[:2], -1)[:, :, back].reshape(x.shape)) - y).max())


@shuffle_gap.mistake("AXS", "You shuffle channels (axis 1). perm moves pixels; each pixel keeps its channels in their order.")
def channels_shuffled(f, x, perm):
    y = f(x)
    c_in, c_out = x.shape[1], y.shape[1]
    return float(np.abs(f(x[:, np.argsort(perm[:c_in])]) - y[:, np.argsort(perm[:c_out])]).max())


@shuffle_gap.mistake("AXS", "You shuffle whole rows. perm has one entry a pixel, H·W in all: rows must be torn apart too.")
def rows_shuffled(f, x, perm):
    order = np.argsort(perm[: x.shape[2]])
    return float(np.abs(f(x[:, :, order]) - f(x)[:, :, order]).max())


@shuffle_gap.mistake("BAT", "Each image gets a shuffle of its own. All images of the batch are moved by the same perm.")
def another_for_each_image(f, x, perm):
    shuffled, y = x.copy(), f(x)
    for n in range(len(x)):
        own = np.roll(perm, n)
        shuffled[n] = x[n].reshape(x.shape[1], -1)[:, own].reshape(x.shape[1:])
        y[n] = y[n].reshape(y.shape[1], -1)[:, own].reshape(y.shape[1:])
    return float(np.abs(f(shuffled) - y).max())


@shuffle_gap.mistake("BAT", "Only the first image is looked at. The gap is the largest of the whole batch.")
def first_image(f, x, perm):
    x = x[:1]
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)
    return float(np.abs(f(x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)) - y).max())


@shuffle_gap.mistake("AVG", "You take the mean of the differences. One wrong pixel among thousands must show: take the largest.")
def mean_gap(f, x, perm):
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)
    return float(np.abs(f(x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)) - y).mean())


@shuffle_gap.mistake("SGN", "A large negative difference gets lost: take the absolute value before the largest.")
def no_absolute_value(f, x, perm):
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)
    return float((f(x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)) - y).max())


@shuffle_gap.mistake("RSH", "f gets the pixels as one long row. Put them back into H rows and W columns before you call f.")
def left_as_a_row(f, x, perm):
    y = f(x)
    y = y.reshape(*y.shape[:2], 1, -1)[..., perm]
    return float(np.abs(f(x.reshape(*x.shape[:2], 1, -1)[..., perm]) - y).max())


@shuffle_gap.alternative
def with_take(f, x, perm):
    def shuffle(a):
        n, c, h, w = a.shape
        return np.take(a.reshape(n, c, h * w), perm, axis=2).reshape(n, c, h, w)

    return np.max(np.abs(f(shuffle(x)) - shuffle(f(x))))


@shuffle_gap.alternative
def pixel_by_pixel(f, x, perm):
    def shuffle(a):
        shuffled, w = np.empty_like(a), a.shape[3]
        for p, q in enumerate(perm):
            shuffled[:, :, p // w, p % w] = a[:, :, q // w, q % w]
        return shuffled

    return max(abs(a - b) for a, b in zip(f(shuffle(x)).ravel(), shuffle(f(x)).ravel(), strict=True))


@shuffle_gap.alternative
def with_a_permutation_matrix(f, x, perm):
    matrix = np.eye(len(perm))[perm]

    def shuffle(a):
        return np.einsum("pq,ncq->ncp", matrix, a.reshape(*a.shape[:2], -1)).reshape(a.shape)

    return float(np.linalg.norm((f(shuffle(x)) - shuffle(f(x))).ravel(), np.inf))


def stacks(rng):
    """Cases for `receptive_field(kernels, strides)`."""
    yield case("7×7 with stride 2, then 3×3, 1×1 and 3×3", [7, 3, 1, 3], [2, 2, 1, 1])
    yield case("two 3×3 layers", [3, 3], [1, 1])
    yield case("five 1×1 layers", [1] * 5, [1] * 5)
    yield case("three 3×3 layers of stride 2", [3, 3, 3], [2, 2, 2])
    yield case("1×1 with stride 2, then 3×3", [1, 3], [2, 1])
    yield case("one layer whose stride nothing follows", [5], [3])
    yield case("even kernels", [2, 4, 2], [2, 1, 2])
    yield case("no layer at all", [], [])
    layers = int(rng.integers(5, 9))
    yield case("random layers", rng.integers(1, 8, layers).tolist(), rng.integers(1, 4, layers).tolist())


@exercise(
    cases=stacks,
    hints=(
        "Two 3×3 layers in a row: which pixels of the input can reach the centre of the output? Draw them on squared paper.",
        "Keep two numbers: the size so far, and how many input pixels one step on the current map is worth. Which one does a stride change?",
        "size, step = 1, 1;  for k, s in zip(kernels, strides):  size += (k - 1) * step;  step *= s",
    ),
)
def receptive_field(kernels, strides):
    size = 1  # from the output back to the input
    for k, s in reversed(list(zip(kernels, strides, strict=True))):
        size = (size - 1) * s + k
    return size


@receptive_field.mistake("OVL", "You add up the kernel sizes. Neighbouring windows overlap: a k×k layer adds only its k - 1 new pixels.")
def sum_of_kernels(kernels, strides):
    return sum(kernels)


@receptive_field.mistake("STR", "The strides are ignored. After a stride of 2, one step on the map is two steps on the input.")
def strides_ignored(kernels, strides):
    return 1 + sum(k - 1 for k in kernels)


@receptive_field.mistake("STR", "Only the stride just before each layer counts for you. Strides multiply: two of 2 make one step worth 4.")
def last_stride_only(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * step
        step = s
    return size


@receptive_field.mistake("STR", "A layer's stride acts on the layers *after* it. Add (k - 1)·step first, then multiply the step.")
def stride_too_early(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        step *= s
        size += (k - 1) * step
    return size


@receptive_field.mistake("LOC", "A 1×1 layer adds a pixel in your count. It looks at one pixel, which was seen already: it adds k - 1 = 0.")
def one_by_one_adds_one(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += max(k - 1, 1) * step
        step *= s
    return size


@receptive_field.mistake("MUL", "You multiply kernel sizes. Windows widen by a few pixels a layer: the sizes add, only the strides multiply.")
def product_of_kernels(kernels, strides):
    return int(np.prod(kernels, dtype=int))


@receptive_field.mistake("EDG", "You start from 0. Before any layer a value sees one pixel: itself.")
def starts_at_zero(kernels, strides):
    size, step = 0, 1
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * step
        step *= s
    return size


@receptive_field.mistake("UNI", "That is the number of pixels in the square. Asked is its side.")
def area(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * step
        step *= s
    return size**2


@receptive_field.alternative
def with_steps(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size, step = size + (k - 1) * step, step * s
    return size


@receptive_field.alternative
def with_cumprod(kernels, strides):
    steps = np.cumprod([1, *strides])[: len(kernels)]
    return 1 + int(np.sum((np.array(kernels, dtype=int) - 1) * steps))


@receptive_field.alternative
def first_and_last_pixel(kernels, strides):
    first = last = 0
    for k, s in zip(kernels[::-1], strides[::-1], strict=True):
        first, last = first * s, last * s + k - 1
    return last - first + 1


def weights(rng):
    """Cases for `embed_in_3x3(weight)`."""
    yield case("5 outputs, 4 inputs", inputs.signed(rng, 5, 4))
    yield case("3 outputs, 3 inputs", inputs.signed(rng, 3, 3))
    yield case("one output", inputs.signed(rng, 1, 6))
    yield case("one input", inputs.signed(rng, 6, 1))
    yield case("one weight", inputs.signed(rng, 1, 1))
    yield case("weight is a transposed view", inputs.signed(rng, 7, 2).T)
    yield case("random sizes", inputs.signed(rng, *inputs.distinct_sizes(rng, 2)))


@exercise(
    cases=weights,
    axes="c_out c_in row column",
    hints=(
        "A 3×3 convolution multiplies nine pixels by nine taps. Which of the nine does a 1×1 use?",
        "Row 1, column 1 of each 3×3 slice is the tap on the pixel itself. The first two axes stay (C_out, C_in).",
        "wide = zeros of shape (C_out, C_in, 3, 3);  wide[:, :, 1, 1] = weight",
    ),
)
def embed_in_3x3(weight):
    return np.pad(weight[:, :, None, None], ((0, 0), (0, 0), (1, 1), (1, 1)))


@embed_in_3x3.mistake("LOC", "All nine taps hold the weight, so that each output pixel sums its whole neighbourhood. Only one tap looks at the pixel itself.")
def all_nine(weight):
    return np.tile(weight[:, :, None, None], (1, 1, 3, 3))


@embed_in_3x3.mistake("AVG", "You spread the weight evenly over nine taps. That averages the neighbourhood: a blur. Leave the neighbours out.")
def a_ninth_each(weight):
    return np.tile(weight[:, :, None, None], (1, 1, 3, 3)) / 9


@embed_in_3x3.mistake("LOC", "The weight sits in the corner [0, 0]: your layer reads the pixel up and to the left. Which tap is the middle one?")
def in_the_corner(weight):
    wide = np.zeros((*weight.shape, 3, 3))
    wide[:, :, 0, 0] = weight
    return wide


@embed_in_3x3.mistake("TRN", "The first two axes are swapped: C_out comes first, then C_in, as in weight.")
def swapped(weight):
    return np.pad(weight.T[:, :, None, None], ((0, 0), (0, 0), (1, 1), (1, 1)))


@embed_in_3x3.mistake("LAY", "The taps come first in your answer. The order is (C_out, C_in, row, column): the 3×3 are the last two axes.")
def taps_first(weight):
    return np.pad(weight[None, None], ((1, 1), (1, 1), (0, 0), (0, 0)))


@embed_in_3x3.mistake("DWP", "Only weight[i, i] is copied. Every output channel needs a slice for every input channel.")
def diagonal_only(weight):
    wide = np.zeros((*weight.shape, 3, 3))
    for c in range(min(weight.shape)):
        wide[c, c, 1, 1] = weight[c, c]
    return wide


@embed_in_3x3.alternative
def assigned(weight):
    c_out, c_in = weight.shape
    wide = np.zeros((c_out, c_in, 3, 3))
    wide[:, :, 1, 1] = weight
    return wide


@embed_in_3x3.alternative
def times_a_delta(weight):
    delta = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    return np.einsum("oc,ij->ocij", weight, delta)


@embed_in_3x3.alternative
def with_torch(weight):
    import torch

    return torch.nn.functional.pad(torch.tensor(weight)[:, :, None, None], (1, 1, 1, 1)).numpy()


def line_up(rng):
    """One case: right layers and impostors in an order drawn from `rng`."""
    yield case("right convolutions and impostors, mixed", np.random.default_rng(rng.integers(2**32)))


@exercise(
    cases=line_up,
    observe=impostors.verdicts,
    hints=(
        "Which habits of x, weight and bias let a wrong layer look right? All numbers equal, one image, one channel, no bias …",
        "Compute the answer yourself, by a way that does not call layer. Compare all numbers within a tolerance (np.allclose), on an x whose four sizes differ.",
        "x, weight, bias = signed fractions, N > 1, C_in > 1, H != W;  for b in (bias, None): y = layer(x, weight, b); if shape or numbers differ from your own: return False;  return True",
    ),
)
def find_the_impostors(layer):
    rng = np.random.default_rng(9)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    for one in (bias, None):
        y = layer(x, weight, one)
        if np.shape(y) != (2, 6, 4, 5) or not np.allclose(y, convs.pointwise(x, weight, one)):
            return False
    return True


@find_the_impostors.mistake("TST", "Your test never says False: what it compares is equal for any layer. Compare with numbers that do not come from layer.")
def compares_with_itself(layer):
    x, weight, bias = np.ones((1, 1, 1, 1)), np.ones((1, 1)), np.ones(1)
    return bool(np.allclose(layer(x, weight, bias), layer(x, weight, bias)))


@find_the_impostors.mistake("TST", "Your test looks at the shape only, and most impostors return the right shape. Look at the numbers.")
def shape_only(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    return layer(x, weight, bias).shape == layer(x, weight, None).shape == (2, 6, 4, 5)


@find_the_impostors.mistake("TST", "All your inputs are ones. Where every number is the same, a layer that takes the wrong one goes unseen.")
def all_ones(layer):
    x, weight, bias = np.ones((2, 3, 4, 5)), np.ones((6, 3)), np.ones(6)
    right = np.einsum("oc,nchw->nohw", weight, x)
    return np.allclose(layer(x, weight, bias), right + 1) and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake("DWP", "You try one input channel only. The sum over channels, the heart of the layer, is then a sum of one number.")
def one_input_channel(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 1, 4, 5)), rng.normal(size=(6, 1)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake("BAT", "You try one image only. A layer that mixes up or leaves out the others passes your test.")
def one_image(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(1, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake("AXS", "All your images are square. Rows and columns can be taken for each other, or cut to the same length, unseen.")
def square_images(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake("BIA", "You never give a bias, so a layer may do with it what it likes.")
def never_a_bias(layer):
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3))
    return np.allclose(layer(x, weight), np.einsum("oc,nchw->nohw", weight, x))


@find_the_impostors.mistake("BIA", "You always give a bias. A layer must also work without: bias=None.")
def always_a_bias(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    return np.allclose(layer(x, weight, bias.ravel()), np.einsum("oc,nchw->nohw", weight, x) + bias)


@find_the_impostors.mistake("SGN", "None of your numbers is negative. A layer that loses signs passes your test.")
def no_negative_number(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.random((2, 3, 4, 5)), rng.random((6, 3)), rng.random((6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake("TST", "Your test refuses right layers: with another order of adding, the last digit differs. Compare within a tolerance (np.allclose).")
def exactly_equal(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 9, 8, 9)), rng.normal(size=(6, 9)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.array_equal(layer(x, weight, bias.ravel()), right + bias)
    return same and np.array_equal(layer(x, weight, None), right)


@find_the_impostors.mistake("TST", "Shuffling shows that a layer works pixel by pixel, not that its numbers are right at any pixel. Check the numbers too.")
def shuffle_test_alone(layer):
    rng = np.random.default_rng(0)
    x, weight, bias, perm = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(3, 3)), rng.normal(size=3), rng.permutation(20)
    shuffled, y = x.reshape(2, 3, 20)[:, :, perm].reshape(x.shape), layer(x, weight, bias)
    return np.allclose(layer(shuffled, weight, bias), y.reshape(2, 3, 20)[:, :, perm].reshape(x.shape))


@find_the_impostors.mistake("SGN", "True and False are the wrong way round: True for a right convolution, False for an impostor.")
def says_the_opposite(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    try:
        same = np.allclose(layer(x, weight, bias.ravel()), right + bias) and np.allclose(layer(x, weight), right)
    except Exception:
        return True
    return not same


@find_the_impostors.alternative
def several_layers_against_matmul(layer):
    rng = np.random.default_rng(1)
    for n, c_in, c_out, h, w in [(2, 3, 5, 4, 7), (1, 1, 1, 1, 1), (3, 4, 4, 5, 5)]:
        x, weight, bias = rng.normal(size=(n, c_in, h, w)), rng.normal(size=(c_out, c_in)), rng.normal(size=c_out)
        right = (x.transpose(0, 2, 3, 1) @ weight.T).transpose(0, 3, 1, 2)
        try:
            y, z = layer(x, weight, bias), layer(x, weight)
        except Exception:
            return False
        if y.shape != right.shape or z.shape != right.shape:
            return False
        if abs(y - right - bias[:, None, None]).max() > 1e-9 or abs(z - right).max() > 1e-9:
            return False
    return True


@find_the_impostors.alternative
def one_pixel_by_hand(layer):
    x = np.zeros((2, 2, 2, 3))
    x[0, :, 0, 1], x[1, :, 1, 2] = [0.5, -2], [4, 0.25]
    weight, bias = np.array([[1, -0.5], [0.5, 3], [-2, -4]]), np.array([10, -20, 0.5])
    y, bare = layer(x, weight, bias), layer(x, weight)
    right = np.zeros((2, 3, 2, 3))
    right[0, :, 0, 1], right[1, :, 1, 2] = [1.5, -5.75, 7], [3.875, 2.75, -9]
    return y.shape == right.shape and np.allclose(y, right + bias.reshape(3, 1, 1)) and np.allclose(bare, right)


@find_the_impostors.alternative
def against_torch(layer):
    import torch

    x, weight, bias = torch.randn(2, 5, 3, 4), torch.randn(4, 5), torch.randn(4)
    x, weight, bias = x.double(), weight.double(), bias.double()
    for b in (bias, None):
        right = torch.nn.functional.conv2d(x, weight[:, :, None, None], b).numpy()
        got = layer(x.numpy(), weight.numpy(), None if b is None else b.numpy())
        if got.shape != right.shape or not np.allclose(got, right, rtol=1e-7):
            return False
    return True


QUIZ = (
    question(
        "sees_five_layers",
        "Five 1×1 layers, each followed by ReLU. How many input pixels does one output value depend on?",
        wrong("LOC", "11 × 11", "Two more pixels a layer would be 3×3 layers. A 1×1 adds none."),
        wrong("LOC", "5", "Each layer looks at one pixel, but at the same one as the layer before."),
        right("1", "The pixel in the same place, through all its channels. Neither depth nor ReLU widens that."),
        wrong("SGN", "0", "It depends on the pixel in the same place: one."),
    ),
    question(
        "sees_order",
        "A program computes a 1×1 convolution from the last pixel to the first. What changes in the output?",
        right("Nothing", "No output pixel waits for another: the order is a matter of the program, not of the layer."),
        wrong("AXS", "It comes out upside down", "The result for a pixel is stored in that pixel's place, whenever it is computed."),
        wrong("LOC", "The pixels near the border", "A 1×1 needs no neighbours and no padding: it has no special pixels at the border."),
    ),
    question(
        "sees_disguise",
        "When does a 3×3 convolution with padding 1 compute the same as a 1×1?",
        wrong("AVG", "When the nine taps of each slice are equal", "That sums the neighbourhood of each pixel: a blur."),
        wrong("DWP", "When C_in = C_out = 1", "It still has eight taps on neighbours. Channels are another matter."),
        wrong("RNK", "When its output has the shape of the 1×1's", "Padding 1 gives every 3×3 that shape. The numbers decide."),
        right("When the eight outer taps of each slice are zero", "Then each output pixel depends on the pixel in its own place only."),
    ),
    question(
        "sees_dense",
        "A map of 7×7 pixels has 64 channels. What do a dense layer at each pixel (64 → 10) and a 1×1 convolution (64 → 10) share?",
        wrong("MUL", "Only the output shape: the dense layer at each pixel has 49 times the weights", "It is one layer, used 49 times with the same weights."),
        right("Everything: the same 640 weights, the same numbers", "One 10×64 matrix, applied to the channels of each of the 49 pixels."),
        wrong("LOC", "Nothing: a dense layer mixes all 49 pixels", "A dense layer on the *flattened* map does. Here it gets one pixel's 64 numbers at a time."),
    ),
    question(
        "sees_ones",
        "A test fills x, weight and bias with ones and compares all numbers of the answer. Which wrong layer passes?",
        wrong("BIA", "One that forgets the bias", "The answer is too small by one at every pixel: it is caught."),
        wrong("AVG", "One that divides by C_in", "The answer is too small: with C_in = 3 it is 2 where 4 is right."),
        wrong("ACC", "One that keeps only the last channel's product", "The sum is then 1 for any C_in: it is caught unless C_in = 1."),
        right("One that mirrors the image", "All pixels are equal, so nobody sees that they have moved."),
    ),
)
