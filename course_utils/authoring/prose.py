"""Headings, pictures and links: can everybody read a lesson, and does every link lead somewhere?"""

import ast
import itertools
import re
import textwrap
from urllib.parse import unquote

from course_utils.base import paths
from course_utils.plots import words_of

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*$", re.MULTILINE)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
NAME = re.compile(rf"""\balt=["']({paths.NUMBER}\.\w+)["']""")
IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)


def lesson_problems(cells, folder, where):
    """The problems of a lesson's prose and figures; its links start from `folder`, where learners open it."""
    texts = [_without_code(cell.source) for cell in cells if cell.cell_type == "markdown"]
    problems = _heading_problems([heading for text in texts for heading in HEADING.findall(text)])
    if not cells or cells[0].cell_type != "markdown" or not texts[0].startswith("# "):
        problems.append("the first cell must be the title, a Markdown cell that starts with `# `; put it first.")
    problems += [problem for text in texts for problem in _picture_problems(text) + _link_problems(text, folder)]
    problems += [problem for cell in cells if cell.cell_type == "code" for problem in _figure_problems(cell.source)]
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    problems += _word_problems(paths.number(where), code)
    return [f"{where}: {problem}" for problem in problems]


def document_problems(text, folder, where):
    """The problems of a Markdown file that lies in `folder`."""
    text = _without_code(text)
    return [f"{where}: {problem}" for problem in _picture_problems(text) + _link_problems(text, folder)]


def _heading_problems(headings):
    """One title, and no level left out on the way down: a screen reader walks a page by its headings."""
    titles = [title for marks, title in headings if marks == "#"]
    problems = []
    if len(titles) != 1:
        problems.append(
            f"a lesson has one title (`# …`), this one has {len(titles)}: {titles}; use `## ` for the others."
        )
    for (above, _), (marks, title) in itertools.pairwise(headings):
        if len(marks) > len(above) + 1:
            wanted = "#" * (len(above) + 1)
            problems.append(f"heading {title!r} jumps from level {len(above)} to {len(marks)}; use `{wanted} {title}`.")
    return problems


def _picture_problems(text):
    problems = [
        f"picture {target} has no alternative text; say in its brackets what a person sees there."
        for bang, alt, target in LINK.findall(text)
        if bang and not alt.strip()
    ]
    tags = [tag for tag in IMG.findall(text) if not re.search(r"""\balt=(["'])\s*[^"'\s]""", tag)]
    return problems + [f'{tag} has no alternative text; add alt="what a person sees there".' for tag in tags]


def _link_problems(text, folder):
    problems = []
    for _, _, target in LINK.findall(text):
        path = unquote(target.split("#")[0].split("?")[0])
        if not ELSEWHERE.match(target) and not (folder / path).exists():
            problems.append(f"the link to {target} leads nowhere: no such file; correct it.")
    return problems


def _figure_problems(code):
    """Figures that are shown without a sentence for those who cannot see them."""
    lines = ["pass" if line.startswith(("%", "!")) else line for line in code.split("\n")]
    try:
        calls = [node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.Call)]
    except SyntaxError as error:
        return [f"the code `{code.strip().splitlines()[0]}` cannot be read ({error.msg}); correct it."]
    problems = []
    for call in calls:
        name, shown = ast.unparse(call.func), textwrap.shorten(ast.unparse(call), 60)
        if name in ("plt.show", "fig.show"):
            problems.append(f"`{shown}` shows a figure without words; use `show(fig, alt=…)`.")
        elif name in ("show", "plots.show") and not _says_something(call):
            problems.append(f'`{shown}` needs alt="what a person sees there"; add it.')
    return problems


def _word_problems(lesson, code):
    """Names of descriptions that no file of words holds, and descriptions that no figure of the lesson uses."""
    used = {tuple(name.split(".")) for name in NAME.findall(code)}
    wanted = sorted((number, name) for number, name in used if name not in words_of(number))
    unused = sorted(f"{lesson}.{name}" for name in words_of(lesson) if (lesson, name) not in used)
    problems = [f'alt="{n}.{name}" has no description; write one in plots/words/{n}.toml.' for n, name in wanted]
    return problems + [f"plots/words/{lesson}.toml describes {name}, which no figure shows." for name in unused]


def _says_something(call):
    """Has this call of `show` an `alt` that is more than an empty string?"""
    alt = next((keyword.value for keyword in call.keywords if keyword.arg == "alt"), None)
    return alt is not None and not (isinstance(alt, ast.Constant) and not str(alt.value or "").strip())


def _without_code(text):
    """Markdown with its code taken out: a `#` there is a comment, and brackets are indices."""
    return CODE.sub("", FENCE.sub("", text))
