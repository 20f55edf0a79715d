"""Grade a class on a lesson: the reference first, then every submission; what goes wrong with one stops no other."""

import os
import statistics
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from copy import deepcopy
from functools import partial

from nbgrader.utils import is_grade

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking.outcome import UNCHECKED
from course_utils.checking.private import fingerprint
from course_utils.grading.classroom import Classroom
from course_utils.grading.marks import recorded, results
from course_utils.grading.marks.gradebook import Gradebook, require
from course_utils.grading.marks.results import Result
from course_utils.grading.people import roster
from course_utils.grading.people.spreadsheet import on_screen
from course_utils.grading.prepare import idle, strays
from course_utils.grading.prepare.submission import prepare, reason_of
from course_utils.grading.report import page, sheet
from course_utils.grading.run import verdicts
from course_utils.grading.run.cluster import Cluster
from course_utils.grading.run.execute import AUTO, Executor, task_of
from course_utils.grading.run.store import Store


def grade(lesson, students=None, root=paths.ROOT, db="", **how):
    """Grade a lesson, for all who handed it in or for the named students; say whether everybody got marks.

    >>> grade("02", students=["ada"])      # doctest: +SKIP
    True

    A submission that cannot be read gets 0 and a note with the reason. Raises `CourseError` if nobody handed the lesson
    in, or if the lesson's own answers do not get full marks here. `how` goes to `grade_class`.
    """
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading", db)
    lines, lost = strays.told(room)
    if not room.handed_in():
        print("\n".join(lines))
    done = all(result.graded for result in grade_class(room, students, **how))
    print("\n".join(["", *lines] if lines else []), end="\n" if lines else "")
    return done and not lost


def grade_class(room, students=None, jobs=None, sandbox=AUTO, scheduler=""):
    """Grade the submissions in a classroom, print what was found, keep it in the class's folder, return the results.

    `jobs` run at a time, here or, with the address of a Dask `scheduler`, on its workers.
    """
    names, lesson = room.students(students), room.read()
    task = task_of(room.source, lesson.reference, sandbox)
    require(room)
    run_by = Cluster(task, scheduler) if scheduler else Executor(task)
    with ThreadPoolExecutor(1) as pool, run_by as executor:
        used = fingerprint(room.lesson)
        print(f"With the private cases {used}.\n" if used else "", end="")
        print(f"Grading {room.lesson}. First the lesson's own answers …", flush=True)
        reference = pool.submit(executor.run, idle.mark(deepcopy(lesson.reference), lesson.released))
        with Gradebook(room) as book:  # a new one takes seconds to make
            own = reference.result()
            require_full_marks(room, own)
            print(shut_in_by(own), flush=True)
            for reason in not_checked(own):
                print(f"To be marked by hand, unless you grade again with what is missing: {reason}", flush=True)
            found = _grade_all(names, book, lesson, executor, jobs or executor.width)
            others = [results.read(name, book) for name in book.everyone() if name not in names]
    gone = [other for other in others if other.student not in room.handed_in()]
    for result in gone:
        result.notes.append(recorded.GONE)
    missing = recorded.missing(room)
    sheet.save(room.folder / "grades.csv", room.lesson, [*found, *gone, *missing])
    page.save(room, [*sorted(found + others, key=lambda one: one.student), *missing])
    print(f"\n{sheet.table([*found, *gone])}\n\n{summary(found)}")
    if missing:
        print(f"Not handed in: {len(missing)} ({', '.join(on_screen(result.student) for result in missing)})")
    written = {"Marks": room.folder / "grades.csv", "Feedback": room.folder / "feedback", "Class": room.report("html")}
    print("\n".join(f"{what}: {os.path.relpath(path)}" for what, path in written.items()))
    return found


def plan(lesson, students=None, root=paths.ROOT, db="", sandbox=AUTO):
    """Say what `grade` would do: whose submission would be run, whose is known already, whose cannot be read."""
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading", db)
    lines, _ = strays.told(room)
    print("\n".join(lines))
    names, lesson = room.students(students), room.read()
    task = task_of(room.source, lesson.reference, sandbox)
    store = Store(room.folder / "store", task)
    known = unfit = 0
    for name in names:
        try:
            nb = prepare(room, lesson, task.is_shut_in, name)
        except Exception as error:  # whatever it is, it is one student's
            print(f"{on_screen(name)}: cannot be graded\n  ! {on_screen(reason_of(error))}")
            unfit += 1
            continue
        there = store.place(nb).is_file()
        known += there
        print(f"{on_screen(name)}: {'known already' if there else 'to be run'}")
        print("".join(f"  ! {on_screen(note)}\n" for note in nb.metadata.notes), end="")
    run = len(names) - known - unfit
    print(f"\n{run} of {len(names)} would be run; marks would go to {room.where}. Nothing was done.")


