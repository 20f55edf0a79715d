"""What leaves the gradebook: the page about the class, and marks in a file for the LMS."""

import os
from pathlib import Path

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.marks.gradebook import require
from course_utils.grading.marks.recorded import recorded
from course_utils.grading.people.spreadsheet import on_screen
from course_utils.grading.report import lms, page


def make_report(lesson, anonymous=False, out=None, root=paths.ROOT, db=""):
    """Write the page about a class anew, and say where it is.

    >>> make_report("02", anonymous=True)      # doctest: +SKIP
    Class: grading/reports/anonymous/02_by_hand.html (30 students)
    """
    room = _room(lesson, root, db)
    found = recorded(room)
    own = room.report("html").parent
    folder = Path(out) if out else own / "anonymous" if anonymous else own  # never in place of the page with names
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"--out takes a folder; {folder} is a file.")
    path = page.save(room, found, anonymous, folder)
    print(f"Class: {os.path.relpath(path)} ({len(found)} students)\nTable: {os.path.relpath(path.with_suffix('.csv'))}")


def export(
    lesson, canvas=None, moodle=None, column=None, scale=False, skip_unmatched=False, out=None, root=paths.ROOT, db=""
):
    """Write a copy of a file of the LMS with the marks of a class in it.

    >>> export("02", canvas="Downloads/grades.csv")      # doctest: +SKIP
    30 marks in grading/exports/02_by_hand_canvas.csv
    """
    if bool(canvas) == bool(moodle):
        raise CourseError("say which file to fill: `course export 02 --canvas FILE`, or `--moodle FILE`.")
    room = _room(lesson, root, db)
    find, kind = (lms.canvas, "canvas") if canvas else (lms.moodle, "moodle")
    target = find(Path(canvas or moodle), room.lesson, column)
    path = Path(out) if out else room.folder / "exports" / f"{room.lesson}_{kind}.csv"
    if out and path.exists():
        raise CourseError(f"{path} is there already. Name a new file with --out, or remove it first.")
    written, notes = lms.fill(target, recorded(room), scale, skip_unmatched)
    target.sheet.save(path)
    print(
        "\n".join(
            [
                *map(on_screen, notes),
                f"{written} marks in {os.path.relpath(path)}; the file you downloaded is as it was.",
            ]
        )
    )


def _room(lesson, root, db):
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading", db)
    require(room)
    return room
