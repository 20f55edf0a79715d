"""A page of feedback begins with what helps: exercises by title, marks, what was said, what to look at next."""

import re
from pathlib import Path

import nbformat
import nbgrader
import pytest
from traitlets.config import Config

from course_utils.checking.render import VERDICT_MIME
from course_utils.exercises import find
from course_utils.grading.marks import overview
from course_utils.grading.marks.feedback import FeedbackPage, Redact

CHECK = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}


def check(name, score, points, said, **more):
    verdict = {"exercise": name, "outcome": "wrong", "message": said}
    output = nbformat.v4.new_output(
        "display_data", {VERDICT_MIME: verdict, "text/plain": said, "text/html": f"<p>{said}</p>"}
    )
    graded = CHECK | {"grade_id": f"{name}_check", "score": score, "points": points} | more
    return nbformat.v4.new_code_cell(f"check({name})", outputs=[output], metadata={"nbgrader": graded})


def page(*cells, **told):
    nb = nbformat.v4.new_notebook(cells=list(cells))
    resources = {
        "nbgrader": {"notebook": "x", "score": 1, "max_score": 2, "late_penalty": 0} | told,
        "metadata": {"path": ""},
    }
    nb = Redact().preprocess(nb, resources)[0]
    return FeedbackPage(config=Config({"HTMLExporter": TEMPLATES})).from_notebook_node(nb, resources)[0]


FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
TEMPLATES = {
    "template_name": "feedback",
    "extra_template_basedirs": [str(FORMGRADER / "templates")],
    "extra_template_paths": [str(FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css")],
}
HEADING = nbformat.v4.new_markdown_cell("## Exercise: one <b>output</b> pixel\nWith $k^2$ and $\\href{http://x}{k}$.")
CELLS = [
    HEADING,
    check("mix_pixel", 0.0, 2.0, "✗ mix_pixel: weight has one *row*.\nInput: 7.25"),
    check("pixel_inputs", 1.0, 1.0, "✓ pixel_inputs: yes.", comment="Well done <i>"),
]


def test_each_exercise_has_a_row_with_marks_message_and_next_thing():
    found = list(
        overview.rows(
            Redact().preprocess(nbformat.v4.new_notebook(cells=[nbformat.from_dict(cell) for cell in CELLS]), {})[0]
        )
    )
    assert [row[0] for row in found] == ["mix_pixel_check", "pixel_inputs_check"]
    assert found[0][2:] == (0.0, 2.0, "weight has one *row*.", find("mix_pixel").hints[0])
    assert found[1][1:] == (find("pixel_inputs").prompt, 1.0, 1.0, "yes. Well done <i>", "")


def test_the_page_begins_with_the_table_and_folds_the_notebook():
    text = page(*[nbformat.from_dict(cell) for cell in CELLS], late_penalty=0.5)
    table, rest = text.index('<table class="overview">'), text.index("<details><summary>Your notebook")
    assert table < rest < text.index("check(mix_pixel)" if "check(mix_pixel)" in text else "mix_pixel</span>")
    assert text.count("<details>") == text.count("</details>") == 1 and 'id="toc"' not in text
    shown = text[table:rest]
    assert "weight has one <em>row</em>." in shown and "7.25" not in shown and "<td>0 of 2</td>" in shown
    assert "Well done &lt;i&gt;" in shown and "−0.5" in shown
    for name in re.findall(r'<a href="#([^"]+)"', shown):
        assert f'name="{name}"' in text or f'id="{name}"' in text


def test_formulas_are_set_and_nothing_else_comes_of_them():
    text = page(*[nbformat.from_dict(cell) for cell in CELLS])
    assert "<msup><mi>k</mi><mn>2</mn></msup>" in text and "$k^2$" not in text
    assert 'href="http://x"' not in text


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{&lt;script&gt;}",
        r"\text{<img src=x onerror=y>}",
        r"\href{javascript:x}{y}",
        r"\frac{",
        "{" * 200,
        "x" * 500,
        "\x00",
    ],
)
def test_a_formula_that_is_more_or_less_than_one_stays_text(latex):
    made = overview.formula(latex, "inline")
    assert not re.search(r"<(?!/?m)|href|\son\w+=", made)
