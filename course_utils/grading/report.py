"""The class on one page: how the marks lie, which exercises are hard, and what the class misunderstands."""

import html
import os
from collections import Counter, defaultdict

from course_utils.checking.render import marked
from course_utils.exercises.codes import CODES
from course_utils.grading import sheet

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }}
caption {{ text-align: left; font-weight: bold; padding: .3rem 0 }}
th, td {{ text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #bbb }}
td.bar {{ width: 35% }}
.bar div {{ background: #0072b2; height: 1em; min-width: 1px; print-color-adjust: exact }}
@media print {{ body {{ margin: 0; font-size: 11pt }} tr {{ break-inside: avoid }} }}
</style></head>
<body><main><h1>{title}</h1><p>{summary}</p>
{tables}
</main></body></html>
"""


def save(room, results):
    """Write the page, and beside it one CSV row for each student and exercise."""
    path = room.report("html")
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    half.write_text(page(room.lesson, results), encoding="utf-8")
    os.replace(half, path)
    rows = [
        (one.student, each.exercise, f"{each.marks:g}", f"{each.points:g}", each.outcome, each.code or "", each.message)
        for one in results
        for each in one.findings
    ]
    header = ("student", "exercise", "marks", "points", "outcome", "misconception", "message")
    sheet.write(room.report("csv"), header, [list(map(sheet.harmless, row)) for row in rows])


def page(lesson, results):
    """The report as one HTML page that needs nothing else."""
    with_marks = [one for one in results if one.findings]
    noted = [(one.student, note) for one in results for note in one.notes]
    tables = [
        _table("Marks", ("share of the points", "students", ""), _distribution(with_marks)),
        _table("Exercises, in the order of the lesson", ("exercise", "right", "", "not tried"), _exercises(with_marks)),
        _table("What the class misunderstands", ("exercise", "misconception", "students", "what they were told"),
               misconceptions(with_marks)),
        _table("For you to look at", ("student", "why"), noted),
    ]  # fmt: skip
    return PAGE.format(
        title=html.escape(f"The class in lesson {lesson}"), summary=_summary(with_marks), tables="\n".join(tables)
    )


def misconceptions(results):
    """`(exercise, misconception, students, message)`, the most frequent first."""
    counted = Counter((each.exercise, each.code, each.message) for one in results for each in one.findings if each.code)
    return [
        (exercise, f"{code}: {CODES.get(code, '')}", number, message.removeprefix(f"{exercise}: "))
        for (exercise, code, message), number in counted.most_common()
    ]


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


def _distribution(results):
    """Students by tenths of the points."""
    tenths = Counter(min(int(10 * max(one.marks, 0) / (one.points or 1)), 9) for one in results)
    most = max(tenths.values(), default=1)
    return [(f"{10 * i} to {10 * i + 10} %", tenths[i], _bar(tenths[i] / most)) for i in range(10)]


def _exercises(results):
    outcomes = defaultdict(list)
    for one in results:
        for each in one.findings:
            outcomes[each.exercise].append(each)
    for exercise, found in outcomes.items():
        right = sum(each.marks == each.points for each in found)
        untried = sum(each.outcome == "not attempted" for each in found)
        yield exercise, f"{right} of {len(found)}", _bar(right / len(found)), untried


def _bar(share):
    """A bar for the eye; the number beside it says the same."""
    return Bar(f'<div aria-hidden="true" style="width:{100 * share:.0f}%"></div>')


class Bar(str):
    """Text that is HTML already."""


def _table(caption, header, rows):
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
    return f"<td>{marked(str(value))}</td>"
