"""The one exception that means "you can fix this": the command line prints it as a sentence, without a traceback."""


class CourseError(Exception):
    """Something a user can put right; the message says what is wrong, what was expected and what to do.

    >>> raise CourseError("no lesson named '99': the lessons are 00 to 13.")
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: no lesson named '99': the lessons are 00 to 13.
    """

    def _render_traceback_(self):  # IPython's hook for exceptions that render themselves
        return [str(self)]


class NotInstalled(CourseError, NotImplementedError):
    """Something needs an optional package that is not here; an answer that does is neither right nor wrong."""


class OutOfReach(CourseError):
    """What an answer made stays in the learner's process, where it cannot be judged: a person has to look at it."""
