"""What a learner deleted from the lesson and still uses: its imports above all. It is put back, and said to be.

In the notebook that they worked in, the names were still there: marks are to agree with what they saw.
"""

import ast
import builtins
import functools
import re

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from course_utils.authoring.cells import grade_id
from course_utils.grading.prepare import idle

COMMAND = re.compile(r"^[ \t]*([,;/]+)|[!%?]", re.MULTILINE)  # to IPython or the shell, or a question
WORK_MAX = 500_000  # characters, each cell counted once for each command in it


def put_back(nb, released):
    """The notebook with those of the lesson's statements that it misses, and the names that these define.

    A name is missed where a cell of the submission or a check uses it, no cell of the submission gives it a value,
    and one of the lesson's own cells did.
    """
    used, given = set(), set(dir(builtins)) | {"get_ipython", "display"}
    for source in readable([cell.source for cell in nb.cells if cell.cell_type == "code"]):
        names = _names(source)
        used, given = used | names.used, given | names.bound
    lessons = [cell for cell in released.cells if cell.cell_type == "code" and "nbgrader" not in cell.metadata]
    missing = [(cell, statement) for cell in lessons for statement in _statements(cell.source)]
    wanted, back, told = used - given, {}, []
    while wanted:
        found = [(cell, one) for cell, one in missing if _defines(one) & wanted]
        missing = [pair for pair in missing if pair not in found]
        wanted = set()
        for cell, one in found:
            kept = _only(one, used - given)
            back.setdefault(cell.id, []).append(kept)
            told += sorted(_defines(kept))
            wanted |= _names(ast.unparse(kept)).used - given - set(told)
            used |= wanted
    return (_with(nb, released, back), told) if back else (nb, [])


def _with(nb, released, back):
    """The notebook with the statements put back, those of a cell before the first one that followed in the lesson."""
    order = {cell.id: i for i, cell in enumerate(released.cells)}
    order |= {_name(cell): i for i, cell in enumerate(released.cells)}
    cells = list(nb.cells)
    for name in sorted(back, key=order.get):
        source = "\n".join(ast.unparse(statement) for statement in sorted(back[name], key=lambda one: one.lineno))
        later = [i for i, cell in enumerate(cells) if order.get(_name(cell), -1) >= order[name]]
        cells.insert(later[0] if later else len(cells), nbformat.v4.new_code_cell(source, id=f"back-{name}"))
        order[f"back-{name}"] = order[name]
    return nbformat.from_dict({**nb, "cells": cells})


def _name(cell):
    return grade_id(cell) or cell.get("id")


def readable(sources):
    """The cells as far as reading them takes a bounded time: IPython reads a cell anew for each command in it."""
    left, work = idle.READ_MAX, WORK_MAX
    for source in sources:
        left -= idle.cost(source)
        work -= sum(len(found) or 1 for found in COMMAND.findall(source)) * len(source)
        if left < 0 or work < 0:
            return
        yield source


def _names(source):
    """Names that a cell uses and gives; none where it cannot be read."""
    try:
        return idle.names_of(python(source))
    except (SyntaxError, ValueError, RecursionError, RuntimeError, MemoryError, SystemError):
        return idle.Names("")


def python(source):
    """A cell's Python, with IPython's commands as calls; most cells are the same in all of a class's notebooks."""
    return _python(source) if len(source) <= idle.KNOWN_MAX else _transformed(source)


def _transformed(source):
    return TransformerManager().transform_cell(source)


_python = functools.lru_cache(maxsize=1024)(_transformed)


def _statements(source):
    """The statements of a cell that define something and do nothing else that can be seen."""
    try:
        found = ast.parse(python(source)).body
    except (SyntaxError, ValueError):
        return []
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
    return [statement for statement in found if isinstance(statement, kinds)]


def _defines(statement):
    """The names that a statement gives a value."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _only(statement, wanted):
    """An import without the names that nobody misses; any other statement whole."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names = [alias for alias in statement.names if (alias.asname or alias.name.split(".")[0]) in wanted]
        statement.names = names or statement.names
    return statement
