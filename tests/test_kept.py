"""What is the same for a whole class is computed once, and one thread trains what is small."""

import functools

import numpy as np
import pytest
import torch

from course_utils.base import kept as keeping
from course_utils.base.kept import kept
from course_utils.base.threads import one_thread
from course_utils.checking.judge import judge
from course_utils.exercises import find, lesson13_correct_the_article  # noqa: F401
from course_utils.exercises.lesson13_correct_the_article import tiny_net as contest_at_equal_cost
from course_utils.experiments import contest


@pytest.fixture
def class_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(keeping.PLACE, str(tmp_path))
    return tmp_path


def test_an_equal_key_is_computed_once_and_another_one_anew(class_folder):
    made = []
    make = functools.partial(lambda: made.append(1) or len(made))
    assert [kept(("a", np.ones(3)), make), kept(("a", np.ones(3)), make), kept(("a", np.zeros(3)), make)] == [1, 1, 2]


def test_outside_of_grading_nothing_is_kept(monkeypatch):
    monkeypatch.delenv(keeping.PLACE, raising=False)
    made = []
    assert [kept(("a",), lambda: made.append(1) or len(made)) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("key, value", [((lambda: 1,), 2), (("a",), lambda: 1)], ids=["key", "value"])
def test_what_cannot_be_written_is_computed_each_time(class_folder, key, value):
    assert kept(key, lambda: value) is value
    assert kept(key, lambda: value) is value


def test_a_file_that_is_cut_off_is_computed_anew(class_folder):
    kept(("a",), lambda: 1)
    (file,) = class_folder.iterdir()
    file.write_bytes(file.read_bytes()[:-2])
    assert kept(("a",), lambda: 2) == 2


def test_verdicts_are_the_same_with_what_the_class_has_computed(class_folder):
    item = find("mix_pixel")
    functions = [item.oracle, *item.alternatives, *(one.function for one in item.mistakes)]
    first = [judge(item, function) for function in functions]
    assert list(class_folder.iterdir())
    for before, function in zip(first, functions, strict=True):
        again = judge(item, function)
        assert (again.outcome, again.code, again.headline, again.details) == (before.outcome, before.code, before.headline, before.details)


def test_a_students_function_is_never_kept(class_folder):
    calls = []

    def mix_pixel(v, w, b=0.0):
        calls.append(1)
        return sum(v * w) + b

    judge(find("mix_pixel"), mix_pixel)
    once = len(calls)
    judge(find("mix_pixel"), mix_pixel)
    assert len(calls) == 2 * once > 0


def test_networks_that_start_alike_are_trained_once_and_others_are_not_taken_for_them(class_folder, monkeypatch):
    monkeypatch.setattr(contest_at_equal_cost, "TRAINED", {})
    trained = []
    monkeypatch.setattr(contest, "score", lambda net, seed: trained.append(seed) or 0.5)
    for _ in range(2):
        contest_at_equal_cost.mean_score(lambda: contest.only_threes(10_000))
        contest_at_equal_cost.TRAINED.clear()
    assert trained == [0, 1, 2]
    contest_at_equal_cost.mean_score(lambda: contest.only_threes(12_000))
    assert trained == [0, 1, 2, 0, 1, 2]


def test_a_small_network_is_trained_with_one_thread_and_the_learners_setting_stays(monkeypatch):
    before, seen = torch.get_num_threads(), []
    torch.set_num_threads(2)
    try:
        contest.scores(lambda: None, seeds=[0], score=lambda *_: seen.append(torch.get_num_threads()))
        judge(find("mix_pixel"), lambda v, w, b=0.0: seen.append(torch.get_num_threads()))
        with one_thread():
            pass
        assert set(seen) == {1} and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
