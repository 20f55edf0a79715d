"""What the text of the learner's code says about a slip that the numbers have no name for.

Only facts are told, each read off the code itself: which axis a loop counts and at which one its index stands, in which
order a shape is taken apart, what `^` or an `if … else` really does.
"""

import ast
from collections.abc import Callable

from course_utils.base.source import source_of, tree_of
from course_utils.checking.called import lost_list, misspelt, no_self, none_of_a_method, place_before_thing
from course_utils.checking.calls import Call, call, own_line
from course_utils.checking.counted import index_out_of_place, shape_out_of_order, text_for_a_truth
from course_utils.checking.in_vain import returns_at_once, thrown_away
from course_utils.checking.quantities import Clue
from course_utils.checking.sizes import axes_of
from course_utils.exercises.spec import Case, Exercise

MAKERS = {"zeros", "ones", "empty"}
PARTS = 2  # axes of an array that `@` works on


def read(exercise: Exercise, function: Callable, one: Case, result: Call) -> Clue | None:
    """What the code says about what it did with a case, with the code of a misconception; None where it says nothing.

    >>> from course_utils.exercises import find
    >>> read(find("count_maps"), max, Case("", ([1],)), Call(1))  # nobody has its code
    """
    tree = tree_of(source_of(function))
    if tree is None:
        return None
    looks = CRASHED if result.error else WRONG
    for look in looks:
        if found := look(exercise, tree, one, result):
            return found
    return None


def _svd_out_of_order(exercise, tree, one, result):
    """`s, u, vt = np.linalg.svd(x)`: the names do not choose what they get."""
    for node in ast.walk(tree):
        target = node.targets[0] if isinstance(node, ast.Assign) and _name(getattr(node.value, "func", None)) else None
        names = [_name(part) for part in target.elts] if isinstance(target, ast.Tuple) else []
        if len(names) == 3 and _name(node.value.func) == "svd" and names[0] in ("s", "sigma"):
            return f"np.linalg.svd hands out u, s, vt in this order: your `{names[0]}` is u.", "ORD"
    return None


def _hat(exercise, tree, one, result):
    if any(isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.BitXor) for node in ast.walk(tree)):
        return "`^` is no power in Python: it compares bits. A power is written `**`.", None
    return None


def _all_or_nothing(exercise, tree, one, result):
    """`return a + b if bias else 0`: the condition decides over the whole sum."""
    for node in ast.walk(tree):
        whole = node.value if isinstance(node, ast.Return | ast.Assign) else None
        is_sum = isinstance(whole, ast.IfExp) and isinstance(whole.body, ast.BinOp)
        other = getattr(whole, "orelse", None) if is_sum else None
        if isinstance(other, ast.Constant) and other.value == 0 and _is_zero(result.value):
            said = f"`… if {ast.unparse(whole.test)} else {other.value}` takes in everything that stands before it"
            return f"{said}, not its last term alone: put brackets round what the condition is about.", "ORD"
    return None


def _is_zero(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0


def _no_arrow(exercise, tree, one, result):
    for node in _calls(tree, "einsum"):
        text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else "->"
        if isinstance(text, str) and "->" not in text:
            said = "Without `->` einsum sums what occurs twice and puts the other letters in the order of the alphabet"
            return f"{said}: write an arrow, and after it the axes that are to come out.", "AXS"
    return None


def _calls(tree, *names):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in names]


def _name(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def _line(result):
    """The tree of the line that crashed, however much of a statement it is; an empty one where it cannot be read."""
    line = own_line(result.error).partition(": ")[2].strip()
    tree = tree_of(line) or tree_of(f"{line} pass") or tree_of(line.partition("return ")[2])
    return tree if tree is not None else ast.Module([], [])


def _whole_numbers(exercise, tree, one, result):
    """An answer of whole numbers where fractions are due: what it was written into holds no others."""
    got = getattr(result.value, "dtype", None)
    if getattr(got, "kind", "") not in tuple("iu"):
        return None
    right = call(exercise, exercise.oracle, one.args).value
    if getattr(right, "dtype", got).kind != "f" or not (right % 1).any():
        return None
    return "Your answer holds whole numbers only: fractions are cut off whenever you write one into it.", "PRC"


def _letters_in_another_order(exercise, tree, one, result):
    """`"nhwc,oc->nhwo"` for an x whose axes are n, c, h, w."""
    arrays = dict(zip(exercise.parameters, one.args, strict=False))
    for node in _calls(tree, "einsum"):
        text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        parts = text.partition("->")[0].replace(" ", "").split(",") if isinstance(text, str) else []
        for letters, operand in zip(parts, node.args[1:], strict=False):
            name = getattr(operand, "id", "")
            axes = axes_of(exercise, name, getattr(arrays.get(name), "ndim", 0))
            usual = ["o" if axis == "c_out" else axis.removesuffix("_in") for axis in axes]
            if sorted(letters) == sorted(usual) and list(letters) != usual:
                code = "TRN" if len(axes) == 2 else "AXS"
                return f"einsum gives `{name}` the letters {letters}, and its axes are {', '.join(axes)}.", code
    return None


def _numbers_for_places(exercise, tree, one, result):
    """`for c in v: … v[c]`: the loop hands out numbers, and an index asks for places."""
    if type(result.error).__name__ not in ("IndexError", "TypeError"):
        return None
    over = {
        node.target.id: node.iter.id
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name)
        if isinstance(node.iter, ast.Name) and node.iter.id in exercise.parameters
    }
    for node in ast.walk(_line(result)):
        for name in _names(node.slice) if isinstance(node, ast.Subscript) else ():
            if name in over:
                said = f"`for {name} in {over[name]}` hands out the numbers of `{over[name]}`, not their places"
                return f"{said}: an index needs `range(len({over[name]}))`.", "UNI"
    return None


