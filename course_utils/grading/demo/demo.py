"""A simulated class that makes the catalogue's mistakes, as many as it has room for: is each one named?"""

import random
from dataclasses import dataclass

import nbformat
from nbgrader.utils import rmtree

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking.outcome import UNCHECKED
from course_utils.exercises import Question, of_lesson
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo.answers import text_of
from course_utils.grading.grade import grade_class

ALL_RIGHT = 6  # every sixth student has everything right
UNTOUCHED, WRONG = 0.15, 0.25  # shares of the answers that are left once each mistake has been handed out


@dataclass(frozen=True)
class Answer:
    """What a simulated student hands in for one exercise: code, or a letter, or nothing; and what should be said."""

    text: str | None
    code: str | None = None
    message: str = ""

    @property
    def is_right(self):
        return self.text is not None and self.code is None


NOTHING = Answer(None)


def demo(students=30, lesson="02_by_hand", seed=0, root=paths.ROOT):
    """Make a class, grade it in `grading/demo`, and say whether grading found what was planted.

    >>> demo(students=6, lesson="00")      # doctest: +SKIP
    True
    """
    if students < 1:
        raise CourseError(f"a class has at least 1 student, got {students}. Try `course demo --students 30`.")
    lesson = paths.find_lesson(lesson, root)
    room = Classroom(lesson, root, root / "grading" / "demo")
    if not of_lesson(lesson):
        raise CourseError(f"{lesson} has no exercises to make mistakes in. Choose another lesson.")
    if room.folder.exists():
        rmtree(room.folder)
    answers = answers_of(room)
    plans = deal(answers, students, random.Random(seed))
    known = sum(len(wrong) for _, wrong in answers.values())
    planted = {answer for plan in plans.values() for answer in plan.values() if answer.code}
    print(f"{students} students hand in {len(planted)} of the {known} catalogued mistakes in {lesson}.")
    for name, plan in plans.items():
        hand_in(room, name, plan)
    return prove(plans, grade_class(room))


def answers_of(room):
    """`{exercise: (right answers, wrong answers)}`: all that the catalogue and the lesson know."""
    written = {grade_id(cell): cell.source for cell in room.reference().cells}
    found = {}
    for item in of_lesson(room.lesson):
        if isinstance(item, Question):
            answers = [Answer(letter, one.code, f"{item.name}: {one.because}") for letter, one in item.choices.items()]
            found[item.name] = [[answer for answer in answers if answer.is_right == want] for want in (True, False)]
        else:
            others = [other.name for other in of_lesson(room.lesson) if other is not item]
            right = [Answer(text_of(function, item.name)) for function in [item.oracle, *item.alternatives]]
            if not any(name in written[item.name] for name in others):  # those may be wrong in the same notebook
                right.append(Answer(written[item.name]))
            wrong = [
                Answer(text_of(mistake.function, item.name), mistake.code, f"{item.name}: {mistake.message}")
                for mistake in item.mistakes
            ]
            found[item.name] = [right, wrong]
    return found


def deal(answers, students, rng):
    """`{student: {exercise: Answer}}`. Where there are students enough, every wrong answer is handed out."""
    names = [f"student_{i:0{len(str(students))}}" for i in range(1, students + 1)]
    plans = {name: {} for name in names}
    mixed = [name for i, name in enumerate(names) if i % ALL_RIGHT]
    for exercise, (right, wrong) in answers.items():
        for i, name in enumerate(rng.sample(mixed, len(mixed))):
            kind = rng.random()
            any_other = NOTHING if kind < UNTOUCHED else rng.choice(wrong if kind < UNTOUCHED + WRONG else right)
            plans[name][exercise] = wrong[i] if i < len(wrong) else any_other
        for name in names:
            plans[name].setdefault(exercise, rng.choice(right))
    return plans


def hand_in(room, student, plan):
    """Write a student's submission: the release with the answers typed in."""
    nb = room.released()
    for cell in nb.cells:
        name = grade_id(cell) or ""
        if name.endswith("_quiz"):
            for question, answer in plan.items():
                cell.source = cell.source.replace(f' {question}=""', f' {question}="{answer.text or ""}"')
        elif name in plan and plan[name].text is not None:
            cell.source = plan[name].text
    path = room.submission(student) / f"{room.lesson}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(nb, path)


def prove(plans, results):
    """Print how what grading found compares with what was planted, and say whether all is as it should be."""
    planted, right, amiss = [], [], []
    for result in results:
        findings = {each.exercise: each for each in result.findings}
        for exercise, answer in plans[result.student].items():
            found = findings.get(exercise)
            good = found is not None and as_planted(answer, found)
            if answer.is_right:
                right.append(good)
            elif answer.code:
                planted.append(good)
            if not good:
                amiss.append(f"{result.student}, {exercise}: expected {answer.message or answer}, got {found}")
    graded = sum(result.graded for result in results)
    print("\n".join(["", *amiss]))
    print(
        f"named {sum(planted)} of {len(planted)} planted misconceptions; "
        f"{sum(right)} of {len(right)} right answers at full marks; {graded} of {len(plans)} graded"
    )
    return not amiss and graded == len(plans)


def as_planted(answer, found):
    """Did grading say what it should: full marks (none yet counts), nothing tried, or this misconception as planted?"""
    if answer.is_right:
        return found.marks == found.points or found.outcome == UNCHECKED
    if answer.code:
        return found.marks == 0 and (found.code, found.message) == (answer.code, answer.message)
    return found.marks == 0 and found.outcome == "not attempted"
