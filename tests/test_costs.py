"""What a stranger's notebook costs outside the sandbox: reading it, putting it right, and showing it, whatever is in it."""

import contextlib
import json
import re
import time
import tracemalloc

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from course_utils.checking.judge import plain_letter
from course_utils.grading.marks import feedback
from course_utils.grading.marks.results import Result, cut_short
from course_utils.grading.marks.stopwatch import SLOW, Stopwatch
from course_utils.grading.people.spreadsheet import harmless, on_screen, readable
from course_utils.grading.prepare import idle, intake, lost, pasted, reach, scrub
from course_utils.grading.report import sheet
from course_utils.grading.run.raised import made_error

new_code, new_markdown, new_output = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell, nbformat.v4.new_output


def page(*cells):
    """The page of a notebook, and the processor time that it took."""
    exporter = feedback.FeedbackPage()
    exporter.register_preprocessor(feedback.Redact, enabled=True)
    began = time.process_time()
    text, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=list(cells)))
    return text, time.process_time() - began


def shown(kind, content):
    return new_output("display_data", {kind: content, "text/plain": "x"})


SLOW_CELLS = {
    "blank lines": lambda: [new_code("\n" * 16_000)],
    "blank lines, many cells": lambda: [new_code("\n" * 900) for _ in range(30)],
    "quotes": lambda: [new_code("'" * 19_000) for _ in range(10)],
    "open brackets": lambda: [new_markdown("[" * 20_000) for _ in range(10)],
    "formulas without an end": lambda: [new_markdown("\\begin{a}" * 2_000) for _ in range(15)],
    "dollars": lambda: [new_markdown("$a" * 9_000) for _ in range(10)],
    "stars": lambda: [new_markdown("*a " * 6_000) for _ in range(10)],
    "tags": lambda: [new_code("1", outputs=[shown("text/html", "<b>" * 6_000)]) for _ in range(30)],
    "half tags": lambda: [new_markdown("<a " * 6_000) for _ in range(5)],
    "outputs": lambda: [new_code("1", outputs=[new_output("stream", text="x")] * 500) for _ in range(20)],
    "cells": lambda: [new_markdown("x") for _ in range(4_000)],
    "colours": lambda: [new_code("1", outputs=[new_output("stream", text="\x1b[31mx" * 3_000)]) for _ in range(20)],
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", SLOW_CELLS)
def test_no_text_takes_minutes_to_show(kind):
    text, seconds = page(*SLOW_CELLS[kind]())
    assert len(text) < 20_000_000
    assert seconds < 60  # of processor time; the page's own limit is 20, what nbconvert does besides is linear


def test_a_part_that_takes_too_long_is_replaced_and_the_rest_is_shown():
    watch = Stopwatch(page=1.0, part=0.2)

    def for_ever():
        while True:
            pass

    assert watch.limited(for_ever, lambda: "a note") == "a note"
    assert watch.limited(lambda: re.match(r"(a*)*b", "a" * 40), lambda: "a note") == "a note"
    assert watch.limited(lambda: "shown", lambda: "a note") == "shown"
    for _ in range(5):
        watch.limited(for_ever, lambda: "a note")
    assert watch.left < 0.2
    watch.left = 0
    assert watch.limited(lambda: "shown", lambda: "a note") == "a note"


def test_a_page_says_which_part_took_too_long(monkeypatch):
    monkeypatch.setattr(feedback, "clean", lambda text: _spin())
    monkeypatch.setattr(feedback, "Stopwatch", lambda: Stopwatch(page=0.5, part=0.2))
    text, _ = page(new_code("mine = 1", outputs=[shown("text/html", "<b>bold</b>")]), new_markdown("yours"))
    assert SLOW.strip() in text
    assert "mine" in text
    assert "yours" in text


def _spin():
    while True:
        pass


def test_a_table_of_marks_is_read_again_however_long_a_note_is(tmp_path):
    """Names of files and cells that did not end make a note of more characters than Python reads of a table's cell."""
    for _ in range(2):
        sheet.save(tmp_path / "grades.csv", "02", [Result("eve", notes=["n" * 150_000]), Result("zoe")])
    assert [row["student"] for row in sheet.load(tmp_path / "grades.csv")] == ["eve", "zoe"]
    assert cut_short({"cut_short": [[None, "no time was left"]] * 3_000}) == ["a cell: no time was left"]


def test_a_part_that_catches_every_error_ends_in_time():
    """As a formula does while it is made; the bell rings once."""

    def patient():
        for _ in range(10):
            with contextlib.suppress(Exception):
                end = time.process_time() + 0.2
                while time.process_time() < end:
                    pass
        return "shown"

    assert Stopwatch(part=0.5).limited(patient, lambda: "a note") == "a note"


@pytest.mark.parametrize("content", [
    b"[" * 50_000, b'{"cells":' * 30_000, b'{"cells": [' + b"[]," * 2_500_000 + b"[]]}", b'{"cells": ' + b"[" * 200 + b"]" * 200 + b"}",
    json.dumps({"cells": [{"cell_type": "raw", "source": "", "metadata": {}}] * 25_000}).encode(), b'{"cells": 3}', b'{"cells": {}}',
    json.dumps({"cells": [{"cell_type": "markdown", "source": "", "metadata": {}, "attachments": {str(i): {} for i in range(3_000)}}]}).encode(),
    b'{"cells": [3]}', b'{"cells": [{"outputs": 3}]}', b'{"cells": null}', b"3", b"null", b'"cells"', b"\xff\xfe", b"\x00" * 99,
])  # fmt: skip
def test_a_file_that_would_take_room_or_time_is_refused_with_a_sentence(content):
    tracemalloc.start()
    with pytest.raises(intake.Unreadable, match="x.ipynb"):
        intake.parsed(content, "x.ipynb")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * len(content) + 50_000_000


def test_a_heading_of_an_old_format_is_as_long_as_it_was_written():
    """Format 3 keeps a heading's level as a number, of which nbformat makes as many #."""
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"metadata": {}, "cells": [
        {"cell_type": "heading", "level": level, "source": "x", "metadata": {}} for level in (2, 10**8, 10**30, -1)]}]}  # fmt: skip
    tracemalloc.start()
    assert [cell.source for cell in intake.parsed(json.dumps(old).encode(), "x.ipynb").cells] == [
        "## x",
        "# x",
        "# x",
        "# x",
    ]
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_of_pictures_in_text_so_many_are_taken_out():
    texts = [new_markdown("data:image/png;base64,AAAA " * 100_000) for _ in range(2)]
    nb, _ = pasted.unpacked(nbformat.v4.new_notebook(cells=texts))
    assert [len(cell.get("attachments", {})) for cell in nb.cells] == [2_000, 0]


