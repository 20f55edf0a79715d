"""Another input with the same output."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson06_what_is_lost.arrays import as_array, what
from course_utils.exercises.spec import case, exercise, once

APART = 0.01  # how far a collision must lie from x, relative to x
SAME = 1e-6  # how little of a difference may get through a layer that does not see it


def narrow_layers(rng):
    """Cases for `f(weight, x)`: layers with fewer outputs than inputs."""
    for label, c_out, shape in [
        ("5 channels to 3, two images", 3, (2, 5, 4, 7)),
        ("one output channel", 1, (2, 4, 3, 5)),
        ("as many images, rows and columns as channels", 3, (4, 4, 4, 4)),
        ("one channel fewer", 6, (1, 7, 2, 3)),
        ("one pixel", 2, (1, 6, 1, 1)),
        ("1000 channels to 10, as in the article", 10, (1, 1000, 2, 3)),
    ]:
        yield case(label, inputs.signed(rng, c_out, shape[1]), inputs.signed(rng, *shape))
    twice = inputs.signed(rng, 3, 5)
    twice[2] = 2 * twice[0]
    yield case("two rows of the weight say the same", twice, inputs.signed(rng, 2, 5, 3, 4))
    yield case(
        "x is large, as raw satellite counts are", inputs.signed(rng, 2, 4), 3000 * inputs.signed(rng, 1, 4, 3, 5)
    )
    x, weight = inputs.strided(inputs.signed(rng, 2, 4, 5, 6), inputs.signed(rng, 3, 4))
    yield case("x is a transposed view", weight, x)
    n, c_out, c_in, h, w = sorted(inputs.distinct_sizes(rng, 5))
    yield case("random sizes", inputs.signed(rng, c_out, c_in), inputs.signed(rng, n, c_in, h, w))
    weight = inputs.signed(rng, 3, 5)
    seen = np.einsum("oc,nohw->nchw", weight, inputs.signed(rng, 2, 3, 2, 4))
    yield case("x lies where the layer sees all of it", weight, seen)
    yield case("x is the same everywhere", np.array([[1.0, 1, 1], [1, 2, 3]]), np.full((2, 3, 2, 4), 2.0))
    yield case("many images", inputs.signed(rng, 2, 3), inputs.signed(rng, 12, 3, 1, 2))
    yield case("many outputs", inputs.signed(rng, 66, 70), inputs.signed(rng, 1, 70, 1, 2))
    yield case("as many outputs as images", inputs.signed(rng, 3, 4), inputs.signed(rng, 3, 4, 2, 3))
    yield case("some weights are 0", np.array([[1.0, 0, -2, 0], [0, 0, 1, 3]]), inputs.signed(rng, 2, 4, 2, 3))
    dark = inputs.signed(rng, 3, 4, 2, 3) * np.array([0, 1, 0]).reshape(3, 1, 1, 1)
    yield case("the first image and the last are black", inputs.signed(rng, 2, 4), dark)
    yield case("the numbers of x add up to 0", inputs.signed(rng, 2, 4), dark - dark.mean())
    yield case("one pixel has no colour", inputs.signed(rng, 2, 4), inputs.signed(rng, 2, 4, 1, 2) * [0.0, 1.0])
    for one in inputs.varied(inputs.signed(rng, 2, 4), inputs.signed(rng, 2, 4, 2, 3), but=("zero", "same")):
        yield case(one.label, *one.args, mixed=one.mixed and "numpy")
    yield case("no number above 0", inputs.signed(rng, 2, 4), -np.abs(inputs.signed(rng, 2, 4, 1, 2)) * [0.0, 1.0])
    yield case("a weight of zeros", np.zeros((2, 4)), inputs.signed(rng, 2, 4, 2, 3))
    yield case("a weight of equal numbers", np.full((2, 4), 0.5), inputs.signed(rng, 2, 4, 2, 3))
    yield case("positive numbers only", np.abs(inputs.signed(rng, 2, 4)), np.abs(inputs.signed(rng, 2, 4, 2, 3)))
    yield case("thousands of pixels, all of one grey", inputs.signed(rng, 2, 4), np.full((1, 4, 60, 60), 1.5))


@once
def collided(function, weight, x):
    """What is true of an input that is claimed to collide with x: whether it is another one, and what of it gets through."""
    layer, original = weight.copy(), x.copy()
    answer = function(weight, x)
    other = as_array(answer)
    seen = {"what you return": what(answer, other), "its distance from x": "–", "its output": "–"}
    if other is None or other.shape != original.shape:
        return seen
    if not np.isfinite(other).all():
        return seen | {"its distance from x": "not finite: there is a nan or an inf in it"}
    step = other - original
    far = np.linalg.norm(step) / np.linalg.norm(original)
    if far < APART:
        return seen | {"its distance from x": "none: it is x itself" if far == 0 else "below one percent of x"}
    through = np.linalg.norm(np.einsum("oc,nchw->nohw", layer, step))
    through /= (np.linalg.norm(layer) or 1.0) * np.linalg.norm(step)
    seen["its distance from x"] = "one percent of x at least"
    if through <= SAME:
        return seen | {"its output": "the same as that of x"}
    multiple = (original * other).sum() / (original**2).sum()
    if np.allclose(other, multiple * original, rtol=0, atol=1e-6 * np.abs(original).max()):
        return seen | {"its output": "the output of x times a number"}
    return seen | {"its output": f"another one ({through:.4f} of what you added gets through)"}


@exercise(
    cases=narrow_layers,
    observe=collided,
    hints=(
        "W(x + v) = Wx + Wv. What must hold for v so that the output stays the same?",
        "v is a channel vector, (C_in,), with weight @ v = 0; add it along axis 1. Such vectors are the last rows of Vt in np.linalg.svd(weight).",
        "u, s, vt = np.linalg.svd(weight);  v = vt[-1];  return x + (size of x) * v laid along axis 1, shape (1, C_in, 1, 1)",
    ),
)
def collision(weight, x):
    _, directions = np.linalg.eigh(weight.T @ weight)  # the weakest first
    return x + np.einsum("c,nhw->nchw", directions[:, 0], np.full(x[:, 0].shape, np.abs(x).max()))


@collision.mistake("NUL", "This is x itself. Find *another* input with the same output.")
def x_itself(weight, x):
    return x.copy()


@collision.mistake(
    "NUL",
    "Your input is so close to x that any layer takes it for x. Find one that is clearly another: at least one percent away.",
)
def tiny_noise(weight, x):
    return x + 1e-9 * np.random.default_rng(0).standard_normal(x.shape)


@collision.mistake(
    "NUL",
    "You return a multiple of x, or zeros. The layer is linear, so its output is scaled too: look for something to *add* that it does not see.",
)
def scaled(weight, x):
    return 2 * x


@collision.mistake(
    "TRN",
    "Your vector has one number per *output*, C_out of them. What is added to x has C_in, with weight @ v = 0: a row of vt.",
)
def of_the_transpose(weight, x):
    return x + np.linalg.svd(weight.T)[2][-1].reshape(1, -1, 1, 1)


ROWS = "np.linalg.svd returns Vt: its *rows* are the directions. You take a column."
FULL = "Your row of vt is a direction that the layer sees. Those that it does not see come after the first C_out rows, and only the *full* SVD has them."


@collision.mistake("TRN", ROWS, uses=("svd",))
def column_of_vt(weight, x):
    return x + np.linalg.svd(weight)[2][:, -1].reshape(1, -1, 1, 1)


@collision.mistake("TRN", ROWS, uses=("svd",))
def column_of_vt_as_large_as_x(weight, x):
    return x + np.abs(x).max() * np.linalg.svd(weight)[2][:, -1].reshape(1, -1, 1, 1)


@collision.mistake("NUL", FULL, uses=("svd",))
def smallest_not_zero(weight, x):
    return x + np.linalg.svd(weight, full_matrices=False)[2][-1].reshape(1, -1, 1, 1)


@collision.mistake("NUL", FULL, uses=("svd",))
def smallest_not_zero_as_large_as_x(weight, x):
    return x + np.abs(x).max() * np.linalg.svd(weight, full_matrices=False)[2][-1].reshape(1, -1, 1, 1)


@collision.mistake("NUL", "You add the direction that the layer sees best: the first row of Vt. Look at the other end.")
def first_row(weight, x):
    return x + np.linalg.svd(weight)[2][0].reshape(1, -1, 1, 1)


@collision.mistake("NUL", "You swap channels. The layer has another weight for each channel, so it notices.")
def channels_reversed(weight, x):
    return x[:, ::-1].copy()


@collision.mistake(
    "NUL",
    "You move pixels about. The layer treats all pixels alike, so its output moves with them: it is not the same.",
)
def pixels_moved(weight, x):
    return np.roll(x, 1, axis=3)


@collision.mistake(
    "NUL", "You add the same number to every channel. The output then moves by the sum of the row's weights."
)
def brighter(weight, x):
    return x + np.abs(x).max()


@collision.mistake(
    "UNI", "You return the direction alone. It is what may be *added* to x: x plus as much of it as you like."
)
def the_step_alone(weight, x):
    v = np.linalg.svd(weight)[2][-1]
    return np.broadcast_to(np.abs(x).max() * v[:, np.newaxis, np.newaxis], x.shape)


@collision.mistake(
    "UNI", "You return the direction alone. It is what may be *added* to x: x plus as much of it as you like."
)
def the_direction_at_every_pixel(weight, x):
    return np.ones_like(x) * np.linalg.svd(weight)[2][-1].reshape(1, -1, 1, 1)


@collision.mistake(
    "SCL",
    "Your change has a fixed size. Beside a large x it is next to nothing: make it as large as x, or a share of it.",
)
def a_step_at_one_pixel(weight, x):
    other = x.astype(float)
    other[0, :, 0, 0] += np.linalg.svd(weight)[2][-1]
    return other


@collision.alternative
def last_right_singular_vector(weight, x):
    return x + np.abs(x).max() * np.linalg.svd(weight)[2][-1][:, None, None]


@collision.mistake(
    "RNK",
    "You return the part of x that the layer sees. Where it sees all of x, that is x itself: add what the layer does not see.",
)
def kept_part_only(weight, x):
    return np.einsum("cd,ndhw->nchw", np.linalg.pinv(weight) @ weight, x)


@collision.alternative
def with_a_basis_of_the_null_space(weight, x):
    from scipy.linalg import null_space

    return x + np.linalg.norm(x) * null_space(weight)[:, 0].reshape(1, -1, 1, 1)


@collision.alternative
def one_pixel_only(weight, x):
    y = x.copy()
    v = np.eye(weight.shape[1])[-1]
    for row in np.linalg.svd(weight, full_matrices=False)[2]:
        v = v - (row @ v) * row
    v = v - np.linalg.pinv(weight) @ (weight @ v)
    y[0, :, 0, 0] += np.linalg.norm(x) * v / np.linalg.norm(v)
    return y
