"""Which lessons need PyTorch: read off what their cells import, so that nobody has to say it."""

import ast
import functools
import itertools
import re
from pathlib import Path

from course_utils.base import paths

TORCH, OURS = "torch", "course_utils"


def needing_torch(root=None):
    """The lessons that do not run without PyTorch, in order; lessons not found in a folder are the package's own.

    >>> needing_torch()[0]
    '10_pytorch'
    """
    root = _place(root)
    return [name for name in paths.lessons(root) if _reaches(paths.solutions(root) / name / f"{name}.py", True)]


def without_torch(root=None):
    """The lessons that run without PyTorch: in a browser, too."""
    root = _place(root)
    needing = needing_torch(root)
    return [name for name in paths.lessons(root) if name not in needing]


def spoken(lessons, root=None):
    """The numbers of some lessons as a sentence has them; three or more in a row are "… to …".

    >>> spoken(["10_pytorch", "10b_reading_digits", "11_on_the_gpu", "14_where_it_went"])
    '10 to 11 and 14'
    """
    root = _place(root)
    rows = [list(row) for chosen, row in itertools.groupby(paths.lessons(root), lambda name: name in lessons) if chosen]
    parts = []
    for row in rows:
        numbers = [paths.number(name) for name in row]
        parts += [f"{numbers[0]} to {numbers[-1]}"] if len(numbers) > 2 else numbers
    return " and ".join([", ".join(parts[:-1])] * (len(parts) > 1) + parts[-1:])


def _place(root):
    """Where the lessons are: in the course that is asked about, or else in the one that runs."""
    return root or (paths.ROOT if paths.is_course(paths.ROOT) else paths.LESSONS)


def _reaches(path, is_run):
    """Whether running a file imports PyTorch: a lesson's with the functions in it, a module's down to its first level.

    An import in a `try` or an `if` is one that the file can do without.
    """
    return _found(path, path.stat().st_mtime_ns, is_run)


@functools.cache
def _found(path, _, is_run):
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError):  # an author is at work on it; what is wrong is said elsewhere
        return bool(re.search(rf"^\s*(?:import|from) {TORCH}\b", text, re.MULTILINE))
    return any(_takes(node) for node in _imports(statements, is_run))


def _imports(statements, in_functions):
    for node in statements:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.With | ast.For):
            inner = in_functions or not isinstance(node, ast.FunctionDef)
            yield from _imports(node.body, in_functions) if inner else ()


def _takes(node):
    """Whether an import brings PyTorch along, by itself or by way of the course's own modules."""
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] == TORCH for alias in node.names)
    top = (node.module or "").split(".")[0]
    return top == TORCH or (top == OURS and any(_brings(node.module, alias.name) for alias in node.names))


@functools.cache
def _brings(module, name):
    """Whether `from module import name` imports PyTorch: what lies in a package is looked for where it is defined."""
    place = paths.PACKAGE.joinpath(*module.split(".")[1:])
    inside = [place / f"{name}.py", place / name / "__init__.py", place.with_suffix(".py")]
    found = [path for path in inside if path.is_file()] or [path for path in place.glob("*.py") if _defines(path, name)]
    return any(_reaches(path, False) for path in found)


def _defines(path: Path, name):
    return any(getattr(node, "name", "") == name for node in ast.parse(path.read_text(encoding="utf-8")).body)
