"""From an LMS's download to a folder for each student: everybody is found or named, and nothing else is touched."""

import io
import json
import os
import re
import struct
import time
import tracemalloc
import unicodedata
import zipfile

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.collect import archive, collect, labels
from course_utils.grading.marks.gradebook import settings
from course_utils.grading.people import columns, roster, spreadsheet

LESSON = "02_by_hand"
STUB = (paths.notebooks() / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")
OTHER = (paths.notebooks() / "03_counting_maps" / "03_counting_maps.ipynb").read_text(encoding="utf-8")
PEOPLE = [
    ("501", "Ada Lovelace", "ada@uni.example"),
    ("502", "José Muñoz", "jose@uni.example"),
    ("503", "李 小龙", "li@uni.example"),
    ("504", "Łukasz Zażółć-Gęślą", "lukasz@uni.example"),
]
HEADERS = {
    "en": "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments",
    "pl": "Identyfikator,Imię i nazwisko,Adres e-mail,Status,Ocena,Maksymalna ocena,Ocena może być zmieniona,Zmodyfikowano (ocena),Komentarz zwrotny",
    "cs": "Identifikátor,Celé jméno,E-mailová adresa,Stav,Známka,Nejvyšší známka,Známku lze měnit,Poslední změna (známka),Komentář",
}
WORKSHEET = "".join(f"Participant {number},{name},{mail},-,,11.00,Yes,-,\n" for number, name, mail in PEOPLE)
GRADEBOOK = "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 02 (991)\n    Points Possible,,,,,11\n" + "".join(
    f'"{" ".join(name.split()[1:])}, {name.split()[0]}",{number},s{number},{mail},S1,\n'
    for number, name, mail in PEOPLE
)


def answered(text="def conv1x1_loops(x, weight, bias=None):\n    return 1"):
    nb = json.loads(STUB)
    next(cell for cell in nb["cells"] if cell["id"] == "conv1x1_loops")["source"] = text
    return json.dumps(nb)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "course").mkdir()
    for name in ("solutions", "notebooks"):
        (tmp_path / "course" / name).symlink_to(paths.ROOT / name)
    return tmp_path / "course"


@pytest.fixture
def zipped(tmp_path):
    def write(files, year=2030):
        path = tmp_path / "submissions.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in files.items():
                file.writestr(zipfile.ZipInfo(name, (year, 1, 2, 3, 4, 6)), content)
        return path

    return write


@pytest.fixture
def people(tmp_path):
    def write(text):
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def moodle(number, name, file=f"/{LESSON}.ipynb"):
    return f"{name}_{number}_assignsubmission_file_{file}"


def there(root):
    top = root / "grading" / "submitted"
    return sorted(
        path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file() and path.name != collect.NOTE
    )


DOWNLOADS = {
    "moodle": {moodle(number, name): answered() for number, name, _ in PEOPLE},
    "moodle, flat": {moodle(number, name, f"{LESSON}.ipynb"): answered() for number, name, _ in PEOPLE},
    "moodle, anonymous": {moodle(number, "Uczestnik"): answered() for number, *_ in PEOPLE},
    "moodle, of macOS": {unicodedata.normalize("NFD", moodle(number, name)): answered() for number, name, _ in PEOPLE},
    "canvas": {
        f"x{'_LATE' * (number == '502')}_{number}_77{number}_{LESSON}-1.ipynb": answered() for number, *_ in PEOPLE
    },
    "ilias": {
        f"Exercise/Submissions/{name.split()[1]}_{name.split()[0]}_{mail.partition('@')[0]}_{number}/20301202120000_{LESSON}.ipynb": answered()
        for number, name, mail in PEOPLE
    },
    "folder": {f"class/{mail}/{LESSON}/{LESSON}.ipynb": answered() for *_, mail in PEOPLE},
    "folder, other order": {f"Lesson 02/{mail.partition('@')[0]}/a.IPYNB": answered() for *_, mail in PEOPLE},
    "folder, flat": {f"{mail.partition('@')[0]}_{LESSON}.ipynb.txt": answered() for *_, mail in PEOPLE},
    "folder, names": {f"{name}/{LESSON}.ipynb": answered() for _, name, _ in PEOPLE},
}


