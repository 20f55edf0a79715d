"""A class in the course of a term: who is missing, who left, who is called otherwise, who has more time."""

import json

import pytest
from nbgrader.api import Gradebook

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli import main
from course_utils.grading.classroom import Classroom
from course_utils.grading.collect import members
from course_utils.grading.marks.gradebook import settings
from course_utils.grading.people import roster
from course_utils.grading.people.late import DAY, LatePolicy
from course_utils.grading.report import sheet

LESSON = "02_by_hand"
ROSTER = "student,name,id,email,section,grader,extension\nada,Ada Lovelace,1,ada@x.example,A,,\nbob,Bob,2,,B,,all+2\ncyd,Cyd,3,,B,,\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "solutions").symlink_to(paths.ROOT / "solutions")
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading" / roster.NAME).write_text(ROSTER)
    return tmp_path


def graded(root, *students):
    """A class with marks, folders and pages, as grading leaves it."""
    room = Classroom(LESSON, root, root / "grading")
    settings()  # puts this environment's programs on the path
    with Gradebook(room.gradebook) as book:
        book.add_assignment(LESSON)
        book.add_notebook(LESSON, LESSON)
        book.add_grade_cell("f_check", LESSON, LESSON, max_score=3, cell_type="code")
        for name in students:
            book.add_student(name, first_name=name.title())
            book.add_submission(LESSON, name)
            book.find_grade("f_check", LESSON, LESSON, name).manual_score = 2
        book.db.commit()
    for name in students:
        for place in (room.submission(name), room.autograded(name), room.feedback(name)):
            place.mkdir(parents=True)
            (place / "it").write_text(name)
    sheet.write(room.folder / "grades.csv", sheet.HEADER, [[name, LESSON, "2", "3", "", ""] for name in students])
    return room


def known(room):
    with Gradebook(room.gradebook) as book:
        return {one.id: [(sub.assignment.name, sub.score) for sub in one.submissions] for one in book.students}


def listed(room):
    return [row["student"] for row in sheet.load(room.folder / "grades.csv")]


def test_who_left_is_in_no_list_any_more_and_nothing_is_lost(root):
    room = graded(root, "ada", "bob")
    for count in ("ada", "ada 2"):
        members.drop("ada", root)
        assert known(room) == {"bob": [(LESSON, 2)]} and listed(room) == ["bob"]
        assert [one.student for one in roster.of_class(room.folder).people] == ["bob", "cyd"]
        kept = room.folder / "dropped" / count
        assert (kept / "submitted" / "ada" / LESSON / "it").read_text() == "ada"
        assert [row["marks"] for row in sheet.load(kept / "grades.csv")] == (["2"] if count == "ada" else [])
        room.submission("ada").mkdir(parents=True)  # back again, and gone again
        (room.submission("ada") / "it").write_text("ada")
    members.drop("cyd", root)
    with pytest.raises(CourseError, match="nobody in the class is called 'nobody'"):
        members.drop("nobody", root)


def test_another_name_keeps_marks_work_and_what_a_person_gave(root):
    room = graded(root, "ada", "bob")
    members.rename("ada", "ada@x.example", root)
    assert roster.of_class(room.folder).find(name="Ada Lovelace").student == "ada@x.example"
    assert known(room) == {"ada@x.example": [(LESSON, 2)], "bob": [(LESSON, 2)]}
    assert listed(room) == ["ada@x.example", "bob"] or listed(room) == ["bob", "ada@x.example"]
    assert (room.feedback("ada@x.example") / "it").read_text() == "ada" and not room.autograded("ada").exists()
    for old, new, reason in [
        ("bob", "ada@x.example", "there is a 'ada@x.example' already"),
        ("zoe", "eve", "nobody"),
        ("bob", "a/b", "cannot be"),
        ("bob", " b", "cannot be"),
    ]:
        with pytest.raises(CourseError, match=reason):
            members.rename(old, new, root)
    assert known(room).keys() == {"ada@x.example", "bob"} and room.submission("bob").is_dir()


