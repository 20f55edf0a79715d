"""What a student may read of a check on hidden cases: the misconception where it has a name, no number of a case."""

from course_utils.base.errors import CourseError
from course_utils.exercises import find

OPEN = "seed 0"  # how the trace begins of a check whose cases a learner sees
OTHER_INPUTS = "right on the inputs that you see in the lesson, not on others of the same kind."


def is_hidden(verdict):
    """Whether a verdict is about cases that no learner sees: any seed but 0.

    >>> is_hidden({"trace": ["seed 0", "="]}), is_hidden({"trace": ["seed 1", "="]}), is_hidden({})
    (False, True, False)
    """
    trace = verdict.get("trace")
    return isinstance(trace, list | tuple) and bool(trace) and trace[0] != OPEN


def openly(name, message, trace):
    """What its student may read of a check's message, in a mail or in an LMS.

    >>> openly("mix_pixel", "mix_pixel: got 7.25, expected 1.", ("seed 1", "x"))
    'mix_pixel: right on the inputs that you see in the lesson, not on others of the same kind.'
    """
    return _of_hidden(name, message) if is_hidden({"trace": trace}) else message


def said(verdict):
    """The same in a line of a page, for a verdict that is hidden."""
    return f"✗ {_of_hidden(str(verdict.get('exercise')), str(verdict.get('message')))}"


def _of_hidden(name, message):
    try:
        known = {f"{name}: {mistake.message}" for mistake in getattr(find(name), "mistakes", [])}
    except CourseError:
        known = set()
    return message if message in known else f"{name}: {OTHER_INPUTS}"