@pytest.mark.parametrize("kind", DOWNLOADS)
@pytest.mark.parametrize("told", [True, False])
def test_every_student_of_a_download_gets_a_folder(root, zipped, people, kind, told):
    table = people(f"{HEADERS['pl']}\n{WORKSHEET}")
    assert collect.collect("02", zipped(DOWNLOADS[kind]), kind.partition(",")[0] if told else "", table, root=root)
    assert there(root) == sorted(f"{mail}/{LESSON}/{LESSON}.ipynb" for *_, mail in PEOPLE)


def test_canvas_is_matched_by_its_gradebook_and_its_newest_attempt_counts(root, zipped, people, capsys):
    files = {
        f"lovelaceada_501_1{i}_{LESSON}-{i}.ipynb": answered(f"def conv1x1_loops(*_): return {i}") for i in (2, 10, 1)
    }
    assert collect.collect("02", zipped(files), roster=people(GRADEBOOK), root=root)
    assert "return 10" in (root / "grading" / "submitted" / "ada@uni.example" / LESSON / f"{LESSON}.ipynb").read_text()
    said = capsys.readouterr().out
    assert "lovelaceada: 3 notebooks, 02_by_hand.ipynb counts" in said
    assert "not handed in: 3 (jose@uni.example, li@uni.example, lukasz@uni.example)" in said


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("kind", ["moodle", "canvas"])
def test_a_class_is_read_from_the_lms_in_any_language_and_kept(root, zipped, people, language, kind):
    table = people(f"{HEADERS[language]}\n{WORKSHEET}" if kind == "moodle" else GRADEBOOK)
    assert collect.collect("02", zipped(DOWNLOADS["moodle"]), roster=table, root=root)
    kept = roster.of_class(root / "grading")
    assert [one.student for one in kept.people] == [mail for *_, mail in PEOPLE]
    assert kept.find(number="503").email == "li@uni.example"
    assert kept.find(name="munozjose" if kind == "moodle" else "Muñoz José").email == "jose@uni.example"


def test_without_a_list_names_are_those_of_the_lms_and_homonyms_keep_their_numbers(root, zipped):
    files = {moodle("7", "Ann Lee"): answered(), moodle("8", "Ann Lee"): answered(), moodle("9", "Bo [x]"): answered()}
    assert collect.collect("02", zipped(files), root=root)
    assert there(root) == [f"{name}/{LESSON}/{LESSON}.ipynb" for name in ("Ann Lee 7", "Ann Lee 8", "Bo _x_")]


def test_a_name_that_ends_up_as_another_one_s_takes_nobody_s_place(root, zipped):
    files = {
        moodle("7", "Ann Lee"): answered(),
        moodle("8", "Ann Lee."): answered(),
        moodle("9", "Ann Lee "): answered(),
    }
    assert collect.collect("02", zipped(files), root=root)
    assert there(root) == [f"{name}/{LESSON}/{LESSON}.ipynb" for name in ("Ann Lee  9", "Ann Lee 7", "Ann Lee. 8")]


def test_who_calls_themselves_as_moodle_calls_another_one_s_work_is_not_taken_for_them(root, zipped, capsys):
    files = {moodle("7", "Ann"): answered(), moodle("9", "Ann_7_assignsubmission_file"): answered("# of Eve's")}
    assert not collect.collect("02", zipped(files), root=root)
    assert "the name does not say whose it is" in capsys.readouterr().out and there(root) == []
    assert collect.collect("02", zipped(files), skip=True, root=root)
    assert "of Eve's" not in (root / "grading" / "submitted" / "Ann" / LESSON / f"{LESSON}.ipynb").read_text()


