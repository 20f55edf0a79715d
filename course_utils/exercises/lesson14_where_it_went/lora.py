"""A low-rank update: a narrow 1×1 down and one up beside a frozen layer, merged into it."""

import numpy as np

from course_utils.exercises.inputs import distinct_sizes, signed, stretched, varied
from course_utils.exercises.spec import case, exercise


def updates(rng):
    """Cases `(weight, down, up, alpha)`: weight (C_out, C_in), down (r, C_in), up (C_out, r)."""
    c_out, c_in, r = distinct_sizes(rng, 3)
    yield case("every size different", *made(rng, c_out, c_in, r), 3.0)
    yield case("every size the same", *made(rng, 3, 3, 3), 2.0)
    yield case("rank 1", *made(rng, 5, 4, 1), 2.5)
    yield case("one output", *made(rng, 1, 4, 2), 3.0)
    yield case("one input", *made(rng, 4, 1, 2), 3.0)
    yield case("a square weight, narrow", *made(rng, 6, 6, 2), 1.0)
    yield case("alpha equal to the rank", *made(rng, 4, 5, 3), 3)
    weight, down, up = made(rng, 4, 5, 2)
    yield case("at the start: up is zero", weight, down, np.zeros_like(up), 4.0)
    yield case("alpha 0", weight, down, up, 0)
    yield case("negative alpha", weight, down, up, -1.5)
    yield case("whole numbers everywhere", *(rng.integers(-3, 4, part.shape) for part in (weight, down, up)), 3)
    yield case("a weight of whole numbers", rng.integers(-3, 4, weight.shape), down, up, 3.0)
    yield case("wide, rank 12", *made(rng, 21, 17, 12), 6.0)
    yield case("no number below zero", *map(np.abs, (weight, down, up)), 3.0)
    yield case("nothing in down", weight, np.zeros_like(down), up, 3.0)
    yield case("a huge alpha", weight, down, up, 2e4)
    yield case("a tiny alpha", 1e-4 * weight, down, up, 1e-3)
    yield from varied(weight, down, up, 3.0)
    for said, sizes in stretched(rng, "outputs", "inputs", "ranks"):
        yield case(said, *made(rng, *sizes), 3.0)


def made(rng, c_out, c_in, r):
    return signed(rng, c_out, c_in), signed(rng, r, c_in), signed(rng, c_out, r)


@exercise(
    cases=updates,
    axes="c_out c_in",
    inputs={"down": "r c_in", "up": "c_out r"},
    new_arrays=True,
    hints=(
        "Two linear layers in a row are one (lesson 08). Which matrix is it, and which shape does it have?",
        "up is (C_out, r), down is (r, C_in): their product has the shape of the weight. r is the number of rows of down.",
        "return weight + alpha / r * (up @ down)",
    ),
)
def lora(weight, down, up, alpha):
    return weight + alpha / down.shape[0] * np.einsum("or,rc->oc", up, down)


@lora.mistake("SCL", "The update is not divided by the rank: it counts alpha / r times.")
def not_divided(weight, down, up, alpha):
    return weight + alpha * (up @ down)


@lora.mistake("SCL", "alpha is left out: the update counts alpha / r times.")
def no_alpha(weight, down, up, alpha):
    return weight + up @ down / len(down)


@lora.mistake("SCL", "Neither alpha nor the rank is there: the update counts alpha / r times.")
def plain_sum(weight, down, up, alpha):
    return weight + up @ down


@lora.mistake(
    "SCL", "You divide by the wrong length: the rank is the number of rows of down, the channels in the middle."
)
def divided_by_inputs(weight, down, up, alpha):
    return weight + alpha / down.shape[1] * (up @ down)


@lora.mistake(
    "SCL", "You divide by the number of outputs. The rank is the number of rows of down, the channels in the middle."
)
def divided_by_outputs(weight, down, up, alpha):
    return weight + alpha / len(up) * (up @ down)


@lora.mistake("SCL", "You divide by the square root of the rank. The paper divides by the rank itself.")
def divided_by_the_root(weight, down, up, alpha):
    return weight + alpha / len(down) ** 0.5 * (up @ down)


@lora.mistake(
    "ORD", "The two layers stand in the wrong order: x meets down first, so its matrix stands on the right, up @ down."
)
def up_first(weight, down, up, alpha):
    return weight + alpha / len(down) * (down @ up)


@lora.mistake("TRN", "The update comes out transposed: up @ down is (C_out, C_in) already.")
def update_transposed(weight, down, up, alpha):
    return weight + alpha / len(down) * (up @ down).T


@lora.mistake("WGT", "This is the update alone. The frozen weight stays in the sum.")
def update_alone(weight, down, up, alpha):
    return alpha / len(down) * (up @ down)


@lora.mistake("WGT", "This is the frozen weight alone: nothing has been added.")
def frozen_alone(weight, down, up, alpha):
    return weight.astype(float)


@lora.mistake("SGN", "The update is subtracted. It is added.")
def subtracted(weight, down, up, alpha):
    return weight - alpha / len(down) * (up @ down)


@lora.mistake("SCL", "alpha / r goes before the frozen weight too. It belongs to the update alone.")
def all_scaled(weight, down, up, alpha):
    return alpha / len(down) * (weight + up @ down)


@lora.mistake("PRC", "`//` cuts alpha / r to a whole number.")
def whole_division(weight, down, up, alpha):
    return weight + alpha // len(down) * (up @ down)


@lora.mistake("INP", "The frozen weight itself is changed. Frozen means: make a new matrix, and leave it as it is.")
def merged_in_place(weight, down, up, alpha):
    weight[:] = weight + alpha / len(down) * (up @ down)
    return weight


@lora.alternative
def column_by_column(weight, down, up, alpha):
    merged = weight.astype(float)
    for k in range(len(down)):
        merged = merged + alpha / len(down) * np.outer(up[:, k], down[k])
    return merged


@lora.alternative
def by_running_it(weight, down, up, alpha):
    rank, c_in = down.shape
    units = np.eye(c_in)
    return (units @ weight.T + (units @ down.T @ up.T) * (alpha / rank)).T


@lora.alternative
def by_dot(weight, down, up, alpha):
    return np.add(weight, np.dot(up, down) * (alpha / up.shape[1]))
