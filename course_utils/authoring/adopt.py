"""`course adopt`: bring the edits that an author made to a lesson's notebook back into its text."""

import difflib
import json

import jupytext
import nbformat

from course_utils.authoring import guard, source
from course_utils.authoring.build import derive, publish, read_text, source_of
from course_utils.base import files, paths
from course_utils.base.errors import CourseError

BLANK_LINE = "\n\n"
PLAIN = {"jupytext": {"cell_metadata_filter": "nbgrader,tags,-all", "notebook_metadata_filter": "-all"}}


def adopt(lesson, root=paths.ROOT):
    """Rewrite the cells of a lesson's text that were edited in `solutions/`, leave the rest as it is, and build.

    Returns the path of the text. A lesson whose text changed as well since the last build is refused.

    >>> adopt("02")                                          # doctest: +SKIP
    PosixPath('solutions/02_by_hand/02_by_hand.py')
    """
    lesson = paths.find_lesson(lesson, root)
    path = source_of(lesson, root)
    old = read_text(path)
    edited = _edited_notebook(path, old)
    if edited is None:
        return path
    _assert_nothing_lost(edited, path.with_suffix(".ipynb").name)
    text = merge(old, edited)
    wanted = derive(lesson, root, text)
    guard.refuse_to_overwrite(wanted, root)
    files.write(path, text)
    publish(wanted, root)
    return path


def merge(text, nb):
    """The text of a lesson with the cells of `nb`: those that say the same keep their text to the letter.

    >>> nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 2")])
    >>> merge("# front matter\\n\\n# %% my title\\nx = 1\\n", nb)
    '# front matter\\n\\n# %% my title\\nx = 2\\n'
    """
    front, *chunks = source.split(text)
    before, after = source.parse(text, "the lesson").cells, source.canonical(nb).cells
    keys = [[json.dumps(source.facts(cell)) for cell in cells] for cells in (before, after)]
    merged = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            merged += chunks[a:b]
        else:
            pairs = list(zip(chunks[a:b], before[a:b], strict=True))[: d - c]
            pairs += [(None, None)] * (d - c - len(pairs))
            merged += [_render(cell, *pair) for cell, pair in zip(after[c:d], pairs, strict=True)]
    spaced = [chunk if chunk.endswith(BLANK_LINE) else chunk.rstrip("\n") + BLANK_LINE for chunk in merged]
    return front + "".join(spaced).rstrip("\n") + "\n"


def _edited_notebook(path, text):
    """The notebook beside a lesson's text, or None where nobody edited it since it was built."""
    notebook = path.with_suffix(".ipynb")
    nb = guard.read(notebook)
    if nb is None:
        raise CourseError(
            f"{notebook} is missing or not a notebook: `course build {path.stem}` makes it from {path.name}."
        )
    built = guard.stamp(nb)
    if source.digest(nb) in (built.get("digest"), source.digest(source.parse(text, path.name))):
        return None
    if not built:
        raise CourseError(
            f"{notebook.name} and {path.name} differ, and the note in the notebook that tells which of them was edited "
            f"is gone: a cleaner took its metadata out. Put the notebook aside (`mv {notebook} my_{notebook.name}`), "
            f"run `course build {path.stem}`, and repeat its edits in the new one; have the cleaner keep `course`."
        )
    if built.get("source") != source.fingerprint(text):
        raise CourseError(
            f"{path.name} and {notebook.name} were both edited since the last build, so neither may replace the "
            f"other. Either undo the newer edits of the text (`git diff {path}` shows them) and adopt again, or "
            f"put the notebook aside (`mv {notebook} my_{notebook.name}`), build, and repeat its edits."
        )
    return nb


def _render(cell, chunk=None, previous=None):
    """The text of one cell; it takes the `# %%` line and the spacing of the chunk it replaces where they still hold."""
    cell = nbformat.from_dict({**cell, "metadata": source.tidy(cell.metadata)})
    body = jupytext.writes(nbformat.v4.new_notebook(cells=[cell], metadata=PLAIN), "py:percent").rstrip("\n")
    if chunk is None:
        return body + BLANK_LINE
    if (previous.cell_type, previous.metadata) == (cell.cell_type, cell.metadata):
        body = chunk.split("\n", 1)[0] + body[body.find("\n") :]
    return body + chunk[len(chunk.rstrip("\n")) :]


def _assert_nothing_lost(nb, name):
    """Stop unless the text of every cell reads back as that cell."""
    for cell in source.canonical(nb).cells:
        try:
            read_back = [source.facts(cell) for cell in source.parse(_render(cell), name).cells]
        except CourseError:
            read_back = []
        if read_back != [source.facts(cell)]:
            first_line = cell.source.strip().split("\n")[0]
            raise CourseError(
                f"{name}: the cell that starts {first_line!r} cannot be written as text. Take out pasted pictures "
                "(save them beside the lesson and link them) and lines that start with `%%` or `# %%`."
            )
