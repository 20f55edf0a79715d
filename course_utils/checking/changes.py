"""Small changes of somebody's code: one sign, name, number, order or pair of brackets each, and what is said of it."""

import ast
from collections.abc import Callable, Iterator

from course_utils.checking.looks import looks
from course_utils.checking.moves import moves
from course_utils.checking.orders import brackets, orders, turned

OTHER = {
    ast.Add: [ast.Sub, ast.Mult], ast.Sub: [ast.Add], ast.Mult: [ast.Div, ast.Add, ast.MatMult], ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div], ast.MatMult: [ast.Mult], ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq],
    ast.And: [ast.Or], ast.Or: [ast.And], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is],
}  # fmt: skip
SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.MatMult: "@", ast.Lt: "<",
    ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.And: "and", ast.Or: "or",
    ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip
FUNCTIONS = {
    "sum": ["mean", "max"], "mean": ["sum", "max"], "max": ["maximum", "min", "mean"],
    "min": ["minimum", "max"], "maximum": ["minimum"], "minimum": ["maximum"],
    "any": ["all"], "all": ["any"], "argmax": ["argmin"], "argmin": ["argmax"],
    "floor": ["ceil"], "zeros": ["ones"], "ones": ["zeros"], "var": ["std"], "std": ["var"], "vstack": ["hstack"],
}  # fmt: skip


NUMBERS = (-1, 0, 1, 2, 3)  # axes and places
UNCALLED = {"is_available", "copy", "item", "detach", "cpu", "numpy", "sum", "mean", "max", "min", "any", "all"}


def changes(tree: ast.AST) -> Iterator[tuple[Callable, ast.AST, str]]:
    """`(put, node, what is said)` of each change; `put()` makes it in the tree, `put(back=True)` takes it back."""
    places = list(_places(tree))
    where = {id(node): (parent, field, i) for parent, field, i, node in places}
    single = _of_kind(_slips, places)
    at_once = [*_everywhere(single + _of_kind(turned, places), lambda node, new, said: said)]
    for kind in (brackets, _products, _totals, _cases, orders, turned, _signs):
        single += _of_kind(kind, places)
    single += [(loop, new, said, where[id(loop)]) for loop, new, said in moves(tree)]
    for kind in (_functions, _numbers, *looks(tree), _too_much, _other_names(tree)):
        single += _of_kind(kind, places)
    for node, new, said, at in single:
        yield _putter(at, node, new), node, said
    yield from at_once
    yield from _everywhere(single, lambda node, new, said: (ast.dump(node), ast.dump(new)))


def _everywhere(single, kind):
    """One slip that somebody has made wherever it could be made."""
    alike: dict[object, list] = {}
    for node, new, said, at in single:
        if isinstance(node, ast.expr):
            alike.setdefault(kind(node, new, said), []).append((node, said, _putter(at, node, new)))
    for found in alike.values():
        if len(found) > 1:
            node, said, _ = found[0]
            yield (lambda back=False, found=found: [put(back) for *_, put in found]), node, said


def _of_kind(kind, places):
    return [(node, new, said, at) for *at, node in places for new, said in kind(node)]


def _other_names(tree):
    names = sorted(_names(tree))

    def others(node):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            for other in names:
                if other != node.id:
                    yield ast.copy_location(ast.Name(other, ast.Load()), node), f"is `{node.id}` what belongs there?"

    return others


def _putter(at, old, new):
    parent, field, i = at

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


def _places(tree):
    """Every expression and statement of a function or a class, with where it hangs."""
    for part in getattr(tree, "body", []):
        lines = getattr(part, "body", [])
        yield from ((part, "body", i, line) for i, line in enumerate(lines))
        for parent in (node for line in lines for node in ast.walk(line)):
            for field, value in ast.iter_fields(parent):
                for i, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                    if isinstance(node, ast.expr | ast.stmt) and not isinstance(parent, ast.JoinedStr):
                        yield parent, field, i, node


def _slips(node):
    """Python that looks right and means something else: `np.max(a, 0)`, `range(n - 1)`, `k * 2`, `x.copy`."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range" and node.args:
        stop = node.args[-1]
        if isinstance(stop, ast.BinOp) and isinstance(stop.op, ast.Sub) and getattr(stop.right, "value", 0) == 1:
            yield ast.Call(node.func, [*node.args[:-1], stop.left], []), "`range(n)` already stops before n."
    if isinstance(node, ast.Attribute) and node.attr in UNCALLED and isinstance(node.ctx, ast.Load):
        yield ast.Call(node, [], []), "a function without brackets is not called, and it counts as true."
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and getattr(node.right, "value", 0) == 2:
        last = node.left.right if isinstance(node.left, ast.BinOp) else node.left
        square = ast.BinOp(last, ast.Pow(), node.right)
        new = ast.BinOp(node.left.left, node.left.op, square) if last is not node.left else square
        yield new, f"`{ast.unparse(last)} * 2` is twice `{ast.unparse(last)}`, and no square."
    if isinstance(node, ast.Call) and len(node.args) > 1 and getattr(node.func, "attr", "") in ("max", "min"):
        func = ast.Attribute(node.func.value, FUNCTIONS[node.func.attr][0], ast.Load())
        said = f"`{node.func.attr}(a, 0)` is the one largest or smallest number along axis 0, not one at each place."
        yield ast.Call(func, node.args, node.keywords), said


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


def _cases(node):
    """Two cases of a condition in each other's place."""
    if isinstance(node, ast.If | ast.IfExp):
        said = f"what is done where `{ast.unparse(node.test)}` is so belongs to the other case."
        new = ast.UnaryOp(ast.Not(), node.test)
        yield type(node)(new, node.body, node.orelse), said


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
        near = [node.value + 1, node.value - 1]
        for value in dict.fromkeys(near + [one for one in NUMBERS if node.value in NUMBERS and one != node.value]):
            yield ast.Constant(value), f"look at the number {node.value}."


def _too_much(node):
    said = "there is something too much."
    if isinstance(node, ast.BinOp):
        yield from ((side, said) for side in (node.left, node.right))
    if isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield node.operand, said
    is_joined = getattr(getattr(node, "value", None), "attr", "") in ("c_", "r_")  # np.c_ as an array has no end
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and not is_joined or _is_transposed(node):
        yield node.value, said
    if isinstance(node, ast.Call) and node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0], said
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield node.func.value, said
    if isinstance(node, ast.stmt) and isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.If):
        yield ast.Pass(), "this is too much."
