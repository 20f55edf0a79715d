"""Cases that a teacher keeps: inputs that are in no public file, so that marks cannot be had by knowing the others.

The variable COURSE_PRIVATE_CASES names a folder outside the repository. In it a file with the name of a lesson has a
function with the name of an exercise; what that yields is tried in hidden tests, after the exercise's own cases:

    from course_utils.exercises.spec import case

    def mix_pixel(rng):
        yield case("a long pixel", rng.normal(size=50), rng.normal(size=50), 0.5)
"""

import hashlib
import os
import runpy
from pathlib import Path

import numpy as np

from course_utils.base.errors import CourseError
from course_utils.exercises.spec import Case, Exercise

FOLDER = "COURSE_PRIVATE_CASES"


def private_cases(exercise: Exercise, rng: np.random.Generator) -> list[Case]:
    """The teacher's own cases of an exercise; none where the variable is not set or the lesson has no file."""
    if not os.environ.get(FOLDER):
        return []
    folder = Path(os.environ[FOLDER]).expanduser()
    if not folder.is_dir():
        raise CourseError(f"{FOLDER} names {folder}, which is no folder. Correct it, or unset it to grade without.")
    path = folder / f"{exercise.lesson}.py"
    make = _functions(path).get(exercise.name) if path.is_file() else None
    cases = list(make(rng)) if make else []
    parameters = len(exercise.parameters)
    for case in cases:
        if not isinstance(case, Case) or len(case.args) > parameters:
            raise CourseError(f"{path}: {exercise.name} must yield case(label, …) with at most {parameters} arguments.")
    return cases


def fingerprint(lesson: str) -> str:
    """A short name for the private cases of a lesson as they are now, which changes with any file; "" without any."""
    folder = Path(os.environ[FOLDER]).expanduser() if os.environ.get(FOLDER) else None
    if folder is None or not (folder / f"{lesson}.py").is_file():
        return ""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:8]


def _functions(path):
    """What a file of private cases defines; a name that is no exercise would silently count for nothing."""
    from course_utils.exercises import catalogue, of_lesson

    try:
        found = runpy.run_path(str(path))
    except Exception as error:  # noqa: BLE001 - whatever a teacher's file does wrong
        raise CourseError(f"{path} cannot be run: {type(error).__name__}: {error}.") from None
    own = {name: one for name, one in found.items() if callable(one) and getattr(one, "__module__", "") == "<run_path>"}
    known = [item.name for item in of_lesson(path.stem)]
    strange = [name for name in own if name not in known and not name.startswith("_")]
    if strange and strange[0] in catalogue():
        there = f"{catalogue()[strange[0]].lesson}.py"
        raise CourseError(f"{path}: {strange[0]} is an exercise of another lesson. Move it to {path.with_name(there)}.")
    if strange:
        raise CourseError(f"{path}: no exercise is called {strange[0]}. Those of the lesson: {', '.join(known)}.")
    return own
