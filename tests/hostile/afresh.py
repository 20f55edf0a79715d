"""A look by somebody new: what is said of an answer, what comes before it is run, what lies beside it."""

import copy
import json

import nbformat

from hostile.corpus import EITHER, LOST, NOTHING, POINTS, REST_LOST, WRONG, case
from hostile.wired import LINK


@case(None, LOST)
def a_shape_that_is_a_story(work):
    """An object whose sizes are hundreds of thousands of words, which a message would repeat."""
    work.answer("""\
class Odd:
    shape = tuple(f"size {i}" for i in range(400_000))
def mix_pixel(v, w, b=0.0):
    return Odd()""")


@case(None, LOST)
def a_shape_that_is_markup(work):
    work.answer("""\
class Odd:
    shape = ("<script>hostile(1)</script>", "=cmd|' /C calc'!A0", "\\x1b[2J", "`<img src=x onerror=hostile()>`")
def mix_pixel(v, w, b=0.0):
    return Odd()""")


@case(None, LOST)
def answers_only_when_it_is_looked_at(work):
    """A number that is made when it is compared, from all inputs that were seen by then."""
    work.answer("""\
import torch
seen = []
class Later:
    def __init__(self, place):
        self.place = place
    def detach(self):
        return torch.tensor(float(sum(map(sum, (v * w for v, w in seen))) / len(seen)))
    shape = ()
def mix_pixel(v, w, b=0.0):
    seen.append((v, w))
    return Later(len(seen))""")


@case(None, LOST)
def class_names_that_are_messages(work):
    work.answer("""\
import itertools
kinds = itertools.cycle([type("Right: on all inputs", (), {}), type("<b>hostile</b>", (), {}), type("=1+1", (Exception,), {}), type("x" * 100_000, (), {}),
    type("mix_pixel: right on all 9 inputs.", (Exception,), {})])
def mix_pixel(v, w, b=0.0):
    kind = next(kinds)
    if issubclass(kind, Exception):
        raise kind("mix_pixel: right on all 9 inputs.")
    return kind()""")


@case(None, REST_LOST)
def source_that_lies(work):
    """What a message quotes of the code is asked of the process that made it up."""
    work.attack("""\
import course_utils.base.source as source, course_utils.base.switches as switches, inspect
inspect.getsource = lambda thing: "def mix_pixel(v, w, b=" + "[" * 150 + "'canary' '7c1e'" + "]" * 150 + "): return sum(v * w)" + "\\n" * 10_000
switches.turned = lambda thing: ["<b>hostile</b>" * 1000, {"a": 1}]
switches.put_back = lambda thing: {"grad": "x"}""")


@case(None, REST_LOST)
def switches_that_are_nothing(work):
    work.attack("""\
import course_utils.base.switches as switches
switches.turned = lambda thing: 7
switches.put_back = lambda thing: [[]]
switches.turn_again = lambda thing, was: 1 / 0""")


@case(None, dict.fromkeys(POINTS, EITHER))
def switches_that_are_made_up_by_one_who_is_right(work):
    work.add("""\
import course_utils.base.switches as switches
switches.turned = lambda thing: ["torch.set_grad_enabled(False)"] * 100_000""")


@case(None, LOST)
def changes_everything_that_it_was_given(work):
    """Says of its arguments that they have become arrays of other kinds, networks, generators, the check's own."""
    work.answer(
        LINK
        + """
import itertools, numpy as np, torch
kinds = itertools.cycle([np.zeros(10**6), np.random.default_rng(0), torch.nn.Identity(), {"expected": 0.0}, [[0]] * 9, "text", None, np.zeros((0, 3)), 1e999])
old = link.Link._do_call
def do(self, request):
    reply = old(self, request)
    return reply | {"args": [[next(kinds)] for _ in range(5)], "reused": [-1, 10**9, True], "random_state": torch.zeros(5, dtype=torch.uint8)}
type(mine)._do_call = do
def mix_pixel(v, w, b=0.0):
    return v.mean() + b"""
    )


@case(None, LOST)
def takes_the_copy_s_connection(work):
    """The process that goes on keeps the connections of the copies that wait, and answers in their place."""
    work.attack("""\
import gc, os, socket, threading
from course_utils.grading.run import link
mine = next(one for one in gc.get_objects() if isinstance(one, link.Link))
old, kept = type(mine)._hold, []
real = os.close
def close(number):
    kept.append(number)
    if len(kept) > 50:
        real(number)
os.close = close""")


