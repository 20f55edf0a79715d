"""Small changes of somebody's code: one sign, name, number, order or pair of brackets each, and what is said of it."""

import ast
from collections.abc import Callable, Iterator

OTHER = {
    ast.Add: [ast.Sub, ast.Mult], ast.Sub: [ast.Add], ast.Mult: [ast.Div, ast.Add, ast.MatMult], ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div], ast.MatMult: [ast.Mult], ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq],
    ast.And: [ast.Or], ast.Or: [ast.And],
}  # fmt: skip
SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.MatMult: "@", ast.Lt: "<",
    ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.And: "and", ast.Or: "or",
}  # fmt: skip
FUNCTIONS = {
    "sum": ["mean"], "mean": ["sum"], "max": ["maximum", "min"], "min": ["minimum", "max"], "maximum": ["minimum"],
    "minimum": ["maximum"], "any": ["all"], "all": ["any"], "argmax": ["argmin"], "argmin": ["argmax"],
    "floor": ["ceil"], "zeros": ["ones"], "ones": ["zeros"], "var": ["std"], "std": ["var"], "vstack": ["hstack"],
}  # fmt: skip


def changes(tree: ast.AST) -> Iterator[tuple[Callable, ast.AST, str]]:
    """`(put, node, what is said)` of each change; `put()` makes it in the tree, `put(back=True)` takes it back."""
    names = sorted(_names(tree))
    body = [one for part in getattr(tree, "body", []) for one in getattr(part, "body", [])]
    places = [place for statement in body for place in _places(statement)]
    for kind in (_slips, _brackets, _products, _totals, _orders, _signs, _functions, _numbers, _too_much):
        for parent, field, i, node in places:
            for new, said in kind(node):
                yield _putter(parent, field, i, node, new), node, said
    for parent, field, i, node in places:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names and field != "func":
            for other in names:
                if other != node.id:
                    new = ast.copy_location(ast.Name(other, ast.Load()), node)
                    yield _putter(parent, field, i, node, new), node, f"is `{node.id}` what belongs there?"


def _putter(parent, field, i, old, new):
    def put(back=False):
        if i is None:
            setattr(parent, field, old if back else new)
        else:
            getattr(parent, field)[i] = old if back else new

    return put


def _names(tree):
    """What the function is given and what it sets: names that may be taken for each other."""
    given = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} - {"self"}
    return given | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _places(statement):
    """Every expression and statement below a statement, with where it hangs."""
    for parent in ast.walk(statement):
        for field, value in ast.iter_fields(parent):
            for i, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(node, ast.expr | ast.stmt) and not isinstance(parent, ast.JoinedStr):
                    yield parent, field, i, node


def _slips(node):
    """`np.max(a, 0)` for `np.maximum(a, 0)`."""
    if isinstance(node, ast.Call) and len(node.args) > 1 and getattr(node.func, "attr", "") in ("max", "min"):
        func = ast.Attribute(node.func.value, FUNCTIONS[node.func.attr][0], ast.Load())
        said = f"`{node.func.attr}(a, 0)` is the one largest or smallest number along axis 0, not one at each place."
        yield ast.Call(func, node.args, node.keywords), said


def _brackets(node):
    """`a / b * c` for `a / (b * c)`, `a + b * c` for `(a + b) * c`, and the like."""
    said = "`*` and `/` go before `+` and `-`, and equals go from left to right. Where do brackets belong?"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from ((new, said) for new in _joined_first(node, node.right))
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp):
        inner = node.left
        if isinstance(inner.op, ast.Div | ast.FloorDiv | ast.Mult | ast.Sub):
            new = ast.BinOp(inner.left, inner.op, ast.BinOp(inner.right, node.op, node.right))
            yield new, said


def _joined_first(node, right):
    """`a + b * c * d` with `a + b`, or `a + b * c`, in brackets."""
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult | ast.Div | ast.FloorDiv):
        yield ast.BinOp(ast.BinOp(node.left, node.op, right.left), right.op, right.right)
        for inner in _joined_first(node, right.left):
            yield ast.BinOp(inner, right.op, right.right)


def _products(node):
    """A matrix product with a factor transposed, or with both in the other order."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.MatMult):
        return
    said = "one of the two matrices has to be transposed, or not to be, or they stand in the wrong order."
    sides = [[side, side.value if _is_transposed(side) else ast.Attribute(side, "T", ast.Load())]
             for side in (node.left, node.right)]  # fmt: skip
    for left in sides[0]:
        for right in sides[1]:
            if (left, right) != (node.left, node.right):
                yield ast.BinOp(left, node.op, right), said
            yield ast.BinOp(right, node.op, left), said


def _is_transposed(node):
    return isinstance(node, ast.Attribute) and node.attr == "T"


def _totals(node):
    """`=` where a total should grow."""
    if (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name | ast.Subscript)
    ):
        yield ast.AugAssign(node.targets[0], ast.Add(), node.value), "`=` sets a value anew. Should it grow there?"
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value), "it changes what was there before. Is that wanted?"


def _orders(node):
    """Two things in each other's place."""
    said = "two things have changed places."
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        yield from ((ast.Tuple(items, node.ctx), said) for items in _exchanged(node.elts))
    if isinstance(node, ast.Call):
        yield from ((ast.Call(node.func, args, node.keywords), said) for args in _exchanged(node.args))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv):
        yield ast.BinOp(node.right, node.op, node.left), said
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "->" in node.value:
        for found in _exchanged(node.value):
            if sorted(found) == sorted(node.value) and "->" in found:
                yield ast.Constant(found), "look at the order of the letters of your einsum."


def _exchanged(items):
    for i in range(len(items) - 1):
        yield items[:i] + items[i + 1 : i + 2] + items[i : i + 1] + items[i + 2 :]


def _signs(node):
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.BinOp):
        if isinstance(node.left.op, ast.Add):  # a + b + c for a + b * c
            product = ast.BinOp(node.left.right, ast.Mult(), node.right)
            yield ast.BinOp(node.left.left, ast.Add(), product), "look at the `+`."
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        for kind in OTHER.get(type(node.op), []):
            new = type(node)(**{**dict(ast.iter_fields(node)), "op": kind()})
            yield new, f"look at the `{SIGNS[type(node.op)]}`."
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for kind in OTHER.get(type(node.ops[0]), []):
            yield ast.Compare(node.left, [kind()], node.comparators), f"look at the `{SIGNS[type(node.ops[0])]}`."


def _functions(node):
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for other in FUNCTIONS.get(name, []):
            func = ast.Name(other, ast.Load())
            if isinstance(node.func, ast.Attribute):
                func = ast.Attribute(node.func.value, other, ast.Load())
            yield ast.Call(func, node.args, node.keywords), f"look at the `{name}`."


def _numbers(node):
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for value in (node.value + 1, node.value - 1):
            yield ast.Constant(value), f"look at the number {node.value}."


def _too_much(node):
    said = "there is something too much."
    if isinstance(node, ast.BinOp):
        yield from ((side, said) for side in (node.left, node.right))
    if isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield node.operand, said
    if isinstance(node, ast.Call) and node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0], said
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield node.func.value, said
    if isinstance(node, ast.stmt) and isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.If):
        yield ast.Pass(), "this is too much."
