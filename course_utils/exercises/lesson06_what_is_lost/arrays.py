"""A learner's answer as an array of numbers, or in words."""

import numpy as np


def as_array(answer):
    """A learner's array or tensor as a float64 array; None for anything else."""
    answer = answer.detach().cpu().numpy() if hasattr(answer, "detach") else answer
    if not isinstance(answer, np.ndarray) or answer.dtype.kind not in "iuf":
        return None
    return np.array(answer, dtype=float)


def what(answer, array):
    """The shape of an answer in words, or what it is if it is not an array of numbers."""
    if array is not None:
        return str(array.shape)
    if answer is None:
        return "nothing (None)"
    name = type(answer).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}, not an array of numbers"
