"""Cases of the layer in tiles."""

from course_utils.exercises import inputs
from course_utils.exercises.spec import case


def tilings(rng):
    """Cases for `f(x, weight, bias, block)`: sizes that the block divides on no axis, on one, on all."""
    yield case("the block divides no size", *inputs.layer(rng, 2, 7, 5, 3, 6), 4)
    yield case("every size the same, and the block too", *inputs.layer(rng, 4, 4, 4, 2, 2), 4)
    yield case("the block divides every size", *inputs.layer(rng, 2, 6, 9, 3, 4), 3)
    yield case("the block divides all but the pixels", *inputs.layer(rng, 2, 6, 4, 3, 3), 2)
    yield case("the block divides all but the outputs", *inputs.layer(rng, 2, 6, 5, 2, 4), 2)
    yield case("the block divides all but the channels", *inputs.layer(rng, 2, 5, 4, 3, 2), 2)
    yield case("a block larger than everything", *inputs.layer(rng, 2, 3, 5, 2, 3), 16)
    yield case("tiles of one number", *inputs.layer(rng, 2, 3, 2, 2, 2), 1)
    yield case("one image of one pixel", *inputs.layer(rng, 1, 3, 2, 1, 1), 2)
    yield case("more than 64 channels, outputs and pixels", *inputs.layer(rng, 1, 67, 70, 6, 12), 16)
    yield case("many images", *inputs.layer(rng, 17, 3, 2, 1, 2), 2)
    yield case("more rows and columns than channels", *inputs.layer(rng, 1, 2, 3, 18, 17), 4)
    yield case("one channel in, one out", *inputs.layer(rng, 2, 1, 1, 3, 2), 2)
    yield case("as many rows as channels", *inputs.layer(rng, 2, 5, 3, 5, 2), 3)
    yield case("a block of more than a hundred", *inputs.layer(rng, 2, 5, 6, 3, 2), 128)
    for one in inputs.varied(*inputs.layer(rng, 2, 5, 6, 2, 3)):
        yield case(one.label, *one.args, 4, mixed=one.mixed)
    x, weight, bias = inputs.layer(rng, 2, 5, 3, 4, 3)
    yield case("x is a transposed view", *inputs.strided(x), weight, bias, 2)
    n, c_in, c_out, h, w, block = inputs.distinct_sizes(rng, 6)
    yield case("random sizes", *inputs.layer(rng, n, c_in, c_out, h, w), block)