def test_more_time_is_written_into_the_roster_and_read_from_there(root):
    members.extend("02", "Ada Lovelace", 5, root)
    members.extend("all", "ada", 1, root)
    members.extend("2", "ada", 3, root)
    people = roster.of_class(root / "grading")
    assert people.person("ada").extension == "02+3 all+1" and people.person("ada").name == "Ada Lovelace"
    with pytest.raises(CourseError, match="nobody in the class is called 'Eve'"):
        members.extend("02", "Eve", 5, root)
    with pytest.raises(CourseError, match="a number of days"):
        members.extend("02", "ada", -1, root)


@pytest.mark.parametrize(
    ("student", "days", "expected"),
    [("ada", 0.01, None), ("ada", 0.5, 1.0), ("ada", 1.5, 2.0), ("ada", 100, 5.0), ("bob", 1.5, None), ("bob", 2.5, 1.0), ("stranger", 0.5, 1.0)],
)  # fmt: skip
def test_what_being_late_costs_is_two_lines_of_configuration(root, student, days, expected):
    class Step(LatePolicy):
        assignment_id = LESSON

    policy = LatePolicy(per_day=10, cap=50, grace_minutes=30, roster=str(root / "grading" / roster.NAME), parent=Step())
    assert policy.late_submission_penalty(student, 10.0, days * DAY) == expected


def test_nothing_is_taken_off_until_somebody_says_so():
    assert settings().AssignLatePenalties.plugin_class is LatePolicy
    assert LatePolicy().late_submission_penalty("ada", 10.0, 9 * DAY) is None


def test_the_verbs_take_what_their_help_says(capsys):
    assert main(["extend", "02", "nobody at all", "--days", "2"]) == 2
    assert main(["drop", "nobody at all"]) == main(["rename", "nobody at all", "x"]) == 2
    assert "nobody in the class is called 'nobody at all'" in capsys.readouterr().err


@pytest.mark.slow
def test_who_has_not_handed_in_has_no_marks_and_lowers_no_mean_and_late_work_pays(root, monkeypatch, capsys):
    from course_utils.grading.grade import grade
    from course_utils.grading.marks import gradebook

    room = Classroom(LESSON, root, root / "grading")
    nb, written = room.released(), {grade_id(cell): cell.source for cell in room.reference().cells}
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = written[grade_id(cell)]
    for name, when in (
        ("ada", "2030-01-01 12:00 UTC"),
        ("bob", "2030-01-03 12:00 UTC"),
        ("gone", "2030-01-03 12:00 UTC"),
    ):
        room.submission(name).mkdir(parents=True)
        (room.submission(name) / f"{LESSON}.ipynb").write_text(json.dumps(nb))
        (room.submission(name) / "timestamp.txt").write_text(when)
    with gradebook.Gradebook(room), Gradebook(room.gradebook) as book:
        book.update_or_create_assignment(LESSON, duedate="2030-01-01 12:00 UTC")
    config = settings()
    config.LatePolicy.per_day = 10
    monkeypatch.setattr(gradebook, "settings", lambda: config)
    assert grade("02", root=root)
    said = capsys.readouterr().out
    points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in nb.cells)
    late = 0.8 * points
    assert "Not handed in: 1 (cyd)" in said
    assert f"3 of 3 graded. On average {(2 * points + late) / 3:.1f} of {points}." in said
    rows = {row["student"]: row for row in sheet.load(room.folder / "grades.csv")}
    assert {name: row["marks"] for name, row in rows.items()} == {
        "ada": f"{points}",
        "bob": f"{points}",
        "gone": f"{late:g}",
        "cyd": "",
    }
    assert (
        rows["gone"]["note"] == f"handed in late: {points - late:g} marks taken off"
        and rows["cyd"]["note"] == "not handed in"
    )
    assert "not handed in" in room.report("html").read_text(encoding="utf-8")
    (room.folder / "submitted" / "gone").rename(root / "elsewhere")
    assert grade("02", root=root)
    assert "has marks, and no submission any more" in capsys.readouterr().out
