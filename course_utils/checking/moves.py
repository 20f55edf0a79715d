"""Statements of somebody's code in another place: into a loop, out of it, or the other way round."""

import ast
from collections.abc import Iterator

Move = tuple[ast.stmt, ast.stmt, str]  # the loop, what stands in its place, what is said
PLAIN = ast.Assign | ast.AugAssign | ast.Expr


def moves(tree: ast.AST) -> Iterator[Move]:
    """Each loop with one statement moved over its edge, and what is said of that statement.

    >>> tree = ast.parse("t = 0\\nfor c in v:\\n    t += c\\n    print(t)")
    >>> for loop, moved, said in moves(tree):
    ...     print(said)
    `t = 0` stands before the loop: is it to be done at each turn?
    `print(t)` is done at each turn of the loop: does it belong behind it?
    """
    for parent in ast.walk(tree):
        for field in ("body", "orelse"):
            lines = getattr(parent, field, None)
            if isinstance(lines, list):
                yield from _into(lines)
    for loop in [node for node in ast.walk(tree) if isinstance(node, ast.For) and len(node.body) > 1]:
        yield from _out_of(loop)


def _into(lines):
    """What stands before a loop, or behind it, done at each turn."""
    for i, line in enumerate(lines):
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            said = f"`{_short(line)}` stands before the loop: is it to be done at each turn?"
            for loop in (node for later in lines[i + 1 :] for node in ast.walk(later)):
                if isinstance(loop, ast.For):
                    yield loop, _with_body(loop, [line, *loop.body]), said


def _out_of(loop):
    first, last = loop.body[0], loop.body[-1]
    if isinstance(last, PLAIN | ast.If):
        said = f"`{_short(last)}` is done at each turn of the loop: does it belong behind it?"
        yield loop, _both(_with_body(loop, loop.body[:-1]), last), said
    if isinstance(first, ast.Assign) and isinstance(first.targets[0], ast.Name):
        said = f"`{_short(first)}` is done at each turn of the loop: does it belong before it?"
        yield loop, _both(first, _with_body(loop, loop.body[1:])), said


def _with_body(loop, body):
    return ast.For(loop.target, loop.iter, body, loop.orelse)


def _both(one, other):
    """Two statements in the place of one."""
    return ast.If(ast.Constant(True), [one, other], [])


def _short(line):
    return ast.unparse(line).partition("\n")[0]
