"""Fill marks into the file that an LMS gave out: a Canvas gradebook, or a Moodle assignment's grading worksheet."""

import re
from dataclasses import dataclass

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking.outcome import UNCHECKED
from course_utils.grading.marks.hidden import openly
from course_utils.grading.people import columns, spreadsheet
from course_utils.grading.people.roster import folded

CANVAS_IDS = ("SIS Login ID", "SIS User ID", "ID", "Integration ID")
OURS = re.compile(r"\w+ \([\d.]+ of [\d.]+\): |All is right\.|[\d.]+ marks were taken off")
SEE = "see the page of feedback."
COMMENT_MAX = 1500  # characters of a comment


@dataclass
class Target:
    """Where marks go: the column, whose rows they are, and how many points the LMS gives."""

    sheet: spreadsheet.Spreadsheet
    column: int
    names: int | None  # the column with people's names, of which they may have made anything
    ids: list  # for each kind of identifier {identifier: row numbers}
    points: str  # as the LMS writes them, or "" where it does not say
    first: int = 1  # row of the first student
    closed: int | None = None  # the column that says whether marks can be changed
    comments: int | None = None  # the column for a sentence to each student


def canvas(path, lesson, title=None):
    """Where the marks of a lesson go in a Canvas gradebook. `title` names the assignment where the lesson does not.

    Above the students stand rows of Canvas's own, without an ID; the one with numbers has the points to be had.
    """
    sheet = spreadsheet.read(path)
    ids = sheet.column("ID")
    if ids is None or not any(re.search(r"\(\d+\)$", name) for name in sheet.header):
        raise CourseError(f"{path} has no column ID, or no assignments: it is no gradebook that Canvas exported.")
    column = _assignment(sheet, lesson, title)
    above = [row for row in sheet.rows[1:5] if not row[ids].strip()]
    possible = next((row for row in above if any(spreadsheet.number(cell) is not None for cell in row)), None)
    if possible is None:
        raise CourseError(f"{path} has no row Points Possible. Export the gradebook from Canvas again.")
    if spreadsheet.number(possible[column]) is None:
        raise CourseError(f"{path}: Canvas computes '{sheet.header[column]}' itself. Name an assignment of yours.")
    first = sheet.rows.index(possible) + 1
    places = [sheet.column(name) for name in CANVAS_IDS if sheet.column(name) is not None]
    names = sheet.column("Student")
    names = 0 if names is None and ids != 0 else names
    known = [_rows_by(sheet, place, first) for place in places]
    return Target(sheet, column, names, [*known, *_by_name(sheet, names, first)], possible[column], first)


def moodle(path, lesson, title=None):
    """Where marks go in a Moodle grading worksheet, in whatever language; `title` names another column of marks."""
    sheet = spreadsheet.read(path)
    place = columns.places(sheet)
    column = sheet.column(title) if title else place.get("grade")
    if column is None:
        wanted = f"a column called '{title}'" if title else "a column of marks beside one of maximum points"
        raise CourseError(
            f"{path} has not {wanted}. Its columns: {', '.join(sheet.header)}. Name the right one with --column; in "
            "Moodle: the assignment, View all submissions, Download grading worksheet."
        )
    by = {what: _rows_by(sheet, place[what], 1) for what in ("login", "mail", "id") if what in place}
    local = {key.partition("@")[0]: rows for key, rows in by.get("mail", {}).items()}
    numbers = {re.sub(r"^\D+", "", key): rows for key, rows in by.get("id", {}).items()}  # of "Participant 123"
    points = sheet.rows[1][place["maximum"]] if "maximum" in place else ""
    ids = [*by.values(), local, numbers, *_by_name(sheet, place.get("name"), 1)]
    return Target(sheet, column, place.get("name"), ids, points, 1, place.get("open"), place.get("comments"))


def fill(target, results, scale=False, skip_unmatched=False):
    """Write the marks into the rows of their students; return how many, and what a person should know.

    Raises `CourseError`, and has written nothing, where a student is not in the file or the points do not agree.
    """
    graded = [result for result in results if result.findings and result.graded]
    factor = _factor(target, graded, scale)
    rows = {one.student: _row_of(target, one.student) for one in graded}
    missing = [name for name, row in rows.items() if row is None]
    if missing and not skip_unmatched:
        raise CourseError(
            f"{target.sheet.path.name} has no row, or several, for {', '.join(missing)}. Nothing was written. "
            "`course rename` gives them the ID, login or e-mail that the LMS has; `course drop` takes out who left the "
            "class; --skip-unmatched leaves them out of this file."
        )
    _refuse_shared_rows(rows)
    notes = [f"{name}: not in the file, left out" for name in missing]
    notes += [
        f"{result.student}: {result.notes[0] if result.notes else 'no marks'}, row left as it was"
        for result in results
        if result not in graded
    ]
    for one in graded:
        left = ", ".join(each.exercise for each in one.findings if each.outcome == UNCHECKED)
        notes += [f"{one.student}: these marks are without {left}, which somebody has to mark by hand"] if left else []
    closed, written = target.closed, 0
    for one in graded:
        row = rows[one.student]
        if row is not None and closed is not None and row[closed].strip().casefold() in columns.NO:
            notes.append(f"{one.student}: the LMS does not let these marks be changed, row left as it was")
        elif row is not None:
            row[target.column] = spreadsheet.like(one.marks * factor, target.points)
            if target.comments is not None and _is_ours(row[target.comments]):
                row[target.comments] = spreadsheet.harmless(comment(one))
            written += 1
    for row in target.sheet.rows[1:] if target.names is not None else []:
        row[target.names] = spreadsheet.harmless(row[target.names])
    return written, notes


