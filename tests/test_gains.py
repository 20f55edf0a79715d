"""What a learner and a class gain from the first lesson to the last: asked, kept, read and compared."""

import nbformat
import pytest
from nbformat import v4

from course_utils import after, before, progress
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking import gains
from course_utils.cli import main
from course_utils.exercises import Question
from course_utils.exercises.twelve import FORMS, IDEAS
from course_utils.grading.report import gains as of_class

FIRST, LAST = paths.lessons()[0], paths.lessons()[-1]
RIGHT = {form: {name: asked.right for name, asked in questions.items()} for form, questions in FORMS.items()}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COURSE_GRADING", raising=False)


@pytest.mark.parametrize("idea", IDEAS, ids=lambda idea: idea.name)
def test_both_forms_offer_the_misconception_that_they_aim_at(idea):
    for asked in (idea.before, idea.after):
        assert isinstance(asked, Question) and len(asked.choices) == 4
        assert idea.code in {choice.code for choice in asked.choices.values()}
        assert len({choice.text for choice in asked.choices.values()}) == 4
    assert idea.before.prompt != idea.after.prompt


@pytest.mark.parametrize("form", FORMS)
def test_no_letter_is_right_in_most_questions_and_the_right_choice_is_not_always_the_longest(form):
    letters = list(RIGHT[form].values())
    assert max(map(letters.count, letters)) <= 4 and {*letters} == {*"abcd"}
    longest = [
        max(asked.choices.values(), key=lambda choice: len(choice.text)).code is None for asked in FORMS[form].values()
    ]
    assert sum(longest) <= 5


def test_the_first_lesson_and_the_last_ask_every_question_once_and_leave_the_letters_open():
    for form, lesson in (("before", FIRST), ("after", LAST)):
        for folder in (paths.notebooks(), paths.solutions()):
            nb = nbformat.read(folder / lesson / f"{lesson}.ipynb", as_version=4)
            (cell,) = [cell for cell in nb.cells if cell.source.startswith(f"{form}(")]
            assert [line.strip() for line in cell.source.splitlines()[1:-1]] == [f'{name}="",' for name in FORMS[form]]


def test_nobody_is_told_which_choice_is_right(capsys):
    before(**RIGHT["before"])
    told = capsys.readouterr().out
    before(**{name: "a" if letter != "a" else "b" for name, letter in RIGHT["before"].items()})
    assert told.count("✓") == 0 and capsys.readouterr().out.count("✗") == 0


def test_a_learner_sees_their_own_gain_once_both_forms_are_answered(capsys):
    before(**{name: letter if name in ("maps", "axes", "lost") else "" for name, letter in RIGHT["before"].items()})
    assert gains.own_gain() == ""
    after(**{name: letter if name not in ("clock", "lost") else "" for name, letter in RIGHT["after"].items()})
    assert "you had 3 right before the course, and have 10 now: 78% of what was missing." in capsys.readouterr().out


def test_progress_tells_the_gain_once_there_is_one(capsys):
    before(**RIGHT["before"])
    progress()
    assert "questions you had" not in capsys.readouterr().out
    after(**RIGHT["after"])
    capsys.readouterr()
    progress()
    assert "Of 12 questions you had 12 right before the course, and have 12 now." in capsys.readouterr().out


def test_a_choice_taken_back_counts_no_more():
    before(**RIGHT["before"])
    before(**{**RIGHT["before"], "maps": ""})
    assert "maps" not in gains.chosen("before") and len(gains.chosen("before")) == 11


@pytest.mark.parametrize(
    ("letters", "said"),
    [({"map": "a"}, "no question 'map'"), ({"maps": "e"}, "expected one of a, b, c, d")],
    ids=["name", "letter"],
)
def test_what_is_no_question_or_no_choice_is_said_and_not_kept(letters, said):
    with pytest.raises(CourseError, match=said):
        before(**letters)
    assert gains.chosen("before") == {}


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "solutions").symlink_to(paths.solutions())
    return tmp_path


def hand_in(root, student, form, letters):
    lesson = FIRST if form == "before" else LAST
    folder = root / "grading" / "submitted" / student / lesson
    folder.mkdir(parents=True)
    call = f"{form}(" + ", ".join(f"{name}={letter!r}" for name, letter in letters.items()) + ")"
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(call)]), folder / f"{lesson}.ipynb")


def test_a_class_gains_by_misconception_and_who_answered_one_form_does_not_count(root, capsys):
    worst = {
        name: next(k for k, c in IDEAS[i].before.choices.items() if c.code == IDEAS[i].code)
        for i, name in enumerate(FORMS["before"])
    }
    hand_in(root, "ada", "before", worst)
    hand_in(root, "ada", "after", RIGHT["after"])
    hand_in(root, "<bob>", "before", {**RIGHT["before"], "maps": worst["maps"]})
    hand_in(root, "<bob>", "after", {**RIGHT["after"], "maps": ""})
    hand_in(root, "cyd", "before", RIGHT["before"])
    of_class.make_gains(root=root)
    assert "2 students answered both forms" in capsys.readouterr().out
    page = (root / "grading" / "reports" / "gains.html").read_text(encoding="utf-8")
    assert "(maps)</td><td>0%</td><td>50%</td><td>0.50</td>" in page and "<td>2</td><td>0</td></tr>" in page
    assert "(axes)</td><td>50%</td><td>100%</td><td>1.00</td>" in page
    assert page.index("(maps)") < page.index("(axes)"), "what needs another lecture comes first"
    assert "&lt;bob&gt;" in page and "<bob>" not in page and "cyd" not in page
    of_class.make_gains(anonymous=True, root=root)
    hidden = (root / "grading" / "reports" / "anonymous" / "gains.html").read_text(encoding="utf-8")
    assert "ada" not in hidden and "bob" not in hidden and "student 2" in hidden


@pytest.mark.parametrize(
    "text",
    [
        "before(",
        "before(**everything)",
        'before("b")',
        "before(maps=choose())",
        'before(maps="z", odd="a")',
        "x = before",
    ],
)
def test_what_a_cell_holds_is_data_and_never_run(text):
    assert of_class.written("before", v4.new_notebook(cells=[v4.new_code_cell(text)])) == {}


def test_without_both_forms_the_page_is_not_written_and_the_reason_is_said(root):
    hand_in(root, "ada", "before", RIGHT["before"])
    with pytest.raises(CourseError, match="1 the form before the course, 0 the form after the course"):
        of_class.make_gains(root=root)
    assert not (root / "grading" / "reports").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(["report"], "which lesson"), (["report", "02", "--gains"], "whole course")],
    ids=["none", "both"],
)
def test_the_report_is_of_a_lesson_or_of_the_course(words, said, capsys):
    assert main(words) != 0
    assert said in capsys.readouterr().err
