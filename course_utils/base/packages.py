"""How to get a package that is not here."""

import os
import sys

from course_utils.base import paths


def pins_file():
    """constraints.txt, in a clone or in an installed course: the versions that the course is tried with."""
    return (paths.LESSONS if paths.LESSONS.is_dir() else paths.PACKAGE.parent) / "constraints.txt"


def command(package):
    """What puts a package into the environment of this Python, as a line for a terminal.

    >>> command("triton")  # doctest: +ELLIPSIS
    '`...python... -m pip install triton --constraint ...constraints.txt`'
    """
    return f"`{_short(sys.executable)} -m pip install {package} --constraint {_short(pins_file())}`"


def _short(path):
    """A path as it is typed in the folder at work, where it lies in there."""
    try:
        near = os.path.relpath(path)
    except (OSError, ValueError):  # the folder is gone, or on another drive of Windows
        near = os.pardir
    return str(path) if near.startswith(os.pardir) else near
