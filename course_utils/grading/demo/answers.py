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
    imports = sum(isinstance(one, ast.Import | ast.ImportFrom) for one in needed)
    return "\n\n\n".join(["\n".join(texts[:imports]), *texts[imports:]]).lstrip()


def _starts(statement, function):
    """Is this the definition of `function`, and not of another one of its name?"""
    first = min([statement.lineno, *(one.lineno for one in statement.decorator_list)])
    return first == inspect.getsourcelines(function)[1]


def _needed(statement, statements):
    """The statements of the module that define what `statement` uses, and what those use in turn."""
    found, waiting = [], [statement]
    while waiting:
        used = _used(waiting.pop())
        new = [one for one in statements if one not in found and one is not statement and used & set(_names(one))]
        found += new
        waiting += new
    return found


def _used(statement):
    """The names that a statement takes from its module; those in decorators are the catalogue's, not the answer's."""
    decorators = getattr(statement, "decorator_list", [])
    parts = [node for node in ast.iter_child_nodes(statement) if node not in decorators]
    nodes = [node for part in parts for node in ast.walk(part)]
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - own


def _names(statement):
    """The names that a statement of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    return [target.id for target in getattr(statement, "targets", []) if isinstance(target, ast.Name)]
