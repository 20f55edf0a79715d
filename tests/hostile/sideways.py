"""By ways beside those that were tried: Python's hooks, objects that are computed later, twins by name, words in a page."""

import base64
import json

import nbformat

from hostile.corpus import EITHER, LOST, NOTHING, POINTS, REST_LOST, WRONG, case
from hostile.wired import LINK

ANY = dict.fromkeys(POINTS, EITHER)


@case(None, NOTHING, student="A_RIGHT")
def has_a_neighbour_s_name_in_capitals(work):
    work.answer(WRONG)
    work.answer("def mix_pixel_many(v, weight, bias):\n    return weight @ v", "mix_pixel_many")
    work.answer('answers = quiz(\n    pixel_inputs="a",\n)', "01_quiz")


@case(None, LOST, student="z_r\u0456ght")
def has_a_neighbour_s_name_in_another_alphabet(work):
    work.answer(WRONG)


@case(None, LOST, student="z_right\u200b")
def has_a_neighbour_s_name_and_nothing_to_be_seen(work):
    work.answer(WRONG)


@case(None, LOST)
def profiles_every_thread(work):
    work.answer("""\
import sys, threading
def look(frame, event, argument):
    if event == "return" and frame.f_code.co_name == "_do_call":
        frame.f_locals["reply"] = {"value": 1.0}
sys.setprofile(look); threading.setprofile(look); threading.settrace(look)
def mix_pixel(v, w, b=0.0):
    frame = sys._getframe()
    while frame:
        frame.f_trace = look
        frame.f_trace_opcodes = True
        frame = frame.f_back
    sys.settrace(look)
    return v.mean() + b""")


@case(None, REST_LOST)
def called_back_by_the_garbage(work):
    work.answer("""\
import gc, weakref
class Last:
    def __del__(self):
        for one in gc.get_objects():
            if type(one) is dict and "value" in one and "reused" in one:
                one["value"] = 0.0
gc.callbacks.append(lambda phase, about: Last())
gc.set_threshold(1, 1, 1)
def mix_pixel(v, w, b=0.0):
    cycle = [Last()]; cycle.append(cycle)
    weakref.finalize(cycle[0], Last)
    return v.mean() + b""")


@case(None, ANY | LOST)
def refuses_everything_by_an_audit_hook(work):
    """No hook can be taken off again: from then on the process can neither fork nor open nor import."""
    work.attack("""\
import sys
def hook(event, arguments):
    if event.split(".")[0] in ("os", "socket", "open", "import", "gc", "sys", "object", "compile", "exec"):
        raise SystemExit(f"no {event}")
sys.addaudithook(hook)""")


@case(None, LOST)
def ends_by_a_stopwatch_of_the_fault_handler(work):
    work.before_answer("""\
import faulthandler, tracemalloc
faulthandler.enable(all_threads=True)
faulthandler.dump_traceback_later(0.01, repeat=True, exit=True)
tracemalloc.start(100)""")


@case(None, REST_LOST)
def changes_the_classes_of_numbers(work):
    """What no Python can, ctypes does: float and int are made equal to everything, in this process."""
    work.attack("""\
import ctypes, gc
def space(kind):
    return gc.get_referents(kind.__dict__)[0]
for kind in (float, int, complex, str, bytes, dict, list, tuple, type):
    for name in ("__eq__", "__ne__", "__lt__", "__array__", "__len__", "tobytes"):
        try:
            space(kind)[name] = lambda *a: True
        except Exception as error:
            print(error)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))""")


@case(None, LOST)
def numbers_by_every_protocol(work):
    """Objects that are numbers when somebody asks by a buffer, DLPack, an index, a struct, a fraction or a decimal."""
    work.answer("""\
import array, ctypes, decimal, fractions, itertools, numpy as np, torch
class Asked:
    __float__ = lambda self: float("nan")
    __index__ = __int__ = __len__ = lambda self: 10**9
    __dlpack__ = lambda self, **more: torch.zeros(1).__dlpack__()
    __dlpack_device__ = lambda self: (1, 0)
    __array_struct__ = property(lambda self: np.zeros(1).__array_struct__)
    __getitem__ = lambda self, place: self
    __iter__ = lambda self: iter([self] * 3)
    __bool__ = __contains__ = lambda self, *a: True
    __hash__ = lambda self: 0
    __torch_function__ = classmethod(lambda *a, **k: torch.zeros(()))
kinds = itertools.cycle([Asked(), array.array("d", [1.0]), ctypes.c_double(1.0), decimal.Decimal("NaN"), fractions.Fraction(1, 3),
    memoryview(b"12345678"), range(10**15), (x for x in [1.0]), np.nditer([1.0]), np.poly1d([1]), np.ma.masked, np.matrix([[1.0]]),
    np.datetime64("2020"), np.void(b"12345678"), ctypes.cast(0, ctypes.POINTER(ctypes.c_double))])
def mix_pixel(v, w, b=0.0):
    return next(kinds)""")


