"""Wrong answers that no mistake of the catalogue explains, grouped by what they do; and a draft of a mistake."""

import ast
import builtins
import os
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from course_utils.authoring.cells import grade_id
from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.checking.calls import cases_of
from course_utils.checking.outcome import CRASHED, WRONG
from course_utils.checking.trace import RIGHT
from course_utils.exercises import catalogue
from course_utils.grading.classroom import Classroom
from course_utils.grading.marks.recorded import recorded
from course_utils.grading.run import verdicts
from course_utils.grading.run.execute import Executor, task_of

SAMPLE_MAX = 20_000  # characters of a text that a draft is made of


@dataclass(frozen=True)
class Group:
    """Answers to one exercise that do the same on the same cases."""

    exercise: str
    trace: tuple
    students: tuple
    told: str  # the message that one of them got
    sample: str  # the shortest of their texts

    @property
    def shown_by(self):
        """The smallest input on which they go wrong, in the lesson's words."""
        item = catalogue().get(self.exercise)
        seed, *marks = self.trace
        cases = cases_of(item, int(seed.split()[1])) if item else []
        wrong = [one for one, mark in zip(cases, marks, strict=False) if mark != RIGHT]
        return min(wrong, key=_size).label if wrong else "an input of your own"


def groups(results):
    """The groups of a class: exercises as in the lesson, in each the largest group first."""
    found, order = defaultdict(list), {}
    for result in results:
        for each in result.findings:
            order.setdefault(each.exercise, len(order))
            if each.outcome in (WRONG, CRASHED) and not each.code and each.trace:
                found[each.exercise, each.trace].append((result.student, each))
    made = [
        Group(
            exercise,
            trace,
            tuple(name for name, _ in people),
            people[0][1].message.removeprefix(f"{exercise}: "),
            min((each.answer for _, each in people), key=len),
        )
        for (exercise, trace), people in found.items()
    ]
    return sorted(made, key=lambda one: (order[one.exercise], -len(one.students), one.trace))


def catalogue_group(lesson, number, root=paths.ROOT, db=""):
    """Write a draft of a catalogue entry for a group of the class's report, run it shut in, and say what is left to do.

    >>> catalogue_group("02", 3)      # doctest: +SKIP
    grading/reports/02_by_hand_group_3.py: does what the group does. Write its sentence, then move it to …
    """
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading", db)
    found = groups(recorded(room))
    if not 1 <= number <= len(found):
        count = f"{len(found)} group{'s' * (len(found) != 1)}" if found else "no group"
        raise CourseError(f"{room.lesson} has {count} of wrong answers that are not in the catalogue, got {number}.")
    group = found[number - 1]
    text, name = draft(group, number), f"group_{number}"
    path = room.folder / "reports" / f"{room.lesson}_group_{number}.py"
    files.write(path, text)
    same = _trace_of(room, group.exercise, text, name) == group.trace
    does = "does what the group does" if same else "does something else than the group: look at it"
    place = f"course_utils/exercises/lesson{room.lesson}/{group.exercise}.py"
    print(f"{os.path.relpath(path)}: {does}. Write its sentence and code, then move it to {place}.")
    return same


def draft(group, number):
    """A mistake for the catalogue: the sample as a function that stands on its own; its sentence is still to come."""
    if len(group.sample) > SAMPLE_MAX:
        raise CourseError(f"group {number}'s text has over {SAMPLE_MAX:,} characters: write the mistake by hand.")
    try:
        return _draft(ast.parse(group.sample), group, number)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # what a student wrote, and ran
        told = f"group {number}'s text is nested too deep to be taken apart: write the mistake by hand."
        raise CourseError(told) from None


def _draft(tree, group, number):
    own = next((statement for statement in tree.body if getattr(statement, "name", "") == group.exercise), None)
    if not isinstance(own, ast.FunctionDef):
        raise CourseError(f"group {number}'s text defines no function {group.exercise}: write the mistake by hand.")
    if ast.get_docstring(own):
        own.body = own.body[1:] or [ast.Pass()]
    inside = [
        statement
        for statement in tree.body
        if statement is not own and not isinstance(statement, ast.Expr) and _is_used(statement, own)
    ]
    numpy = [
        statement
        for statement in inside
        if isinstance(statement, ast.Import) and ast.unparse(statement) == "import numpy as np"
    ]
    own.body = [statement for statement in inside if statement not in numpy] + own.body
    own.name, own.decorator_list, own.returns = f"group_{number}", [], None
    for node in ast.walk(own):
        if isinstance(node, ast.Name) and node.id == group.exercise:
            node.id = own.name
    said = f'@{group.exercise}.mistake("CODE", "{group.exercise}: write here what to look at next, short and kind.")'
    return f"{said}\n{ast.unparse(own)}\n"


def _is_used(statement, function):
    imported = {alias.asname or alias.name for alias in getattr(statement, "names", []) if hasattr(alias, "name")}
    names = {getattr(statement, "name", None)} | imported
    names |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} - set(dir(builtins))
    return bool(names & used)


def _trace_of(room, exercise, text, name):
    """What a draft does, run as a student's answer is: it is a student's code."""
    nb = room.reference()
    for cell in nb.cells:
        if grade_id(cell) == exercise:
            body = text.split("\n", 1)[1]
            cell.source = f"import numpy as np\n\n\n{body}\n\n{exercise} = {name}\n"
    with Executor(task_of(room.source, room.reference())) as executor:
        done = executor.run(nb)
    entry = verdicts.record_of(done)["cells"].get(f"{exercise}_check", {})
    said = [entry_ for entry_ in entry.get("said", []) if entry_["exercise"] == exercise]
    return tuple(said[-1].get("trace", ())) if said else ()


def _size(one):
    return sum(np.size(value) if not callable(value) else 1 for value in one.args)
