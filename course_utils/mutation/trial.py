"""One mutant on trial: the cases of its exercise, the quickest first, until one tells it from a right answer."""

import contextlib
import functools
import signal
import time
import warnings

from course_utils.checking.calls import cases_of, run
from course_utils.checking.compare import difference
from course_utils.checking.decisive import refuses_to_mix
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.mutation.answers import right_answers
from course_utils.mutation.rewrite import mutants
from course_utils.mutation.spoil import spoilt

SECONDS, TIMES = 1.0, 10  # the limit of a case in processor time: a second, and ten times what right answers take
REFUSED, STOPPED, SURVIVES = "refused", "stopped", "survives"


class TooLong(BaseException):
    """A case has taken more processor time than any right answer needs."""


def changed_answers(exercise):
    """Every mutant of an exercise: style, what was changed, its text or None, and a function that makes it."""
    cases = [one for one, *_ in known(exercise.name)]
    _warmed(exercise.name)
    arrays = [name for name, value in zip(exercise.parameters, cases[0].args, strict=False) if hasattr(value, "dtype")]
    for answer in right_answers(exercise):
        for mutant in mutants(answer.definition, arrays[:1]):
            yield answer.style, mutant.change, functools.partial(_made, answer.needs, mutant.text, exercise.name)
    for said, function in spoilt(exercise, cases, [right.value for _, right, _ in known(exercise.name)]):
        yield "spoilt", said, functools.partial(_given, function)


def refused(exercise):
    """Styles of right answers that the check does not accept as they are: their mutants would prove nothing."""
    _warmed(exercise.name)
    answers = right_answers(exercise)
    made = [functools.partial(_made, answer.needs, answer.definition, exercise.name) for answer in answers]
    return [answer.style for answer, make in zip(answers, made, strict=True) if tried(exercise, make) != SURVIVES]


@functools.cache
def _warmed(name):
    """Run each right answer once: importing PyTorch takes longer than a case may."""
    exercise = find(name)
    quickest, *_ = min(known(name), key=lambda one: one[2])
    for answer in right_answers(exercise):
        run(exercise, _made(answer.needs, answer.definition, name), [quickest])


def tried(exercise, make):
    """What becomes of a mutant: the check refuses it, it is stopped at the limit of time, or it survives."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(None):
        warnings.simplefilter("ignore")
        try:
            return _tried(exercise, make)
        except TooLong:
            return STOPPED
        except BaseException:  # noqa: BLE001 - it cannot even be defined, or what it returns cannot be compared
            return REFUSED


def _tried(exercise, make):
    function, cases = make(), known(exercise.name)
    for one, right, seconds in sorted(cases, key=lambda one: one[2]):
        with limited(SECONDS + TIMES * seconds):
            [result] = run(exercise, function, [one])
        if isinstance(result.error, TooLong):
            return STOPPED
        if refuses_to_mix(one, result.error):
            continue
        if result.error or result.changed or _differ(exercise, right.value, result.value):
            return REFUSED
    with limited(SECONDS + TIMES * sum(seconds for *_, seconds in cases)):
        return SURVIVES if judge(exercise, make()).outcome == "correct" else REFUSED


def _differ(exercise, right, value):
    try:
        return difference(right, value, exercise.axes, exercise.tolerance) is not None
    except Exception:  # noqa: BLE001 - it cannot even be compared
        return True


@functools.lru_cache(maxsize=8)
def known(name):
    """The cases of an exercise, what its oracle does with each, and the seconds of it and the lesson's own answer."""
    exercise, found = find(name), []
    answers = right_answers(exercise)[1:2] if exercise.lesson else []
    own = [_made(answer.needs, answer.definition, name) for answer in answers]
    for one in cases_of(exercise):
        start = time.process_time()
        right, *_ = [run(exercise, answer, [one])[0] for answer in (exercise.oracle, *own)]
        found.append((one, right, time.process_time() - start))  # the oracle may be much quicker: a kernel's is NumPy's
    return found


@contextlib.contextmanager
def limited(seconds):
    """Raise `TooLong` in whatever runs when so much processor time has passed; the check counts it as a crash."""

    def stop(*_):
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        yield
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
