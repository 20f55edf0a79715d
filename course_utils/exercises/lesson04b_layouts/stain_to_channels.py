"""How much of each stain lies at a pixel, from its colour."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def stained(rng):
    """Cases for `f(rgb)`: colours of a microscope image, and the darkest and lightest there are."""
    yield case("4 × 7 pixels", rng.integers(5, 256, (4, 7, 3)) / 255)
    yield case("3 × 3 pixels", rng.integers(5, 256, (3, 3, 3)) / 255)
    yield case(
        "black, white, red, green and blue", np.array([[[0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]], float)
    )
    yield case("one brown pixel", np.array([[[0.55, 0.35, 0.2]]]))
    yield case("rgb is a transposed view", (rng.integers(5, 256, (3, 4, 5)) / 255).transpose(2, 1, 0))
    h, w = inputs.distinct_sizes(rng, 2, low=4, high=12)
    yield case("random sizes", rng.integers(5, 256, (h, w, 3)) / 255)
    yield case("many rows and columns", rng.integers(5, 256, (19, 22, 3)) / 255)
    yield case("numbers in float32", (rng.integers(5, 256, (3, 4, 3)) / 255).astype(np.float32))
    yield case("nearly black: 1e-6 to 1e-3", 10 ** rng.uniform(-6, -3, (4, 5, 3)))
    yield case("darker than 1e-6", 10 ** rng.uniform(-9, -6, (4, 5, 3)))
    yield case("nearly white: 0.999 and more", rng.uniform(0.999, 1, (4, 5, 3)))
    yield case("black everywhere", np.zeros((2, 3, 3)))
    yield case("one grey everywhere", np.full((2, 3, 3), 0.4))
    for said, (h, w) in inputs.stretched(rng, "rows", "columns"):
        yield case(said, rng.integers(5, 256, (h, w, 3)) / 255)


@exercise(
    cases=stained,
    axes="h w stain",
    tolerance=1e-4,  # adding 1e-6 to the light is as good as raising it to 1e-6
    hints=(
        "Three steps: what turns the light that gets through into something that adds up, what mixes the three channels, and what cannot be negative?",
        "The matrix works on the last axis, one row vector a pixel. hed_from_rgb has one *column* for each stain: as the weight of a 1×1 layer it is hed_from_rgb.T.",
        "density = log(the larger of rgb and 1e-6) / log(1e-6);  amounts = density @ hed_from_rgb;  return amounts with everything below 0 set to 0",
    ),
)
def stain_to_channels(rgb):
    from skimage.color import rgb2hed

    return rgb2hed(rgb)


@stain_to_channels.made_of("conv1x1_nhwc")
def of_layer(conv1x1_nhwc, rgb):
    from skimage.color import hed_from_rgb

    density = np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)
    return np.maximum(conv1x1_nhwc(density[None], hed_from_rgb.T)[0], 0)


@stain_to_channels.mistake(
    "TRN",
    "The matrix is transposed: hed_from_rgb has one *column* for each stain, and its row c belongs to colour channel c.",
)
def stains_transposed(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb.T, 0)


@stain_to_channels.mistake(
    "LIN",
    "There is no logarithm in your answer. Stains multiply the light down; only its logarithm is a sum that a matrix can take apart.",
)
def stains_without_log(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(rgb @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "LIN", "You use 1 - rgb as the density. That is only roughly like a logarithm: doubling a stain does not double it."
)
def stains_from_darkness(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum((1 - rgb) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "ORD",
    "Some amounts of stain are negative. Setting numbers below 0 to 0 is the *last* step, after the matrix; the densities before it are never negative.",
)
def stains_not_clipped(rgb):
    from skimage.color import hed_from_rgb

    return np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb


@stain_to_channels.mistake(
    "EDG",
    "A black channel has the logarithm -inf. Raise rgb to at least 1e-6 before you take it: np.maximum(rgb, 1e-6).",
)
def stains_of_black(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(rgb) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "SCL",
    "Your amounts are too large by one and the same factor: divide the logarithm by log(1e-6), so that 1e-6 becomes 1.",
)
def stains_not_scaled(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(-np.log(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "SCL",
    "The density takes log10 here, without log(1e-6): divide by the logarithm of 1e-6 (of the same kind), so that 1e-6 becomes 1.",
)
def stains_in_tens(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(-np.log10(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "SGN",
    "The logarithm of a number below 1 is negative. Divided by log(1e-6), which is negative too, the density becomes positive; yours has the other sign.",
)
def stains_of_negative_density(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "SGN", "You used rgb_from_hed, the way from stains to colours. You need its inverse, hed_from_rgb."
)
def stains_the_other_way(rgb):
    from skimage.color import rgb_from_hed

    return np.maximum(np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ rgb_from_hed, 0)


@stain_to_channels.mistake(
    "INP",
    "np.maximum(…, out=rgb), or an assignment into rgb, changes the caller's picture. Let the result be a new array.",
)
def stains_in_place(rgb):
    from skimage.color import hed_from_rgb

    np.maximum(rgb, 1e-6, out=rgb)
    return np.maximum(np.log(rgb) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "SGN",
    "Your densities are negative: log(rgb) is, and so is log(1e-6). Divide the one by the other, and no sign is left.",
)
def stains_of_negated_density(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(-np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "LIN", "You take the absolute value of negative amounts. There is none of that stain: they become 0."
)
def stains_without_sign(rgb):
    from skimage.color import hed_from_rgb

    return np.abs(np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb)


@stain_to_channels.mistake(
    "SGN", "np.minimum keeps the *smaller* number, so every colour becomes 1e-6. What is too small is to be raised."
)
def stains_capped(rgb):
    from skimage.color import hed_from_rgb

    density = np.log(np.minimum(rgb, 1e-6)) / np.log(1e-6)
    return np.maximum(density @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "ORD",
    "You mix the colours and take the logarithm of the mix. The logarithm comes first: it is the densities that add up.",
)
def stains_mixed_first(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(np.maximum(rgb @ hed_from_rgb, 1e-6)) / np.log(1e-6), 0)


@stain_to_channels.mistake(
    "LIN",
    "The division stands inside the logarithm, whose number is then negative. Take the logarithm first, then divide.",
)
def stains_divided_inside(rgb):
    return np.full(rgb.shape, np.nan)


@stain_to_channels.mistake("LIN", "You cut the amounts off at 1 too. Nothing but what is below 0 is to be changed.")
def stains_cut_at_one(rgb):
    from skimage.color import hed_from_rgb

    density = np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)
    return np.clip(density @ hed_from_rgb, 0, 1)


@stain_to_channels.mistake("SCL", "You divide by 1e-6 and not by its logarithm: np.log(1e-6).")
def stains_divided_by_the_number(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(np.maximum(rgb, 1e-6)) / 1e-6 @ hed_from_rgb, 0)


@stain_to_channels.mistake("EDG", "You *add* 1e-6 to every number. Only those below it are to be raised, to 1e-6.")
def stains_with_something_added(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(rgb + 1e-6) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.mistake("SGN", "np.minimum(…, 0) keeps what is *below* 0, and that is what has to become 0.")
def stains_cut_off_above(rgb):
    from skimage.color import hed_from_rgb

    return np.minimum(np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.mistake(
    "SCL",
    "You take another logarithm than the one you divide by: np.log(1e-6) goes with np.log.",
    uses=("log10", "log2"),
)
def two_logarithms(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log10(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.alternative
def as_a_layer(rgb):
    from skimage.color import hed_from_rgb

    density = np.log(np.where(rgb < 1e-6, 1e-6, rgb)) / np.log(1e-6)
    amounts = np.einsum("oc,hwc->hwo", hed_from_rgb.T, density)
    return amounts.clip(min=0)


@stain_to_channels.alternative
def by_least_squares(rgb):
    from skimage.color import rgb_from_hed

    density = np.log10(np.clip(rgb, 1e-6, 1)).reshape(-1, 3) / -6
    amounts = np.linalg.solve(rgb_from_hed.T, density.T).T
    return np.where(amounts > 0, amounts, 0).reshape(rgb.shape)
