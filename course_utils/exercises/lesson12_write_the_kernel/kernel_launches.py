"""Cases of the fused kernel."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case


def launches(rng):
    """Cases for a kernel and its launcher: blocks that divide no size, one size less, all; both layouts; two types."""
    for label, sizes, blocks, last in (
        ("ragged on every axis", (2, 21, 19, 5, 7), (16, 64, 16), False),
        ("channels last in memory", (2, 18, 21, 3, 6), (16, 32, 32), True),
        ("the blocks divide every size", (2, 32, 16, 4, 8), (16, 32, 16), False),
        ("ragged in the pixels alone", (2, 16, 16, 4, 5), (16, 16, 16), False),
        ("ragged in the outputs alone", (2, 16, 18, 2, 8), (16, 16, 16), False),
        ("ragged in the channels alone", (2, 19, 16, 4, 4), (16, 16, 16), True),
        ("every size the same", (2, 16, 16, 4, 4), (16, 16, 16), False),
        ("more than 64 channels in, more than 128 out", (1, 70, 130, 1, 3), (32, 16, 32), False),
        ("more than 128 channels in, more than 128 pixels", (1, 133, 3, 19, 7), (16, 64, 32), True),
        ("more pixels than channels, tiles higher than wide", (1, 2, 19, 5, 6), (32, 16, 16), False),
        ("one number of everything", (1, 1, 1, 1, 1), (16, 16, 16), False),
        ("random sizes", inputs.distinct_sizes(rng, 5, 2, 7), (16, 16, 16), True),
    ):
        yield case(label, *(one.astype(np.float32) for one in inputs.layer(rng, *sizes)), blocks, last)
    yield case(
        "many wide images", *(one.astype(np.float32) for one in inputs.layer(rng, 18, 3, 2, 1, 12)), (16, 16, 16), False
    )
    for one in inputs.varied(
        *(one.astype(np.float32) for one in inputs.layer(rng, 2, 5, 6, 2, 3)), but=("whole", "float32")
    ):
        yield case(one.label, *one.args, (16, 16, 16), False, mixed=one.mixed)
    yield case("x and weight in float16", *in_half_precision(rng), (16, 16, 16), False)


def in_half_precision(rng):
    """Whole numbers whose products are exact in float16, and whose sums are not, be it over one tile of channels."""
    x, weight = (rng.integers(30, 46, shape).astype(np.float16) for shape in ((2, 48, 4, 4), (16, 48)))
    weight[::3] *= -1
    return x, weight, inputs.signed(rng, 16).astype(np.float32)
