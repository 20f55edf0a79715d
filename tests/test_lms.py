"""Marks into the files of an LMS: found in every language and separator, refused where it is not sure, never written over."""

import csv
import io

import pytest

from course_utils.base.errors import CourseError
from course_utils.cli import main
from course_utils.grading.marks.results import Finding, Result
from course_utils.grading.report import export, lms

LESSON = "02_by_hand"
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),Lesson 02: by hand (12),Assignments Final Score,Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,10.00,3.00,(read only),(read only)
"Lovelace, Ada",101,s-101,ada@uni.example,A,7.00,,70.0,70.0
"=HYPERLINK(""http://x"")",102,s-102,bob@uni.example,A,,1.00,0,0
"Curie, Marie",103,s-103,marie@uni.example,A,9.00,,90,90
"Student, Test",199,,test,A,,,,
"""
ENGLISH = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 501,Ada Lovelace,ada@uni.example,Submitted for grading,,3.00,Yes,-,-,
Participant 502,@bob,bob@uni.example,No submission,,3.00,Yes,-,-,
"""
GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar
Teilnehmer/in501;Ada Lovelace;ada@uni.example;Zur Bewertung abgegeben;;3,00;Ja;Montag, 5. Oktober 2026, 10:00;-;
Teilnehmer/in502;Bob;bob@uni.example;Keine Abgabe;1,00;3,00;Nein;-;-;
"""
FRENCH = """\
"Identifiant","Nom complet","Adresse de courriel","Statut","Note","Note maximale","La note peut être modifiée","Dernière modification (travail remis)","Dernière modification (note)","Feedback par commentaires"
"Participant 501","Ada Lovelace","ada@uni.example","Remis pour évaluation","","3,00","Oui","-","-",""
"Participant 502","Bob","bob@uni.example","Aucun travail remis","","3,00","Oui","-","-","=1+1"
"""


def result(name, *marks):
    return Result(name, [Finding(f"f{i}", each, 1.5, "wrong") for i, each in enumerate(marks)])


def test_points_that_nobody_has_marked_yet_are_named(file):
    waiting = Result("ada@uni.example", [Finding("f", 1.5, 1.5, "correct"), Finding("kernel", 0.0, 1.5, "not checked")])
    written, notes = lms.fill(lms.canvas(file(CANVAS), LESSON), [waiting])
    assert written == 1
    assert notes == ["ada@uni.example: these marks are without kernel, which somebody has to mark by hand"]


def table(text, separator=","):
    return list(csv.reader(io.StringIO(text), delimiter=separator))


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8", line_end="\n"):
        path = tmp_path / "downloaded.csv"
        path.write_bytes(text.replace("\n", line_end).encode(encoding))
        return path

    return write


def filled(target, tmp_path, *results, encoding="utf-8", **options):
    said = lms.fill(target, results, **options)
    out = tmp_path / "new.csv"
    target.sheet.save(out)
    return said, out.read_bytes().decode(encoding)


@pytest.mark.parametrize("names", [("101", "103"), ("s-101", "s-103"), ("ada@uni.example", "MARIE@uni.example")])
def test_canvas_marks_stand_in_the_lessons_column_and_nothing_else_changes(file, tmp_path, names):
    said, text = filled(
        lms.canvas(file(CANVAS), LESSON), tmp_path, result(names[0], 1.5, 1.0), result(names[1], 0.0, 0.0)
    )
    assert said == (2, [])
    before, after = table(CANVAS), table(text)
    assert (after[3][6], after[5][6]) == ("2.5", "0")
    assert after[4][0] == "'" + before[4][0]  # a name that a spreadsheet would run
    after[3][6] = after[5][6] = ""
    after[4][0] = before[4][0]
    assert after == before


def test_a_student_whom_the_lms_does_not_know_stops_it_unless_told_otherwise(file, tmp_path):
    strangers = [result("ada@uni.example", 1.5), result("nobody", 1.5), result("zoe", 1.5), Result("eve", graded=False)]
    with pytest.raises(CourseError, match="no row, or several, for nobody, zoe. Nothing was written"):
        lms.fill(lms.canvas(file(CANVAS.replace("3.00", "1.50")), LESSON), strangers)
    target = lms.canvas(file(CANVAS.replace("3.00", "1.50")), LESSON)
    (written, notes), _ = filled(target, tmp_path, *strangers, skip_unmatched=True)
    assert written == 1 and len(notes) == 3


def test_two_folders_of_one_person_are_refused(file):
    with pytest.raises(CourseError, match="101 and ada@uni.example are one person in the LMS"):
        lms.fill(lms.canvas(file(CANVAS), LESSON), [result("101", 1.5, 1.5), result("ada@uni.example", 1.5, 0.0)])


def test_canvas_assignments_are_never_made_up(file):
    with pytest.raises(
        CourseError, match=r"no assignments of lesson 03_x_y. Canvas would make .* Essay \(11\); Lesson 02"
    ):
        lms.canvas(file(CANVAS), "03_x_y")
    with pytest.raises(CourseError, match="no assignments called 'Lesson 3'"):
        lms.canvas(file(CANVAS), LESSON, "Lesson 3")
    with pytest.raises(CourseError, match="2 assignments of lesson 02_by_hand"):
        lms.canvas(file(CANVAS.replace("Essay", "By hand again")), LESSON)
    assert (
        lms.canvas(file(CANVAS), "03_x_y", "Essay").column
        == lms.canvas(file(CANVAS), "03_x_y", "Essay (11)").column
        == 5
    )
    with pytest.raises(CourseError, match="no assignments called 'Final Score'"):  # read only
        lms.canvas(file(CANVAS), LESSON, "Final Score")


def test_points_must_agree_or_be_scaled(file, tmp_path):
    ada = result("101", 1.5, 0.5)
    path = file(CANVAS.replace("3.00", "100,00").replace(",100,00", ',"100,00"'))
    with pytest.raises(CourseError, match="the lesson has 3 points, downloaded.csv says 100"):
        lms.fill(lms.canvas(path, LESSON), [ada])
    _, text = filled(lms.canvas(path, LESSON), tmp_path, ada, scale=True)
    assert table(text)[3][6] == "66,666667"


@pytest.mark.parametrize(
    ("text", "separator", "encoding", "line_end"),
    [
        (ENGLISH, ",", "utf-8", "\r\n"),
        (GERMAN, ";", "utf-8-sig", "\n"),
        (FRENCH, ",", "utf-8", "\r\n"),
        (GERMAN.replace(";", "\t"), "\t", "utf-16", "\r\n"),
    ],
)
@pytest.mark.parametrize("name", ["ada@uni.example", "ada", "501"])
def test_moodle_worksheets_of_all_languages_are_filled(file, tmp_path, text, separator, encoding, line_end, name):
    (written, notes), new = filled(
        lms.moodle(file(text, encoding, line_end), LESSON), tmp_path, result(name, 1.5, 1.0), encoding=encoding
    )
    before, after = table(text, separator), table(new.replace("\r\n", "\n"), separator)
    assert (written, notes) == (1, [])
    assert after[1][4] == ("2.5" if text is ENGLISH else "2,5")
    after[1][4] = before[1][4]
    assert after[1][-1] == "f1 (1 of 1.5): see the page of feedback."
    after[1][-1] = before[1][-1]
    assert [row[:1] + row[2:] for row in after] == [row[:1] + row[2:] for row in before]
    assert after[2][1] == ("'@bob" if text is ENGLISH else "Bob")
    assert ("\r\n" in new) == (line_end == "\r\n")


def test_moodle_marks_that_are_locked_stay(file, tmp_path):
    (written, notes), new = filled(lms.moodle(file(GERMAN), LESSON), tmp_path, result("bob", 1.5, 1.5))
    assert (written, table(new, ";")[2][4]) == (0, "1,00")
    assert notes == ["bob: the LMS does not let these marks be changed, row left as it was"]


def test_a_column_in_a_language_that_is_not_known_can_be_named(file):
    polish = ENGLISH.replace(",Grade,", ",Ocena,").replace(",Maximum Grade", "").replace(",3.00", "")
    with pytest.raises(CourseError, match="Its columns: .*Ocena.*--column"):
        lms.moodle(file(polish), LESSON)
    assert lms.moodle(file(polish), LESSON, "Ocena").column == 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no table"),
        (b"\x89PNG\r\n\x1a", "not in UTF-8"),
        (GERMAN.encode("latin-1"), "not in UTF-8"),
        (b"a,b\n1,2,3\n", "row 2 has more cells"),
        (ENGLISH.encode(), "no gradebook that Canvas"),
    ],
)
def test_what_is_not_the_file_of_the_lms_is_refused_in_a_sentence(tmp_path, content, reason):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=reason):
        lms.canvas(path, LESSON)
    with pytest.raises(CourseError, match="cannot be read"):
        lms.canvas(tmp_path / "missing.csv", LESSON)


def test_the_file_that_was_downloaded_is_never_written_over(file, tmp_path, monkeypatch, capsys):
    path = file(CANVAS)
    monkeypatch.setattr(export, "recorded", lambda room: [result("101", 1.5, 1.0)])
    lesson = tmp_path / "solutions" / LESSON / f"{LESSON}.py"
    lesson.parent.mkdir(parents=True)
    lesson.touch()
    for out, reason in [(path, "is there already"), (tmp_path / "grading", "is there already")]:
        out.is_file() or out.mkdir()
        with pytest.raises(CourseError, match=reason):
            export.export("02", canvas=path, out=out, root=tmp_path)
    export.export("02", canvas=path, root=tmp_path)
    export.export("02", canvas=path, root=tmp_path)  # the copy may be made again
    assert "1 marks in " in capsys.readouterr().out
    assert path.read_text("utf-8") == CANVAS
    with pytest.raises(CourseError, match="is the file that was read"):
        lms.canvas(path, LESSON).sheet.save(path)


def test_the_verb_wants_one_file(capsys):
    assert main(["export", "02"]) == 2
    assert main(["export", "02", "--canvas", "a.csv", "--moodle", "b.csv"]) == 2
    assert "say which file to fill" in capsys.readouterr().err


POLISH = """\
Identyfikator,Imię i nazwisko,Adres e-mail,Status,Ocena,Maksymalna ocena,Ocena może być zmieniona,Ostatnio modyfikowane (ocena),Komentarz zwrotny
Uczestnik 501,Ada Lovelace,ada@uni.example,-,,3.00,Tak,-,
Uczestnik 502,Bob,bob@uni.example,-,,3.00,Nie,-,Dobrze!
Uczestnik 503,Cyd,cyd@uni.example,-,1.00,3.00,Tak,-,f1 (0 of 1.5): see the page of feedback.
"""


@pytest.mark.parametrize("title", [None, "Ocena"])
@pytest.mark.parametrize(
    "names", [("ada@uni.example", "cyd"), ("501", "503"), ("Ada Lovelace", "CYD"), ("Ada Lovelace 501", "cyd")]
)
def test_in_a_language_that_is_not_known_columns_are_found_by_what_is_in_them(file, tmp_path, title, names):
    people = [result(names[0], 1.5, 1.5), result("bob", 1.5, 1.5), result(names[1], 1.5, 1.5)]
    (written, notes), text = filled(lms.moodle(file(POLISH), LESSON, title), tmp_path, *people)
    assert (written, notes) == (2, ["bob: the LMS does not let these marks be changed, row left as it was"])
    rows = table(text)
    assert [row[4] for row in rows[1:]] == ["3", "", "3"]
    assert [row[8] for row in rows[1:]] == ["All is right.", "Dobrze!", "All is right."]


def test_what_a_person_commented_stays(file, tmp_path):
    text = POLISH.replace("Tak,-,\n", "Tak,-,See me.\n")
    _, new = filled(lms.moodle(file(text), LESSON), tmp_path, result("501", 1.5, 0.0))
    assert table(new)[1][8] == "See me." and table(new)[1][4] == "1.5"


def test_names_with_accents_are_found_in_either_form(file, tmp_path):
    text = CANVAS.replace("ada@", "\u00e9mile@").replace("Points Possible", "Puntos posibles")
    (written, _), new = filled(lms.canvas(file(text), LESSON), tmp_path, result("e\u0301mile@uni.example", 1.5, 1.5))
    assert written == 1 and table(new)[3][6] == "3"
    (written, _), _ = filled(lms.canvas(file(text), LESSON), tmp_path, result("Ada Lovelace", 1.5, 1.5))
    assert written == 1


def test_of_two_people_of_one_name_neither_is_guessed(file):
    with pytest.raises(CourseError, match="no row, or several, for Ann Lee.*`course rename`"):
        lms.fill(
            lms.moodle(file(POLISH.replace("Cyd", "Ann Lee").replace(",Bob,", ",Ann Lee,")), LESSON),
            [result("Ann Lee", 1.5, 1.5)],
        )


def test_who_has_not_handed_in_is_said_to_have_not(file, tmp_path):
    (_, notes), _ = filled(
        lms.moodle(file(POLISH), LESSON), tmp_path, result("501", 1.5, 1.5), Result("zoe", notes=["not handed in"])
    )
    assert notes == ["zoe: not handed in, row left as it was"]


def test_a_comment_says_nothing_of_hidden_cases():
    shown, hidden = ("seed 0", "x"), ("seed 1", "x")
    for trace, told in ((shown, "got 31337.25"), (hidden, "right on the inputs that you see")):
        finding = Finding("mix_pixel", 0.0, 3.0, "wrong", message="mix_pixel: got 31337.25, expected 1.", trace=trace)
        said = lms.comment(Result("ada", [finding]))
        assert told in said and ("31337" in said) == (trace == shown)