@pytest.mark.parametrize("inside", ["pictures/{}.png", "Ann_7_assignsubmission_file_/{}.txt"])
def test_how_names_are_read_is_not_decided_by_what_one_person_has_in_a_zip(root, zipped, inside):
    own = zipped_bytes({f"{LESSON}.ipynb": answered(), **{inside.format(i): "" for i in range(9)}})
    files = {"ann_7_70_x.ipynb": answered(), "bo_8_80_x.ipynb": answered(), "eve_9_90_w.zip": own}
    assert collect.collect("02", zipped(files), root=root)
    assert {path.split("/")[0] for path in there(root)} == {"ann", "bo", "eve"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({moodle("999", "Eve Stranger"): answered()}, "Eve Stranger: not in people.csv"),
        ({moodle("502", "José Muñoz", "/03_x.ipynb"): OTHER}, "03_x.ipynb is of lesson 03"),
        ({moodle("502", "José Muñoz"): "{"}, "José Muñoz: 02_by_hand.ipynb is not valid JSON"),
        ({moodle("502", "José Muñoz", "/report.pdf"): "x"}, "no notebook, but report.pdf"),
        ({"loose.ipynb": answered()}, "loose.ipynb: the name does not say whose it is"),
    ],
)
def test_while_something_does_not_fit_nothing_is_written(root, zipped, people, files, said, capsys):
    path, table = zipped({moodle("501", "Ada Lovelace"): answered()} | files), people(f"{HEADERS['en']}\n{WORKSHEET}")
    assert not collect.collect("02", path, "moodle", table, root=root)
    shown = capsys.readouterr().out
    assert said in shown and "Nothing was written." in shown and there(root) == []
    assert collect.collect("02", path, "moodle", table, skip=True, root=root)
    assert there(root) == [f"ada@uni.example/{LESSON}/{LESSON}.ipynb"]


def test_nobodys_own_work_is_written_over_and_newer_downloads_replace_older(root, zipped, people, capsys):
    table = people(f"{HEADERS['en']}\n{WORKSHEET}")
    own = root / "grading" / "submitted" / "ada@uni.example" / LESSON / f"{LESSON}.ipynb"

    def again(text, year, **how):
        return collect.collect(
            "02", zipped({moodle("501", "Ada Lovelace"): answered(text)}, year), roster=table, root=root, **how
        )

    assert again("one", 2030)
    assert again("two", 2031) and "two" in own.read_text()
    assert again("two", 2031) and "as it was: 1" in capsys.readouterr().out
    assert again("one", 2030) and "two" in own.read_text() and "older than what is there: 1" in capsys.readouterr().out
    assert again("three", 2032, dry_run=True) and "two" in own.read_text()
    own.write_text(answered("a person's"))
    assert not again("three", 2032) and "a person's" in own.read_text()
    assert "ada@uni.example: holds other work than was collected" in capsys.readouterr().out
    own.with_name("notes.txt").write_text("mine")
    assert again("three", 2032, skip=True) and "a person's" in own.read_text() and own.with_name("notes.txt").exists()


def test_a_person_who_has_a_folder_keeps_it(root, zipped, people):
    (root / "grading" / "submitted" / "ada").mkdir(parents=True)
    collect.collect(
        "02",
        zipped({moodle("501", "Ada Lovelace"): answered()}),
        roster=people(f"{HEADERS['en']}\n{WORKSHEET}"),
        root=root,
    )
    assert there(root) == [f"ada/{LESSON}/{LESSON}.ipynb"]


def test_files_of_a_students_zip_lie_beside_the_notebook_with_its_time(root, zipped):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        for name, content in {
            f"handed_in/{LESSON}.ipynb": answered(),
            "handed_in/mine.py": "1",
            "handed_in/data/x.csv": "2",
            "__MACOSX/handed_in/._x": "",
            "handed_in/.DS_Store": "",
        }.items():
            file.writestr(zipfile.ZipInfo(name, (2030, 1, 2, 3, 4, 6)), content)
    assert collect.collect("02", zipped({moodle("7", "Ann", "/all.zip"): inner.getvalue()}), times=True, root=root)
    assert there(root) == [
        f"Ann/{LESSON}/{name}" for name in (f"{LESSON}.ipynb", "data/x.csv", "mine.py", "timestamp.txt")
    ]


