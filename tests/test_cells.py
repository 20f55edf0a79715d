"""A learner's notebook, cell by cell: what a failed check shows, and what stands under a name when its cell has stopped."""

import os
import subprocess
import sys

import pytest

from course_utils.base import paths
from course_utils.checking import hints
from course_utils.exercises import Exercise, catalogue

KERNEL = """
import json, sys
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

shown = []

class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **more):
        shown.append(["panel", data["text/plain"], data.get("text/html", "")])

shell = InteractiveShell.instance(display_pub_class=Publisher)
shell._showtraceback = lambda kind, error, lines: shown.append(["error", kind.__name__, "".join(lines)])
for cell in json.load(sys.stdin):  # its text, or its name and its text
    name, text = cell if isinstance(cell, list) else (None, cell)
    shell.run_cell(text, cell_id=name)
print("\\n" + json.dumps(shown))
"""
START = "from course_utils import check, hint"
WRITTEN = "def mix_pixel(v, w, b=0.0):\n    return sum(v * w) + b"
BROKEN = "def mix_pixel(v, w, b=0.0)\n    return sum(v * w) + b"


@pytest.fixture
def notebook(tmp_path):
    """Run cells as a notebook does; what it shows, as (kind, text, page)."""
    import json

    def run(*cells, **variables):
        environment = {name: value for name, value in os.environ.items() if name != "COURSE_GRADING"}
        environment |= {"COURSE_HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path), **variables}
        command = [sys.executable, "-c", KERNEL]
        done = subprocess.run(
            command, input=json.dumps([START, *cells]), capture_output=True, text=True, env=environment
        )
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_a_failed_check_says_its_message_once_and_the_cell_fails(notebook):
    for answer in ("raise NotImplementedError", "return 0.0", "return v[99]"):
        shown = notebook(f"def mix_pixel(v, w, b=0.0):\n    {answer}", "check(mix_pixel)")
        assert [one[0] for one in shown] == ["panel", "error"], answer
        assert "mix_pixel" in shown[0][1] and shown[1][1] in ("NotAttempted", "Wrong", "Crashed")
        assert "mix_pixel" not in shown[1][2] and shown[1][2].replace("\x1b[0m", "") == ""


def test_where_a_notebook_is_validated_the_error_has_the_message(notebook):
    """nbgrader's Validate shows the traceback of the error alone."""
    shown = notebook("def mix_pixel(v, w, b=0.0):\n    return 0.0", "check(mix_pixel)", NBGRADER_EXECUTION="validate")
    assert "mix_pixel:" in shown[-1][2]
    many = "def weights_for(pixels, targets):\n    return pixels[99]"
    shown = notebook(many, "check(weights_for)", NBGRADER_EXECUTION="validate")
    assert len(shown[-1][2]) > 90 >= max(map(len, shown[-1][2].splitlines()))  # its window breaks no line


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (BROKEN, "line 1, `def mix_pixel(v, w, b=0.0)`: expected ':' (SyntaxError)"),
        ("def mix_pixel(v, w, b=nothing):\n    return 0", "name 'nothing' is not defined (NameError)"),
        ("1 / 0\n" + WRITTEN, "division by zero (ZeroDivisionError)"),
    ],
)
def test_after_a_cell_that_stopped_the_function_of_before_is_not_judged(notebook, cell, words):
    shown = notebook(WRITTEN, cell, "check(mix_pixel)")
    assert [one[1] for one in shown if one[0] == "panel"][0].startswith("⚠ mix_pixel: not checked.")
    assert words in shown[-2][1]


@pytest.mark.parametrize(
    "slip", ["Def mix_pixel(v, w, b=0.0):\n    return 0", "defmix_pixel(v, w):", "  \nmixpixel(v, w"]
)
def test_the_cell_that_defined_a_function_is_known_when_it_no_longer_reads_like_a_definition(notebook, slip):
    shown = notebook(["answer", WRITTEN], ["answer", slip], "check(mix_pixel)")
    assert "mix_pixel: not checked. The cell that defines it stopped" in shown[-2][1]
    elsewhere = notebook(["answer", WRITTEN], ["other", WRITTEN], ["answer", slip], "check(mix_pixel)")
    assert elsewhere[-1][1].startswith("✓ mix_pixel")


def test_a_function_that_is_given_another_name_in_its_cell_is_not_judged_as_it_was(notebook):
    renamed = WRITTEN.replace("mix_pixel", "mix_pixels")
    shown = notebook(["answer", WRITTEN], ["answer", renamed], "check(mix_pixel)")
    assert "and the name `mix_pixel` no longer stands in it" in shown[0][1] and shown[1][0] == "error"
    for again in (["answer", WRITTEN], ["new", WRITTEN]):
        assert notebook(["answer", WRITTEN], ["answer", renamed], again, "check(mix_pixel)")[-1][1].startswith("✓")
    for cells in ([WRITTEN, renamed], [["answer", WRITTEN], ["answer", "mix_pixel(1, 2, 3, 4)"]]):
        assert notebook(*cells, "check(mix_pixel)")[-1][1].startswith("✓ mix_pixel")


