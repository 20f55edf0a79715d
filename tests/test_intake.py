"""What students really hand in, and what their editors and LMSs make of it: nothing that is right costs marks."""

import base64
import json
import os
import random
import time
import tracemalloc

import nbformat
import pytest

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class, plan
from course_utils.grading.prepare import intake, scrub, stamp, strays
from course_utils.grading.run import execute, verdicts

LESSON = "02_by_hand"
RIGHT = {"scan_order": "b"}


@pytest.fixture(scope="module")
def lesson():
    """The release and the solutions of a real lesson."""
    room = Classroom(LESSON, paths.ROOT, paths.ROOT / "grading")
    return room.released(), room.reference()


@pytest.fixture
def room(tmp_path):
    return Classroom(LESSON, paths.ROOT, tmp_path)


def solved(lesson):
    """The release with the solutions typed in."""
    released, reference = (nbformat.from_dict(json.loads(json.dumps(nb))) for nb in lesson)
    answers = {grade_id(cell): cell.source for cell in reference.cells if grade_id(cell)}
    for cell in released.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[grade_id(cell)]
    return released


def answers_in(lesson):
    """How many answers the lesson asks for."""
    return sum(cell.metadata.get("nbgrader", {}).get("solution", False) for cell in lesson[0].cells)


def points_of(lesson):
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in lesson[0].cells)


def at(nb, name):
    return next(i for i, cell in enumerate(nb.cells) if grade_id(cell) == name)


def put(room, student, nb, name=f"{LESSON}.ipynb", age=0):
    path = room.folder / "submitted" / student / LESSON / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nb if isinstance(nb, str) else json.dumps(nb), encoding="utf-8")
    os.utime(path, (1e9 - age, 1e9 - age))
    return path


# The file


@pytest.mark.parametrize(
    "name", ["02_by_hand.IPYNB", "02_by_hand.ipynb.txt", "02_by_hand (1).ipynb", "Mia_1_assignsubmission_file_/x.ipynb"]
)
def test_a_notebook_is_found_under_the_names_that_systems_give_it(room, lesson, name):
    put(room, "ada", solved(lesson), name)
    nb, notes = intake.read(room.submission("ada"), LESSON, lesson[0])
    assert intake.answered(nb, lesson[0]) == answers_in(lesson)
    assert notes == [f"handed in as {name}"]


def test_of_several_notebooks_the_one_with_answers_counts_then_the_newest(room, lesson):
    half = solved(lesson)
    half.cells[at(half, "check_shapes")].source = lesson[0].cells[at(lesson[0], "check_shapes")].source
    put(room, "ada", lesson[0])
    put(room, "ada", half, "a.ipynb")
    put(room, "ada", solved(lesson), "old.ipynb", age=100)
    nb, notes = intake.read(room.submission("ada"), LESSON, lesson[0])
    assert notes == ["handed in as old.ipynb", "also handed in, not used: 02_by_hand.ipynb, a.ipynb"]
    put(room, "ada", solved(lesson), "new.ipynb")
    assert intake.read(room.submission("ada"), LESSON, lesson[0])[1][0] == "handed in as new.ipynb"


def test_what_lies_in_a_folder_without_a_notebook_is_named(room):
    put(room, "ada", "ill", "note.txt")
    with pytest.raises(
        intake.Unreadable, match="no notebook in the folder, expected 02_by_hand.ipynb; in it: note.txt"
    ):
        intake.read(room.submission("ada"), LESSON)


def test_a_notebook_without_its_version_and_one_in_utf_16_are_read(tmp_path, lesson):
    raw = {name: value for name, value in solved(lesson).items() if name != "nbformat"}
    assert intake.answered(intake.parsed(json.dumps(raw).encode("utf-16"), "x"), lesson[0]) == answers_in(lesson)


def test_large_outputs_are_passed_over_and_a_large_notebook_is_refused(tmp_path, lesson, monkeypatch):
    monkeypatch.setattr(intake, "LARGE", 200_000)
    nb = solved(lesson)
    nb.cells[at(nb, "conv1x1_loops_check")].outputs = [nbformat.v4.new_output("stream", text="x" * 300_000)]
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(nb))
    assert intake.answered(intake.parse(path), lesson[0]) == answers_in(lesson)
    nb.cells.append(nbformat.v4.new_code_cell("x" * 300_000))
    path.write_text(json.dumps(nb))
    with pytest.raises(intake.Unreadable, match="too large without its outputs"):
        intake.parse(path)
    path.write_text(json.dumps(nb)[:-9])
    with pytest.raises(intake.Unreadable, match="too large|not valid JSON"):
        intake.parse(path)


