"""Cells and their grading data changed. What can be put right is, and said."""

import copy

import nbformat

from course_utils.authoring.cells import grade_id
from hostile.corpus import LOST, WRONG, case


@case(30, LOST, note="restored|mix_pixel_check")
def points_raised(work):
    work.answer(WRONG)
    for cell in work.nb.cells:
        if "points" in cell.metadata.get("nbgrader", {}):
            cell.metadata.nbgrader["points"] = 100


@case(31, LOST, note="mix_pixel")
def flags_flipped(work):
    work.answer(WRONG)
    for name in ("mix_pixel", "mix_pixel_check"):
        marks = work.cell(name).metadata.nbgrader
        marks.update({flag: not marks[flag] for flag in ("grade", "solution", "locked")})


@case(31, LOST)
def check_marked_by_hand(work):
    work.answer(WRONG)
    work.cell("mix_pixel_check").metadata.nbgrader.update(grade=True, solution=True, locked=False, task=True)


@case(32, LOST, note="mix_pixel_check")
def check_renamed(work):
    work.answer(WRONG)
    work.cell("mix_pixel_check").metadata.nbgrader["grade_id"] = "another"


@case(32, {"mix_pixel": (0, 3)}, note="mix_pixel|missing")
def answer_renamed(work):
    work.cell("mix_pixel").metadata.nbgrader["grade_id"] = "mix_pixel_2"


@case(32, {}, note="")
def unknown_cell(work):
    extra = copy.deepcopy(work.cell("mix_pixel_check"))
    extra.metadata.nbgrader.update(grade_id="bonus_check", points=50)
    extra.id, extra.source = "bonus", "pass"
    work.nb.cells.append(extra)


@case(33, LOST, note="missing|put back")
def checks_deleted(work):
    work.answer(WRONG)
    work.nb.cells = [cell for cell in work.nb.cells if not (grade_id(cell) or "").endswith("_check")]


@case(34, LOST, note="mix_pixel_check")
def check_duplicated(work):
    work.answer(WRONG)
    for place in (0, len(work.nb.cells)):
        extra = copy.deepcopy(work.cell("mix_pixel_check"))
        extra.id, extra.source = f"copy-{place}", "pass"
        work.nb.cells.insert(place, extra)


@case(34, {}, note="mix_pixel")
def answer_pasted_twice(work):
    extra = copy.deepcopy(work.cell("mix_pixel"))
    extra.id, extra.source = "copy", WRONG
    work.nb.cells.insert(work.nb.cells.index(work.cell("mix_pixel")), extra)


@case(35, {})
def cells_reversed(work):
    work.nb.cells.reverse()


@case(35, {})
def answers_at_the_end(work):
    work.nb.cells.sort(key=lambda cell: grade_id(cell) in ("mix_pixel", "01_quiz"))


@case(36, {"mix_pixel": (0, 3)}, note="mix_pixel")
def types_changed(work):
    work.cell("mix_pixel").update(cell_type="raw")
    work.cell("mix_pixel_check").update(cell_type="markdown")
    for name in ("mix_pixel", "mix_pixel_check"):
        for field in ("outputs", "execution_count"):
            work.cell(name).pop(field, None)


@case(37, {})
def kernel_of_another_language(work):
    work.nb.metadata.kernelspec = {"name": "bash", "display_name": "Bash", "language": "bash"}
    work.nb.metadata.language_info = {"name": "bash"}


@case(37, {}, safe=False)
def kernel_with_a_path(work):
    work.nb.metadata.kernelspec = {
        "name": "../../../<root>/kernel",
        "display_name": "x",
        "argv": ["touch", str(work.world.sentinel)],
    }


@case(39, {})
def schema_too_old(work):
    for cell in work.nb.cells:
        if grade_id(cell):
            cell.metadata.nbgrader["schema_version"] = 1
            cell.metadata.nbgrader.pop("task", None)


@case(39, {})
def schema_too_new(work):
    for cell in work.nb.cells:
        if grade_id(cell):
            cell.metadata.nbgrader["schema_version"] = 99


@case(1, LOST)
def tags_and_locks_of_all_kinds(work):
    work.answer(WRONG)
    check = work.cell("mix_pixel_check")
    check.source = "raise SystemExit"
    check.metadata.update(tags=["remove-cell", "raises-exception", "skip-execution"], editable=True, deletable=True)
    check.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "3.0"}, execution_count=1)]
