"""A lesson's files as editors on Windows and cleaners of notebooks leave them: taken, or refused with the right sentence."""

import json
import shutil

import pytest

from course_utils.authoring.adopt import adopt
from course_utils.authoring.build import build
from course_utils.base import paths
from course_utils.base.errors import CourseError

LESSON = "02_by_hand"
OLD, NEW = "The same on paper", "The same, on paper"


@pytest.fixture
def root(tmp_path):
    for tree in ("solutions", "notebooks"):
        shutil.copytree(paths.ROOT / tree / LESSON, tmp_path / tree / LESSON)
    return tmp_path


def text(root):
    return root / "solutions" / LESSON / f"{LESSON}.py"


def notebook(root):
    return text(root).with_suffix(".ipynb")


def change(root, edit):
    nb = json.loads(notebook(root).read_text(encoding="utf-8"))
    edit(nb)
    notebook(root).write_text(json.dumps(nb, ensure_ascii=False), encoding="utf-8")


def test_a_notebook_saved_with_a_byte_order_mark_is_adopted(root):
    notebook(root).write_text(notebook(root).read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8-sig")
    adopt("02", root)
    assert NEW in text(root).read_text(encoding="utf-8") and build(root=root) == []


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_saved_by_an_editor_on_windows_is_built(root, ends):
    said = text(root).read_text(encoding="utf-8").replace(OLD, NEW).replace("\n", ends)
    text(root).write_bytes(said.encode("utf-8-sig"))
    assert build(root=root)
    assert NEW in notebook(root).read_text(encoding="utf-8") and "\\r" not in notebook(root).read_text(encoding="utf-8")


def test_line_ends_of_another_system_in_cells_are_no_edit_and_do_not_stop_one(root):
    before = text(root).read_bytes()

    def windows(nb):
        for cell in nb["cells"]:
            cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")

    change(root, windows)
    adopt("02", root)
    assert text(root).read_bytes() == before
    change(root, lambda nb: nb["cells"][0].update(source="".join(nb["cells"][0]["source"]) + "\r\n\r\nMore.\r\n"))
    adopt("02", root)
    assert "# More.\n" in text(root).read_text(encoding="utf-8") and b"\r" not in text(root).read_bytes()


def test_a_cleaner_that_takes_metadata_out_edits_nothing(root):
    before = text(root).read_bytes()
    change(root, lambda nb: nb["metadata"].clear())
    adopt("02", root)
    assert text(root).read_bytes() == before
    build(root=root)
    change(root, lambda nb: (nb["metadata"].clear(), nb["cells"][0].update(source="# Edited")))
    with pytest.raises(CourseError, match="the note in the notebook that tells which of them was edited is gone"):
        adopt("02", root)
    assert text(root).read_bytes() == before
