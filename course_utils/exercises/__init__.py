"""The exercises of the course, one module a lesson: `lesson02_by_hand` holds those of `02_by_hand`.

>>> find("conv1x1_loops").lesson
'02_by_hand'
"""

import functools
import importlib
import pkgutil

from course_utils.base.errors import CourseError
from course_utils.exercises.spec import Exercise, Question

PREFIX = "lesson"


@functools.cache
def catalogue():
    """Every exercise and question of the course by name, in the order of the lessons."""
    found = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith(PREFIX)):
        for item in _items(_load(module)):
            if item.name in found:
                raise ValueError(f"{item.name} is defined in lesson {found[item.name].lesson} and again in {module}")
            item.lesson = module.removeprefix(PREFIX)
            found[item.name] = item
    return found


def _load(module):
    try:
        return importlib.import_module(f"{__name__}.{module}")
    except Exception as error:  # whoever adds an exercise sees where, and no learner sees our traceback
        raise CourseError(
            f"course_utils/exercises/{module}.py cannot be imported ({type(error).__name__}: {error}). "
            "Nothing can be checked until it can: put it right, or fetch that file again."
        ) from error


def _items(module):
    """Exercises in the order they are written, then the questions of QUIZ, if there are any."""
    return [value for value in vars(module).values() if isinstance(value, Exercise)] + list(getattr(module, "QUIZ", ()))


def find(name):
    """The exercise or question called `name`."""
    try:
        return catalogue()[name]
    except KeyError:
        raise CourseError(f"no exercise or question is called {name!r}. Keep the name that the lesson gives.") from None


def of_lesson(lesson):
    """The exercises and questions of one lesson, in order."""
    return [item for item in catalogue().values() if item.lesson == lesson]


__all__ = ["Exercise", "Question", "catalogue", "find", "of_lesson"]
