"""Mutants of an answer: its text with one place of its syntax tree changed."""

import ast
import itertools
import warnings
from dataclasses import dataclass

from course_utils.mutation import expressions, statements


@dataclass(frozen=True)
class Mutant:
    """A changed answer: the line that changed, before and after, and the whole text."""

    before: str
    after: str
    text: str

    @property
    def change(self):
        """What equivalent mutants are listed by."""
        return f"{self.before} → {self.after}"


def mutants(definition, arrays=()):
    """Every mutant of a definition, each once. `arrays` names parameters whose dtype may be taken over.

    >>> [mutant.after for mutant in mutants("def f(x): return x + 1")][:3]
    ['return x - 1', 'return x', 'return 1']
    """
    tree = ast.parse(definition)
    seen = {_code(definition)}
    for before, after in itertools.chain(_expressions(tree, arrays), _statements(tree)):
        text = ast.unparse(tree)
        code = _code(text)
        if code is not None and code not in seen:
            seen.add(code)
            yield Mutant(before, after, text)


def _expressions(tree, arrays):
    """Change one expression after another, and back; while it is changed, the line before and after is yielded."""
    groups = expressions.groups(tree)
    for statement in _all_statements(tree):
        before = _head(statement)
        for parent, field, i, node in _places(statement):
            for new in expressions.changes(node, parent, groups, arrays):
                _put(parent, field, i, new)
                yield before, _head(statement)
                _put(parent, field, i, node)


def _statements(tree):
    """Change one statement after another, and back."""
    for parent in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(parent, field, None)
            if not isinstance(block, list):
                continue
            for i, statement in enumerate(list(block)):
                for said, new in statements.changes(statement):
                    block[i : i + 1] = new
                    ast.fix_missing_locations(tree)
                    yield _head(statement), said
                    block[i : i + len(new)] = [statement]


def _all_statements(tree):
    """The statements whose expressions are changed: those of the body, and the definition's own defaults."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def _places(statement):
    """Every expression of a statement that is not within a statement of its own, with where it hangs."""
    waiting = [statement]
    while waiting:
        parent = waiting.pop(0)
        for field, value in ast.iter_fields(parent):
            nodes = enumerate(value) if isinstance(value, list) else [(None, value)]
            for i, node in nodes:
                if isinstance(node, ast.AST) and not isinstance(node, ast.stmt | ast.JoinedStr):  # messages may vary
                    yield parent, field, i, node
                    waiting.append(node)


def _put(parent, field, i, node):
    if i is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[i] = node


def _head(statement):
    return ast.unparse(statement).splitlines()[0].strip()


def _code(text):
    """What a text compiles to, so that two spellings of one thing are one mutant; None where it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _shape(compile(text, "<mutant>", "exec"))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _shape(code):
    constants = tuple(
        _shape(constant) if hasattr(constant, "co_code") else (type(constant), repr(constant))
        for constant in code.co_consts
    )
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, constants
