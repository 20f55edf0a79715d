"""Arrays and counts of a changed answer, kept small: one change may ask for all the memory, or the time, there is."""

import math
from collections.abc import Callable
from types import ModuleType

import numpy as np

MOST = 2_000_000  # numbers in an array, and turns of a loop
MAKERS = {"zeros", "ones", "empty", "full", "arange", "linspace", "tile", "repeat", "pad"}
SQUARE = {"eye", "identity"}


class Bounded:
    """A module whose functions make no array of more than `MOST` numbers.

    >>> Bounded(np).zeros((2, 3)).shape, Bounded(np).float32
    ((2, 3), <class 'numpy.float32'>)
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> object:
        found = getattr(self._module, name)
        if name in SQUARE:
            return bounded(found, math.isqrt(MOST))
        return bounded(found) if name in MAKERS else found


def bounded(maker: Callable, most: int = MOST) -> Callable:
    """A function that makes arrays or ranges, and refuses to make a long one.

    >>> len(bounded(range)(5)), bounded(np.pad)(np.ones((99, 99)), ((20, 20), (20, 20))).shape
    (5, (139, 139))
    """

    def make(*args, **keywords):
        if len(args) == 1 and type(args[0]) is int and args[0] <= most:  # what loops ask for, again and again
            return maker(*args, **keywords)
        if _asked(maker, args) > most:
            raise MemoryError
        return maker(*args, **keywords)

    return make


def _asked(maker, args):
    """How many numbers are asked for at most: those of `np.pad` lie on both sides of each axis."""
    if getattr(maker, "__name__", "") == "pad" and len(args) > 1:
        try:
            widths = np.broadcast_to(args[1], (np.ndim(args[0]), 2)).tolist()
            return math.prod(size + sum(both) for size, both in zip(np.shape(args[0]), widths, strict=True))
        except (TypeError, ValueError):  # no widths: np.pad says so itself
            return 0
    return math.prod(max(1, size) for size in map(_size, args))


def _size(arg):
    """How much of an array an argument asks for: numbers multiply, and so do those of a shape."""
    if isinstance(arg, np.ndarray) and (arg.ndim > 1 or arg.dtype.kind not in "iu"):
        return arg.size
    try:
        return math.prod(max(1, abs(int(one))) for one in np.ravel(arg))
    except (TypeError, ValueError):  # no numbers
        return 1


def bounded_space(space: dict) -> dict:
    """Names of somebody's code with NumPy, PyTorch and `range` made so.

    >>> sorted(bounded_space({"np": np, "n": 3}))
    ['n', 'np', 'range']
    """
    modules = {name: one for name, one in space.items() if getattr(one, "__name__", "") in ("numpy", "torch")}
    return space | {name: Bounded(one) for name, one in modules.items()} | {"range": bounded(range)}