LARGE_OUTPUTS = {  # what the outputs of a file of 60 MB are made of, and how often
    "one picture": (b'"' + b"a" * 5_000_000 + b'"', 12),
    "texts of escapes": (b'"' + rb"\n" * 2_500_000 + b'"', 12),
    "a text without an end": (b'"' + rb"\"" * 30_000_000, 1),
    "numbers": (b"9" * 5_000_000, 12),
    "small values": (b"1", 30_000_000),
    "brackets": (b"[]", 20_000_000),
    "small outputs": (b'{"output_type":"stream","name":"stdout","text":["x"]}', 1_100_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LARGE_OUTPUTS)
def test_a_large_file_costs_seconds_whatever_is_in_it(tmp_path, kind):
    cell = b'{"cell_type":"code","metadata":{},"source":"outputs","execution_count":null,"outputs":['
    one, count = LARGE_OUTPUTS[kind]
    path = tmp_path / "x.ipynb"
    path.write_bytes(b'{"nbformat":4,"nbformat_minor":5,"cells":[' + cell + b",".join([one] * count) + b"]}]}")
    began = time.process_time()
    try:
        assert [cell.source for cell in intake.parse(path).cells] == ["outputs"]
    except intake.Unreadable as error:
        assert "too large" in str(error) or "JSON" in str(error)
    assert time.process_time() - began < 5  # and 3 where nobody else computes


def test_of_a_folder_of_slow_notebooks_some_are_read(tmp_path, monkeypatch):
    for i in range(9):
        (tmp_path / f"{i}.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook()))
    monkeypatch.setattr(intake, "SECONDS_MAX", -1.0)
    with pytest.raises(intake.Unreadable):
        intake.read(tmp_path, "x")
    monkeypatch.setattr(intake, "SECONDS_MAX", 60.0)
    assert not [note for note in intake.read(tmp_path, "x")[1] if "not read" in note]


SLOW_CODE = {
    "fields of a text": "x = f'" + "{1}" * 90_000 + "'",
    "quotes of IPython": ";" * 90_000,
    "signs": "x = " + "-" * 400_000 + "1",
    "a long sum": "x = 1" + "+1" * 200_000,
    "arguments": "f(" + "*a," * 150_000 + ")",
    "attributes of attributes": ("x" + ".b" * 900 + "\n") * 54,
    "choices": "if 1: pass\n" + "elif 1: pass\n" * 30_000,
}


@pytest.mark.parametrize("kind", SLOW_CODE)
def test_no_code_takes_long_to_be_put_right(kind):
    answer = new_code("", metadata={"nbgrader": {"grade_id": "run_on", "solution": True, "locked": False}})
    released = nbformat.v4.new_notebook(cells=[new_code("import numpy as np"), answer])
    nb = nbformat.v4.new_notebook(cells=[new_code("import numpy as np"), new_code(SLOW_CODE[kind])])
    began = time.process_time()
    scrub.scrub(nb, released, released)
    idle.mark(nb, released)
    reach.reaches(nb, released, {"x.py": SLOW_CODE[kind].encode()})
    assert time.process_time() - began < 10  # and under 1 where nobody else computes


def test_three_hundred_thousand_outputs_are_not_looked_at():
    cell = {"cell_type": "code", "source": "1", "metadata": {}, "execution_count": None, "id": "a"}
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x"}] * 300_000
    began = time.process_time()
    nb = intake.parsed(
        json.dumps(
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell | {"outputs": outputs}]}
        ).encode(),
        "x",
    )
    assert nb.cells[0].outputs == []
    assert time.process_time() - began < 20


