"""Arguments of a depthwise layer."""

from course_utils.exercises import inputs


def depthwise_arguments(rng, n, c, h, w, k):
    return inputs.signed(rng, n, c, h, w), inputs.signed(rng, c, k, k)
