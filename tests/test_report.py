"""The page about a class: what it counts, that it leaks no names, and that it can be read by everybody."""

import csv

import pytest
from browsers import patient

from course_utils.base.errors import CourseError
from course_utils.exercises.codes import CODES
from course_utils.grading.classroom import Classroom
from course_utils.grading.marks.results import Finding, Result
from course_utils.grading.report import items
from course_utils.grading.report import page as report
from course_utils.grading.report.export import make_report

LESSON = "01_one_pixel"


def finding(exercise, marks, points=1.0, code=None):
    outcome = "correct" if marks == points else "wrong"
    return Finding(exercise, float(marks), points, outcome, code, f"{exercise}: You divide." if code else "")


CLASS = [
    Result("<ada>", [finding("f", 2, 2.0), finding("g", 0, code="AVG")]),
    Result(
        "bob",
        [Finding("f", 0.0, 2.0, "crashed", message="f: bob's error"), finding("g", 0, code="AVG")],
        ["handed in as bob smith.ipynb"],
    ),
    Result("zoe", notes=["not graded: <no memory>"], graded=False),
]

AVG = f"AVG: {CODES['AVG']}"


def test_the_report_counts_what_the_class_misunderstands():
    assert items.misconceptions(CLASS) == [("g", AVG, 2, "You divide.")]
    page = report.page(LESSON, CLASS)
    assert "2 students. Of 3 points they have 1.0 on average; the median is 1, the lowest 0, the highest 2." in page
    assert "<td>f</td><td>1 of 2</td>" in page and "<td>g</td><td>0 of 2</td>" in page
    assert "&lt;no memory&gt;" in page and "<no memory>" not in page
    assert "http" not in page
    assert 'aria-label="Students by share of the points: 1 with 0 to 10 %, 1 with 60 to 70 %."' in page


def test_a_student_with_one_misconception_in_two_exercises_counts_once_for_the_class():
    twice = [Result("ada", [finding("f", 0, code="AVG"), finding("g", 0, code="AVG")])]
    assert items.beliefs([*twice, CLASS[1]]) == [(AVG, 2, "f, g")]


def test_difficulty_and_discrimination_are_those_of_test_theory():
    marks = {"easy": [1, 1, 1, 1], "good": [0, 0, 1, 1], "odd": [1, 1, 0, 0], "rest": [0, 1, 2, 3]}
    found = [
        Result(str(i), [finding(name, column[i], 3.0 if name == "rest" else 1.0) for name, column in marks.items()])
        for i in range(4)
    ]
    easy, good, odd, rest = items.items(found)
    assert (easy.share, easy.right, easy.discrimination) == (1.0, 4, None)
    # by hand: good (0 0 1 1) against easy + odd + rest (2 3 3 4); odd (1 1 0 0) against (1 2 4 5); rest against (2 2 2 2)
    assert good.discrimination == pytest.approx(0.7071, abs=1e-4)
    assert odd.discrimination == pytest.approx(-0.9487, abs=1e-4)
    assert rest.discrimination is None and rest.share == 0.5


def test_without_names_nothing_tells_who_it_was(tmp_path):
    room = Classroom(LESSON, tmp_path, tmp_path / "grading")
    path = report.save(room, CLASS, anonymous=True, folder=tmp_path)
    texts = path.read_text("utf-8") + path.with_suffix(".csv").read_text("utf-8")
    assert not [name for name in ("ada", "bob", "smith", "zoe") if name in texts]
    assert "student 3" in texts and "handed in as" in texts
    with path.with_suffix(".csv").open(newline="", encoding="utf-8-sig") as file:
        assert {row["student"] for row in csv.DictReader(file)} <= {"student 1", "student 2", "student 3"}


def test_a_report_on_nobody_is_a_page_too_and_the_verb_says_what_to_do(tmp_path):
    assert "Nobody has marks yet." in report.page(LESSON, [])
    lesson = tmp_path / "solutions" / LESSON / f"{LESSON}.py"
    lesson.parent.mkdir(parents=True)
    lesson.touch()
    with pytest.raises(CourseError, match="nobody has marks for 01_one_pixel yet. Run `course grade 01` first"):
        make_report("01", root=tmp_path)


@pytest.mark.browser
def test_the_report_is_accessible_and_fits_on_paper(tmp_path):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    from course_utils.cli import machine

    path = tmp_path / "report.html"
    path.write_text(report.page(LESSON, CLASS), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=["--no-sandbox"])
        page = patient(browser.new_page())
        page.goto(path.as_uri())
        found = Axe().run(page)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 700, "height": 1000})
        assert page.evaluate("document.documentElement.scrollWidth") <= 700
        browser.close()
    assert found.violations_count == 0, found.generate_report()
