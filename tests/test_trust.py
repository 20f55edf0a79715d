"""What only a student's process can see is written down: for which exercises its word is taken."""

import inspect
import re

from course_utils.base import paths
from course_utils.exercises import Exercise, catalogue

ASKED_THERE = re.compile(r"layers\.(backward|gradients)\b|\bpretend\.\w+\(")


def reached(function, done):
    """The text of a function and of those of the exercises that it calls."""
    done.add(function)
    others = [function.__globals__.get(name) for name in function.__code__.co_names]
    own = [one for one in others if inspect.isfunction(one) and one.__module__.startswith("course_utils.exercises")]
    return inspect.getsource(function) + "".join(reached(one, done) for one in own if one not in done)


def takes_its_word(exercise):
    return exercise.new_arrays or bool(ASKED_THERE.search(reached(exercise.observe, set())))


def test_the_exercises_where_a_student_s_process_is_believed_are_named():
    text = (paths.ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
    paragraph = next(part for part in re.split(r"\n- ", text) if part.startswith("**What only a student's process"))
    named = {name for name in re.findall(r"`(\w+)`", paragraph) if name in catalogue()}
    assert named == {one.name for one in catalogue().values() if isinstance(one, Exercise) and takes_its_word(one)}
