"""What shuffling the pixels changes: nothing, if the layer looks at one pixel at a time."""

import numpy as np

from course_utils import convs
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


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


def spoils_the_last_channel(x):
    """Six maps of two; only the last depends on where a pixel lies."""
    y = np.concatenate([x, 2 * x, 3 * x], axis=1)
    y[:, -1, 0, 1] = 9.0
    return y


def beside_the_last_image(x):
    """What each image has more than the last, moved one pixel down: of an image by itself there would be nothing left."""
    return np.roll(x - x[-1:], 1, axis=2)


def beside_a_hundred(x):
    """Pixels moved, and so faint beside what is added that np.allclose sees no difference."""
    return 100 + np.roll(x, 1, axis=3) / 10_000


def spoils_the_last_number(x):
    """What x was, but for the last pixel of the last channel of the last image."""
    y = x.copy()
    y[-1, -1, -1, -1] = 9.0
    return y


def moving(rng, count):
    """A permutation that leaves no pixel where it is: whether a gap shows at a certain pixel is then no luck."""
    order, perm = rng.permutation(count), np.empty(count, int)
    perm[order] = np.roll(order, 1)
    return perm


def shuffles(rng):
    """Cases for `shuffle_gap(f, x, perm)`."""
    x, perm = inputs.signed(rng, 2, 3, 4, 7), moving(rng, 28)
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
    yield case(
        "f spoils the last output channel only",
        spoils_the_last_channel,
        inputs.signed(rng, 2, 2, 3, 4),
        moving(rng, 12),
    )
    yield case("more outputs than inputs", threes(rng, 2, 6), inputs.signed(rng, 2, 2, 3, 4), rng.permutation(12))
    yield case("fewer outputs than inputs", threes(rng, 12, 1), inputs.signed(rng, 12, 12, 2, 3), rng.permutation(6))
    yield case("many rows and columns", threes(rng, 2, 3), inputs.signed(rng, 1, 2, 19, 22), rng.permutation(418))
    yield case("every size is 3", threes(rng, 3, 3), inputs.signed(rng, 3, 3, 3, 3), rng.permutation(9))
    yield case(
        "as many images and channels as pixels", threes(rng, 6, 2), inputs.signed(rng, 6, 6, 2, 3), rng.permutation(6)
    )
    yield case("f moves pixels, and adds far more than they are", beside_a_hundred, x, perm)
    yield case("f returns x itself", lambda x: x, halves(rng, 2, 3, 3, 4), moving(rng, 12))
    yield case("f takes the last image off", beside_the_last_image, inputs.signed(rng, 3, 2, 4, 3), moving(rng, 12))
    yield case("every pixel alike", threes(rng, 2, 3), np.full((2, 2, 3, 4), 1.5), rng.permutation(12))
    yield case("nothing but zeros", lambda x: x + np.arange(x.shape[3]), np.zeros((2, 2, 3, 4)), rng.permutation(12))
    moved, numbers = lambda x: np.roll(x, 1, axis=2), inputs.signed(rng, 2, 3, 4, 5)
    for variant in inputs.varied(numbers, but=("zero", "same")):
        yield case(variant.label, moved, *variant.args, rng.permutation(20), mixed=variant.mixed)
    for said, (n, c, h, w) in inputs.stretched(rng, "images", "channels", "rows", "columns"):
        label = f"{said}, and f spoils the last number of all"
        yield case(label, spoils_the_last_number, inputs.signed(rng, n, c, h, w), moving(rng, h * w))
    tiny = 1e-6 * inputs.signed(rng, 2, 3, 4, 5)
    yield case("f moves pixels, and its numbers are tiny", moved, tiny, moving(rng, 20))


@exercise(
    cases=shuffles,
    small=(
        "lambda x: x, np.array([[[[1., 2.]]]]), np.array([1, 0])",
        "lambda x: np.roll(x, 1, axis=3), np.array([[[[1., 2., 0.]]]]), np.array([0, 2, 1])",
        "lambda x: np.cumsum(x, axis=3), np.array([[[[1., 2.]]]]), np.array([1, 0])",
        "lambda x: np.cumsum(-x, axis=3), np.array([[[[1., 2.]]]]), np.array([1, 0])",
        "lambda x: np.cumsum(x, axis=3), np.array([[[[1., 2., 3.]]]]), np.array([1, 2, 0])",
        "lambda x: np.cumsum(x, axis=2), np.array([[[[1.], [2.]]]]), np.array([1, 0])",
        "lambda x: np.cumsum(x, axis=0), np.array([[[[1., 2.]]], [[[3., 0.]]]]), np.array([1, 0])",
        "lambda x: np.cumsum(x, axis=3), np.array([[[[0., 0.]]], [[[1., 2.]]]]), np.array([1, 0])",
        "lambda x: np.cumsum(x, axis=3), np.array([[[[1., 2.], [3., 0.]]]]), np.array([3, 0, 1, 2])",
        "lambda x: x.sum(axis=1, keepdims=True), np.array([[[[1., 2.]], [[3., 0.]]]]), np.array([1, 0])",
        "lambda x: np.cumsum(x, axis=3), np.array([[[[1., 2.]], [[3., 0.]]]]), np.array([1, 0])",
        "lambda x: 100 + np.cumsum(x, axis=3) / 10_000, np.array([[[[1., 2.]]]]), np.array([1, 0])",
    ),
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


@shuffle_gap.mistake(
    "SYM", "You compare f(shuffled x) with f(x) itself. Shuffle f(x) too: both routes must end in the same order."
)
def output_not_shuffled(f, x, perm):
    shuffled = x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)
    return float(np.abs(f(shuffled) - f(x)).max())


