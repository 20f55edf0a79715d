"""Files that are written whole or not at all: who reads one never finds half of it, and a crash leaves the old one."""

import contextlib
import os

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
