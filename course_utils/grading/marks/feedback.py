"""What a student gets back: their work and the messages of the checks; no hidden case, no script, no request.

nbgrader writes the page; `nbgrader_config.py` names the two classes of this module as its steps.
"""

import base64
import binascii
import copy
import functools
import html
import re

import bleach
import jinja2
import nbformat
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from course_utils.authoring.cells import grade_id
from course_utils.checking.outcome import CORRECT, UNCHECKED
from course_utils.checking.render import VERDICT_MIME, marked
from course_utils.grading.marks import hidden, overview
from course_utils.grading.marks.stopwatch import SLOW, Stopwatch

HIDDEN = re.compile(  # tests, and what a marker looks for in an answer
    r"^[^\n]*### BEGIN (HIDDEN TESTS|MARK SCHEME).*?(### END \1[^\n]*(\n|\Z)|\Z)", re.DOTALL | re.MULTILINE
)
MATHJAX = re.compile(r"<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)
LINK_ELSEWHERE = re.compile(  # in a tag: what somebody wrote is text, whatever it looks like
    r"""(<\w[^<>]{0,999}?\s)href=(?:"(?!#|https?://|mailto:)[^"<>]*"|'(?!#|https?://|mailto:)[^'<>]*')""", re.I
)
PICTURE_ELSEWHERE = re.compile(r"""(<img\b[^<>]{0,999}?\s)src=(?:"(?!data:)[^"<>]*"|'(?!data:)[^'<>]*')""", re.I)
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # whatever got through asks for nothing
SCROLLED = re.compile(r'(<div class="(?:jp-OutputArea-output|jp-Cell-inputWrapper)\b[^"]*")')  # by keyboard too
TEXT_MAX = 20_000  # characters of one output or cell; a page is for reading
LINE_MAX, LINES_MAX = 1_000, 1_000  # characters of a line of code, lines of a cell that is coloured
OUTPUTS_MAX, CELLS_MAX = 1_500, 2_500  # of one page
REST = "The rest is not shown here. It is in the notebook that was handed in."
PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]+")
TAGS = """b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img
    li ol p pre small span strong sub summary sup table tbody td tfoot th thead tr u ul""".split()
ATTRIBUTES = "alt aria-label colspan height role rowspan scope src style title type width".split()
STYLES = """border border-bottom border-collapse border-left border-radius border-right border-top color font-family
    font-size font-style font-weight height line-height margin max-width opacity padding text-align vertical-align
    white-space width""".split()


class Redact(NbGraderPreprocessor):
    """The step before the page is written: takes out what is not the student's to see, and what would act."""

    def preprocess(self, nb, resources):
        self.watch = getattr(self.parent, "watch", None) or Stopwatch()
        self.outputs_left = OUTPUTS_MAX
        if len(nb.cells) > CELLS_MAX:
            graded = [cell for cell in nb.cells[CELLS_MAX:] if "nbgrader" in cell.metadata]
            nb.cells = [*nb.cells[:CELLS_MAX], nbformat.v4.new_markdown_cell(REST), *graded]
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, index):
        cell.source = HIDDEN.sub("", cell.source)
        if cell.cell_type != "code":
            cell.source = _plain(cell.source)
            if re.search("<[A-Za-z!/?]", cell.source):
                cell.source = self._limited(clean, cell.source)
            _attached(cell, self._limited)
        elif is_grade(cell) and not is_solution(cell):
            cell.outputs = [_harmless(output, self._limited) for output in _of_check(cell.outputs)]
        else:
            shown, rest = cell.outputs[: self.outputs_left], cell.outputs[self.outputs_left :]
            self.outputs_left -= len(shown)
            cell.outputs = [_harmless(_own_frames(output), self._limited) for output in shown]
            cell.outputs += [_line(REST)] if rest else []
        return cell, resources

    def _limited(self, make, text):
        """What `make` makes of a text, or the text as it was typed where that takes too long."""
        return self.watch.limited(lambda: make(text), lambda: f"{SLOW}<pre>{html.escape(text[:LINE_MAX])}</pre>")


class Compiled(jinja2.BytecodeCache):
    """Templates, compiled once and not again for each student."""

    kept = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key] = bucket.bytecode_to_string()


class FeedbackPage(HTMLExporter):
    """nbgrader's page, which begins with what helps and asks for nothing: the browser sets the formulas."""

    def _create_environment(self):
        environment = super()._create_environment()
        environment.bytecode_cache = Compiled()
        return environment

    @jinja2.pass_context
    def markdown2html(self, context, source):
        attached = context.get("cell", {}).get("attachments", {})
        renderer = overview.Renderer(escape=False, attachments=attached, anchor_link_text=self.anchor_link_text)
        read = MarkdownWithMath(renderer=renderer).render
        return self.watch.limited(lambda: read(source), lambda: f"{SLOW}{_without_colours(source)}")

    def _preprocess(self, nb, resources):
        self.scored, resources = super()._preprocess(nb, resources)  # a copy, with the marks of the gradebook
        return self.scored, resources

    def from_notebook_node(self, nb, resources=None, **options):
        # As HTMLExporter does, but for reading the whole page once more to change an attribute.
        resources = self._init_resources(resources)
        of_widgets = {"notebook_metadata": self._nb_metadata, "parent": self, "resources": resources}
        self.watch = Stopwatch()
        self.register_filter(
            "highlight_code",
            lambda source, metadata=None: self.watch.limited(
                lambda: in_colours(source), lambda: _without_colours(source)
            ),
        )
        self.register_filter("strip_files_prefix", lambda text: text)  # as it is: to look takes minutes
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(**of_widgets))
        page, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **options)
        page = SCROLLED.sub(r'\1 tabindex="0"', page)
        policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        page = LINK_ELSEWHERE.sub(r'\1href="#"', PICTURE_ELSEWHERE.sub(r"\1", MATHJAX.sub("", page)))
        page = overview.begin(page, _as_shown(nb, self.scored), resources)
        return page.replace("<head>", f"<head>{policy}", 1), resources


