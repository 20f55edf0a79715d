"""What people call is annotated, and the annotations are right. Shapes of arrays stand in docstrings."""

import ast
import importlib.util
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


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed: pip install -e .[dev]")
def test_the_annotations_are_right(tmp_path):
    command = [sys.executable, "-m", "mypy", "--cache-dir", tmp_path]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
