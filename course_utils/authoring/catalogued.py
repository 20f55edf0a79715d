"""Whether the exercises of a lesson are whole in the catalogue, and stand there in the lesson's order."""

from course_utils.authoring.cells import grade_id
from course_utils.exercises import Exercise, of_lesson

MISTAKES, ALTERNATIVES = 3, 2  # that an exercise has at least
BEGUN = (  # `course new exercise` writes these for an author to replace
    "What is asked for, in one or two sentences.",
    "Each number of x doubled, in a new array of the same shape.",
    "A question that leads to the idea.",
)


def problems(cells, lesson, name):
    """A sentence for each thing that the exercises of a lesson lack; `name` is the file of the lesson's text.

    >>> problems([], "99_no_such_lesson", "99_no_such_lesson.py")
    []
    """
    items = {item.name: item for item in of_lesson(lesson) if isinstance(item, Exercise)}
    package = f"course_utils/exercises/lesson{lesson}"
    texts = {name: "\n".join(cell.source for cell in cells)}
    texts |= {f"{package}/{item.name.lower()}.py": "\n".join(item.hints) for item in items.values()}
    found = [
        f"{where} still says {begun!r}, as `course new exercise` begins it: write your own in its place."
        for where, text in texts.items()
        for begun in BEGUN
        if begun in text
    ]
    order = [grade_id(cell) for cell in cells if grade_id(cell) in items]
    if order != [one for one in items if one in order]:
        found.append(f"{package}/__init__.py has its EXERCISES in another order than {name}: {', '.join(order)}.")
    for item in items.values():
        has = {"mistakes": (len(item.mistakes), MISTAKES), "alternatives": (len(item.alternatives), ALTERNATIVES)}
        found += [
            f"{package}/{item.name.lower()}.py has {count} {kind}; an exercise has {least} or more."
            for kind, (count, least) in has.items()
            if count < least
        ]
    return found