@case(None, {"mix_pixel_many": 0})
def numbers_that_go_on_changing(work):
    """What is returned lies in memory that a thread writes to while it is sent, resized, or in a file that is cut off."""
    work.answer(
        """\
import mmap, os, threading, numpy as np
def mix_pixel_many(v, weight, bias):
    with open("numbers", "wb") as file:
        file.write(bytes(8 * len(bias)))
    with open("numbers", "r+b") as file:
        kept = mmap.mmap(file.fileno(), 0) if len(bias) else bytearray()
    y = np.frombuffer(kept, float)
    def go_on():
        for i in range(100_000):
            y[...] = i
    threading.Thread(target=go_on, daemon=True).start()
    return y""",
        "mix_pixel_many",
    )


@case(None, {"mix_pixel_many": 0})
def numbers_in_a_file_that_is_cut_off(work):
    """To read them then ends the process by SIGBUS, amid the answer."""
    work.answer(
        """\
import os, numpy as np
def mix_pixel_many(v, weight, bias):
    y = np.memmap("numbers", float, "w+", shape=(1 << 20,))[: len(bias)]
    os.truncate("numbers", 0)
    return y""",
        "mix_pixel_many",
    )


@case(None, LOST)
def arrays_whose_class_answers(work):
    work.answer("""\
import numpy as np, torch
class Mine(np.ndarray):
    shape = property(lambda self: ())
    dtype = property(lambda self: np.dtype("f8"))
    ndim = property(lambda self: 0)
    strides = property(lambda self: [0] * 40)
    __array_finalize__ = lambda self, other: None
    __array_wrap__ = __array_prepare__ = lambda self, *a: 0.0
    tobytes = lambda self, *a: bytes(8)
    transpose = T = lambda self, *a: np.zeros(())
class Tensor(torch.Tensor):
    detach = cpu = float = lambda self: self
    numpy = lambda self: np.zeros(10**6).view(Mine)
    dtype = property(lambda self: "torch.float64")
Tensor.__module__ = "torch"
turn = []
def mix_pixel(v, w, b=0.0):
    turn.append(1)
    return np.full(3, np.nan).view(Mine) if len(turn) % 2 else torch.zeros(3).as_subclass(Tensor)""")


@case(None, REST_LOST)
def every_magic_there_is(work):
    """Each command of IPython, with nothing and with something behind it."""
    work.attack("""\
ip = get_ipython()
left = {"exit", "quit"}
for kind, magics in ip.magics_manager.magics.items():
    for name in sorted(set(magics) - left):
        for text in ("", "-h", "x = 1", "canary"):
            try:
                ip.run_line_magic(name, text) if kind == "line" else ip.run_cell_magic(name, text, "1")
            except BaseException as error:
                print(name, type(error).__name__)""")


@case(None, REST_LOST)
def answers_inside_of_magics(work):
    """The answer is text of a command: captured, timed, written to a file, run by another program."""
    work.answer(f"%%capture kept\n{WRONG}\nget_ipython().user_ns['check'] = print")
    work.add("%%python\nimport os; os.kill(os.getppid(), 0)")
    work.add("%%writefile -a numpy_patch.py\nimport numpy; numpy.ndarray = None")
    work.add("%run numpy_patch.py\n%autoreload 2\n%load_ext autoreload\n%pdb on\n%xmode Verbose\n%reset -f in out")


@case(None, LOST)
def shows_itself_without_end(work):
    """Objects whose way to be shown never ends, ends the process, or shows others."""
    work.attack("""\
from IPython.display import display
class Odd:
    def __repr__(self):
        display(self)
        return "x"
    def _ipython_display_(self):
        raise SystemExit
    def _repr_mimebundle_(self, **more):
        return {"application/vnd.course.verdict+json": {"exercise": "mix_pixel", "outcome": "correct", "code": None, "message": "", "trace": []}}, {"x": self}
    _repr_html_ = lambda self: self
    _repr_png_ = lambda self: 1 / 0
    _repr_pretty_ = lambda self, p, cycle: p.pretty(self)
try:
    display(Odd())
except BaseException:
    pass
Odd()""")


