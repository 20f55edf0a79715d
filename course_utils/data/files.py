"""Read a data file only when it is the file the course was written for."""

import hashlib
from pathlib import Path

from course_utils.base.errors import CourseError


def verified_bytes(path: Path, sha256: str, repair: str) -> bytes:
    """The content of a file whose SHA-256 is known; `repair` tells the reader what to do when it is not that file.

    >>> import pathlib
    >>> verified_bytes(pathlib.Path("no/such.png"), "0" * 64, "Get it again.")
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: the data file such.png is missing or unreadable (no/such.png). Get it again.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"the data file {path.name} is missing or unreadable ({path.as_posix()}). {repair}"
        raise CourseError(message) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise CourseError(
            f"the data file {path.name} is damaged: its SHA-256 begins with {found[:12]}, expected {sha256[:12]} "
            f"({path.as_posix()}). {repair}"
        )
    return content
