"""What a class learnt: its normalised gain by misconception, from the questions that open and close the course.

⟨g⟩ is the gain of the class's means (Hake 1998, Am. J. Phys. 66, 64): of what was wrong before, the share right after.
Only people who answered both forms count. The letters are read from the text of what was handed in; nothing is run.
"""

import ast
import os
import random
from pathlib import Path

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.checking.gains import gain, right
from course_utils.exercises.codes import CODES
from course_utils.exercises.twelve import FORMS, IDEAS
from course_utils.grading.classroom import Classroom
from course_utils.grading.prepare import intake
from course_utils.grading.report import page

BY_IDEA = ("misconception", "right before", "right after", "⟨g⟩", "", "chose it before", "chose it after")
BY_STUDENT = ("student", "right before", "right after", "gain")
FORM_MAX = 20_000  # characters of a cell with a form in it; a longer one is none
FEW = 10  # people, below which a share says little


def make_gains(anonymous=False, out=None, root=paths.ROOT):
    """Write the page about what a class gained from the first lesson to the last, and say where it is.

    >>> make_gains()      # doctest: +SKIP
    Gains: grading/reports/gains.html (24 students answered both forms)
    """
    room = root / "grading"
    answers = {form: _of_class(form, root) for form in FORMS}
    both = sorted({*answers["before"]} & {*answers["after"]})
    if not both:
        counts = ", ".join(f"{len(people)} the form {form} the course" for form, people in answers.items())
        raise CourseError(
            f"nobody handed in both forms ({counts} answered). The questions are in the first and in the last "
            f"lesson; what students hand in lies in {os.path.relpath(room / 'submitted')}/STUDENT/LESSON."
        )
    own = room / "reports"
    folder = Path(out) if out else own / "anonymous" if anonymous else own  # never in place of the page with names
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"--out takes a folder; {folder} is a file.")
    path = folder / "gains.html"
    files.write(path, gains_page(both, answers, anonymous))
    print(f"Gains: {os.path.relpath(path)} ({len(both)} students answered both forms)")


def _of_class(form, root):
    """The letters of everybody who answered a form, by student."""
    found = {}
    lesson = paths.lessons(root)[0 if form == "before" else -1]
    room = Classroom(lesson, root, root / "grading")
    for student in room.handed_in():
        try:
            nb, _ = intake.read(room.submission(student), lesson)
        except intake.Unreadable:
            continue
        letters = written(form, nb)
        found |= {student: letters} if letters else {}
    return found


def written(form, nb):
    """The letters in the last cell that calls `before(...)` or `after(...)`, by question; {} if all are open.

    >>> from nbformat import v4
    >>> written("before", v4.new_notebook(cells=[v4.new_code_cell('before(maps="b", mixing="")')]))
    {'maps': 'b'}
    """
    letters = {}
    for cell in nb.cells:
        if cell.cell_type == "code" and len(cell.source) <= FORM_MAX and f"{form}(" in cell.source:
            letters = _letters(form, cell.source) or letters
    return letters


def _letters(form, text):
    try:
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found = {}
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == form:
            for keyword in call.keywords:
                letter, asked = getattr(keyword.value, "value", None), FORMS[form].get(keyword.arg)
                if asked and isinstance(letter, str) and letter in asked.choices:
                    found[keyword.arg] = letter
    return found


def gains_page(students, answers, anonymous=False):
    """The page as HTML: by misconception what was right and who chose it, then by student."""
    scores = {form: {name: right(form, answers[form][name]) for name in students} for form in FORMS}
    means = [sum(sum(of.values()) for of in scores[form].values()) / len(students) / len(IDEAS) for form in FORMS]
    parts = [
        page.table("What the class believed, and believes", BY_IDEA, list(_ideas(students, answers, scores))),
        page.table("Each student", BY_STUDENT, _students(students, scores, anonymous)),
    ]
    caution = f" With fewer than {FEW} students, chance has a large part in each." if len(students) < FEW else ""
    summary = (
        f"{len(students)} students answered both forms: {means[0]:.0%} right before, {means[1]:.0%} after. Normalised "
        f"gain ⟨g⟩: {_share(gain(*means))}, of what was wrong before the share that is right after.{caution}"
    )
    return page.whole("What the class gained", summary, parts)


def _ideas(students, answers, scores):
    """One row a question, the largest gain last: what needs another lecture comes first."""
    rows = []
    for idea in IDEAS:
        shares = [sum(scores[form][name][idea.name] for name in students) / len(students) for form in FORMS]
        chose = [
            sum(idea.code == _chosen_code(form, idea.name, answers[form][name]) for name in students) for form in FORMS
        ]
        own = gain(*shares)
        rows.append((own if own is not None else 1.0, idea, shares, own, chose))
    for _, idea, shares, own, chose in sorted(rows, key=lambda row: row[0]):
        cells = [f"{share:.0%}" for share in shares]
        yield f"{idea.code}: {CODES[idea.code]} ({idea.name})", *cells, _share(own), page.bar(max(own or 0, 0)), *chose


def _chosen_code(form, name, letters):
    return FORMS[form][name].choices[letters[name]].code if name in letters else None


def _students(students, scores, anonymous):
    rows = []
    for name in students:
        first, last = (sum(scores[form][name].values()) for form in FORMS)
        rows.append((name, first, last, _share(gain(first / len(IDEAS), last / len(IDEAS)))))
    if not anonymous:
        return rows
    random.shuffle(rows)
    return [(f"student {number}", *row[1:]) for number, row in enumerate(rows, 1)]


def _share(value):
    return "–" if value is None else f"{value:.2f}"
