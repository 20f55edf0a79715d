"""A test of the learner's own that tells right layers from impostors."""

import numpy as np

from course_utils import convs
from course_utils.exercises import impostors
from course_utils.exercises.spec import case, exercise


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
    for shift in (bias, None):
        y = layer(x, weight, shift)
        if np.shape(y) != (2, 6, 4, 5) or not np.allclose(y, convs.pointwise(x, weight, shift)):
            return False
    return True


@find_the_impostors.mistake(
    "TST",
    "Your test never says False: what it compares is equal for any layer. Compare with numbers that do not come from layer.",
)
def compares_with_itself(layer):
    x, weight, bias = np.ones((1, 1, 1, 1)), np.ones((1, 1)), np.ones(1)
    return bool(np.allclose(layer(x, weight, bias), layer(x, weight, bias)))


@find_the_impostors.mistake(
    "TST", "Your test looks at the shape only, and most impostors return the right shape. Look at the numbers."
)
def shape_only(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    return layer(x, weight, bias).shape == layer(x, weight, None).shape == (2, 6, 4, 5)


@find_the_impostors.mistake(
    "TST", "All your inputs are ones. Where every number is the same, a layer that takes the wrong one goes unseen."
)
def all_ones(layer):
    x, weight, bias = np.ones((2, 3, 4, 5)), np.ones((6, 3)), np.ones(6)
    right = np.einsum("oc,nchw->nohw", weight, x)
    return np.allclose(layer(x, weight, bias), right + 1) and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake(
    "TST", "You try one input channel only. The sum over channels, the heart of the layer, is then a sum of one number."
)
def one_input_channel(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 1, 4, 5)), rng.normal(size=(6, 1)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake(
    "TST", "You try one image only. A layer that mixes up or leaves out the others passes your test."
)
def one_image(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(1, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake(
    "TST",
    "All your images are square. Rows and columns can be taken for each other, or cut to the same length, unseen.",
)
def square_images(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake("TST", "You never give a bias, so a layer may do with it what it likes.")
def never_a_bias(layer):
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3))
    return np.allclose(layer(x, weight), np.einsum("oc,nchw->nohw", weight, x))


@find_the_impostors.mistake("TST", "You always give a bias. A layer must also work without: bias=None.")
def always_a_bias(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    return np.allclose(layer(x, weight, bias.ravel()), np.einsum("oc,nchw->nohw", weight, x) + bias)


@find_the_impostors.mistake("TST", "None of your numbers is negative. A layer that loses signs passes your test.")
def no_negative_number(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.random((2, 3, 4, 5)), rng.random((6, 3)), rng.random((6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.allclose(layer(x, weight, bias.ravel()), right + bias)
    return same and np.allclose(layer(x, weight, None), right)


@find_the_impostors.mistake(
    "TST",
    "Your test refuses right layers: with another order of adding, the last digit differs. Compare within a tolerance (np.allclose).",
)
def exactly_equal(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 9, 8, 9)), rng.normal(size=(6, 9)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    same = np.array_equal(layer(x, weight, bias.ravel()), right + bias)
    return same and np.array_equal(layer(x, weight, None), right)


@find_the_impostors.mistake(
    "TST",
    "Your test refuses right layers: with another order of adding, the last digit differs. Compare within a tolerance (np.allclose).",
)
def exactly_equal_with_a_bias(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 9, 8, 9)), rng.normal(size=(6, 9)), rng.normal(size=6)
    return np.array_equal(layer(x, weight, bias), convs.pointwise(x, weight, bias))


@find_the_impostors.mistake(
    "TST",
    "Shuffling shows that a layer works pixel by pixel, not that its numbers are right at any pixel. Check the numbers too.",
)
def shuffle_test_alone(layer):
    rng = np.random.default_rng(0)
    x, weight, bias, perm = (
        rng.normal(size=(2, 3, 4, 5)),
        rng.normal(size=(3, 3)),
        rng.normal(size=3),
        rng.permutation(20),
    )
    shuffled, y = x.reshape(2, 3, 20)[:, :, perm].reshape(x.shape), layer(x, weight, bias)
    return np.allclose(layer(shuffled, weight, bias), y.reshape(2, 3, 20)[:, :, perm].reshape(x.shape))


@find_the_impostors.mistake(
    "SGN", "True and False are the wrong way round: True for a right convolution, False for an impostor."
)
def says_the_opposite(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    right = np.einsum("oc,nchw->nohw", weight, x)
    try:
        same = np.allclose(layer(x, weight, bias.ravel()), right + bias) and np.allclose(layer(x, weight), right)
    except Exception:
        return True
    return not same


@find_the_impostors.mistake(
    "SGN", "True and False are the wrong way round: True for a right convolution, False for an impostor."
)
def says_the_opposite_of_one_comparison(layer):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=(6, 1, 1))
    return not np.allclose(layer(x, weight, bias.ravel()), np.einsum("oc,nchw->nohw", weight, x) + bias)


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
