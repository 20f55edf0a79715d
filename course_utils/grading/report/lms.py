"""Fill marks into the file that an LMS gave out: a Canvas gradebook, or a Moodle assignment's grading worksheet."""

import re
from dataclasses import dataclass

from course_utils.base.errors import CourseError
from course_utils.checking.outcome import UNCHECKED
from course_utils.grading.people import spreadsheet

CANVAS_IDS = ("SIS Login ID", "SIS User ID", "ID", "Integration ID")
MOODLE = {  # headers in the languages of the site: English, German, French, Spanish, Italian, Dutch
    "id": ("Identifier", "ID", "Identifiant", "Identificador", "Identificativo", "Identificatie"),
    "login": ("ID number", "ID-Nummer", "Numéro d'identification", "Número de ID", "Codice identificativo", "ID-nummer",
              "Username", "Anmeldename", "Nom d'utilisateur", "Nombre de usuario", "Gebruikersnaam"),
    "mail": ("Email address", "E-Mail-Adresse", "Adresse de courriel", "Dirección de correo", "Indirizzo email",
             "E-mailadres", "E-mail"),
    "name": ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Nome completo", "Volledige naam"),
    "grade": ("Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Cijfer"),
    "maximum": ("Maximum Grade", "Bestwertung", "Note maximale", "Calificación máxima", "Valutazione massima",
                "Maximumcijfer"),
    "open": ("Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée",
             "La calificación puede ser cambiada", "La valutazione può essere modificata",
             "Cijfer kan gewijzigd worden"),
}  # fmt: skip
NO = ("no", "nein", "non", "nee")


@dataclass
class Target:
    """Where marks go: the column, whose rows they are, and how many points the LMS gives."""

    sheet: spreadsheet.Spreadsheet
    column: int
    names: int | None  # the column with people's names, of which they may have made anything
    ids: list  # for each kind of identifier {identifier: row numbers}
    points: str  # as the LMS writes them, or "" where it does not say


def canvas(path, lesson, title=None):
    """Where the marks of a lesson go in a Canvas gradebook. `title` names the assignment where the lesson does not."""
    sheet = spreadsheet.read(path)
    if sheet.column("Student") is None or sheet.column("ID") is None:
        raise CourseError(f"{path} has no columns Student and ID: it is no gradebook that Canvas exported.")
    column = _assignment(sheet, lesson, title)
    possible = next((row for row in sheet.rows[1:5] if row[0].strip() == "Points Possible"), None)
    if possible is None:
        raise CourseError(f"{path} has no row Points Possible. Export the gradebook from Canvas again.")
    if "read only" in possible[column]:
        raise CourseError(f"{path}: Canvas computes '{sheet.header[column]}' itself. Name an assignment of yours.")
    first = sheet.rows.index(possible) + 1
    ids = [_rows_by(sheet, sheet.column(name), first) for name in CANVAS_IDS if sheet.column(name) is not None]
    return Target(sheet, column, sheet.column("Student"), ids, possible[column])


def moodle(path, lesson, title=None):
    """Where marks go in a Moodle grading worksheet; `title` names the column of marks if its language is not known."""
    sheet = spreadsheet.read(path)
    place = {what: sheet.column(*names) for what, names in MOODLE.items()}
    column = sheet.column(title) if title else place["grade"]
    if column is None:
        wanted = f"a column called '{title}'" if title else "a column of marks that is known (Grade, Bewertung, Note …)"
        raise CourseError(
            f"{path} has not {wanted}. Its columns: {', '.join(sheet.header)}. Name the right one with --column; in "
            "Moodle: the assignment, View all submissions, Download grading worksheet."
        )
    by = {what: _rows_by(sheet, place[what], 1) for what in ("login", "mail", "id") if place[what] is not None}
    local = {key.partition("@")[0]: rows for key, rows in by.get("mail", {}).items()}
    numbers = {re.sub(r"^\D+", "", key): rows for key, rows in by.get("id", {}).items()}  # of "Participant 123"
    maximum = place["maximum"]
    points = sheet.rows[1][maximum] if maximum is not None else ""
    return Target(sheet, column, place["name"], [*by.values(), local, numbers], points)


def fill(target, results, scale=False, skip_unmatched=False):
    """Write the marks into the rows of their students; return how many, and what a person should know.

    Raises `CourseError`, and has written nothing, where a student is not in the file or the points do not agree.
    """
    graded = [one for one in results if one.findings and one.graded]
    factor = _factor(target, graded, scale)
    rows = {one.student: _row_of(target, one.student) for one in graded}
    missing = [name for name, row in rows.items() if row is None]
    if missing and not skip_unmatched:
        raise CourseError(
            f"{target.sheet.path.name} has no row, or several, for {', '.join(missing)}. Nothing was written. Rename "
            "their folders to their ID, login or e-mail in the LMS and grade again, or leave them out with "
            "--skip-unmatched."
        )
    _refuse_shared_rows(rows)
    notes = [f"{name}: not in the file, left out" for name in missing]
    notes += [f"{one.student}: no marks, row left as it was" for one in results if one not in graded]
    for one in graded:
        left = ", ".join(each.exercise for each in one.findings if each.outcome == UNCHECKED)
        notes += [f"{one.student}: these marks are without {left}, which somebody has to mark by hand"] if left else []
    closed, written = target.sheet.column(*MOODLE["open"]), 0
    for one in graded:
        row = rows[one.student]
        if row is not None and closed is not None and row[closed].strip().casefold() in NO:
            notes.append(f"{one.student}: the LMS does not let these marks be changed, row left as it was")
        elif row is not None:
            row[target.column] = spreadsheet.like(one.marks * factor, target.points)
            written += 1
    for row in target.sheet.rows[1:] if target.names is not None else []:
        row[target.names] = spreadsheet.harmless(row[target.names])
    return written, notes


def _assignment(sheet, lesson, title):
    """The column of the assignment; only an existing one, with the number that Canvas gave it."""
    titles = {name: i for i, name in enumerate(sheet.header) if re.search(r"\(\d+\)$", name)}
    number, _, slug = lesson.partition("_")
    words = slug.replace("_", " ")
    if title:
        found = [i for name, i in titles.items() if title in (name, re.sub(r"\s*\(\d+\)$", "", name))]
    else:
        known = re.compile(rf"{lesson}|\blesson 0?{int(number)}\b|\b{words}\b", re.IGNORECASE)
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
        if key := row[column].strip().casefold():
            found.setdefault(key, []).append(row)
    return found


def _row_of(target, student):
    """The row of a student by the first kind of identifier that knows the name of their folder, or None."""
    for known in target.ids:
        rows = known.get(student.casefold(), [])
        if rows:
            return rows[0] if len(rows) == 1 else None
    return None


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
    points = max((one.points for one in graded), default=0)
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
