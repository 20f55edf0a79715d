"""What is left of an answer without names, texts, comments, layout and order: its statements, counted."""

import ast
from collections import Counter

BODIES = ("body", "orelse", "finalbody", "handlers")


def form(text):
    """Statements of a text and how often each stands there, names and texts left out; None where it cannot be read.

    >>> form("total = 0  # so far") == form("my_sum = 0")
    True
    >>> form("a = 1; b = x.sum()") == form("b = x.sum(); a = 1"), form("a = 1") == form("a = 2")
    (True, False)
    """
    try:
        tree = ast.parse(text)
        _leave_out(tree)
        return Counter(_statements(tree, 0))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # no Python, or nested beyond what is ever written
        return None


def size(found):
    """How many parts a form has: statements, and the expressions in them."""
    return sum(count * parts for (_, _, parts), count in found.items())


def _leave_out(tree):
    """Take the names that an author chose, all texts and docstrings out of a tree."""
    nodes = list(ast.walk(tree))
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in own:
            node.id = "_"
        elif isinstance(node, ast.arg):
            node.arg = "_"
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.name = "_"
            node.body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""


def _statements(node, depth):
    """`(depth, form, parts)` of each statement below a node; a loop or a function is its first line."""
    inner = [one for name in BODIES for one in _taken(node, name)]
    if isinstance(node, ast.stmt | ast.excepthandler):
        yield depth, ast.dump(node), sum(isinstance(one, ast.stmt | ast.expr) for one in ast.walk(node))
    for one in inner:
        yield from _statements(one, depth + 1)


def _taken(node, name):
    """The statements in one part of a node, taken out of it; an expression's body (`lambda`, `if … else`) stays."""
    found = getattr(node, name, None)
    if not isinstance(found, list):
        return []
    setattr(node, name, [])
    return found
