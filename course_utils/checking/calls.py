"""Run a function on the cases of an exercise: what it returned, raised, printed, or changed."""

import contextlib
import copy
import inspect
import io
import sys
import sysconfig
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils.base import paths
from course_utils.base.remote import ask_ahead, is_elsewhere
from course_utils.base.values import copied, forget_numbers, reused
from course_utils.checking.private import private_cases
from course_utils.exercises.spec import Case, Exercise, case

ZIPPED = [path for path in sys.path if path.endswith(".zip")]  # in Pyodide the standard library is one
INSTALLED = [sysconfig.get_path(kind).replace("//", "/") for kind in ("stdlib", "purelib")]  # there it begins with two
NOT_LEARNERS = (str(paths.PACKAGE), "<frozen", *INSTALLED, *ZIPPED)
PRINTED_MAX = 500  # characters of a learner's own prints that a message repeats


@dataclass(frozen=True)
class Call:
    """What one call did: its answer, or the exception; the parameters it changed; what it printed; how long it took."""

    value: object = None
    error: BaseException | None = None
    changed: tuple = ()
    printed: str = ""
    seconds: float = field(default=0.0, compare=False)  # of processor time


def cases_of(exercise: Exercise, seed: int = 0) -> list[Case]:
    """The exercise's cases for this seed; then the first one with other numbers, and as it was.

    These two catch an answer that depends on earlier calls. Hidden tests, whose seed is not 0, add a teacher's cases.
    """
    rng = np.random.default_rng([seed, *exercise.name.encode()])
    with _own_random_numbers(seed):
        cases = list(exercise.cases(rng))
        first, other = cases[0], next(iter(exercise.cases(rng)))
        private = private_cases(exercise, rng) if seed else []
    fresh, again = f"{first.label}, other numbers", f"{first.label}, a second time"
    return [*cases, *private, case(fresh, *other.args), case(again, *first.args)]


@contextlib.contextmanager
def _own_random_numbers(seed):
    """PyTorch's random numbers from a seed, for layers in cases: an answer that was called before may have set others.

    Where PyTorch is not loaded yet, nobody has.
    """
    torch = sys.modules.get("torch")
    before = torch.get_rng_state() if torch else None
    try:
        if torch:
            torch.default_generator.manual_seed(seed)  # `torch.manual_seed` would seed GPUs, too
        yield
    finally:
        if torch:
            torch.set_rng_state(before)


def run(exercise: Exercise, function: Callable, cases: list[Case]) -> list[Call]:
    """One `Call` for each case."""
    prepare(exercise, function, [one.args for one in cases])
    results = []
    for one in cases:
        if not is_elsewhere(function) and function is not exercise.oracle:  # elsewhere it is done where it is called
            forget_numbers()
        results.append(call(exercise, function, one.args))
    return results


def prepare(exercise: Exercise, function: Callable, lists: list[tuple]) -> None:
    """Let the calls on these lists of arguments, which are to follow in their order, take one round trip together."""
    if is_elsewhere(function) and hasattr(exercise.observe, "is_once"):
        ask_ahead(function, lists)


def call(exercise: Exercise, function: Callable, args: tuple) -> Call:
    """Call `function` as the exercise does, on its own copy of the arguments, with its prints and warnings kept."""
    given = copied(args)
    printed, start = io.StringIO(), time.process_time()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = exercise.observe(function, *given)
            if inspect.iscoroutine(answer):
                answer.close()  # or Python complains, amid the message, that nobody has waited for it
            value = snapshot(answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - sys.exit() in an answer is a crash like any other
        return Call(error=_sayable(error), printed=printed.getvalue()[:PRINTED_MAX])
    took = time.process_time() - start
    held = _held(function, answer, given) if exercise.new_arrays else ()
    names = enumerate(zip(exercise.parameters, args, given, strict=False))
    changed = tuple(name for i, (name, before, after) in names if i in held or not same(before, after))
    return Call(value, None, changed, printed.getvalue()[:PRINTED_MAX], took)


def _sayable(error):
    """The error, or where its own text raises another one, an error of the same name in its place."""
    try:
        str(error)
    except Exception:  # noqa: BLE001 - a learner's class may do anything
        text = "an error whose text cannot be made"
        return type(type(error).__name__, (Exception,), {})(text).with_traceback(error.__traceback__)
    return error


def _held(function, answer, given):
    """Which arguments the answer holds on to: numbers that come from another process lie in no memory of ours."""
    return vars(function)["reused"] if is_elsewhere(function) else reused(answer, given)


def snapshot(value: object) -> object:
    """A copy that later calls cannot change; the value itself where it cannot be copied (a generator, a graph)."""
    try:
        return copy.deepcopy(value)
    except Exception:  # noqa: BLE001 - whatever a learner's object does when copied
        return value


def same(before: Any, after: Any) -> bool:
    """Whether an argument still has the value it was given with."""
    if isinstance(before, np.ndarray):
        if before.shape == after.shape and before.dtype == after.dtype and before.tobytes() == after.tobytes():
            return True
        return before.shape == after.shape and np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if hasattr(before, "detach"):
        return before.shape == after.shape and bool((before.detach() == after.detach()).all())
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(same(value, after[key]) for key, value in before.items())
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(same, before, after))
    return True if callable(before) or isinstance(before, np.random.Generator) else before == after


def own_line(error: BaseException) -> str:
    """The last line of the learner's own code in a traceback, as "line 3 of `f`: y[n] += bias[o]", or "".

    An error from another process, as in grading, brings its line along.
    """
    if hasattr(error, "learners_line"):
        return error.learners_line
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if is_learners(frame.filename):
            return placed(frame)
    return ""


def placed(frame: traceback.FrameSummary) -> str:
    """A frame of a traceback in words.

    >>> placed(traceback.FrameSummary("cell", 3, "depthwise", line="return y"))
    'line 3 of `depthwise`: return y'
    """
    inside = "" if frame.name.startswith("<") else f" of `{frame.name}`"
    return f"line {frame.lineno}{inside}: {frame.line}" if frame.line else f"line {frame.lineno}{inside}"


def is_learners(filename: str) -> bool:
    """Whether a file is the learner's own: no part of the course, of Python or of a library."""
    return not filename.startswith(NOT_LEARNERS)
