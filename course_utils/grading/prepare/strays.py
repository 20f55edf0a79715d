"""Whatever lies in `submitted/` where no grading looks: a lesson's work in a folder of another name, or none at all."""

import re
import unicodedata

from course_utils.base import files, paths
from course_utils.grading.people.spreadsheet import on_screen
from course_utils.grading.prepare import intake

DEEPEST = 10  # folders in which work is looked for
LINES_MAX = 60  # of a list that a person reads


def unused(room):
    """`(path, lesson, what to do)` for each file of work that is not part of a submission of any lesson."""
    top, names = room.folder / "submitted", set(paths.lessons(room.root))
    found, twins = [], []
    for place in sorted(top.iterdir()) if top.is_dir() else []:
        alike = unicodedata.normalize("NFC", place.name)
        if alike != place.name and (top / alike).exists():  # that one is looked at
            twins += [path.relative_to(top) for path in _all(place, top)]
            continue
        inside = sorted(place.iterdir()) if place.is_dir() and not place.is_symlink() else [place]
        unknown = [entry for entry in inside if entry.name not in names or not entry.is_dir()]
        found += [path for entry in unknown for path in _all(entry, top)]
    lessons = lessons_by_name(names)
    told = [(path, *advice(path.parts, room, lessons)) for path in (path.relative_to(top) for path in found)]
    moved = "move it there, or away: another folder has this name, with its accents written in another way, and counts"
    return told + [(path, advice(path.parts, room, lessons)[0], moved) for path in twins]


def advice(parts, room, lessons):
    """Which lesson work at a place where nobody looks for it belongs to, and what to do about it."""
    lesson = next((lessons[plain(part)] for part in parts if plain(part) in lessons), None)
    lesson = lesson or next((known for known in lessons.values() if plain(known) in plain(parts[-1])), room.lesson)
    people = [part.strip() for part in parts[:-1] if plain(part) not in lessons]
    return lesson, f"move it to {people[0] if people else 'STUDENT'}/{lesson}/"


def told(room):
    """The list of what is not used, in lines for a person, and whether work on this lesson is among it."""
    found = unused(room)
    if not found:
        return [], False
    shown = [on_screen(f"  ! {path.as_posix()}: {what}") for path, _, what in found[:LINES_MAX]]
    shown += [f"  … and {len(found) - LINES_MAX} more"] if len(found) > LINES_MAX else []
    head = f"Not graded, because it does not lie in STUDENT/LESSON/ of {room.folder.name}/submitted:"
    ours = any(lesson == room.lesson and intake.NOTEBOOK.search(path.name) for path, lesson, _ in found)
    return [head, *shown], ours


def plain(name):
    """A lesson's name as people write it: "Lesson 02", "02_By_Hand" and "02-by-hand (1)" are one.

    >>> plain("Lesson 02"), plain("02_By Hand.ipynb"), plain("02-by-hand (1)")
    ('02', '02byhand', '02byhand')
    """
    name = re.sub(
        r"\(\d+\)|\.ipynb.*$|^(lesson|lektion|le[cç]on|lecci[oó]n|week|unit|hw|assignment)\b",
        "",
        unicodedata.normalize("NFC", name).casefold().strip(),
    )
    return re.sub(r"[\W_]+", "", name)


def lessons_by_name(names):
    """The lessons by each way to write their names: number, title, or both."""
    found = {}
    for name in names:
        number, _, title = name.partition("_")
        found |= {plain(one): name for one in (number, paths.bare(number), name, title)}
    return found


def _all(place, top):
    """The files of work at a place and below it."""
    found = files.below(place, DEEPEST) if place.is_dir() and not place.is_symlink() else [place]
    return [file for file in found if not any(map(intake.NOT_WORK.match, file.relative_to(top).parts))]
