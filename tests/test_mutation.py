"""Mutants: what they change, that the checks refuse them, and that what passes is listed with its reason."""

import time

import numpy as np
import pytest

from course_utils.exercises import Exercise, catalogue, find
from course_utils.exercises.spec import case, exercise
from course_utils.mutation import spoil, survey, trial
from course_utils.mutation.answers import right_answers
from course_utils.mutation.rewrite import mutants
from course_utils.mutation.survey import equivalents, every, matches, sample

EXERCISES = [item for item in catalogue().values() if isinstance(item, Exercise)]
NUMPY = [item for item in EXERCISES if item.lesson < "10"]  # quick; `course mutate` tries the others
TRIED = 12  # mutants of each exercise in the fast tests


def after(text, arrays=()):
    return [mutant.after for mutant in mutants(text, arrays)]


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("y = x[i, j]", "y = x[j, i]"),
        ("y = x[i, j]", "(left out)"),
        ("y = np.einsum('oc,nchw->nohw', w, x)", "y = np.einsum('oc,nchw->onhw', w, x)"),
        ("y = np.zeros((n, c))", "y = np.zeros((n, c), dtype=x.dtype)"),
        ("y = np.zeros((n, c))", "y = np.zeros((c, n))"),
        ("y = a + b", "y = a"),
        ("y = a * b", "y = a / b"),
        ("y = np.sum(x, axis=1)", "y = np.sum(x)"),
        ("y = np.sum(x, axis=1)", "y = np.sum(x, axis=2)"),
        ("y = x.transpose(0, 2, 1).T", "y = x.transpose(0, 2, 1)"),
        ("y = rng.normal(size=3)", "y = np.random.default_rng(0).normal(size=3)"),
        ("y = torch.randperm(n)", "y = torch.arange(n)"),
        ("y = x[:, :n]", "y = x[:, :n - 1]"),
        ("y = 1 if b is None else 2", "y = 1 if b is not None else 2"),
        ("y += b", "y = b"),
        ("y += b", "y -= b"),
    ],
)
def test_an_answer_is_changed_in_one_place(line, changed):
    text = f"def f(x, n, i, j):\n    for i in range(3):\n        for j in range(4):\n            pass\n    {line}\n    return y"
    assert changed in after(text, ["x"])


@pytest.mark.parametrize("loop", ["range(1, n)", "range(0, n - 1)", "range(0, n + 1)", "range(0, min(n, 8))"])
def test_a_loop_begins_late_and_ends_early_and_late(loop):
    assert f"for i in {loop}:" in after("def f(n):\n    for i in range(n):\n        g(i)")


def test_what_a_loop_makes_afresh_is_made_once():
    text = "def f(n):\n    for i in range(n):\n        order = shuffled()\n        g(order)"
    assert "order = shuffled(), once, before the loop" in after(text)


def test_two_spellings_of_one_change_are_one_mutant():
    texts = [mutant.text for mutant in mutants("def f(a):\n    return a * (a + 0)")]
    assert len(texts) == len(set(texts))


def test_the_definition_is_as_it_was_after_each_change():
    for mutant in mutants("def f(a, b):\n    c = a + b\n    return c * 2"):
        lines = [line.strip() for line in mutant.text.splitlines()]
        whole = ["def f(a, b):", "c = a + b", "return c * 2"]
        assert sum(line not in whole for line in lines) <= 1


@pytest.mark.parametrize("item", EXERCISES, ids=lambda item: item.name)
def test_every_right_answer_of_the_course_can_be_defined_from_its_text(item):
    answers = right_answers(item)
    assert [answer.style for answer in answers[:2]] == ["oracle", "lesson"]
    assert len(answers) == 2 + len(item.alternatives)
    for answer in answers:
        assert callable(trial._made(answer.needs, answer.definition, item.name))


def doubles(rng):
    yield case("a row", np.array([1.5, -2.0]))
    yield case("a longer one", np.array([0.5, 1.0, 2.0, 4.0]))


