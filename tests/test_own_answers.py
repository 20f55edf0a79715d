"""Where work is graded, shut in: a lesson's own answers have full marks, else nobody could be graded, and modules that
live in another process than the check are judged as they are in the notebook."""

import copy

import pytest

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.checking.render import VERDICT_MIME
from course_utils.exercises import find
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo.answers import text_of
from course_utils.grading.grade import require_full_marks
from course_utils.grading.prepare import idle
from course_utils.grading.run.execute import Executor, task_of

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]


@pytest.mark.parametrize("lesson", paths.lessons())
def test_a_lessons_own_answers_have_full_marks_where_they_are_shut_in(lesson, tmp_path):
    room = Classroom(lesson, paths.ROOT, tmp_path)
    read = room.read()
    with Executor(task_of(room.source, read.reference)) as executor:
        require_full_marks(room, executor.run(idle.mark(copy.deepcopy(read.reference), read.released)))


ANSWERS = {  # None: the lesson's own
    "10_pytorch": [("Pointwise", None), ("Pointwise", "lazy"), ("Pointwise", "detached"), ("Bottleneck", None),
                   ("Bottleneck", "layers_in_a_list")],
    "10b_reading_digits": [("head_to_conv", None), ("head_to_conv", "head_by_parameters"), ("train", None),
                           ("train", "images_left_behind"), ("train", "never_in_training_mode")],
}  # fmt: skip


def handed_in(reference, item, text):
    """A submission of one answer: the lesson's imports, the answer and its check, with the hidden part."""
    nb = copy.deepcopy(reference)
    cells = {grade_id(cell): cell for cell in nb.cells}
    imports = next(cell for cell in nb.cells if cell.cell_type == "code" and cell.source.startswith("import "))
    cells[item].source = text or cells[item].source
    nb.cells = [imports, cells[item], cells[f"{item}_check"]]
    return nb


@pytest.mark.parametrize("lesson", ANSWERS)
def test_classes_heads_and_loops_are_judged_in_grading_as_in_the_notebook(lesson, tmp_path):
    """There a module lives in another process than the check."""
    room = Classroom(lesson, paths.ROOT, tmp_path)
    reference = room.read().reference
    with Executor(task_of(room.source, reference)) as executor:
        for item, name in ANSWERS[lesson]:
            exercise = find(item)
            known = {one.name: one.function for one in exercise.mistakes} | {
                one.__name__: one for one in exercise.alternatives
            }
            messages = {one.name: one.message for one in exercise.mistakes}
            done = executor.run(handed_in(reference, item, name and text_of(known[name], item)))
            shown = [
                output.data[VERDICT_MIME] for output in done.cells[-1].outputs if VERDICT_MIME in output.get("data", {})
            ]
            assert shown and (shown[-1]["outcome"] == "correct") == (name not in messages), (item, name, shown)
            if name in messages:
                assert shown[0]["message"] == f"{item}: {messages[name]}"
