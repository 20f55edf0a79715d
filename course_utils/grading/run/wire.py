"""What may pass between a student's process and the checker: numbers, text, lists, arrays. Nothing that acts.

A value is JSON; arrays go beside it as raw bytes. Whoever receives one reads lengths, types and names from tables and
makes the value anew from them. Whatever else a value is (a function, an object of a learner's class) stays where it is
and goes as a number that stands for it.
"""

import dataclasses
import json
import math
import re

import numpy as np

from course_utils.base import bounded
from course_utils.experiments.claims import Claim
from course_utils.grading.run import networks

SIZE_MAX, TEXT_MAX = 100_000_000, 40_000_000  # bytes of one message, and of what is not arrays
VALUES_MAX, DEEPEST = 500_000, 250  # values in one message; some of our brackets stand for one of Python's
ARRAYS_MAX, AXES_MAX = 20_000, 32
KINDS = "biufcUS"  # kinds of arrays: numbers, bools and text, and no objects
KIND = re.compile(r"[<>|=]?(b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[US][1-9]\d{0,5})")
DTYPES = """float64 float32 float16 bfloat16 complex64 complex128 int64 int32 int16 int8 uint64 uint32 uint16 uint8
    bool""".split()
CLAIM = (int,), (str,), (str,), (str,), (int, float), (int, float)  # what the fields of a claim may be
LETTERS = 0x110000  # characters that there are
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RuntimeError, MemoryError)


class Unfit(Exception):
    """A value or message that does not pass; the message of the exception says why."""


def send(connection, message, keep):
    """Send a message; `keep(value)` returns the description of a value that stays here."""
    arrays = []
    try:
        text = json.dumps(_packed(message, arrays, keep)).encode()
    except RecursionError:
        raise Unfit("a value that is nested too deeply, or holds itself") from None
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        raise Unfit("a whole number of thousands of digits") from None
    if len(text) + sum(array.nbytes for array in arrays) > SIZE_MAX or len(text) > TEXT_MAX:
        raise Unfit(f"a value of more than {SIZE_MAX:,} bytes")
    held, deep = bounded.measure(text, VALUES_MAX)
    if held > VALUES_MAX or deep > DEEPEST or len(arrays) > ARRAYS_MAX:
        raise Unfit(f"a value of more than {VALUES_MAX:,} parts, or nested too deeply")
    connection.send_bytes(len(arrays).to_bytes(4, "little") + text, *(array.tobytes() for array in arrays))


def receive(connection, known):
    """Receive a message; `known(description)` returns what stands for a value that stayed on the other side."""
    try:
        head = connection.recv_bytes(TEXT_MAX + 4)
        left, arrays, count = SIZE_MAX - len(head), [], int.from_bytes(head[:4], "little")
        if count > ARRAYS_MAX:
            raise ValueError("arrays")
        message = bounded.loads(head[4:], VALUES_MAX, DEEPEST)
        for _ in range(count):
            arrays.append(connection.recv_bytes(max(left, 0)))
            left -= len(arrays[-1])
        return _unpacked(message, arrays, known)
    except UNREADABLE as error:
        raise Unfit(f"something that cannot be read ({type(error).__name__})") from None


def _packed(value, arrays, keep):
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if isinstance(value, list):
        return [_packed(item, arrays, keep) for item in value]
    if isinstance(value, tuple):
        return {"is": "tuple", "items": [_packed(item, arrays, keep) for item in value]}
    if isinstance(value, dict):
        pairs = [[_packed(part, arrays, keep) for part in pair] for pair in value.items()]
        return {"is": "dict", "items": pairs}
    if isinstance(value, complex) and kind is complex:
        return {"is": "complex", "parts": [value.real, value.imag]}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in KINDS and value.dtype.itemsize:
        return _packed_array(value, arrays) | {"is": "scalar" if isinstance(value, np.generic) else "array"}
    if hasattr(kind, "detach") and kind.__module__.startswith("torch") and (numbers := _as_array(value)) is not None:
        return _packed_tensor(value, numbers, arrays)
    if kind is np.random.Generator:
        return {"is": "generator", "state": _packed(value.bit_generator.state, arrays, keep)}
    if kind is Claim and _are_a_claims(fields := dataclasses.astuple(value)):
        return {"is": "claim", "fields": list(fields)}
    if networks.is_plain(value):
        parts = [_packed(one, arrays, keep) for one in networks.described(value)]
        return {"is": "network", "type": type(value).__name__, "parts": parts}
    return {"is": "kept", **keep(value)}


