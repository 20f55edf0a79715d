"""Names that people and old zip files make: nobody else loses a mark by them, and no table runs them."""

import csv
import importlib

import pytest

from course_utils.grading.grade import grade_class

grading = importlib.import_module("test_grading")
ODD = {"M\udcfcller": None, "a;=1+1;b": 4, "\ufeff=1+1": 4, "-2+3": 4, "Zoë O'Neil": 4, "right": 4}


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_name_in_no_encoding_costs_the_class_nothing(tmp_path, capsys):
    course = grading.Course(tmp_path)
    for name in ODD:
        course.hand_in(name, grading.RIGHT)
    found = {one.student: one for one in grade_class(course.room)}
    assert {name: one.marks if one.graded else None for name, one in found.items()} == ODD
    assert "rename it to 'Müller'" in found["M\udcfcller"].notes[0]
    shown = capsys.readouterr().out
    shown.encode()
    assert "Müller" in shown
    for path in (course.room.folder / "grades.csv", course.room.report("csv")):
        with path.open(newline="", encoding="utf-8-sig") as file:
            cells = [part for row in csv.reader(file) for cell in row for part in cell.split(";")]
        assert not [part for part in cells if part.lstrip("\ufeff ")[:1] in ("=", "+", "@") or part == "-2+3"]
    assert "Müller" in course.room.report("html").read_text(encoding="utf-8")
