"""The feed-forward part of a transformer's block: two 1×1 layers with a ReLU between them."""

import numpy as np

from course_utils.exercises.inputs import distinct_sizes, signed, stretched, varied
from course_utils.exercises.spec import case, exercise


def tokens_and_layers(rng):
    """Cases `(x, up, up_bias, down, down_bias)`."""
    n, t, c, m = distinct_sizes(rng, 4)
    yield case("some texts, every size different", *made(rng, n, t, c, m))
    yield case("every size the same", *made(rng, 3, 3, 3, 3))
    yield case("narrower in the middle", *made(rng, 2, 4, 6, 3))
    yield case("one text of one token", *made(rng, 1, 1, 4, 5))
    yield case("one channel", *made(rng, 2, 3, 1, 4))
    yield case("one hidden channel", *made(rng, 2, 5, 3, 1))
    yield case("many tokens, wide", *made(rng, 5, 13, 11, 24))
    yield case("many texts", *made(rng, 12, 2, 3, 4))
    yield case("whole numbers everywhere", *(rng.integers(-3, 4, part.shape) for part in made(rng, 2, 3, 4, 5)))
    x, up, up_bias, down, down_bias = made(rng, 2, 3, 4, 5)
    yield case("small numbers", 1e-3 * x, 1e-3 * up, 1e-6 * up_bias, 1e-3 * down, 1e-9 * down_bias)
    yield case("no number below zero", *map(np.abs, (x, up, up_bias, down, down_bias)))
    yield from varied(x, up, up_bias, down, down_bias)
    for said, sizes in stretched(rng, "texts", "tokens", "channels", "hidden channels"):
        yield case(said, *made(rng, *sizes))


def made(rng, n, t, c, m):
    return signed(rng, n, t, c), signed(rng, m, c), signed(rng, m), signed(rng, c, m), signed(rng, c)


@exercise(
    cases=tokens_and_layers,
    axes="n t c",
    inputs={"x": "n t c", "up": "m c", "up_bias": "m", "down": "c m", "down_bias": "c"},
    hints=(
        "Lesson 04b: on channels-last numbers, what is a 1×1 layer in one matrix product? And what lies between the two?",
        "Only the last axis is summed, first over C and then over the hidden channels. Tokens and texts stay as they are.",
        "hidden = np.maximum(x @ up.T + up_bias, 0);  return hidden @ down.T + down_bias",
    ),
)
def feed_forward(x, up, up_bias, down, down_bias):
    hidden = np.einsum("mc,ntc->ntm", up, x) + up_bias
    return np.einsum("cm,ntm->ntc", down, np.where(hidden > 0, hidden, 0)) + down_bias


@feed_forward.mistake("LIN", "There is no ReLU between the two layers, so together they are one: lesson 08.")
def no_relu(x, up, up_bias, down, down_bias):
    return (x @ up.T + up_bias) @ down.T + down_bias


@feed_forward.mistake(
    "ORD", "The ReLU stands at the end. It belongs between the two layers: what comes out may be negative."
)
def relu_at_the_end(x, up, up_bias, down, down_bias):
    return np.maximum((x @ up.T + up_bias) @ down.T + down_bias, 0)


@feed_forward.mistake("LIN", "There is a second ReLU at the end. Only the hidden channels go through one.")
def relu_twice(x, up, up_bias, down, down_bias):
    return np.maximum(np.maximum(x @ up.T + up_bias, 0) @ down.T + down_bias, 0)


@feed_forward.mistake(
    "LIN", "The ReLU comes before the first layer. It belongs between the two: on the hidden channels."
)
def relu_before_up(x, up, up_bias, down, down_bias):
    return (np.maximum(x, 0) @ up.T + up_bias) @ down.T + down_bias


@feed_forward.mistake("ORD", "The ReLU comes before the first bias is added: add up_bias first.")
def relu_before_the_bias(x, up, up_bias, down, down_bias):
    return (np.maximum(x @ up.T, 0) + up_bias) @ down.T + down_bias


