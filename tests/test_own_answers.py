"""Where work is graded, shut in, a lesson's own answers have full marks: else nobody of a class could be graded."""

import copy

import pytest

from course_utils.base import paths
from course_utils.grading.classroom import Classroom
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