def test_a_cell_that_gives_the_same_function_again_after_it_had_stopped_is_judged(notebook):
    own = "from course_utils.convs import pointwise\n"
    cells = [own + "conv1x1_loops = pointwise", own + "conv1x1_loops = pointwise[", own + "conv1x1_loops = pointwise"]
    assert "not checked" in notebook(*cells[:2], "check(conv1x1_loops, 'conv1x1_loops')")[-2][1]
    assert notebook(*cells, "check(conv1x1_loops, 'conv1x1_loops')")[-1][1].startswith("✓ conv1x1_loops")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            [BROKEN, "check(mix_pixel)"],
            "stopped when it was last run: line 1, `def mix_pixel(v, w, b=0.0)`: expected ':'",
        ),
        (["check(mix_pixel)"], "`mix_pixel` is not there yet: it is the answer to an exercise of lesson 01."),
        (["pixels = 1 / 0", "print(pixels)"], "`pixels` is not there yet: the cell that defines it stopped"),
    ],
)
def test_a_name_whose_cell_has_not_run_to_its_end_is_told_so_below_pythons_own_error(notebook, cells, words):
    *_, error, panel = notebook(*cells)
    assert error[:2] == ["error", "NameError"] and panel[0] == "panel" and words in panel[1]


@pytest.mark.parametrize(
    "cells",
    [
        ["print(nothing)"],
        [BROKEN, WRITTEN, "mix_pixel(nothing)"],
        ["pixels = 1 / 0", "pixels = 1", "print(pixls)"],
        [f"{WRITTEN}\n1 / 0", "del mix_pixel, nothing"],
    ],
)
def test_of_a_name_that_nobody_knows_python_alone_speaks(notebook, cells):
    assert {one[0] for one in notebook(*cells)} == {"error"}


def test_a_cell_put_right_or_one_that_stopped_below_its_definition_is_judged(notebook):
    for cells in ([WRITTEN, BROKEN, WRITTEN], [WRITTEN, BROKEN, "mix_pixel = lambda v, w, b=0.0: sum(v * w) + b"]):
        assert notebook(*cells, "check(mix_pixel)")[-1][1].startswith("✓ mix_pixel")
    shown = notebook(BROKEN, WRITTEN + "\nmix_pixel()", "check(mix_pixel)")
    assert shown[-1][1].startswith("✓ mix_pixel")


def test_a_helper_whose_cell_stopped_is_named(notebook):
    many = "def mix_pixel_many(v, weight, bias):\n    return [mix_pixel(v, w, b) for w, b in zip(weight, bias)]"
    shown = notebook(WRITTEN, many, BROKEN, "check(mix_pixel_many)")
    assert "The cell that defines `mix_pixel`, which it calls, stopped" in shown[-2][1]


def test_where_a_notebook_is_graded_each_cell_counts_as_it_stands(notebook):
    shown = notebook(WRITTEN, BROKEN, "check(mix_pixel)", COURSE_GRADING="1")
    assert shown[-1][1].startswith("✓ mix_pixel")


def test_hints_are_sentences_and_lines_of_code(notebook):
    shown = notebook("for i in range(4):\n    hint('hwc_to_nchw')")
    pages = [one[2] for one in shown]
    assert "order are the axes of <code>image</code>" in pages[0] and "<em>old</em>" in pages[1]
    assert "<pre" in pages[2] and "word-break:normal" in pages[2] and ";  " not in pages[2]
    assert pages[3].count("<li>") == 3
    assert shown[3][1].splitlines()[1].startswith("1. In which order are the axes of `image`")


def test_no_hint_shows_marks_of_its_writing():
    import re

    for item in [one for one in catalogue().values() if isinstance(one, Exercise)]:
        for seen in (0, 1):
            text = re.sub("<code>.*?</code>", "", hints.as_html(item.hints, seen))
            assert "`" not in text and not re.search(r"(?<!\w)\*\w[^*]*\*", text), (item.name, text)


def test_an_endless_loop_that_is_interrupted_is_said_to_be_where_it_was(notebook):
    own = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)"  # a parent may have it ignored
    loop = f"{own}\ndef mix_pixel(v, w, b=0.0):\n    while True:\n        signal.raise_signal(signal.SIGINT)"
    shown = notebook(loop, "check(mix_pixel)")
    assert [one[0] for one in shown] == ["panel", "error"]
    assert "stopped by you" in shown[0][1] and " of `mix_pixel`: " in shown[0][1]


def test_a_check_that_is_read_by_nobody_does_not_speak_of_interrupting(monkeypatch):
    from course_utils.checking import waiting

    monkeypatch.setenv("COURSE_GRADING", "1")
    said = []
    with waiting.patience("mix_pixel", seconds=0, say=said.append):
        import time

        time.sleep(0.05)
    assert said == []


# ---- the map of the course


def test_progress_is_a_map_with_titles_what_is_next_and_links(notebook):
    done = "check(lambda image: image.transpose(2, 0, 1)[None], 'hwc_to_nchw')"
    shown = notebook("from course_utils import progress", done, "progress()")
    text, page = shown[-1][1:]
    assert text.startswith("Your progress: 1 of ") and "Next: pixel_vector, in lesson 00." in text
    assert "● 00 Axes, checks and asking for help    1 of 6 done   ← next" in text
    assert (
        page.count("<li ") == page.count("<a href=") == len(paths.lessons())
        and 'aria-label="Map of the course"' in page
    )
    assert 'href="notebooks/02_by_hand/02_by_hand.ipynb"' in page
    assert page.count("outline:") == 1 and page.count("<details") == 1


def test_titles_on_the_map_are_those_of_the_lessons(tmp_path):
    from course_utils.authoring.audit import _mistitled

    assert _mistitled(paths.ROOT) == []
    lesson = tmp_path / "solutions/02_by_hand/02_by_hand.py"
    lesson.parent.mkdir(parents=True)
    lesson.write_text("# %% [markdown]\n# # Lesson 02 · Another title\n")
    assert "Another title" in _mistitled(tmp_path)[0]
