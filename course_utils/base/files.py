"""Files that are written whole or not at all: who reads one never finds half of it, and a crash leaves the old one."""

import contextlib
import os
from pathlib import Path

from course_utils.base.errors import CourseError


def write(path, content):
    """Write text (as UTF-8) or bytes to a file; its folder is made where it is missing.

    >>> import pathlib, tempfile
    >>> place = pathlib.Path(tempfile.mkdtemp()) / "marks" / "ada.txt"
    >>> write(place, "7 of 11")
    >>> place.read_text()
    '7 of 11'

    Raises `CourseError` where the file cannot be written; an older one is then still there.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content.encode() if isinstance(content, str) else content)
        os.replace(half, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            half.unlink()
        reason = f"cannot write {path}: {error.strerror}."
        raise CourseError(f"{reason} Make room or allow writing there, then run again.") from None


def below(folder, deepest):
    """The files in a folder and in those in it, so many deep, in order of their names; links are files.

    >>> [path.name for path in below(Path(__file__).parent, 1) if path.name.startswith("fi")]
    ['files.py']

    A path can be deeper than Python's own functions go.
    """
    found, waiting = [], [(Path(folder), 1)]
    while waiting:
        place, depth = waiting.pop()
        with contextlib.suppress(OSError):  # one that may not be read, or was
            for path in place.iterdir():
                if path.is_symlink() or not path.is_dir():
                    found.append(path)
                elif depth < deepest:
                    waiting.append((path, depth + 1))
    return sorted(found)
