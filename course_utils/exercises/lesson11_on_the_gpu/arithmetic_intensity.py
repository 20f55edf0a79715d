"""Operations for each byte that a layer moves."""

import numpy as np

from course_utils.exercises.inputs import MILLIONS, distinct_sizes, stretched
from course_utils.exercises.spec import case, exercise

AXES = ("images", "input channels", "output channels", "rows", "columns")


def sizes(rng):
    """Cases for `f(n, c_in, c_out, h, w, itemsize)`: small ones whose terms all count, then real layers."""
    yield case("every size different", 2, 3, 5, 4, 7, 4)
    yield case("one pixel", 1, 6, 4, 1, 1, 8)
    yield case("one input channel", 3, 1, 8, 2, 5, 2)
    yield case("one output channel", 2, 9, 1, 3, 4, 4)
    yield case("ResNet-50, 64 → 256 at 56×56, 16 bits", 32, 64, 256, 56, 56, 2)
    yield case("ResNet-50, 2048 → 512 at 7×7, one image", 1, 2048, 512, 7, 7, 4)
    yield case("many large images, one byte a number", 130, 3, 5, 120, 150, 1)
    yield case("thousands of everything", 1001, 1002, 1003, 1004, 1005, 4)
    for said, counts in stretched(rng, *AXES, most=MILLIONS):
        yield case(said, *counts, 4)
    yield case("complex numbers of 16 bytes", 2, 5, 3, 4, 6, 16)
    yield case("random sizes", *distinct_sizes(rng, 5, high=40), int(rng.choice([2, 4, 8])))


@exercise(
    cases=sizes,
    hints=(
        "Two counts and one division. Which tensors have to be read, and which is written?",
        "FLOPs: two for each multiply-add, N·H·W·C_in·C_out of those. Bytes: x, y and the weights, each once, itemsize bytes a number.",
        "pixels = n * h * w;  flops = 2 * pixels * c_in * c_out;  numbers = pixels * c_in + pixels * c_out + c_in * c_out;  "
        "return flops / (itemsize * numbers)",
    ),
)
def arithmetic_intensity(n, c_in, c_out, h, w, itemsize):
    x, weight, y = (n, c_in, h, w), (c_out, c_in), (n, c_out, h, w)
    return 2 * np.prod(x) * c_out / (itemsize * sum(map(np.prod, (x, weight, y))))


@arithmetic_intensity.mistake("UNI", "You count multiply-adds. Each is two FLOPs, a multiplication and an addition.")
def macs_counted(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return p * c_in * c_out / (itemsize * (p * c_in + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("CNT", "The output is missing: y has to be written to memory, N·C_out·H·W numbers.")
def output_forgotten(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in + c_in * c_out))


@arithmetic_intensity.mistake(
    "CNT",
    "The weights are missing: they have to be read too, C_in·C_out numbers. With few pixels they are the largest tensor of all.",
)
def weight_forgotten(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in + p * c_out))


@arithmetic_intensity.mistake("CNT", "The input is missing: x has to be read, N·C_in·H·W numbers.")
def input_forgotten(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_out + c_in * c_out))


@arithmetic_intensity.mistake(
    "BAT", "The FLOPs are those of all images, the bytes those of one: x is read, and y written, for each of them."
)
def bytes_of_one_image(n, c_in, c_out, h, w, itemsize):
    p = h * w
    return 2 * n * p * c_in * c_out / (itemsize * (p * c_in + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("UNI", "You divide by bits. itemsize counts bytes already, 4 for float32.")
def bits_counted(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (8 * itemsize * (p * c_in + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("UNI", "This is FLOPs for each *number*. How many bytes has a number? itemsize says it.")
def numbers_counted(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (p * c_in + p * c_out + c_in * c_out)


@arithmetic_intensity.mistake(
    "BAT",
    "This is the intensity of one image. All images use the same weights, so those are read once for the whole batch, and x and y have N·H·W pixels.",
)
def one_image_counted(n, c_in, c_out, h, w, itemsize):
    p = h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake(
    "CNT",
    "x is counted once for each output. A product reads it once and uses it for all of them: that is why it is fast.",
)
def input_for_each_output(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in * c_out + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake(
    "UNI", "This is bytes per FLOP. The intensity is the other way round: the work done with each byte."
)
def upside_down(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return itemsize * (p * c_in + p * c_out + c_in * c_out) / (2 * p * c_in * c_out)


@arithmetic_intensity.alternative
def by_bytes_of_arrays(n, c_in, c_out, h, w, itemsize):
    moved = 0
    for numbers in (n * c_in * h * w, c_out * c_in, n * c_out * h * w):
        moved += itemsize * numbers
    return (2 * n * h * w * c_in * c_out) / moved


@arithmetic_intensity.alternative
def by_reciprocals(n, c_in, c_out, h, w, itemsize):
    return 2 / itemsize / (1 / c_out + 1 / c_in + 1 / (n * h * w))
