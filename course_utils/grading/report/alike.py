"""The page about submissions whose code is alike, side by side; it proves nothing, and says so."""

import html
import os
from pathlib import Path

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.prepare import intake
from course_utils.grading.report import similar
from course_utils.grading.report.page import PAGE

CAUTION = """<p><b>Likeness proves nothing.</b> Two people may have learnt from the same book, worked at one table with
your leave, or simply written what most would. Names, comments and layout do not matter here; what the lesson gave out
and what many in the class share does not count; exercises with a few lines are left out. Read both texts, and talk to
both people, before you think anything.</p>"""
STYLE = """<style>.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem } .pair pre { overflow-x: auto;
border: 1px solid #bbb; padding: .5rem; font-size: 13px; white-space: pre-wrap }
mark { background: #ffe8a3; color: inherit }
@media (max-width: 40rem) { .pair { grid-template-columns: 1fr } }</style>"""
THE_SOLUTION = "the public solution"
PAIRS_MAX = 40  # on a page; a person reads them


def compare(lesson, others=None, root=paths.ROOT):
    """Compare the code of a class on a lesson, write the page about pairs that stand out, and say where it is.

    >>> compare("02", others="last_year/submitted")      # doctest: +SKIP
    2 pairs stand out: grading/reports/02_by_hand_similar.html

    `others` is a folder with work of another year, compared with this class's; so is the lesson's public solution.
    Nothing leaves this computer.
    """
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading")
    own, unread = room.read(), []
    released = own.released
    writings = [similar.writing(THE_SOLUTION, own.reference, released, from_elsewhere=True)]
    for student in room.students():
        try:
            nb, _ = intake.read(room.submission(student), room.lesson, released)
            writings.append(similar.writing(student, nb, released))
        except intake.Unreadable as error:
            unread.append(f"{student}: {error}")
    writings += list(_elsewhere(others, room, released)) if others else []
    found = similar.pairs(writings, released)
    path = room.folder / "reports" / f"{room.lesson}_similar.html"
    files.write(path, page(room.lesson, found, len(writings)))
    print("\n".join([*unread, f"{len(found)} pairs stand out: {os.path.relpath(path)}"]))
    print("Likeness proves nothing: read both texts, and talk to both people.")


def page(lesson, found, count):
    """The page as HTML that needs nothing else."""
    rows = "".join(
        f'<tr><td><a href="#pair-{i}">{html.escape(pair.one.name)} and {html.escape(pair.other.name)}</a></td>'
        f"<td>{100 * pair.share:.0f} %</td><td>{html.escape(_exercises(pair))}</td></tr>"
        for i, pair in enumerate(found[:PAIRS_MAX], 1)
    )
    head = '<tr><th scope="col">who</th><th scope="col">all they wrote</th><th scope="col">alone stand out</th></tr>'
    more = f"<p>{len(found) - PAIRS_MAX} more pairs are not shown.</p>" if len(found) > PAIRS_MAX else ""
    caption = "<caption>Pairs, the most alike first: the share of their rare code that both have</caption>"
    table = f"<table>{caption}<thead>{head}</thead><tbody>{rows}</tbody></table>{more}" if found else ""
    sides = "".join(_side_by_side(i, pair) for i, pair in enumerate(found[:PAIRS_MAX], 1))
    summary = f"{len(found)} pairs stand out, of {count} texts that were compared."
    title = html.escape(f"Code that is alike in lesson {lesson}")
    return PAGE.format(title=title, summary=summary, parts="\n".join([CAUTION, STYLE, table, sides]))


def _elsewhere(folder, room, released):
    """The work in a folder of another year, however it is sorted."""
    folder = Path(folder)
    if not folder.is_dir():
        raise CourseError(f"--with takes a folder of submissions; {folder} is none.")
    for path in sorted(folder.rglob("*")):
        if intake.NOTEBOOK.search(path.name) and not any(map(intake.NOT_WORK.match, path.relative_to(folder).parts)):
            try:
                nb = intake.parse(path)
            except intake.Unreadable:
                continue
            if intake.answered(nb, released):
                yield similar.writing(f"{folder.name}/{path.relative_to(folder).parent}", nb, released, True)


def _exercises(pair):
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in pair.exercises)


def _side_by_side(number, pair):
    """Both texts of each exercise that stands out, or of all that was written; what both have is marked."""
    names = [name for name, _ in pair.exercises] or [""]
    parts = [f'<h2 id="pair-{number}">{html.escape(pair.one.name)} and {html.escape(pair.other.name)}</h2>']
    for name in names:
        slices = pair.places[name] or ((), ())
        texts = [_marked(who.texts[name], where) for who, where in zip((pair.one, pair.other), slices, strict=True)]
        boxes = "".join(
            f'<pre tabindex="0" aria-label="{html.escape(who.name)}">{text}</pre>'
            for who, text in zip((pair.one, pair.other), texts, strict=True)
        )
        parts.append(f'<h3>{html.escape(name or "All that they wrote")}</h3><div class="pair">{boxes}</div>')
    return "".join(parts)


def _marked(text, slices):
    """A text with the given places marked."""
    done, at = [], 0
    for start, end in sorted(zip(*slices, strict=True)) if len(slices) else []:
        start, end = max(int(start), at), int(end)
        if end > start:
            done.append(f"{html.escape(text[at:start])}<mark>{html.escape(text[start:end])}</mark>")
            at = end
    return "".join(done) + html.escape(text[at:])
