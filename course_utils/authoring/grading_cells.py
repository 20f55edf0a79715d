"""What nbgrader needs of a lesson's cells, and what the catalogue of exercises says they are."""

import ast
import re
from collections import Counter

from course_utils import exercises
from course_utils.authoring.cells import is_quiz
from course_utils.exercises import Question

NEEDED = ("grade", "grade_id", "locked", "schema_version", "solution", "task")
GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what nbgrader and the notebook format both accept
MARK_SCHEME = re.compile(r"^### BEGIN MARK SCHEME$.*^### END MARK SCHEME$", re.MULTILINE | re.DOTALL)


def problems(cells, lesson, where):
    """The problems of the cells that take part in grading; `where` names the lesson's text."""
    cells = [cell for cell in cells if "nbgrader" in cell.metadata]
    found = [problem for cell in cells for problem in _metadata_problems(cell.metadata.nbgrader)]
    if not found:  # what follows relies on complete metadata
        found += _repeated_ids(cells) + _answer_problems(cells) + _order_problems(cells) + _check_problems(cells)
        found += _task_problems(cells) + _catalogue_problems(cells, lesson)
    return [f"{where}: {problem}" for problem in found]


def _metadata_problems(grader):
    """Keys that nbgrader needs and does not find, or finds with a value it cannot use."""
    name = grader.get("grade_id", "without a grade_id")
    marked = grader.get("grade") or grader.get("task")
    needed = (*NEEDED, "points") if marked else NEEDED
    found = [f"the nbgrader metadata of cell {name} lacks `{key}`; add it." for key in needed if key not in grader]
    if not GRADE_ID.fullmatch(str(name)) and "grade_id" in grader:
        found.append(f"grade_id {name!r} may hold only letters, digits, - and _ (at most 64); rename it.")
    if grader.get("schema_version", 3) != 3:
        found.append(f"cell {name} has nbgrader schema_version {grader['schema_version']}; the course uses 3.")
    if marked and not grader.get("points", 1) > 0:
        found.append(f"cell {name} is worth {grader['points']} points; a graded cell is worth at least 1.")
    if grader.get("grade") and not grader.get("solution") and not grader.get("locked"):
        found.append(f"cell {name} is a check and must be locked; set `locked` to true.")
    if grader.get("task") and not grader.get("locked"):
        found.append(f"cell {name} is a task and must be locked, or its mark scheme is lost; set `locked` to true.")
    return found


def _repeated_ids(cells):
    counts = Counter(_id(cell) for cell in cells)
    return [f"grade_id {name} is used {count} times; rename one." for name, count in counts.items() if count > 1]


def _answer_problems(cells):
    """Answer cells that would not leave a function to complete: a release must run from top to bottom."""
    found = []
    for cell in _answers(cells):
        name = _id(cell)
        if is_quiz(cell):
            if _chosen(cell) is None:
                found.append(f'cell {name} must read answers = quiz(question="letter", …) and nothing else.')
        elif name not in _defined(cell):
            found.append(f"answer cell {name} must define a function or class `{name}`; rename one of the two.")
        elif not re.search(r"^[ \t]+### BEGIN SOLUTION", cell.source, re.MULTILINE):
            found.append(f"answer cell {name} has no `### BEGIN SOLUTION` region inside `{name}`; add it, indented.")
    return found


def _order_problems(cells):
    """Answers whose check does not come next, and checks without an answer."""
    order = [_id(cell) for cell in cells if _is_answer(cell) or cell.metadata.nbgrader.grade]
    expected = []
    for cell in _answers(cells):
        names = list(_chosen(cell) or {}) if is_quiz(cell) else [_id(cell)]
        expected += [_id(cell), *[f"{name}_check" for name in names]]
    found = [
        f"cell {name} has no answer cell above it; take it out or add one." for name in order if name not in expected
    ]
    for answer, name in zip([None, *expected], expected, strict=False):
        if name not in order:
            found.append(f"after cell {answer} a check cell with grade_id {name} is missing; add it.")
    if not found and order != expected:
        wrong = next(name for name, want in zip(order, expected, strict=True) if name != want)
        found.append(f"cell {wrong} stands out of order: each answer is followed by its own check; move it.")
    return found


def _check_problems(cells):
    """Check cells that do not call the check they are named for."""
    questions = {name for cell in cells if is_quiz(cell) for name in _chosen(cell) or {}}
    found = []
    for cell in cells:
        name = _id(cell).removesuffix("_check")
        if _is_answer(cell) or not cell.metadata.nbgrader.grade:
            continue
        calls = (
            [f'check(answers["{name}"], "{name}")'] if name in questions else [f"check({name})", f"check({name}, seed="]
        )
        found += [f"cell {_id(cell)} must call `{call}`; add it." for call in calls if call not in cell.source]
    return found


def _task_problems(cells):
    """Tasks, which a person marks, that do not say how to mark them."""
    tasks = [cell for cell in cells if cell.metadata.nbgrader.task]
    return [
        f"task {_id(cell)} has no `### BEGIN MARK SCHEME` … `### END MARK SCHEME` region; add it for who marks by hand."
        for cell in tasks
        if not MARK_SCHEME.search(cell.source)
    ]


def _catalogue_problems(cells, lesson):
    """Exercises and questions that the lesson and `course_utils.exercises` do not agree on."""
    catalogue = exercises.of_lesson(lesson)
    known = {item.name: item.right if isinstance(item, Question) else None for item in catalogue}
    asked = {_id(cell): None for cell in _answers(cells) if not is_quiz(cell)}
    for cell in filter(is_quiz, cells):
        asked |= _chosen(cell) or {}
    package = f"course_utils/exercises/lesson{lesson}"
    found = [f"{name} is not in {package}; add it there or take it out here." for name in asked if name not in known]
    found += [
        f"{name} of {package} has no cell in the lesson; add it here or take it out there."
        for name in known
        if name not in asked
    ]
    for name, letter in asked.items():
        if name in known and letter != known[name]:
            found.append(f"quiz answer {name} is {letter!r}, but {package} says {known[name]!r} is right; correct one.")
    return found


def _answers(cells):
    return [cell for cell in cells if _is_answer(cell)]


def _is_answer(cell):
    return cell.metadata.nbgrader.solution


def _id(cell):
    return cell.metadata.nbgrader.grade_id


def _defined(cell):
    """Names of the functions and classes that a cell defines at its top level."""
    return [node.name for node in _body(cell) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


def _chosen(cell):
    """The letters of a quiz cell by question, or None where the cell is anything but `answers = quiz(...)`."""
    match _body(cell):
        case [
            ast.Assign(
                targets=[ast.Name(id="answers")], value=ast.Call(func=ast.Name(id="quiz"), args=[], keywords=keywords)
            )
        ]:
            return {keyword.arg: getattr(keyword.value, "value", None) for keyword in keywords}


def _body(cell):
    try:
        return ast.parse(cell.source).body
    except SyntaxError:
        return []
