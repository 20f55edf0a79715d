"""A value as Python text: what can be pasted and run, and read beside another one."""

import re
from typing import Any

import numpy as np

PLAIN = (np.dtype(float), np.dtype(int), np.dtype(bool))
DIGITS = 6
ROUNDING = 1e-12  # what is left of a sum that cancels is shown as 0


def literal(value: Any) -> str:
    """A value as somebody would type it.

    >>> literal(np.array([[1.0, 0.5]])), literal(3), literal(np.float64(2)), literal([1, None])
    ('np.array([[1., 0.5]])', '3', '2.0', '[1, None]')
    """
    if isinstance(value, np.ndarray):
        kind = "" if value.dtype in PLAIN else f", dtype={_kind(value.dtype)}"
        return f"np.zeros({value.shape})" if value.size == 0 else f"np.array({_numbers(value.tolist())}{kind})"
    if hasattr(value, "detach"):
        kind = str(value.dtype)
        kind = "" if kind in ("torch.float32", "torch.int64") else f", dtype={kind}"
        return f"torch.tensor({_numbers(value.detach().cpu().tolist())}{kind})"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return _float(value) if value % 1 else f"{value + 0.0:.1f}" if abs(value) < 1e15 else repr(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(map(literal, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {literal(one)}" for key, one in value.items()) + "}"
    if value is None or isinstance(value, bool | int | str):
        return repr(value)
    return f"a {type(value).__name__}"


def _kind(dtype):
    """A type of numbers as it is typed: NumPy has a name for each kind of number, and none for objects and text."""
    return f"np.{dtype.name}" if dtype.kind in "iufc" else "object" if dtype.kind == "O" else repr(dtype.str)


def _numbers(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    return _float(value) if isinstance(value, float) else repr(value)


def _float(value):
    """A float of few digits, as NumPy prints it in an array: `1.`, `0.5`."""
    value = 0.0 if abs(value) < ROUNDING else value
    text = f"{value + 0.0:.{DIGITS}g}"
    return text if re.search(r"[.en]", text) else f"{text}."
