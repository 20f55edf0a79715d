"""Read what a student handed in: a notebook and the files beside it, or one sentence on why there is no notebook."""

import json
import re
import time

import nbformat

from course_utils.authoring import setup_cell
from course_utils.authoring.cells import grade_id, grader
from course_utils.base import bounded, files

SIZE_MAX = 200_000_000  # bytes; a lesson with all its outputs has under 5 MB
LARGE = 50_000_000  # bytes; of a larger file the outputs, which nobody needs, are cut out before it is read
PARTS_MAX = 4_000_000  # texts and brackets in a large file, and characters in them that are written as two
PART = re.compile(rb'[\[\]{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)  # of JSON: a bracket, or a text
LIST = re.compile(rb"\s*:\s*\[")
VALUES_MAX, DEEPEST_VALUE, CELLS_MAX = 2_000_000, 100, 18_000  # in a file that is read whole
PICTURES_MAX = 2_000  # attached to the text of a notebook
NOTEBOOKS_MAX, SECONDS_MAX = 30, 3.0  # of one folder that are read; of the processor, after which no other is begun
ATTACHED_MAX, ATTACHED_FILES = 2_000_000, 30  # bytes and number of the files handed in beside the notebook
DEEPEST = 2  # folders below the submission's own in which work is looked for
NOTEBOOK = re.compile(r"\.ipynb(\.(txt|json))?$", re.IGNORECASE)
NOT_WORK = re.compile(r"^(\..*|__MACOSX|__pycache__|timestamp\.txt|submission_secret\.txt|.*\.(pyc|html|tmp))$", re.I)
KEYS = "cell_type id source attachments execution_count input language level code text".split()  # of a cell
LEVELS = range(1, 7)  # of a heading in format 3, which becomes text with as many # before it
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Unreadable(Exception):
    """A submission that cannot be read; the message is for teacher and student."""


def read(folder, lesson, released=None):
    """The notebook in a submission's folder, and notes on what is odd about it. Raises `Unreadable`.

    Of several notebooks the one with most answers counts, then the newest, then the one called as the lesson is;
    `released`, the lesson as learners got it, tells what an answer is.
    """
    for part in (folder.parent, folder):
        if part.is_symlink():
            raise Unreadable(f"{part.name} is a symbolic link, not a folder of the student's own")
    found = work(folder)
    paths = [path for path in found if NOTEBOOK.search(path.name)]
    paths.sort(key=lambda path: path.name != f"{lesson}.ipynb")  # where only some can be read, this one is
    if not paths:
        lies = f"; in it: {', '.join(path.name for path in found[:5])}" if found else ", which is empty"
        raise Unreadable(f"no notebook in the folder, expected {lesson}.ipynb{lies}")
    good, bad, best, nb, taken = [], {}, (), None, None
    end = time.thread_time() + SECONDS_MAX
    for path in paths[:NOTEBOOKS_MAX]:
        if time.thread_time() > end:
            break
        try:
            found = parse(path)  # one at a time is kept: together they may not fit in memory
        except Unreadable as error:
            bad[path] = str(error)
            continue
        good.append(path)
        rank = answered(found, released), _age(path), path.name == f"{lesson}.ipynb"
        if rank > best:
            best, nb, taken = rank, found, path
    if not good:
        raise Unreadable("; ".join(bad.values()))
    notes = [] if taken == folder / f"{lesson}.ipynb" else [f"handed in as {taken.relative_to(folder).as_posix()}"]
    others = [path.relative_to(folder).as_posix() for path in good if path != taken]
    notes += [f"also handed in, not used: {', '.join(others)}"] if others else []
    unread = len(paths) - len(good) - len(bad)
    more = [f"not read: {unread} more notebooks"] if unread else []
    return nb, [*notes, *(f"not used: {reason}" for reason in bad.values()), *more]


def work(folder):
    """The files that may be a student's work in a folder and the folders in it, in order of their names."""
    found = files.below(folder, DEEPEST + 1) if folder.is_dir() and not folder.is_symlink() else []
    return [path for path in found if not any(map(NOT_WORK.match, path.relative_to(folder).parts))]


def attachments(folder, lesson_files=()):
    """The files beside the notebook, `{name: bytes}`, and notes on which they are and which are too large.

    Modules that a student wrote and data that their cells read are part of the work. Those that came with the lesson
    are not told.
    """
    kept, size, notes, left_out = {}, 0, [], []
    for path in work(folder):
        name = path.relative_to(folder).as_posix()
        if NOTEBOOK.search(path.name) or name in lesson_files:
            continue
        if path.is_symlink() or not path.is_file():
            left_out.append(name)
        elif len(kept) == ATTACHED_FILES or size + path.stat().st_size > ATTACHED_MAX:
            left_out.append(name)
        else:
            try:
                kept[name] = path.read_bytes()
            except OSError:  # one that may not be read
                left_out.append(name)
            size += len(kept.get(name, b""))
    notes += [f"handed in beside the notebook, and used: {', '.join(kept)}"] if kept else []
    many = f"over {ATTACHED_FILES} files or {ATTACHED_MAX // 1_000_000} MB, or no plain file to be read"
    notes += [f"not used ({many}): {', '.join(left_out[:10])}"] if left_out else []
    return kept, notes


def answered(nb, released):
    """How many of a lesson's cells to write in hold something else than what they were handed out with."""
    given = {grade_id(cell): cell.source.strip() for cell in released.cells if grade_id(cell)} if released else {}
    return sum(grade_id(cell) in given and cell.source.strip() != given[grade_id(cell)] for cell in nb.cells)


def parse(path):
    """The notebook in a file, brought to the present format."""
    if path.is_symlink():
        raise Unreadable(f"{path.name} is a symbolic link, not a file or folder of the student's own")
    if not path.is_file():
        raise Unreadable(f"{path.name} is not a file")
    size = path.stat().st_size
    if not 0 < size <= SIZE_MAX:
        raise Unreadable(f"{path.name} has {size:,} bytes, expected 1 to {SIZE_MAX:,}")
    try:
        content = path.read_bytes()
        return parsed(content if size <= LARGE else without_outputs(content, path.name), path.name)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}") from None


