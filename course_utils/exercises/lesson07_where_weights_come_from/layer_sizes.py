"""Sizes of the layers whose gradients are worked out."""

from course_utils.exercises import inputs


def layer_sizes(rng):
    """Sizes `(n, c_in, c_out, h, w)` of layers whose gradients tell mistakes apart."""
    yield "two images, every size different", (2, 3, 5, 4, 7)
    yield "every size the same", (3, 3, 3, 3, 3)
    yield "one input channel", (2, 1, 4, 3, 5)
    yield "one output channel", (2, 4, 1, 3, 5)
    yield "one image of one pixel", (1, 3, 2, 1, 1)
    yield "random sizes", inputs.distinct_sizes(rng, 5)
    yield "many images", (12, 2, 3, 1, 2)
    yield "many channels", (1, 66, 70, 1, 2)
    yield "many rows and columns", (1, 2, 2, 19, 22)


def long_layers(rng):
    """Sizes of layers of which one size is long: the last cases, for an answer is shown the first that it gets wrong."""
    yield from inputs.stretched(rng, "images", "input channels", "output channels", "rows", "columns")
