"""What code does in vain, as facts read off it: a `return` that ends a loop at once, a result that nothing keeps."""

import ast
from collections.abc import Callable

from course_utils.base.source import source_of, tree_of
from course_utils.checking.calls import Call
from course_utils.checking.quantities import Clue
from course_utils.exercises.spec import Case, Exercise

NEW = {  # NumPy's functions that hand out something new, and how many arguments they take: one more is where to put it
    "transpose": 9, "permute": 9, "reshape": 9, "swapaxes": 3, "moveaxis": 3, "expand_dims": 2, "squeeze": 2,
    "unsqueeze": 2, "astype": 2, "flatten": 3, "ravel": 2, "maximum": 2, "minimum": 2, "clip": 3, "abs": 1, "where": 3,
}  # fmt: skip
MODULES = ("np", "numpy", "torch")  # a method of an array takes one argument less


def returns_at_once(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """A `return` in a loop that no condition stands before.

    >>> returns_at_once(None, ast.parse("for v in x:\\n    y += v\\n    return y"), None, None)[0]
    'Your `return` stands inside the loop `for v in x:`, and ends it at its first turn.'
    >>> returns_at_once(None, ast.parse("for v in x:\\n    if v < 0: continue\\n    return v"), None, None)
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.For | ast.While) or any(isinstance(one, ast.Continue) for one in ast.walk(node)):
            continue
        if any(isinstance(line, ast.Return) for line in node.body):
            head = ast.unparse(node).partition("\n")[0]
            return f"Your `return` stands inside the loop `{head}`, and ends it at its first turn.", "EDG"
    return None


def thrown_away(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`image.transpose(2, 0, 1)` in a line of its own.

    >>> thrown_away(None, ast.parse("np.maximum(y, 0)"), None, None)[0]
    '`np.maximum(y, 0)` changes nothing: it hands out something new, and here nothing keeps that.'
    >>> thrown_away(None, ast.parse("np.maximum(y, 0, out=y)"), None, None)
    >>> thrown_away(None, ast.parse("y.clip(0, 1, y)"), None, None)
    """
    for line in ast.walk(tree):
        node = line.value if isinstance(line, ast.Expr) else None
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        most = NEW.get(node.func.attr, -1) - (ast.unparse(node.func.value) not in MODULES)
        if len(node.args) <= most and not any(word.arg == "out" for word in node.keywords):
            said = f"`{ast.unparse(node)}` changes nothing"
            return f"{said}: it hands out something new, and here nothing keeps that.", None
    return None


def in_vain(function: Callable, look: Callable) -> Clue | None:
    """What one of the two finds in somebody's code, or None.

    >>> in_vain(max, thrown_away)  # nobody has its code
    """
    tree = tree_of(source_of(function))
    return None if tree is None else look(None, tree, None, None)
