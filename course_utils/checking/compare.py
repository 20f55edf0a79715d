"""Compare an answer with the expected one and say, in words, where they part."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course_utils.base.values import as_numbers, kind_of, whole

ROUNDING = 1e-9  # a number this small counts as zero: what is left of a sum that cancels


@dataclass(frozen=True)
class Difference:
    """The first thing that is wrong: a sentence, and the two arrays when a picture of them would help."""

    sentence: str
    expected: np.ndarray | None = None
    got: np.ndarray | None = None
    wrong: np.ndarray | None = None  # mask of the wrong entries, of the same shape as both arrays


def difference(expected: object, got: object, axes: str = "", tolerance: float = 1e-6) -> Difference | None:
    """The `Difference` between an answer and the expected one, or None where they agree.

    `axes` names the axes of an array ("n c h w"); `tolerance` is relative to the largest expected number.

    >>> difference(3.0, 3.0) is None
    True
    >>> difference(np.zeros((2, 5)), np.zeros((2, 3)), "n c_out").sentence
    'shape (2, 3), expected (2, 5) (n, c_out): axis c_out is 3, should be 5.'
    """
    if expected is None or isinstance(expected, bool | np.bool_ | str):
        return _difference_of_words(expected, got)
    if isinstance(expected, Mapping):
        return _difference_of_parts(expected, got, tolerance)
    if isinstance(expected, list | tuple):
        return _difference_of_sequences(expected, got, axes, tolerance)
    return _difference_of_numbers(expected, got, axes, tolerance)


def agree(expected: object, got: object, tolerance: float = 1e-6) -> bool:
    """Whether two answers are the same, within the tolerance."""
    return difference(expected, got, tolerance=tolerance) is None


def _difference_of_words(expected, got):
    if type(expected) is type(got) and expected == got or (isinstance(got, np.bool_) and expected is bool(got)):
        return None
    wanted = kind_of(expected)
    if isinstance(expected, bool | np.bool_) and not isinstance(got, bool | np.bool_ | str):
        wanted = f"True or False, here {bool(expected)}"
    return Difference(f"got {kind_of(got)}, expected {wanted}.")


def _difference_of_parts(expected, got, tolerance):
    """Observations by name: the first name whose value differs."""
    if not isinstance(got, Mapping):
        return Difference(f"got {kind_of(got)}, expected {', '.join(map(str, expected))}.")
    for name, value in expected.items():
        found = difference(value, got.get(name), tolerance=tolerance)
        if found:
            said = _observed(value, got.get(name)) or found.sentence
            return Difference(f"{name}: {said}", found.expected, found.got, found.wrong)
    return None


def _observed(expected, got):
    """Two observations in words, or "" where they are numbers."""
    words = {True: "yes", False: "no"}
    for kind in (bool, str):
        if isinstance(expected, kind) and isinstance(got, kind):
            return f"{words.get(got, got)}; expected: {words.get(expected, expected)}."
    return ""


def _difference_of_sequences(expected, got, axes, tolerance):
    """Lists and tuples: same length, same items. A tuple for a list is fine, and so is an array of numbers."""
    if hasattr(got, "shape") and np.ndim(got) == 1:
        got = list(as_numbers(got)) if as_numbers(got) is not None else got
    if not isinstance(got, list | tuple):
        return Difference(f"got {kind_of(got)}, expected {kind_of(expected)}.")
    if len(got) != len(expected):
        return Difference(f"got {len(got)} values, expected {len(expected)}.")
    for i, (value, item) in enumerate(zip(expected, got, strict=True)):
        found = difference(value, item, axes, tolerance)
        if found:
            return Difference(f"value {i}: {found.sentence}", found.expected, found.got, found.wrong)
    return None


def _difference_of_numbers(expected, got, axes, tolerance):
    if isinstance(expected, int) and isinstance(got, int) and not isinstance(got, bool):  # of any size
        said = f"expected {whole(expected)}, got {whole(got)}.{_wrapped(expected, got)}"
        return None if got == expected else Difference(said)
    if got is None:
        return Difference("the function returned nothing (None). Is a `return` missing?")
    wanted, expected = expected, as_numbers(expected)
    if expected is None:
        return None if got is wanted else Difference(f"got {kind_of(got)}, expected {kind_of(wanted)}.")
    numbers = as_numbers(got)
    is_array = hasattr(got, "shape")
    if numbers is None or isinstance(got, bool | np.bool_):
        what = f"an array of {np.asarray(got).dtype}" if is_array else kind_of(got)
        return Difference(f"got {what}, expected {'numbers' if expected.ndim else 'one number'}.")
    if expected.ndim and not is_array:
        return Difference(f"got {kind_of(got)}, expected a NumPy array of shape {expected.shape}{_named(axes)}.")
    if numbers.shape != expected.shape:
        if not expected.ndim:
            return Difference(f"got {kind_of(got)}, expected one number.")
        return Difference(_shapes(expected.shape, numbers.shape, axes))
    return _difference_of_values(expected, numbers, axes, tolerance)


def _difference_of_values(expected, got, axes, tolerance):
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
    near = max(tolerance * scale, ROUNDING)
    if expected.dtype.kind in "iu":  # counts, and sums of whole numbers, which somebody may add up as fractions
        near = ROUNDING if got.dtype.kind == "f" else 0
    with np.errstate(all="ignore"):
        if (np.abs(got - expected) <= near).all():  # as most answers are; what follows takes longer
            return None
    close = np.isclose(got, expected, rtol=0, atol=near, equal_nan=True)
    if close.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    where = f"at [{_index(index, axes)}] " if index else ""
    wanted, found = _numbers(expected[index], got[index])
    sentence = f"{where}expected {wanted}, got {found}.{_wrapped(expected[index], got[index])}"
    if close.any():
        is_or_are = "is" if (~close).sum() == 1 else "are"
        sentence += f" {(~close).sum():,} of {close.size:,} numbers {is_or_are} wrong{_confined(~close, axes)}."
    return Difference(sentence, expected, got, ~close)


def _wrapped(expected, got):
    """What to say of a whole number that has run over the 32 bits of NumPy's integers, as those in a browser have."""
    try:
        apart = int(expected) - int(got)
    except (TypeError, ValueError, OverflowError):  # nan, or not a number of this kind
        return ""
    if expected != int(expected) or got != int(got) or not apart or apart % 2**32 or not -(2**31) <= got < 2**31:
        return ""
    return (
        " That is the same number after running over 32 bits, the size of NumPy's integers in a browser: "
        "multiply Python's own integers (`int(…)`) or floats."
    )


