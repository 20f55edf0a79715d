"""What an exercise is: an oracle, cases, mistakes and hints. What a quiz question is: a prompt and choices. Data only.

An exercise is written around its oracle, and its mistakes hang on it:

    @exercise(cases=inputs.layers, axes="n c_out h w", hints=("nudge", "axis", "pseudo-code"))
    def conv1x1_loops(x, weight, bias=None):
        return convs.pointwise(x, weight, bias)

    @conv1x1_loops.mistake("TRN", "weight has one *row* per output channel: weight[o, c], not weight[c, o].")
    def transposed(x, weight, bias=None):
        return convs.pointwise(x, weight.T, bias)
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from course_utils.exercises.codes import CODES

TOLERANCE = 1e-5  # of the largest expected number: float32 answers pass, a forgotten term does not


@dataclass(frozen=True)
class Case:
    """One input: what a learner would call it, and the arguments."""

    label: str
    args: tuple
    mixed: str = ""  # types of numbers that "torch", or "numpy" too, may refuse to mix: an error there is not wrong


def case(label: str, *args: object, mixed: str = "") -> Case:
    """A case as the learner reads it.

    >>> case("one pixel", 3, 4).args
    (3, 4)
    """
    return Case(label, args, mixed)


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation, the misconception behind it and the message that helps."""

    code: str
    message: str
    function: Callable
    uses: tuple = ()  # words, or calls such as "mean()", of which the code must have one, for the message speaks of it

    @property
    def name(self) -> str:
        return self.function.__name__


@dataclass(frozen=True)
class Rule:
    """How an answer is to be written, beside what it returns: said with a right answer, no reason to refuse one.

    `uses` and `without` are words of code that it asks for and rules out: "loop", "@", or a function's name.
    """

    text: str  # as the lesson states it
    uses: tuple = ()
    without: tuple = ()


def once(observe: Callable) -> Callable:
    """Mark a way to look at a function that calls it once, on the arguments as they are.

    Where work is graded, each call is a round trip to another process: such ones are asked for many at a time.
    """
    vars(observe)["is_once"] = True
    return observe


@once
def apply(function: Callable, *args: object) -> object:
    """How most exercises look at a learner's function: by what it returns."""
    return function(*args)


@dataclass
class Exercise:
    """One function the learner writes. Make one with `exercise(...)`."""

    oracle: Callable
    cases: Callable  # rng -> iterable of Case, the deciding ones first
    hints: tuple  # nudge, axis, pseudo-code
    axes: str = ""  # names of the axes of the answer, for example "n c_out h w"
    inputs: dict = field(
        default_factory=dict
    )  # names of the axes of an argument where checking.crash has none or others
    small: tuple | None = ()  # arguments of small inputs, as text, where the cases yield none; None: there are none
    fits: Callable | None = None  # whether arguments are ones that the text speaks of; None: all like the cases are
    tolerance: float = TOLERANCE
    observe: Callable = apply  # what is compared: observe(f, *args) for the learner's f and for the oracle
    rule: Rule | None = None  # how the lesson wants it written
    new_arrays: bool = False  # whether an answer has arrays of its own, none of them an argument or a view of one
    needs: str = ""  # an optional package that answers run on; where it is missing they are not checked
    lesson: str = ""  # set by the catalogue, from the module's name
    mistakes: list = field(default_factory=list)
    alternatives: list = field(default_factory=list)
    made: tuple = ((), None)  # names of a learner's helpers, and the answer by way of them: see `made_of`

    @property
    def name(self) -> str:
        return self.oracle.__name__

    @functools.cached_property
    def parameters(self) -> list[str]:
        """Names of the arguments, as the lesson states them."""
        return list(inspect.signature(self.oracle).parameters)

    def mistake(self, code: str, message: str, uses: Sequence[str] = ()) -> Callable[[Callable], Callable]:
        """Add the decorated function to the catalogue of wrong answers.

        A message that speaks of a certain word (`.T`, `reshape`) says so in `uses`: code without any of them gets another.
        """
        if code not in CODES:
            raise ValueError(f"{self.name}: unknown misconception code {code!r}; add it to exercises/codes.py")

        def add(function):
            self.mistakes.append(Mistake(code, message, function, tuple(uses)))
            return function

        return add

    def made_of(self, *helpers: str) -> Callable[[Callable], Callable]:
        """Take the decorated function as the right answer by way of the learner's own helpers, its first arguments.

        Where work is graded it shows whether the fault of a wrong answer is in a helper: no answer has to be sent there.
        """

        def take(function):
            self.made = helpers, function
            return function

        return take

    def alternative(self, function: Callable) -> Callable:
        """Add the decorated function to the right answers written in another style."""
        self.alternatives.append(function)
        return function


def exercise(*, cases: Callable, hints: Sequence[str], **options: Any) -> Callable[[Callable], Exercise]:
    """Make the decorated function, which must be right, the oracle of an exercise of its name."""
    if len(hints) != 3:
        raise ValueError(f"an exercise has three hints (nudge, axis, pseudo-code), got {len(hints)}")

    def wrap(oracle):
        return Exercise(oracle=oracle, cases=cases, hints=tuple(hints), **options)

    return wrap


@dataclass(frozen=True)
class Choice:
    """One choice of a question: its text, why it is right or wrong, and the misconception (None when right)."""

    text: str
    because: str
    code: str | None = None


def right(text: str, because: str) -> Choice:
    """The right choice.

    >>> right("10 numbers", "one per input channel").code is None
    True
    """
    return Choice(text, because)


def wrong(code: str, text: str, because: str) -> Choice:
    """A wrong choice: the misconception it shows, its text, and what to look at instead.

    >>> wrong("DWP", "1 number", "It sums over all channels.").code
    'DWP'
    """
    if code not in CODES:
        raise ValueError(f"unknown misconception code {code!r}; add it to exercises/codes.py")
    return Choice(text, because, code)


@dataclass
class Question:
    """One question of a lesson's quiz. Make one with `question(...)`."""

    name: str
    prompt: str
    choices: dict  # letter -> Choice
    lesson: str = ""

    @property
    def right(self) -> str:
        """The letter of the right choice."""
        return next(letter for letter, choice in self.choices.items() if choice.code is None)


def question(name: str, prompt: str, *choices: Choice) -> Question:
    """A question whose choices get the letters a, b, c … in order; exactly one is right.

    >>> question("sum", "1 + 1 = ?", wrong("MUL", "1", "That is the product."), right("2", "Yes.")).right
    'b'
    """
    if sum(choice.code is None for choice in choices) != 1:
        raise ValueError(f"question {name!r} needs exactly one right choice")
    return Question(name, prompt, dict(zip("abcdefgh", choices, strict=False)))
