"""The page about submissions whose code is alike, side by side; it proves nothing, and says so."""

import os
from pathlib import Path

from markupsafe import Markup

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.people.spreadsheet import on_screen
from course_utils.grading.prepare import intake
from course_utils.grading.report import similar
from course_utils.grading.report.page import rendered

THE_SOLUTION = "the public solution"
FOLDERS_DEEP = 20  # below a folder of another year
PAIRS_MAX = 40  # on a page; a person reads them


def compare(lesson, others=None, root=paths.ROOT):
    """Compare the code of a class on a lesson, write the page about pairs that stand out, and say where it is.

    >>> compare("02", others="last_year/submitted")      # doctest: +SKIP
    2 pairs stand out: grading/reports/02_by_hand_similar.html

    `others` is a folder with work of another year, compared with this class's; so is the lesson's public solution.
    Nothing leaves this computer.
    """
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading")
    own, unread = room.read(), []
    released = own.released
    writings = [similar.writing(THE_SOLUTION, own.reference, released, from_elsewhere=True)]
    for student in room.students():
        try:
            nb, _ = intake.read(room.submission(student), room.lesson, released)
            writings.append(similar.writing(student, nb, released))
            unread += [f"{student}: {name}" for name in similar.shortened(writings[-1])]
        except intake.Unreadable as error:
            unread.append(f"{student}: {error}")
    writings += list(_elsewhere(others, room, released)) if others else []
    found = similar.pairs(writings, released)
    path = room.folder / "reports" / f"{room.lesson}_similar.html"
    short = similar.too_short(writings, released)
    files.write(path, page(room.lesson, found, len(writings), short))
    print(
        "\n".join(
            [*map(on_screen, unread), f"{len(found)} pairs stand out: {os.path.relpath(path)}", *_left_out(short)]
        )
    )
    print("Likeness proves nothing: read both texts, and talk to both people.")


def _left_out(short):
    """What is not said of exercises that are too short to say it."""
    if short:
        together = "compared only together, where two notebooks are the same in every answer"
        yield f"Too short to say anything by themselves, so {together}: {', '.join(short)}."


def page(lesson, found, count, short=()):
    """The page as HTML that needs nothing else."""
    shown = [
        {
            "one": pair.one.name,
            "other": pair.other.name,
            "share": pair.share,
            "exercises": ", ".join(f"{name} {100 * share:.0f} %" for name, share in pair.exercises),
            "texts": list(_side_by_side(pair)),
        }
        for pair in found[:PAIRS_MAX]
    ]
    return rendered(
        "similar.html",
        title=f"Code that is alike in lesson {lesson}",
        summary=" ".join([f"{len(found)} pairs stand out, of {count} texts that were compared.", *_left_out(short)]),
        pairs=shown,
        more=max(0, len(found) - PAIRS_MAX),
    )


def _elsewhere(folder, room, released):
    """The work in a folder of another year, however it is sorted."""
    folder = Path(folder)
    if not folder.is_dir():
        raise CourseError(f"--with takes a folder of submissions; {folder} is none.")
    for path in files.below(folder, FOLDERS_DEEP):
        if intake.NOTEBOOK.search(path.name) and not any(map(intake.NOT_WORK.match, path.relative_to(folder).parts)):
            try:
                nb = intake.parse(path)
            except intake.Unreadable:
                continue
            if intake.answered(nb, released):
                own = similar.writing(f"{folder.name}/{path.relative_to(folder).parent}", nb, released, True)
                similar.shortened(own)
                yield own


def _side_by_side(pair):
    """`(exercise, text of one, text of the other)` where it stands out, or of all; what both have is marked."""
    for name in [name for name, _ in pair.exercises] or [""]:
        slices = pair.places[name] or ((), ())
        yield (
            name,
            *(_marked(who.texts[name], where) for who, where in zip((pair.one, pair.other), slices, strict=True)),
        )


def _marked(text, slices):
    """A text with the given places marked."""
    done, at = [], 0
    for start, end in sorted(zip(*slices, strict=True)) if len(slices) else []:
        start, end = max(int(start), at), int(end)
        if end > start:
            done.append(Markup("{}<mark>{}</mark>").format(text[at:start], text[start:end]))
            at = end
    return Markup("").join([*done, text[at:]])
