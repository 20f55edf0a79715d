"""Inputs that decide: signed numbers, pairwise distinct sizes, and the edges. Shared by all lessons."""

from collections.abc import Collection, Iterator

import numpy as np

from course_utils.exercises.spec import Case, case

LARGE, TINY = 1e4, 1e-3  # how far numbers are stretched and shrunk: results differ by what was done, not by rounding
LONG = 1030, 1200  # lengths of a long axis: beyond the 1,024 tokens, 1,000 channels and 300 rows that the lessons have
SHORTER = 320, 440  # where an answer may call itself for each number: Python goes a thousand deep


def signed(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Random numbers of both signs, none zero, with two decimals so that a message can be read."""
    size = rng.integers(10, 300, shape) / 100
    return size * rng.choice([-1.0, 1.0], shape)


def distinct_sizes(rng: np.random.Generator, count: int, low: int = 2, high: int = 9) -> list[int]:
    """`count` different sizes: an axis taken for another then always shows.

    >>> len(set(distinct_sizes(np.random.default_rng(0), 5)))
    5
    """
    return [int(size) for size in rng.permutation(np.arange(low, high))[:count]]


MILLIONS = 1_000_003, 1_100_000  # sizes that cost nothing to count with


def stretched(rng: np.random.Generator, *axes: str, most: tuple[int, int] = LONG) -> Iterator[tuple[str, list[int]]]:
    """Sizes of which one is long, each in turn: what is cut off after 64 rows or 1,000 channels shows.

    >>> [sizes for _, sizes in stretched(np.random.default_rng(0), "rows", "columns", most=(70, 71))]
    [[70, 1], [2, 70]]
    """
    for axis, name in enumerate(axes):
        sizes = [2 - i % 2 for i in range(len(axes))]
        sizes[axis] = int(rng.integers(most[0], most[1]))
        yield f"{sizes[axis]:,} {name}", sizes


def layer(
    rng: np.random.Generator, n: int, c_in: int, c_out: int, h: int, w: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arguments `(x, weight, bias)` of one 1×1 layer."""
    return signed(rng, n, c_in, h, w), signed(rng, c_out, c_in), signed(rng, c_out)


def layers(rng: np.random.Generator) -> Iterator[Case]:
    """Cases for `f(x, weight, bias=None)`: rectangular, square, the edges, then random sizes, then other numbers."""
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
    for c_out in (6, 3, 1):
        yield case(f"3 channels to {c_out}, no bias", *layer(rng, 2, 3, c_out, 2, 4)[:2])
    yield case("many images", *layer(rng, 12, 2, 3, 1, 2))
    yield case("more images than channels, no bias", *layer(rng, 5, 3, 4, 1, 2)[:2])
    yield case("many channels", *layer(rng, 1, 66, 70, 1, 2))
    yield case("many rows and columns", *layer(rng, 1, 2, 2, 19, 22))
    yield case("as many outputs as pixels in all", *layer(rng, 2, 3, 12, 2, 3))
    yield case("as many outputs as pixels in an image", *layer(rng, 2, 3, 6, 2, 3))
    yield from varied(*layer(rng, 2, 3, 4, 2, 3))
    for said, sizes in stretched(rng, "images", "input channels", "output channels", "rows", "columns"):
        yield case(said, *layer(rng, *sizes))


def varied(*args: object, but: Collection[str] = ()) -> Iterator[Case]:
    """Cases with the same sizes and other numbers: whole, large, tiny, negative, zeros, all the same, float32, views.

    What a check has not fed in nobody has looked at. `but` leaves out kinds that make no sense for these arguments.

    >>> [one.label for one in varied(np.array([0.5, -2.0]), but=("zero", "views"))][:3]
    ['whole numbers', 'large numbers', 'tiny numbers']
    >>> [one.label for one in varied(np.array([0.5, -2.0]), 1.5)][-2:]
    ['whole numbers everywhere but in argument 1', 'whole numbers everywhere']
    """
    own = [i for i, arg in enumerate(args) if _each(np.copy, arg) is not arg]
    first = next(i for i, arg in enumerate(args) if isinstance(arg, np.ndarray))
    done = set()
    for kind, said, change, where in KINDS:
        for chosen, place in WHERE[where](first, own):
            if chosen and kind not in but and (kind, chosen) not in done:
                done.add((kind, chosen))
                new = [_each(change, arg) if i in chosen else arg for i, arg in enumerate(args)]
                yield case(f"{said}{place}", *new, mixed=_refused_by(kind, len(chosen), len(own)))


def _refused_by(kind, changed, own):
    """Who may refuse the numbers: PyTorch types that differ and memory that runs backwards, NumPy some types in place."""
    if kind not in ("whole", "float32", "views"):
        return ""
    return "numpy" if kind == "whole" and 1 < changed < own else "torch"


def _each(change, arg):
    """Numbers changed, in an array, a float, or a list of them; counts and None as they are."""
    if isinstance(arg, list | tuple):
        return type(arg)(_each(change, item) for item in arg)
    if isinstance(arg, np.ndarray) and arg.dtype.kind == "f":
        return change(arg)
    return change(np.array(arg))[()].item() if isinstance(arg, float) else arg


def _in_turn(first, own):
    """One argument of several alone, then all but one, then all: no answer may take its type from one of them."""
    if len(own) > 1:
        yield from ((frozenset([i]), f" in argument {i + 1} alone") for i in own if i != first and len(own) > 2)
        yield from ((frozenset(own) - {i}, f" everywhere but in argument {i + 1}") for i in own)
        yield frozenset(own), " everywhere"


WHERE = {  # which arguments change: sets of them, and what is said of each set
    "first": lambda first, own: [(frozenset([first]), "")],
    "others": lambda first, own: [(frozenset(own) - {first}, "")],
    "all": lambda first, own: [(frozenset(own), "")],
    "in turn": _in_turn,
}


def whole(numbers: np.ndarray) -> np.ndarray:
    """Whole numbers of the same signs, away from zero.

    >>> whole(np.array([0.2, -1.5]))
    array([ 1, -2])
    """
    return (np.sign(numbers) * np.ceil(np.abs(numbers))).astype(np.int64)


def dotted(numbers: np.ndarray) -> np.ndarray:
    """The same numbers with a zero in every third place; one number alone stays as it is.

    >>> dotted(np.array([0.2, -1.5, 3.0, 4.0]))
    array([ 0. , -1.5,  3. ,  0. ])
    """
    zeros = np.indices(numbers.shape).sum(axis=0) % 3 == 0  # one in each row and column of three
    return np.where(zeros, 0, numbers) if numbers.size > 1 else numbers


def balanced(numbers: np.ndarray) -> np.ndarray:
    """Quarters that add up to exactly 0; one number alone stays as it is.

    >>> balanced(np.array([0.3, -1.5, 3.0]))
    array([ 0.25, -1.5 ,  1.25])
    """
    quarters = np.round(4 * numbers) / 4
    if numbers.size > 1:
        quarters.flat[-1] -= quarters.sum()
    return quarters if numbers.size > 1 else numbers


def as_view(numbers: np.ndarray) -> np.ndarray:
    """The same numbers in memory with gaps, its axes the other way round, the last one backwards.

    >>> as_view(np.zeros((2, 3))).strides
    (16, -32)
    """
    if not numbers.ndim:
        return numbers
    apart = np.empty((*numbers.shape[::-1], 2), numbers.dtype)[::-1, ..., 0].T
    apart[...] = numbers
    return apart


KINDS = (  # kind, what is said of it, how numbers change, in which arguments
    ("whole", "whole numbers", lambda numbers: whole(100 * numbers), "first"),  # more than eight bits hold
    ("large", "large numbers", lambda numbers: LARGE * numbers, "all"),
    ("tiny", "tiny numbers", lambda numbers: TINY * numbers, "all"),
    ("negative", "negative numbers only", lambda numbers: -np.abs(numbers), "all"),
    ("zero", "nothing but zeros", lambda numbers: 0 * numbers, "first"),
    ("zero", "zeros in the other arguments", lambda numbers: 0 * numbers, "others"),
    ("dotted", "zeros here and there", dotted, "all"),
    ("same", "the same number everywhere", lambda numbers: np.full_like(numbers, numbers.flat[0]), "all"),
    ("float32", "numbers in float32", lambda numbers: numbers.astype(np.float32), "all"),
    ("views", "every array is a view", as_view, "all"),
    ("balanced", "numbers that add up to 0", balanced, "all"),
    (
        "alike",
        "the last row is the first once more",
        lambda numbers: np.concatenate([numbers[:-1], numbers[:1]]) if numbers.ndim else numbers,
        "all",
    ),
    ("zero", "zeros", lambda numbers: 0 * numbers, "in turn"),
    ("whole", "whole numbers", whole, "in turn"),  # small ones: the half that is cut off elsewhere shows
)


def strided(x: np.ndarray, *rest: np.ndarray) -> tuple[np.ndarray, ...]:
    """The same numbers with another memory layout: `x` is no longer contiguous."""
    return np.ascontiguousarray(x.transpose(3, 2, 1, 0)).transpose(3, 2, 1, 0), *rest
