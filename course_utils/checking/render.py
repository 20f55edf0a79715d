"""Show a verdict: a small panel in a notebook, and the same in plain text for terminals and screen readers."""

import html
import re
import sys
from collections.abc import Iterable, Sequence

from course_utils.base.colours import COLOURS
from course_utils.checking.outcome import CORRECT, CRASHED, NOT_ATTEMPTED, UNCHECKED, WRONG, Verdict

VERDICT_MIME = "application/vnd.course.verdict+json"  # what graders read from the output of a check cell
MARKS = {CORRECT: "✓", NOT_ATTEMPTED: "○", WRONG: "✗", CRASHED: "⚠", UNCHECKED: "–"}
WORDS = {
    CORRECT: "Right",
    NOT_ATTEMPTED: "Not attempted yet",
    WRONG: "Not right yet",
    CRASHED: "Stopped with an error",
    UNCHECKED: "Not checked here",
}
RIGHT, WRONGLY, GREY = (COLOURS[name][0] for name in ("right", "wrong", "faint"))
FRAMES = {CORRECT: RIGHT, NOT_ATTEMPTED: GREY, WRONG: WRONGLY, CRASHED: WRONGLY, UNCHECKED: GREY}
# The cell's error has no words of its own left; where it is an empty box, that is not shown either.
ALONE = (
    "<style>.jp-OutputArea-child:has(>.jp-OutputArea-output[data-mime-type$=stderr]>pre:empty){display:none}</style>"
)
PICTURE_MAX = 12  # rows and columns of the picture of expected and got


def in_notebook() -> bool:
    """Whether the code runs inside IPython, which can show a panel."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def show_bundle(text: str, panel: str, **more: object) -> None:
    """Show HTML where it can be shown and its plain-text twin everywhere else."""
    if in_notebook():
        from IPython.display import display

        display({"text/plain": text, "text/html": panel, **more}, raw=True)
    else:
        print(text)


def plain(verdict: Verdict) -> str:
    """The verdict as lines of text.

    >>> from course_utils.checking.outcome import Verdict
    >>> print(plain(Verdict("mix_pixel", "correct", "mix_pixel: right on all 9 inputs.")))
    ✓ mix_pixel: right on all 9 inputs.
    """
    lines = [f"{MARKS[verdict.outcome]} {verdict.headline}", *(f"  {line}" for line in verdict.details)]
    return "\n".join(lines + _help(verdict, "  Stuck? Run {} in a new cell."))


def panel(verdict: Verdict) -> str:
    """The verdict as a panel of HTML, with a picture of expected and got where both are arrays of one shape."""
    colour = FRAMES[verdict.outcome]
    rows = "".join(f"<div>{marked(line)}</div>" for line in verdict.details)
    helps = "".join(f"<div>{line}</div>" for line in _help(verdict, "Stuck? Run <code>{}</code> in a new cell."))
    return (
        f'<div role="status" style="border-left:4px solid {colour};padding:.4em .8em;margin:.2em 0;line-height:1.5">'
        f"<strong>{MARKS[verdict.outcome]} {WORDS[verdict.outcome]}</strong> &nbsp;{marked(verdict.headline)}"
        f'<div style="opacity:.85">{rows}{_picture(verdict)}{helps}</div></div>{ALONE if _fails(verdict) else ""}'
    )


def _fails(verdict):
    return verdict.outcome not in (CORRECT, UNCHECKED)


def show(verdict: Verdict) -> None:
    """Show a verdict in a notebook, or print it."""
    record = {name: getattr(verdict, name) for name in ("exercise", "outcome", "code")} | {"trace": list(verdict.trace)}
    show_bundle(plain(verdict), panel(verdict), **{VERDICT_MIME: {**record, "message": verdict.message}})


def marked(text: str) -> str:
    """Text of a message as HTML: escaped, with `code` and *emphasis* shown as such.

    >>> marked("weight has one *row* per output: `weight[o, c]`, a < b")
    'weight has one <em>row</em> per output: <code>weight[o, c]</code>, a &lt; b'
    """
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"(?<![\w*])\*(\w[\w ]*)\*(?![\w*])", r"<em>\1</em>", text)


def table(header: Sequence[str], rows: Iterable[Sequence], caption: str) -> str:
    """Rows of text and numbers as an HTML table with a caption.

    >>> table(("lesson", "tries"), [("02_by_hand", 3)], "Progress").count("<tr>")
    2
    """
    head = "".join(f'<th scope="col" style="text-align:left">{html.escape(name)}</th>' for name in header)
    cells = ("".join(f'<td style="text-align:left">{html.escape(str(item))}</td>' for item in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f'<table><caption style="text-align:left">{html.escape(caption)}</caption><tr>{head}</tr>{body}</table>'


def _help(verdict, line):
    from course_utils.exercises import Exercise, find

    is_exercise = isinstance(find(verdict.exercise), Exercise)
    return [line.format(f"hint({verdict.exercise})")] if is_exercise and verdict.outcome in (WRONG, CRASHED) else []


def _picture(verdict):
    """The 2-D slice with the first wrong number, expected and got side by side, or one below the other."""
    found = verdict.difference
    if found is None or found.wrong is None or found.wrong.ndim == 0:
        return ""
    first = tuple(found.wrong.nonzero()[axis][0] for axis in range(found.wrong.ndim))
    lead, names = first[:-2], verdict.axes.split()
    where = ", ".join(f"{name} = {i}" for name, i in zip(names, lead, strict=False))
    rows, columns = names[-2:] if len(names) == found.wrong.ndim > 1 else ("row", "column")
    wrong = _matrix(found.wrong[lead])
    digits = _digits(*(_matrix(numbers[lead])[wrong] for numbers in (found.expected, found.got)))
    tables = "".join(
        '<div style="display:inline-block;padding-right:1.5em;max-width:100%;overflow-x:auto">'
        f"{_table(_matrix(numbers[lead]), wrong, name, digits)}</div>"
        for name, numbers in (("expected", found.expected), ("yours", found.got))
    )
    caption = f"{where + ': ' if where else ''}rows are {rows}, columns are {columns}; wrong numbers are framed"
    return f'<div style="margin:.4em 0">{tables}</div><small>{html.escape(caption)}</small>'


def _matrix(array):
    return array.reshape(1, -1)[:, :PICTURE_MAX] if array.ndim < 2 else array[:PICTURE_MAX, :PICTURE_MAX]


def _digits(expected, got):
    """How many digits it takes, from three on, until no wrong number looks like the right one."""
    pairs = list(zip(expected, got, strict=True))
    return max([3, *(n for n in range(4, 13) if any(f"{a:.{n - 1}g}" == f"{b:.{n - 1}g}" for a, b in pairs))])


def _table(numbers, wrong, name, digits=3):
    """One matrix as a table; the frame of a wrong number does not rely on colour."""
    rows = "".join(
        "<tr>" + "".join(_cell(value, bad, digits) for value, bad in zip(*pair, strict=True)) + "</tr>"
        for pair in zip(numbers, wrong, strict=True)
    )
    return f'<table style="font-size:85%"><caption style="text-align:left">{name}</caption>{rows}</table>'


def _cell(value, bad, digits):
    frame = f"border:2px solid {FRAMES[WRONG]};font-weight:bold" if bad else "border:2px solid transparent"
    return f'<td style="{frame};text-align:right;padding:1px 4px">{value + 0:.{digits}g}</td>'
