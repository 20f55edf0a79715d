"""A crash told as a crash: the learner's own line, and Python's error in plain words, with the names of axes."""

import re

from course_utils.checking.calls import own_line
from course_utils.checking.lacking import lacking
from course_utils.checking.overrun import local_values
from course_utils.checking.sizes import Sizes
from course_utils.checking.words import RULES
from course_utils.exercises.spec import Exercise

LONGEST = 160  # characters of an error's own words in a headline


def told(exercise: Exercise, error: BaseException, args: tuple) -> str:
    """The crash as one sentence: where, what, and Python's own name for it.

    >>> from course_utils.exercises import find
    >>> told(find("mix_pixel"), IndexError("index 4 is out of bounds for axis 0 with size 4"), ())
    'index 4 is too large: that axis has 4 places, 0 to 3 (IndexError).'
    """
    place, kind, said = own_line(error), type(error).__name__, str(error).strip()
    line = place.partition(": ")[2]
    words = _in_words(said, kind, Sizes(exercise, args, line, local_values(error))) or _shortened(said)
    where = f"{_where(exercise, place)}: " if place else ""
    if missing := lacking(error):
        return where + missing
    what = f"{words.rstrip('.')} ({kind})." if words else f"{kind}."
    return where + what + _turned_around(line, local_values(error))


def _turned_around(line, values):
    """What `.T` does to an array of more than two axes, where the line has one."""
    for name in re.findall(r"\b(\w+)\.T\b", line):
        axes = getattr(values.get(name), "ndim", 0)
        if axes > 2:
            return f" `.T` turns all {axes} axes of `{name}` around. Which two are to be exchanged?"
    return ""


def _shortened(said):
    """What Python says, as far as a headline can hold it: PyTorch lists every way in which a function may be called.

    >>> _shortened("conv2d() received an invalid combination of arguments - got (int), but expected one of:")
    'conv2d() received an invalid combination of arguments'
    """
    first = said.partition("\n")[0].partition(" - got (")[0]
    return first if len(first) <= LONGEST else f"{first[:LONGEST]} …"


def _where(exercise, place):
    number, _, line = place.partition(": ")
    number = number.replace(f" of `{exercise.name}`", "")
    return f"{number[0].upper()}{number[1:]}, `{line}`" if line and "`" not in line else number.capitalize()


def _in_words(said, kind, sizes):
    """The error in plain words, or "" where there is nothing better than what Python says."""
    for pattern, tell in RULES:
        if found := re.search(pattern, said):
            return tell(found, sizes)
    return f"there is no `{said.strip(chr(39))}` in this dictionary" if kind == "KeyError" else ""