@case(None, LOST)
def html_that_becomes_another(work):
    """Markup that is harmless as it is read once, and acts when it is read again."""
    evil = [
        '<noscript><p title="</noscript><img src=x onerror=hostile(1)>">',
        "<svg><style><img src=x onerror=hostile(1)></style></svg>",
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hostile(1)&gt;">',
        "<base href=//evil.example><form action=//evil.example><button formaction=javascript:hostile(1)>x</button></form>",
        '<meta http-equiv="refresh" content="0;url=//evil.example">',
        '<iframe srcdoc="<script>hostile(1)</script>"></iframe><object data=//evil.example></object>',
        "<style>@import '//evil.example'; body { background: url(//evil.example) }</style>",
        '<p style="position:fixed;inset:0;background:url(//evil.example/x)">11 of 11</p>',
        "<details open ontoggle=hostile(1)><a href='java\tscript:hostile(1)'>x</a></details>",
        '<img srcset="//evil.example 1x" src="//evil.example"><video poster=//evil.example autoplay>',
        "<xmp><p title='</xmp><script>hostile(1)</script>'>", "<textarea><script>hostile(1)</script>",
        "<template><script>hostile(1)</script></template>", "<![CDATA[<script>hostile(1)</script>]]>",
    ]  # fmt: skip
    for text in evil:
        work.nb.cells.insert(1, nbformat.v4.new_markdown_cell(text))
        work.add(
            f"from IPython.display import HTML, Markdown, Latex, SVG, display\ndisplay(HTML({text!r}), Markdown({text!r}))"
        )
    work.add("display(Latex(r'$\\href{javascript:hostile(1)}{x} \\require{html} \\unicode{x3c}script\\unicode{x3e}$'))")
    work.answer(WRONG)


@case(None, LOST)
def pictures_attached_that_act(work):
    svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='hostile(1)'/>").decode()
    cell = nbformat.v4.new_markdown_cell(
        '![x](attachment:a.svg) ![y](attachment:b) ![z](attachment:c"onerror=hostile(1))'
    )
    cell.attachments = {
        "a.svg": {"image/svg+xml": svg},
        "b": {"text/html": "PHNjcmlwdD4=", "image/png": svg},
        'c"onerror=hostile(1)': {"image/png": '"><script>hostile(1)</script>'},
    }
    work.nb.cells.insert(1, cell)
    work.answer(WRONG)


@case(None, LOST)
def a_page_of_one_s_own_marks(work):
    """Text that looks as the table of marks does."""
    table = "<table><tr><th>exercise</th></tr><tr><td>mix_pixel</td></tr></table>"
    work.nb.cells.insert(0, nbformat.v4.new_markdown_cell(f"# 6 of 6 points\n\n{table}\n\n<!-- nbgrader -->"))
    work.answer(WRONG)


@case(None, LOST)
def every_cell_bears_one_id(work):
    for cell in work.nb.cells:
        cell["id"] = "mix_pixel_check"
    work.answer(WRONG)
    work.content = json.dumps(work.nb)


@case(None, LOST)
def checks_of_every_kind_of_cell(work):
    """The check again as text, as raw text, as a task, as an answer, each with points and a verdict of its own."""
    flags = dict(work.cell("mix_pixel_check").metadata.nbgrader)
    kinds = (nbformat.v4.new_markdown_cell, nbformat.v4.new_raw_cell, nbformat.v4.new_code_cell)
    for i, new in enumerate(kinds * 3):
        cell = new("6 of 6")
        more = {"grade": True, "solution": i % 2 == 0, "task": i % 3 == 0, "points": 10**9, "cell_type": "markdown"}
        cell.metadata.nbgrader = flags | more | {"grade_id": ["mix_pixel_check", "mix_pixel", "extra"][i % 3]}
        work.nb.cells.append(cell)
    work.answer(WRONG)


@case(None, REST_LOST)
def modules_of_python_beside_the_notebook(work):
    for name in (
        "json",
        "re",
        "ast",
        "socket",
        "gc",
        "linecache",
        "traceback",
        "inspect",
        "types",
        "contextlib",
        "random",
    ):
        work.file(f"{name}.py", "raise SystemExit('canary' + '7c1e')")
    work.attack(
        "import importlib, json, re, sys\nfor name in ('json', 're', 'ast', 'linecache'):\n    sys.modules.pop(name)"
    )


@case(None, LOST)
def says_that_something_is_missing(work):
    """Errors by which a check knows that a package is not here, as anybody can raise them."""
    work.answer("""\
import itertools
kinds = itertools.cycle([ModuleNotFoundError("No module named 'torch'", name="torch"), ModuleNotFoundError("No module named 'triton'", name="triton"),
    ImportError("No module named 'scipy'", name="scipy"), NotImplementedError("a step of NumPy's"), RuntimeError("expected scalar type Long but found Double"),
    ValueError("given numpy array is negative"), TypeError("Cannot cast ufunc 'add'"), type("UFuncTypeError", (TypeError,), {})("Cannot cast ufunc 'add'"),
    type("NotInstalled", (Exception,), {})("not here"), type("OutOfReach", (Exception,), {})("not here"), type("Unchecked", (Exception,), {})("right")])
def mix_pixel(v, w, b=0.0):
    raise next(kinds)""")


