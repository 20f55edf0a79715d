"""Answers that must not be public: solutions, right alternatives, hidden tests; in every file, also in packed ones.

A function is found again by its syntax, whatever it is called and however it is commented, and a line of it by its
letters, whatever it is quoted in. Byte code of ours, which could not be read like that, is not let in at all. Oracles
and mistakes are not looked for, nor is what a hint or a released lesson shows: the check and the learner need them.
"""

import ast
import functools
import hashlib
import html
import inspect
import io
import re
import textwrap
import zipfile
from pathlib import Path

import nbformat

from course_utils.base import paths
from course_utils.exercises import Exercise, catalogue
from course_utils.live import compiled, pyodide

HIDDEN = re.compile(r"^\W*### BEGIN (SOLUTION|HIDDEN TESTS)", re.MULTILINE)
TELLING = 3  # statements or operators: a shorter answer is written by chance
LONG = 24  # letters without blanks and quotes: a shorter line is written by chance
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Raise)
FOREIGN = ("live/build/", "live/extensions/")  # scripts of JupyterLite, as its packages have them


def found(out, root=paths.ROOT):
    """A line for each answer that is somewhere in the folder `out`.

    >>> list(found("docs"))
    []
    """
    secret = {**_solutions(root), **_alternatives()}
    secret = {shape: name for shape, name in secret.items() if shape not in _needed()}
    lines = _lines(root)
    for where, content in _files(Path(out)):
        text = content.decode("utf-8", "replace")  # a line stands out in any file, whatever its name promises
        if HIDDEN.search(text):
            yield f"{where} holds a hidden part of a lesson."
        for shape in _shapes(where, content):
            if shape in secret:
                yield f"{where} holds {secret[shape]}."
        letters = "" if where.startswith(FOREIGN) else _letters(text)
        yield from (f"{where} holds a line of {name}: {line}" for line, name in lines.items() if line in letters)
        if where.endswith((".pyc", ".pyo")):
            yield f"{where} is byte code: nobody can see whether it holds an answer."


def _exercises():
    return [item for item in catalogue().values() if isinstance(item, Exercise)]


@functools.cache
def _needed():
    """The shapes of oracles and mistakes: one exercise's mistake may be right for another."""
    functions = [made for item in _exercises() for made in (item.oracle, *(one.function for one in item.mistakes))]
    return {shape for function in functions for shape in _of_source(textwrap.dedent(inspect.getsource(function)))}


@functools.cache
def _solutions(root):
    """Every function of a solution: its shape, and what to call it."""
    found = {}
    for path in sorted(paths.solutions(root).glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            grader = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and grader.get("solution"):
                found |= {shape: f"the solution of {grader['grade_id']}" for shape in _of_source(cell.source)}
    return found


@functools.cache
def _lines(root):
    """Each long line of a solution or an alternative that is nowhere in public, as letters: what to call it."""
    hidden, public = {}, []
    for path in sorted(paths.solutions(root).glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            grader = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and grader.get("solution"):
                hidden |= dict.fromkeys(_statements(cell.source), f"the solution of {grader['grade_id']}")
    for item in _exercises():
        for function in item.alternatives:
            source = textwrap.dedent(inspect.getsource(function))
            hidden |= dict.fromkeys(_statements(source), f"the alternative {function.__name__} of {item.name}")
        shown = (item.oracle, item.cases, *(mistake.function for mistake in item.mistakes))
        public += [*item.hints, *(textwrap.dedent(inspect.getsource(one)) for one in shown)]
    public += [path.read_text(encoding="utf-8") for path in sorted(paths.notebooks(root).glob("*/*.ipynb"))]
    public = "".join([*map(_letters, public), *(line for text in public for line in _statements(text))])
    return {line: name for line, name in hidden.items() if line not in public}


def _statements(source):
    """The simple statements of a program, as letters."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return []
    found = [_letters(ast.unparse(node)) for node in nodes if isinstance(node, SIMPLE)]
    return [line for line in found if len(line) >= LONG]


def _letters(text):
    """A text without blanks, quotes and what escapes them: the same in a program, in JSON and on a page."""
    return re.sub(r"\\n|[\s\\\"']+", "", html.unescape(text))


def _alternatives():
    return {
        shape: f"the alternative {function.__name__} of {item.name}"
        for item in _exercises()
        for function in item.alternatives
        for shape in _of_source(textwrap.dedent(inspect.getsource(function)))
    }


def _files(folder):
    """Every file by name with its content; archives are opened, and those in them.

    Left out is what is of Pyodide's release, as it was or compiled.
    """
    foreign = {*pyodide.wanted().values(), *dict(compiled.listed(folder / "live/static/pyodide").values()).values()}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() not in foreign:
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