# Notebooks that nobody wrote

TEXT = some.text(max_size=40) | some.sampled_from([
    "\ud800", "x" * 5_000, "[" * 500, "\n" * 500, "$" * 200, "<b>" * 200, "$$\\frac{", "```\n" * 40, "\\begin{a}" * 40, "(" * 150, "def f(:",
    "![a](attachment:b.png)", "%%bash\nls", "!ls", "\x00", "\u202eabc", "| a |\n|---|\n" * 30, "> " * 200, "lambda: " * 60, "a=" * 300,
])  # fmt: skip
VALUE = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 10**20) | TEXT,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
KIND = some.sampled_from(["code", "markdown", "raw", "heading", "task", 3, None])
OUTPUT = some.fixed_dictionaries({"output_type": some.sampled_from(["stream", "error", "display_data", "execute_result", "x", 3])}, optional={
    "name": TEXT, "text": TEXT | some.lists(TEXT, max_size=2), "data": VALUE, "metadata": VALUE, "ename": TEXT, "evalue": TEXT,
    "traceback": VALUE, "execution_count": VALUE})  # fmt: skip
FLAGS = some.fixed_dictionaries({}, optional={"grade_id": some.sampled_from(["mix_pixel", "mix_pixel_check", "x", 3, None, "a" * 999]),
                                              "grade": VALUE, "locked": VALUE, "points": VALUE, "solution": VALUE, "task": VALUE,
                                              "schema_version": VALUE, "checksum": VALUE})  # fmt: skip
CELL = some.fixed_dictionaries({}, optional={
    "cell_type": KIND, "source": TEXT | some.lists(TEXT, max_size=3) | VALUE, "id": TEXT | VALUE, "execution_count": VALUE,
    "metadata": some.fixed_dictionaries({}, optional={"nbgrader": FLAGS | VALUE, "tags": VALUE, "idle": VALUE}) | VALUE,
    "outputs": some.lists(OUTPUT, max_size=3) | VALUE, "attachments": some.dictionaries(TEXT, VALUE, max_size=2) | VALUE})  # fmt: skip