@shuffle_gap.mistake(
    "SGN", "The two sides are shuffled in opposite directions: index with perm on both, not with its inverse on one."
)
def inverse_on_one_side(f, x, perm):
    shuffled = x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, np.argsort(perm)].reshape(y.shape)
    return float(np.abs(f(shuffled) - y).max())


@shuffle_gap.mistake(
    "SGN",
    "You shuffle by the inverse: pixel p of the shuffled image must be pixel perm[p] of x (not the other way round).",
)
def inverse_on_both_sides(f, x, perm):
    back = np.argsort(perm)
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, back].reshape(y.shape)
    return float(np.abs(f(x.reshape(*x.shape[:2], -1)[:, :, back].reshape(x.shape)) - y).max())


@shuffle_gap.mistake(
    "AXS", "You shuffle channels (axis 1). perm moves pixels; each pixel keeps its channels in their order."
)
def channels_shuffled(f, x, perm):
    y = f(x)
    c_in, c_out = x.shape[1], y.shape[1]
    return float(np.abs(f(x[:, np.argsort(perm[:c_in])]) - y[:, np.argsort(perm[:c_out])]).max())


@shuffle_gap.mistake(
    "AXS", "You shuffle whole rows. perm has one entry a pixel, H·W in all: rows must be torn apart too."
)
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


@shuffle_gap.mistake(
    "AVG", "You take the mean of the differences. One wrong pixel among thousands must show: take the largest."
)
def mean_gap(f, x, perm):
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)
    return float(np.abs(f(x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)) - y).mean())


@shuffle_gap.mistake("SGN", "A large negative difference gets lost: take the absolute value before the largest.")
def no_absolute_value(f, x, perm):
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)
    return float((f(x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)) - y).max())


@shuffle_gap.mistake(
    "RSH", "f gets the pixels as one long row. Put them back into H rows and W columns before you call f."
)
def left_as_a_row(f, x, perm):
    y = f(x)
    y = y.reshape(*y.shape[:2], 1, -1)[..., perm]
    return float(np.abs(f(x.reshape(*x.shape[:2], 1, -1)[..., perm]) - y).max())


@shuffle_gap.mistake("AVG", "You add up the differences. The gap is the *largest* of them.")
def summed_gap(f, x, perm):
    y = f(x)
    y = y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)
    return float(np.abs(f(x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape)) - y).sum())


@shuffle_gap.mistake(
    "AVG",
    "You subtract two largest numbers. Subtract the two ends pixel by pixel first, and take the largest difference.",
)
def largest_less_largest(f, x, perm):
    shuffled, y = x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape), f(x)
    return float(abs(f(shuffled).max() - y.max()))


@shuffle_gap.mistake(
    "SYM", "You shuffle twice on the second route: before f and after it. There f has to see x itself."
)
def shuffled_twice(f, x, perm):
    y = f(x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape))
    return float(np.abs(y - y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)).max())


@shuffle_gap.mistake(
    "AXS", "perm stands at the width. It has H·W numbers, one a pixel: make one axis of rows and columns first."
)
def along_the_width(f, x, perm):
    return float(np.abs(f(x[:, :, :, perm]) - f(x)[:, :, :, perm]).max())


@shuffle_gap.mistake(
    "AXS", "perm stands at axis 1, the channels. It counts pixels, which are the last axis of the rows of pixels."
)
def at_the_channels(f, x, perm):
    def shuffled(a):
        return a.reshape(*a.shape[:2], -1)[:, perm].reshape(a.shape)

    return float(np.abs(f(shuffled(x)) - shuffled(f(x))).max())


@shuffle_gap.mistake(
    "CHN", "You give f(x) the shape of x. f may return another number of channels: ask each array for its own."
)
def shaped_like_x(f, x, perm):
    n, c, h, w = x.shape
    shuffled, y = (a.reshape(n, c, h * w)[:, :, perm].reshape(n, c, h, w) for a in (x, f(x)))
    return float(np.abs(f(shuffled) - y).max())


@shuffle_gap.mistake(
    "ORD", "f is missing on the first route: compare f(shuffle(x)), and not shuffle(x), with shuffle(f(x))."
)
def f_left_out(f, x, perm):
    shuffled, y = (a.reshape(*a.shape[:2], -1)[:, :, perm].reshape(a.shape) for a in (x, f(x)))
    return float(np.abs(shuffled - y).max())


@shuffle_gap.mistake(
    "AVG", "You take the root of the sum of squares of all differences. The gap is the *largest* of them."
)
def root_of_the_squares(f, x, perm):
    shuffled, y = x.reshape(*x.shape[:2], -1)[:, :, perm].reshape(x.shape), f(x)
    return float(np.linalg.norm(f(shuffled) - y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)))


@shuffle_gap.mistake("SUM", "You compare sums. Pixels in other places have the same sum: compare number by number.")
def sums_compared(f, x, perm):
    def shuffle(a):
        return a.reshape(*a.shape[:2], -1)[:, :, perm].reshape(a.shape)

    return abs(f(shuffle(x)).sum() - shuffle(f(x)).sum())


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
