"""What the gradebook holds on a class: the results of all who have been graded, read afresh."""

from course_utils.base.errors import CourseError
from course_utils.grading.marks import results
from course_utils.grading.marks.gradebook import Gradebook
from course_utils.grading.marks.results import Result


def recorded(room):
    """The results of a class in order of names; who handed in and has no marks yet is among them, with a note."""
    if not any(room.folder.glob(f"autograded/*/{room.lesson}/{room.lesson}.ipynb")):
        raise CourseError(f"nobody has marks for {room.lesson} yet. Run `course grade {room.lesson[:2]}` first.")
    with Gradebook(room) as book:
        found = {name: results.read(name, book) for name in book.everyone()}
    for name in room.handed_in():
        found.setdefault(name, Result(name, notes=["handed in, not graded yet"], graded=False))
    return [found[name] for name in sorted(found)]
