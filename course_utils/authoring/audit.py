"""`course check`: what is wrong with the lessons, one sentence a problem, each naming the file to edit."""

import os
import re
from pathlib import Path

from course_utils.authoring import catalogued, grading_cells, minutes, prose, source
from course_utils.authoring.build import chosen, derive, read_text, source_of
from course_utils.authoring.release import extras
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.exercises import Exercise, of_lesson, titles

REGION = re.compile(
    r"^[ \t]*### BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)\n(.*?)^[ \t]*### END \1\n?", re.MULTILINE | re.DOTALL
)
TELLING = 12  # characters: a shorter line, such as `return y`, gives nothing away


def audit(lessons=None, root=paths.ROOT):
    """The problems of some lessons, or of the whole course if none is named; an empty list is a clean course.

    >>> audit(["02"])                                        # doctest: +SKIP
    ['02_by_hand.py: heading "The bias" jumps from level 2 to level 4; use `### The bias`.']
    """
    names = chosen(lessons, root)
    problems = [problem for lesson in names for problem in _lesson_problems(lesson, root)]
    if lessons is None:
        problems += _strays(root) + _miscounted(root) + _mistitled(root)
        for path in _documents(root):
            problems += prose.document_problems(path.read_text(encoding="utf-8"), path.parent, path.relative_to(root))
    return problems


def _lesson_problems(lesson, root):
    """Everything about one lesson. Where the text cannot be read or released, that is the last problem named."""
    path = source_of(lesson, root)
    problems = []
    try:
        text = read_text(path)
        cells = source.parse(text, path.name).cells
        problems += grading_cells.problems(cells, lesson, path.name)
        problems += prose.lesson_problems(cells, paths.notebooks(root) / lesson, path.name)
        problems += catalogued.problems(cells, lesson, path.name)
        problems += minutes.time_problems(cells, path.name)
        problems += _leaks(cells, lesson, root)
        problems += _drift(lesson, root)
    except CourseError as error:
        problems.append(str(error))
    return problems


def _drift(lesson, root):
    """Built files that are missing, or that are not to the byte what the lesson's text builds."""
    text, number = f"solutions/{lesson}/{lesson}.py", paths.number(lesson)
    problems = []
    for path, data in derive(lesson, root).items():
        name = path.relative_to(root).as_posix()
        if not path.is_file():
            problems.append(f"{name} is missing: run `course build {number}` to make it from {text}.")
        elif path.read_bytes() != data:
            problems.append(
                f"{name} is not what {text} builds: edit only {text}, then run `course build {number}` "
                f"(`course adopt {number}` first brings edits of the notebook in solutions/ back into it)."
            )
    return problems


def _leaks(cells, lesson, root):
    """Lines of answers, hidden tests and mark schemes that a learner can read, in other cells or in the release."""
    text = "\n\n".join(cell.source for cell in cells)
    shown = REGION.sub("", text)
    released = _text_of_release(lesson, root)
    problems = []
    for match in REGION.finditer(text):
        lines = [line.strip() for line in match[2].splitlines()]
        telling = [line for line in lines if len(line) >= TELLING and not line.startswith("#")]
        if telling and all(line in shown for line in telling):
            problems.append(
                f"{lesson}.py: `{telling[0]}` is hidden in one cell and shown in another; take it out there."
            )
        for line in telling:
            if line not in shown and line in released:
                problems.append(f"notebooks/{lesson} shows learners `{line}`, which {lesson}.py hides; build it again.")
    return problems


def _text_of_release(lesson, root):
    """All that a learner can read in a lesson's release, strings of the notebook as they are and as text."""
    files = [path for path in (paths.notebooks(root) / lesson).rglob("*") if path.is_file()]
    text = "\n".join(path.read_bytes().decode(errors="ignore") for path in files)
    return text + text.replace('\\"', '"').replace("\\\\", "\\")


def _strays(root):
    """Files that no lesson accounts for: they would go out to learners, or look like a lesson and never be built."""
    lessons = paths.lessons(root)
    wanted = {path for lesson in lessons for path in _accounted(lesson, root)}
    present = [*paths.notebooks(root).rglob("*"), *paths.solutions(root).rglob("*.ipynb")]
    lost = [path for path in present if path.is_file() and not _is_private(path, root) and path not in wanted]
    names = sorted(path.relative_to(root).as_posix() for path in lost)
    problems = [f"{name} belongs to no lesson in solutions/; move it elsewhere or delete it." for name in names]
    for path in sorted(paths.solutions(root).glob("*/*.py")):
        if path.stem not in lessons or path.stem != path.parent.name:
            name = path.relative_to(root).as_posix()
            problems.append(f"{name} is never built: a lesson is a text file solutions/NN_slug/NN_slug.py; rename it.")
    return problems


def _miscounted(root):
    """Lessons whose row in the README's table states another number of exercises than they have."""
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    problems = []
    for lesson in paths.lessons(root):
        stated = re.search(rf"^\|[^|\n]*\(notebooks/{lesson}/[^|\n]*\|[^|\n]*\|[^|\n]*\| *(\d+)", text, re.MULTILINE)
        count = sum(isinstance(item, Exercise) for item in of_lesson(lesson))
        if stated and int(stated[1]) != count:
            problems.append(f"README.md says that {lesson} has {stated[1]} exercises; it has {count}. Correct its row.")
    return problems


def _mistitled(root):
    """Lessons that the map of the course calls by another title than their first line."""
    problems = []
    for lesson in paths.lessons(root):
        stated = re.search(rf"^# # Lesson {paths.NUMBER} · (.+)$", read_text(source_of(lesson, root)), re.MULTILINE)
        if stated and lesson in titles() and titles()[lesson] != stated[1]:
            where = f"course_utils/exercises/lesson{lesson}/__init__.py"
            problems.append(f"{where} has the TITLE {titles()[lesson]!r}; the lesson's first line says {stated[1]!r}.")
    return problems


def _accounted(lesson, root):
    """The files in both trees that come from a lesson."""
    folder, target = paths.solutions(root) / lesson, paths.notebooks(root) / lesson
    copies = [target / path.relative_to(folder) for path in extras(folder)]
    return [folder / f"{lesson}.ipynb", target / f"{lesson}.ipynb", *copies]


def _documents(root):
    """The Markdown files of the course; not those of an environment, of a hidden folder, of a class or of packages."""
    found, others = [], ("grading", "build", "node_modules")
    for folder, subfolders, files in os.walk(root):
        if "pyvenv.cfg" in files:
            subfolders.clear()
            continue
        subfolders[:] = [name for name in subfolders if not name.startswith(".") and name not in others]
        found += [Path(folder) / name for name in files if name.endswith(".md")]
    return sorted(found)


def _is_private(path, root):
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(root).parts)
