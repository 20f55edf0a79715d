"""Was a right answer written as its exercise asks? Said beside the ✓; nobody is refused for it."""

import ast
from collections.abc import Callable, Mapping

from course_utils.base.source import written
from course_utils.exercises.spec import Exercise

LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FAMILIES = {
    "loop": "map vectorize apply_along_axis frompyfunc fromfunction".split(),
    "@": "matmul dot vdot inner tensordot multi_dot vecdot matvec linear conv2d pointwise".split(),
    "sum": "nansum mean average cumsum reduce trace".split(),
    "reshape": "ravel flatten view resize".split(),
    "transpose": "moveaxis swapaxes rollaxis permute permute_dims movedim T mT".split(),
}  # what counts as well as the word that a rule has; a word without a family stands for itself


LIBRARIES = ("np", "numpy", "torch")


def said(exercise: Exercise, function: Callable) -> list[str]:
    """The rule of an exercise and what an answer used, as lines; none where there is no rule, or no code to look at.

    >>> from course_utils.exercises import find
    >>> said(find("conv1x1_einsum"), find("conv1x1_loops").oracle)
    ['The rule was: one `einsum`; no `reshape`, no `transpose`. You used `einsum` and `reshape`. The numbers are right
    all the same; for practice, write it by the rule too.']
    """
    rule = exercise.rule
    found = used(written(function)) if rule else []
    if rule is None or not found:
        return []
    wanted = [_counted(word, found) or f"no {_shown(word)}" for word in rule.uses]
    others = [one for word in rule.without if (one := _counted(word, found))]
    kept = not others and not any(one.startswith("no ") for one in wanted)
    besides = "" if kept else " The numbers are right all the same; for practice, write it by the rule too."
    return [f"The rule was: {rule.text}. You used {_listed(wanted + others)}.{besides}"]


def used(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The words that a rule may speak of, each with the function that it stands in: "" for the answer itself.

    >>> used({"": "def f(x): return g(x) @ x", "g": "def g(x): return [2 for _ in x]"})
    [('@', ''), ('g', ''), ('loop', 'g')]
    """
    try:
        return [(word, str(place)) for place, text in texts.items() for word in _words(ast.parse(text))]
    except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError, AttributeError):
        return []  # no Python, or (in grading, where the code comes from a student's process) no text at all


def _words(tree):
    for node in ast.walk(tree):
        if isinstance(node, LOOPS):
            yield "loop"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            yield "@"
        elif isinstance(node, ast.Attribute) and (node.attr in ("T", "mT") or _is_of_a_library(node)):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.Call) and not _adds_up_one_by_one(node):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def _is_of_a_library(node):
    """Whether a name such as `np.einsum` stands there: it may be called by another one, `layer = np.einsum`."""
    return getattr(node.value, "id", "") in LIBRARIES


def _adds_up_one_by_one(call):
    """Whether a call is `sum(… for …)`, which is a loop and no sum over an axis."""
    return getattr(call.func, "id", "") == "sum" and isinstance(call.args[:1][0:1] and call.args[0], LOOPS)


def _counted(word, found):
    """What of a rule's word was used, and in which other function; "" if nothing was."""
    those = [(one, place) for one, place in found if one in (word, *FAMILIES.get(word, ()))]
    loops = sum(one == "loop" for one, _ in those)
    names = [f"{loops} loop{'s' * (loops > 1)}"] * (loops > 0)
    names += sorted({_shown(one) for one, _ in those if one != "loop"})
    helpers = sorted({f"`{place}`" for _, place in those if place})
    return _listed(names) + (f" (in {_listed(helpers)})" if helpers else "") if names else ""


def _shown(word):
    return word if word == "loop" else f"`{word}`"


def _listed(words):
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