def _shapes(expected, got, axes):
    """Shapes differ: name the first wrong axis."""
    sentence = f"shape {got}, expected {expected}{_named(axes)}"
    if len(got) != len(expected):
        return f"{sentence}: {len(got)} axes, should be {len(expected)}."
    axis = next(i for i, (a, b) in enumerate(zip(expected, got, strict=True)) if a != b)
    names = axes.split()
    name = names[axis] if axis < len(names) else axis
    return f"{sentence}: axis {name} is {got[axis]}, should be {expected[axis]}."


def _named(axes):
    return f" ({', '.join(axes.split())})" if axes else ""


def _index(index, axes):
    """An index with the names of its axes: `n=0, c=2`."""
    names = axes.split()
    if len(names) != len(index):
        return ", ".join(map(str, index))
    return ", ".join(f"{name}={i}" for name, i in zip(names, index, strict=True))


def _numbers(a, b):
    """Two different numbers, with as many digits as it takes to see that they differ; no sign on a zero."""
    a, b = (value + 0 if value == 0 else value for value in (a, b))
    short, long = (
        [f"{value:{form}}" if np.issubdtype(np.asarray(value).dtype, np.floating) else str(value) for value in (a, b)]
        for form in (".6g", ".12g")
    )
    return short if short[0] != short[1] else long


def _confined(wrong, axes):
    """Where all wrong numbers sit, if one axis tells: ", all of them where n is not 0"."""
    for axis, name in enumerate(axes.split() if len(axes.split()) == wrong.ndim else []):
        hit = wrong.any(axis=tuple(i for i in range(wrong.ndim) if i != axis))
        if hit.sum() == 1 < len(hit):
            return f", all of them where {name} = {int(hit.argmax())}"
        if (~hit).sum() == 1 < len(hit) - 1:
            return f"; only where {name} = {int(hit.argmin())} all are right"
    return ""
