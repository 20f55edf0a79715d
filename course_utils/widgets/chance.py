"""Orders drawn at random, the same as in the browser for the same seed; so a notebook need not hold them."""

import numpy as np

STEP = 0x6D2B79F5  # of mulberry32, the generator in numbers.js


def shuffled(count: int, seed: int) -> np.ndarray:
    """The numbers from 0 to count − 1 in an order drawn at random, as `shuffled` in numbers.js has it.

    >>> shuffled(8, seed=1).tolist()
    [2, 1, 6, 7, 4, 3, 0, 5]
    """
    drawn = _uniform(max(0, count - 1), seed)
    order = list(range(count))
    for i, share in zip(range(count - 1, 0, -1), drawn.tolist(), strict=True):
        j = int(share * (i + 1))
        order[i], order[j] = order[j], order[i]
    return np.array(order, int)


def _uniform(count, seed):
    """Numbers from 0 to 1."""
    with np.errstate(over="ignore"):  # 32 bits, of which what is too large falls off
        state = np.uint32(seed) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(STEP)
        mixed = (state ^ state >> np.uint32(15)) * (state | np.uint32(1))
        mixed ^= mixed + (mixed ^ mixed >> np.uint32(7)) * (mixed | np.uint32(61))
        return (mixed ^ mixed >> np.uint32(14)) / 2.0**32
