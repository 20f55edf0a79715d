"""Files that are no notebook, links, names with a meaning, and files beside the notebook that want to be imported."""

import io
import json
import os
import zipfile

import nbformat

from hostile.corpus import EITHER, LOST, NOTHING, case

READ = "read|notebook|JSON|refused|bytes"
ANY = dict.fromkeys(NOTHING, EITHER)


@case(38, NOTHING, note=READ)
def not_json(work):
    work.content = json.dumps(work.nb)[:-200]


@case(38, NOTHING, note=READ)
def empty_file(work):
    work.content = b""


@case(38, NOTHING, note=READ)
def bytes_of_no_encoding(work):
    work.content = bytes(range(256)) * 100


@case(38, ANY)
def nbformat_3(work):
    work.content = nbformat.writes(nbformat.convert(work.nb, 3), version=3)


@case(38, ANY)
def nbformat_99(work):
    work.content = json.dumps(work.nb | {"nbformat": 99})


@case(38, NOTHING, note=READ)
def deep_nesting(work):
    work.content = "[" * 200_000 + "]" * 200_000


@case(38, ANY)
def deep_metadata(work):
    deep = '{"a":' * 900 + "1" + "}" * 900
    work.content = json.dumps(work.nb).replace('"metadata": {', f'"metadata": {{"deep": {deep}, ', 1)


@case(38, ANY)
def not_a_number(work):
    work.nb.metadata["x"] = float("nan")
    work.cell("mix_pixel_check").metadata.nbgrader["points"] = float("inf")


@case(38, NOTHING, note=READ)
def one_hundred_megabytes(work):
    work.nb.cells[0].source = "x" * 100_000_000


@case(38, ANY)
def strange_cells(work):
    nb = json.loads(json.dumps(work.nb))
    nb["cells"] += [{"cell_type": "heading"}, {"cell_type": "code", "source": ["a", 3]}, None]
    work.content = json.dumps(nb)


@case(38, ANY)
def lone_surrogates(work):
    work.content = json.dumps(work.nb).replace("A small stand-in", "\\ud800 \\u0000 \\u202e stand-in")


@case(38, ANY)
def ids_that_are_paths(work):
    for i, cell in enumerate(work.nb.cells):
        cell.id = f"../../{i}"


@case(40, NOTHING, note="link|refused")
def notebook_is_a_link(work):
    work.folder.mkdir(parents=True)
    work.path.symlink_to(work.world.room.source / work.path.name)


@case(40, NOTHING, note="link|refused")
def folder_is_a_link(work):
    work.folder.parent.mkdir(parents=True)
    work.folder.symlink_to(work.world.room.source)
    work.nothing()


@case(40, NOTHING, note="link|file|refused|read")
def notebook_is_a_pipe(work):
    work.folder.mkdir(parents=True)
    os.mkfifo(work.path)
    work.nothing()


@case(40, {})
def data_file_is_a_link(work):
    work.folder.mkdir(parents=True)
    (work.folder / "data.csv").symlink_to(work.world.room.source / f"{work.path.stem}.ipynb")
    work.add("import os\nprint(open('data.csv').read() if os.path.exists('data.csv') else 'no data')")


@case(41, {})
def names_with_a_meaning(work):
    for name in ("a" * 200 + ".txt", "\u202egnp.exe", "new\nline.txt", "-rf", "; touch <x>", "%2e%2e%2f", "\udcff.bin"):
        path = work.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


@case(41, NOTHING, note="notebook|refused|zip")
def zip_that_climbs_out(work):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("../../../made_by_a_student", str(work.world.sentinel), work.path.name):
            archive.writestr(name, json.dumps(work.nb))
    work.file("submission.zip", packed.getvalue())
    work.nothing()


@case(41, NOTHING, note="notebook|refused|zip")
def zip_bomb(work):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(work.path.name, bytes(200_000_000))
    work.file(f"{work.path.stem}.zip", packed.getvalue())
    work.nothing()


SHADOW = "print('canary' + '7c1e imported')\nimport os\nos._exit(0)\n"


@case(42, LOST)
def modules_beside_the_notebook(work):
    names = ("numpy", "torch", "course_utils", "sitecustomize", "usercustomize", "ipykernel_launcher", "IPython", "json",
             "random", "nbformat")  # fmt: skip
    for name in names:
        work.file(f"{name}.py", SHADOW)
    work.file("zz.pth", "import os; os._exit(0)\n")
    work.file("ipython_config.py", SHADOW)
    work.file(".ipython/profile_default/startup/00.py", SHADOW)
    work.attack("import random, json")


@case(43, {})
def magics(work):
    work.add("%load_ext autoreload")
    work.add("!echo from the shell")
    work.add("%%script bash\necho from a script")
    work.add("%%writefile own.py\nown = 1")
    work.add("%run own.py")
    work.add("%%time\nx = 1")


@case(38, NOTHING, note=READ)
def notebook_is_a_folder(work):
    work.path.mkdir(parents=True)
