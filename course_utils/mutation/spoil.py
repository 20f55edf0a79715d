"""Mutants that are right but for inputs of one kind: more than 8 rows, whole numbers, large ones, equal sizes …"""

import functools
import itertools

import numpy as np

LONG = (3, 8, 10)  # an axis longer than this
HUGE, LARGE, TINY = 1000, 5, 0.01


def spoilt(exercise, cases, results=()):
    """What is said of the inputs that spoil an answer, and the answer, for all kinds that fit arguments and results."""
    if any(type(result) is int for result in results):
        yield "counted in 32 bits", _in_32_bits(exercise.oracle)
    for said, holds in kinds(exercise.parameters, [case.args for case in cases]):
        yield said, _spoilt_where(exercise.oracle, exercise.parameters, holds)


def kinds(names, calls):
    """Kinds of inputs by what arguments are: what is said of a kind, and a function of arguments by name."""
    shown = {name: [args[i] for args in calls if len(args) > i] for i, name in enumerate(names)}
    arrays = {name: values[0].ndim for name, values in shown.items() if values and _is_array(values[0])}
    for name, values in shown.items():
        some = next((value for value in values if value is not None), None)
        for said, holds in _of_one(some, name == next(iter(arrays), None)):
            yield f"where {name} {said}", lambda given, n=name, h=holds: n in given and h(given[n])
        if any(value is None for value in values):
            yield f"where {name} is None", lambda given, n=name: n in given and given[n] is None
        if any(len(args) <= names.index(name) for args in calls):
            yield f"where {name} is left out", lambda given, n=name: n not in given
            yield from _left_out_where(name, arrays, [dict(zip(names, args, strict=False)) for args in calls])
    axes = [(name, axis) for name, ndim in arrays.items() for axis in range(ndim)]
    for one, other in itertools.combinations(axes, 2):
        said = f"where axis {one[1]} of {one[0]} is as long as axis {other[1]} of {other[0]}"
        yield said, lambda given, a=one, b=other: len(set(_lengths(given, a, b) or (1, 2))) == 1


def _lengths(given, *axes):
    if any(not _is_array(given.get(name)) or given[name].ndim <= axis for name, axis in axes):
        return None
    return [given[name].shape[axis] for name, axis in axes]


def _left_out_where(missing, arrays, calls):
    """Nothing is given for an argument, and one size is above another: a default of the wrong size shows."""
    places = [(name, axis) for name, axes in arrays.items() if name != missing for axis in range(min(axes, 2))]
    for one, other in itertools.permutations(places, 2):

        def longer(given, a=one, b=other):
            sizes = _lengths(given, a, b)
            return sizes is not None and sizes[0] > sizes[1]

        if one[0] != other[0] and any(map(longer, calls)):  # sizes that must agree never differ
            said = f"axis {one[1]} of {one[0]} is longer than axis {other[1]} of {other[0]}"
            yield (
                f"where {missing} is left out and {said}",
                lambda given, h=longer: given.get(missing) is None and h(given),
            )


def _is_array(value):
    return isinstance(value, np.ndarray) and value.ndim > 0


def _of_one(value, first):
    """Kinds of one argument, from a value that it had; `first` says that it is the first array, which pictures are."""
    if _is_array(value):
        yield from _of_arrays(value, first)
    elif isinstance(value, bool):
        yield from (("is True", lambda v: v is True), ("is False", lambda v: v is False))
    elif isinstance(value, int | np.integer):
        yield from _of_counts()
    elif isinstance(value, float):
        yield from _of_numbers()
    elif isinstance(value, list | tuple):
        for most in (0, 1, 3, 8):
            yield f"has more than {most} items", lambda v, m=most: v is not None and len(v) > m
        if all(isinstance(one, int) for one in value):
            yield "has an item above 1000", lambda v: v is not None and max(v, default=0) > 1000
        yield "has one item", lambda v: v is not None and len(v) == 1
        yield (
            "has equal items",
            lambda v: v is not None and len(v) > 1 and all(item == v[0] for item in v if not _is_array(item)),
        )


