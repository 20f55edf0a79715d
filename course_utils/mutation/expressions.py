"""What else could stand in the place of an expression: the slips of the pen and of the mind that this field has."""

import ast
import re

BINARY = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
}
COMPARED = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
NAMED = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin", "argsort": "argmax", "any": "all",
    "all": "any", "maximum": "minimum", "minimum": "maximum", "ceil": "floor", "floor": "ceil", "ones": "zeros",
    "zeros": "ones", "zeros_like": "ones_like", "is_available": "is_built", "median": "mean", "eval": "train",
    "standard_normal": "random", "vstack": "hstack", "std": "var", "float32": "float16", "float64": "float32",
    "uint8": "int8", "int64": "int16", "hypot": "add",
}  # fmt: skip
SAME = "float copy ascontiguousarray contiguous asarray list tuple numpy".split()  # other containers, no other numbers
FILLED = ("zeros", "ones", "empty", "full")
MODULES = ("np", "torch", "nn", "F", "math", "tl", "statistics", "contest", "reduction", "cost", "claims", "data")
SUBSCRIPTS = re.compile(r"([a-z.]+(?:,\s*[a-z.]+)*)\s*->\s*([a-z.]*)")


def groups(tree):
    """Names that are easily taken for each other: indices of loops, and sizes that one line unpacks."""
    loops = [node.target for node in ast.walk(tree) if isinstance(node, ast.For | ast.comprehension)]
    unpacked = [
        t for node in ast.walk(tree) if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Tuple)
    ]
    together = [{n.id for target in loops for n in ast.walk(target) if isinstance(n, ast.Name)}]
    together += [{n.id for n in ast.walk(target) if isinstance(n, ast.Name)} for target in unpacked]
    return [sorted(names - {"_"}) for names in together]


def changes(node, parent, groups, arrays):
    """New expressions for the place of `node`."""
    if isinstance(parent, ast.keyword) and parent.arg == "strict" or isinstance(parent, ast.JoinedStr):
        return
    if isinstance(parent, ast.UnaryOp) and isinstance(node, ast.Constant):  # x[-1], reshape(-1)
        yield ast.Constant(0)
        return
    yield from CHANGES.get(type(node), _nothing)(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        near = {name for names in groups if node.id in names for name in names} - {node.id}
        yield from (ast.Name(name, ast.Load()) for name in sorted(near))
        if isinstance(parent, ast.Subscript | ast.Tuple) and any(node.id in names for names in groups[:1]):
            yield ast.BinOp(node, ast.Sub(), ast.Constant(1))
    if (
        isinstance(node, ast.Call)
        and _name(node) in FILLED
        and "dtype" not in [keyword.arg for keyword in node.keywords]
    ):
        for array in arrays:
            kind = ast.keyword("dtype", ast.Attribute(ast.Name(array, ast.Load()), "dtype", ast.Load()))
            yield ast.Call(node.func, node.args, [*node.keywords, kind])


def _nothing(node):
    return ()


def _binary(node):
    yield from (ast.BinOp(node.left, kind(), node.right) for kind in BINARY.get(type(node.op), []))
    yield from (node.left, node.right)


def _comparison(node):
    if len(node.ops) == 1:
        yield from (ast.Compare(node.left, [kind()], node.comparators) for kind in COMPARED[type(node.ops[0])])
    yield from (ast.Constant(True), ast.Constant(False))


def _unary(node):
    if not isinstance(node.operand, ast.Constant):
        yield node.operand


def _boolean(node):
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    yield from node.values


def _either(node):
    yield from (node.body, node.orelse)


def _constant(node):
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), _number(value - 1))
    elif isinstance(value, float):
        yield from (ast.Constant(value * 2 if value else 1.0), ast.Constant(0.0))
    elif isinstance(value, str) and (found := SUBSCRIPTS.fullmatch(value)):
        inputs, output = found.groups()
        yield from (ast.Constant(f"{inputs}->{other}") for other in _swaps(output))
        yield from (
            ast.Constant(f"{other}->{output}") for other in _swaps(inputs) if other.count(",") == inputs.count(",")
        )


def _number(value):
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _swaps(items):
    """The items with two neighbours exchanged, in all ways."""
    for i in range(len(items) - 1):
        yield items[:i] + items[i + 1 : i + 2] + items[i : i + 1] + items[i + 2 :]


def _tuple(node):
    yield from (type(node)(items, node.ctx) for items in _swaps(node.elts))
    if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield from (type(node)(node.elts[:-1], node.ctx), type(node)(node.elts[1:], node.ctx))


def _slice(node):
    one, last = ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1))
    yield from (ast.Slice(one if node.lower is None else None, node.upper, node.step),)
    yield from (ast.Slice(node.lower, last if node.upper is None else None, node.step),)
    if node.step is not None:
        yield ast.Slice(node.lower, node.upper, None)
    if node.upper is not None and not isinstance(node.upper, ast.Constant):
        yield ast.Slice(node.lower, ast.BinOp(node.upper, ast.Sub(), one), node.step)


def _call(node):
    name = _name(node)
    if name == "range":
        yield from _range(node)
    yield from (ast.Call(node.func, args, node.keywords) for args in _swaps(node.args))
    for i in [i for i, one in enumerate(node.keywords) if one.arg != "strict"]:
        yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])
    if len(node.args) > 1:
        yield ast.Call(node.func, node.args[:-1], node.keywords)
    if node.args and name not in SAME and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
        yield node.args[0]
    if name in NAMED and isinstance(node.func, ast.Name):
        yield ast.Call(ast.Name(NAMED[name], ast.Load()), node.args, node.keywords)
    if isinstance(node.func, ast.Attribute) and name not in SAME and getattr(node.func.value, "id", "") not in MODULES:
        yield node.func.value
    if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "rng":
        yield ast.Call(
            ast.Attribute(ast.parse("np.random.default_rng(0)").body[0].value, name, ast.Load()),
            node.args,
            node.keywords,
        )
    if name == "randperm":
        yield ast.Call(ast.Attribute(node.func.value, "arange", ast.Load()), node.args, node.keywords)


def _range(node):
    one = ast.Constant(1)
    start, stop = (ast.Constant(0), node.args[0]) if len(node.args) == 1 else node.args[:2]
    later = one if isinstance(start, ast.Constant) and start.value == 0 else ast.BinOp(start, ast.Add(), one)
    for first, end in [
        (later, stop),
        (start, ast.BinOp(stop, ast.Sub(), one)),
        (start, ast.BinOp(stop, ast.Add(), one)),
    ]:
        yield ast.Call(node.func, [first, end, *node.args[2:]], node.keywords)
    yield ast.Call(node.func, [start, _min(stop, 8), *node.args[2:]], node.keywords)


def _min(value, most):
    return ast.Call(ast.Name("min", ast.Load()), [value, ast.Constant(most)], [])


def _name(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _attribute(node):
    if node.attr == "T":
        yield node.value
    if node.attr in NAMED:
        yield ast.Attribute(node.value, NAMED[node.attr], node.ctx)


CHANGES = {
    ast.BinOp: _binary, ast.Compare: _comparison, ast.UnaryOp: _unary, ast.BoolOp: _boolean, ast.IfExp: _either,
    ast.Constant: _constant, ast.Tuple: _tuple, ast.List: _tuple, ast.Slice: _slice, ast.Call: _call,
    ast.Attribute: _attribute,
}  # fmt: skip