def _names(index):
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def _argument_overwritten(exercise, tree, one, result):
    """`n, c, h, w = x.shape` where `w` was an argument."""
    if type(result.error).__name__ not in ("TypeError", "AttributeError"):
        return None
    crashed = _line(result)
    used = {node.id for node in ast.walk(crashed) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and ast.unparse(node) == ast.unparse(crashed):
            continue  # it has not come to give the name away
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.For) else []
        for name in (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)):
            is_unpacked = isinstance(node, ast.For) or isinstance(targets[0], ast.Tuple)
            is_unpacked = is_unpacked or isinstance(node.value, ast.Constant)
            if is_unpacked and name.id in used and name.id in exercise.parameters and isinstance(name.ctx, ast.Store):
                line = ast.unparse(node).partition("\n")[0].rstrip(":")
                return f"`{line}` gives the name `{name.id}` to something else, and the argument is lost.", "ARG"
    return None


def _largest_of_arrays(exercise, tree, one, result):
    if "ruth value" not in str(result.error):
        return None
    for node in _calls(_line(result), "max", "min"):
        if isinstance(node.func, ast.Name) and len(node.args) > 1:
            name = node.func.id
            other = f"np.{name}imum"
            return f"Python's `{name}(a, b)` compares two single numbers; `{other}` goes number by number.", None
    return None


def _sizes_not_in_one(exercise, tree, one, result):
    """`np.zeros(o, c, 3, 3)`: the shape is one argument."""
    for node in _calls(_line(result), *MAKERS) if isinstance(result.error, TypeError) else ():
        if len(node.args) > 1 and not isinstance(node.args[0], ast.Tuple | ast.List):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            return f"`{name}` takes all sizes as one argument: a second pair of brackets goes round them.", "TYP"
    return None


def _stacked_product(exercise, tree, one, result):
    """`weight @ x` of images: the product is one of the last two axes."""
    shapes = {name: getattr(value, "ndim", 0) for name, value in zip(exercise.parameters, one.args, strict=False)}
    if type(result.error).__name__ not in ("ValueError", "RuntimeError"):
        return None
    products = [node for node in ast.walk(_line(result)) if isinstance(getattr(node, "op", None), ast.MatMult)]
    if len(products) > 1 or "broadcast" in str(result.error):  # it need not be this one
        return None
    sides = [side for node in products if isinstance(node, ast.BinOp) for side in (node.left, node.right)]
    sides += [arg for node in _calls(_line(result), "matmul") for arg in node.args]
    for side in sides:
        if isinstance(side, ast.Name) and shapes.get(side.id, 0) > PARTS:
            said = f"`@` works on the last two axes of `{side.id}`, and takes those before them for a stack of matrices"
            return f"{said}. Which axis is to be summed?", "AXS"
    return None


def _number_by_number(exercise, tree, one, result):
    """`weight * columns`, where the sizes are those of a product of matrices."""
    said = str(result.error)
    shapes = said.partition("shapes ")[2].split() if "broadcast together" in said else []
    shapes = [one.strip("()").split(",") for one in shapes[:2]]
    is_product = len(shapes) == 2 and all(len(one) == 2 for one in shapes) and shapes[0][1] == shapes[1][0]
    signs = {type(node.op) for node in ast.walk(_line(result)) if isinstance(node, ast.BinOp)}
    told = "`*` multiplies number by number. The product of two matrices is `@`.", "SUM"
    return told if is_product and signs == {ast.Mult} else None


def _beyond_a_list(exercise, tree, one, result):
    """`channels[i + 1]` for the last i, or `kernels[0]` where there is no layer."""
    if not str(result.error).startswith("list index out of range"):
        return None
    for name, value in zip(exercise.parameters, one.args, strict=False):
        if isinstance(value, list) and not value:
            return f"`{name}` is an empty list here: what is right then?", "EDG"
    for node in ast.walk(_line(result)):
        index = node.slice if isinstance(node, ast.Subscript) else None
        if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Add) and isinstance(index.left, ast.Name):
            return f"`{ast.unparse(node)}`: at the last `{index.left.id}` there is no next one.", "EDG"
    return None


def _place_as_a_number(exercise, tree, one, result):
    """`image[:, :, 1]` of an image that has one channel only."""
    beyond = str(result.error).partition("index ")[2].partition(" is out of bounds")[0]
    is_image = " axis 0 " in str(result.error) and getattr(one.args[0] if one.args else None, "ndim", 0) > 1
    for node in () if is_image else ast.walk(_line(result)):  # whole images are another matter
        index = node.slice if isinstance(node, ast.Subscript) else None
        for part in index.elts if isinstance(index, ast.Tuple) else [index]:
            if isinstance(part, ast.Constant) and type(part.value) is int and str(part.value) == beyond:
                said = f"In `{ast.unparse(node)}` the place {beyond} is written as a number"
                return f"{said}. How many places there are is another number for each input: ask its `.shape`.", "EDG"
    return None


WRONG = (
    misspelt, returns_at_once, thrown_away, _svd_out_of_order, none_of_a_method, _hat, text_for_a_truth,
    _all_or_nothing, _no_arrow, _letters_in_another_order, shape_out_of_order, index_out_of_place, _whole_numbers,
)  # fmt: skip
CRASHED = (
    misspelt, lost_list, thrown_away, place_before_thing, no_self, _numbers_for_places, _argument_overwritten,
    _largest_of_arrays, _sizes_not_in_one, _beyond_a_list, _hat, _no_arrow, _letters_in_another_order,
    shape_out_of_order, index_out_of_place, _place_as_a_number, _number_by_number, _stacked_product,
)  # fmt: skip
