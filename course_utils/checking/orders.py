"""Small changes of the order of things in somebody's code: where brackets are, which argument or letter comes when."""

import ast
import itertools
from collections.abc import Iterator

Change = tuple[ast.expr, str]  # what stands in the place of a node, what is said
NTH = ("first", "second", "third", "fourth", "fifth", "sixth")


def brackets(node: ast.AST) -> Iterator[Change]:
    """`a / (b * c)` for `a / b * c`, `(a + b) * c` for `a + b * c`, `a * (b + c)` for `a * b + c`, and the like.

    >>> [ast.unparse(new) for new, _ in brackets(ast.parse("a * b + c + d", mode="eval").body)]
    ['a * (b + c + d)']
    """
    said = "`*` and `/` go before `+` and `-`, and equals go from left to right. Where do brackets belong?"
    if isinstance(node, ast.BinOp) and _is_sum(node):
        yield from ((new, said) for new in _joined_first(node, node.right))
        if parts := _before_the_sum(node) if _is_sum(node.left) else None:
            yield ast.BinOp(parts[0], ast.Mult(), parts[1]), said
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


def _is_sum(node):
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def _before_the_sum(node):
    """Of `a * b + c` the `a` and the `b + c`; None where a sum begins with no product."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
        return None
    if parts := _before_the_sum(node.left):
        return parts[0], ast.BinOp(parts[1], node.op, node.right)
    return (node.left, node.right) if isinstance(node.op, ast.Mult) else None


def turned(node: ast.AST) -> Iterator[Change]:
    """One of three arguments or more at another place, behind or before two others.

    >>> [ast.unparse(new) for new, _ in turned(ast.parse("f(a, b, c)", mode="eval").body)]
    ['f(b, c, a)', 'f(c, a, b)']
    """
    if isinstance(node, ast.Call) and 2 < len(node.args) <= len(NTH):
        for i, j in itertools.permutations(range(len(node.args)), 2):
            if abs(i - j) > 1:
                args = node.args[:i] + node.args[i + 1 :]
                said = f"what you hand to `{ast.unparse(node.func)}` {NTH[i]} belongs {NTH[j]}."
                yield ast.Call(node.func, [*args[:j], node.args[i], *args[j:]], node.keywords), said


def orders(node: ast.AST) -> Iterator[Change]:
    """Two things in each other's place, or another letter for one that an einsum has only once.

    >>> [ast.unparse(new) for new, _ in orders(ast.parse("f(a, b)", mode="eval").body)]
    ['f(b, a)']
    """
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
        for once in sorted({one for one in node.value if one.isalpha() and node.value.count(one) == 1}):
            said = f"`{once}` names one axis of one operand alone, and that axis is summed by itself."
            for other in sorted({one for one in node.value if one.isalpha()} - {once}):
                yield ast.Constant(node.value.replace(once, other)), said


def _exchanged(items):
    for i in range(len(items) - 1):
        yield items[:i] + items[i + 1 : i + 2] + items[i : i + 1] + items[i + 2 :]
