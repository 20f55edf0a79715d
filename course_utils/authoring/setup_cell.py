"""The first cell of a released notebook, folded away: it installs the course where it is not, as in Colab or VS Code.

A cell of its own, before the lesson's imports: these stay lines that a beginner can read, and whoever has the course
need not know of it. It is no part of a lesson: grading, the pages and the notebooks in a browser leave it out.
"""

import functools
import re

import nbformat

from course_utils.authoring import needs, source
from course_utils.base import project

METADATA = {
    "cellView": "form",  # Colab shows the title alone
    "deletable": False,
    "editable": False,
    "jupyter": {"source_hidden": True},
    "tags": ["set-up"],
}
NEEDS = "anywidget matplotlib numpy pillow platformdirs scikit-image scikit-learn scipy"  # by lessons and checks
TEXT = '''\
# @title Set-up: installs the course where it is missing (Colab, VS Code), else does nothing
try:
    import course_utils
except ModuleNotFoundError:
    import importlib
    import pathlib
    import site
    import subprocess
    import sys
    import sysconfig

    class NotInstalled(ImportError):
        def _render_traceback_(self):
            return [str(self)]

    def install(*what):
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["it failed"]
            reason = next((line for line in lines if line.lower().startswith("error")), lines[-1])
            raise NotInstalled(f"The course could not be installed. What pip says: {reason}") from None

    def find():
        """A wheel or a clone that lies here or up to two folders above, else the course's published address."""
        here = pathlib.Path.cwd()
        for place in [here, *here.parents][:3]:
            project = place / "pyproject.toml"
            if project.is_file() and 'name = "one-by-one-course"' in project.read_text(errors="ignore"):
                return ["--editable", str(place)]
            if wheels := sorted(place.glob("one_by_one_course-*.whl")):
                return [str(wheels[-1])]
        repository = "REPOSITORY"
        return ["git+" + repository] if repository else None

    if (found := find()) is None:
        raise NotInstalled(
            "The course is not installed here: put its wheel, one_by_one_course-….whl, beside this notebook "
            "(in Colab: drag it onto the list of files at the left), then run this cell again."
        ) from None
    print("Installing the course, some minutes …", flush=True)
    install(*"NEEDS".split())
    install("--no-deps", *found)  # last: where it is there, the rest is
    for folder in (sysconfig.get_path("purelib"), site.getusersitepackages()):
        site.addsitedir(folder)
    importlib.invalidate_caches()
    import course_utils

    lacks_torch = importlib.util.find_spec("torch") is None
    print("Done." + " Lessons LESSONS need PyTorch too: `%pip install torch` gets it." * lacks_torch)
'''


def text(root):
    """The cell's code, with the address that a publisher has given.

    >>> from course_utils.base import paths
    >>> "course_utils" in text(paths.ROOT)
    True
    """
    lessons = needs.spoken(needs.needing_torch(root), root)
    told = TEXT.replace("REPOSITORY", project.repository(root)).replace("NEEDS", NEEDS).replace("LESSONS", lessons)
    return source.plain(told)


def added(nb, root):
    """The notebook with the cell before its first code."""
    first = next((i for i, cell in enumerate(nb.cells) if cell.cell_type == "code"), len(nb.cells))
    cell = nbformat.v4.new_code_cell(text(root), id="set-up", metadata=METADATA)
    nb.cells.insert(first, cell)
    return nb


def removed(nb):
    """The notebook without the cell; one that somebody has written in is theirs, and stays."""
    nb.cells = [cell for cell in nb.cells if not is_setup(cell)]
    return nb


def is_setup(cell):
    """Is it this cell, as a build wrote it, with whatever address and lessons?

    >>> from course_utils.base import paths
    >>> is_setup(nbformat.v4.new_code_cell(text(paths.ROOT))), is_setup(nbformat.v4.new_code_cell("import numpy"))
    (True, False)
    """
    return cell.cell_type == "code" and bool(_written().fullmatch(source.plain(cell.source)))


@functools.cache
def _written():
    """What its text is like."""
    parts = re.split("REPOSITORY|LESSONS", source.plain(TEXT.replace("NEEDS", NEEDS)))
    return re.compile("[^\n`]*".join(map(re.escape, parts)))
