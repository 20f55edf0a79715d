"""Every exercise of the course: right answers pass, every catalogued mistake is named, and other wrong answers fail."""

import copy
import inspect
import sys

import numpy as np
import pytest

from course_utils import exercises
from course_utils.base.errors import CourseError
from course_utils.base.values import as_numbers
from course_utils.checking import CheckFailed, NotAttempted, Wrong, check
from course_utils.checking.judge import judge
from course_utils.exercises import Exercise, Question, catalogue
from course_utils.exercises.codes import CODES
from course_utils.exercises.spec import apply

ITEMS = catalogue()
EXERCISES = [item for item in ITEMS.values() if isinstance(item, Exercise)]
QUESTIONS = [item for item in ITEMS.values() if isinstance(item, Question)]
RIGHT = [(item, answer) for item in EXERCISES for answer in (item.oracle, *item.alternatives)]
MISTAKES = [(item, mistake) for item in EXERCISES for mistake in item.mistakes]


def name(value):
    return getattr(value, "name", getattr(value, "__name__", None))


@pytest.mark.parametrize(("item", "answer"), RIGHT, ids=name)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_right_answers_pass_whatever_the_style(item, answer, seed):
    check(answer, item.name, seed=seed)


@pytest.mark.thorough
@pytest.mark.parametrize("item", EXERCISES, ids=lambda item: item.name)
def test_right_answers_pass_whatever_the_seed(item):
    """A tolerance too fine may refuse one seed of many, and the two that are in use may both be others."""
    for seed in range(2, 5 if item.name in ("train", "tiny_net") else 40):
        for function in (item.oracle, *item.alternatives):
            verdict = judge(item, function, seed)
            assert verdict.outcome == "correct", (seed, function.__name__, verdict.headline)


@pytest.mark.parametrize(("item", "mistake"), MISTAKES, ids=name)
@pytest.mark.parametrize("seed", [0, 1])
def test_each_mistake_is_rejected_with_its_own_message(item, mistake, seed):
    verdict = judge(item, mistake.function, seed)
    assert verdict.outcome in ("wrong", "crashed")
    assert verdict.named == verdict.message == f"{item.name}: {mistake.message}"
    assert mistake.message in verdict.headline
    assert verdict.code == mistake.code


@pytest.mark.parametrize("item", EXERCISES, ids=name)
def test_an_exercise_is_whole(item):
    assert len(item.mistakes) >= 3
    assert len(item.alternatives) >= 2
    assert all(len(text) > 15 for text in item.hints)
    assert len({mistake.name for mistake in item.mistakes}) == len(item.mistakes)
    for function in (*item.alternatives, *(mistake.function for mistake in item.mistakes)):
        if not inspect.isclass(function):
            assert len(inspect.signature(function).parameters) == len(item.parameters), function.__name__


# Wrong answers made from the right one, for exercises whose answer is compared as it is returned.


def nothing(item):
    return lambda *args: None


def zero(item):
    return lambda *args: 0


def first_argument(item):
    return lambda *args: args[0]


def zeros(item):
    return lambda *args: _map(item.oracle(*args), np.zeros_like)


def slightly_off(item):
    return lambda *args: _map(item.oracle(*args), lambda a: a * 1.001 + 0.001)


def negated(item):
    return lambda *args: _map(item.oracle(*args), lambda a: -a)


def right_once(item):
    calls = []

    def answer(*args):
        calls.append(args)
        value = item.oracle(*args)
        return value if len(calls) == 1 else _map(value, lambda a: a + 1)

    return answer


def square_only(item):
    def answer(*args):
        value = item.oracle(*args)
        shape = np.shape(args[0])
        return (
            value
            if 1 == len(set(shape)) < len(shape)
            else _map(value, lambda a: a[..., ::-1] + 1 if np.ndim(a) else a + 1)
        )

    return answer


def _map(value, change):
    """`change` applied to the numbers of an answer, in whatever they are wrapped."""
    if isinstance(value, tuple | list):
        return type(value)(_map(item, change) for item in value)
    if isinstance(value, bool | str | None):
        return not value if isinstance(value, bool) else f"not {value}"
    return change(np.asarray(as_numbers(value)) if hasattr(value, "shape") else np.asarray(value))[()]


WRONG = [nothing, zero, first_argument, zeros, slightly_off, negated, right_once, square_only]
COMPARED = [item for item in EXERCISES if item.observe is apply]


