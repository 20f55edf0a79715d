"""The catalogue's right and wrong answers as a learner would have typed them: text for an answer cell."""

import ast
import inspect
import re


def text_of(function, name):
    """The source of a catalogued function under the name of its exercise, with what it needs from its module.

    >>> from course_utils.exercises import find
    >>> print(text_of(find("mix_pixel").mistakes[-1].function, "mix_pixel").splitlines()[0])
    import numpy as np
    """
    module = inspect.getmodule(function)
    source = inspect.getsource(module)
    statements = ast.parse(source).body
    own = next(one for one in statements if getattr(one, "name", "") == function.__name__ and _starts(one, function))
    lines = source.splitlines()
    needed = [one for one in statements if one in _needed(own, statements)]
    texts = ["\n".join(lines[one.lineno - 1 : one.end_lineno]) for one in [*needed, own]]  # decorators lie above lineno
    texts[-1] = re.sub(rf"(?<![.\w]){function.__name__}\b", name, texts[-1])
    return "\n".join(texts)


def _starts(statement, function):
    """Is this the definition of `function`, and not of another one of its name?"""
    first = min([statement.lineno, *(one.lineno for one in statement.decorator_list)])
    return first == inspect.getsourcelines(function)[1]


def _needed(statement, statements):
    """The statements of the module that define what `statement` uses, and what those use in turn."""
    found, waiting = [], [statement]
    while waiting:
        used = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        new = [one for one in statements if one not in found and one is not statement and used & set(_names(one))]
        found += new
        waiting += new
    return found


def _names(statement):
    """The names that a statement of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    return [target.id for target in getattr(statement, "targets", []) if isinstance(target, ast.Name)]