def comment(result):
    """What a student gets to read beside the marks: a sentence for each exercise that is not right yet.

    >>> from course_utils.grading.marks.results import Finding, Result
    >>> comment(Result("ada", [Finding("g", 0.0, 1.0, "wrong", "AVG", "g: You divide.")]))
    'g (0 of 1): You divide.'
    """
    said = [
        f"{each.exercise} ({each.marks:g} of {each.points:g}): "
        f"{openly(each.exercise, each.message, each.trace).removeprefix(f'{each.exercise}: ') or SEE}"
        for each in result.findings
        if each.marks < each.points and each.outcome != UNCHECKED
    ]
    said += [f"{result.penalty:g} marks were taken off, as it was late."] if result.penalty else []
    text = " ".join(" ".join(line.split()) for line in said) or "All is right."
    return text if len(text) <= COMMENT_MAX else f"{text[:COMMENT_MAX]} …"


def _is_ours(text):
    """Whether a comment is empty or was written here: what a person wrote stays."""
    return not text.strip(" -'") or bool(OURS.match(text.lstrip("'")))


def _assignment(sheet, lesson, title):
    """The column of the assignment; only an existing one, with the number that Canvas gave it."""
    titles = {name: i for i, name in enumerate(sheet.header) if re.search(r"\(\d+\)$", name)}
    number, _, slug = lesson.partition("_")
    words = slug.replace("_", " ")
    if title:
        found = [i for name, i in titles.items() if title in (name, re.sub(r"\s*\(\d+\)$", "", name))]
    else:
        known = re.compile(rf"{lesson}|\blesson 0?{paths.bare(number)}\b|\b{words}\b", re.IGNORECASE)
        found = [i for name, i in titles.items() if known.search(name)]
    if len(found) == 1:
        return found[0]
    wanted = f"called '{title}'" if title else f"of lesson {lesson}"
    known = "; ".join(titles) or "none"
    raise CourseError(
        f"{sheet.path.name}: {len(found) or 'no'} assignment{'s' * (len(found) != 1)} {wanted}. Canvas would make a "
        f"new one of an unknown title. Assignments in the file: {known}. Name one with --column, or make it in Canvas "
        "and export again."
    )


def _rows_by(sheet, column, first):
    """`{identifier: rows}` of one column, in small letters."""
    found = {}
    for row in sheet.rows[first:]:
        if key := folded(row[column]):
            found.setdefault(key, []).append(row)
    return found


def _by_name(sheet, column, first):
    """`[{name: rows}]` of the people in a file, "Ada Lovelace" also where it says "Lovelace, Ada"."""
    found = _rows_by(sheet, column, first) if column is not None else {}
    turned = {}
    for name, rows in found.items():
        last, comma, rest = name.partition(",")
        turned.setdefault(f"{rest.strip()} {last.strip()}" if comma else name, []).extend(rows)
    return [found, turned]


def _row_of(target, student):
    """The row of a student by the first kind of identifier that knows the name of their folder, or None."""
    for known in target.ids:
        rows = known.get(folded(student), [])
        if rows:
            return rows[0] if len(rows) == 1 else None
    number = re.search(r" (\d+)$", student)  # of a name that two people have
    return _row_of(target, number[1]) if number else None


def _refuse_shared_rows(rows):
    """Two folders of one person: whose marks count is not for us to say."""
    owners = {}
    for name, row in rows.items():
        owners.setdefault(id(row), []).append(name) if row is not None else None
    shared = [names for names in owners.values() if len(names) > 1]
    if shared:
        names = " and ".join(shared[0])
        raise CourseError(f"{names} are one person in the LMS. Remove one of the folders and grade again.")


def _factor(target, graded, scale):
    """What marks are multiplied with: 1, unless the teacher wants them scaled to the points of the LMS."""
    points = max((result.points for result in graded), default=0)
    possible = spreadsheet.number(target.points)
    if not graded:
        raise CourseError("nobody has marks yet. Run `course grade` first.")
    if possible is None or possible == points:
        return 1
    if scale:
        return possible / points
    raise CourseError(
        f"the lesson has {points:g} points, {target.sheet.path.name} says {possible:g}. Set the assignment to "
        f"{points:g} points in the LMS and download again, or have the marks scaled with --scale."
    )
