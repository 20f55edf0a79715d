"""Put a learner's answers into the lesson's own cells, so that nothing else in a submission decides its marks.

Marks, flags and checks are the lesson's; the text of answer cells, and the cells a learner added, are the learner's.
"""

import re
from copy import deepcopy

import nbformat
from nbgrader.utils import is_grade, is_locked, is_task

from course_utils.authoring.cells import grade_id
from course_utils.exercises import Question, catalogue
from course_utils.grading.prepare import lost, pasted

FLAGS = ("grade", "solution", "locked", "task", "points", "schema_version")
CELLS_MAX, TEXT_MAX = 1_000, 500_000  # cells, characters that a learner may add to a lesson; more would take hours
NEW = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}


def scrub(nb, released, reference):
    """The notebook to grade, and notes on what had to be put right.

    `released` is the lesson as learners got it, `reference` the one with answers and hidden tests.
    """
    own = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    elsewhere, older = of_other_lessons(nb, own), older_quiz(nb, own)
    nb, too_many = pasted.unpacked(nb)
    nb, twice = once(nb, released)
    nb, left_out = shortened(nb, released)
    nb, moved = in_order(nb, released)
    nb, back = lost.put_back(nb, released)
    there = {grade_id(cell) for cell in nb.cells} & set(own)
    cells, changed, edited = [], [], []
    for i, cell in enumerate(nb.cells):
        name = grade_id(cell)
        if name in own:
            cells.append(_filled(own[name], cell))
            changed += [name] if _flags(cell) != _flags(own[name]) else []
            edited += [name] if is_locked(own[name]) and cell.source != own[name].source else []
        else:
            cells.append(NEW[cell.cell_type](cell.source, id=f"own-{i}"))  # without tags: they decide what is run
            pasted.attach(cells[-1], cell)
    missing = [name for name, cell in own.items() if name not in there and (is_grade(cell) or is_task(cell))]
    unanswered = [name for name in own if name not in there and name not in missing]
    asked_there = [name for name in unanswered if older and name.endswith("_quiz")]
    notes = {
        "more than once, the last above its check counts": twice,
        "other grading data, restored": changed,
        "edited, restored": edited,
        "missing, put back": missing,
        "answer missing": [name for name in unanswered if name not in asked_there],
        "in another order, restored": moved,
        "not defined any more, put back from the lesson": back,
    }
    told = [f"{what}: {', '.join(dict.fromkeys(names))}" for what, names in notes.items() if names]
    told += [f"{name} is not in this release, {older}" for name in asked_there]
    told += left_out + too_many + elsewhere
    told = told if there else ["none of the lesson's exercises is in it; is it another lesson's notebook?"]
    return _assembled(cells + [deepcopy(own[name]) for name in missing], released, reference), told


def of_other_lessons(nb, own):
    """A note for each other lesson whose exercises are in a notebook, as in one from before a lesson became two."""
    found = {}
    for cell in nb.cells:
        name = grade_id(cell) or ""
        item = catalogue().get(name.removesuffix("_check"))
        if item and name not in own and f"{item.name}_check" not in own:
            found.setdefault(item.lesson, {})[item.name] = True
    return [f"marked in lesson {there}, so hand it in for that one too: {', '.join(found[there])}" for there in found]


def older_quiz(nb, own):
    """Where a lesson's questions are asked in a notebook from before the lesson had a quiz of its own, or ""."""
    questions = [
        item.name for item in catalogue().values() if isinstance(item, Question) and f"{item.name}_check" in own
    ]
    for cell in nb.cells:
        name = grade_id(cell) or ""
        if name.endswith("_quiz") and name not in own:
            absent = [one for one in questions if not re.search(rf"\b{one}\s*=", cell.source)]
            if len(absent) < len(questions):
                told = f"which asks its questions in {name}: what is answered there counts"
                return told + (f"; it has no question {', '.join(absent)}, so no mark for that" if absent else "")
    return ""


