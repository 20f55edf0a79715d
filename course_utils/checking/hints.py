"""Hints as a reader sees them: sentences with `code` and *emphasis*, pseudo-code as lines of code."""

import html
import re
from collections.abc import Sequence

from course_utils.checking.render import marked

CODE = "white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;margin:.3em 0;font-family:monospace"
IS_CODE = re.compile(r"[;=(]")  # some exercises say the third hint, pseudo-code, in words


def as_text(hints: Sequence[str], seen: int) -> str:
    """The next hint for a terminal; once all were `seen`, all with their numbers.

    >>> as_text(["Which axis?", "The last one.", "return x[-1]"], 1)
    'The last one.'
    """
    return hints[seen] if seen < len(hints) else "\n".join(f"{i}. {text}" for i, text in enumerate(hints, 1))


def as_html(hints: Sequence[str], seen: int) -> str:
    """The same for a notebook.

    >>> as_html(["Say both `axes` aloud, letter by letter.", "The last one.", "return x[-1]"], 0)
    '<div>Say both <code>axes</code> aloud, letter by letter.</div>'
    """
    *words, code = hints
    shown = [*map(marked, words), f'<pre style="{CODE}">{_lines(code)}</pre>' if IS_CODE.search(code) else marked(code)]
    if seen < len(shown):
        return f"<div>{shown[seen]}</div>"
    return f'<ol style="margin:.2em 0">{"".join(f"<li>{text}</li>" for text in shown)}</ol>'


def _lines(code):
    """Pseudo-code, one statement a line; two blanks stand for the end of one.

    >>> _lines("total = b;  for c in range(3): total += w[c];  return total").splitlines()[1]
    'for c in range(3): total += w[c]'
    """
    return html.escape("\n".join(re.split(r"(?:;|(?<=,)) {2,}", code)), quote=False)
