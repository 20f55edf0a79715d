"""The people of a class, in `grading/roster.csv` or in a file of the LMS; and whose a name in whatever form is.

    student,name,id,email,section,grader,extension
    ada,Ada Lovelace,501,ada@uni.example,A,Grace,02+5 all+1

All columns but one that identifies somebody may be missing. `student` is the name of the folder in `submitted/`.
"""

import csv
import io
import itertools
import re
import unicodedata
from dataclasses import dataclass, field, replace

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.grading.people import columns, spreadsheet

NAME = "roster.csv"
HEADER = ("student", "name", "id", "email", "section", "grader", "extension")
EXTENSION = re.compile(r"(all|\d+[a-z]?)\s*[+:=]\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Person:
    """One student: the name of their folder, their own name, and all by which systems know them."""

    student: str
    name: str = ""
    ids: tuple = ()  # as the LMS writes them: "Participant 501", "s-101", "ada"
    email: str = ""
    section: str = ""
    grader: str = ""
    extension: str = ""  # days more than others have, by lesson: "02+5 all+1"

    @property
    def numbers(self):
        """The numbers at the end of identifiers: "Participant 501" is 501."""
        return {match[0].lstrip("0") for text in self.ids if (match := re.search(r"\d+$", text))}

    def days(self, lesson):
        """How many days later than others this person may hand in a lesson.

        >>> Person("ada", extension="02+5 all+1").days("02_by_hand"), Person("ada", extension="2").days("03_x")
        (5.0, 2.0)
        >>> Person("ada", extension="4b+5 all+1").days("04b_layouts")
        5.0
        """
        if re.fullmatch(r"\s*\d+(\.\d+)?\s*", self.extension):
            return float(self.extension)
        said = EXTENSION.findall(self.extension)
        given = {paths.bare(number) or "all": float(days) for number, days in said}
        return given.get(paths.bare(paths.number(lesson)), given.get("all", 0.0))


@dataclass
class Roster:
    """The people in a file, and the headers that are its own."""

    people: list = field(default_factory=list)
    path: object = None

    def find(self, *, name="", number="", key=""):
        """The one person to whom a number of the LMS, a login, ID or address, or else a name belongs; or None."""
        for wanted, matches in (
            (number.lstrip("0"), lambda one: number.lstrip("0") in one.numbers),
            (key, lambda one: folded(key) in _keys(one)),
            (name, lambda one: folded(name) in _keys(one)),
            (name, lambda one: bool(one.name) and alike(name, one.name)),
        ):
            found = [other for other in self.people if matches(other)] if wanted else []
            if len(found) == 1:
                return found[0]
        return None

    def person(self, student):
        """The person whose folder this is, or one without anything known."""
        return next((other for other in self.people if folded(other.student) == folded(student)), Person(student))


def read(path):
    """The roster in a file of ours, of Moodle, Canvas or of a teacher's own making."""
    sheet = spreadsheet.read(path)
    header = [name.casefold() for name in sheet.header]
    rows = sheet.rows[1:]
    if {"student", "id"} <= set(header) and "section" in header and "grader" not in header:  # Canvas
        ids = header.index("id")
        rows = [row for row in rows if row[ids].strip()]
    own = {name: header.index(name) for name in HEADER if name in header}
    found = columns.places(sheet, rows)
    where = {"name": found.get("name"), "email": found.get("mail")} | {name: own.get(name) for name in HEADER[4:]}
    is_ours = "student" in own and ("grader" in own or "extension" in own or "email" in own)
    if is_ours:
        where |= {name: own.get(name) for name in ("student", "name", "email")}
    of_canvas = [i for i, name in enumerate(header) if name in ("sis user id", "integration id")]
    keys = [found.get("id"), found.get("login"), *of_canvas]
    people = [_person(row, where, keys) for row in rows]
    people = [one for one in people if one.student]
    if not people:
        raise CourseError(f"{path} names no students. Expected columns such as {', '.join(HEADER[:4])}.")
    twice = {one.student for one in people if sum(folded(one.student) == folded(other.student) for other in people) > 1}
    if twice:
        raise CourseError(f"{path} has {', '.join(sorted(twice))} more than once. Give each student one row.")
    return Roster(people, path)


def of_class(folder):
    """The roster of a class, empty where there is none."""
    path = folder / NAME
    return read(path) if path.is_file() else Roster(path=path)


def write(roster):
    """Write the roster of a class, whole or not at all."""
    rows = [
        (other.student, other.name, "; ".join(other.ids), other.email, other.section, other.grader, other.extension)
        for other in roster.people
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *(map(spreadsheet.harmless, row) for row in rows)])
    files.write(roster.path, text.getvalue().encode("utf-8-sig"))


def extend(roster, student, lesson, days):
    """The roster with an extension for one person, in one lesson or, with `lesson` "all", in the whole course."""
    person = roster.find(name=student, key=student) or Person(student)
    own, said = paths.number(lesson), EXTENSION.findall(person.extension)
    given = {number: count for number, count in said if paths.bare(number) != paths.bare(own)} | {own: f"{days:g}"}
    new = replace(person, extension=" ".join(f"{number}+{count}" for number, count in sorted(given.items())))
    others = [other for other in roster.people if other is not person]
    return Roster(sorted([*others, new], key=lambda one: one.student), roster.path), new


def folded(text):
    """A name or identifier in the form in which two of them are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def alike(one, other):
    """Whether two names are one, whichever part comes first, with or without accents, spaces and commas.

    >>> alike("Lovelace, Ada", "Ada Lovelace"), alike("munozjose", "José Muñoz"), alike("Ada", "Ada Lovelace")
    (True, True, False)
    """
    words = _words(one), _words(other)
    if sorted(words[0]) == sorted(words[1]):
        return True
    joined, parts = sorted(words, key=len)
    if len(joined) != 1 or len(parts) > 5:
        return False
    return any("".join(order) == joined[0] for order in itertools.permutations(parts))


def _words(name):
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("ß", "ss")
    return re.findall(r"[^\W_]+", plain)


def _keys(person):
    """All by which a person may be called in one word."""
    local = person.email.partition("@")[0]
    return {folded(one) for one in (person.student, person.email, local, *person.ids) if one}


def _person(row, where, keys):
    def cell(what):
        return row[where[what]].strip().removeprefix("'") if where.get(what) is not None else ""

    ids = [part.strip() for i in keys if i is not None for part in row[i].split(";") if part.strip()]
    email, name = cell("email"), cell("name")
    login = row[keys[1]].strip() if keys[1] is not None else ""
    student = cell("student") or email or login or (ids[0] if ids else name)
    known = {"section": cell("section"), "grader": cell("grader"), "extension": cell("extension")}
    return Person(unicodedata.normalize("NFC", student), name, tuple(dict.fromkeys(ids)), email, **known)
