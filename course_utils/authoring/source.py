"""The text of a lesson (`# %%` cells with nbgrader's metadata) and the notebook it stands for."""

import hashlib
import json
import re
from collections import Counter

import jupytext
import nbformat

from course_utils.base.errors import CourseError

ROLES = ("grade", "solution", "locked", "task")
GRADER_KEYS = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task")
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def split(text):
    """The front matter of a lesson's text, then one string a cell; joined again they are the text.

    >>> split("# %% [markdown]\\n# # Title\\n\\n# %%\\n1 + 1\\n")
    ['', '# %% [markdown]\\n# # Title\\n\\n', '# %%\\n1 + 1\\n']
    """
    return re.split(r"^(?=# %%)", text, flags=re.MULTILINE)


def parse(text, where):
    """The notebook that a lesson's text stands for; `where` names the text in error messages."""
    front, *chunks = split(text)
    if any(line and not line.startswith("#") for line in front.splitlines()):
        raise CourseError(f"{where}: code stands before the first cell. Put a `# %%` line above it.")
    nb = jupytext.reads("".join(chunks), "py:percent")
    for chunk, cell in zip(chunks, nb.cells, strict=False):
        if "incorrectly_encoded_metadata" in cell.metadata:
            marker = chunk.splitlines()[0]
            raise CourseError(f"{where}: the metadata of this cell is not valid JSON; correct it: {marker}")
    nb = canonical(nb)
    if len(chunks) != len(nb.cells):
        raise CourseError(
            f"{where} has {len(chunks)} `# %%` lines but {len(nb.cells)} cells: one of these lines stands inside a "
            "string, or the cell below it is empty or starts with an indented line. Change that place."
        )
    return nb


def canonical(nb):
    """Strip a notebook to what its author wrote: no outputs, no editor's metadata, cell ids made from the content."""
    cells = [cell for cell in nb.cells if not is_blank(cell)]
    seen = Counter()
    for cell in cells:
        cell.metadata, cell.source = nbformat.from_dict(tidy(cell.metadata)), plain(cell.source)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or fingerprint([cell.cell_type, cell.source])[:12]
        seen[name] += 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return nbformat.from_dict({"cells": cells, "metadata": NOTEBOOK_METADATA, "nbformat": 4, "nbformat_minor": 5})


def tidy(metadata):
    """The part of a cell's metadata that belongs to the lesson: its part in grading, keys in order, and its tags.

    >>> tidy({"editable": True, "tags": [], "nbgrader": {"solution": True, "grade_id": "f", "checksum": "1a"}})
    {'nbgrader': {'grade_id': 'f', 'solution': True}}
    """
    kept = {}
    grader = metadata.get("nbgrader", {})
    if any(grader.get(role) for role in ROLES):
        kept["nbgrader"] = {key: grader[key] for key in GRADER_KEYS if key in grader}
    if metadata.get("tags"):
        kept["tags"] = list(metadata["tags"])
    return kept


def is_blank(cell):
    """Has nobody written in this cell? JupyterLab adds such a cell after the last one when that is run."""
    return not cell.source.strip() and not tidy(cell.metadata) and not cell.get("attachments")


def facts(cell):
    """All that a person can change in a cell and a build could lose. Running a cell changes none of it."""
    return [cell.cell_type, plain(cell.source), cell.get("attachments") or None, tidy(cell.metadata)]


def plain(text):
    """A cell's text without what an editor on another system does to the ends of its lines.

    >>> plain("a\\r\\nb\\n\\n")
    'a\\nb'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def digest(nb):
    """A fingerprint of the facts of a notebook's cells: it changes when somebody writes, not when somebody runs."""
    return fingerprint([facts(cell) for cell in nb.cells if not is_blank(cell)])


def fingerprint(value):
    """SHA-256 of any JSON value.

    >>> fingerprint("1×1")[:8]
    'f21228bb'
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def dumps(nb):
    """The bytes of a notebook file, as nbgrader and JupyterLab write them."""
    return (nbformat.writes(nb) + "\n").encode()