def parsed(content, name):
    """The notebook in bytes."""
    try:
        found = bounded.loads(_decoded(content), VALUES_MAX, DEEPEST_VALUE)
    except bounded.TooMuch as error:
        raise Unreadable(f"{name} holds {error}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not text in UTF-8") from None
    except (ValueError, RecursionError):
        raise Unreadable(f"{name} is not valid JSON: it was cut off or is no notebook") from None
    try:
        nb = nbformat.reads(json.dumps(_needed(found, name)), as_version=4)
        if all(isinstance(cell.source, str) and cell.cell_type in ("code", "markdown", "raw") for cell in nb.cells):
            return setup_cell.removed(nb)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001, S110 - nbformat raises whatever comes of a file that is no notebook
        pass
    raise Unreadable(f"{name} is JSON but not a notebook")


def _needed(found, name):
    """What is looked at of a notebook in any format: outputs, and metadata that fit nowhere, take minutes to check."""
    sheets = [*found.get("worksheets", []), *([found] if "cells" in found else [])]  # before format 4 there are several
    if not sheets or not all(isinstance(sheet["cells"], list) for sheet in sheets):
        raise ValueError("cells")
    cells = [cell for sheet in sheets for cell in sheet["cells"]]
    if len(cells) > CELLS_MAX:
        raise Unreadable(f"{name} has {len(cells):,} cells, at most {CELLS_MAX:,} are read")
    pictures = sum(len(cell["attachments"]) for cell in cells if isinstance(cell.get("attachments"), dict))
    if pictures > PICTURES_MAX:
        raise Unreadable(f"{name} has {pictures:,} pictures in its text, at most {PICTURES_MAX:,} are read")
    kept = [{key: cell[key] for key in KEYS if key in cell} | {"metadata": _for_grading(cell)} for cell in cells]
    kept = [cell | {"outputs": []} if cell["cell_type"] == "code" else cell for cell in kept]
    kept = [cell if cell.get("level", 1) in LEVELS else cell | {"level": 1} for cell in kept]
    seen = set()
    for i, cell in enumerate(kept):  # ids that are there once
        cell |= {"id": f"again-{i}"} if str(cell.get("id")) in seen else {}
        seen |= {str(cell["id"])} if "id" in cell else set()
    version = {"nbformat": found.get("nbformat", 4), "nbformat_minor": found.get("nbformat_minor", 5)}  # or dropped
    return (
        version | {"metadata": {}} | ({"worksheets": [{"cells": kept}]} if "worksheets" in found else {"cells": kept})
    )


def _for_grading(cell):
    return {"nbgrader": entry} if (entry := grader(cell)) else {}


def without_outputs(content, name):
    """JSON without what lists of outputs hold, of a file that is too large to be read with them.

    >>> without_outputs(b'{"outputs": [{"text": "]"}], "source": "outputs"}', "x")
    b'{"outputs": [], "source": "outputs"}'
    """
    kept, depth, within, start = [], 0, 0, 0
    few = content.count(b"\\") <= PARTS_MAX
    for count, part in enumerate(PART.finditer(content) if few else ()):
        first = content[part.start()]
        if first in b"[{":
            depth += 1
        elif first in b"]}":
            depth -= 1
            if within and depth < within:
                within, start = 0, part.start()
        elif not within and part[0] == b'"outputs"' and (opened := LIST.match(content, part.end())):
            within = depth + 1
            kept.append(content[start : opened.end()])
        few = few and count < PARTS_MAX
        if not few:
            break
    kept.append(b"" if within else content[start:])
    if not few or sum(map(len, kept)) > LARGE:
        raise Unreadable(f"{name} is too large without its outputs: over {LARGE // 1_000_000} MB")
    return b"".join(kept)


def _decoded(content):
    return content.decode(next((name for mark, name in BOMS.items() if content.startswith(mark)), "utf-8-sig"))


def _age(path):
    """When a file was written, to two seconds: copies made in one go count as of one time."""
    return round(path.stat().st_mtime / 2)
