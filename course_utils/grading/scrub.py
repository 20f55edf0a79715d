"""Put a learner's answers into the lesson's own cells, so that nothing else in a submission decides its marks.

Marks, flags and checks are the lesson's; the text of answer cells, and the cells a learner added, are the learner's.
"""

from copy import deepcopy

import nbformat
from nbgrader.utils import is_grade, is_locked, is_task

EMPTY = "This submission could not be read, and was graded as an empty one: {}."


def scrub(nb, released, reference):
    """The notebook to grade, and notes on what had to be put right.

    `released` is the lesson as learners got it, `reference` the one with answers and hidden tests.
    """
    own = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    last = {grade_id(cell): i for i, cell in enumerate(nb.cells) if grade_id(cell) in own}
    notes, cells = [], []
    for i, cell in enumerate(nb.cells):
        name = grade_id(cell)
        if name in own and last[name] == i:
            notes += _changes(name, cell, own[name])
            cells.append(_filled(own[name], cell))
        else:
            notes += [f"{name} is there twice: the last one counts"] if name in own else []
            cells.append(_plain(cell, i))
    if not last:
        notes = ["none of the lesson's exercises is in it: is it the notebook of another lesson?"]
    missing = [cell for name, cell in own.items() if name not in last and (is_grade(cell) or is_task(cell))]
    notes += [f"{grade_id(cell)} was missing: put back" for cell in missing if last]
    return _assembled(cells + deepcopy(missing), released, reference), notes


def empty(reason, released, reference):
    """The untouched lesson, headed by the reason why the submission could not be read."""
    heading = nbformat.v4.new_markdown_cell(EMPTY.format(reason), id="not-read")
    return _assembled([heading, *deepcopy(released.cells)], released, reference)


def grade_id(cell):
    """The name by which a cell is graded, or None."""
    entry = cell.get("metadata", {}).get("nbgrader")
    name = entry.get("grade_id") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else None


def _filled(own, cell):
    """The lesson's cell with the learner's text, if it is one to write in."""
    filled = deepcopy(own)
    if not is_locked(own):
        filled.source = cell.source
        if cell.cell_type == own.cell_type and "attachments" in cell:
            filled.attachments = cell.attachments
    return filled


def _plain(cell, i):
    """A cell of the learner's own: its text, and no tag or flag that could change what is run or counted."""
    new = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}
    return new[cell.cell_type](cell.source, id=f"own-{i}")


def _changes(name, cell, own):
    """What differs from the release in a way that nbgrader would have taken at its word."""
    flags = {key: value for key, value in own.metadata.nbgrader.items() if key != "checksum"}
    theirs = {key: value for key, value in cell.metadata.nbgrader.items() if key != "checksum"}
    if cell.cell_type != own.cell_type or flags != theirs:
        yield f"{name} had other grading data: restored"
    if is_locked(own) and cell.source != own.source:
        yield f"{name} was edited: restored"


def _assembled(cells, released, reference):
    """A notebook of these cells, hidden tests put in, to be run by the lesson's kernel."""
    hidden = {grade_id(cell): cell.source for cell in reference.cells if grade_id(cell) and is_locked(cell)}
    for cell in cells:
        cell.source = hidden.get(grade_id(cell), cell.source)
    return nbformat.v4.new_notebook(cells=cells, metadata=deepcopy(released.metadata))
