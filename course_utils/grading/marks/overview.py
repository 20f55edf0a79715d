"""What a page of feedback begins with: each exercise by its title, its marks, what was said, what to look at next."""

import functools
import html
import re
from xml.etree import ElementTree

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer
from nbgrader.utils import is_grade, is_task

from course_utils.authoring.cells import grade_id
from course_utils.base.errors import CourseError
from course_utils.checking.render import marked
from course_utils.exercises import find

CONTENTS = re.compile(r'<div id="toc">.*?</div>', re.DOTALL)
BODY, END = '<div class="panel-body">', re.compile(r"((?:</div>\s*){3})((?:</div>\s*){2}</body>)")
STYLE = (
    "<style>table.overview{width:100%;border-collapse:collapse;background:#fff;color:#1a1a1a}"
    ".overview th,.overview td{text-align:left;vertical-align:top;padding:.3em .8em .3em 0}"
    ".overview tr{border-bottom:1px solid #bbb}"
    ".overview caption{font-weight:bold;color:#1a1a1a}summary{padding:.6em;cursor:pointer}</style>"
)
FORMULA_MAX = 400  # characters; longer ones stay as they were typed
MATHML = """math mfrac mi mn mo mover mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder
    munderover""".split()
LOOKS = """accent columnalign columnspacing display displaystyle fence form linethickness mathvariant stretchy
    width""".split()
WAITS = "waits for a person to mark it"


def begin(page, nb, resources):
    """The page with the overview on top and the notebook folded below it."""
    table = _table(list(rows(nb)), resources.get("nbgrader", {}).get("late_penalty") or 0)
    page, found = CONTENTS.subn(lambda _: STYLE + table, page, count=1)
    tail = END.search(page, max(0, len(page) - 1000))
    if not (found and tail and BODY in page):
        return page
    page = f"{page[: tail.start()]}{tail[1]}</details>{tail[2]}{page[tail.end() :]}"
    return page.replace(BODY, f"<details><summary>Your notebook, cell by cell</summary>{BODY}", 1)


def rows(nb):
    """`(name of the cell, title, marks, points, what was said, what to look at next)` for each graded cell.

    What was said is what the redacted page shows below the check: its last line tells nothing of hidden cases.
    """
    heading = ""
    for cell in nb.cells:
        found = re.match(r"\s*#{1,6}\s+(.+)", cell.source) if cell.cell_type == "markdown" else None
        heading = found[1] if found else heading
        if not (is_grade(cell) or is_task(cell)):
            continue
        name, graded = grade_id(cell), cell.metadata.nbgrader
        exercise, points = name.removesuffix("_check"), float(graded.get("points") or 0)
        marks = float(graded.get("score") or 0)
        said = _said(cell, exercise)
        comment = str(graded.get("comment") or "")
        said = f"{said} {comment}".strip()
        yield name, _title(exercise, heading), marks, points, said, "" if marks >= points else _next(exercise)


def _said(cell, exercise):
    """The last message of a check in one line."""
    if cell.cell_type != "code":
        return ""
    texts = [str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs if output.get("data")]
    lines = [text.strip().splitlines()[0] for text in texts if text.strip()]
    return re.sub(rf"^\W*{re.escape(exercise)}: ", "", lines[-1]) if lines else WAITS


def _title(exercise, heading):
    """An exercise as a learner knows it: the heading above it, or the question asked."""
    prompt = getattr(_known(exercise), "prompt", "")
    return prompt or (f"{heading} (`{exercise}`)" if heading and exercise not in heading else heading or exercise)


def _next(exercise):
    """The first hint of an exercise, which asks and does not answer."""
    hints = getattr(_known(exercise), "hints", ())
    return hints[0] if hints else ""


def _known(exercise):
    try:
        return find(exercise)
    except CourseError:
        return None


def _table(found, penalty):
    head = "".join(f'<th scope="col">{name}</th>' for name in ("exercise", "marks", "what was said", "look at next"))
    lines = []
    for name, title, marks, points, *texts in found:
        link = f'<a href="#{html.escape(name)}">{marked(title)}</a>'
        cells = "".join(f"<td>{marked(text)}</td>" for text in texts)
        lines.append(f'<tr><th scope="row">{link}</th><td>{marks:g} of {points:g}</td>{cells}</tr>')
    late = f'<tr><th scope="row">handed in late</th><td>−{penalty:g}</td><td></td><td></td></tr>' if penalty else ""
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}{late}</tbody>"
    return f'<table class="overview"><caption>Exercise by exercise</caption>{body}</table>'


class Renderer(IPythonRenderer):
    """nbconvert's, with formulas set by the browser; those that cannot be set stay as they were typed."""

    def inline_math(self, body):
        return formula(body, "inline") or super().inline_math(body)

    def block_math(self, body):
        return formula(body, "block") or super().block_math(body)


@functools.lru_cache(maxsize=2048)
def formula(latex, display):
    """A formula as MathML, or "" where it is too long, no LaTeX, or would be more than a formula.

    >>> formula("k^2", "inline").startswith("<math"), "http" in formula(r"\\href{http://x}{k}", "inline")
    (True, False)
    """
    if len(latex) > FORMULA_MAX or latex.count("{") > FORMULA_MAX // 8:
        return ""
    try:
        made = ElementTree.fromstring(convert(latex, xmlns="", display=display))
    except Exception:  # noqa: BLE001 - whatever a student typed
        return ""
    for part in made.iter():
        if part.tag not in MATHML:
            return ""
        part.attrib = {name: value for name, value in part.attrib.items() if name in LOOKS}
    return ElementTree.tostring(made, encoding="unicode")
