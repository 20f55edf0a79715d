"""The marks of a class, as a table to read and as grades.csv for a spreadsheet or an LMS."""

import csv
import io

from course_utils.base import files
from course_utils.grading.marks.recorded import NOT_HANDED_IN
from course_utils.grading.people.spreadsheet import harmless, on_screen

HEADER = ("student", "lesson", "marks", "points", "misconceptions", "note")


def table(results):
    """Students, marks and misconceptions in columns; each note has a line of its own."""
    rows = [("student", "marks", "misconceptions")]
    rows += [(on_screen(result.student), score(result), result.misconceptions) for result in results]
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    lines = []
    for row, notes in zip(rows, [[], *(result.notes for result in results)], strict=True):
        lines.append(f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]}".rstrip())
        lines += [f"{'':{widths[0]}}  ! {on_screen(note)}" for note in notes]
    return "\n".join(lines)


def score(result):
    """Marks of points, as text."""
    return f"{result.marks:g} of {result.points:g}" if result.findings else "no marks"


def save(path, lesson, results):
    """Write the results into grades.csv; the rows of other lessons, and of students not graded now, stay."""
    old = [row for row in load(path) if (row["lesson"], row["note"]) != (lesson, NOT_HANDED_IN)]  # they may have, since
    rows = {(row["lesson"], row["student"]): row for row in old}
    for result in results:
        marks = (f"{result.marks:g}", f"{result.points:g}") if result.findings else ("", "")
        values = (result.student, lesson, *marks, result.misconceptions, "; ".join(result.notes))
        row = dict(zip(HEADER, map(harmless, values), strict=True))
        rows[row["lesson"], row["student"]] = row
    write(path, HEADER, [[row[name] for name in HEADER] for _, row in sorted(rows.items())])


def load(path):
    """The rows of a file of marks; none if there is no such file yet."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [{name: row.get(name) or "" for name in HEADER} for row in csv.DictReader(file)]


def write(path, header, rows):
    """Write a CSV file whole or not at all, so that spreadsheets read its letters right."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    files.write(path, text.getvalue().encode("utf-8-sig"))
