"""What somebody gave, an answer or an argument: as numbers, and in words."""

import contextlib
import copy
import inspect
import io
import math
import warnings
from collections.abc import Callable
from numbers import Number

import numpy as np

from course_utils.base.remote import where_it_lives

LONG = 200  # characters of a text that a message can hold
DIGITS = 30  # of a whole number that a message writes out; Python itself refuses to write 4,300


def kind_of(value):
    """What a value is, in a learner's words.

    >>> kind_of([1, 2]), kind_of(None), kind_of(np.zeros((2, 3)))
    ('a list of 2', 'nothing (None)', 'an array of shape (2, 3)')
    """
    if value is None:
        return "nothing (None)"
    if isinstance(value, str) and len(value) > LONG:
        return f"a text of {len(value)} characters"
    if isinstance(value, int) and abs(value) >= 10**DIGITS:
        return whole(value)
    if isinstance(value, bool | np.bool_ | str | Number):
        return repr(value.item() if isinstance(value, np.generic) else value)
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if hasattr(value, "shape"):
        return f"an array of shape {tuple(value.shape)}"
    if inspect.iscoroutine(value):
        return "a coroutine, as `async def` makes them (write `def`)"
    if inspect.isgenerator(value):
        if value.gi_code.co_name == "<genexpr>":
            return "a generator, as `(… for …)` makes one"
        return "a generator, as `yield` makes them (write `return`)"
    if callable(value):
        return "a function" if not isinstance(value, type) else "a class"
    return f"a value of type {type(value).__name__}"


def whole(number):
    """A whole number of Python's in words: it may be longer than anybody reads.

    >>> whole(12), whole(10**5000)
    ('12', 'a whole number of about 5,000 digits')
    """
    if abs(number) < 10**DIGITS:
        return str(number)
    return f"a whole number of about {number.bit_length() * math.log10(2):,.0f} digits"


def reused(answer, given):
    """The places, among what was given, of arrays in whose memory an answer lies, whole or in part.

    >>> x = np.zeros((2, 3))
    >>> reused((x.T, np.ones(2)), (np.ones(4), x))
    [1]
    """
    parts = [one for one in (answer if isinstance(answer, tuple | list) else [answer]) if isinstance(one, np.ndarray)]
    arrays = [(i, one) for i, one in enumerate(given) if isinstance(one, np.ndarray)]
    return [i for i, one in arrays if any(np.may_share_memory(part, one) for part in parts)]


@where_it_lives
def overwrites(function: Callable, first: tuple, second: tuple) -> bool:
    """Whether a second call changes what the first one has returned.

    >>> kept = np.zeros(2)
    >>> overwrites(lambda x: np.add(x, 1, out=kept), (np.zeros(2),), (np.ones(2),))
    True
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = function(*copied(first))
            before = numbers_in(answer)
            function(*copied(second))
    except Exception:  # noqa: BLE001 - the other numbers are none that an answer has to take
        return False
    return not all(map(np.array_equal, before, numbers_in(answer)))


def numbers_in(answer: object) -> list:
    """A copy of the numbers of an answer that is an array, or of several; lists without arrays in them have none."""
    parts = answer if isinstance(answer, list | tuple) else [answer]
    numbers = [as_numbers(part) for part in parts if hasattr(part, "dtype")]
    return [np.nan_to_num(one) for one in numbers if one is not None]


def copied(args):
    """A deep copy of arguments in which each array lies in memory the way it did: backwards, or with gaps.

    >>> copied((np.zeros((4, 6))[::-1, ::2],))[0].strides[0] < 0
    True
    >>> copied((np.zeros((3, 4, 5)).swapaxes(0, 1),))[0].swapaxes(0, 1).flags.c_contiguous
    True
    """
    return copy.deepcopy(args, {id(one): _as_it_lay(one) for one in args if _is_view(one)})


def _is_view(value):
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and not value.flags.forc


def _as_it_lay(array):
    order = np.argsort([-abs(stride) for stride in array.strides], kind="stable")
    sizes = [array.shape[axis] for axis in order]
    reach = sum((size - 1) * abs(stride) for size, stride in zip(array.shape, array.strides, strict=True))
    is_dense = reach == (array.size - 1) * array.itemsize
    new = np.empty(sizes, array.dtype) if is_dense else np.empty((*sizes, 2), array.dtype)[..., 0]
    new = new[tuple(slice(None, None, 1 if array.strides[axis] >= 0 else -1) for axis in order)]
    new = new.transpose(np.argsort(order))
    new[...] = array
    return new


def forget_numbers():
    """Overwrite what NumPy has set free, so that what an answer leaves unwritten in `np.empty` is not right by luck."""
    for size in range(1, 128):  # NumPy keeps blocks of less than 1024 bytes by their size
        np.empty(size).fill(np.nan)


def as_numbers(value):
    """`value` as an array of float64 (or int64) that nobody else holds, or None where it is not numeric.

    Torch tensors count as arrays; bools, complex numbers, objects and text do not count as numbers.
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = (value.float() if value.dtype.is_floating_point and value.element_size() < 4 else value).numpy()
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):  # ragged nested lists, or an object that only pretends to be an array
        return None
    if array.dtype.kind == "f":
        return np.array(array, dtype=np.float64)
    return np.array(array) if array.dtype.kind in "iu" else None
