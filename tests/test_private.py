"""A teacher's own cases: tried in hidden tests alone, and a file that is wrong stops grading with a sentence."""

import functools

import pytest

from course_utils import check, exercises
from course_utils.base.errors import CourseError
from course_utils.checking.calls import cases_of
from course_utils.checking.judge import judge
from course_utils.checking.private import fingerprint
from course_utils.exercises import find
from course_utils.grading.run.inside import _without_words
from course_utils.grading.run.raised import made_error
from course_utils.grading.run.store import environment

CASES = """
import numpy as np
from course_utils.exercises.spec import case

def mix_pixel(rng):
    yield case("a pixel of thirteens", np.full(5, 13.25), rng.normal(size=5), 0.5)
"""


def no_thirteens(v, w, b=0.0):
    return sum(v * w) + b if v[0] != 13.25 else 0.0


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PRIVATE_CASES", str(tmp_path))
    return tmp_path / "01_one_pixel.py"


def test_a_private_case_is_tried_in_hidden_tests_and_there_alone(file):
    item = exercises.find("mix_pixel")
    assert judge(item, no_thirteens, seed=1).outcome == "correct"
    file.write_text(CASES)
    assert judge(item, no_thirteens, seed=0).outcome == "correct"
    assert judge(item, no_thirteens, seed=1).outcome == "wrong"
    assert judge(item, item.oracle, seed=1).outcome == "correct"
    assert [one.label for one in cases_of(item, 1)].count("a pixel of thirteens") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CASES.replace("def mix_pixel", "def mix_pixl"), "no exercise is called mix_pixl"),
        (
            CASES.replace("def mix_pixel", "def conv1x1_one"),
            "an exercise of another lesson. Move it to .*02_by_hand.py",
        ),
        ("1 / 0", "ZeroDivisionError"),
        (CASES.replace("case(", "("), "must yield case"),
        (CASES.replace("0.5)", "0.5, 6)"), "at most 3 arguments"),
    ],
)
def test_a_file_that_is_wrong_is_said_to_be(file, text, reason):
    file.write_text(text)
    with pytest.raises(CourseError, match=reason):
        check(no_thirteens, "mix_pixel", seed=1)


def test_a_folder_that_is_missing_does_not_go_unnoticed(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PRIVATE_CASES", str(tmp_path / "gone"))
    with pytest.raises(CourseError, match="which is no folder"):
        check(no_thirteens, "mix_pixel", seed=1)


def test_private_cases_have_a_name_that_changes_with_any_of_their_files(file):
    assert fingerprint("01_one_pixel") == ""
    file.write_text(CASES)
    first = fingerprint("01_one_pixel")
    assert len(first) == 8
    assert fingerprint("02_by_hand") == ""
    (file.parent / "pixels.npy").write_bytes(b"1")
    assert fingerprint("01_one_pixel") != first


def test_the_store_knows_a_data_file_beside_private_cases(file):
    file.write_text(CASES)
    before = environment()
    (file.parent / "pixels.npy").write_bytes(b"1")
    assert environment() != before


@pytest.mark.parametrize("name", ["mix_pixel", "check_shapes", "conv1x1_matmul", "sgd_step", "run_on"])
def test_a_check_decides_the_same_where_the_words_of_errors_are_kept_from_everybody(name):
    """Some right answers stop with an error where one is asked for, or where PyTorch mixes no types."""

    def quietly(function):
        @functools.wraps(function)
        def run(*args, **named):
            try:
                return function(*args, **named)
            except Exception as error:
                names = [kind.__name__ for kind in type(error).__mro__]
                raise made_error(_without_words({"error": names, "text": f"{error}, 8675309"})) from None

        return run

    item = find(name)
    for function in (item.oracle, *item.alternatives):
        verdict = judge(item, quietly(function), seed=1)
        assert verdict.outcome == "correct", (function.__name__, verdict.headline)
    for mistake in item.mistakes:
        verdict = judge(item, quietly(mistake.function), seed=1)
        assert verdict.outcome in ("wrong", "crashed")
        assert "8675309" not in " ".join([verdict.headline, *verdict.details])
