"""The right answers that mutants are made of: the oracle, its alternatives, and the answer that the lesson gives."""

import ast
import functools
from dataclasses import dataclass

from course_utils.authoring import source
from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.grading.demo.answers import text_of


@dataclass(frozen=True)
class Answer:
    """A right answer as text: what it needs, then its own definition, which is what mutants change."""

    style: str  # "oracle", "lesson" or the name of an alternative
    needs: str
    definition: str


def right_answers(exercise):
    """All right answers to an exercise that the course has.

    >>> from course_utils.exercises import find
    >>> [answer.style for answer in right_answers(find("mix_pixel"))][:2]
    ['oracle', 'lesson']
    """
    own = [("oracle", exercise.oracle), *((alternative.__name__, alternative) for alternative in exercise.alternatives)]
    found = [_parted(style, text_of(function, exercise.name), exercise.name) for style, function in own]
    return [found[0], _of_the_lesson(exercise), *found[1:]]


def _parted(style, text, name):
    """An `Answer` from a text that ends with the definition of `name`."""
    body = ast.parse(text).body
    last = max(i for i, one in enumerate(body) if getattr(one, "name", "") == name)
    needs = ast.Module([*body[:last], *body[last + 1 :]], [])
    return Answer(style, ast.unparse(needs), ast.unparse(body[last]))


def _of_the_lesson(exercise):
    """The answer cell of the lesson; it may use what the cells of the lesson import and define."""
    cells = code_cells(exercise.lesson)
    [own] = [text for name, text in cells if name == exercise.name]
    before = [
        statement for _, text in cells for statement in ast.parse(text).body if _defines(statement, exercise.name)
    ]
    kept = [statement for statement in ast.parse(own).body if getattr(statement, "name", "") != exercise.name]
    needs = ast.Module([*before, *(statement for statement in kept if _defines(statement, exercise.name))], [])
    definition = next(statement for statement in ast.parse(own).body if getattr(statement, "name", "") == exercise.name)
    return Answer("lesson", ast.unparse(needs), ast.unparse(definition))


def _defines(statement, name):
    """Whether a statement is an import, a definition or a constant that an answer may use; not the answer itself."""
    if isinstance(statement, ast.Assign):
        return all(isinstance(target, ast.Name) and target.id.isupper() for target in statement.targets)
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) and (
        getattr(statement, "name", "") != name
    )


@functools.cache
def code_cells(lesson):
    """Name and text of each code cell of a lesson with answers, in order."""
    path = paths.solutions() / lesson / f"{lesson}.py"
    nb = source.parse(path.read_text(encoding="utf-8"), path)
    return [(grade_id(cell), cell.source) for cell in nb.cells if cell.cell_type == "code"]
