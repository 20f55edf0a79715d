"""`course bench grading`: both graders start, and give the same marks to what nothing stands against."""

import pytest

from course_utils.bench import grading


@pytest.mark.slow
def test_both_graders_are_measured_on_the_same_class(monkeypatch, capsys):
    monkeypatch.setattr(grading, "LESSONS", ("02_by_hand",))
    monkeypatch.setattr(grading, "STUDENTS", 2)
    assert grading.main() == 0
    _, stock, ours, ratio, *other = capsys.readouterr().out.splitlines()[2:]
    assert stock.split()[1] == "nbgrader" and ours.split()[1] == "course" and ratio.split()[0] == "ratio"
    assert stock.split()[-3:] == ours.split()[-3:] and not other  # "7 in all"
