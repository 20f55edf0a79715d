"""Which array of a line was asked for a place that it does not have: read off the line and the values it worked on."""

import ast
from typing import Any

from course_utils.checking.calls import is_learners


def local_values(error: BaseException) -> dict[str, object]:
    """The names and values in the last frame of the learner's own code; {} where the error comes from elsewhere."""
    found, step = {}, error.__traceback__
    while step is not None:
        if is_learners(step.tb_frame.f_code.co_filename):
            found = step.tb_frame.f_locals
        step = step.tb_next
    return found


def overrun(line: str, values: dict[str, Any], axis: int, size: int) -> list[str]:
    """The arrays of that size whose index on that axis goes beyond it, from left to right, as Python looks at them.

    >>> import numpy as np
    >>> overrun("y[o] += weight[c, o] * x[c]", {"weight": np.ones((5, 3)), "x": np.ones(3), "o": 3, "c": 0}, 1, 3)
    ['weight']
    """
    found = []
    subscripts = [node for node in _nodes(line) if isinstance(node, ast.Subscript)]
    for node in sorted(subscripts, key=lambda node: node.col_offset):
        shape = _shape(node.value, values)
        index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(shape) > axis and shape[axis] == size and len(index) > axis:
            place = _value(index[axis], values)
            if place is not None and not -size <= place < size:
                found.append(ast.unparse(node.value))
    return found


def zeros(line: str, values: dict[str, Any]) -> list[str]:
    """What a line divides by that is 0, as far as that can be read off.

    >>> zeros("return sum(losses) / len(losses)", {"losses": []})
    ['len(losses)']
    """
    parted = [node for node in _nodes(line) if isinstance(getattr(node, "op", None), ast.Div | ast.FloorDiv | ast.Mod)]
    by = [node.right if isinstance(node, ast.BinOp) else node.value for node in parted]
    return [ast.unparse(node) for node in by if _value(node, values) == 0]


def _nodes(line):
    """All parts of a line of code; none where it is no whole statement."""
    try:
        return list(ast.walk(ast.parse(line.strip().rstrip(":"))))
    except SyntaxError:
        return []


def _shape(node, values):
    """The shape of `x`, or of `x[c]`, which has an axis less; () of anything else."""
    if isinstance(node, ast.Subscript) and _value(node.slice, values) is not None:
        return _shape(node.value, values)[1:]
    return tuple(getattr(values.get(getattr(node, "id", "")), "shape", ()))


def _value(node, values):
    """The whole number that a simple index is: a name, a number, a sum or a difference of them; else None."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.Name) and type(values.get(node.id)) is int:
        return values[node.id]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len" and len(node.args) == 1:
        held = values.get(getattr(node.args[0], "id", ""))
        return len(held) if isinstance(held, list | tuple | dict | str | set) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        a, b = _value(node.left, values), _value(node.right, values)
        if None not in (a, b):
            return a + b if isinstance(node.op, ast.Add) else a - b
    return None
