"""What Python may give to a widget: values that fit come back as plain ones, others are refused in a sentence."""

import contextlib
import json
import operator
from collections.abc import Collection
from typing import Any

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.base.values import as_numbers, kind_of


class Whole(traitlets.Int):
    """A whole number: an int, or what counts as one, such as NumPy's."""

    def validate(self, obj: object, value: Any) -> int:
        with contextlib.suppress(TypeError):
            value = operator.index(value)
        return super().validate(obj, value)


class Ordered(traitlets.Dict):
    """A dict whose order is seen: it travels as text, since a notebook that is saved sorts the keys of all others."""

    def __init__(self, default: dict | None = None):
        super().__init__(default or {})
        self.tag(sync=True, fixed=True, to_json=lambda value, _widget: json.dumps(value))


class Numbers(traitlets.Any):
    """Numbers in lists, in an array or in a tensor: what is none of these, the widget's own check refuses."""

    allow_none = False
    default_value = ()


def finite(what: str, value: object) -> np.ndarray:
    """A list, an array or a tensor as an array of finite numbers; `what` begins the sentence where it is none.

    >>> finite("scan: bias", [1, 2.5])
    array([1. , 2.5])
    >>> finite("scan: bias", [1, float("nan")])
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: scan: bias holds NaN or infinity, expected finite numbers.
    """
    array = as_numbers(value)
    if array is None:
        raise CourseError(f"{what} is {kind_of(value)}, expected numbers.")
    if not np.isfinite(array).all():
        raise CourseError(f"{what} holds NaN or infinity, expected finite numbers.")
    return array


def picture(what: str, value: object) -> np.ndarray:
    """A photo as it is stored: uint8, (H, W, 3).

    >>> picture("rgb_mixer: photo", np.zeros((2, 2)))
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: rgb_mixer: photo is float64 of shape (2, 2), expected uint8 (H, W, 3).
    """
    photo = finite(what, value)
    if photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8 or not photo.size:
        raise CourseError(f"{what} is {photo.dtype} of shape {photo.shape}, expected uint8 (H, W, 3).")
    return photo


def between(what: str, value: Any, low: int, high: int, noun: str = "a whole number from ") -> int:
    """`value` as an int from `low` to `high`.

    >>> between("scan: c_in", 11, 1, 10)
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: scan: c_in is 11, expected a whole number from 1 to 10.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or not low <= number <= high:
        raise CourseError(f"{what} is {kind_of(value)}, expected {noun}{low} to {high}.")
    return number


def one_of(what: str, value: object, known: Collection[str]) -> str:
    """`value`, one of the `known` names.

    >>> one_of("scan: order", "columns", ["raster", "random"])
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: scan: order is 'columns', expected one of raster, random.
    """
    if not isinstance(value, str) or value not in known:
        raise CourseError(f"{what} is {kind_of(value)}, expected one of {', '.join(known)}.")
    return value


def texts(what: str, value: object) -> list[str]:
    """A list of texts."""
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return list(value)
    raise CourseError(f"{what} is {kind_of(value)}, expected a list of texts.")


def named(what: str, value: object, wanted: str, least: int = 1) -> dict:
    """A dict with `least` entries or more, whose keys are texts; `wanted` says what its values are."""
    if isinstance(value, dict) and len(value) >= least and all(isinstance(key, str) for key in value):
        return value
    raise CourseError(f"{what} is {kind_of(value)}, expected a dict from a name to {wanted}.")


def limited(what: str, value: object, low: float, high: float) -> float:
    """`value` as a float from `low` to `high`.

    >>> limited("collisions: far", 3, 0, 0.24)
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: collisions: far is 3, expected a number from 0 to 0.24.
    """
    number = finite(what, value)
    if number.ndim or not low <= number <= high:
        raise CourseError(f"{what} is {kind_of(value)}, expected a number from {low:g} to {high:g}.")
    return float(number)