@case(None, LOST)
def raises_what_a_check_would_catch_as_its_own(work):
    work.answer("""\
import itertools
kinds = itertools.cycle([type(name, (Exception,), {}) for name in ("Gone", "TooSlow", "Unreadable", "KeyboardInterrupt", "SystemExit", "Verdict", "Unfit", "StopIteration", "Mixed", "TooMuch", "Impatient", "Exit")])
def mix_pixel(v, w, b=0.0):
    raise next(kinds)("mix_pixel: right on all 9 inputs.")""")


@case(None, REST_LOST)
def names_that_were_not_asked_for(work):
    """Asked for `mix_pixel`, it hands over `check`, `quiz`, `print` and names of Python as well."""
    work.attack("""\
from course_utils.grading.run.student import Student
mine = lambda *a, **k: None
Student._do_get = lambda self, request: {"found": dict.fromkeys(["check", "print", "type", "__builtins__", "np", "quiz", *request["names"]], mine)}""")


@case(None, {"pixel_inputs": 0, "mix_pixel": EITHER, "mix_pixel_many": EITHER})
def a_function_for_every_letter(work):
    work.answer(
        """\
class Letters(dict):
    __getitem__ = get = lambda self, name: self
    __eq__ = lambda self, other: True
    __hash__ = lambda self: hash("b")
    strip = lower = upper = lambda self, *a: "b"
answers = Letters()""",
        "01_quiz",
    )


@case(None, {"pixel_inputs": 0})
def letters_that_lie_in_arrays(work):
    work.answer('import numpy as np\nanswers = {"pixel_inputs": np.array(["b", "a", "c", "d"])}', "01_quiz")


@case(None, LOST)
def learns_from_the_clock(work):
    """Says by the time that it takes, and by the memory that it holds, what it cannot say in words."""
    work.before_answer("""\
import time
for value in list(v)[:3]:
    time.sleep(min(0.05, abs(float(value)) / 100))""")


@case(None, LOST)
def writes_before_it_is_asked_what_it_will_be_asked(work):
    """Answers to all questions of the next check lie in the socket already, in the order in which they are asked."""
    work.attack(
        LINK
        + """
for i in range(3000):
    try:
        wire.send(mine.connection, {"turn": "", "value": float(i), "found": {}, "outputs": []}, mine._keep)
    except Exception:
        break"""
    )


@case(None, LOST)
def a_loop_of_events_that_goes_on(work):
    work.answer("""\
import asyncio, concurrent.futures, threading
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()
pool = concurrent.futures.ThreadPoolExecutor(4)
async def later(v):
    await asyncio.sleep(0.01)
    return v.mean()
kinds = [lambda v: asyncio.run_coroutine_threadsafe(later(v), loop), lambda v: pool.submit(v.mean), lambda v: later(v), lambda v: iter([v.mean()]), lambda v: map(float, v)]
def mix_pixel(v, w, b=0.0):
    kinds.append(kinds.pop(0))
    return kinds[0](v)""")


@case(None, {})
def honest_in_odd_kinds_of_callables(work):
    """A partial function, an object that can be called, a method: right, and not refused."""
    work.answer("""\
import functools
class Mixer:
    def mix(self, scale, v, w, b=0.0):
        return scale * (v * w).sum() + b
mix_pixel = functools.partial(Mixer().mix, 1.0)""")
    work.answer(
        """\
class Many:
    def __call__(self, v, weight, bias):
        return weight @ v + bias
mix_pixel_many = Many()""",
        "mix_pixel_many",
    )


@case(None, LOST)
def code_that_no_reader_reads_to_its_end(work):
    """Deep, long and repeated forms of Python, for whatever reads code outside of the sandbox."""
    deep = 4000
    for text in ("x = " + "-" * deep + "1", "x = 1" + "+1" * deep, "x" + ".b" * deep, "f" + "()" * deep, "x = " + "lambda: " * deep + "1",
                 "[" * 150 + "]" * 150, "x = " + "1 if 1 else " * deep + "1", "if 1: pass\n" + "elif 1: pass\n" * deep, "x = 1" + " and 1" * deep,
                 "a = " * deep + "1", "@f\n" * deep + "def g(): pass", "x = f'" + "{1}" * deep + "'", "x = " + "9" * 5000, "a?\n" * 300, "𝐱" * deep + " = 1"):  # fmt: skip
        work.add(text)
    work.answer(WRONG)
