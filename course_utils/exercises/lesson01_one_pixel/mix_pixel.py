"""One output number: the weighted sum over one pixel's channels, plus a bias."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def pixels(rng):
    """Cases for `f(v, w, b=0.0)`: one pixel, one weight per channel."""
    yield case("four channels", *pixel(rng, 4))
    yield case("one channel", *pixel(rng, 1))
    yield case("no bias given", *pixel(rng, 3)[:2])
    yield case("weights that add up to 0", inputs.signed(rng, 3), np.array([1.0, -0.5, -0.5]), 0.75)
    yield case("all weights negative", inputs.signed(rng, 3), -np.abs(inputs.signed(rng, 3)), 1.5)
    yield case("a pixel of a photo, 0 to 255", rng.integers(1, 256, 3).astype(np.uint8), inputs.signed(rng, 3), 20.0)
    yield case("a dark pixel", np.zeros(3), inputs.signed(rng, 3), -1.25)
    yield case("every second channel: a view", inputs.signed(rng, 10)[::2], inputs.signed(rng, 5), 0.5)
    yield case("many channels", *pixel(rng, int(rng.integers(20, 40))))
    yield case("b is 0", *pixel(rng, 4)[:2], 0.0)
    yield case("b is a whole number", *pixel(rng, 4)[:2], 2)
    yield from inputs.varied(*pixel(rng, 5))
    yield from (case(said, *pixel(rng, c)) for said, (c,) in inputs.stretched(rng, "channels", most=inputs.SHORTER))


def pixel(rng, c):
    return inputs.signed(rng, c), inputs.signed(rng, c), float(inputs.signed(rng))


@exercise(
    cases=pixels,
    hints=(
        "Each channel has its own weight. What do you do with a number and its weight, and what with the results?",
        "Multiply channel by channel, add up over all channels, then add b once. Nothing is divided.",
        "total = b;  for c in range(len(v)): total += w[c] * v[c];  return total",
    ),
)
def mix_pixel(v, w, b=0.0):
    return float(np.einsum("c,c->", w, v) + b)


@mix_pixel.mistake(
    "AVG", "You divide by the number of channels. A weighted *sum* divides by nothing: the weights alone say how much."
)
def mean_of_products(v, w, b=0.0):
    return np.mean(w * v) + b


@mix_pixel.mistake("AVG", "You average the channels and leave out the weights. Multiply each channel by its weight.")
def plain_mean(v, w, b=0.0):
    return np.mean(v) + b


@mix_pixel.mistake("WGT", "Every channel counts the same in your sum: the weights w are not used.")
def plain_sum(v, w, b=0.0):
    return np.sum(v, dtype=float) + b


@mix_pixel.mistake(
    "AVG",
    "You divide by the sum of the weights. They need not add up to 1, and they may add up to 0: use them as they are.",
)
def normalised(v, w, b=0.0):
    return np.dot(w, v) / np.sum(w) + b


@mix_pixel.mistake("BIA", "You add b once per channel. It belongs to the output: add it once, after the sum.")
def bias_per_channel(v, w, b=0.0):
    return np.sum(w * v + b)


@mix_pixel.mistake("BIA", "You add b to the channels before weighting them. Mix first, then add b once.")
def bias_before_mixing(v, w, b=0.0):
    return np.dot(w, v + b)


@mix_pixel.mistake("BIA", "The bias is missing: add b to the sum.")
def no_bias(v, w, b=0.0):
    return np.dot(w, v)


@mix_pixel.mistake("DWP", "You return one number per channel. Add them up: one pixel and one w make *one* number.")
def no_sum(v, w, b=0.0):
    return w * v + b


@mix_pixel.mistake("ACC", "Only the last channel is left in your answer: `=` where the total should grow with `+=`.")
def last_channel(v, w, b=0.0):
    return w[-1] * v[-1] + b


@mix_pixel.mistake("SGN", "The signs of the weights are gone. A negative weight takes its channel away from the sum.")
def signs_dropped(v, w, b=0.0):
    return np.dot(np.abs(w), v) + b


@mix_pixel.mistake(
    "LIN", "You replace negative results by 0. A mix may be negative: it is a number, not yet a colour on a screen."
)
def clipped(v, w, b=0.0):
    return max(np.dot(w, v) + b, 0.0)


@mix_pixel.mistake(
    "LIN", "You cut the result off at 0 and at 1. A mix may lie outside: it is a number, not yet a colour on a screen."
)
def clipped_to_colours(v, w, b=0.0):
    return min(max(np.dot(w, v) + b, 0.0), 1.0)


@mix_pixel.mistake("BIA", "You multiply by b. It is *added* to the sum, once.")
def bias_multiplied(v, w, b=0.0):
    return np.dot(w, v) * b


@mix_pixel.mistake("WGT", "You add the weights to the channels. A weight *multiplies* its channel.")
def weights_added(v, w, b=0.0):
    return np.sum(w + v) + b


@mix_pixel.mistake(
    "AVG", "You divide everything by the number of channels, b too. Nothing is divided in a weighted *sum*."
)
def all_divided(v, w, b=0.0):
    return (np.dot(w, v) + b) / len(v)


@mix_pixel.mistake("PRC", "Your sum is cut to a whole number. Return it as it is.")
def whole_number(v, w, b=0.0):
    return int(np.dot(w, v) + b)


@mix_pixel.mistake(
    "ORD", "You add up the channels, add up the weights, and multiply the two sums. First multiply, then add."
)
def product_of_sums(v, w, b=0.0):
    return np.sum(v, dtype=float) * np.sum(w) + b


@mix_pixel.mistake("CNT", "The products are multiplied with each other. They are *added* up.")
def products_multiplied(v, w, b=0.0):
    return np.prod(w * v) + b


@mix_pixel.mistake("SGN", "You take b away. It is added.")
def bias_subtracted(v, w, b=0.0):
    return np.dot(w, v) - b


@mix_pixel.mistake("SGN", "The signs of your products are gone. A negative product takes something away from the sum.")
def sizes_of_products(v, w, b=0.0):
    return np.abs(v * w).sum() + b


@mix_pixel.mistake("SGN", "The sign of the sum is gone. A mix may be negative: leave it as it is.")
def sign_of_the_sum_lost(v, w, b=0.0):
    return abs(np.dot(w, v)) + b


@mix_pixel.mistake("SUM", "You multiply each channel by *every* weight. Each has one weight, its own: w[c] · v[c].")
def every_pair(v, w, b=0.0):
    return np.outer(v, w) + b


@mix_pixel.alternative
def loop(v, w, b=0.0):
    total = b
    for c in range(len(v)):
        total += w[c] * v[c]
    return total


@mix_pixel.alternative
def zipped(v, w, b=0.0):
    return sum(weight * value for weight, value in zip(w, v, strict=True)) + b


@mix_pixel.alternative
def matmul(v, w, b=0.0):
    return w @ v + b


@mix_pixel.alternative
def with_torch(v, w, b=0.0):
    import torch

    return torch.tensor(w) @ torch.tensor(v.astype(float)) + b