def _of_counts():
    for said, holds in [
        ("1", lambda v: v == 1),
        ("even", lambda v: v % 2 == 0),
        ("odd", lambda v: v % 2 == 1),
        ("more than 3", lambda v: v > 3),
        ("more than 10", lambda v: v > 10),
        ("more than 100", lambda v: v > 100),
        ("more than 1000", lambda v: v > 1000),
        ("more than a million", lambda v: v > 1_000_000),
    ]:
        yield f"is {said}", lambda v, h=holds: isinstance(v, int | np.integer) and h(v)


def _of_numbers():
    for said, holds in [
        ("zero", lambda v: v == 0),
        ("negative", lambda v: v < 0),
        ("positive", lambda v: v > 0),
        (f"beyond {LARGE}", lambda v: abs(v) > LARGE),
        (f"beyond {HUGE}", lambda v: abs(v) > HUGE),
        (f"less than {TINY}", lambda v: 0 < abs(v) < TINY),
    ]:
        yield f"is {said}", lambda v, h=holds: isinstance(v, float | int) and h(v)
    yield "is a whole number", lambda v: isinstance(v, int | np.integer)


def _of_arrays(value, first):
    for axis, most in itertools.product(range(value.ndim), LONG):
        yield f"has more than {most} along axis {axis}", lambda v, a=axis, m=most: _along(v, a) > m
    for axis in range(value.ndim):
        yield f"has one along axis {axis}", lambda v, a=axis: _along(v, a) == 1
    left_out = ["is of whole numbers"] if not first else []
    left_out += ["is of float32"] if value.dtype.kind != "f" else []
    left_out += ["is not contiguous"] if value.ndim == 1 else []  # a copy of a row is contiguous
    for said, holds in OF_NUMBERS.items():
        if said not in left_out:
            yield said, lambda v, h=holds: _has(v) and bool(h(v))


OF_NUMBERS = {
    "is of whole numbers": lambda v: v.dtype.kind in "iu",
    "is of float32": lambda v: v.dtype == np.float32,
    "is not contiguous": lambda v: not v.flags.c_contiguous,
    f"goes beyond {LARGE}": lambda v: np.abs(v).max(initial=0) > LARGE,
    f"goes beyond {HUGE}": lambda v: np.abs(v).max(initial=0) > HUGE,
    f"stays below {TINY}": lambda v: 0 < np.abs(v).max(initial=0) < TINY,
    "is zero everywhere": lambda v: v.size and not v.any(),
    "has a zero": lambda v: v.size and not v.all(),
    "has a zero among others": lambda v: v.any() and not v.all(),
    "is the same everywhere": lambda v: v.size > 1 and np.ptp(v) == 0,
    "has no negative number": lambda v: v.size and v.min() >= 0,
    "has negative numbers only": lambda v: v.size and v.max() < 0,
}


def _along(value, axis):
    return value.shape[axis] if _has(value) and value.ndim > axis else 0


def _has(value):
    return isinstance(value, np.ndarray)


def _spoilt_where(oracle, names, holds):
    @functools.wraps(oracle)
    def answer(*args, **named):
        if not holds(dict(zip(names, args, strict=False)) | named):
            return oracle(*args, **named)
        try:
            value = oracle(*args, **named)
        except Exception:  # noqa: BLE001 - where the right answer refuses its arguments, this one takes them
            return None
        return other(value)

    return answer


def _in_32_bits(oracle):
    @functools.wraps(oracle)
    def answer(*args, **named):
        value = oracle(*args, **named)
        return (value + 2**31) % 2**32 - 2**31 if isinstance(value, int) else value

    return answer


def other(value):
    """Another value of the same kind: the last number of an array is wrong, a word or a truth is another one.

    >>> other(np.array([1.0, 2.0])), other(3), other((True, "memory"))
    (array([1. , 3.8]), 5.7, (False, 'memory'))
    """
    if isinstance(value, bool | np.bool_):
        return not value
    if isinstance(value, np.ndarray) and value.ndim:
        value = value.astype(float) if value.dtype.kind == "f" else value.astype(np.int64)
        if value.size:
            value.flat[-1] += 0.9 * max(1.0, float(np.abs(value).max())) if value.dtype.kind == "f" else 1
        return value
    if isinstance(value, tuple | list) and value:
        return type(value)([other(value[0]), *value[1:]])
    if isinstance(value, int | float | np.number):
        return value + 0.9 * max(1, abs(value))
    if value is None:
        raise ValueError("where nothing should be raised")
    return None