@pytest.fixture
def double(monkeypatch):
    @exercise(cases=doubles, hints=("nudge", "axis", "pseudo-code"))
    def double(x):
        return 2 * x

    monkeypatch.setattr(trial, "find", lambda name: double)
    yield double
    trial.known.cache_clear()


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        (lambda x: 2 * x, True),
        (lambda x: x + x, True),
        (lambda x: 3 * x, False),
        (lambda x: 1 / 0, False),
        (lambda x: np.multiply(x, 2, out=x), False),
    ],
)
def test_a_mutant_survives_where_the_check_accepts_it(double, answer, passes):
    trial.known.cache_clear()
    assert (trial.tried(double, lambda: answer) == trial.SURVIVES) is passes


def test_a_mutant_that_never_ends_is_refused(double, monkeypatch):
    def endless(x):
        while True:
            pass

    trial.known.cache_clear()
    monkeypatch.setattr(trial, "SECONDS", 0.2)
    start = time.process_time()
    assert trial.tried(double, lambda: endless) == trial.STOPPED
    assert time.process_time() - start < 30


def test_inputs_of_a_kind_that_no_case_has_show_as_survivors(double):
    trial.known.cache_clear()
    cases = [one for one, *_ in trial.known("double")]
    spoilt = dict(spoil.spoilt(double, cases))
    assert trial.tried(double, lambda: spoilt["where x has more than 8 along axis 0"]) == trial.SURVIVES
    assert trial.tried(double, lambda: spoilt["where x has more than 3 along axis 0"]) == trial.REFUSED
    assert trial.tried(double, lambda: spoilt["where x is of whole numbers"]) == trial.SURVIVES


@pytest.mark.parametrize("item", NUMPY, ids=lambda item: item.name)
def test_no_wrong_answer_made_from_a_right_one_passes(item):
    """A dozen of each exercise; `course mutate` tries all."""
    *_, survivors, _ = sample(item.name, 1, max(1, len(every(item.name)) // TRIED))
    listed = equivalents(item)
    assert not [change for _, change in survivors if not any(matches(change, line) for line in listed)]


@pytest.mark.parametrize("item", EXERCISES, ids=lambda item: item.name)
def test_each_equivalent_change_has_its_reason_and_can_be_made(item):
    listed = equivalents(item)
    if listed:
        made = [change for _, change, _ in every(item.name)]
        for line, reason in listed.items():
            assert any(matches(change, line) for change in made), f"no mutant of {item.name} is like this: {line}"
            assert 10 < len(reason) < 200


def test_where_the_time_is_used_up_a_part_was_tried_and_it_is_said(capsys):
    made, count, *_ = sample("gap", 0, 1, budget=0)
    assert count == 0 < made == len(every("gap"))
    assert survey.tell(["gap"], jobs=1, budget=0) == 0
    assert "(0 tried), " in capsys.readouterr().out


def test_an_answer_that_takes_longer_than_right_ones_is_told_from_one_that_is_refused(double):
    trial.known.cache_clear()
    *_, (_, right, seconds) = trial.known("double")
    assert right.error is None and 0 <= seconds < 1
    assert trial.tried(double, lambda: 1 / 0) == trial.REFUSED


@pytest.mark.parametrize(("name", "passes"), [("count_weights", True), ("macs", False), ("bottleneck_macs", False)])
def test_counts_that_run_over_32_bits_pass_only_where_that_is_explained(name, passes):
    [make] = [make for _, change, make in every(name) if change == "counted in 32 bits"]
    assert (trial.tried(find(name), make) == trial.SURVIVES) is passes
    assert ("counted in 32 bits" in equivalents(find(name))) is passes


@pytest.mark.parametrize("name", ["count_weights", "kernel_slices", "macs", "break_even", "arithmetic_intensity"])
def test_channels_by_the_million_are_counted(name):
    found = [(change, make) for _, change, make in every(name) if change.startswith("where c_") and "million" in change]
    assert len(found) >= 2
    assert [change for change, make in found if trial.tried(find(name), make) != trial.REFUSED] == []
