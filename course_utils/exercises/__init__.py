"""The exercises of the course, a package a lesson and a file an exercise.

`lesson02_by_hand` holds the exercises of lesson `02_by_hand`: oracle, cases, mistakes, alternatives and hints of
`conv1x1_loops` in `conv1x1_loops.py`, questions in `quiz.py`, and in `__init__.py` the names in the lesson's order.

>>> find("conv1x1_loops").lesson
'02_by_hand'
"""

import functools
import importlib
import importlib.util
import pkgutil
import traceback
from pathlib import Path

from course_utils.base.errors import CourseError
from course_utils.exercises.spec import Exercise, Question

PREFIX = "lesson"


@functools.cache
def catalogue() -> dict[str, Exercise | Question]:
    """Every exercise and question of the course by name, in the order of the lessons."""
    found: dict[str, Exercise | Question] = {}
    for package in sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith(PREFIX)):
        for item in _items(package):
            if item.name in found:
                raise ValueError(f"{item.name} is defined in lesson {found[item.name].lesson} and again in {package}")
            item.lesson = package.removeprefix(PREFIX)
            found[item.name] = item
    return found


@functools.cache
def titles() -> dict[str, str]:
    """What each lesson of this copy of the course is called, in order.

    >>> titles()["02_by_hand"]
    'The 1×1 convolution by hand'
    """
    packages = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith(PREFIX))
    return {package.removeprefix(PREFIX): getattr(_load(package), "TITLE", "") for package in packages}


def _items(package):
    """The exercises of a lesson in the order that its package states, then the questions of its quiz."""
    lesson = _load(package)
    modules = [_load(f"{package}.{m.name}") for m in pkgutil.iter_modules(lesson.__path__)]
    own = [(module, value) for module in modules for value in vars(module).values() if isinstance(value, Exercise)]
    written = {value.name: value for module, value in own if value.oracle.__module__ == module.__name__}
    if odd := sorted({*written} ^ {*lesson.EXERCISES}):
        raise CourseError(
            f"EXERCISES in course_utils/exercises/{package}/__init__.py and the files beside it do not agree on "
            f"{', '.join(odd)}. Name an exercise there at its place in the lesson, and write it in a file of its own."
        )
    return [*(written[name] for name in lesson.EXERCISES), *(item for m in modules for item in getattr(m, "QUIZ", ()))]


def _load(module):
    try:
        return importlib.import_module(f"{__name__}.{module}")
    except Exception as error:  # whoever adds an exercise sees where, and no learner sees our traceback
        raise CourseError(
            f"{_broken(module, error)} cannot be imported ({type(error).__name__}: {error}). "
            "Nothing can be checked until it can: put it right, or fetch that file again."
        ) from error


def _broken(module, error):
    """The file of a lesson where an import stopped: `module` itself, or one that it imports."""
    passed = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    passed += [error.filename] if isinstance(error, SyntaxError) and error.filename else []
    here = Path(__path__[0])
    files = [Path(name) for name in passed if Path(name).parent.parent == here]
    file = files[-1] if files else Path(importlib.util.find_spec(f"{__name__}.{module}").origin)
    return f"course_utils/exercises/{file.relative_to(here).as_posix()}"


def find(name: str) -> Exercise | Question:
    """The exercise or question called `name`."""
    try:
        return catalogue()[name]
    except KeyError:
        raise CourseError(f"no exercise or question is called {name!r}. Keep the name that the lesson gives.") from None


def of_lesson(lesson: str) -> list[Exercise | Question]:
    """The exercises and questions of one lesson, in order."""
    return [item for item in catalogue().values() if item.lesson == lesson]


__all__ = ["Exercise", "Question", "catalogue", "find", "of_lesson", "titles"]
