"""Results that are known already: a notebook run again by the same checks, in the same environment, is not run again.

So a class that was interrupted goes on where it was, and grading again costs next to nothing.
"""

import hashlib
import importlib.metadata
import json
import os
import sys
from pathlib import Path

import nbformat

from course_utils import paths
from course_utils.grading import execute


class Store:
    """A folder of notebooks with outputs, each under a digest of all that they depend on."""

    def __init__(self, folder, executor):
        self.folder, self.executor, self.known = folder, executor, _digest(environment(executor))

    def run(self, nb):
        """The notebook with outputs, from the folder where it is there."""
        path = self.folder / f"{_digest([self.known, nbformat.writes(nb)])}.ipynb"
        if path.is_file():
            return nbformat.read(path, as_version=4)
        done = self.executor.run(nb)
        self.folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        nbformat.write(done, half)
        os.replace(half, path)
        return done


def environment(executor):
    """What a result depends on besides the notebook: the course, Python, packages, limits, a teacher's cases."""
    code = sorted((paths.ROOT / "course_utils").rglob("*.py"))
    private = os.environ.get("COURSE_PRIVATE_CASES")
    code += sorted(Path(private).expanduser().glob("*.py")) if private else []
    packages = sorted(f"{one.name} {one.version}" for one in importlib.metadata.distributions())
    files = [(str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in code]
    limits = execute.CELL_SECONDS, execute.NOTEBOOK_SECONDS
    return [executor.task, files, packages, sys.version, limits]


def _digest(value):
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
