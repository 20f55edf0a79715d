"""Lesson 01: one pixel, many channels: the signed weighted sum."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def pixels(rng):
    """Cases for `f(v, w, b=0.0)`: one pixel, one weight a channel."""
    yield case("four channels", *pixel(rng, 4))
    yield case("one channel", *pixel(rng, 1))
    yield case("no bias given", *pixel(rng, 3)[:2])
    yield case("weights that add up to 0", inputs.signed(rng, 3), np.array([1.0, -0.5, -0.5]), 0.75)
    yield case("all weights negative", inputs.signed(rng, 3), -np.abs(inputs.signed(rng, 3)), 1.5)
    yield case("a pixel of a photo, 0 to 255", rng.integers(1, 256, 3).astype(np.uint8), inputs.signed(rng, 3), 20.0)
    yield case("a dark pixel", np.zeros(3), inputs.signed(rng, 3), -1.25)
    yield case("every second channel: a view", inputs.signed(rng, 10)[::2], inputs.signed(rng, 5), 0.5)
    yield case("many channels", *pixel(rng, int(rng.integers(20, 40))))


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
    "AVG",
    "You divide by the number of channels. A weighted *sum* divides by nothing: the weights alone say how much.",
)
def mean_of_products(v, w, b=0.0):
    return np.mean(w * v) + b


@mix_pixel.mistake("AVG", "You average the channels and leave out the weights. Multiply each channel by its weight.")
def plain_mean(v, w, b=0.0):
    return np.mean(v) + b


@mix_pixel.mistake("AVG", "Every channel counts the same in your sum: the weights w are not used.")
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
    "LIN",
    "You replace negative results by 0. A mix may be negative: it is a number, not yet a colour on a screen.",
)
def clipped(v, w, b=0.0):
    return max(np.dot(w, v) + b, 0.0)


@mix_pixel.mistake(
    "LIN",
    "You cut the result off at 0 and at 1. A mix may lie outside: it is a number, not yet a colour on a screen.",
)
def clipped_to_colours(v, w, b=0.0):
    return min(max(np.dot(w, v) + b, 0.0), 1.0)


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


def pixels_and_matrices(rng):
    """Cases for `f(v, weight, bias)`: one pixel, one row of weights an output."""
    yield case("3 channels in, 5 out", *pixel_and_matrix(rng, 3, 5))
    yield case("as many out as in", *pixel_and_matrix(rng, 4, 4))
    yield case("6 channels in, 2 out", *pixel_and_matrix(rng, 6, 2))
    yield case("one channel in", *pixel_and_matrix(rng, 1, 4))
    yield case("one output", *pixel_and_matrix(rng, 4, 1))
    yield case("one in, one out", *pixel_and_matrix(rng, 1, 1))
    v, weight, bias = pixel_and_matrix(rng, 5, 3)
    yield case("weight is a transposed view", v, np.ascontiguousarray(weight.T).T, bias)
    yield case("random sizes", *pixel_and_matrix(rng, *inputs.distinct_sizes(rng, 2)))


def pixel_and_matrix(rng, c_in, c_out):
    return inputs.signed(rng, c_in), inputs.signed(rng, c_out, c_in), inputs.signed(rng, c_out)


@exercise(
    cases=pixels_and_matrices,
    axes="c_out",
    hints=(
        "mix_pixel gives one output. How many mixes do you need here, and which weights and which bias has each?",
        "Output o uses row o of weight and bias[o], and all of v. The answer has one number per *row* of weight.",
        "y = np.zeros(C_out);  for o in range(C_out): y[o] = mix_pixel(v, row o of weight, bias[o]);  return y",
    ),
)
def mix_pixel_many(v, weight, bias):
    return np.array([float(np.einsum("c,c->", row, v) + b) for row, b in zip(weight, bias, strict=True)])


@mix_pixel_many.mistake(
    "TRN",
    "`v @ weight` goes down the columns. weight is (C_out, C_in): each output takes one *row*, as long as v.",
)
def transposed(v, weight, bias):
    return v @ weight + bias


@mix_pixel_many.mistake("BIA", "Every output gets bias[0]. Output o has a bias of its own: bias[o].")
def first_bias(v, weight, bias):
    return weight @ v + bias[0]


@mix_pixel_many.mistake("BIA", "The bias is missing: output o adds bias[o].")
def no_biases(v, weight, bias):
    return weight @ v


@mix_pixel_many.mistake(
    "BIA", "You add the bias once per *input* channel. Each output adds its bias once, after the sum."
)
def bias_per_input(v, weight, bias):
    return (weight * v + bias.reshape(-1, 1)).sum(axis=1)


@mix_pixel_many.mistake("BIA", "You add all the biases to every output. Output o adds bias[o] alone.")
def all_biases(v, weight, bias):
    return weight @ v + bias.sum()


@mix_pixel_many.mistake(
    "AXS", "You add all outputs up to one number. Sum over input channels only: C_out numbers stay."
)
def summed_to_one(v, weight, bias):
    return np.sum(weight @ v + bias)


@mix_pixel_many.mistake("AXS", "You return the first output alone. There is one for each row of weight.")
def first_output(v, weight, bias):
    return weight[0] @ v + bias[0]


@mix_pixel_many.mistake(
    "DWP",
    "Output o looks at channel o alone: only the diagonal of weight is used. Every output mixes *all* channels.",
)
def diagonal(v, weight, bias):
    y = np.array(bias)
    for c in range(min(weight.shape)):
        y[c] += weight[c, c] * v[c]
    return y


@mix_pixel_many.mistake("DWP", "The products are right, but not yet added up: sum over the input channels (axis 1).")
def products(v, weight, bias):
    return weight * v + bias.reshape(-1, 1)


@mix_pixel_many.mistake(
    "AVG", "You divide by the number of input channels. An output is a weighted *sum*, not an average."
)
def averaged(v, weight, bias):
    return np.mean(weight * v, axis=1) + bias


@mix_pixel_many.mistake("LIN", "You replace negative outputs by 0. A mix may be negative: leave it as it is.")
def clipped_outputs(v, weight, bias):
    return np.maximum(weight @ v + bias, 0)


@mix_pixel_many.alternative
def matrix_times_vector(v, weight, bias):
    return weight @ v + bias


@mix_pixel_many.alternative
def two_loops(v, weight, bias):
    y = np.array(bias)
    for o in range(weight.shape[0]):
        for c in range(weight.shape[1]):
            y[o] += weight[o, c] * v[c]
    return y


@mix_pixel_many.alternative
def broadcast_and_sum(v, weight, bias):
    return np.sum(weight * v, axis=1) + bias


@mix_pixel_many.alternative
def torch_linear(v, weight, bias):
    import torch

    return torch.nn.functional.linear(torch.tensor(v), torch.tensor(weight), torch.tensor(bias))


def mixes(rng):
    """Pixels and one number for each: exact mixes, and mixes with noise. The bias is never near 0."""
    yield case("40 pixels, with noise on the targets", *mixed(rng, 40, 3, noise=0.2))
    yield case("pure red, green and blue, then black", np.eye(4)[:, :3], inputs.signed(rng, 4))
    yield case("30 pixels, an exact mix", *mixed(rng, 30, 3))
    yield case("one channel, with noise", *mixed(rng, 12, 1, noise=0.1))
    yield case("five channels, with noise", *mixed(rng, 25, 5, noise=0.3))
    numbers, targets = mixed(rng, 20, 4, noise=0.1)
    yield case("pixels is a transposed view", np.ascontiguousarray(numbers.T).T, targets)
    yield case("random sizes", *mixed(rng, int(rng.integers(15, 60)), int(rng.integers(2, 6)), noise=0.1))


def mixed(rng, count, c, noise=0.0):
    """`count` pixels of c channels that do not centre on zero, and a mix of each with a bias well away from zero."""
    numbers = rng.normal(size=(count, c)) + rng.uniform(1, 2, c)
    bias = rng.choice([-1, 1]) * rng.uniform(2, 4)
    return numbers, numbers @ inputs.signed(rng, c) + bias + noise * rng.normal(size=count)


@exercise(
    cases=mixes,
    hints=(
        "Each pixel is one equation: w·v + b = target. What is unknown in it, and how many unknowns are there in all?",
        "b is the weight of a channel that is always 1. Put a column of ones beside `pixels`; keep one *row* a pixel.",
        "A = [pixels, column of ones];  answer = np.linalg.lstsq(A, targets)[0];  w is all but the last, b the last",
    ),
)
def weights_for(pixels, targets):
    centre, level = pixels.mean(axis=0), targets.mean()
    w = np.linalg.pinv(pixels - centre) @ (targets - level)
    return w, float(level - w @ centre)


@weights_for.mistake("AVG", "Every channel gets the same weight 1/C: that is the average. Let the targets decide.")
def average(pixels, targets):
    c = pixels.shape[1]
    return np.full(c, 1 / c), float(targets.mean() - pixels.mean())


@weights_for.mistake(
    "TRN",
    "Your system is transposed: it has one equation per channel. Each *pixel* is one equation, one row.",
)
def transposed_system(pixels, targets):
    system = np.column_stack([pixels, np.ones(len(pixels))])
    answer = np.linalg.lstsq(system.T, targets, rcond=None)[0]
    return answer[:-1], answer[-1]


@weights_for.mistake(
    "BIA",
    "You fit without a bias, so a black pixel can only give 0. Let b take part: a column of ones does it.",
)
def bias_forgotten(pixels, targets):
    return np.linalg.lstsq(pixels, targets, rcond=None)[0], 0.0


@weights_for.mistake(
    "BIA",
    "The weights are right. b is not the mean of the targets: it is what is left of it when the mix of the mean pixel "
    "is taken away.",
)
def mean_target_as_bias(pixels, targets):
    system = np.column_stack([pixels, np.ones(len(pixels))])
    return np.linalg.lstsq(system, targets, rcond=None)[0][:-1], float(targets.mean())


@weights_for.mistake(
    "BIA",
    "You fit the weights without a bias and add b afterwards. Find both at once: b changes what the best weights are.",
)
def bias_afterwards(pixels, targets):
    w = np.linalg.lstsq(pixels, targets, rcond=None)[0]
    return w, float((targets - pixels @ w).mean())


@weights_for.mistake(
    "DWP",
    "You fit each channel on its own. The channels explain the targets together: solve for all weights at once.",
)
def one_channel_at_a_time(pixels, targets):
    centred, level = pixels - pixels.mean(axis=0), targets - targets.mean()
    w = (centred * level[:, None]).sum(axis=0) / (centred**2).sum(axis=0)
    return w, float(targets.mean() - w @ pixels.mean(axis=0))


@weights_for.mistake(
    "EDG",
    "Your answer fits the first few pixels and ignores the others. Where no mix fits all exactly, use all of them: "
    "least squares.",
)
def first_pixels_only(pixels, targets):
    size = pixels.shape[1] + 1
    answer = np.linalg.solve(np.column_stack([pixels, np.ones(len(pixels))])[:size], targets[:size])
    return answer[:-1], answer[-1]


@weights_for.alternative
def column_of_ones(pixels, targets):
    system = np.hstack([pixels, np.ones((len(pixels), 1))])
    answer, *_ = np.linalg.lstsq(system, targets, rcond=None)
    return answer[:-1], answer[-1]


@weights_for.alternative
def normal_equations(pixels, targets):
    system = np.column_stack([np.ones(len(pixels)), pixels])
    b, *w = np.linalg.solve(system.T @ system, system.T @ targets)
    return np.array(w), b


@weights_for.alternative
def with_scikit_learn(pixels, targets):
    from sklearn.linear_model import LinearRegression

    fit = LinearRegression().fit(pixels, targets)
    return fit.coef_, fit.intercept_


QUIZ = (
    question(
        "pixel_inputs",
        "A photo has 3 channels and 400 × 600 pixels. It is mixed to one output map. On how many input numbers does "
        "one output pixel depend?",
        wrong("DWP", "1", "Each of the three channels adds its share: w[0]·red + w[1]·green + w[2]·blue."),
        right("3", "The three channels at its own place, and nothing else."),
        wrong("LOC", "9", "A 3×3 kernel looks at the neighbours. A mix looks at one place only."),
        wrong("AVG", "720,000", "No channel is summed up over the picture: the other pixels play no part."),
    ),
    question(
        "pixel_grey",
        "A mix has the weights 1, -0.5, -0.5 and the bias b. What does it give for a grey pixel, where red, green and "
        "blue are the same?",
        wrong("AVG", "The same grey again", "The weights would have to add up to 1 for that; these add up to 0."),
        wrong("AVG", "Nothing: weights must add up to 1", "An average needs that. A weighted sum takes any weights."),
        wrong("LIN", "0, because negative results become 0", "No result is cut off: a mix may give any number."),
        right(
            "b, whatever the grey",
            "1 - 0.5 - 0.5 = 0 times the grey, plus b: this mix sees colour, not brightness.",
        ),
    ),
    question(
        "pixel_matrix",
        "One pixel has 10 channels and should become 4 numbers. What is the shape of `weight`?",
        right("(4, 10)", "One row per output, one column per input channel: (C_out, C_in)."),
        wrong(
            "TRN",
            "(10, 4)",
            "The other way round: rows are outputs. weight @ v needs as many columns as v has numbers.",
        ),
        wrong("DWP", "(4,)", "One weight per output cannot mix 10 channels: each output needs 10 weights."),
        wrong("MUL", "(4, 10, 10)", "Channels are not paired with each other: 10 weights an output, 40 in all."),
    ),
    question(
        "pixel_summary",
        "A photo is mixed with weights that are not 0. Which change to the photo moves the output at row 10, "
        "column 20?",
        wrong(
            "AVG",
            "A brighter red everywhere except at row 10, column 20",
            "Only the numbers at row 10, column 20 enter: the channel is not summed up.",
        ),
        wrong(
            "LOC",
            "Another colour at row 10, column 21, its neighbour",
            "Neighbours play no part. That takes a larger kernel.",
        ),
        right("Another blue value at row 10, column 20", "Its own channels are all that it depends on."),
        wrong(
            "AXS",
            "All other pixels in another order",
            "No pixel waits for another or looks at it: their order plays no part.",
        ),
    ),
)