def test_files_beside_the_notebook_go_along_while_they_are_few_and_small(room, lesson, monkeypatch):
    monkeypatch.setattr(intake, "ATTACHED_MAX", 1000)
    folder = put(room, "ada", solved(lesson)).parent
    for name, size in {"mine.py": 10, "film.mp4": 2000, "data/x.csv": 20, ".DS_Store": 5, "timestamp.txt": 5}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"1" * size)
    (folder / "link.py").symlink_to("/etc/passwd")
    kept, notes = intake.attachments(folder)
    assert sorted(kept) == ["data/x.csv", "mine.py"]
    assert notes[0] == "handed in beside the notebook, and used: data/x.csv, mine.py"
    assert notes[1].startswith("not used (over 30 files or ") and notes[1].endswith(": film.mp4, link.py")


# The cells


def picture(size):
    return f"![image.png](data:image/png;base64,{base64.b64encode(random.Random(1).randbytes(size)).decode()})"


def test_pasted_pictures_push_no_answer_out_and_are_kept(lesson):
    nb = solved(lesson)
    nb.cells[1:1] = [nbformat.v4.new_markdown_cell(f"Note {i}\n{picture(150_000)}") for i in range(8)]
    clean, notes = scrub.scrub(nb, *lesson)
    assert notes == []
    assert len([cell for cell in clean.cells if cell.get("attachments")]) == 8
    assert clean.cells[1].source == "Note 0\n![image.png](attachment:pasted-1)"


def test_text_of_the_learners_own_pushes_no_answer_out(lesson):
    nb = solved(lesson)
    nb.cells[1:1] = [nbformat.v4.new_markdown_cell("x" * 300_000) for _ in range(3)]
    clean, notes = scrub.scrub(nb, *lesson)
    assert notes == [f"too long: 2 of {len(nb.cells)} cells were left out"]
    assert clean.cells[at(clean, "conv1x1_loops")].source == nb.cells[at(nb, "conv1x1_loops")].source


def test_a_copy_below_the_check_does_not_count_and_one_above_does(lesson):
    nb = solved(lesson)
    place = at(nb, "conv1x1_loops")
    right = nb.cells[place].source
    copy = nbformat.from_dict({**nb.cells[place], "id": "copied", "source": "def conv1x1_loops(*_): return 0"})
    nb.cells.append(copy)
    clean, notes = scrub.scrub(nb, *lesson)
    assert notes == [f"more than once, the last above its check counts: conv1x1_loops (cell {place + 1})"]
    assert clean.cells[at(clean, "conv1x1_loops")].source == right and clean.cells[-1].source == copy.source
    nb.cells.insert(place, nb.cells.pop())  # now above the right one, which the check still saw last
    clean, _ = scrub.scrub(nb, *lesson)
    assert clean.cells[at(clean, "conv1x1_loops")].source == right
    nb.cells.insert(place + 1, nb.cells.pop(place))
    clean, _ = scrub.scrub(nb, *lesson)
    assert clean.cells[at(clean, "conv1x1_loops")].source == copy.source


def test_only_what_was_moved_is_said_to_be(lesson):
    nb = solved(lesson)
    nb.cells.append(nb.cells.pop(at(nb, "conv1x1_one")))
    clean, notes = scrub.scrub(nb, *lesson)
    assert notes == ["in another order, restored: conv1x1_one"]
    assert [grade_id(cell) for cell in clean.cells if grade_id(cell)] == [
        grade_id(cell) for cell in lesson[0].cells if grade_id(cell)
    ]


def test_imports_and_helpers_that_were_deleted_are_put_back_where_they_are_used(lesson):
    nb = solved(lesson)
    first = next(i for i, cell in enumerate(nb.cells) if cell.cell_type == "code")
    nb.cells.pop(first)
    clean, notes = scrub.scrub(nb, *lesson)
    (note,) = notes
    assert note.startswith("not defined any more, put back from the lesson: ")
    assert {"np", "check", "quiz"} <= set(note.rpartition(": ")[2].split(", "))
    assert clean.cells[first].source.startswith("import numpy as np\n")
    nb.cells.insert(
        first,
        nbformat.v4.new_code_cell(
            "from course_utils import *\nimport numpy as np, course_utils\ncheck = course_utils.check"
        ),
    )
    told = scrub.scrub(nb, *lesson)[1]
    assert not told or not {"np", "check"} & set(told[0].rpartition(": ")[2].split(", "))


def test_a_line_taken_out_of_the_imports_is_put_back_alone(lesson):
    nb = solved(lesson)
    first = next(cell for cell in nb.cells if cell.cell_type == "code")
    first.source = first.source.replace("import numpy as np\n", "")
    clean, notes = scrub.scrub(nb, *lesson)
    assert notes == ["not defined any more, put back from the lesson: np"]
    assert [cell.source for cell in clean.cells].count("import numpy as np") == 1


