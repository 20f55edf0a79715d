"""Feedback goes back named as each LMS wants it, to the right student, and whoever is left out is named."""

import email
import json
import zipfile

import pytest

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli import main
from course_utils.grading.classroom import Classroom
from course_utils.grading.collect import collect, give_back
from course_utils.grading.marks.results import Finding, Result
from course_utils.grading.people import roster

LESSON = "02_by_hand"
PEOPLE = "student,name,id,email\nada,Ada Lovelace,Participant 501,ada@x.example\nbob,Bob,,\ncyd@x.example,Cyd,Participant 503,\n"


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A graded class: each student's page has their name on it."""
    (tmp_path / "solutions").symlink_to(paths.ROOT / "solutions")
    room = Classroom(LESSON, tmp_path, tmp_path / "grading")
    names = ("ada", "bob", "cyd@x.example", "old")
    for name in names:
        room.feedback(name).mkdir(parents=True)
        (room.feedback(name) / f"{LESSON}.html").write_text(f"page of {name}")
        room.submission(name).mkdir(parents=True)
    (room.folder / roster.NAME).write_text(PEOPLE)
    found = [
        Result(name, [Finding("f", 1.0, 2.0, "wrong", "AVG", "f: You divide.")], graded=name != "old") for name in names
    ]
    monkeypatch.setattr(give_back, "recorded", lambda room: [*found, Result("zoe", notes=["not handed in"])])
    return room


def note(room, student, kind, given):
    (room.submission(student) / collect.NOTE).write_text(json.dumps({"kind": kind, "given": given}))


def pages(room, kind):
    with zipfile.ZipFile(room.folder / "exports" / f"{LESSON}_feedback_{kind}.zip") as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_moodle_finds_each_student_by_the_folder_of_its_own_download(room, capsys):
    note(room, "ada", "moodle", "Ada Lovelace_501_assignsubmission_file_")
    assert not give_back.give_back("02", "moodle", root=room.root)
    assert pages(room, "moodle") == {
        f"Ada Lovelace_501_assignsubmission_file_/{LESSON}.html": "page of ada",
        f"Cyd_503_assignsubmission_file_/{LESSON}.html": "page of cyd@x.example",
    }
    said = capsys.readouterr().out
    assert "bob: not collected from Moodle, and no ID and name in roster.csv" in said
    assert "old: not graded now, so left out" in said and "2 pages in " in said and "zoe" not in said


def test_canvas_finds_each_student_by_the_name_of_the_file(room, capsys):
    note(room, "bob", "canvas", "bob_LATE_502_771_02_by_hand-2")
    assert not give_back.give_back("02", "canvas", root=room.root)
    assert pages(room, "canvas") == {"bob_LATE_502_771_02_by_hand-2.html": "page of bob"}
    assert "ada: not collected from Canvas" in capsys.readouterr().out


def test_messages_are_written_to_those_who_have_an_address(room, tmp_path, capsys):
    assert not give_back.give_back("02", "mail", tmp_path / "outbox", root=room.root)
    files = sorted((tmp_path / "outbox").iterdir())
    assert [path.name for path in files] == ["ada@x.example.eml", "cyd@x.example.eml"]
    message = email.message_from_bytes(files[0].read_bytes())
    text, page = message.get_payload()
    assert message["To"] == "ada@x.example" and "1 of 2" in text.get_payload() and "You divide." in text.get_payload()
    assert page.get_filename() == f"{LESSON}.html" and page.get_payload(decode=True) == b"page of ada"
    assert "bob: no e-mail address" in capsys.readouterr().out


def test_without_feedback_it_says_so(room, monkeypatch):
    monkeypatch.setattr(give_back, "recorded", lambda room: [Result("zoe")])
    with pytest.raises(CourseError, match="there is no feedback on 02_by_hand yet"):
        give_back.give_back("02", "moodle", root=room.root)


def test_one_way_at_a_time(capsys):
    assert main(["feedback", "02", "--moodle-zip", "--canvas-zip"]) == 2
    assert "one way back at a time, got moodle and canvas" in capsys.readouterr().err


def test_an_address_that_a_mail_cannot_have_is_left_out_alone(room, tmp_path, capsys):
    odd = ("a@[", "a,b@x.example", "(@x", "a:b@x", "<a@b>")
    rows = "".join(f'{name},,,"{address}"\n' for name, address in zip(("ada", "bob"), odd[:2], strict=True))
    for address in odd:
        assert not give_back.ADDRESS.fullmatch(address)
    (room.folder / roster.NAME).write_text("student,name,id,email\n" + rows)
    assert not give_back.give_back("02", "mail", folder=tmp_path / "mails", root=room.root)
    assert [path.name for path in (tmp_path / "mails").iterdir()] == ["cyd@x.example.eml"]
    assert "ada: no e-mail address" in capsys.readouterr().out


def test_who_would_take_another_s_place_is_left_out(room, capsys):
    for student in ("ada", "bob"):
        note(room, student, "canvas", "ada_502_771_02")
    note(room, "cyd@x.example", "canvas", "cyd_503_772_02")
    assert not give_back.give_back("02", "canvas", root=room.root)
    assert pages(room, "canvas") == {"cyd_503_772_02.html": "page of cyd@x.example"}
    assert "another has the same place in the LMS" in capsys.readouterr().out