@pytest.mark.parametrize("item", COMPARED, ids=name)
@pytest.mark.parametrize("make", WRONG, ids=name)
def test_wrong_answers_that_nobody_catalogued_fail(item, make):
    with pytest.raises(CheckFailed) as failure:
        check(make(item), item.name)
    assert not isinstance(failure.value, NotAttempted)
    assert len(str(failure.value)) < 1500


@pytest.mark.parametrize("item", EXERCISES, ids=name)
@pytest.mark.parametrize("make", [nothing, first_argument, zero], ids=name)
def test_answers_of_no_effort_fail(item, make):
    with pytest.raises(CheckFailed):
        check(make(item), item.name)


@pytest.mark.parametrize("item", EXERCISES, ids=name)
def test_an_unwritten_function_is_not_attempted(item):
    def stub(*args, **kwargs):
        raise NotImplementedError

    with pytest.raises(NotAttempted):
        check(stub, item.name)


@pytest.mark.parametrize("item", [item for item in COMPARED if item.axes], ids=name)
def test_a_right_answer_that_changes_its_input_fails(item):
    def answer(*args):
        value = copy.deepcopy(item.oracle(*args))
        for array in args:
            if isinstance(array, np.ndarray):
                array += 1 if array.dtype.kind in "iu" else 1.0
                break
        return value

    with pytest.raises(Wrong, match="in place"):
        check(answer, item.name)


@pytest.mark.parametrize("item", QUESTIONS, ids=name)
def test_each_choice_of_a_question_explains_itself(item):
    assert 2 <= len(item.choices) <= 6
    for letter, choice in item.choices.items():
        verdict = judge(item, letter)
        assert choice.because in verdict.headline
        assert verdict.outcome == ("correct" if letter == item.right else "wrong")
        assert choice.code is None or choice.code in CODES
    assert len({choice.because for choice in item.choices.values()}) == len(item.choices)


def test_right_letters_are_spread():
    letters = [item.right for item in QUESTIONS]
    assert max(map(letters.count, "abcd")) <= 0.6 * len(letters) or len(letters) < 5


TOY = """\
from course_utils.exercises.lesson98_toy.sizes import sizes
from course_utils.exercises.spec import exercise


@exercise(cases=sizes, hints=("nudge", "axis", "pseudo-code"))
def double(n):
    return 2 * n


@double.mistake("SCL", "Twice, not once.")
def once(n):
    return n
"""


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A lesson of one exercise, in files that a test may change: `catalogue()` of it alone."""
    folder = tmp_path / "lesson98_toy"
    folder.mkdir()
    for file, text in {
        "__init__": 'EXERCISES = ("double",)\n',
        "sizes": "def sizes(rng):\n    yield\n",
        "double": TOY,
    }.items():
        (folder / f"{file}.py").write_text(text)
    monkeypatch.setattr(exercises, "__path__", [str(tmp_path)])
    yield folder
    for module in [module for module in sys.modules if "lesson98_toy" in module]:
        del sys.modules[module]


def test_a_lesson_is_read_from_its_files(toy):
    [item] = exercises.catalogue.__wrapped__().values()
    assert (item.name, item.lesson, [mistake.name for mistake in item.mistakes]) == ("double", "98_toy", ["once"])


@pytest.mark.parametrize(
    ("broken", "old", "new"),
    [
        ("double.py", "return 2", "return return"),
        ("double.py", '"SCL"', '"NONE"'),
        ("double.py", "spec import", "spec_ import"),
        ("sizes.py", "def", "fed"),
        ("sizes.py", "    yield", "    yield\n1 / 0"),
        ("__init__.py", "(", "(("),
    ],
)
def test_a_file_that_cannot_be_imported_is_named(toy, broken, old, new):
    path = toy / broken
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CourseError, match=f"^course_utils/exercises/lesson98_toy/{broken} cannot be imported"):
        exercises.catalogue.__wrapped__()


@pytest.mark.parametrize("names", ["()", '("double", "triple")'])
def test_the_order_of_a_lesson_names_what_is_written(toy, names):
    (toy / "__init__.py").write_text(f"EXERCISES = {names}")
    with pytest.raises(
        CourseError, match="lesson98_toy/__init__.py and the files beside it do not agree on (double|triple)"
    ):
        exercises.catalogue.__wrapped__()
