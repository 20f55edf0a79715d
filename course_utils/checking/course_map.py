"""Progress as a map of the course: a box a lesson with its title, how far you are, what is next, and a link to it."""

import html
import os
from dataclasses import dataclass
from pathlib import Path

from course_utils.base import paths
from course_utils.checking import history, render
from course_utils.checking.outcome import CORRECT
from course_utils.exercises import catalogue, titles

BOX = "border:1px solid;border-radius:4px;padding:.5em .7em;margin:0;line-height:1.35;list-style:none"
GRID = "display:grid;grid-template-columns:repeat(auto-fill,minmax(13em,1fr));gap:.6em;padding:0;margin:.6em 0"
BAR = "height:.4em;margin:.4em 0 .2em;border:1px solid;border-radius:.2em"


@dataclass(frozen=True)
class Lesson:
    """One box of the map."""

    name: str
    title: str
    rows: tuple  # of `history.rows`
    begun: bool
    link: str  # to its notebook from the folder at work, or "" where it is not here

    @property
    def number(self) -> str:
        return paths.number(self.name)

    @property
    def to_do(self) -> list[str]:
        """The exercises that are not done yet."""
        return [row[1] for row in self.rows if row[2] != history.SIGNS[CORRECT]]

    @property
    def mark(self) -> str:
        return "✓" if not self.to_do else "●" if self.begun else "○"

    @property
    def said(self) -> str:
        """How far it is, in words.

        >>> rows = ("02_by_hand", "conv1x1_one", "✓ done"), ("02_by_hand", "conv1x1_loops", "○ open")
        >>> Lesson("02_by_hand", "The 1×1 convolution by hand", rows, True, "").said
        '1 of 2 done'
        """
        return f"{len(self.rows) - len(self.to_do)} of {len(self.rows)} done"


def lessons() -> list[Lesson]:
    """Every lesson of this copy of the course, in order."""
    rows, touched = history.all_rows(), {event["exercise"] for event in history.events()}
    found = []
    for name, title in titles().items():
        mine = tuple(row for row in rows if row[0] == name)
        found.append(Lesson(name, title or name, mine, any(row[1] in touched for row in mine), _link(name)))
    return found


def _link(name):
    """The way from the folder at work, which is a notebook's own, to the notebook of a lesson."""
    for path in (Path(f"{name}.ipynb"), paths.notebooks() / name / f"{name}.ipynb"):
        if path.is_file():
            return Path(os.path.relpath(path)).as_posix()
    return ""


def next_of(found: list[Lesson]) -> Lesson | None:
    """The lesson to go on with: the one last worked in, or the next one in which something is left."""
    events = [event["exercise"] for event in history.events() if event["exercise"] in catalogue()]
    last = catalogue()[events[-1]].lesson if events else ""
    left = [lesson for lesson in found if lesson.to_do]
    return next((lesson for lesson in left if lesson.name >= last), left[0] if left else None)


def as_text(found: list[Lesson]) -> str:
    """The map for a terminal or a screen reader: a line a lesson."""
    ahead, width = next_of(found), max(len(lesson.title) for lesson in found)
    marks = {lesson.name: "   ← next" if lesson is ahead else "" for lesson in found}
    lines = [
        f"{lesson.mark} {lesson.number} {lesson.title.ljust(width)}  {lesson.said}{marks[lesson.name]}"
        for lesson in found
    ]
    return "\n".join([_headline(found, ahead), *lines, *([f"Open it: {ahead.link}"] if ahead and ahead.link else [])])


def _headline(found, ahead):
    rows = sum(len(lesson.rows) for lesson in found)
    done = rows - sum(len(lesson.to_do) for lesson in found)
    next_ = f" Next: {ahead.to_do[0]}, in lesson {ahead.number}." if ahead else " Nothing is left to do."
    return f"Your progress: {done} of {rows} done.{next_}"


def as_html(found: list[Lesson]) -> str:
    """The map for a notebook, and below it the exercises of each lesson that was begun."""
    ahead = next_of(found)
    boxes = "".join(_box(lesson, lesson is ahead) for lesson in found)
    tables = "".join(_table(lesson, lesson is ahead) for lesson in found if lesson.begun or lesson is ahead)
    return (
        f'<div role="region" aria-label="Map of the course"><strong>{html.escape(_headline(found, ahead))}</strong>'
        f'<ol style="{GRID}">{boxes}</ol>{tables}</div>'
    )


def _box(one, is_next):
    """A lesson; what says how far it is does not rely on colour."""
    title = f"{one.number} {html.escape(one.title)}"
    title = f'<a href="{html.escape(one.link)}">{title}</a>' if one.link else title
    width = 100 * (len(one.rows) - len(one.to_do)) / max(len(one.rows), 1)
    part = f'<div style="width:{width:.0f}%;height:100%;background:currentColor"></div>'
    bar = f'<div aria-hidden="true" style="{BAR}">{part}</div>'
    frame = f"{BOX};outline:2px solid" if is_next else BOX
    ahead = f"<div><strong>Next:</strong> <code>{html.escape(one.to_do[0])}</code></div>" if is_next else ""
    return f'<li style="{frame}">{title}{bar}<div>{one.mark} {one.said}</div>{ahead}</li>'


def _table(one, is_open):
    header, rows = history.HEADER[1:], [row[1:] for row in one.rows]
    table = render.table(header, rows, caption=f"Lesson {one.number}: {one.said}")
    summary = f"<summary>Exercises of lesson {one.number}</summary>"
    return f"<details{' open' if is_open else ''}>{summary}{table}</details>"