def test_a_folder_is_taken_as_a_zip_is(root, tmp_path):
    place = tmp_path / "download" / "ada" / "Lesson 02"
    place.mkdir(parents=True)
    (place / "x.ipynb").write_text(answered())
    (place / "link.ipynb").symlink_to("/etc/passwd")
    assert collect.collect("02", tmp_path / "download", root=root)
    assert there(root) == [f"ada/{LESSON}/{LESSON}.ipynb"]


# Zips made to do harm


def test_no_path_leads_outside_and_no_link_is_followed(root, tmp_path, zipped, capsys):
    files = {moodle("7", "Ann"): answered()} | dict.fromkeys(
        ("../../evil.py", "/etc/evil.py", "..\\..\\evil.py", "C:\\evil.py", moodle("7", "Ann", "/../../../evil.py")),
        "x",
    )
    path = zipped(files)
    with zipfile.ZipFile(path, "a") as file:
        link = zipfile.ZipInfo(moodle("7", "Ann", "/link.py"))
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert collect.collect("02", path, root=root)
    assert there(root) == [f"Ann/{LESSON}/{LESSON}.ipynb"]
    assert not [found for found in tmp_path.rglob("evil.py")]
    said = capsys.readouterr().out
    assert said.count("a path that leads outside") == 5 and said.count("a link") == 1


