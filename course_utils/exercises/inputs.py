"""Inputs that decide: signed numbers, pairwise distinct sizes, and the edges. Shared by all lessons."""

import numpy as np

from course_utils.exercises.spec import case


def signed(rng, *shape):
    """Random numbers of both signs, none zero, with two decimals so that a message can be read."""
    size = rng.integers(10, 300, shape) / 100
    return size * rng.choice([-1.0, 1.0], shape)


def distinct_sizes(rng, count, low=2, high=9):
    """`count` different sizes: an axis taken for another then always shows.

    >>> len(set(distinct_sizes(np.random.default_rng(0), 5)))
    5
    """
    return [int(size) for size in rng.permutation(np.arange(low, high))[:count]]


def layer(rng, n, c_in, c_out, h, w):
    """Arguments `(x, weight, bias)` of one 1×1 layer."""
    return signed(rng, n, c_in, h, w), signed(rng, c_out, c_in), signed(rng, c_out)


def layers(rng):
    """Cases for `f(x, weight, bias=None)`: rectangular, square, the edges, then random sizes."""
    yield case("two images, every size different", *layer(rng, 2, 3, 5, 4, 7))
    yield case("every size the same", *layer(rng, 3, 3, 3, 3, 3))
    yield case("one input channel", *layer(rng, 2, 1, 4, 3, 5))
    yield case("one output channel", *layer(rng, 2, 4, 1, 3, 5))
    yield case("one image of one pixel", *layer(rng, 1, 3, 2, 1, 1))
    x, weight, _ = layer(rng, 2, 4, 3, 5, 6)
    yield case("no bias given", x, weight)
    yield case("bias=None", x, weight, None)
    yield case("x is a transposed view", *strided(*layer(rng, 2, 3, 4, 5, 6)))
    yield case("random sizes", *layer(rng, *distinct_sizes(rng, 5)))


def strided(x, *rest):
    """The same numbers with another memory layout: `x` is no longer contiguous."""
    return np.ascontiguousarray(x.transpose(3, 2, 1, 0)).transpose(3, 2, 1, 0), *rest