def _packed_array(value, arrays):
    """Its numbers in the order in which they lie in memory: a transposed view arrives as one."""
    value = np.asarray(value)
    order = sorted(range(value.ndim), key=lambda axis: -abs(value.strides[axis]))
    arrays.append(np.ascontiguousarray(value.transpose(order)))
    return {"type": value.dtype.str, "shape": [value.shape[axis] for axis in order], "order": order}


def _as_array(value):
    """A tensor's numbers, or None where NumPy has none of its kind: sparse, quantized, without numbers."""
    import torch

    try:
        numbers = value.detach().cpu()
        return (numbers.float() if numbers.dtype is torch.bfloat16 else numbers).numpy()
    except (TypeError, RuntimeError):
        return None


def _packed_tensor(value, numbers, arrays):
    return _packed_array(numbers, arrays) | {"is": "tensor", "torch": str(value.dtype).removeprefix("torch.")}


def _unpacked(value, arrays, known):
    if isinstance(value, list):
        return [_unpacked(item, arrays, known) for item in value]
    if not isinstance(value, dict):
        return value
    match value["is"]:
        case "tuple":
            return tuple(_unpacked(item, arrays, known) for item in value["items"])
        case "dict":
            return {_unpacked(key, arrays, known): _unpacked(item, arrays, known) for key, item in value["items"]}
        case "complex":
            return complex(*map(float, value["parts"][:2]))
        case "array":
            return _array(value, arrays)
        case "scalar":
            return _scalar(_array(value, arrays))
        case "tensor":
            return _tensor(value, arrays)
        case "generator":
            return _generator(_unpacked(value["state"], arrays, known))
        case "network":
            return _network(value["type"], *(_unpacked(one, arrays, known) for one in value["parts"]))
        case "claim":
            return _claim(value["fields"])
        case "kept":
            return known(value)
    raise ValueError(value["is"])


def _are_a_claims(fields):
    return len(fields) == len(CLAIM) and all(type(one) in kinds for one, kinds in zip(fields, CLAIM, strict=True))


def _claim(fields):
    """A sentence of the article, of which lesson 13's verdicts speak: it is nothing but text and numbers."""
    if type(fields) is not list or not _are_a_claims(fields):
        raise ValueError("fields")
    return Claim(*fields)


def _array(value, arrays):
    """An array of this type and shape, made of the bytes that came for it."""
    shape, order = _sizes(value["shape"]), _sizes(value["order"])
    if not KIND.fullmatch(value["type"]) or sorted(order) != list(range(len(shape))):
        raise ValueError("type or order")
    kind, content = np.dtype(value["type"]), arrays.pop(0)
    if math.prod(shape) * kind.itemsize != len(content):
        raise ValueError("size")
    numbers = np.ndarray(shape, kind, bytearray(content))  # which can be written to, as an array can
    if kind.kind == "b":  # a byte is no bool
        numbers = np.ndarray(shape, np.uint8, bytearray(content)) != 0
    elif kind.kind == "U" and content and np.frombuffer(content, kind.byteorder + "u4").max() >= LETTERS:
        raise ValueError("text")
    return numbers.transpose(np.argsort(order) if order else ())


def _sizes(given):
    """Lengths or places of axes: a short list of integers that are not negative."""
    if not (type(given) is list and len(given) <= AXES_MAX and all(type(one) is int and one >= 0 for one in given)):
        raise ValueError("sizes")
    return given


def _scalar(array):
    if array.shape:
        raise ValueError("scalar")
    return array[()]


def _tensor(value, arrays):
    import torch

    if value["torch"] not in DTYPES:
        raise ValueError("type")
    return torch.from_numpy(_array(value, arrays)).to(getattr(torch, value["torch"]))


def _network(name, own, weights, buffers, inner):
    parts = own, weights, buffers, inner
    if not all(type(part) is dict and all(type(one) is str for one in part) for part in parts):
        raise ValueError("parts")
    layers = [one for one in inner.values() if one is not None]
    if not all(type(one).__name__ in networks.LAYERS and type(one).__module__.startswith("torch.nn") for one in layers):
        raise ValueError("layers")
    return networks.made(name, *parts)


def _generator(state):
    made = np.random.PCG64()
    numbers = [*state["state"].values(), state["has_uint32"], state["uinteger"]]
    if state["bit_generator"] != "PCG64" or not all(type(one) is int and 0 <= one < 1 << 128 for one in numbers):
        raise ValueError("state")
    made.state = state
    return np.random.Generator(made)
