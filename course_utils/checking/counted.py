"""Which axis a size or an index of the learner's counts, by where it comes from, and at which axis it stands."""

import ast

from course_utils.checking.calls import Call
from course_utils.checking.quantities import Clue
from course_utils.checking.sizes import axes_of
from course_utils.exercises.spec import Case, Exercise

CALLED = {
    "n": "n", "batch": "n", "h": "h", "height": "h", "w": "w", "width": "w", "c": "c", "ch": "c", "channels": "c",
    "c_in": "c", "cin": "c", "in_channels": "c", "c_out": "c_out", "cout": "c_out", "o": "c_out",
    "out_channels": "c_out",
}  # fmt: skip
KNOWN = {"n", "c", "c_out", "h", "w"}


def _usual(name):
    """What an axis or a name for its size is usually called: `c` for `c_in`, "" where nobody can tell."""
    return CALLED.get(name.lower(), "")


def _axes(exercise, tree, one):
    """The names of the axes of each argument that is an array and keeps its name."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    arrays = zip(exercise.parameters, one.args, strict=False)
    found = {name: axes_of(exercise, name, getattr(value, "ndim", 0)) for name, value in arrays if name not in stored}
    return {name: axes for name, axes in found.items() if axes}


def _sizes(tree, axes):
    """`(name, array, axis, node)` for each name that gets one size of an argument's shape."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], node.value
        array = _shape_of(value)
        if array in axes and isinstance(target, ast.Tuple) and len(target.elts) == len(axes[array]):
            if all(isinstance(part, ast.Name) for part in target.elts):
                yield from ((part.id, array, i, node) for i, part in enumerate(target.elts))
        elif isinstance(target, ast.Name) and (found := _size_of(value, axes)):
            yield target.id, *found, node


def _shape_of(node):
    """The name of the array whose `.shape` this is, or ""."""
    is_shape = isinstance(node, ast.Attribute) and node.attr == "shape" and isinstance(node.value, ast.Name)
    return node.value.id if is_shape else ""


def _size_of(node, axes):
    """`(array, axis)` of `x.shape[1]` or `len(x)`, or None."""
    if isinstance(node, ast.Subscript) and (array := _shape_of(node.value)) in axes:
        index = node.slice
        if isinstance(index, ast.Constant) and type(index.value) is int and index.value < len(axes[array]):
            return array, index.value
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len" and len(node.args) == 1:
        array = getattr(node.args[0], "id", "")
        return (array, 0) if array in axes else None
    return None


def shape_out_of_order(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`n, h, w, c = x.shape` of an x whose axes are n, c, h, w."""
    axes = _axes(exercise, tree, one)
    for name, array, i, node in _sizes(tree, axes):
        usual = [_usual(axis) for axis in axes[array]]
        if _usual(name) in usual and usual[i] != _usual(name):
            said = f"In `{ast.unparse(node)}` the sizes have the wrong names"
            code = "TRN" if len(usual) == 2 else "AXS"
            return f"{said}: the axes of `{array}` are {', '.join(axes[array])}.", code
    return None


def _counters(tree, axes):
    """The axis that each name of a loop goes along: `range(h)` along h; None where two loops disagree."""
    sizes = {}
    for name, array, i, _ in _sizes(tree, axes):
        sizes[name] = _usual(axes[array][i]) if name not in sizes else None
    counters: dict[str, str | None] = {}
    for node in ast.walk(tree):
        is_loop = isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name)
        if not is_loop or getattr(getattr(node.iter, "func", None), "id", "") != "range" or not node.iter.args:
            continue
        stop = node.iter.args[min(1, len(node.iter.args) - 1)]
        found = _size_of(stop, axes)
        along = _usual(axes[found[0]][found[1]]) if found else sizes.get(getattr(stop, "id", ""))
        name = node.target.id
        counters[name] = along if counters.get(name, along) == along else None
    return {name: along for name, along in counters.items() if along in KNOWN}


def index_out_of_place(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`x[n, i, j, c]` of an x whose axes are n, c, h, w, where i goes along h."""
    axes = _axes(exercise, tree, one)
    counters = _counters(tree, axes)
    for answer in _returned(tree):
        axes.setdefault(answer, exercise.axes.split())
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript):
            continue
        array = getattr(node.value, "id", "")
        index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if array not in axes or len(index) != len(axes[array]):
            continue
        for place, axis in zip(index, axes[array], strict=True):
            name = getattr(place, "id", "")
            along = counters.get(name)
            if along and _usual(axis) in KNOWN and along != _usual(axis):
                along = "c_in" if along == "c" and _usual(axis) == "c_out" else along
                said = f"In `{ast.unparse(node)}` the index `{name}` counts {along} and stands at the axis {axis}"
                return f"{said}.", "TRN" if len(index) == 2 else "AXS"
    return None


def _returned(tree):
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    return {value.id for value in returned if isinstance(value, ast.Name)}


def text_for_a_truth(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`prefer == "auto" or "cuda"`: a text counts as true."""
    for node in ast.walk(tree):
        for part in node.values if isinstance(node, ast.BoolOp) else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                said = f"In `{ast.unparse(node)}` the text {part.value!r} stands alone, and a text counts as true"
                return f"{said}: each side of `and` and `or` is a question of its own.", "ORD"
    return None
