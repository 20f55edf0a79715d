"""What people call is annotated, and the annotations are right. Shapes of arrays stand in docstrings."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib

import pytest

from course_utils.base import paths

SETTINGS = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
OTHERWISE = {"tiled", "streamed"}  # kernels: there an annotation tells Triton what is fixed when it compiles


def files():
    """What mypy is told to look at."""
    for name in SETTINGS["files"]:
        path = paths.ROOT / name
        yield from path.rglob("*.py") if path.is_dir() else path.parent.glob(path.name)


def public(path):
    """The functions of a file, and the methods of its classes, whose names promise something."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for node in (one for body in (tree, *classes) for one in body.body):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in OTHERWISE:
            yield node


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.relative_to(paths.PACKAGE).as_posix())
def test_public_functions_say_what_they_take_and_give(path):
    for function in public(path):
        found = function.args
        taken = [*found.posonlyargs, *found.args, *found.kwonlyargs, *filter(None, (found.vararg, found.kwarg))]
        silent = [one.arg for one in taken if one.annotation is None and one.arg not in ("self", "cls")]
        assert not silent and function.returns, f"{path}:{function.lineno}: {function.name} {silent} is not annotated"


def mypy(folder, *words):
    """What mypy says, and its exit status."""
    command = [sys.executable, "-m", "mypy", "--cache-dir", folder, *words]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    return done.stdout + done.stderr, done.returncode


needs_mypy = pytest.mark.skipif(
    importlib.util.find_spec("mypy") is None, reason="mypy is not installed: pip install -e .[dev]"
)


@needs_mypy
def test_the_annotations_are_right(tmp_path):
    said, status = mypy(tmp_path)
    assert status == 0, said


@needs_mypy
def test_no_module_is_asked_for_what_it_does_not_have(tmp_path):
    """Also in code that only runs by hand: a benchmark stopped at a name that had moved."""
    said, _ = mypy(tmp_path, "--check-untyped-defs", "course_utils")
    asked = re.findall(r".*Module has no attribute.*|.*is not defined.*", said)
    assert "error" in said and not [line for line in asked if not re.search("locking|LK_NBLCK", line)]  # of Windows