@pytest.mark.parametrize("letter", ["{}", "{})", "({})", " {}. ", "{}:"])
def test_letters_count_however_they_are_written(letter):
    question = find("scan_order")
    wide = chr(ord(question.right) + 0xFEE0)
    for text in (question.right, question.right.upper(), wide):
        assert judge(question, letter.format(text)).outcome == "correct"
    for text in ("", "?", f"{question.right}c", "not a", "ab", "１"):
        assert judge(question, text).outcome != "correct"


# Times


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"2030-12-02 12:00:00.5 UTC", "2030-12-02 12:00:00.500000 UTC"),
        ("\ufeff2030-12-02 12:00 UTC".encode(), "2030-12-02 12:00:00.000000 UTC"),
        ("2030-12-02 12:00 UTC\r\n".encode("utf-16"), "2030-12-02 12:00:00.000000 UTC"),
        (b"02.12.2030 14:00", "2030-12-02 14:00:00.000000 UTC"),
        (b"2030-12-02 12:00 Europe/Berlin", "2030-12-02 11:00:00.000000 UTC"),
        (b"2030-07-02 12:00 CEST", "2030-07-02 10:00:00.000000 UTC"),
        (b"13/12/2030 10:00", "2030-12-13 10:00:00.000000 UTC"),
    ],
)
def test_times_that_people_write_are_understood(tmp_path, content, expected):
    (tmp_path / "timestamp.txt").write_bytes(content)
    when, note = stamp.read(tmp_path)
    assert (stamp.written(when), note) == (expected, "")


def test_of_a_time_that_is_a_large_file_the_beginning_is_read(tmp_path):
    with (tmp_path / "timestamp.txt").open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    assert stamp.read(tmp_path)[0] is None
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "content",
    [
        b"yesterday evening",
        b"02/03/2030",
        b"",
        b"\xff\x00",
        b"12:00",
        b"2030-12-02 12:00 XYZ",
        b"99999999999999999",
        b"12:0020309999999999999999999910000",
        b"9999-12-31 23:59 -1200",
    ],
)
def test_what_is_no_time_is_said_with_the_name_of_the_file(tmp_path, content):
    (tmp_path / "timestamp.txt").write_bytes(content)
    when, note = stamp.read(tmp_path)
    assert when is None
    assert note.startswith("timestamp.txt ") and note.endswith("or remove it, and grade again")


# What lies elsewhere


def test_work_that_nobody_would_look_at_is_named_with_what_to_do(room, lesson, capsys):
    top = room.folder / "submitted"
    put(room, "fine", solved(lesson))
    put(room, "02", solved(lesson))  # a student called 02
    (top / "later" / "03_counting_maps").mkdir(parents=True)
    (top / "later" / "03_counting_maps" / "03_counting_maps.ipynb").touch()
    stray = {"loose.ipynb": "STUDENT", "ada/02_by_hand.ipynb": "ada", "ben/02/x.ipynb": "ben", "cyd/Lesson 02/x.ipynb": "cyd", "dan/02_By_Hand/x.ipynb": "dan",
             "eve/02_by_hand /x.ipynb": "eve", "02_by_hand/flo/02_by_hand.ipynb": "flo", "2/gus/x.ipynb": "gus"}  # fmt: skip
    for name in stray:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).touch()
    (top / ".DS_Store").touch()
    found = {path.as_posix(): what for path, _, what in strays.unused(room)}
    assert found == {name: f"move it to {student}/{LESSON}/" for name, student in stray.items()}
    lines, lost = strays.told(room)
    assert lost and len(lines) == 1 + len(stray)
    assert room.students() == ["02", "fine"]


def test_a_dry_run_survives_any_file(tmp_path, lesson, capsys):
    room = Classroom(LESSON, paths.ROOT, tmp_path / "grading")
    put(room, " space", solved(lesson))
    put(room, "list", "[]")
    put(room, "old", json.dumps({"nbformat": 3, "worksheets": 5}))
    put(room, "odd", json.dumps({"cells": [{}], "metadata": 7}))
    (tmp_path / "solutions").symlink_to(paths.ROOT / "solutions")
    plan("02", root=tmp_path)
    said = capsys.readouterr().out
    assert (
        " space: cannot be graded\n  ! nbgrader cannot have [ ] * ? or outer spaces in a student's name: rename ' space'"
        in said
    )
    assert "3 of 4 would be run" in said


def test_names_with_accents_are_one_however_they_are_written(room, lesson):
    composed, apart = "\u00e9mile", "e\u0301mile"
    put(room, apart, solved(lesson))
    assert room.students() == room.students([apart]) == room.students([composed]) == [composed]
    assert room.submission(composed).is_dir()


# Run