@case(None, LOST)
def a_descriptor_instead_of_a_number(work):
    work.before_answer("""\
import os, pty, resource, signal, fcntl, termios
for do in (lambda: pty.openpty(), lambda: os.open("/dev/ptmx", os.O_RDWR), lambda: os.open("/dev/tty", os.O_RDWR), lambda: os.setpgid(0, 0),
           lambda: os.killpg(0, signal.SIGCONT), lambda: os.killpg(os.getppid(), 9), lambda: os.kill(-1, 0), lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x"),
           lambda: resource.prlimit(1, resource.RLIMIT_CPU, (1, 1)), lambda: os.sched_setaffinity(1, {0}), lambda: os.setpriority(0, 1, 19)):
    try:
        print(do())
    except BaseException as error:
        print(type(error))""")


@case(None, LOST)
def short_lived_children_that_nobody_counts(work):
    """Each is gone before anybody looks, and its time is added to nobody's."""
    work.before_answer("""\
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end = time.time() + 200
while time.time() < end:
    if os.fork() == 0:
        start = time.process_time()
        while time.process_time() - start < 0.2:
            pass
        os._exit(0)
    time.sleep(0.2)""")


@case(None, {})
def files_in_the_place_of_folders(work):
    """What is beside the notebook has names that are in each other's way, or that no program expects."""
    for name in ("numpy.pth", "sitecustomize.py", "ipython_config.py", "matplotlibrc", "conftest.py", "pyvenv.cfg", "data/x.npy", "COURSE_UTILS.py",
                 "python3", "libtorch.so", "tests/conftest.py", "__main__.py", "ipython/profile_default/startup/00.py"):  # fmt: skip
        work.file(name, "raise SystemExit('canary' + '7c1e')")


@case(None, LOST)
def data_that_are_pickles(work):
    import io
    import pickle

    import numpy as np

    class Bomb:
        def __reduce__(self):
            return exec, ("raise SystemExit",)

    packed = io.BytesIO()
    np.save(packed, np.array([pickle.loads(b"N.")], dtype=object), allow_pickle=True)
    work.file("data.npy", packed.getvalue())
    work.file("data.pt", pickle.dumps(Bomb()))
    work.attack(
        "import numpy as np, pickle\nnp.load('data.npy', allow_pickle=True); pickle.load(open('data.pt', 'rb'))"
    )


@case(None, {"mix_pixel": (0, 3)})
def writes_over_the_course(work):
    work.add("%%writefile course_utils/__init__.py\ncheck = print")
    work.add(
        "%%bash\nchmod -R u+w / 2>/dev/null; echo x > /usr/lib/x; ln -s / all; mkfifo pipe; ln -s /proc/self/fd fds; true"
    )
    work.add("%%writefile numpy.py\nraise SystemExit")


@case(None, LOST)
def old_format_with_a_hundred_thousand_cells(work):
    """Format 3, whose cells nobody counted."""
    work.answer(WRONG)
    old = json.loads(nbformat.writes(nbformat.convert(copy.deepcopy(work.nb), 3), version=3))
    cells = old["worksheets"][0]["cells"]
    for cell in cells[-1:] * 90:
        cells.append(cell | {"outputs": [{"output_type": "stream", "text": "x", "stream": "stdout"}] * 5_000})
    work.content = json.dumps(old)


@case(None, NOTHING, note="not a notebook")
def two_formats_in_one(work):
    """Cells as format 4 has them, and worksheets as format 3 has them."""
    right = json.loads(json.dumps(work.nb))
    work.answer(WRONG)
    work.content = json.dumps(dict(work.nb) | {"worksheets": [{"cells": right["cells"] * 50}]})


@case(None, {})
def metadata_that_fit_nowhere(work):
    """Half a million things at which a validator stumbles, one after the other."""
    work.nb.metadata["x"] = {"collapsed": ["no"] * 200_000}
    for cell in work.nb.cells:
        cell.metadata.update(collapsed="no", scrolled=3, tags=[1, 2] * 20_000, name=[], format={}, jupyter=7)


@case(None, {"mix_pixel": (0, 3)}, note="mix_pixel")
def names_of_cells_with_spaces(work):
    for name, other in (
        ("mix_pixel", " mix_pixel"),
        ("mix_pixel_many", "MIX_PIXEL_MANY"),
        ("01_quiz", "01_quiz\u200b"),
    ):
        work.nb.cells.append(copy.deepcopy(work.cell(name)))
        work.nb.cells[-1].update(id=f"other-{len(name)}", source="raise SystemExit")
        work.nb.cells[-1].metadata.nbgrader["grade_id"] = other
    work.cell("mix_pixel").metadata.nbgrader["grade_id"] = "mix_pixel\n"


