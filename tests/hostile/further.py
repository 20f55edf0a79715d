"""Beyond the list: what came to mind when the rest was done."""

from hostile.corpus import LOST, REST_LOST, RIGHT, WRONG, case


@case(None, LOST)
def class_that_lies(work):
    work.answer("""\
class Liar:
    __class__ = property(lambda self: float)
    __float__ = lambda self: 0.0
    __eq__ = __bool__ = lambda self, *other: True
    __getattr__ = lambda self, name: self
    __call__ = lambda self, *a, **k: self
def mix_pixel(v, w, b=0.0):
    return Liar()""")


@case(None, LOST)
def looks_up_its_callers(work):
    """Search every frame above for the expected answer."""
    work.answer("""\
import sys
def mix_pixel(v, w, b=0.0):
    frame = sys._getframe(1)
    while frame:
        known = {**frame.f_locals}
        for name in ("expected", "right", "wanted"):
            if name in known:
                value = known[name]
                return getattr(value[0] if isinstance(value, list) else value, "value", value)
        item = known.get("exercise") or known.get("item")
        if hasattr(item, "oracle"):
            return item.oracle(v, w, b)
        frame = frame.f_back
    return 0.0""")


@case(None, LOST)
def answers_kept_in_a_file(work):
    """Notes the inputs in one call and looks for their answers in the next run."""
    work.answer("""\
import os, pickle
PLACES = ["answers.pickle", "/tmp/answers.pickle", os.path.expanduser("~/answers.pickle"), "/dev/shm/answers.pickle"]
def mix_pixel(v, w, b=0.0):
    for place in PLACES:
        try:
            if os.path.exists(place):
                return pickle.load(open(place, "rb"))[tuple(v)]
            pickle.dump({tuple(v): float((v * w).sum() + b)}, open(place, "wb"))
        except (OSError, KeyError, EOFError):
            pass
    return 0.0""")


@case(None, LOST)
def speaks_from_the_grave(work):
    """Acts when it is deleted, in a context variable, and in a weak reference."""
    work.attack("""\
import contextvars, weakref
from course_utils.checking import render
class Last:
    def __del__(self):
        try:
            from IPython.display import display
            display({render.VERDICT_MIME: {"exercise": "mix_pixel", "outcome": "correct", "code": None, "message": ""}}, raw=True)
        except Exception:
            pass
kept = contextvars.ContextVar("kept")
kept.set(Last())
one = Last()
watch = weakref.finalize(one, print, "gone")
one.me = one
del one""")


@case(None, LOST)
def thread_that_goes_on(work):
    work.attack("""\
import builtins, sys, threading, time
def go_on():
    while True:
        main = sys.modules["__main__"]
        main.check = lambda *a, **k: None
        for name, module in list(sys.modules.items()):
            if name.startswith("course_utils.checking") and hasattr(module, "difference"):
                module.difference = lambda *a, **k: None
        time.sleep(0.001)
threading.Thread(target=go_on, daemon=False).start()""")


@case(None, REST_LOST)
def json_and_npy_patched(work):
    """What carries answers to the checker is patched: it says right, and writes a pickle."""
    work.attack("""\
import io, json, pickle, struct
import numpy as np, numpy.lib.format
forged = {"exercise": "mix_pixel", "outcome": "correct", "code": None, "message": "", "ok": True, "value": 0.0}
class Bomb:
    def __reduce__(self):
        import os
        return os.system, ("touch <sentinel>",)
def save(file, value, *a, **k):
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\\n"
    file.write(b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header)) + header + pickle.dumps(Bomb()))
json.dumps = lambda *a, **k: '{"exercise": "mix_pixel", "outcome": "correct", "ok": true, "value": 0.0}'
json.loads = lambda *a, **k: forged
np.save = np.lib.format.write_array = save
np.load = np.lib.format.read_array = lambda *a, **k: np.zeros(())""")


@case(None, LOST)
def forged_verdict(work):
    """The record that a check leaves in the notebook, shown by a cell of the student's and by the answer itself."""
    forge = """\
from IPython.display import display
forged = {"application/vnd.course.verdict+json": {"exercise": "mix_pixel", "outcome": "correct", "code": None,
    "message": "mix_pixel: right."}, "text/plain": "right"}
display(forged, raw=True)"""
    work.add(forge)
    work.before_answer(forge)


