"""One mutant on trial: the cases of its exercise, in the order of the check, until one tells it from a right answer."""

import contextlib
import functools
import signal
import warnings

from course_utils.checking.calls import cases_of, run
from course_utils.checking.compare import difference
from course_utils.checking.judge import judge, refuses_to_mix
from course_utils.exercises import find
from course_utils.mutation.answers import right_answers
from course_utils.mutation.rewrite import mutants
from course_utils.mutation.spoil import spoilt

SECONDS = 5.0  # of processor time for a case; a mutant that never ends is refused


class TooLong(BaseException):
    """A case has taken more processor time than any right answer needs."""


def changed_answers(exercise):
    """Every mutant of an exercise: style, what was changed, its text or None, and a function that makes it."""
    cases, _ = known(exercise.name)
    arrays = [name for name, value in zip(exercise.parameters, cases[0].args, strict=False) if hasattr(value, "dtype")]
    for answer in right_answers(exercise):
        for mutant in mutants(answer.definition, arrays[:1]):
            yield answer.style, mutant.change, functools.partial(_made, answer.needs, mutant.text, exercise.name)
    for said, function in spoilt(exercise, cases):
        yield "spoilt", said, functools.partial(_given, function)


def refused(exercise):
    """Styles of right answers that the check does not accept as they are: their mutants would prove nothing."""
    answers = right_answers(exercise)
    made = [functools.partial(_made, answer.needs, answer.definition, exercise.name) for answer in answers]
    return [answer.style for answer, make in zip(answers, made, strict=True) if not survives(exercise, make)]


def survives(exercise, make):
    """Whether the check accepts a mutant."""
    cases, expected = known(exercise.name)
    with _limited(), warnings.catch_warnings(), contextlib.redirect_stdout(None):
        warnings.simplefilter("ignore")
        try:
            function = make()
        except BaseException:  # noqa: BLE001 - it cannot even be defined
            return False
        for one, right in zip(cases, expected, strict=True):
            signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS)
            [result] = run(exercise, function, [one])
            if refuses_to_mix(one, result.error):
                continue
            if result.error or result.changed or _differ(exercise, right.value, result.value):
                return False
        signal.setitimer(signal.ITIMER_PROF, 0)
        with contextlib.suppress(Exception):  # what cannot even be compared is refused as well
            return judge(exercise, make()).outcome == "correct"
        return False


def _differ(exercise, right, value):
    try:
        return difference(right, value, exercise.axes, exercise.tolerance) is not None
    except Exception:  # noqa: BLE001 - it cannot even be compared
        return True


@functools.lru_cache(maxsize=8)
def known(name):
    """The cases of an exercise, and what its oracle does with them."""
    exercise = find(name)
    cases = cases_of(exercise)
    return cases, run(exercise, exercise.oracle, cases)


@contextlib.contextmanager
def _limited():
    """Raise `TooLong` in whatever runs when the time is up; the check counts it as a crash of the answer."""

    def stop(*_):
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    try:
        yield
    except TooLong:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _made(needs, text, name):
    space = {"__name__": "mutant"}
    exec(compile(needs, "<needs>", "exec"), space)
    exec(compile(text, "<mutant>", "exec"), space)
    return space[name]


def _given(function):
    return function