def test_a_bomb_is_stopped_by_the_bytes_that_come_out(root, zipped, monkeypatch, capsys):
    monkeypatch.setattr(archive.intake, "SIZE_MAX", 300_000)
    path = zipped({moodle("7", "Ann"): answered(), moodle("8", "Bo", "/big.txt"): b"0" * 3_000_000})
    assert not collect.collect("02", path, root=root)
    assert "over 0 MB" in capsys.readouterr().out
    monkeypatch.setattr(archive, "BYTES_MAX", 100_000)
    with pytest.raises(CourseError, match="GB come out of it"):
        collect.collect("02", path, root=root)
    monkeypatch.setattr(archive, "FILES_MAX", 1)
    monkeypatch.setattr(archive, "BYTES_MAX", 10**9)
    with pytest.raises(CourseError, match="more than 1 files"):
        collect.collect("02", zipped({f"{i}.txt": "" for i in range(9)}), root=root)
    assert there(root) == []


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_would_unpack_in_one_piece_is_not_unpacked(root, zipped, capsys, method):
    """600 bytes of bzip2 are 600 MB, and twice that of memory, before anybody can count them."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", method) as file:
        file.writestr("data.txt", bytes(50_000_000))
        file.writestr("x.ipynb", answered(), zipfile.ZIP_DEFLATED)
    files = {moodle("7", "Ann"): answered(), moodle("9", "Eve", "/w.zip"): inner.getvalue()}
    tracemalloc.start()
    assert collect.collect("02", zipped(files), root=root)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {path.split("/")[0] for path in there(root)} == {"Ann", "Eve"}
    assert "data.txt: packed in a way that is not read here" in capsys.readouterr().out and peak < 50_000_000


@pytest.mark.parametrize(
    "name", ["a" + "\u0301" * 12_000 + "\u0316" * 12_000, ".ipynb" * 9_000 + "\nx"], ids=["accents", "ends"]
)
def test_names_that_take_long_to_read_are_not_read(root, zipped, capsys, name):
    inner = zipped_bytes({"x.ipynb": answered()} | {f"{name}{i}/x.txt": "" for i in range(20)})
    began = time.process_time()
    assert collect.collect(
        "02", zipped({moodle("7", "Ann"): answered(), moodle("9", "Eve", "/w.zip"): inner}), root=root
    )
    assert time.process_time() - began < 5
    assert {path.split("/")[0] for path in there(root)} == {"Ann", "Eve"}
    assert "a name so long that it has no place in a folder" in capsys.readouterr().out


def test_zips_in_zips_end_and_broken_ones_are_named(root, zipped, capsys):
    content = answered().encode()
    for _ in range(5):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as file:
            file.writestr("in.zip" if content[:2] == b"PK" else "x.ipynb", content)
        content = inner.getvalue()
    files = {
        moodle("7", "Ann"): answered(),
        moodle("8", "Bo", "/deep.zip"): content,
        moodle("9", "Cy", "/cut.zip"): content[:-30],
        moodle("9", "Cy", "/x.rar"): "Rar!",
    }
    assert not collect.collect("02", zipped(files), root=root) or there(root) == [f"Ann/{LESSON}/{LESSON}.ipynb"]
    said = capsys.readouterr().out
    assert "zips in zips, more than 3 deep" in said and "an archive of another kind than zip" in said


def test_a_zip_whose_list_is_too_long_is_not_read(root, zipped, capsys, monkeypatch):
    """Two million names of no files, 100 MB, take 14 s to list, and each zip of one person would take them."""
    name = b"\x00" * 7
    named = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), *[0] * 6) + name
    many = 70_000
    ending = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, many & 0xFFFF, many & 0xFFFF, many * len(named), 0, 0)
    content = many * named + ending
    files = {moodle("8", "Bo"): answered()} | {moodle("8", "Bo", f"/{i}.zip"): content for i in range(3)}
    read, listed = zipfile.ZipFile._RealGetContents, []
    monkeypatch.setattr(
        zipfile.ZipFile, "_RealGetContents", lambda file: (read(file), listed.append(len(file.filelist)))
    )
    collect.collect("02", zipped(files), root=root)
    said = capsys.readouterr().out
    assert there(root) == [f"Bo/{LESSON}/{LESSON}.ipynb"], said
    assert said.count("a zip of over 5,000 files: unpack it by hand") == 3 and max(listed) == len(files)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_zip_is_refused_in_a_sentence(root, tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(CourseError, match="neither a folder nor a zip"):
        collect.collect("02", path, root=root)
    with pytest.raises(CourseError, match="is not there"):
        collect.collect("02", tmp_path / "missing.zip", root=root)


def test_what_lies_in_the_exchange_leads_nowhere_and_stops_nobody(root, tmp_path, deep, caplog):
    """nbgrader copies what a link leads to, with the teacher's rights, and stops at the first pipe."""
    inbound, secret = tmp_path / "exchange" / "one_by_one" / "inbound", tmp_path / "secret"
    inbound.mkdir(parents=True)
    secret.mkdir()
    (secret / "private.txt").write_text("canary7c1e")
    for name in ("ada", "bob", "zoe"):
        (inbound / f"{name}+{LESSON}+2030-01-02 00:00:00 UTC").mkdir()
        (inbound / f"{name}+{LESSON}+2030-01-02 00:00:00 UTC" / f"{LESSON}.ipynb").write_text(answered())
    ada, bob, _ = sorted(inbound.iterdir())
    (ada / "data.txt").symlink_to(secret / "private.txt")
    (ada / "folder").symlink_to(secret)
    (inbound / f"eve+{LESSON}+2030-01-02 00:00:00 UTC").symlink_to(secret)
    os.mkfifo(bob / "pipe")
    deep(bob)
    config = settings()
    config.CourseDirectory.root, config.Exchange.root = str(root), str(tmp_path / "exchange")
    config.CourseDirectory.db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert NbGraderAPI(coursedir=CourseDirectory(config=config), config=config).collect(LESSON)["success"]
    assert there(root) == [f"{name}/{LESSON}/{LESSON}.ipynb" for name in ("ada", "bob", "zoe")]


# Who is who


def test_names_are_matched_in_either_order_and_never_where_two_could_be_meant():
    both = roster.Roster(
        [
            roster.Person("1", "Ann Lee", ("1",)),
            roster.Person("2", "Lee Ann", ("2",)),
            roster.Person("3", "Zoë Ångström", ("3",)),
        ]
    )
    assert both.find(name="Ann Lee") is None
    assert both.find(name="angstromzoe").student == both.find(number="003").student == "3"
    assert both.find(name="nobody") is None and both.find() is None