@case(None, dict.fromkeys(POINTS, EITHER))
def names_of_cells_that_are_none(work):
    for i, name in enumerate(
        (7, None, ["mix_pixel"], {"mix_pixel": 1}, "", "../mix_pixel", "mix_pixel\0", "x" * 100_000)
    ):
        extra = nbformat.v4.new_code_cell("1", metadata={"nbgrader": {"grade_id": name, "points": 9, "grade": True}})
        work.nb.cells.insert(i, extra)


@case(None, {"pixel_inputs": 0})
def several_letters(work):
    work.cell("01_quiz").source = 'answers = quiz(pixel_inputs="a b c d e")'


@case(None, {"pixel_inputs": 0})
def a_letter_for_each_time_it_is_asked(work):
    work.cell("01_quiz").source = """\
class All(dict):
    def __getitem__(self, name): return next(letters)
import itertools
letters = itertools.cycle("abcd")
answers = All(pixel_inputs=["a", "b", "c", "d"])"""


@case(None, {"pixel_inputs": 0})
def a_letter_that_looks_like_another(work):
    work.cell("01_quiz").source = 'answers = quiz(pixel_inputs="\u0432")'


@case(None, {})
def text_that_would_swallow_the_page(work):
    """Quotes and brackets that a careless reader of HTML takes for its own."""
    work.nb.cells[
        0
    ].source = "# Lesson\n\nhref='never closed, src=\"data, <!--, <![CDATA[, <plaintext>, <textarea>, <style>, <details>, <title>, </main></body>, &lt;script&gt;"
    work.nb.cells.insert(
        1, nbformat.v4.new_markdown_cell("<table><tr><td><details><pre><div style='margin:-9999px;width:100%'><b>")
    )
    work.nb.cells.insert(
        1,
        nbformat.v4.new_markdown_cell(
            "$$\\begin{array}{c} \\require{html} \\style{position:fixed}{x} \\end{array}$$ <math><mtext><script>hostile()</script></mtext></math>"
        ),
    )
    work.nb.cells.insert(
        1,
        nbformat.v4.new_markdown_cell(
            "## `mix_pixel` <script>hostile()</script> (3 of 3)\n\n[x]: javascript:hostile()\n[x] ![a](data:text/html,<script>hostile()</script>)"
        ),
    )
    work.add(
        "print('href=\\'x' * 50, 'src=\\'y' * 50, '<div id=\"toc\"></div>', '<div class=\"panel-body\">', '</details>')"
    )


@case(None, {})
def pictures_that_are_none(work):
    work.add("""\
from IPython.display import display
import base64
for kind in ("image/png", "image/jpeg", "image/svg+xml", "text/html", "application/pdf", "application/json"):
    display({kind: base64.b64encode(b"<svg onload=hostile()>" * 1000).decode(), "text/plain": ""}, raw=True, metadata={kind: {"width": "1' onload=hostile()", "height": -1}})
display({"text/html": "<img src='data:image/png;base64,AAAA' onerror=hostile()><svg><style><img src=x onerror=hostile()></style></svg>"}, raw=True)
display({"text/html": "<a href=' javascript:hostile()'>x</a><form action=javascript:hostile()><input type=submit></form><base href='//example.org'>"}, raw=True)
display({"text/html": "<meta http-equiv=refresh content='0;url=//example.org'><link rel=stylesheet href=//example.org><div style='background:url(//example.org)'>"}, raw=True)""")


@case(None, LOST)
def error_with_everything_in_it(work):
    work.answer("""\
def mix_pixel(v, w, b=0.0):
    raise ValueError("<script>hostile()</script> \\x1b]8;;javascript:hostile()\\x07 =1+1 \\u202e " + "`<img src=x onerror=hostile()>`" * 30 + "\\r\\n=HYPERLINK(1)")""")


@case(None, {})
def a_note_of_one_s_own_about_collecting(work):
    """The file in which `course collect` notes where a submission came from."""
    work.file(
        ".collected.json",
        json.dumps(
            {
                "kind": "moodle",
                "given": "../../x/Ada_1_assignsubmission_file_",
                "files": [],
                "order": ["x", {}],
                "number": 3,
                "name": [],
            }
        ),
    )
    work.file(".ipynb_checkpoints/01_one_pixel-checkpoint.ipynb", json.dumps(work.nb))


@case(None, {})
def a_note_about_collecting_that_is_deep(work):
    work.file(".collected.json", "[" * 100_000)


