"""What stands in a learner's code: looked up where the object lives, for a message that speaks of a word in it."""

import ast
import functools
import inspect
import textwrap
import types

import numpy as np

from course_utils.base.remote import where_it_lives

LONG = 20_000  # characters of code that are looked at
MANY = 10  # functions that one answer calls, of which the code is looked at
KEPT = 50  # objects whose text is remembered
LIBRARIES_OWN = types.FunctionType, types.BuiltinFunctionType, type(np.einsum), np.ufunc  # kinds of functions
READ: dict[int, tuple] = {}  # where an object is, to itself and its text: to find a text takes long, and each look asks


@where_it_lives
def source_of(thing):
    """The text of a function or class, or "" where nobody has it.

    >>> source_of(source_of).splitlines()[1]
    'def source_of(thing):'
    """
    known = READ.get(id(thing))
    if known and known[0] is thing:
        return known[1]
    try:
        text = textwrap.dedent(inspect.getsource(thing))
    except Exception:  # noqa: BLE001 - an object without a source, or one that pretends to be something else
        text = ""
    if len(READ) >= KEPT:
        READ.clear()
    READ[id(thing)] = thing, text if len(text) <= LONG else ""
    return READ[id(thing)][1]


@where_it_lives
def written(thing):
    """The text of a function, as "", and of functions beside it that it calls, by name; {} where nobody has it.

    >>> list(written(words_in))
    ['', 'tree_of']
    """
    own = source_of(thing)
    texts, waiting = {"": own} if own else {}, [thing]
    while texts and waiting and len(texts) < MANY:
        code, space = getattr(waiting.pop(), "__code__", None), getattr(thing, "__globals__", {})
        for name in code.co_names if code else ():
            other = space.get(name)
            if name not in texts and (known := library_name(other)) not in ("", name):
                texts[name] = f"np.{known}"
            beside = inspect.isfunction(other) and other.__globals__ is space and other is not thing
            if beside and name not in texts and (text := source_of(other)):
                texts[name] = text
                waiting.append(other)
    return texts


def library_name(thing):
    """What NumPy or PyTorch calls a function of its own, or "".

    >>> contract = np.einsum
    >>> library_name(contract), library_name(library_name), library_name(3)
    ('einsum', '', '')
    """
    if not isinstance(thing, LIBRARIES_OWN):
        return ""
    place = str(getattr(thing, "__module__", "") or getattr(np, thing.__name__, None) is thing and "numpy")
    return thing.__name__ if place.split(".")[0] in ("numpy", "torch") else ""


@where_it_lives
def helper_of(function, name):
    """The function of that name that a function can call, or None.

    >>> helper_of(lambda text: words_in(text), "words_in").__name__
    'words_in'
    """
    try:
        found = function.__globals__.get(name)
    except Exception:  # noqa: BLE001 - an object that only pretends to be a function
        return None
    return found if callable(found) else None


def tree_of(source):
    """A text of Python as a tree, or None where it cannot be read; who changes it works on a copy.

    >>> tree_of("y = ")
    """
    return _parsed(source)


@functools.lru_cache(maxsize=KEPT)
def _parsed(source):
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError):
        return None


def words_in(source):
    """Every name, attribute, keyword, operator, statement and call in a text of Python; None where it cannot be read.

    >>> sorted(words_in("y = x.T @ f(w)"))
    ['@', 'T', 'f', 'f()', 'w', 'x', 'y']
    """
    tree = tree_of(source)
    if tree is None:
        return None
    found = set()
    for node in ast.walk(tree):
        found |= {
            getattr(node, field) for field in ("id", "attr", "arg") if isinstance(getattr(node, field, None), str)
        }
        found |= {SIGNS[type(node)]} if type(node) in SIGNS else set()
        if isinstance(node, ast.Call):
            found.add(f"{getattr(node.func, 'attr', getattr(node.func, 'id', ''))}()")
    return found


SIGNS = {ast.MatMult: "@", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.For: "for", ast.While: "while",
         ast.AugAssign: "+=", ast.And: "and", ast.Or: "or", ast.Not: "not", ast.If: "if", ast.IfExp: "if",
         ast.Break: "break", ast.Continue: "continue"}  # fmt: skip
