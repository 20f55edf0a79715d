"""The lesson's own demonstrations that no mark depends on: a class is graded without running them.

Only cells that still read as the lesson has them are left out, so what they do is known; a student's own are all run.
"""

import ast
import builtins
import functools
import re
import symtable
from itertools import takewhile

from nbgrader.utils import is_grade, is_solution

NOTE = "Not run on grading: no mark depends on this cell.\n"
LOOKS_ABOUT = {"globals", "locals", "vars", "eval", "exec", "dir", "get_ipython", "Out", "In", "__import__", "__main__"}
COMMANDS = [  # of a line, and the Python in its place
    (re.compile(r"^([ \t]*)(?:!|%(?:matplotlib|autoreload|load_ext|pip|conda|config)\b)[^{$\n]*$", re.M), r"\1pass"),
    (re.compile(r"^([ \t]*)%time(?:it)?(?:[ \t]+-\w+(?:[ \t]+\d+)?)*[ \t]+(?=[^\s-])", re.M), r"\1"),
    (re.compile(r"^([ \t]*\w+[ \t]*=[ \t]*)![^{$\n]*$", re.M), r"\1[]"),
]
KNOWN_MAX = 5_000  # characters of code that is remembered
READ_MAX = 100_000  # characters of code that are read, of a notebook; a lesson has under 10,000
CELL_MAGIC = re.compile(r"\A\s*%%(?:time|timeit|capture|writefile)\b[^\n]*(?:\n|\Z)")
LOOKS_ABOUT |= {"gc", "importlib", "inspect", "sys"}  # with these, code can use names that are not written in it


def mark(nb, released):
    """The notebook, with `metadata.idle` in the cells that need not be run: nothing else uses what they make or change.

    None is left out where a person is to mark what a cell shows, or where a cell cannot be read as Python. A task is
    marked by its text, and by cells that a student has added for it: these are run.
    """
    by_hand = any(is_grade(cell) and is_solution(cell) for cell in nb.cells)
    for cell in [] if by_hand else _idle(nb, released):
        cell.metadata["idle"] = True
    return nb


def _idle(nb, released):
    own = {cell.source for cell in released.cells if "nbgrader" not in cell.metadata}
    if sum(cost(cell.source) for cell in nb.cells if cell.cell_type == "code") > READ_MAX:
        return []
    try:
        read = [(cell, names_of(without_magics(cell.source))) for cell in nb.cells if cell.cell_type == "code"]
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):  # magics, for instance
        return []
    idle = [(cell, names) for cell, names in read if cell.source in own and "nbgrader" not in cell.metadata]
    fixed = set(dir(builtins)).union(*(names.fixed for _, names in read))
    needed = [pair for pair in read if pair not in idle]
    used, modules = set(), set()
    while needed:
        used = used.union(*(names.used for _, names in needed))
        modules = modules.union(*(names.modules for _, names in needed))
        needed = [
            (cell, names)
            for cell, names in idle
            if (names.given | names.used - fixed) & used or names.changed & modules
        ]
        idle = [pair for pair in idle if pair not in needed]
    return [] if (used | modules) & LOOKS_ABOUT else [cell for cell, _ in idle]


def without_magics(source):
    """A cell's Python without the commands to the shell and to IPython that use no names of the notebook.

    >>> without_magics("!nvidia-smi\\nx = 1")
    'pass\\nx = 1'

    The rest stays, and is no Python: then nothing is left out.
    """
    source = CELL_MAGIC.sub("", source)  # what follows is Python, or is taken for it
    for pattern, instead in COMMANDS:
        source = pattern.sub(instead, source)
    return source


def cost(source):
    """The characters of code, where each bracket that may be a field of an f-string counts as a hundred.

    Python reads each field as a text of its own. Of `READ_MAX` such characters reading takes a second or two.
    """
    return len(source) + 100 * source.count("{")


class Names:
    """Names in a cell's code.

    used      what it takes from other cells: names that it does not import itself before anything else
    changed   what it gives a value, or an attribute or an item of it
    given     what it changes or imports
    bound     what it gives a value or imports: names that were not there before
    modules   what it imports, by its own name and by that used here
    fixed     modules and functions: to use them changes nothing
    """

    def __init__(self, source):
        top, tree = symtable.symtable(source, "cell", "exec"), ast.parse(source)
        inner = [symbol for table in _below(top) for symbol in table.get_symbols() if symbol.is_global()]
        symbols = [*top.get_symbols(), *inner]
        first = takewhile(lambda one: isinstance(one, ast.Import | ast.ImportFrom), tree.body)
        own = {alias.asname or alias.name.split(".")[0] for statement in first for alias in statement.names}
        self.modules = set(_modules(tree))
        self.bound = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
        self.changed = {symbol.get_name() for symbol in symbols if symbol.is_assigned()} | set(_changed(tree))
        if self.changed & self.modules:  # under another name, it may be
            self.changed |= self.modules
        self.used = {symbol.get_name() for symbol in symbols if symbol.is_referenced()} - own
        self.given = {symbol.get_name() for symbol in symbols if symbol.is_imported()} | self.changed
        self.fixed = {symbol.get_name() for symbol in symbols if symbol.is_imported() or symbol.is_namespace()}


def names_of(source):
    """The `Names` in a cell's code; most cells are the same in all of a class's notebooks."""
    return _names_of(source) if len(source) <= KNOWN_MAX else Names(source)


@functools.lru_cache(maxsize=1024)
def _names_of(source):
    return Names(source)


def _below(table):
    for child in table.get_children():
        yield child
        yield from _below(child)


def _modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
            yield from (alias.name.split(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def _changed(tree):
    """Names of objects of which an attribute or item is set or deleted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            while isinstance(node, ast.Attribute | ast.Subscript):
                node = node.value
            if isinstance(node, ast.Name):
                yield node.id
