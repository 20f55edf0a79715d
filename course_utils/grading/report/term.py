"""The class over a term: students by lessons, and misconceptions that come back."""

import os
import statistics
from collections import defaultdict

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.exercises.codes import CODES
from course_utils.grading.people import roster
from course_utils.grading.report import page, sheet

SHADES = ((0.85, "●"), (0.5, "◐"), (0.0, "○"))  # a share of the points, and a sign that needs no colour
SERIES = ("lesson", "with marks", "share of points", "")
LEGEND = "● most of the points, ◐ half of them or more, ○ less, – not handed in"
RETURNING = ("misconception", "lessons", "students by lesson", "who shows it in several")


def make_term(root=paths.ROOT):
    """Write the page for a term from `grades.csv`, and say where it is.

    >>> make_term()      # doctest: +SKIP
    Term: grading/reports/term.html (60 students, 5 lessons)
    """
    folder = root / "grading"
    rows = sheet.load(folder / "grades.csv")
    if not rows:
        raise CourseError("nobody has marks yet. Run `course grade` for a lesson first.")
    path = folder / "reports" / "term.html"
    files.write(path, term_page(rows, roster.of_class(folder)))
    students, lessons = {row["student"] for row in rows}, {row["lesson"] for row in rows}
    print(f"Term: {os.path.relpath(path)} ({len(students)} students, {len(lessons)} lessons)")


def term_page(rows, people):
    """The page as HTML: marks of everybody by lesson, what comes back, and how the class did from lesson to lesson."""
    lessons = sorted({row["lesson"] for row in rows})
    marks = {(row["student"], row["lesson"]): row for row in rows}
    students = sorted({row["student"] for row in rows}, key=lambda name: (people.person(name).section, name))
    header = ("student", "section", *(paths.number(lesson) for lesson in lessons), "of all")
    table = []
    for name in students:
        cells = [_cell(marks.get((name, lesson))) for lesson in lessons]
        table.append((name, people.person(name).section, *cells, _all(name, rows)))
    parts = [
        page.table(f"Students by lessons: {LEGEND}", header, table),
        page.table("Misconceptions that come back", RETURNING, list(coming_back(rows))),
        page.table("From lesson to lesson", SERIES, list(_series(rows, lessons))),
    ]
    summary = f"{len(students)} students, {len(lessons)} lessons. Who has not handed in counts in no mean."
    return page.whole("The class over the term", summary, parts)


def coming_back(rows):
    """`(misconception, lessons, students by lesson, names)` of those that show in more than one lesson, most first."""
    where, who = defaultdict(lambda: defaultdict(set)), defaultdict(lambda: defaultdict(set))
    for row in rows:
        for entry in filter(None, row["misconceptions"].split(", ")):
            code = entry.split(" ")[0]
            where[code][row["lesson"]].add(row["student"])
            who[code][row["student"]].add(row["lesson"])
    several = [code for code in where if len(where[code]) > 1]
    for code in sorted(several, key=lambda code: (-len(where[code]), -sum(map(len, where[code].values())), code)):
        counts = ", ".join(f"{paths.number(lesson)}: {len(names)}" for lesson, names in sorted(where[code].items()))
        again = sorted(name for name, lessons in who[code].items() if len(lessons) > 1)
        yield f"{code}: {CODES.get(code, '')}", len(where[code]), counts, ", ".join(again)


def _share(row):
    return float(row["marks"]) / float(row["points"]) if row and row["marks"] and float(row["points"] or 0) else None


def _cell(row):
    share = _share(row)
    if share is None:
        return "–"
    return f"{next(sign for least, sign in SHADES if max(share, 0) >= least)} {row['marks']}"


def _all(name, rows):
    own = [share for row in rows if row["student"] == name and (share := _share(row)) is not None]
    return f"{100 * statistics.fmean(own):.0f} %" if own else "–"


def _series(rows, lessons):
    for lesson in lessons:
        shares = [share for row in rows if row["lesson"] == lesson and (share := _share(row)) is not None]
        mean = statistics.fmean(shares) if shares else 0.0
        yield lesson, len(shares), f"{mean:.2f}", page.bar(mean)
