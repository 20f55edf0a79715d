"""Names in the learner's code that do not hold what they seem to: misspelt, out of order, lost, without `self`."""

import ast
import difflib

from course_utils.checking.calls import Call
from course_utils.checking.quantities import Clue
from course_utils.exercises.spec import Case, Exercise

IN_PLACE = {"sort", "append", "remove", "reverse", "extend", "insert", "resize", "fill", "clear", "shuffle"}
ALIKE = 0.7  # how alike two spellings of one name are


def misspelt(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`totl = total + x` where nothing ever asks for `totl`."""
    asked = _asked_for(tree)
    for node in [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]:
        name = getattr(node.targets[0], "id", "")
        near = difflib.get_close_matches(name, sorted(_asked_for(node.value)), 1, ALIKE) if name else []
        if near and name not in asked:
            return f"`{name}` is set and never used. Is it spelt as it should be? There is `{near[0]}` too.", None
    return None


def _asked_for(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def place_before_thing(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`for x, i in enumerate(v): … w[i]`: the place comes first."""
    if type(result.error).__name__ != "IndexError":
        return None
    places = {getattr(node.slice, "id", "") for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.For | ast.comprehension) or not isinstance(node.target, ast.Tuple):
            continue
        if getattr(getattr(node.iter, "func", None), "id", "") == "enumerate":
            first, second = (getattr(part, "id", "") for part in node.target.elts[:2])
            if second in places - {""} and first not in places:
                said = f"`enumerate` hands out the place first and the thing second: your `{second}` is the thing"
                return f"{said}, and an index needs the place.", "ORD"
    return None


def none_of_a_method(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`return channels.remove(3)`: the method works in place."""
    for node in ast.walk(tree) if result.value is None else ():
        made = node.value if isinstance(node, ast.Return) else None
        name = getattr(made.func, "attr", "") if isinstance(made, ast.Call) else ""
        if name in IN_PLACE:
            said = f"`{name}(…)` works in place and gives back nothing (None)"
            return f"{said}. Do that on a line of its own, on a copy, and return the copy.", None
    return None


def lost_list(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`y = y.append(3)`: the method gives back nothing."""
    for node in [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]:
        func = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(func, ast.Attribute) and func.attr in IN_PLACE:
            name = getattr(func.value, "id", "")
            if name and name == getattr(node.targets[0], "id", ""):
                said = f"`{func.attr}(…)` works in place and gives back nothing (None)"
                return f"{said}: `{name} = …` before it throws `{name}` away.", None
    return None


def no_self(exercise: Exercise, tree: ast.AST, one: Case, result: Call) -> Clue | None:
    """`def forward(x)` in a class."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for node in [line for owner in classes for line in owner.body]:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list and f"{node.name}()" in str(result.error):
            names = [arg.arg for arg in node.args.args]
            if names[:1] != ["self"]:
                said = f"`def {node.name}({', '.join(names)})` has no `self`"
                return f"{said}, which a method is given before all else.", None
    return None
