"""Markdown to HTML as the page wants it: formulas as MathML, headings with names to link to, code in colour."""

import html
import re

import mistune
from latex2mathml.converter import convert
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


def python(code):
    """Python as HTML: a class for each sort of token, coloured by the page's style.

    >>> python("x = 1")
    '<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>'
    """
    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")


def mathml(latex, display="inline"):
    """A formula for the browser to set, with LaTeX kept for those who copy it.

    >>> mathml("k^2")[-35:]
    'k^2</annotation></semantics></math>'
    """
    made = convert(latex, display=display)
    note = f'<annotation encoding="application/x-tex">{html.escape(latex)}</annotation></semantics></math>'
    return re.sub(r"(<math[^>]*>)(.*)</math>", lambda found: f"{found[1]}<semantics>{found[2]}{note}", made, flags=re.S)


class Prose(mistune.HTMLRenderer):
    """Renders the Markdown of one lesson and notes its headings on the way, for the table of contents."""

    def __init__(self):
        super().__init__(escape=False)
        self.headings = []  # (level, text as HTML, name to link to)

    def heading(self, text, level, **attributes):
        name = slug(text)
        taken = [other for _, _, other in self.headings]
        if name in taken:
            name = f"{name}-{len(taken)}"
        self.headings.append((level, text, name))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        return super().link(text, url.replace("../../GLOSSARY.md", "../glossary.html"), title)

    def block_code(self, code, info=None):
        code = python(code) if info == "python" else html.escape(code)
        return f'<pre class="scrolls"><code>{code}</code></pre>\n'

    def table(self, text):
        return f'<div class="scrolls"><table>\n{text}</table></div>\n'

    def inline_math(self, text):
        return mathml(text)

    def block_math(self, text):
        return f'<div class="formula scrolls">{mathml(text, "block")}</div>\n'


def renderer():
    """A function from Markdown to HTML, and the list of headings that it fills."""
    prose = Prose()
    return mistune.create_markdown(renderer=prose, plugins=["math", "table", "strikethrough", "url"]), prose.headings


def slug(text):
    """A heading as the name of a place in the page.

    >>> slug("Exercise: <code>mix_pixel</code> by loops")
    'exercise-mix_pixel-by-loops'
    """
    words = re.findall(r"\w+", re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", text).lower())
    return "-".join(words) or "section"