@functools.lru_cache(maxsize=1024)
def in_colours(code):
    """Code as HTML, as nbconvert has it; most cells are the same in all of a class's notebooks."""
    lines = code.split("\n")
    if len(code) > TEXT_MAX or len(lines) > LINES_MAX or max(map(len, lines)) > LINE_MAX:  # it could take minutes
        return _without_colours(code)
    return Highlight2HTML(pygments_lexer="ipython3")(code)


def _without_colours(code):
    return f'<div class="highlight"><pre>{html.escape(_plain(code))}</pre></div>'


@functools.lru_cache(maxsize=256)
def clean(text):
    """HTML in which only what is meant to be looked at is left; the rest is shown as text.

    >>> clean('<b>mine</b> <script>act()</script> <img src="http://far.example/x">')
    '<b>mine</b> &lt;script&gt;act()&lt;/script&gt; <img>'
    """
    pictures = PICTURE.findall(text)
    short = PICTURE.sub(lambda _: "data:,", text)  # they are long, and need no looking at
    cleaner = bleach.Cleaner(
        tags=TAGS, attributes=_is_allowed, protocols=["data"], css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES)
    )
    parts = cleaner.clean(short).split("data:,")
    pictures += [""] * (len(parts) - 1 - len(pictures))
    return "".join(part + picture for part, picture in zip(parts, [*pictures, ""], strict=False))


def _is_allowed(tag, name, value):
    return name in ATTRIBUTES and (name != "src" or (tag == "img" and value == "data:,"))


def _attached(cell, limited):
    """Leave a cell of Markdown the pictures in it; text that asks for others is shown as it was typed."""
    named = cell.pop("attachments", {})
    cell.attachments = {name: kinds for name, kinds in named.items() if all(map(_is_base64, kinds.values()))}
    if "attachment:" in cell.source:
        try:
            renderer = IPythonRenderer(escape=False, attachments=cell.attachments)
            limited(MarkdownWithMath(renderer=renderer).render, cell.source)
        except InvalidNotebook:  # one of them is missing
            cell.source = cell.source.replace("attachment:", "attachment: ")


def _of_check(outputs):
    """The panels of a check, as far as they are about inputs in the lesson; or in one line why there are none."""
    verdicts = [output.data for output in outputs if isinstance(output.get("data", {}).get(VERDICT_MIME), dict)]
    if not verdicts:
        return [_line(f"{out.ename}: {out.evalue}") for out in outputs if out.output_type == "error"]
    open_to_all = [data for data in verdicts if not hidden.is_hidden(data[VERDICT_MIME])]
    later = [data for data in verdicts if hidden.is_hidden(data[VERDICT_MIME])] + open_to_all[1:]
    wrong = [data[VERDICT_MIME] for data in later if data[VERDICT_MIME].get("outcome") not in (CORRECT, UNCHECKED)]
    shown = [nbformat.v4.new_output("display_data", data) for data in open_to_all[:1]]
    return shown + [_line(hidden.said(verdict)) for verdict in wrong]


def _as_shown(nb, scored):
    """The notebook with what a page shows of its checks, and their marks: the table at the top says no more."""
    shown = copy.deepcopy(nb)
    marks = {grade_id(cell): cell.metadata.nbgrader for cell in scored.cells if grade_id(cell)}
    for cell in shown.cells:
        if grade_id(cell) in marks:
            cell.metadata.nbgrader = marks[grade_id(cell)]
        if any(isinstance(out.get("data", {}).get(VERDICT_MIME), dict) for out in cell.get("outputs", [])):
            cell.outputs = _of_check(cell.outputs)
    return shown


def _own_frames(output):
    """An error without the part of its traceback that is not the student's."""
    if output.output_type == "error":
        frames = [str(part) for part in output.traceback]
        output.traceback = [part for part in frames if not re.match(r"\W*(\x1b\[[\d;]*m)*File ", part)]
    return output


def _line(text):
    return nbformat.v4.new_output("display_data", {"text/plain": text, "text/html": f"<div>{marked(text)}</div>"})


def _harmless(output, limited):
    """An output whose HTML is clean, whose pictures are pictures, and which is of a length to be read."""
    if output.output_type == "stream":
        output.text = _plain(output.text)
    elif output.output_type == "error":
        output.traceback = [_plain(part) for part in output.traceback]
    else:
        data = {kind: value for kind, value in output.data.items() if isinstance(value, str)}
        kept = {kind: data[kind] for kind in ("image/png", "image/jpeg") if _is_base64(data.get(kind, "-"))}
        if len(PICTURE.sub("", data.get("text/html", ""))) <= TEXT_MAX and "text/html" in data:
            kept["text/html"] = limited(clean, data["text/html"])
        kept["text/plain"] = _plain(data.get("text/plain", ""))
        output.data, output.metadata = nbformat.from_dict(kept), nbformat.from_dict({})
    return output


def _plain(text):
    """Text of a length to be read, whose only escape sequences are those of colours."""
    text = re.sub(r"\x1b\][^\x07\x1b]*(\x07|\x1b\\)?", "", text)
    text = re.sub(r"\x1b(?!\[[\d;]*m)|[\x00-\x08\x0b-\x1a\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", text)
    return text if len(text) <= TEXT_MAX else f"{text[:TEXT_MAX]}\n… {len(text) - TEXT_MAX:,} more characters"


def _is_base64(text):
    try:
        return bool(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        return False