def test_columns_are_known_by_what_is_in_them(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(f"{HEADERS['cs']}\n{WORKSHEET}", encoding="utf-8")
    expected = {"id": 0, "name": 1, "mail": 2, "grade": 4, "maximum": 5, "open": 6, "comments": 8}
    assert columns.places(spreadsheet.read(path)) == expected


def test_days_of_an_extension_are_those_of_the_lesson_or_of_all():
    person = roster.Person("ada", extension="02+5 all+1.5")
    assert (person.days("02_by_hand"), person.days("03_x"), roster.Person("bo").days("03_x")) == (5.0, 1.5, 0.0)


def test_a_kind_is_told_by_most_names():
    from pathlib import PurePosixPath as P

    assert labels.kind_of([P(moodle("1", "A")), P(moodle("2", "B")), P("readme.txt")]) == "moodle"
    assert labels.kind_of([P("a_1_2_x-1.ipynb"), P("b_LATE_3_4_x.ipynb")]) == "canvas"
    assert labels.kind_of([P("ada/02_by_hand/x.ipynb")]) == "folder"


def test_every_graded_notebook_is_known_by_its_cells(root):
    from course_utils.grading.collect.sort import cells_by_lesson, lesson_of

    cells = cells_by_lesson(root)
    room = Classroom("03_counting_maps", root, root / "grading")
    assert lesson_of(room.released(), "02_by_hand.ipynb", cells, {"02byhand": LESSON}) == "03_counting_maps"
    assert lesson_of(nbformat.v4.new_notebook(), "02_By Hand (1).ipynb", cells, {"02byhand": LESSON}) == LESSON


def zipped_bytes(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    "beside",
    [
        {"/foo": "a file", "/foo/bar": "in a folder of its name"},
        {f"/{'n' * 300}.txt": "x"},
        {"/" + "deep/" * 900 + "x.txt": "x"},
        {f"/{LESSON}.ipynb/data.txt": "in a folder of the notebook's name", "/x.ipynb": answered("# a newer one")},
    ],
    ids=["a file in the place of a folder", "a long name", "a deep path", "a folder in the place of the notebook"],
)
def test_a_file_that_has_no_place_is_left_out_alone(root, zipped, capsys, beside):
    own = {moodle("9", "Eve", name): text for name, text in beside.items()}
    files = {moodle("7", "Ann"): answered(), moodle("9", "Eve"): answered()} | own | {moodle("8", "Zoe"): answered()}
    assert collect.collect("02", zipped(files), root=root)
    found = {path.split("/")[0] for path in there(root)}
    assert found == {"Ann", "Eve", "Zoe"}
    assert "has no place in a folder" in capsys.readouterr().out


def test_a_name_that_no_folder_can_have_is_that_person_s_trouble(root, zipped, capsys):
    files = {moodle("7", "Ann"): answered(), moodle("9", "E" * 300): answered()}
    assert not collect.collect("02", zipped(files), root=root)
    assert collect.collect("02", zipped(files), skip=True, root=root)
    assert there(root) == [f"Ann/{LESSON}/{LESSON}.ipynb"]
    assert "too long for a folder" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["zips", "zips in zips", "notebooks"])
