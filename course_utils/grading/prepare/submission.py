"""A submission, from its folder to the notebook that is run: the steps of this room, one after the other."""

import json
import threading

import nbformat

from course_utils.authoring.release import extras
from course_utils.base.errors import CourseError
from course_utils.grading.people.spreadsheet import readable
from course_utils.grading.prepare import idle, intake, reach, scrub, stamp

READING = threading.Lock()  # in Python 3.11 `ast.parse` fails now and then where two threads are in it (cpython#106905)
UNSANDBOXED = "unsandboxed: the student's code was run with the rights of whoever graded it"
LOOK = (
    "in it: {}; with that a program can change what is told of devices, modes, gradients and new arrays, so a person "
    "looks at right answers about these"
)


def prepare(room, lesson, shut, student):
    """A submission, made fit to be run and marked; what was odd about it is in its notes."""
    if set(student) & set("[]*?") or student != student.strip():
        raise CourseError(f"nbgrader cannot have [ ] * ? or outer spaces in a student's name: rename '{student}'")
    if student != readable(student):
        raise CourseError(f"the folder's name is not in UTF-8, as in old zip files: rename it to '{readable(student)}'")
    folder, attachments, more, reached = room.submission(student), {}, [], []
    try:
        with READING:
            nb, notes = intake.read(folder, room.lesson, lesson.released)
            came_along = {path.relative_to(room.source).as_posix() for path in extras(room.source)}
            attachments, of_files = intake.attachments(folder, came_along)
            nb, more = scrub.scrub(nb, lesson.released, lesson.reference)
            reached = reach.reaches(nb, lesson.released, attachments)
            nb, more = idle.mark(nb, lesson.released), [*of_files, *more]
    except OSError:  # of this computer's
        raise
    except Exception as error:  # Unreadable; or what a stranger's file does to who reads it, which keeps no old marks
        reason = error if isinstance(error, intake.Unreadable) else reason_of(error)
        nb = scrub.untouched(lesson.released, lesson.reference)
        notes = [f"could not be read, so 0 marks: {reason}"]
    _, late = stamp.read(folder)
    more += [late] if late else []
    more += [LOOK.format(", ".join(reached))] if reached else []
    more += [] if shut else [UNSANDBOXED]
    nb.metadata["notes"] = notes = notes + more
    nb.metadata["reached"] = reached
    nb.metadata["attachments"] = {name: content.hex() for name, content in attachments.items()}
    if notes:
        text = "**On grading this submission**\n\n" + "\n".join(f"- {note}" for note in notes)
        nb.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="on-grading"))
    text = json.dumps(nb, ensure_ascii=False)  # half characters, in names of files and in cells, fit in no file
    return nb if text == readable(text) else nbformat.reads(readable(text), as_version=4)


def reason_of(error):
    """An error in one line.

    >>> reason_of(OSError("no memory")), reason_of(KeyError())
    ('no memory', 'KeyError')
    """
    return readable((str(error).strip() or type(error).__name__).splitlines()[-1])