def people_of(lesson, section, students=None, root=paths.ROOT):
    """Who has handed a lesson in of a section, or of those whom a person grades, by the class's roster."""
    room = Classroom(paths.find_lesson(lesson, root), root, root / "grading")
    people = roster.of_class(room.folder)
    there = {name: people.find(key=name, name=name) for name in room.students(students)}
    found = [name for name, one in there.items() if one and section in (one.section, one.grader)]
    if not found:
        known = sorted({text for person in people.people for text in (person.section, person.grader)} - {""})
        names = ", ".join(known) or "none"
        raise CourseError(f"nobody of '{section}' has handed {room.lesson} in. {roster.NAME} has: {names}.")
    return found


def require_full_marks(room, nb):
    """Stop unless the lesson's own answers, run here, get full marks: nobody else's could be trusted then."""
    record = verdicts.record_of(nb)
    for cell in nb.cells:
        if not is_grade(cell) or not verdicts.is_check(cell):
            continue
        found = verdicts.decide(cell, record)
        if found.marks is not None and found.marks < found.points:
            errors = [out for one in nb.cells for out in one.get("outputs", []) if out.output_type == "error"]
            reason = f"{errors[0].ename}: {errors[0].evalue}".splitlines()[0] if errors else "no error is shown"
            raise CourseError(
                f"{room.lesson}: the lesson's own answers get {found.marks:g} of {found.points:g} in the cell "
                f"{grade_id(cell)} ({reason}). Nothing was graded: everybody would lose these marks. "
                "Run `course doctor` and `course check`, put it right, then grade again."
            )


def shut_in_by(nb):
    """The walls around a notebook that was run, in a sentence. They stand in the record of its verdicts.

    >>> import nbformat
    >>> shut_in_by(nbformat.v4.new_notebook())
    'Submissions are not shut in.'
    """
    walls = verdicts.record_of(nb).get("walls", [])
    return f"Submissions are shut in by {', '.join(walls)} and limits." if walls else "Submissions are not shut in."


def not_checked(nb):
    """In words, the exercises whose checks cannot run on this computer."""
    record = verdicts.record_of(nb)
    found = [verdicts.decide(cell, record) for cell in nb.cells if is_grade(cell)]
    return list(dict.fromkeys(result.message for result in found if result.outcome == UNCHECKED))


def summary(found):
    """The class in a line.

    >>> summary([Result("ada"), Result("bob", graded=False)])
    '1 of 2 graded.'
    """
    done = [result for result in found if result.graded]
    points = max((result.points for result in done), default=0)
    mean = f" On average {statistics.fmean(result.marks for result in done):.1f} of {points:g}." if points else ""
    return f"{len(done)} of {len(found)} graded.{mean}"


def progress(found, name, count, seconds):
    """How far grading is, in a line.

    >>> progress({"ada": Result("ada")}, "ada", 3, 2.0)
    '1 of 3: ada, no marks, about 4 s left'
    """
    more = f", about {seconds / len(found) * (count - len(found)):.0f} s left" if len(found) < count else ""
    return f"{len(found)} of {count}: {on_screen(name)}, {sheet.score(found[name])}{more}"


def _grade_all(names, book, lesson, executor, jobs):
    """The results in order. Notebooks run side by side; this thread alone writes to the gradebook."""
    start, found = time.monotonic(), {}
    store = Store(book.room.folder / "store", executor.task)
    own = partial(prepare, book.room, lesson, executor.task.is_shut_in)
    with ThreadPoolExecutor(jobs) as pool:
        try:
            left, running = list(reversed(names)), {}
            while left or running:
                while left and len(running) < 2 * jobs:  # not all at once: each holds a notebook until it is recorded
                    name = left.pop()
                    running[pool.submit(lambda name: store.run(own(name), executor), name)] = name
                done = wait(running, return_when=FIRST_COMPLETED).done.pop()
                name = running.pop(done)
                found[name] = _result(name, done, book)
                print(progress(found, name, len(names), time.monotonic() - start), flush=True)
        except BaseException:  # Ctrl-C included: no process may stay behind
            pool.shutdown(wait=False, cancel_futures=True)
            executor.stop()
            raise
    return [found[name] for name in names]


def _result(student, future, book):
    """The result of a submission that was run. If grading itself fails, earlier marks are kept and said to be old."""
    try:
        nb = verdicts.with_private(future.result(), fingerprint(book.room.lesson), *results.last(student, book))
        book.record(student, nb)
        return results.read(student, book)
    except Exception as error:  # whatever it is, it is one student's
        reason = reason_of(error)
        try:
            old = results.read(student, book)
        except Exception:  # there are none
            return Result(student, notes=[f"not graded: {reason}"], graded=False)
        return Result(student, old.findings, [f"not graded now: {reason}; these marks are old"], old.penalty, False)
