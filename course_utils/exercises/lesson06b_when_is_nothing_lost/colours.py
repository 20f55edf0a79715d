"""Colours to pack, and what must come back exactly."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson06_what_is_lost.arrays import as_array, what
from course_utils.exercises.spec import case, once


def colours(rng):
    """Cases for `f(rgb)`: uint8 pictures (N, 3, H, W), the edges of the range among them."""

    def picture(*shape):
        return rng.integers(0, 256, shape, dtype=np.uint8)

    yield case("two pictures, every size different", picture(2, 3, 4, 7))
    corners = np.array([[0, 255, 0, 255, 1, 254], [0, 255, 0, 0, 0, 255], [0, 255, 255, 0, 1, 255]], np.uint8)
    yield case("black, white and other extremes", corners.reshape(1, 3, 2, 3))
    close = np.array([[255, 0, 254, 255], [0, 1, 255, 255], [0, 0, 0, 255]], np.uint8)
    yield case("colours that are easily taken for each other", close.reshape(1, 3, 1, 4))
    yield case("every size is 3", picture(3, 3, 3, 3))
    yield case("one pixel", picture(1, 3, 1, 1))
    yield case("a transposed view", *inputs.strided(picture(2, 3, 4, 5)))
    yield case("many pictures", picture(12, 3, 1, 2))
    yield case("many rows and columns", picture(1, 3, 19, 22))
    yield case("black everywhere", np.zeros((2, 3, 2, 3), np.uint8))
    yield case("white everywhere", np.full((2, 3, 2, 3), 255, np.uint8))
    yield case("bright colours", rng.integers(128, 256, (2, 3, 2, 4), dtype=np.uint8))
    yield case("dark colours", rng.integers(0, 5, (2, 3, 2, 4), dtype=np.uint8))
    yield case("random sizes", picture(*(inputs.distinct_sizes(rng, 1)), 3, *inputs.distinct_sizes(rng, 2)))
    for said, (n, h, w) in inputs.stretched(rng, "pictures", "rows", "columns"):
        yield case(said, picture(n, 3, h, w))


@once
def exact(function, picture):
    """A learner's answer as its number type and its numbers, as whole numbers where they are whole: compared exactly."""
    answer = function(picture)
    array = as_array(answer)
    if array is None:
        return {"what you return": what(answer, None), "type of the numbers": "–", "numbers": "–"}
    whole = np.isfinite(array).all() and (array == np.rint(array)).all()
    return {
        "what you return": f"an array of shape {array.shape}",
        "type of the numbers": getattr(answer.dtype, "name", str(answer.dtype)).removeprefix("torch."),
        "numbers": array.astype(np.int64) if whole else array,
    }
