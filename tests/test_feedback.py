"""The page that goes back to a student: no hidden case, nothing that acts, nothing asked of the network."""

import base64
import html
import re

import nbformat
import pytest

from course_utils.checking.render import VERDICT_MIME
from course_utils.grading.marks.feedback import FeedbackPage, Redact, clean

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(60)).decode()
GRADED = {
    "grade": True,
    "solution": False,
    "locked": True,
    "task": False,
    "grade_id": "mix_pixel_check",
    "points": 1,
    "schema_version": 3,
}


def output(**data):
    return nbformat.v4.new_output("display_data", {kind.replace("_", "/"): value for kind, value in data.items()})


def verdict(outcome, message, code=None):
    record = {"exercise": "mix_pixel", "outcome": outcome, "code": code, "message": message}
    return nbformat.v4.new_output(
        "display_data", {VERDICT_MIME: record, "text/html": f"<p>{message} Input: 7.25</p>", "text/plain": message}
    )


def redact(cell):
    return Redact().preprocess(nbformat.v4.new_notebook(cells=[cell]), {})[0].cells[0]


def redacted(*outputs, source="1", **metadata):
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)
    return redact(cell)


def page(cell):
    nb = nbformat.v4.new_notebook(cells=[cell])
    return FeedbackPage().from_notebook_node(nb)[0]


def test_hidden_tests_are_not_on_the_page():
    source = "check(f)\n### BEGIN HIDDEN TESTS\ncheck(f, seed=1)\n### END HIDDEN TESTS\nlast = 1"
    assert redacted(source=source, nbgrader=GRADED).source == "check(f)\nlast = 1"
    assert redacted(source=source.partition("### END")[0]).source == "check(f)\n"


def test_of_a_hidden_case_the_misconception_is_told_and_no_number():
    from course_utils.exercises import find

    named = find("mix_pixel").mistakes[0]
    right = verdict("correct", "mix_pixel: right on all 9 inputs.")
    for wrong, told in [
        (verdict("wrong", f"mix_pixel: {named.message}", named.code), named.message),
        (verdict("crashed", "mix_pixel: ValueError: 7.25"), "right on the inputs that you see"),
    ]:
        prints = nbformat.v4.new_output("stream", text="given 7.25")
        error = nbformat.v4.new_output("error", ename="Wrong", evalue="7.25", traceback=["File /x/api.py 7.25"])
        cell = redacted(right, prints, wrong, error, nbgrader=GRADED)
        assert len(cell.outputs) == 2
        assert told in str(cell.outputs[1]) and "7.25" not in str(cell.outputs[1])
    visible = redacted(verdict("wrong", "mix_pixel: expected 7.25"), nbgrader=GRADED)
    assert "Input: 7.25" in visible.outputs[0].data["text/html"]


def test_a_check_that_was_not_run_says_why():
    error = nbformat.v4.new_output("error", ename="NotRun", evalue="it ran over 30 s", traceback=["…"])
    assert redacted(error, nbgrader=GRADED).outputs[0].data["text/plain"] == "NotRun: it ran over 30 s"


@pytest.mark.parametrize(
    "text",
    ["<script>act()</script>", "<img src=x onerror=act()>", "<svg onload=act()>", "<iframe src=http://far.example></iframe>",
     "<a href='javascript:act()'>x</a>", "<p style='background:url(http://far.example)'>x</p>", "<style>@import 'http://far.example'</style>",
     "<img src='data:image/svg+xml;base64,PHN2Zz4='>", "<form action=http://far.example><input></form>", "<math><mtext></math><img onerror=act()>",
     f"<img src='data:image/png;base64,{PIXEL}' onload=act()>", "<div onclick='act()' data:,>data:,</div><!-- <script> -->"],
)  # fmt: skip
def test_what_acts_is_shown_as_text_or_gone(text):
    cell = redacted(
        output(text_html=text, text_plain=text, text_latex=text, image_png=text, application_javascript=text)
    )
    assert set(cell.outputs[0].data) == {"text/html", "text/plain"}
    shown = clean(text)
    assert not re.search(
        r"<(script|svg|iframe|a|style|form|input|math)\b|<[^>]*\b(on\w+|href)=|<[^>]*far\.example", shown
    ), shown


def test_figures_of_the_course_keep_their_picture_and_description():
    text = f'<figure style="margin:.4em 0"><img alt="A map." width="90" src="data:image/png;base64,{PIXEL}"></figure>'
    assert f'src="data:image/png;base64,{PIXEL}"' in clean(text) and 'alt="A map."' in clean(text)
    assert redacted(output(image_png=PIXEL, text_plain="x")).outputs[0].data["image/png"] == PIXEL


def test_long_outputs_and_control_sequences_are_cut():
    cell = redacted(
        nbformat.v4.new_output("stream", text="x" * 50_000),
        nbformat.v4.new_output("stream", text="\x1b]8;;http://far.example\x07a\x1b[2J\u202e\x1b[31mred"),
    )
    assert cell.outputs[0].text.endswith("… 30,000 more characters")
    assert cell.outputs[1].text == "a[2J\x1b[31mred"


def test_frames_that_are_not_the_students_are_left_out():
    error = nbformat.v4.new_output(
        "error", ename="E", evalue="v", traceback=["Cell In[1], line 1", "\x1b[32mFile /course/api.py:3\x1b[0m", "E: v"]
    )
    assert redacted(error).outputs[0].traceback == ["Cell In[1], line 1", "E: v"]


def test_links_that_act_lead_nowhere():
    text = "[x](javascript:act()) [y](JavaScript&colon;act()) [z](https://ok.example) [w](#top)"
    cell = redact(nbformat.v4.new_markdown_cell(text))
    shown = page(cell)
    assert "https://ok.example" in shown
    assert not re.search(r"href=.\s*java", shown, re.IGNORECASE)


PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_pictures_pasted_into_text_are_shown_and_missing_ones_are_words():
    attached = {"a.png": {"image/png": PNG}, "b.png": {"image/png": "<script>"}}
    text = "![mine](attachment:a.png)"
    cell = redact(nbformat.v4.new_markdown_cell(text, attachments=attached))
    assert f'src="data:image/png;base64,{PNG}"' in page(cell)
    for other in ("![b](attachment:b.png)", "![gone](attachment:gone.png)", "attachment:", "[x](attachment:a.png)"):
        cell = redact(nbformat.v4.new_markdown_cell(other, attachments=attached))
        assert "attachment:" in page(cell) or "#" in page(cell)


def test_a_page_asks_nothing_of_the_network():
    text = page(redacted(output(text_html="<img src=http://far.example/x>", text_plain="x"), source="1"))
    assert "Content-Security-Policy" in text
    scripts = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=.?(?:https?:)?//[^>]*", text)
    assert all("far.example" not in one for one in scripts)
    far = redact(nbformat.v4.new_markdown_cell("![far away](http://far.example/x.png)"))
    assert 'alt="far away"' in page(far)
    assert "far.example" not in page(far)


def test_text_that_looks_like_a_link_stays_text():
    text = "Write href='x and src=\"y as you like, and <b>bold</b> 'too'."
    shown = page(nbformat.v4.new_markdown_cell(text))
    assert "href='x and src=" in html.unescape(shown) and "as you like" in shown
