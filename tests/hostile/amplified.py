"""A few bytes that become much: where a file is read, where what is shown is kept, where a message is told."""

import json

import nbformat

from hostile.corpus import EITHER, LOST, NOTHING, WRONG, case


@case(None, dict.fromkeys(NOTHING, EITHER))
def headings_of_a_level_of_billions(work):
    """Format 3 keeps the level of a heading as a number; who brings it to format 4 writes as many #."""
    old = json.loads(nbformat.writes(nbformat.convert(work.nb, 3), version=3))
    heading = {"cell_type": "heading", "level": 400_000_000, "source": "x", "metadata": {}}
    old["worksheets"][0]["cells"][:0] = [heading] * 5
    work.content = json.dumps(old)


@case(None, {})
def a_time_of_two_gigabytes(work):
    work.file("timestamp.txt", "")
    with (work.folder / "timestamp.txt").open("wb") as file:
        file.truncate(2_000_000_000)


@case(None, {})
def a_hundred_thousand_pictures_of_nothing(work):
    work.nb.cells.insert(0, nbformat.v4.new_markdown_cell("data:image/a;base64," * 2_000_000))


@case(None, LOST)
def data_of_millions_of_empty_parts(work):
    """Characters of JSON, each four of which take a kilobyte or two where they are read, copied and written."""
    work.answer(WRONG)
    for _ in range(5):
        work.add("""\
from IPython.display import display
display({"application/json": [{} for _ in range(100_000)], "text/plain": "x"}, raw=True)""")


@case(None, NOTHING)
def an_error_of_millions_of_words_in_every_message(work):
    """What kept a cell from defining what checks ask for is told in each of their messages."""
    work.answer("""\
class Long(Exception):
    __str__ = lambda self: "canary " * 1_000_000
    _render_traceback_ = lambda self: []
raise Long
def mix_pixel(v, w, b=0.0): pass
def mix_pixel_many(v, weight, bias): pass
answers = {}""")
    for name in ("mix_pixel_many", "01_quiz"):
        work.cell(name).source = ""
