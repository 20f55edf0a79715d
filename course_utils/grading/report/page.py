"""The class on one page: how the marks lie, which exercises are hard, and what the class misunderstands."""

import random
import re
import statistics
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import jinja2
from markupsafe import Markup

from course_utils.base import files
from course_utils.checking.render import marked
from course_utils.grading.people.spreadsheet import harmless, readable
from course_utils.grading.report import groups, items, sheet

HERE = Path(__file__).parent
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
TEMPLATES.filters["words"] = lambda value: Markup(marked(readable(str(value))))
TEMPLATES.tests["bar"] = lambda value: isinstance(value, Bar)
SAMPLE_MAX = 4000  # characters of a text that a person reads
MEASURED = ("exercise", "right", "", "not tried", "share of points", "discrimination")
TOLD = ("exercise", "misconception", "students", "what they were told")
UNKNOWN = ("group", "exercise", "students", "smallest input that shows it", "what one was told")
CSV_HEADER = ("student", "exercise", "marks", "points", "outcome", "misconception", "message")


def save(room, results, anonymous=False, folder=None):
    """Write the page, and beside it one CSV row for each student and exercise; return the path of the page."""
    results = without_names(results) if anonymous else results
    path = (folder or room.report("html").parent) / room.report("html").name
    files.write(path, page(room.lesson, results))
    rows = [
        (
            result.student,
            each.exercise,
            f"{each.marks:g}",
            f"{each.points:g}",
            each.outcome,
            each.code or "",
            each.message,
        )
        for result in results
        for each in result.findings
    ]
    sheet.write(path.with_suffix(".csv"), CSV_HEADER, [list(map(harmless, row)) for row in rows])
    return path


def without_names(results):
    """The results under numbers drawn by lot; what a student wrote goes too, for it may hold a name."""
    numbers = random.sample(range(1, len(results) + 1), len(results))
    names = [f"student {number:0{len(str(len(results)))}}" for number in numbers]
    hidden = [
        replace(
            one,
            student=name,
            notes=[_unnamed(note) for note in one.notes],
            findings=[each if each.code else replace(each, message="", answer="") for each in one.findings],
        )
        for one, name in zip(results, names, strict=True)
    ]
    return sorted(hidden, key=lambda one: one.student)


def _unnamed(note):
    """A note without the file names and quotations in it, of which a student may have made anything."""
    kinds = ("handed in as", "handed in beside", "also handed in", "not used", "timestamp.txt",
             "could not be read, so 0 marks", "not graded now", "not graded")  # fmt: skip
    return next((kind for kind in kinds if note.startswith(kind)), re.sub(r"\S+\.ipynb", "…", note))


def page(lesson, results):
    """The report as one HTML page that needs nothing else."""
    with_marks = [result for result in results if result.findings]
    noted = [(result.student, note) for result in results for note in result.notes]
    measured = list(_measured(with_marks))
    tenths = _tenths(with_marks)
    unknown = groups.groups(with_marks)
    return rendered(
        "class.html",
        title=f"The class in lesson {lesson}",
        summary=_summary(with_marks),
        tenths=tenths,
        said=", ".join(f"{many} with {10 * i} to {10 * i + 10} %" for i, many in enumerate(tenths) if many),
        exercises=table("Exercises, in the order of the lesson", MEASURED, measured),
        explained=bool(measured),
        beliefs=table("What the class believes", ("misconception", "students", "", "in"), _believed(with_marks)),
        misconceptions=table("Exercise by exercise", TOLD, items.misconceptions(with_marks)),
        unknown=table("Wrong, and not in the catalogue: answers that do the same", UNKNOWN, _unknown(unknown)),
        groups=[
            {"number": i, "exercise": group.exercise, "sample": group.sample[:SAMPLE_MAX]}
            for i, group in enumerate(unknown, 1)
        ],
        noted=table("For you to look at", ("student", "why"), noted),
    )


def _summary(results):
    marks = sorted(result.marks for result in results)
    if not marks:
        return "Nobody has marks yet."
    points = max(result.points for result in results)
    return (
        f"{len(marks)} students. Of {points:g} points they have {statistics.fmean(marks):.1f} on average; the median "
        f"is {statistics.median(marks):g}, the lowest {marks[0]:g}, the highest {marks[-1]:g}."
    )


def _tenths(results):
    """How many students have each tenth of the points, the lowest first; [] where there are none."""
    counted = Counter(min(int(10 * max(result.marks, 0) / (result.points or 1)), 9) for result in results)
    return [counted[i] for i in range(10)] if results else []


def _measured(results):
    for item in items.items(results):
        told = "–" if item.discrimination is None else f"{item.discrimination:.2f}".replace("-", "−")
        yield (
            item.exercise,
            f"{item.right} of {item.students}",
            bar(item.share),
            item.untried,
            f"{item.share:.2f}",
            told,
        )


def _believed(results):
    for code, students, exercises in items.beliefs(results):
        yield code, f"{students} of {len(results)}", bar(students / len(results)), exercises


def _unknown(found):
    """Wrong answers that the catalogue does not know, by what they do."""
    return [(i, one.exercise, len(one.students), one.shown_by, one.told) for i, one in enumerate(found, 1)]


def bar(share):
    """A bar for the eye, to put into a table; the number beside it says the same."""
    return Bar(Markup('<div aria-hidden="true" style="width:{:.0f}%"></div>').format(100 * max(share, 0)))


class Bar(NamedTuple):
    """A cell of a table that is drawn."""

    html: Markup


def table(caption, header, rows):
    """An HTML table, or a sentence where there is nothing to show.

    >>> table("Marks", ("student", "marks"), [])
    Markup('<p><b>Marks:</b> nothing.</p>')
    """
    return Markup(rendered("table.html", caption=caption, header=header, rows=list(rows)).strip())


def whole(title, summary, parts):
    """A page of tables that needs nothing else."""
    return rendered("page.html", title=title, summary=summary, parts=parts)


def rendered(name, **values):
    """A page, or a part of one, from its template: text is escaped unless it is `Markup`."""
    return TEMPLATES.get_template(name).render(values)