NOTEBOOK = some.fixed_dictionaries({}, optional={
    "cells": some.lists(CELL | VALUE, max_size=6) | VALUE, "metadata": VALUE, "nbformat": some.sampled_from([3, 4, 5, "4", None, 10**9]),
    "nbformat_minor": some.sampled_from([0, 5, 99, "x", None, -1]), "worksheets": VALUE}) | VALUE  # fmt: skip


def lesson():
    flags = {
        "grade": False,
        "grade_id": "mix_pixel",
        "locked": False,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }
    answer = new_code("def mix_pixel(v, w):\n    raise NotImplementedError", id="answer", metadata={"nbgrader": flags})
    more = {"grade": True, "grade_id": "mix_pixel_check", "locked": True, "points": 3, "solution": False}
    check = new_code("check(mix_pixel)", id="check", metadata={"nbgrader": flags | more})
    return nbformat.v4.new_notebook(cells=[new_code("from course_utils import check", id="imports"), answer, check])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=1_000, suppress_health_check=list(HealthCheck))
@given(NOTEBOOK)
def test_a_thousand_notebooks_are_graded_with_the_lesson_s_own_checks_or_refused(found):
    released = lesson()
    began = time.process_time()
    try:
        nb = intake.parsed(json.dumps(found).encode(), "x.ipynb")
    except intake.Unreadable as error:
        on_screen(str(error)).encode()
    else:
        nb, notes = scrub.scrub(nb, released, released)
        nb = idle.mark(nb, released)
        checks = [cell for cell in nb.cells if "nbgrader" in cell.metadata and cell.metadata.nbgrader.get("grade")]
        assert [(cell.source, cell.metadata.nbgrader.points) for cell in checks] == [("check(mix_pixel)", 3)]
        assert set(nb.metadata) <= set(released.metadata)
        text = readable(nbformat.writes(nb))
        nb = nbformat.reads(text, as_version=4)
        feedback.FeedbackPage().from_notebook_node(nb)[0].encode()
        harmless("; ".join(notes)).encode()
    assert time.process_time() - began < 30


@settings(deadline=None)
@given(some.text(some.sampled_from("=+-@;\n\t\"' ,a1\ufeff\u200b\udcfc\ud800＝"), max_size=12))
def test_no_text_in_a_table_is_a_formula_wherever_cells_are_parted(text):
    safe = harmless(text)
    safe.encode()
    assert not set(safe) & set("\r\n\t")
    for part in safe.split(";"):
        bare = part.strip(' \ufeff\u200b"')
        assert not (
            bare[:1] in ("=", "+", "-", "@", "＝") and len(bare) > 1 and not re.fullmatch(r"[-+]?\d+([.,]\d+)?", bare)
        ), safe
    assert harmless(safe) == safe
    on_screen(text).encode()


COMMANDS = {"to the shell": "!ls\n" * 100_000, "questions": "a?\n" * 100_000, "assigned": "x = %ls\n" * 60_000}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_to_ipython_are_not_read_where_reading_them_takes_hours(name):
    """IPython reads a cell anew for each: of so many it would take hours, by its growth, in the process that grades the class."""
    honest = ["%matplotlib inline\n!pip list\n%time x = 1\nnp.zeros(3)?", "import numpy as np"] * 10
    assert list(lost.readable(honest)) == honest
    assert list(lost.readable([honest[1], COMMANDS[name], honest[0]])) == [honest[1]]


def test_what_is_no_letter_is_not_normalized():
    text = "\u0301\u0316" * 1_000
    assert plain_letter(text) is text


def test_an_error_of_a_stranger_s_does_not_end_a_loop():
    """`all(map(f, …))` takes StopIteration for the end, and would be true."""
    for name in ("StopIteration", "StopAsyncIteration"):
        made = made_error({"error": [name, "Exception", "BaseException"], "text": "over"})
        assert not isinstance(made, StopIteration | StopAsyncIteration) and type(made).__name__ == name
