"""The catalogue's right and wrong answers as a learner would have typed them: text for an answer cell."""

import ast
import importlib
import inspect
import re

LESSONS = "course_utils.exercises.lesson"  # their files are hidden from answers in grading


def text_of(function, name):
    """The source of a catalogued function under the name of its exercise, with what it needs from its lesson.

    >>> from course_utils.exercises import find
    >>> print(text_of(find("mix_pixel").mistakes[-1].function, "mix_pixel").splitlines()[0])
    import numpy as np
    """
    module = inspect.getmodule(function)
    texts = _texts(module)
    own = next(node for node in texts if getattr(node, "name", "") == function.__name__ and _starts(node, function))
    needed = _needed(own, list(texts))
    imports = [texts[node] for node in needed if isinstance(node, ast.Import | ast.ImportFrom)]
    others = [text for one, text in texts.items() if one in needed and text not in imports]
    answer = re.sub(rf"(?<![.\w]){function.__name__}\b", name, texts[own])
    return "\n\n\n".join(["\n".join(dict.fromkeys(imports)), *others, answer]).lstrip()


def _texts(module):
    """The statements of a module and their text. What it imports from its lesson stands there itself."""
    source = inspect.getsource(module)
    lines, texts = source.splitlines(), {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module.startswith(LESSONS):
            texts |= _texts(importlib.import_module(node.module))
        else:  # decorators lie above lineno
            texts[node] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    return texts


def _starts(statement, function):
    """Is this the definition of `function`, and not of another one of its name?"""
    first = min([statement.lineno, *(decorator.lineno for decorator in statement.decorator_list)])
    return first == inspect.getsourcelines(function)[1]


def _needed(statement, statements):
    """The statements of the module that define what `statement` uses, and what those use in turn."""
    found, waiting = [], [statement]
    while waiting:
        used = _used(waiting.pop())
        new = [
            other for other in statements if other not in found and other is not statement and used & set(_names(other))
        ]
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
