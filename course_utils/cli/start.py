"""`course start`: the lessons of an installed course, copied to where somebody works; nothing there is changed."""

import os
import sys
from pathlib import Path

from course_utils.base import paths
from course_utils.base.errors import CourseError

WITHOUT_LESSONS = ("start", "lab", "progress", "doctor", "bench")


def start(folder):
    """Copy the lessons into a folder of yours, the one you are in if you name none; what is there already stays.

    Only for a course that was installed with pip: a clone has its lessons. Work from that folder then.

    course start                    here
    course start my-course          there
    """
    written, others = copy_lessons(folder)
    print(f"{len(written)} files copied to {os.path.abspath(folder)}.")
    if others:
        print(f"Left as they are, for they are not the course's: {', '.join(others)}. Move one away to get it anew.")
    print("Go on there with `course lab`." if os.path.abspath(folder) != os.getcwd() else "Go on with `course lab`.")
    return 0


def copy_lessons(folder, source=None):
    """Copy what is missing in `folder`, and return what was written and what is there with other content, by name.

    >>> copy_lessons("my-course")                     # doctest: +SKIP
    (['README.md', 'notebooks/00_axes_and_checks/00_axes_and_checks.ipynb', …], [])
    """
    source, folder = source or paths.LESSONS, Path(folder).expanduser().absolute()
    if not source.is_dir():
        raise CourseError(f"the lessons lie in {paths.ROOT} already, a clone of the course. `course lab` opens them.")
    if folder.is_relative_to(paths.PACKAGE):
        raise CourseError(f"{folder} is inside the installed course. Name one of your own: `course start my-course`.")
    written, others = [], []
    for path in sorted(source.rglob("*")):
        name, target = path.relative_to(source).as_posix(), folder / path.relative_to(source)
        if path.is_dir() or path.suffix == ".pyc":
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:  # only a new one
                file.write(path.read_bytes())
            written.append(name)
        except FileExistsError:
            if not target.is_file() or target.read_bytes() != path.read_bytes():
                others.append(name)
        except OSError as error:
            cure = "Name another folder: `course start FOLDER`."
            raise CourseError(f"{target} cannot be written: {error.strerror}. {cure}") from None
    return written, others


def require(verb):
    """Say what to do where a verb needs the lessons and there are none."""
    if verb not in WITHOUT_LESSONS and paths.LESSONS.is_dir() and not paths.is_course(paths.ROOT):
        raise CourseError(f"there are no lessons in {Path.cwd()}. `course start` copies them there.")


def offer(folder):
    """Ask whether the lessons are to be copied into the folder; say no where nobody can answer."""
    if not sys.stdin.isatty():
        return False
    answer = input(f"There are no lessons in {folder}. Copy them there? [Y/n] ")
    return answer.strip().lower() in ("", "y", "yes")
