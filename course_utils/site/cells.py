"""The cells of a notebook as HTML: prose, code, outputs, and a place for each widget."""

import ast
import base64
import html
import io
import re

from course_utils.base import paths
from course_utils.site import alive, markup
from course_utils.site.outputs import kind
from course_utils.widgets.still import joined

PREDICT = re.compile(
    r"before you\s+(run|look|touch|press)|\*\*(predict|guess|your guess|think first|what do you expect)", re.IGNORECASE
)
PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
LOSSLESS = 60_000  # bytes; a larger picture is a photo or nearly one
NOTEBOOK = re.compile(rf'href="[^"#]*?({paths.NUMBER}_\w+)\.ipynb"')  # in an output; here it links to the lesson's page
TAGS = {"answer": "Yours to write", "check": "Checked when you run it", "quiz": "Click, or type the letters"}
NO_KERNEL = '<p class="note">This part needs Python: open the lesson in JupyterLab to use it.</p>'


def render(nb, models):
    """The body of a lesson's page and its headings, a list of (level, text, name)."""
    to_html, headings = markup.renderer()
    parts, asked = [], False
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            parts.append(to_html(cell.source))
            asked = _asks(cell.source)
        else:
            parts.append(_code(cell, asked, models))
            asked = False
    return "\n".join(parts), headings


def _asks(text):
    """Whether a text asks what comes out below it, which is folded away then; an exercise asks for a function.

    >>> _asks("**Before you\\nrun it:** is it faster?"), _asks("Where does it end?\\n\\nHere are two layers.")
    (True, False)
    """
    if "### Exercise" in text or "**Before you go on" in text:  # then the answer is not in the cell below
        return False
    return bool(PREDICT.search(text) or "?" in text.rstrip().rpartition("\n\n")[2])


def _only_draws(code):
    """Whether a cell draws a picture and does nothing else.

    >>> _only_draws("plots.show(plots.pixel(x, 1, 2), alt='01.pixel')"), _only_draws("print(x)")
    (True, False)
    """
    try:
        steps = ast.parse(code).body
    except SyntaxError:  # a line that is for the notebook alone
        return False
    return bool(steps) and all(
        isinstance(one, ast.Expr) and ast.unparse(one).startswith("plots.show(") for one in steps
    )


def _code(cell, asked, models):
    role = kind(cell)
    tag = f'<div class="tag">{TAGS[role]}</div>' if role else ""
    code = f'<pre class="code scrolls"><code>{markup.python(cell.source)}</code></pre>'
    outputs = "".join(_output(output, {} if role == "quiz" else models) for output in joined(cell.outputs))
    if _only_draws(cell.source):
        code = f"<details><summary>The code of the picture</summary>{code}</details>"
    if asked and not role and outputs and 'class="widget' not in outputs:
        outputs = f"<details><summary>What comes out? Say first, then look.</summary>{outputs}</details>"
    outputs = outputs and f'<div class="outputs">{outputs}</div>'
    return f'<div class="cell {role}">{tag}{code}{outputs}</div>'


def _output(output, models):
    if output.output_type == "stream":
        return f'<pre class="scrolls">{html.escape(output.text.rstrip())}</pre>'
    if output.output_type == "error":
        return f'<pre class="scrolls">{html.escape(f"{output.ename}: {output.evalue}")}</pre>'
    data = output.data
    twin = f'<pre class="scrolls">{html.escape(data["text/plain"])}</pre>'
    if "text/html" in data:
        markup = NOTEBOOK.sub(r'href="../\1/index.html"', data["text/html"])
        twin = f'<div class="scrolls">{smaller(markup)}</div>'
    if alive.VIEW not in data:
        return twin
    model = data[alive.VIEW]["model_id"]
    return f'<div class="widget" data-model="{model}">{twin}</div>' if model in models else twin + NO_KERNEL


def smaller(markup):
    """HTML with its PNG pictures as WebP, which takes a third of the room."""
    return PNG.sub(lambda found: _webp(base64.b64decode(found[1])), markup)


def _webp(png):
    from PIL import Image

    picture, made = Image.open(io.BytesIO(png)), io.BytesIO()
    picture.save(made, "WEBP", lossless=True)
    if made.tell() > LOSSLESS:
        made = io.BytesIO()
        picture.save(made, "WEBP", quality=72)
    return f"data:image/webp;base64,{base64.b64encode(made.getvalue()).decode('ascii')}"
