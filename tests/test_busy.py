"""Beside twelve busy processes marks are what they are on a quiet machine: limits measure a submission, not others."""

import os
import subprocess
import sys

import pytest

from course_utils.base import paths
from course_utils.base.threads import SINGLE
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo import demo
from course_utils.grading.grade import require_full_marks
from course_utils.grading.prepare import idle
from course_utils.grading.run.execute import Executor, task_of

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

NEIGHBOURS = 12
WORK = """
import os, sys
import numpy as np
matrix = np.ones((900, 900))
while os.getppid() == int(sys.argv[1]):  # whatever becomes of the tests, it ends with them
    matrix @ matrix
"""


@pytest.fixture(scope="module", autouse=True)
def neighbours():
    """Others on the same machine, who multiply matrices with two threads each: they are in the way more than loops."""
    command = [sys.executable, "-c", WORK, str(os.getpid())]
    apart = {"env": os.environ | dict.fromkeys(SINGLE, "2"), "start_new_session": True}  # as somebody else's are
    busy = [subprocess.Popen(command, **apart) for _ in range(NEIGHBOURS)]
    yield
    assert [one.poll() for one in busy] == [None] * NEIGHBOURS
    for one in busy:
        one.kill()
        one.wait()


@pytest.mark.parametrize("lesson", ["10_pytorch", "13_correct_the_article"])
def test_a_lessons_own_answers_have_full_marks(lesson, tmp_path):
    room = Classroom(lesson, paths.ROOT, tmp_path)
    read = room.read()
    with Executor(task_of(room.source, read.reference)) as executor:
        require_full_marks(room, executor.run(idle.mark(read.reference, read.released)))


def test_a_class_has_the_marks_that_it_earned():
    assert demo.demo(students=3, lesson="02")
