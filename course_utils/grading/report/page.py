"""The class on one page: how the marks lie, which exercises are hard, and what the class misunderstands."""

import html
import random
import re
from collections import Counter
from dataclasses import replace

from course_utils.base import files
from course_utils.checking.render import marked
from course_utils.grading.people.spreadsheet import harmless, readable
from course_utils.grading.report import groups, items, sheet

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }}
caption {{ text-align: left; font-weight: bold; padding: .3rem 0 }}
th, td {{ text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #bbb;
  overflow-wrap: break-word }}
td.bar {{ width: 25% }}
.bar div {{ background: #0072b2; height: 1em; min-width: 1px; print-color-adjust: exact }}
svg {{ display: block; max-width: 44rem; print-color-adjust: exact }} svg text {{ font: 13px system-ui, sans-serif }}
@media print {{ body {{ margin: 0; font-size: 11pt }} tr, svg {{ break-inside: avoid }} }}
</style></head>
<body><main><h1>{title}</h1><p>{summary}</p>
{parts}
</main></body></html>
"""
EXPLAINED = """<p><b>Share of points</b> is how hard an exercise was: 1 if everybody has it right, 0 if nobody has.
<b>Discrimination</b> is the correlation between the marks of an exercise and those of all the others. Near 0, it tells
you nothing about who knows the rest; below 0, those who know the rest do worse, so look at it. In a class of less than
20 it is mostly chance.</p>"""
SAMPLE_MAX = 4000  # characters of a text that a person reads
CSV_HEADER = ("student", "exercise", "marks", "points", "outcome", "misconception", "message")


def save(room, results, anonymous=False, folder=None):
    """Write the page, and beside it one CSV row for each student and exercise; return the path of the page."""
    results = without_names(results) if anonymous else results
    path = (folder or room.report("html").parent) / room.report("html").name
    files.write(path, page(room.lesson, results))
    rows = [
        (one.student, each.exercise, f"{each.marks:g}", f"{each.points:g}", each.outcome, each.code or "", each.message)
        for one in results
        for each in one.findings
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
    with_marks = [one for one in results if one.findings]
    noted = [(one.student, note) for one in results for note in one.notes]
    measured = list(_measured(with_marks))
    parts = [
        _histogram(with_marks) if with_marks else "",
        table(
            "Exercises, in the order of the lesson",
            ("exercise", "right", "", "not tried", "share of points", "discrimination"),
            measured,
        ),
        EXPLAINED if measured else "",
        table("What the class believes", ("misconception", "students", "", "in"), _believed(with_marks)),
        table(
            "Exercise by exercise",
            ("exercise", "misconception", "students", "what they were told"),
            items.misconceptions(with_marks),
        ),
        _unknown(with_marks),
        table("For you to look at", ("student", "why"), noted),
    ]
    title = html.escape(f"The class in lesson {lesson}")
    return PAGE.format(title=title, summary=_summary(with_marks), parts="\n".join(parts))


def _summary(results):
    marks = sorted(one.marks for one in results)
    if not marks:
        return "Nobody has marks yet."
    low, high = marks[(len(marks) - 1) // 2], marks[len(marks) // 2]
    points = max(one.points for one in results)
    return (
        f"{len(marks)} students. Of {points:g} points they have {sum(marks) / len(marks):.1f} on average; the median "
        f"is {(low + high) / 2:g}, the lowest {marks[0]:g}, the highest {marks[-1]:g}."
    )


def _histogram(results):
    """Students by tenths of the points, as a picture with its numbers in words."""
    tenths = Counter(min(int(10 * max(one.marks, 0) / (one.points or 1)), 9) for one in results)
    most = max(tenths.values())
    said = ", ".join(f"{tenths[i]} with {10 * i} to {10 * i + 10} %" for i in range(10) if tenths[i])
    bars = []
    for i in range(10):
        height, x = 120 * tenths[i] / most, 60 * i
        bars.append(f'<rect x="{x + 6}" y="{150 - height:.1f}" width="48" height="{height:.1f}" fill="#0072b2"/>')
        for y, label in ((145 - height, tenths[i]), (168, f"{10 * i}–{10 * i + 10}")):
            bars.append(f'<text text-anchor="middle" x="{x + 30}" y="{y:.1f}">{label}</text>')
    return (
        f'<h2>Marks</h2><svg viewBox="0 0 600 195" role="img" aria-label="Students by share of the points: {said}.">'
        f'<path d="M0 150h600" stroke="#1a1a1a"/>{"".join(bars)}'
        '<text text-anchor="middle" x="300" y="190">% of the points; above each bar the number of students</text></svg>'
    )


def _measured(results):
    for one in items.items(results):
        told = "–" if one.discrimination is None else f"{one.discrimination:.2f}".replace("-", "−")
        yield one.exercise, f"{one.right} of {one.students}", bar(one.share), one.untried, f"{one.share:.2f}", told


def _believed(results):
    for code, students, exercises in items.beliefs(results):
        yield code, f"{students} of {len(results)}", bar(students / len(results)), exercises


def _unknown(results):
    """Wrong answers that the catalogue does not know, by what they do, with a text of each."""
    found = groups.groups(results)
    rows = [(i, one.exercise, len(one.students), one.shown_by, one.told) for i, one in enumerate(found, 1)]
    header = ("group", "exercise", "students", "smallest input that shows it", "what one was told")
    samples = "".join(
        f"<details><summary>group {i}: {html.escape(one.exercise)}, as one of them wrote it</summary>"
        f"<pre>{html.escape(one.sample[:SAMPLE_MAX])}</pre></details>"
        for i, one in enumerate(found, 1)
        if one.sample
    )
    return table("Wrong, and not in the catalogue: answers that do the same", header, rows) + samples


def bar(share):
    """A bar for the eye; the number beside it says the same."""
    return Bar(f'<div aria-hidden="true" style="width:{100 * max(share, 0):.0f}%"></div>')


class Bar(str):
    """Text that is HTML already."""


def table(caption, header, rows):
    """An HTML table, or a sentence where there is nothing to show."""
    rows = list(rows)
    if not rows:
        return f"<p><b>{html.escape(caption)}:</b> nothing.</p>"
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' if name else "<td></td>" for name in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    top = f"<caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
    return f"<table>{top}<tbody>{body}</tbody></table>"


def _cell(value):
    if isinstance(value, Bar):
        return f'<td class="bar">{value}</td>'
    return f"<td>{marked(readable(str(value)))}</td>"
