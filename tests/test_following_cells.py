"""What a check accepts, the lesson can use: the cells behind each check run with every other right answer."""

import ast
import contextlib
import signal

import matplotlib.pyplot as plt
import pytest

from course_utils.base import paths
from course_utils.exercises import Exercise, of_lesson
from course_utils.mutation.answers import code_cells, right_answers

SECONDS = 1.5  # of processor time for a cell; one that trains networks is left out where all are not asked for


class TooLong(BaseException):
    """A cell has taken more processor time than it may."""


def exercises_of(lesson):
    return {item.name: item for item in of_lesson(lesson) if isinstance(item, Exercise)}


def runs(lesson):
    """How many runs it takes until every alternative of every exercise of a lesson has had its turn."""
    return max(len(item.alternatives) for item in exercises_of(lesson).values())


def answer(item, turn):
    """An exercise's answer cell with one of its alternatives."""
    others = right_answers(item)[2:]
    chosen = others[turn % len(others)]
    return f"{chosen.needs}\n{chosen.definition}"


def names(text):
    """Names that a cell makes, and names that it uses."""
    nodes = list(ast.walk(ast.parse(text)))
    made = {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    made |= {one.name for one in nodes if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    return made, {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


@contextlib.contextmanager
def at_most(seconds):
    """Stop what takes more processor time; tells whether it did, by a list that is then not empty."""
    stopped = []

    def stop(*_):
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds or 0)
    try:
        yield stopped
    except TooLong:
        stopped.append(seconds)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def run(lesson, turn, seconds=None):
    """Run a lesson's cells, without its checks, with other right answers; names of cells that were left out for time."""
    space, missing, left_out, items = {"__name__": "__main__"}, set(), [], exercises_of(lesson)
    for name, text in code_cells(lesson):
        if name and name not in items:  # checks, and the quiz
            continue
        made, used = names(text)
        if used & missing:
            missing |= made
            continue
        with at_most(seconds if not name else None) as stopped:
            exec(compile(answer(items[name], turn) if name else text, f"{lesson}: {text[:60]}", "exec"), space)
        plt.close("all")
        if stopped:
            left_out.append(text)
            missing |= made
    return left_out


@pytest.fixture(autouse=True)
def in_the_lessons_folder(monkeypatch, tmp_path):
    import torch

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("builtins.print", lambda *_, **__: None)
    threads, state = torch.get_num_threads(), torch.random.get_rng_state()
    yield
    torch.set_num_threads(threads)
    torch.random.set_rng_state(state)


@pytest.mark.parametrize("lesson", [lesson for lesson in paths.lessons() if lesson >= "10"])
def test_the_cells_behind_a_check_run_with_another_right_answer(lesson):
    """The first alternative of each exercise; what takes longer than a moment is left out."""
    run(lesson, 0, SECONDS)


@pytest.mark.parametrize("lesson", paths.lessons())
def test_cells_give_arguments_of_an_answer_by_their_places(lesson):
    """Whoever calls an argument otherwise has written a right answer too, and the next cell has to run with it."""
    items = exercises_of(lesson).keys() - {"Bottleneck"}  # its check gives the stride by name, as the cell does
    for name, text in code_cells(lesson):
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        assert not [ast.unparse(one) for one in calls if getattr(one.func, "id", "") in items and one.keywords], name


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("lesson", "turn"), [(lesson, turn) for lesson in paths.lessons() for turn in range(runs(lesson))]
)
def test_all_cells_of_a_lesson_run_with_every_right_answer(lesson, turn):
    assert not run(lesson, turn)
