"""Two linear layers as one."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def two_layers(rng):
    """Cases for `f(w1, b1, w2, b2)`: C_in → C_mid → C_out."""

    def pair(c_in, c_mid, c_out):
        return (
            inputs.signed(rng, c_mid, c_in),
            inputs.signed(rng, c_mid),
            inputs.signed(rng, c_out, c_mid),
            inputs.signed(rng, c_out),
        )

    yield case("3 → 4 → 2 channels", *pair(3, 4, 2))
    yield case("3 → 3 → 3 channels", *pair(3, 3, 3))
    yield case("a narrow middle, 5 → 1 → 4", *pair(5, 1, 4))
    yield case("a wide middle, 2 → 9 → 2", *pair(2, 9, 2))
    yield case("one channel in, 1 → 3 → 2", *pair(1, 3, 2))
    yield case("one channel out, 4 → 3 → 1", *pair(4, 3, 1))
    yield case("as wide in the middle as at the end, 4 → 3 → 3", *pair(4, 3, 3))
    yield case("as wide at the end as at the start, 4 → 2 → 4", *pair(4, 2, 4))
    w1, b1, w2, b2 = pair(3, 4, 2)
    yield case("no bias in the first layer (zeros)", w1, 0 * b1, w2, b2)
    yield case("random sizes", *pair(*inputs.distinct_sizes(rng, 3)))
    yield case("many channels, 66 → 12 → 70", *pair(66, 12, 70))
    yield case("a very wide middle, 2 → 67 → 3", *pair(2, 67, 3))
    yield from inputs.varied(*pair(3, 4, 2))
    w1, b1, w2, b2 = pair(3, 4, 2)
    yield case("positive numbers only", *map(np.abs, (w1, b1, w2, b2)))
    for said, sizes in inputs.stretched(rng, "channels in", "channels in the middle", "channels out"):
        yield case(said, *pair(*sizes))


@exercise(
    cases=two_layers,
    hints=(
        "What does one pixel x become after the first layer? And what does the second layer make of that?",
        "w2 (C_out, C_mid) meets w1 (C_mid, C_in) along C_mid. b1 goes through the second layer too; b2 does not.",
        "w2 @ (w1 @ x + b1) + b2:  multiply the brackets out;  weight is what stands before x, bias is the rest",
    ),
)
def fuse(w1, b1, w2, b2):
    return np.einsum("om,mc->oc", w2, w1), np.einsum("om,m->o", w2, b1) + b2


@fuse.mistake("ORD", "w1 @ w2 runs the second layer first. The layer that acts first stands on the right, next to x.")
def wrong_order(w1, b1, w2, b2):
    return w1 @ w2, w2 @ b1 + b2


@fuse.mistake("TRN", "Your weight is (C_in, C_out), the transpose of what is asked: one row for each output channel.")
def transposed(w1, b1, w2, b2):
    return (w2 @ w1).T, w2 @ b1 + b2


@fuse.mistake("BIA", "You add b1 and b2. On its way out b1 passes through the second layer: what does w2 make of it?")
def biases_added(w1, b1, w2, b2):
    return w2 @ w1, b1 + b2


@fuse.mistake(
    "BIA", "b1 is lost. Put a pixel of zeros in: after the first layer it is b1, and the second layer sees that."
)
def first_bias_lost(w1, b1, w2, b2):
    return w2 @ w1, b2.copy()


@fuse.mistake("BIA", "b2 is lost. It is added last, to every output channel.")
def second_bias_lost(w1, b1, w2, b2):
    return w2 @ w1, w2 @ b1


@fuse.mistake("BIA", "b2 went through w2. It is added after the second layer: only b1 passes through.")
def both_through(w1, b1, w2, b2):
    return w2 @ w1, w2 @ (b1 + b2)


@fuse.mistake("LIN", "There is no ReLU between these layers, and a ReLU would act on maps, not on weights.")
def relu_on_weights(w1, b1, w2, b2):
    return w2 @ np.maximum(w1, 0), w2 @ np.maximum(b1, 0) + b2


@fuse.mistake(
    "LIN", "You put a ReLU on b1. That is what happens to a pixel of zeros if there is a ReLU; here there is none."
)
def relu_on_bias(w1, b1, w2, b2):
    return w2 @ w1, w2 @ np.maximum(b1, 0) + b2


@fuse.mistake(
    "DWP", "`*` multiplies entry by entry. Each output channel sums over all C_mid channels: a matrix product."
)
def entry_by_entry(w1, b1, w2, b2):
    return w2 * w1, w2 @ b1 + b2


@fuse.mistake("ORD", "You run the second layer first, weights and biases. Which layer does a pixel meet first?")
def wrong_order_throughout(w1, b1, w2, b2):
    return w1 @ w2, w1 @ b2 + b1


@fuse.mistake(
    "DWP", "`*` multiplies entry by entry. Each output channel sums over all C_mid channels: a matrix product."
)
def entry_by_entry_throughout(w1, b1, w2, b2):
    return w2 * w1, w2 * b1 + b2


@fuse.alternative
def loops(w1, b1, w2, b2):
    weight, bias = np.zeros((w2.shape[0], w1.shape[1])), b2.astype(float)
    for o in range(w2.shape[0]):
        for m in range(w1.shape[0]):
            bias[o] += w2[o, m] * b1[m]
            for c in range(w1.shape[1]):
                weight[o, c] += w2[o, m] * w1[m, c]
    return weight, bias


@fuse.alternative
def by_probing(w1, b1, w2, b2):
    def layers(pixel):
        return w2 @ (w1 @ pixel + b1) + b2

    bias = layers(np.zeros(w1.shape[1]))
    return np.stack([layers(unit) - bias for unit in np.eye(w1.shape[1])], axis=1), bias


@fuse.alternative
def bias_as_a_column(w1, b1, w2, b2):
    first = np.vstack([np.column_stack([w1, b1]), np.eye(1, w1.shape[1] + 1, w1.shape[1])])
    both = np.column_stack([w2, b2]) @ first
    return both[:, :-1], both[:, -1]