def test_of_two_folders_that_read_alike_one_counts_and_the_other_is_named(room, lesson):
    for name in ("M\u00fcller", "Mu\u0308ller"):
        folder = room.folder / "submitted" / name / LESSON
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_text(json.dumps(solved(lesson)))
    assert room.handed_in().count("M\u00fcller") == 1
    assert room.submission("M\u00fcller").parent.name == "M\u00fcller"
    [(path, of, what)] = [one for one in strays.unused(room) if "ller" in str(one[0])]
    assert (path.parts[0], of) == ("Mu\u0308ller", LESSON) and "another folder has this name" in what
    assert strays.told(room)[1]


def test_a_name_that_an_error_kept_from_being_defined_is_explained_by_that_error():
    check = {"nbgrader": {"grade": True, "grade_id": "f_check", "locked": True}}
    broken = nbformat.v4.new_output("error", ename="SyntaxError", evalue="'(' was never closed", traceback=[])
    other = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    said = nbformat.v4.new_output("error", ename="NameError", evalue="name 'f' is not defined", traceback=[])
    nb = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("def f(x):\n    return (", outputs=[broken]),
            nbformat.v4.new_code_cell("g(f)", outputs=[other]),
            nbformat.v4.new_code_cell("check(f)", outputs=[said], metadata=check),
        ]
    )
    nb.metadata[verdicts.PLACE] = {"cells": {}}
    output = execute.with_reasons(nb).cells[2].outputs[0]
    assert (output.ename, output.evalue) == ("SyntaxError", "'(' was never closed, in the cell that defines f")


@pytest.mark.slow
def test_modules_of_a_learners_own_are_found_as_in_their_notebook(room, lesson):
    nb = solved(lesson)
    text = "import numpy as np\n" + nb.cells[at(nb, "conv1x1_loops")].source
    nb.cells[at(nb, "conv1x1_loops")].source = "from my_layers import conv1x1_loops"
    put(room, "beside", nb).with_name("my_layers.py").write_text(text)
    nb.cells[at(nb, "conv1x1_loops")].source = f"%%writefile my_layers.py\n{text}"
    nb.cells.insert(at(nb, "conv1x1_loops_check"), nbformat.v4.new_code_cell("from my_layers import conv1x1_loops"))
    put(room, "written", nb)
    one, two = grade_class(room)
    assert one.marks == two.marks == points_of(lesson)
    assert one.notes == ["handed in beside the notebook, and used: my_layers.py"] and not two.notes
    page = (room.feedback("beside") / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "my_layers.py" in page


def test_cells_and_outputs_of_every_format_are_counted_before_they_are_read(room):
    old = {"cell_type": "code", "input": "1", "language": "python", "metadata": {}, "collapsed": False}
    many = [old | {"outputs": []}] * (intake.CELLS_MAX + 1)
    for number, found in enumerate([{"worksheets": [{"cells": many}]}, {"worksheets": [{"cells": many[:15_000]}] * 2}]):
        put(room, f"many{number}", json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}} | found))
        with pytest.raises(intake.Unreadable, match="cells, at most"):
            intake.read(room.submission(f"many{number}"), LESSON)
    odd = [old | {"outputs": [{"output_type": "no such kind"}] * 100_000}]
    put(room, "odd", json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": odd}]}))
    began = time.process_time()
    nb, _ = intake.read(room.submission("odd"), LESSON)
    assert [cell.source for cell in nb.cells] == ["1"]
    assert time.process_time() - began < 5


def test_metadata_that_fit_nowhere_are_not_looked_at(room, lesson):
    nb = json.loads(json.dumps(lesson[0]))
    nb["metadata"] = {"tags": [1, 2] * 50_000, "kernelspec": 3}
    for cell in nb["cells"]:
        cell["metadata"] |= {"collapsed": "no", "tags": [1, 2] * 9_000}
        cell["no such key"] = [1] * 100
    put(room, "ada", json.dumps(nb))
    began = time.process_time()
    found, notes = intake.read(room.submission("ada"), LESSON)
    assert not notes and [grade_id(cell) for cell in found.cells] == [grade_id(cell) for cell in lesson[0].cells]
    assert time.process_time() - began < 5


def test_of_many_notebooks_some_are_read_and_the_lesson_s_own_is_among_them(room, lesson):
    text = json.dumps(lesson[0])
    put(room, "ada", text)
    for i in range(intake.NOTEBOOKS_MAX + 5):
        (room.submission("ada") / f"0 copy {i}.ipynb").write_text(text)
    _, notes = intake.read(room.submission("ada"), LESSON)
    assert "not read: 6 more notebooks" in notes


def test_a_path_deeper_than_python_goes_costs_nobody_anything(room, lesson, deep):
    put(room, "ada", json.dumps(lesson[0]))
    deep(room.submission("ada"))
    deep(room.submission("ada").parent)
    assert [path.name for path in intake.work(room.submission("ada"))] == [f"{LESSON}.ipynb"]
    assert strays.told(room) == ([], False)
