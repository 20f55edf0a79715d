"""A question about the code beside what the numbers show: asked only where the code has what it asks about."""

import ast
from collections.abc import Callable

from course_utils.base.source import source_of, tree_of
from course_utils.checking.quantities import Clue


def asked(clue: Clue, function: Callable) -> Clue:
    """What was seen, followed by the question that the learner's code raises.

    >>> asked(("Of the axis c, the last place alone counts in your answer.", "EDG"), max)  # nobody has its code
    ('Of the axis c, the last place alone counts in your answer.', 'EDG')
    """
    said, code = clue
    tree = tree_of(source_of(function))
    for seen, question, raises, other in QUESTIONS if tree is not None else ():
        if seen in said and raises(tree):
            return f"{said} {question}", other or code
    return clue


def _loops(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)]


def _returns_in_a_loop(tree):
    return any(isinstance(node, ast.Return) for loop in _loops(tree) for node in ast.walk(loop))


def _sets_in_a_loop(tree):
    """Whether something is set in a loop by `=` alone, where a total would grow."""
    inside = [node for loop in _loops(tree) for node in ast.walk(loop)]
    return any(isinstance(n, ast.Assign) for n in inside) and not any(isinstance(n, ast.AugAssign) for n in inside)


def _made_in_a_loop(tree):
    """Whether an array of zeros is made in a loop."""
    inside = [node for loop in _loops(tree) for node in ast.walk(loop) if isinstance(node, ast.Assign)]
    made = [node.value.func for node in inside if isinstance(node.value, ast.Call)]
    return any(getattr(one, "attr", "") in ("zeros", "empty", "zeros_like") for one in made)


def _has_a_range(tree):
    return any(isinstance(node, ast.Name) and node.id == "range" for node in ast.walk(tree))


QUESTIONS = (  # (what was seen, the question, whether the code raises it, the code of a misconception if another one)
    ("Only the beginning of your answer", "Does `return` stand inside a loop?", _returns_in_a_loop, None),
    ("is cut to its first place", "Does `return` stand inside a loop? It stops after the first.",
     _returns_in_a_loop, "EDG"),
    ("is cut to its last place", "Is each result kept inside the loop, or only the last one behind it?", _loops, None),
    ("the first place alone counts", "Does `return` stand inside a loop? It stops after the first.",
     _returns_in_a_loop, None),
    ("the last place alone counts", "Is there `=` where the total should grow with `+=`?", _sets_in_a_loop, "ACC"),
    ("the last place is left out", "`range(n)` already stops before n.", _has_a_range, None),
    ("not the last one: there you have 0", "Is the empty answer made anew in a loop? All that was in it is lost then.",
     _made_in_a_loop, "ACC"),
    ("there you have 0", "Does your loop over it start and stop where it should?", _loops, None),
)  # fmt: skip
