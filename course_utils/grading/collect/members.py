"""Who is in the class, after grading has begun: somebody leaves, or has another name than their folder said."""

import os
import shutil
import warnings
from dataclasses import replace

from nbgrader.api import Gradebook, MissingEntry, Student

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.grading.classroom import Classroom, same_name
from course_utils.grading.marks.gradebook import hold
from course_utils.grading.people import roster
from course_utils.grading.report import sheet

FOLDERS = ("submitted", "autograded", "feedback")


def drop(student, root=paths.ROOT, db=""):
    """Take a student out of gradebook, marks and roster; their work is moved to `grading/dropped/`, and kept.

    >>> drop("ada")      # doctest: +SKIP
    ada is out of the class. Their work and marks are kept in grading/dropped/ada.
    """
    room = Classroom("", root, root / "grading", db)
    held = hold(room.folder)
    try:
        places, there = _places(room, student), _in_gradebook(room, student)
        rows = sheet.load(room.folder / "grades.csv")
        own = [row for row in rows if same_name(row["student"], student)]
        people = roster.of_class(room.folder)
        person = people.find(key=student)
        listed = [person] if person else []
        if not (places or there or own or listed):
            raise CourseError(f"nobody in the class is called '{student}': no folder in {room.folder}, and no marks.")
        kept = _free(room.folder / "dropped", student)
        sheet.write(kept / "grades.csv", sheet.HEADER, [list(row.values()) for row in own])
        for place in places:
            (kept / place.parent.name).mkdir()
            shutil.move(place, kept / place.parent.name / place.name)
        if there:
            with _opened(room) as book:
                book.remove_student(student)
        _save(room, [row for row in rows if row not in own])
        if listed:
            roster.write(roster.Roster([other for other in people.people if other not in listed], people.path))
    finally:
        os.close(held)
    print(f"{student} is out of the class. Their work and marks are kept in {os.path.relpath(kept)}.")


def rename(old, new, root=paths.ROOT, db=""):
    """Give a student's folders, marks and feedback another name, for instance the one that the LMS knows.

    >>> rename("ada", "ada@uni.example")      # doctest: +SKIP
    ada is now ada@uni.example.
    """
    room = Classroom("", root, root / "grading", db)
    if set(new) & set("[]*?/\\") or new != new.strip(" .") or not new:
        raise CourseError(f"'{new}' cannot be a student's folder: no [ ] * ? / and no outer spaces or dots.")
    held = hold(room.folder)
    try:
        places, there = _places(room, old), _in_gradebook(room, old)
        if not places and not there:
            raise CourseError(f"nobody in the class is called '{old}': no folder in {room.folder}, and no marks.")
        if not same_name(old, new) and (_places(room, new) or _in_gradebook(room, new)):
            raise CourseError(f"there is a '{new}' already. Look whether they are one person, and keep one folder.")
        if there and old != new:
            with _opened(room) as book:
                _rename_in(book, old, new)
        for place in places:
            os.rename(place, place.with_name(new))
        people = roster.of_class(room.folder)
        person = people.find(key=old)
        if person:
            others = [other for other in people.people if other is not person]
            roster.write(roster.Roster([*others, replace(person, student=new)], people.path))
        rows = sheet.load(room.folder / "grades.csv")
        _save(room, [row | {"student": new} if same_name(row["student"], old) else row for row in rows])
    finally:
        os.close(held)
    print(f"{old} is now {new}.")


def _rename_in(book, old, new):
    """A student's name is what the gradebook's other tables refer to: make another, hand everything over."""
    before = book.find_student(old)
    after = Student(id=new, first_name=before.first_name, last_name=before.last_name, email=before.email)
    book.db.add(after)
    for submission in list(before.submissions):
        submission.student = after
    book.db.flush()
    book.db.delete(before)
    book.db.commit()


def _places(room, student):
    """The folders of a student that are there."""
    tops = [room.folder / name for name in FOLDERS]
    return [path for top in tops if top.is_dir() for path in top.iterdir() if same_name(path.name, student)]


def _opened(room):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Gradebook(room.gradebook)


def _in_gradebook(room, student):
    if not room.db and not (room.folder / "gradebook.db").is_file():
        return False
    with _opened(room) as book:
        try:
            book.find_student(student)
        except MissingEntry:
            return False
        return True


def _save(room, rows):
    path = room.folder / "grades.csv"
    if path.is_file():
        sheet.write(path, sheet.HEADER, [[row[name] for name in sheet.HEADER] for row in rows])


def _free(folder, name):
    """A new folder; one that is there is left alone."""
    path, count = folder / name, 1
    while path.exists():
        count += 1
        path = folder / f"{name} {count}"
    path.mkdir(parents=True)
    return path


def extend(lesson, student, days, root=paths.ROOT):
    """Give a person more time than others have, in one lesson or in "all"; write it into the class's roster.

    >>> extend("02", "ada", 5)      # doctest: +SKIP
    ada may hand in 02_by_hand 5 days later than others. Grade it again, so that it counts.
    """
    if not 0 <= days <= 1000:
        raise CourseError(f"--days takes a number of days from 0 to 1000, got {days:g}.")
    lesson = lesson if lesson == "all" else paths.find_lesson(lesson, root)
    people = roster.of_class(root / "grading")
    there = [path.name for path in (root / "grading" / "submitted").glob("[!.]*") if path.is_dir()]
    if not people.find(key=student, name=student) and not any(same_name(student, name) for name in there):
        raise CourseError(f"nobody in the class is called '{student}', neither in {roster.NAME} nor in submitted/.")
    people, person = roster.extend(people, student, lesson, days)
    roster.write(people)
    what = "every lesson" if lesson == "all" else lesson
    print(f"{person.student} may hand in {what} {days:g} days later than others. Grade it again, so that it counts.")
