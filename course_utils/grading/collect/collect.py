"""Put a class's submissions in place, out of what the LMS gave out: all that fit, or nothing."""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from course_utils.base import bounded, paths
from course_utils.base.errors import CourseError
from course_utils.base.files import below
from course_utils.grading.classroom import Classroom
from course_utils.grading.collect import archive
from course_utils.grading.collect.sort import sort
from course_utils.grading.marks.gradebook import put_in_place
from course_utils.grading.people import roster as rosters
from course_utils.grading.people.spreadsheet import on_screen, readable
from course_utils.grading.prepare import stamp
from course_utils.grading.prepare.strays import lessons_by_name

NOTE_MAX = 1_000_000  # bytes
NOTE = ".collected.json"  # in a submission's folder: what was put there, so that nobody's own work is written over


def collect(lesson, source, kind="", roster=None, skip=False, times=False, dry_run=False, root=paths.ROOT):
    """Sort a download into `submitted/STUDENT/LESSON/`, print what was found, and say whether it was all written.

    >>> collect("02", "Downloads/submissions.zip", roster="Downloads/worksheet.csv")      # doctest: +SKIP
    True

    With something that does not fit nothing is written, unless `skip` says to leave that out. `times` says that the
    times in the download are those of handing in. `kind` is "moodle", "canvas", "ilias" or "folder".
    """
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading")
    people = rosters.read(Path(roster)) if roster else rosters.of_class(room.folder)
    with tempfile.TemporaryDirectory(prefix="course-") as scratch:
        opened = archive.Opened(source, Path(scratch), kind, lessons_by_name(paths.lessons(room.root)))
        found = sort(opened, room, people, kind)
        if not found.fits and not found.faults:
            raise CourseError(f"there is no notebook of {room.lesson} in {source}.")
        states = {work.student: _state(room, work) for work in found.fits}
        found.faults += [f"{student}: {state}" for student, state in states.items() if state.startswith("holds")]
        ready = [work for work in found.fits if states[work.student] in ("new", "newer")]
        print("\n".join(map(on_screen, _told(room, Path(source).name, found, states))))
        if dry_run or (found.faults and not skip):
            why = "" if dry_run else " Put it right, or leave out what does not fit with --skip-unmatched."
            print(f"\nNothing was written.{why}")
            return not found.faults
        for work in ready:
            _write(room, work, Path(scratch) / "new", times)
    print(f"\n{len(ready)} submissions written to {room.folder.name}/submitted/STUDENT/{room.lesson}/.")
    if roster and not rosters.of_class(room.folder).people:
        # each under the name of the folder that is theirs
        own = {people.find(key=path.name): path.name for path in (room.folder / "submitted").glob("[!.]*")}
        named = [replace(person, student=own.get(person, person.student)) for person in people.people]
        rosters.write(rosters.Roster(named, room.folder / rosters.NAME))
        print(f"The class is now in {room.folder.name}/{rosters.NAME}: sections, graders and extensions can go there.")
    return True


def collected(room, student):
    """What is noted of how a submission was collected: its files, its name in the LMS. Empty where it was not.

    A student can hand in a file of that name: one that is not as it is written here counts as none.
    """
    path = room.submission(student) / NOTE
    try:
        content = path.read_bytes() if path.is_file() and path.stat().st_size <= NOTE_MAX else b"{}"
        note = bounded.loads(content, NOTE_MAX, deepest=3)
        texts = [note.get(name, "") for name in ("kind", "given", "name", "number")]
        given = PurePosixPath(note.get("given", "")).parts
        order, files = note.get("order", [0, 0]), note.get("files", {})
        is_ours = all(type(text) is str for text in texts) and len(given) <= 1 and not {"/", ".."} & set(given)
        is_ours &= type(files) is dict and [type(one) in (int, float) for one in order] == [True, True]
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return note if is_ours else {}


def _files(room, work):
    return {f"{room.lesson}.ipynb": work.notebook} | work.attachments


def _state(room, work):
    """How a submission compares with what lies in its place: new, as it was, newer, older, or somebody's own."""
    folder, note = room.submission(work.student), collected(room, work.student)
    if not folder.exists():
        return "new"
    there = {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in below(folder, archive.FOLDERS_DEEP)
        if path.is_file() and path.name != NOTE
    }
    own = {name: _digest(file.place) for name, file in _files(room, work).items()}
    if own == {name: digest for name, digest in there.items() if name != stamp.NAME}:
        return "as it was"
    if there != note.get("files"):
        return "holds other work than was collected: move it away, or keep it and leave this one out"
    return "newer" if list(work.order[1:3]) >= note.get("order", [0, 0]) else "older than what is there"


def _write(room, work, new, times):
    """Make the folder of a submission beside its place, and put it there when it is whole."""
    for name, file in _files(room, work).items():
        _copy(file, new / name)
    if times and work.notebook.when:
        when = stamp.moment(work.notebook.when.isoformat())
        (new / stamp.NAME).write_text(stamp.written(when), encoding="utf-8")
    files = {path.relative_to(new).as_posix(): _digest(path) for path in new.rglob("*") if path.is_file()}
    label = work.label
    note = {
        "kind": label.kind,
        "given": label.given,
        "name": label.name,
        "number": label.number,
        "files": files,
        "order": list(work.order[1:3]),
    }
    (new / NOTE).write_text(readable(json.dumps(note, ensure_ascii=False)), encoding="utf-8")
    put_in_place(new, room.submission(work.student))


def _copy(file, target):
    """Put a file in its place with its time, which tells newer work from older."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file.place, target)
    if file.when:
        os.utime(target, (file.when.timestamp(), file.when.timestamp()))


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _told(room, source, found, states):
    """What was found, in lines for a person."""
    lines = [f"{room.lesson} in {source} ({found.kind}): {len(found.fits)} submissions."]
    for state in sorted(set(states.values()), reverse=True):
        names = sorted(student for student, one in states.items() if one == state)
        lines += [f"{state}: {len(names)} ({', '.join(names)})"] if not state.startswith("holds") else []
    kinds = {"twice, the newest counts": found.twice, "does not fit": found.faults, "not used": found.left_out}
    for what, entries in kinds.items():
        lines += [f"{what}: {len(entries)}", *(f"  ! {entry}" for entry in entries)] if entries else []
    return lines + ([f"not handed in: {len(found.missing)} ({', '.join(found.missing)})"] if found.missing else [])