@case(None, LOST)
def giant_integer(work):
    work.answer("def mix_pixel(v, w, b=0.0):\n    return 1 << 400_000_000")


@case(None, LOST)
def integer_of_many_digits(work):
    work.answer("def mix_pixel(v, w, b=0.0):\n    return 10 ** 100_000")


@case(None, LOST)
def nested_without_end(work):
    work.answer("def mix_pixel(v, w, b=0.0):\n    value = []\n    value.append(value)\n    return value")


@case(None, LOST)
def nested_deeply(work):
    work.answer(
        "def mix_pixel(v, w, b=0.0):\n    value = 0.0\n    for _ in range(200_000):\n        value = [value]\n    return value"
    )


@case(None, LOST)
def recursion(work):
    work.answer(
        "import sys\nsys.setrecursionlimit(10**9)\ndef mix_pixel(v, w, b=0.0):\n    return mix_pixel(v, w, b) + 0.0"
    )


@case(None, {})
def control_characters(work):
    work.add(
        "print(''.join(map(chr, range(32))) + '\\x1b[2J\\x1b]0;hostile\\x07 \\u202e \\ufffe \\ud800'.encode('utf-8', 'replace').decode())"
    )


@case(None, LOST)
def error_with_a_face(work):
    """An exception that pretends to be another, prints as a formula, and refuses to be printed."""
    work.answer("""\
class Right(NotImplementedError):
    __class__ = property(lambda self: KeyboardInterrupt)
    def __str__(self):
        raise SystemExit(0)
    __repr__ = __str__
    _render_traceback_ = __str__
def mix_pixel(v, w, b=0.0):
    raise Right()""")


@case(None, LOST)
def keyboard_interrupt(work):
    work.answer("def mix_pixel(v, w, b=0.0):\n    raise KeyboardInterrupt")


@case(None, REST_LOST)
def trace_function(work):
    work.attack("""\
import sys, threading
def look(frame, event, argument):
    if frame.f_code.co_name in ("judge", "_judge_function", "check"):
        for name in ("found", "verdict", "result"):
            if name in frame.f_locals:
                frame.f_locals[name] = None
    return look
sys.settrace(look)
sys.setprofile(look)
threading.settrace(look)""")


@case(None, LOST)
def writes_to_every_open_file(work):
    """The channel to the checker is a file descriptor like any other."""
    work.before_answer("""\
import json, os, struct
for value in ({"ok": True, "value": 0.0}, {"exercise": "mix_pixel", "outcome": "correct"}):
    text = json.dumps(value).encode() + b"\\n"
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<I", len(text)) + text)
        except OSError:
            pass""")


@case(None, REST_LOST)
def closes_every_open_file(work):
    work.attack("import os\nos.closerange(3, 256)")


@case(None, {"mix_pixel": (0, 3)})
def name_of_an_instance(work):
    work.answer(
        "class Callable:\n    def __call__(self, v, w, b=0.0):\n        return (v * w).sum() + b\nmix_pixel = Callable()"
    )


@case(None, LOST)
def quiz_answer_that_is_every_letter(work):
    work.answer(WRONG)
    work.cell("01_quiz").source = 'answers = {"pixel_inputs": "b"}'


@case(None, {"pixel_inputs": 0})
def letter_that_equals_all(work):
    work.cell("01_quiz").source = """\
class Letter(str):
    __eq__ = lambda self, other: True
    __hash__ = lambda self: hash("b")
    strip = lower = lambda self: self
answers = {"pixel_inputs": Letter("a")}"""


@case(None, {})
def asks_for_input(work):
    work.add("try:\n    input('Marks? ')\nexcept Exception as error:\n    print(type(error).__name__)")


@case(None, {})
def leaves_its_folder(work):
    work.add("import os, shutil\nfolder = os.getcwd()\nos.chdir('/')\nshutil.rmtree(folder, ignore_errors=True)")


@case(None, {})
def many_small_displays(work):
    work.add(
        "from IPython.display import display, update_display\nfor i in range(20_000):\n    display({'text/plain': 'x'}, raw=True)"
    )


@case(None, {"mix_pixel": (0, 3)})
def notices_that_it_is_graded(work):
    work.before_answer("import os\nif os.environ.get('COURSE_GRADING'):\n    print('graded')", RIGHT["mix_pixel"])
