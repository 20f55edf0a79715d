"""Feedback on its way to the students, in the form that their LMS, the exchange or a mail program takes."""

import io
import os
import re
import zipfile
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.collect.collect import collected
from course_utils.grading.marks.gradebook import SECRET, require, settings
from course_utils.grading.marks.recorded import recorded
from course_utils.grading.people import roster
from course_utils.grading.people.spreadsheet import on_screen
from course_utils.grading.prepare import stamp
from course_utils.grading.report.lms import comment

ADDRESS = re.compile(r"[\w.+'/&=~-]+@[\w-]+(\.[\w-]+)*")  # one alone, as a header of a mail has it


def give_back(lesson, kind="", folder=None, exchange="", root=paths.ROOT, db=""):
    """Make a file, or files, of the feedback on a lesson, say whose page is in it, and whose is not and why.

    >>> give_back("02", "moodle")      # doctest: +SKIP
    57 pages in grading/exports/02_by_hand_feedback_moodle.zip. In Moodle: Upload multiple feedback files in a zip.

    `kind` is "moodle", "canvas", "mail" (with a `folder`), "exchange", or "" to be told which pages there are.
    """
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading", db)
    require(room)
    ready = [result for result in recorded(room) if (room.feedback(result.student) / f"{room.lesson}.html").is_file()]
    if not ready:
        raise CourseError(
            f"there is no feedback on {room.lesson} yet. Run `course grade {paths.number(room.lesson)}` first."
        )
    old = [result.student for result in ready if not result.graded]
    make = {"moodle": _moodle, "canvas": _canvas, "mail": _mail, "exchange": _exchange, "": _listed}[kind]
    where = {"mail": folder, "exchange": exchange}.get(kind)
    left_out, said = make(room, [result for result in ready if result.graded], where)
    notes = [f"{name}: {why}" for name, why in left_out] + [f"{name}: not graded now, so left out" for name in old]
    print("\n".join([*map(on_screen, notes), said]))
    return not notes


def _listed(room, ready, _):
    return [], f"{len(ready)} pages in {os.path.relpath(room.folder / 'feedback')}/STUDENT/{room.lesson}/."


def _moodle(room, ready, _):
    """A zip whose folders are named as in the download: Moodle finds the student by the number in the name."""
    people, named, left_out = roster.of_class(room.folder), {}, []
    for result in ready:
        note, person = collected(room, result.student), people.find(key=result.student, name=result.student)
        number = next(iter(person.numbers), "") if person else ""
        if note.get("kind") == "moodle":
            named[result.student] = f"{note['given'].rstrip('/')}/{room.lesson}.html"
        elif number and person.name:
            named[result.student] = (
                f"{person.name.replace('_', ' ')}_{number}_assignsubmission_file_/{room.lesson}.html"
            )
        else:
            left_out.append((result.student, f"not collected from Moodle, and no ID and name in {roster.NAME}"))
    named, others = _apart(named)
    return left_out + others, _zipped(room, "moodle", named, "In Moodle: Upload multiple feedback files in a zip.")


def _canvas(room, ready, _):
    """A zip of files named as in the download, where Canvas finds its numbers of student and submission."""
    notes = {result.student: collected(room, result.student) for result in ready}
    named = {name: f"{note['given']}.html" for name, note in notes.items() if note.get("kind") == "canvas"}
    why = "not collected from Canvas, whose numbers the name of the file needs"
    left_out = [(name, why) for name in notes if name not in named]
    named, others = _apart(named)
    return left_out + others, _zipped(room, "canvas", named, "In Canvas: Upload Submissions, in the assignment.")


def _apart(named):
    """Pages by student, without those that would take each other's place in the LMS; and whose these are."""
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    why = "another has the same place in the LMS: collect them again"
    alone = {student: name for student, name in named.items() if name not in twice}
    return alone, [(student, why) for student in named if student not in alone]


def _zipped(room, kind, named, next_step):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for student, name in named.items():
            file.write(room.feedback(student) / f"{room.lesson}.html", name)
    path = room.folder / "exports" / f"{room.lesson}_feedback_{kind}.zip"
    files.write(path, content.getvalue())
    return f"{len(named)} pages in {os.path.relpath(path)}. {next_step}"


def _mail(room, ready, folder):
    """A message for each student, ready to be sent by a mail program; nothing is sent from here."""
    people, left_out, count = roster.of_class(room.folder), [], 0
    number = paths.number(room.lesson)
    for result in ready:
        person = people.find(key=result.student, name=result.student)
        address = next(
            (text for text in (person.email if person else "", result.student) if ADDRESS.fullmatch(text)), ""
        )
        if not address:
            left_out.append((result.student, f"no e-mail address in {roster.NAME}"))
            continue
        message = EmailMessage()
        message["To"], message["Subject"] = address, f"Feedback on lesson {number}"
        body = f"Your marks in lesson {number}: {result.marks:g} of {result.points:g}.\n\n{comment(result)}\n"
        message.set_content(body + "\nThe attached page shows your work with the messages of its checks.\n")
        page = (room.feedback(result.student) / f"{room.lesson}.html").read_bytes()
        message.add_attachment(page, maintype="text", subtype="html", filename=f"{room.lesson}.html")
        files.write(Path(folder) / f"{address.replace('/', '_')}.eml", bytes(message))
        count += 1
    return left_out, f"{count} messages in {folder}; nothing was sent."


def _exchange(room, ready, exchange):
    """Into nbgrader's exchange, where students fetch it: those who handed in there have a secret that finds it."""
    lacks = [
        result.student
        for result in ready
        for name in (SECRET, stamp.NAME)
        if not (room.feedback(result.student) / name).is_file()
    ]
    config = settings()
    config.CourseDirectory.root, config.CourseDirectory.db_url = str(room.root), room.gradebook
    config.CourseDirectory.feedback_directory = os.path.relpath(room.folder / "feedback", room.root)
    config.CourseDirectory.student_id_exclude = ",".join(lacks)
    if exchange:
        config.Exchange.root = exchange
    done = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config).release_feedback(room.lesson)
    if not done["success"]:
        raise CourseError(f"the exchange did not take the feedback: {done.get('error', done)}".splitlines()[0])
    why = "handed in elsewhere than in the exchange, or graded by an older version: grade again"
    return [(name, why) for name in dict.fromkeys(lacks)], f"{len(ready) - len(set(lacks))} pages are in the exchange."
