"""The page for a term: everybody's marks by lesson, what comes back, and who has not handed in."""

import pytest

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli import main
from course_utils.grading.grade import people_of
from course_utils.grading.people import roster
from course_utils.grading.report import sheet, term

ROWS = [
    ("ada", "02_by_hand", "11", "11", "", ""),
    ("ada", "03_counting_maps", "6", "10", "TRN f", ""),
    ("<bob>", "02_by_hand", "2", "11", "TRN f, BIA g", ""),
    ("<bob>", "03_counting_maps", "3", "10", "TRN h, TRN i", ""),
    ("cyd", "02_by_hand", "", "", "", "not handed in"),
]
PEOPLE = "student,name,id,email,section,grader,extension\nada,Ada,1,,B,Grace,\n<bob>,Bob,2,,A,,\ncyd,Cyd,3,,A,,\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading" / roster.NAME).write_text(PEOPLE)
    return tmp_path


def test_marks_stand_by_lesson_and_missing_work_lowers_no_mean(root, capsys):
    sheet.write(root / "grading" / "grades.csv", sheet.HEADER, ROWS)
    term.make_term(root)
    page = (root / "grading" / "reports" / "term.html").read_text(encoding="utf-8")
    assert "<td>ada</td><td>B</td><td>● 11</td><td>◐ 6</td><td>80 %</td>" in page
    assert "<td>cyd</td><td>A</td><td>–</td><td>–</td><td>–</td>" in page
    assert "&lt;bob&gt;" in page and "<bob>" not in page
    assert "<td>02_by_hand</td><td>2</td><td>0.59</td>" in page
    assert "3 students, 2 lessons" in capsys.readouterr().out


def test_a_misconception_of_several_lessons_is_named_with_who_shows_it_again():
    rows = [dict(zip(sheet.HEADER, row, strict=True)) for row in ROWS]
    ((name, lessons, counts, again),) = term.coming_back(rows)
    assert name.startswith("TRN: ") and (lessons, counts, again) == (2, "02: 1, 03: 2", "<bob>")


@pytest.mark.parametrize("line", ["term", "report --term"])
def test_two_commands_make_the_page(line, monkeypatch):
    made = []
    monkeypatch.setattr(term, "make_term", lambda: made.append("page"))
    assert not main(line.split()) and made == ["page"]


def test_without_marks_it_says_so(root):
    with pytest.raises(CourseError, match="nobody has marks yet"):
        term.make_term(root)


def test_a_section_and_a_grader_are_those_of_the_roster(root):
    (root / "solutions").symlink_to(paths.ROOT / "solutions")
    for name in ("ada", "<bob>", "stranger"):
        (root / "grading" / "submitted" / name / "02_by_hand").mkdir(parents=True)
    assert people_of("02", "A", root=root) == ["<bob>"]
    assert people_of("02", "Grace", root=root) == people_of("02", "B", root=root) == ["ada"]
    with pytest.raises(CourseError, match="nobody of 'C' has handed 02_by_hand in. roster.csv has: A, B, Grace"):
        people_of("02", "C", root=root)
