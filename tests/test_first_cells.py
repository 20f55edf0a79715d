"""The first cell of every lesson brings the four words that every lesson may ask a learner to write."""

import nbformat
import pytest

from course_utils.authoring import setup_cell
from course_utils.base import paths
from course_utils.checking import NotAttempted
from course_utils.exercises import Exercise, of_lesson


def first_cell(lesson):
    notebook = nbformat.read(paths.notebooks() / lesson / f"{lesson}.ipynb", as_version=4)
    return next(cell.source for cell in setup_cell.removed(notebook).cells if cell.cell_type == "code")


def unwritten(*args, **kwargs):
    raise NotImplementedError


@pytest.mark.parametrize("lesson", paths.lessons())
def test_check_hint_solution_and_progress_work_after_the_first_cell(lesson, capsys):
    name = next(item.name for item in of_lesson(lesson) if isinstance(item, Exercise))
    space = {name: unwritten}
    exec(first_cell(lesson), space)
    with pytest.raises(NotAttempted):
        eval(f"check({name})", space)
    for call, said in ((f"hint({name})", "Hint 1 of 3"), (f"solution({name})", "Not yet"), ("progress()", name)):
        eval(call, space)
        assert said in capsys.readouterr().out, call