def once(nb, released):
    """The notebook in which each of the lesson's cells is there once, and which ones were copied, with their numbers.

    Of an answer that counts which its check saw: the last above the last check. The others become the learner's own.
    """
    order = [(grade_id(cell), is_locked(cell)) for cell in released.cells if grade_id(cell)]
    places = {name: [i for i, cell in enumerate(nb.cells) if grade_id(cell) == name] for name, _ in order}
    counts, told = {}, []
    for number, (name, locked) in enumerate(order):
        if places[name]:
            check = next((one for one, is_check in order[number:] if is_check), name)
            end = places[check][-1] if places[check] and not locked else len(nb.cells)
            counts[name] = max((i for i in places[name] if i <= end), default=places[name][-1])
            told += [f"{name} (cell {counts[name] + 1})"] if len(places[name]) > 1 else []
    extra = {i for found in places.values() for i in found} - set(counts.values())
    cells = [{**cell, "metadata": {}, "id": f"copy-{i}"} if i in extra else cell for i, cell in enumerate(nb.cells)]
    return nbformat.from_dict({**nb, "cells": cells}), told


def shortened(nb, released):
    """The notebook without cells that no person writes, and a note if there are any; a flood pushes no answer out."""
    lessons = {cell.get("id") for cell in released.cells} | {grade_id(cell) for cell in released.cells} - {None}
    kept, room = [], {True: [2 * CELLS_MAX, TEXT_MAX], False: [CELLS_MAX, TEXT_MAX]}
    for cell in nb.cells:
        left = room[bool({grade_id(cell), cell.get("id")} & lessons)]
        if left[0] > 0 and len(cell.source) <= left[1]:
            kept.append(cell)
            left[:] = left[0] - 1, left[1] - len(cell.source)
    if len(kept) == len(nb.cells):
        return nb, []
    note = f"too long: {len(nb.cells) - len(kept):,} of {len(nb.cells):,} cells were left out"
    return nbformat.from_dict({**nb, "cells": kept}), [note]


def in_order(nb, released):
    """The notebook with the lesson's cells in the lesson's order, and which were elsewhere.

    A cell of a student's own stays behind the cell that it follows.
    """
    place = {}
    for i, cell in enumerate(released.cells):
        place |= {cell.get("id"): i} | ({grade_id(cell): i} if grade_id(cell) else {})
    groups = [(-1, [])]
    for cell in nb.cells:
        known = place.get(grade_id(cell) or cell.get("id"))
        if known is None:
            groups[-1][1].append(cell)
        else:
            groups.append((known, [cell]))
    stay = _longest_rise([known for known, _ in groups])
    moved = [grade_id(cells[0]) for i, (_, cells) in enumerate(groups) if i not in stay and cells]
    cells = [cell for _, group in sorted(groups, key=lambda group: group[0]) for cell in group]
    return nbformat.from_dict({**nb, "cells": cells}), [name for name in moved if name]


def _longest_rise(numbers):
    """The places of the most numbers that are in order already: all others were moved.

    >>> sorted(_longest_rise([0, 5, 1, 2, 3]))
    [0, 2, 3, 4]
    """
    best = []  # for each number the longest row of places that ends with it
    for i, number in enumerate(numbers):
        before = [row for row, last in zip(best, numbers, strict=False) if last <= number]
        best.append([*max(before, key=len, default=[]), i])
    return set(max(best, key=len, default=[]))


def untouched(released, reference):
    """The lesson with no answer in it, for a submission that cannot be read: 0 marks, and a page of feedback."""
    return _assembled(deepcopy(released.cells), released, reference)


def _filled(own, cell):
    """The lesson's cell with the learner's text, if it is one to write in."""
    filled = deepcopy(own)
    if not is_locked(own):
        filled.source = cell.source
        pasted.attach(filled, cell)
    return filled


def _flags(cell):
    """What nbgrader would take at its word."""
    return cell.cell_type, *(cell.metadata.nbgrader.get(flag) for flag in FLAGS)


def _assembled(cells, released, reference):
    """A notebook of these cells, hidden tests put in, to be run by the lesson's kernel."""
    hidden = {grade_id(cell): cell.source for cell in reference.cells if grade_id(cell) and is_locked(cell)}
    for cell in cells:
        cell.source = hidden.get(grade_id(cell), cell.source)
    return nbformat.v4.new_notebook(cells=cells, metadata=deepcopy(released.metadata))