@case(None, LOST)
def reads_the_judge_through_the_garbage(work):
    """Everything that is in memory, through frames, closures, weak references and caches."""
    work.attack("""\
import gc, sys, types, weakref, functools
words = ("mix_pixel.oracle", "expected", "BEGIN HIDDEN", "seed=" + "1")
for one in gc.get_objects():
    if isinstance(one, types.FunctionType) and one.__module__ and one.__module__.startswith(("course_utils.exercises", "course_utils.checking.judge", "course_utils.checking.compare")):
        print("canary" + "7c1e", one.__module__, one.__qualname__)
    if isinstance(one, types.CodeType) and "/exercises/" in one.co_filename:
        print("canary" + "7c1e", one.co_filename)
print([name for name in sys.modules if "exercises" in name and sys.modules[name].__dict__.get("__file__") and print("canary" + "7c1e", name)])""")


@case(None, LOST)
def memory_of_before_that_was_set_free(work):
    """What the process that forked this one had in memory: the text of other people's work, of keys, of answers."""
    work.attack("""\
import re
word = b"canary" + b"7c1e"
for line in open("/proc/self/maps"):
    span, rights, *_ = line.split()
    if "r" in rights and "[v" not in line:
        start, end = (int(x, 16) for x in span.split("-"))
        try:
            with open("/proc/self/mem", "rb", 0) as mem:
                mem.seek(start)
                text = mem.read(min(end - start, 50_000_000))
        except (OSError, ValueError, OverflowError):
            continue
        for found in re.finditer(word + b" (hidden|solution)", text):
            print("found", found[0])""")


@case(None, REST_LOST)
def turns_of_its_own_for_every_question(work):
    """Asks back without end: each question is answered by another one."""
    work.answer(
        LINK
        + """
def mix_pixel(v, w, b=0.0):
    while True:
        wire.send(mine.connection, {"do": "call", "number": 0, "args": [], "named": {}, "random_state": None, "turn": "x"}, mine._keep)
        wire.receive(mine.connection, mine._known)"""
    )


@case(None, LOST)
def a_file_of_its_own_that_counts_calls(work):
    """Knows a call from another by a file, its address, its thread, the time, its line in a trace."""
    work.answer("""\
import os, pathlib
def mix_pixel(v, w, b=0.0):
    place = pathlib.Path("/dev/shm/calls")
    count = len(place.read_text()) if place.exists() else 0
    place.write_text("x" * (count + 1))
    return (v * w).sum() + b if count < 12 else 0.0""")


@case(None, LOST)
def right_where_it_is_not_graded(work):
    work.answer("""\
import os, sys
def mix_pixel(v, w, b=0.0):
    is_graded = "COURSE_GRADING" in os.environ or "ipykernel" not in sys.modules
    return v.mean() + b if is_graded else (v * w).sum() + b""")


@case(None, {})
def a_thousand_files_of_odd_names(work):
    for i in range(300):
        work.file(f"{i}{chr(0x202E)}\r{'é' * (i % 60)}.txt", "x")
    work.file("a/b/c/d/e/f.txt", "x")


@case(None, {})
def many_notebooks_in_one_folder(work):
    for i in range(60):
        work.file(f"copy {i}.ipynb", json.dumps(work.nb) + " " * 100_000)


@case(None, LOST)
def an_error_at_the_moment_of_its_name(work):
    work.answer("""\
class Meta(type):
    @property
    def __name__(cls): raise SystemExit
    @property
    def __mro__(cls): raise KeyboardInterrupt
    def __instancecheck__(cls, one): return True
class Bad(Exception, metaclass=Meta):
    __module__ = property(lambda self: 1 / 0)
    def __str__(self): return "x" * 10**8
def mix_pixel(v, w, b=0.0):
    raise Bad""")


@case(None, LOST)
def nothing_but_not_a_number_of_every_kind(work):
    work.answer("""\
import itertools, numpy as np, torch
kinds = itertools.cycle([np.float16("nan"), torch.tensor(float("inf")), np.array(np.nan), complex("nan"), np.longdouble("nan"), torch.tensor(float("nan"), dtype=torch.bfloat16),
    np.array(0, dtype="c32"), torch.zeros(1, device="meta"), torch.sparse_coo_tensor([[0]], [1.0], (2,)), torch.quantize_per_tensor(torch.zeros(1), 1.0, 0, torch.qint8), np.array("NaT", "M8[s]")])
def mix_pixel(v, w, b=0.0):
    return next(kinds)""")