def test_many_files_of_one_person_s_keep_nobody_else_s_out(root, zipped, capsys, monkeypatch, kind):
    """Each is small enough; together they would be more than comes out of a class."""
    monkeypatch.setattr(archive, "OWN_BYTES", 100_000)
    monkeypatch.setattr(archive, "BYTES_MAX", 300_000)
    monkeypatch.setattr(archive, "OWN_FILES", 40)
    zeros = zipped_bytes({"big.bin": "0" * 50_000, **{f"{i}.txt": "" for i in range(9)}})
    made = {
        "zips": zeros,
        "zips in zips": zipped_bytes({f"{i}.zip": zeros for i in range(3)}),
        "notebooks": answered() + " " * 50_000,
    }
    own = {moodle("9", "Eve", f"/{i}.{'ipynb' if kind == 'notebooks' else 'zip'}"): made[kind] for i in range(30)}
    files = own | {moodle("9", "Eve"): answered(), moodle("7", "Ann"): answered(), moodle("8", "Zoe"): answered()}
    assert collect.collect("02", zipped(files), root=root)
    assert {path.split("/")[0] for path in there(root)} == {"Ann", "Eve", "Zoe"}
    assert "over 0 MB when unpacked" in capsys.readouterr().out


@pytest.mark.parametrize("limit", ["OWN_FILES", "OWN_BYTES", "OWN_PACKED"])
def test_a_zip_of_one_person_s_that_is_too_large_costs_nobody_else_anything(root, zipped, capsys, monkeypatch, limit):
    monkeypatch.setattr(archive, limit, len(answered()) + 20 if limit == "OWN_BYTES" else 5)
    inner = zipped_bytes({f"{LESSON}.ipynb": answered(), **{f"f{i}.txt": "x" * 9 for i in range(9)}})
    files = {moodle("7", "Ann"): answered(), moodle("9", "Eve", "/w.zip"): inner, moodle("8", "Zoe"): answered()}
    assert not collect.collect("02", zipped(files), root=root)
    assert re.search("Eve: w.zip is (a zip|one) of over", capsys.readouterr().out)
    assert collect.collect("02", zipped(files), skip=True, root=root)
    assert {path.split("/")[0] for path in there(root)} == {"Ann", "Zoe"}


def test_names_of_files_give_no_orders_to_a_terminal(root, zipped, capsys):
    names = ("/x\x1b]0;owned\x07\x1b[2J.ipynb", "/y.ipynb", "/\x1b[31mz.rar")
    assert collect.collect("02", zipped({moodle("9", "Eve", name): answered() for name in names}), root=root)
    assert not {"\x1b", "\x07"} & set(capsys.readouterr().out)


def test_folders_deeper_than_python_goes_are_passed_over(root, tmp_path, deep):
    for name in ("Ann", "Eve"):
        (tmp_path / "download" / name).mkdir(parents=True)
        (tmp_path / "download" / name / f"{LESSON}.ipynb").write_text(answered())
    deep(tmp_path / "download" / "Eve")
    assert collect.collect("02", tmp_path / "download", root=root)
    assert {path.split("/")[0] for path in there(root)} == {"Ann", "Eve"}


def test_names_in_no_encoding_are_that_person_s_trouble(root, tmp_path):
    """As `unzip` leaves what was packed on an old Windows: bytes that are no UTF-8."""
    for name in (b"Ann", b"J\xfcrgen"):
        folder = os.fsencode(tmp_path / "download") + b"/" + name
        os.makedirs(folder)
        for file, content in {f"{LESSON}.ipynb".encode(): answered(), b"M\xfcller.csv": "x"}.items():
            with open(folder + b"/" + file, "w", encoding="utf-8") as opened:
                opened.write(content)
    assert collect.collect("02", tmp_path / "download", root=root)
    assert there(root) == [f"Ann/{LESSON}/{LESSON}.ipynb", f"Jürgen/{LESSON}/{LESSON}.ipynb"]


@pytest.mark.parametrize("given", ["../Ada_1", "/etc", "a/b", 7, None, ["x"]])
def test_a_note_that_a_student_handed_in_counts_as_none(root, given):
    room = Classroom(LESSON, root, root / "grading")
    room.submission("Eve").mkdir(parents=True)
    place = room.submission("Eve") / collect.NOTE
    place.write_text(json.dumps({"kind": "moodle", "given": given}))
    assert collect.collected(room, "Eve") == {}
    for text in ("[" * 100_000, '{"given": "x", "order": [[], {}]}', '{"given": "x", "files": []}'):
        place.write_text(text)
        assert collect.collected(room, "Eve") == {}
