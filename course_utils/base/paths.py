"""Where things are: the course's root folder, its lessons and the folders a learner or a teacher writes to."""

import difflib
import os
from pathlib import Path

from course_utils.base.errors import CourseError


def _root():
    """The clone of the course: where this package lies or, where it was copied into an environment, the folder at work.

    A hub's environment has the package alone; lessons and a class's work lie in the teacher's clone.
    """
    own, here = Path(__file__).resolve().parents[2], Path.cwd()
    is_clone = (here / "solutions").is_dir() and (here / "nbgrader_config.py").is_file()
    return here if is_clone and not (own / "solutions").is_dir() else own


ROOT = _root()


def solutions(root=ROOT):
    """The folder of lesson sources, one subfolder a lesson."""
    return Path(root) / "solutions"


def notebooks(root=ROOT):
    """The folder of released lessons, where learners work."""
    return Path(root) / "notebooks"


def private(root=ROOT):
    """The folder for what must not leave this machine (progress); `COURSE_HOME` moves it."""
    return Path(os.environ.get("COURSE_HOME") or Path(root) / ".course")


def lessons(root=ROOT):
    """Names of all lessons in order, for example `["00_axes_and_checks", "01_one_pixel"]`."""
    found = sorted(path.stem for path in solutions(root).glob("[0-9][0-9]_*/*.py") if path.stem == path.parent.name)
    return found or (_catalogued() if Path(root) == ROOT else [])  # in the browser there are no sources


def _catalogued():
    """The lessons that have exercises in this copy of the course."""
    here = ROOT / "course_utils" / "exercises"
    return sorted(path.stem.removeprefix("lesson") for path in here.glob("lesson[0-9][0-9]_*"))


def find_lesson(text, root=ROOT):
    """The full name of the lesson that `text` means: its number, its slug, its full name or a path to it.

    >>> find_lesson("02")
    '02_by_hand'
    >>> find_lesson("notebooks/02_by_hand/02_by_hand.ipynb")
    '02_by_hand'
    """
    known = lessons(root)
    wanted = Path(str(text)).stem or str(text)
    for name in known:
        number, slug = name.split("_", 1)
        if wanted in (name, number, slug) or (wanted.isdigit() and int(wanted) == int(number)):
            return name
    close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise CourseError(f"no lesson named '{text}'.{hint} The lessons are: {', '.join(known) or 'none yet'}.")
