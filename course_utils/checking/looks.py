"""Small changes of how somebody's code looks into arrays: along which axes, at which places, with which signs."""

import ast

JOINS = {"sum", "mean", "max", "min", "prod", "std", "var", "any", "all"}
AXES = (0, 1, 2, -1, (0, 2, 3), (2, 3), (1, 2), (1, 2, 3), (0, 2))
SIZED = {"max", "argmax"}


def _along(node):
    """`x.sum()` along some axes only."""
    name = getattr(getattr(node, "func", None), "attr", "")
    if isinstance(node, ast.Call) and name in JOINS and not node.keywords and len(node.args) <= _of_module(node):
        said = f"`{name}` takes all numbers together here. Along which axes is it to go?"
        for axis in AXES:
            numbers = ast.parse(repr(axis), mode="eval").body
            yield ast.Call(node.func, node.args, [ast.keyword("axis", numbers)]), said


def _of_module(node):
    """How many arguments the arrays take: 1 in `np.sum(x)`, 0 in `x.sum()`."""
    return getattr(node.func.value, "id", "") in ("np", "numpy", "torch")


def _behind(node):
    """`x[:, i]` for `x[i]`."""
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Tuple | ast.Constant | ast.Slice):
        said = f"`{ast.unparse(node)}` looks for a place along axis 0. Is that the axis?"
        for axes in (1, 2, 3):
            yield ast.Subscript(node.value, ast.Tuple([ast.Slice()] * axes + [node.slice], ast.Load()), node.ctx), said


def _by_size(node):
    """`abs(x).max()` for `x.max()`."""
    name = getattr(getattr(node, "func", None), "attr", "")
    if isinstance(node, ast.Call) and name in SIZED:
        said = f"the `{name}` of numbers of both signs is not that of their sizes: of -5 and 1 it takes the 1."
        if not _of_module(node):
            sizes = ast.Call(ast.Name("abs", ast.Load()), [node.func.value], [])
            yield ast.Call(ast.Attribute(sizes, name, ast.Load()), node.args, node.keywords), said
        elif node.args:
            sizes = ast.Call(ast.Name("abs", ast.Load()), node.args[:1], [])
            yield ast.Call(node.func, [sizes, *node.args[1:]], node.keywords), said


def _lined_up(node):
    """`a + b[:, None]` for `a + b`."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult | ast.Pow):
        for field in ("left", "right"):
            side = getattr(node, field)
            if isinstance(side, ast.Name | ast.Subscript):
                said = f"along which axis is `{ast.unparse(side)}` to go?"
                for count in (1, 2):
                    column = ast.Tuple([ast.Slice(), *[ast.Constant(None)] * count], ast.Load())
                    sides = {"left": node.left, "right": node.right, field: ast.Subscript(side, column, ast.Load())}
                    yield ast.BinOp(op=node.op, **sides), said


def _in_turn(loops):
    """`x[o]` for `x[0]`, where o counts the turns of a loop."""

    def places(node):
        index = node.slice if isinstance(node, ast.Subscript) else None
        for i, part in enumerate(index.elts if isinstance(index, ast.Tuple) else [index]):
            if isinstance(part, ast.Constant) and type(part.value) is int:
                for name in loops:
                    new = ast.Name(name, ast.Load())
                    parts = [*index.elts[:i], new, *index.elts[i + 1 :]] if isinstance(index, ast.Tuple) else []
                    said = f"the {part.value} in `{ast.unparse(node)}` is the same at each turn of a loop."
                    yield ast.Subscript(node.value, ast.Tuple(parts, ast.Load()) if parts else new, node.ctx), said

    return places


def looks(tree: ast.AST) -> tuple:
    """The kinds of such changes for a function or a class: each gives, for a node, other nodes and what is said.

    >>> [said for kind in looks(ast.parse("")) for _, said in kind(ast.parse("y[i]", mode="eval").body)][0]
    '`y[i]` looks for a place along axis 0. Is that the axis?'
    """
    loops = [node.target.id for node in ast.walk(tree) if isinstance(node, ast.For | ast.comprehension)
             if isinstance(node.target, ast.Name)]  # fmt: skip
    return _along, _behind, _by_size, _lined_up, _in_turn(list(dict.fromkeys(loops)))
