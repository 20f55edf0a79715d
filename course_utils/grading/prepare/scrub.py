"""Put a learner's answers into the lesson's own cells, so that nothing else in a submission decides its marks.

Marks, flags and checks are the lesson's; the text of answer cells, and the cells a learner added, are the learner's.
"""

from copy import deepcopy

import nbformat
from nbgrader.utils import is_grade, is_locked, is_task

from course_utils.authoring.cells import grade_id

FLAGS = ("grade", "solution", "locked", "task", "points", "schema_version")
CELLS_MAX, TEXT_MAX = 1_000, 500_000  # cells, characters of a notebook; more would take hours to show
PICTURES = ("image/png", "image/jpeg")
NEW = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}


def scrub(nb, released, reference):
    """The notebook to grade, and notes on what had to be put right.

    `released` is the lesson as learners got it, `reference` the one with answers and hidden tests.
    """
    own = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    nb, left_out = shortened(nb, released)
    nb, moved = in_order(nb, released)
    last = {grade_id(cell): i for i, cell in enumerate(nb.cells) if grade_id(cell) in own}
    cells, twice, changed, edited = [], [], [], []
    for i, cell in enumerate(nb.cells):
        name = grade_id(cell)
        if last.get(name) == i:
            cells.append(_filled(own[name], cell))
            changed += [name] if _flags(cell) != _flags(own[name]) else []
            edited += [name] if is_locked(own[name]) and cell.source != own[name].source else []
        else:
            cells.append(NEW[cell.cell_type](cell.source, id=f"own-{i}"))  # without tags: they decide what is run
            _attach(cells[-1], cell)
            twice += [name] if name in last else []
    missing = [name for name, cell in own.items() if name not in last and (is_grade(cell) or is_task(cell))]
    unanswered = [name for name in own if name not in last and name not in missing]
    notes = {"more than once, the last one counts": twice, "other grading data, restored": changed,
             "edited, restored": edited, "missing, put back": missing, "answer missing": unanswered,
             "in another order, restored": moved}  # fmt: skip
    told = [f"{what}: {', '.join(dict.fromkeys(names))}" for what, names in notes.items() if names]
    told = told + left_out if last else ["none of the lesson's exercises is in it; is it another lesson's notebook?"]
    return _assembled(cells + [deepcopy(own[name]) for name in missing], released, reference), told


def shortened(nb, released):
    """The notebook without cells that no person writes, and a note if there are any."""
    kept, length, lessons = [], 0, {cell.get("id") for cell in released.cells}
    for cell in nb.cells:
        most = 2 * CELLS_MAX if grade_id(cell) or cell.get("id") in lessons else CELLS_MAX  # a flood pushes none out
        if len(kept) < most and length + len(cell.source) <= TEXT_MAX:
            kept.append(cell)
            length += len(cell.source)
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
    ranked = sorted(groups, key=lambda group: group[0])
    moved = [grade_id(new[0]) for (_, new), (_, old) in zip(ranked, groups, strict=True) if new is not old and new]
    cells = [cell for _, group in ranked for cell in group]
    return nbformat.from_dict({**nb, "cells": cells}), [name for name in moved if name]


def untouched(released, reference):
    """The lesson with no answer in it, for a submission that cannot be read: 0 marks, and a page of feedback."""
    return _assembled(deepcopy(released.cells), released, reference)


def _filled(own, cell):
    """The lesson's cell with the learner's text, if it is one to write in."""
    filled = deepcopy(own)
    if not is_locked(own):
        filled.source = cell.source
        _attach(filled, cell)
    return filled


def _attach(own, cell):
    """Give a cell of Markdown the pictures that a learner put into it."""
    named = cell.get("attachments")
    if own.cell_type == "markdown" and isinstance(named, dict):
        kept = {str(name): {kind: data for kind, data in kinds.items() if kind in PICTURES and isinstance(data, str)}
                for name, kinds in named.items() if isinstance(kinds, dict)}  # fmt: skip
        own.attachments = nbformat.from_dict({name: kinds for name, kinds in kept.items() if kinds})


def _flags(cell):
    """What nbgrader would take at its word."""
    return cell.cell_type, *(cell.metadata.nbgrader.get(flag) for flag in FLAGS)


def _assembled(cells, released, reference):
    """A notebook of these cells, hidden tests put in, to be run by the lesson's kernel."""
    hidden = {grade_id(cell): cell.source for cell in reference.cells if grade_id(cell) and is_locked(cell)}
    for cell in cells:
        cell.source = hidden.get(grade_id(cell), cell.source)
    return nbformat.v4.new_notebook(cells=cells, metadata=deepcopy(released.metadata))
