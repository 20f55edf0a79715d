"""Where things are: the course's root folder, its lessons and the folders a learner or a teacher writes to."""

import difflib
import os
import re
import sys
from pathlib import Path

from course_utils.base.errors import CourseError

PACKAGE = Path(__file__).resolve().parents[1]
NUMBER = r"[0-9]{2}[a-z]?"  # of a lesson: 04b comes between 04 and 05
LESSONS = PACKAGE / "lessons"  # in a wheel: what `course start` copies; a clone has it in its root


def is_course(folder):
    """Whether a folder holds the lessons: a clone, or what `course start` has made."""
    try:
        return (folder / "solutions").is_dir() and (folder / "nbgrader_config.py").is_file()
    except OSError:  # a private window of a browser has a folder that cannot be read
        return False


def _root():
    """The clone of the course: where this package lies or, where it is installed, the folder at work.

    An environment has the package alone; lessons and a class's work lie in the folder you are in, or in one above it.
    """
    own = PACKAGE.parent
    return own if (own / "solutions").is_dir() else next(filter(is_course, _here()), own)


def _here():
    try:
        here = Path.cwd()
    except OSError:  # somebody has removed the folder
        return []
    return [here, *here.parents]


ROOT = _root()


def solutions(root=ROOT):
    """The folder of lesson sources, one subfolder a lesson."""
    return Path(root) / "solutions"


def notebooks(root=ROOT):
    """The folder of released lessons, where learners work."""
    return Path(root) / "notebooks"


def private():
    """The folder for what must not leave this machine (progress), one for each user; `COURSE_HOME` moves it."""
    if os.environ.get("COURSE_HOME"):
        return Path(os.environ["COURSE_HOME"])
    if sys.platform == "emscripten":
        return ROOT / ".course"
    import platformdirs

    return platformdirs.user_data_path("one-by-one-course", appauthor=False)


def lessons(root=ROOT):
    """Names of all lessons in order, for example `["00_axes_and_checks", "01_one_pixel"]`."""
    found = [path.stem for path in solutions(root).glob("*/*.py") if path.stem == path.parent.name]
    found = sorted(filter(is_lesson, found))  # as text: _ comes before the letters
    return found or (_catalogued() if Path(root) == ROOT else [])  # in the browser there are no sources


def _catalogued():
    """The lessons that have exercises in this copy of the course."""
    here = PACKAGE / "exercises"
    return sorted(filter(is_lesson, (path.stem.removeprefix("lesson") for path in here.glob("lesson*"))))


def is_lesson(name):
    """Whether this is how a lesson may be called: its number, `_` and a slug.

    >>> is_lesson("02_by_hand"), is_lesson("04b_layouts"), is_lesson("drafts")
    (True, True, False)
    """
    return re.match(rf"{NUMBER}_", name) is not None


def number(lesson):
    """The number of a lesson: two digits, and a letter where it goes on with the lesson before it.

    >>> number("02_by_hand"), number("04b_layouts")
    ('02', '04b')
    """
    return lesson.partition("_")[0]


def bare(text):
    """A lesson's number as people may write it, without the zero before it; None if this is no such number.

    >>> bare("02"), bare("0"), bare("04B"), bare("by_hand")
    ('2', '0', '4b', None)
    """
    found = re.fullmatch(r"0*([0-9]+[a-z]?)", text.lower())
    return found and found[1]


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
        own, _, slug = name.partition("_")
        if wanted in (name, slug) or bare(wanted) == bare(own):
            return name
    close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise CourseError(f"no lesson named '{text}'.{hint} The lessons are: {', '.join(known) or 'none yet'}.")
