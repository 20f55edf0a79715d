"""Answers that must not be public: solutions, right alternatives, hidden tests; in every file, also in packed ones.

A function is found again by what it does: by its syntax without names of its own and comments, and in byte code.
Oracles are not looked for: the check needs them.
"""

import ast
import inspect
import io
import marshal
import re
import textwrap
import types
import zipfile
from pathlib import Path

import nbformat

from course_utils.base import paths
from course_utils.exercises import Exercise, catalogue

HIDDEN = re.compile(r"BEGIN (SOLUTION|HIDDEN TESTS)")
TEXTS = (".py", ".ipynb", ".html", ".js", ".txt", ".json")
TELLING = 3  # statements or operators: a shorter answer is written by chance
MAGIC_BYTES = 16  # before the code in a .pyc


def found(out, root=paths.ROOT):
    """A line for each answer that is somewhere in the folder `out`.

    >>> list(found("course_utils/live"))
    []
    """
    secret = {**_solutions(root), **_alternatives()}
    oracles = {_shape(ast.parse(textwrap.dedent(inspect.getsource(item.oracle))).body[0]) for item in _exercises()}
    secret = {shape: name for shape, name in secret.items() if shape not in oracles}
    codes = {_code(shape): name for shape, name in secret.items()}
    for where, content in _files(Path(out)):
        if where.endswith(TEXTS) and HIDDEN.search(content.decode("utf-8", "replace")):
            yield f"{where} holds a hidden part of a lesson."
        for shape in _shapes(where, content):
            if shape in secret:
                yield f"{where} holds {secret[shape]}."
        if where.endswith(".pyc"):
            for code in _compiled(marshal.loads(content[MAGIC_BYTES:])):
                if code in codes:
                    yield f"{where} holds {codes[code]}, compiled."


def _exercises():
    return [item for item in catalogue().values() if isinstance(item, Exercise)]


def _solutions(root):
    """Every function of a solution: its shape, and what to call it."""
    found = {}
    for path in sorted(paths.solutions(root).glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            grader = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and grader.get("solution"):
                found |= {shape: f"the solution of {grader['grade_id']}" for shape in _of_source(cell.source)}
    return found


def _alternatives():
    return {
        shape: f"the alternative {function.__name__} of {item.name}"
        for item in _exercises()
        for function in item.alternatives
        for shape in _of_source(textwrap.dedent(inspect.getsource(function)))
    }


def _files(folder):
    """Every file by name with its content; archives are opened, also inside archives."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _opened(path.relative_to(folder).as_posix(), path.read_bytes())


def _opened(name, content):
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        for inner in archive.namelist():
            yield from _opened(f"{name}/{inner}", archive.read(inner))


def _shapes(where, content):
    if where.endswith(".py"):
        return _of_source(content.decode("utf-8", "replace"))
    if where.endswith(".ipynb"):
        cells = nbformat.reads(content.decode("utf-8"), as_version=4).cells
        return [shape for cell in cells if cell.cell_type == "code" for shape in _of_source(cell.source)]
    return []


def _of_source(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a cell with a magic, or no Python
        return []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [_shape(node) for node in functions if sum(1 for _ in ast.walk(ast.Module(node.body, []))) > 8 * TELLING]


def _shape(function):
    """A function as text: parameters and body, without docstring, decorators and its own name."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    plain = ast.FunctionDef(name="f", args=function.args, body=body or [ast.Pass()], decorator_list=[])
    return ast.unparse(ast.fix_missing_locations(plain))


def _code(shape):
    return next(_compiled(compile(shape, "", "exec"), skip=1))


def _compiled(code, skip=0):
    """The byte code of every function in a code object, with the names and numbers that it uses."""
    if not skip:
        yield code.co_code, code.co_names, code.co_varnames
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _compiled(inner)
