"""The smallest input that shows what is wrong: a line to paste and run, small enough to be checked by hand."""

import importlib
import time
from collections.abc import Callable, Iterable
from itertools import islice

import numpy as np

from course_utils.base.remote import is_elsewhere
from course_utils.base.values import as_numbers
from course_utils.checking.calls import call, prepare
from course_utils.checking.compare import difference
from course_utils.checking.literal import literal
from course_utils.checking.shrink import candidates
from course_utils.exercises.spec import Case, Exercise, apply

CALLS = 80  # of the learner's function: where work is graded, each is a round trip to another process
AHEAD = 8  # of them in one trip
SECONDS = 0.25  # of processor time
WAIT = 3.0  # seconds on the clock
LINE = 300  # characters


def smallest(
    exercise: Exercise,
    function: Callable,
    cases: Iterable[Case],
    crashes: bool = False,
    tried: int = CALLS,
    fractions: bool = False,
    part: str = "",
) -> str:
    """The line of the smallest input on which the answer is wrong, with what it gives and what is expected; or "".

    Where the answer `crashes` on the cases, an input on which it does so is looked for first; where a `part` of what is
    observed is wrong there, one on which that is. `fractions` has inputs tried first whose numbers are not whole.

    >>> from course_utils.exercises import find
    >>> mix_pixel = find("mix_pixel")
    >>> smallest(mix_pixel, lambda v, w, b=0.0: w[0] * v[0] + b, mix_pixel.cases(np.random.default_rng(0)))
    '`mix_pixel(np.array([1., 2.]), np.array([1., 1.]))` gives 1.0, expected 3.0.'
    """
    other, usable = "", islice(_usable(exercise, list(cases), fractions), tried)
    for args, text, right in _with_calls_ahead(exercise, function, usable):
        result = call(exercise, function, args)
        if line := _line(exercise, text, right, result):
            if result.error is not None if crashes else not part or f"`: {part}" in line:
                return line
            other = other or line
    return other


def _usable(exercise, cases, fractions):
    """Small arguments on which the exercise has an answer, with their text and that answer, until time is up."""
    start, clock = time.process_time(), time.perf_counter()
    for args, text in _inputs(exercise, cases, fractions):
        if time.process_time() - start > SECONDS or time.perf_counter() - clock > WAIT:
            return
        if exercise.fits and not exercise.fits(*args):
            continue
        right = call(exercise, exercise.oracle, args)
        if right.error is None and not _is_endless(right.value):
            yield args, text, right


def _with_calls_ahead(exercise, function, usable):
    """The same inputs; where work is graded, some calls at a time are made in one round trip."""
    count = AHEAD if is_elsewhere(function) else 1
    try:
        while some := list(islice(usable, count)):
            prepare(exercise, function, [args for args, *_ in some])
            yield from some
    finally:
        prepare(exercise, function, [])  # nobody asks for the rest


def _inputs(exercise, cases, fractions):
    """Small arguments, smallest first, with their text: those that the exercise names, else ones made of its cases."""
    for text in exercise.small or ():
        yield eval(f"({text},)", _space(text)), text
    if exercise.small != () or any(len(case.args) > len(exercise.parameters) for case in cases):
        return
    seen = set()
    for args in candidates(cases, fractions):
        text = ", ".join(map(literal, args))
        if text not in seen:
            seen.add(text)
            yield args, text


def _is_endless(value):
    """Whether there is a number in an answer that is none, such as the share of nothing."""
    if isinstance(value, list | tuple):
        return any(map(_is_endless, value))
    numbers = None if isinstance(value, dict | str | None) else as_numbers(value)
    return numbers is not None and not np.isfinite(numbers).all()


def _space(text):
    """What the text of an exercise's own small input may use."""
    modules = {"claims": "course_utils.experiments.claims", "torch": "torch", "nn": "torch.nn"}
    return {"np": np} | {name: importlib.import_module(path) for name, path in modules.items() if f"{name}." in text}


def _line(exercise, text, right, result):
    """What one input shows, or "" where it shows nothing wrong or takes too many words."""
    call_ = f"`{exercise.name}({text})`"
    if result.error is not None:
        said = f"{type(result.error).__name__}: {result.error}".rstrip(": ").splitlines()[0]
        line = f"{call_} stops with {said}; expected {literal(right.value)}."
        return line if len(line) <= LINE and not isinstance(right.value, dict) else ""
    found = difference(right.value, result.value, exercise.axes, exercise.tolerance)
    if found is None:
        how = "in place, or returns it" if exercise.new_arrays else "in place"
        return f"{call_} changes `{result.changed[0]}` {how}." if result.changed else ""
    if isinstance(right.value, dict):
        line = f"{call_}: {found.sentence}"
    elif isinstance(result.value, str) and exercise.observe is not apply:  # words in the place of what it returns
        line = f"{call_} gives {result.value}."
    else:
        line = f"{call_} gives {literal(result.value)}, expected {literal(right.value)}."
    return line if len(line) <= LINE else ""
