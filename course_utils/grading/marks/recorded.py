"""What the gradebook holds on a class: the results of all who have been graded, read afresh."""

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.grading.marks import results
from course_utils.grading.marks.gradebook import Gradebook
from course_utils.grading.marks.results import Result
from course_utils.grading.people import roster

NOT_HANDED_IN = "not handed in"
GONE = "has marks, and no submission any more: `course drop` takes who left out of the class"


def recorded(room):
    """The results of a class in order of names; who handed in and has no marks yet is among them, with a note."""
    if not any(room.folder.glob(f"autograded/*/{room.lesson}/{room.lesson}.ipynb")):
        raise CourseError(
            f"nobody has marks for {room.lesson} yet. Run `course grade {paths.number(room.lesson)}` first."
        )
    with Gradebook(room) as book:
        found = {name: results.read(name, book) for name in book.everyone()}
    there = room.handed_in()
    for name in there:
        found.setdefault(name, Result(name, notes=["handed in, not graded yet"], graded=False))
    gone = [one for name, one in found.items() if name not in there]
    for result in gone:
        result.notes.append(GONE)
    return [*(found[name] for name in sorted(found)), *missing(room)]


def missing(room):
    """Those of the class's roster who have not handed in: they have no marks, and count in no mean."""
    people, there = roster.of_class(room.folder), room.handed_in()
    came = [people.find(key=name, name=name) for name in there]
    names = sorted(person.student for person in people.people if person not in came and person.student not in there)
    return [Result(name, notes=[NOT_HANDED_IN]) for name in names]