@feed_forward.mistake("BIA", "The hidden channels have a bias of their own: add up_bias before the ReLU.")
def no_hidden_bias(x, up, up_bias, down, down_bias):
    return np.maximum(x @ up.T, 0) @ down.T + down_bias


@feed_forward.mistake("BIA", "The second layer has a bias too: add down_bias at the end.")
def no_last_bias(x, up, up_bias, down, down_bias):
    return np.maximum(x @ up.T + up_bias, 0) @ down.T


@feed_forward.mistake("BIA", "Both biases are missing: one before the ReLU, one at the end.")
def no_biases(x, up, up_bias, down, down_bias):
    return np.maximum(x @ up.T, 0) @ down.T


@feed_forward.mistake(
    "TRN", "A weight has one row per output channel, so channels-last numbers are multiplied by its transpose."
)
def weights_not_transposed(x, up, up_bias, down, down_bias):
    return np.maximum(x @ up + up_bias, 0) @ down + down_bias


@feed_forward.mistake(
    "RSH", "reshape keeps the numbers in their order: that is no transpose. up.T has the rows of up as its columns."
)
def weights_reshaped(x, up, up_bias, down, down_bias):
    hidden = np.maximum(x @ up.reshape(up.shape[::-1]) + up_bias, 0)
    return hidden @ down.reshape(down.shape[::-1]) + down_bias


@feed_forward.mistake("WGT", "The weights of the two layers have changed places: up widens, down comes last.")
def weights_exchanged(x, up, up_bias, down, down_bias):
    return np.maximum(x @ down + up_bias, 0) @ up + down_bias


@feed_forward.mistake("MIX", "You add up the tokens. Each token goes through the two layers by itself.")
def tokens_summed(x, up, up_bias, down, down_bias):
    return np.maximum(x.sum(axis=1, keepdims=True) @ up.T + up_bias, 0) @ down.T + down_bias + 0 * x


@feed_forward.mistake(
    "EXT", "You add x to the result. The block does that outside this function: here are the two layers alone."
)
def with_a_shortcut(x, up, up_bias, down, down_bias):
    return x + np.maximum(x @ up.T + up_bias, 0) @ down.T + down_bias


@feed_forward.mistake("SGN", "Your ReLU keeps the negative numbers. It keeps the positive ones: np.maximum(…, 0).")
def relu_reversed(x, up, up_bias, down, down_bias):
    return np.minimum(x @ up.T + up_bias, 0) @ down.T + down_bias


@feed_forward.mistake("LIN", "That is the absolute value. A ReLU replaces negative numbers by 0: np.maximum(…, 0).")
def absolute_value(x, up, up_bias, down, down_bias):
    return np.abs(x @ up.T + up_bias) @ down.T + down_bias


@feed_forward.mistake("BAT", "Only the first text is computed. The answer has as many texts as x.")
def first_text(x, up, up_bias, down, down_bias):
    y = np.zeros(x.shape)
    y[0] = np.maximum(x[0] @ up.T + up_bias, 0) @ down.T + down_bias
    return y


@feed_forward.mistake(
    "ORD", "The two layers have changed places: up comes first, from C to M channels, and down brings them back."
)
def down_before_up(x, up, up_bias, down, down_bias):
    return np.maximum(x @ down.T + down_bias, 0) @ up.T + up_bias


@feed_forward.alternative
def token_by_token(x, up, up_bias, down, down_bias):
    y = np.zeros(x.shape)
    for n, t in np.ndindex(x.shape[:2]):
        hidden = up @ x[n, t] + up_bias
        hidden[hidden < 0] = 0
        y[n, t] = down @ hidden + down_bias
    return y


@feed_forward.alternative
def by_tensordot(x, up, up_bias, down, down_bias):
    hidden = np.tensordot(x, up, axes=(2, 1)) + up_bias
    return np.tensordot(hidden.clip(min=0), down, axes=([2], [1])) + down_bias


@feed_forward.alternative
def as_one_long_list(x, up, up_bias, down, down_bias):
    rows = x.reshape(-1, x.shape[2])
    return (np.maximum(rows @ up.T + up_bias, 0) @ down.T + down_bias).reshape(x.shape)
