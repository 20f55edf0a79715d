"""A third look, one or more for each kind of hole that was found: from inside, by what is left behind, by names and numbers."""

import json

from hostile.corpus import LOST, NOTHING, REST_LOST, RIGHT, WRONG, case
from hostile.wired import LINK

MANY = "def mix_pixel_many(v, weight, bias):\n    return weight @ v + bias"


@case(None, LOST)
def bears_the_name_of_an_easier_exercise(work):
    """What is right for one exercise, handed in for another under every name that a function has."""
    work.answer("""\
def mix_pixel_many(v, weight, bias):
    return weight @ v + bias
mix_pixel = mix_pixel_many
mix_pixel.__name__ = mix_pixel.__qualname__ = "mix_pixel_many\"""")


@case(None, LOST)
def letter_for_a_function(work):
    work.answer('mix_pixel = "b"')


@case(None, LOST)
def ends_the_referee_s_loop(work):
    work.answer("def mix_pixel(v, w, b=0.0):\n    raise StopIteration")


@case(None, LOST)
def errors_of_every_kind_there_is(work):
    work.answer("""\
import builtins, itertools
kinds = itertools.cycle([one for one in vars(builtins).values() if isinstance(one, type) and issubclass(one, BaseException)])
def mix_pixel(v, w, b=0.0):
    kind = next(kinds)
    raise kind.__new__(kind)""")


@case(None, LOST)
def asks_for_a_person_s_marks(work):
    """What the course raises where it cannot check: a person would mark it, who may be kind."""
    work.answer("""\
from course_utils.base import errors
import itertools
kinds = itertools.cycle([errors.OutOfReach, errors.NotInstalled, errors.CourseError])
def mix_pixel(v, w, b=0.0):
    raise next(kinds)("it is right, and cannot be checked here")""")


@case(None, LOST)
def text_and_numbers_of_one_s_own_class(work):
    work.answer("""\
import itertools, numpy as np
class Number(float):
    __eq__ = __ge__ = __le__ = lambda self, other: True
    __array__ = lambda self, *a, **k: np.array(np.nan)
    __array_priority__ = 1e9
    __array_ufunc__ = lambda self, *a, **k: True
    dtype, shape, ndim = np.dtype("f8"), (), 0
    item = tolist = __float__ = lambda self: self
class Words(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
kinds = itertools.cycle([Number("nan"), Words("1.0"), type("int", (int,), {"__eq__": lambda *a: True})(7), float("nan"), np.float64("inf")])
def mix_pixel(v, w, b=0.0):
    return next(kinds)""")


@case(None, {"mix_pixel_many": 0})
def numbers_with_metadata(work):
    """A type of numbers with data in it, records that are numbers by one of their names, and shapes set later."""
    work.answer(
        """\
import itertools, numpy as np
def odd(n):
    yield np.zeros(n, np.dtype("f8", metadata={"__array_interface__": {}, "expected": object()}))
    yield np.zeros(n, np.dtype({"names": ["a", "b"], "formats": ["f8", "f8"], "offsets": [0, 0], "itemsize": 8}))
    yield np.rec.fromarrays([np.zeros(n)], names="shape")
    yield np.lib.stride_tricks.as_strided(np.zeros(1), (n,), (0,))
    yield np.array([np.nan] * n)
    yield np.zeros(n, "S0") if n else 0
    yield np.zeros(n, ">f16")
turns = {}
def mix_pixel_many(v, weight, bias):
    return next(turns.setdefault(0, itertools.cycle(odd(len(bias)))), None)""",
        "mix_pixel_many",
    )


@case(None, REST_LOST)
def numpy_in_pieces(work):
    """NumPy's own insides replaced: types, printing, random numbers, errors."""
    work.attack("""\
import numpy as np
np.ndarray.__class_getitem__ = classmethod(lambda *a: None) if False else np.ndarray.__class_getitem__
for name in ("ascontiguousarray", "asarray", "array", "frombuffer", "dtype", "generic", "float64", "random"):
    try:
        setattr(np, name, lambda *a, **k: 0.0)
    except Exception as error:
        print(error)
np.seterr(all="ignore")""")


@case(None, LOST)
def hooks_everything_of_ipython(work):
    work.attack("""\
ip = get_ipython()
for event in ("pre_execute", "post_execute", "pre_run_cell", "post_run_cell", "shell_initialized"):
    try:
        ip.events.register(event, lambda *a: setattr(a[0], "error_in_exec", None) if a else None)
    except Exception as error:
        print(error)
ip.display_formatter.formatters["text/plain"].for_type(float, lambda value, p, cycle: p.text("3.0"))
ip.set_hook("show_in_pager", lambda *a: None)
ip.user_ns["check"] = ip.user_global_ns["check"] = lambda *a, **k: None
ip.user_ns.setdefault = ip.ns_table = None
type(ip).user_ns = property(lambda self: {"check": print})
import course_utils.grading.run.shell as shell
shell.Shell.run = lambda self, source: []
shell.Publisher.publish = lambda *a, **k: None""")


@case(None, LOST)
def outlives_its_check(work):
    """Threads and processes that a check started answer for the next one, and write on the connection."""
    work.answer(
        LINK
        + """
import os, threading, time
def speak():
    for _ in range(200):
        try:
            wire.send(mine.connection, {"value": 0.5, "turn": "0" * 16, "found": {"mix_pixel": 1}}, mine._keep)
        except Exception:
            pass
        time.sleep(0.01)
def mix_pixel(v, w, b=0.0):
    threading.Thread(target=speak, daemon=True).start()
    if os.fork() == 0:
        speak()
        os._exit(0)
    return v.mean()"""
    )


@case(None, REST_LOST)
def answers_for_every_turn(work):
    """The link's own code, replaced: whatever is asked, the answer says that it is right."""
    work.attack(
        LINK
        + """
from course_utils.grading.run.student import Student
yes = {"value": 0.0, "outcome": "correct", "verdict": "passed", "said": [], "found": {}, "outputs": []}
Student._do_end = Student._do_beside = Student._do_attribute = lambda self, request: dict(yes)
Student._hold = lambda self, request: self._send({"turn": request["turn"]})"""
    )


@case(None, REST_LOST)
def half_a_frame_for_each_question(work):
    work.answer(
        LINK
        + """
import os
def mix_pixel(v, w, b=0.0):
    for size in (0, 1, 2**31, 2**32 - 1, 3):
        os.write(mine.connection.fileno(), size.to_bytes(4, "big") + b"\\0\\0")
    return 0.0"""
    )


@case(None, LOST)
def pickles_everywhere(work):
    work.answer("""\
import pickle
class Bomb:
    def __reduce__(self):
        return print, ("canary" + "7c1e",)
    __reduce_ex__ = lambda self, version: self.__reduce__()
    __getstate__ = __array__ = __deepcopy__ = lambda self, *a, **k: pickle.dumps(Bomb())
def mix_pixel(v, w, b=0.0):
    return [Bomb(), pickle.dumps(Bomb()), {Bomb(): 1}][len(v) % 3]""")


@case(None, LOST)
def goes_down_by_signals(work):
    work.before_answer("""\
import os, resource, signal
for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGVTALRM, signal.SIGCHLD, signal.SIGUSR1):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
for number in (signal.SIGCHLD, signal.SIGHUP, signal.SIGCONT):
    try:
        os.kill(os.getppid(), number)
        os.killpg(0, signal.SIGCONT)
    except OSError:
        pass""")


@case(None, LOST)
def leaves_at_the_end_of_everything(work):
    work.attack("""\
import atexit, os, sys, threading, weakref
atexit.register(lambda: os.write(1, b"canary"))
threading._register_atexit(lambda: None)
os.register_at_fork(before=lambda: None, after_in_child=lambda: sys.modules.pop("numpy", None), after_in_parent=lambda: None)
sys.exitfunc = sys.unraisablehook = sys.excepthook = lambda *a: None""")


@case(None, REST_LOST)
def forks_wrongly(work):
    """Each time that its process is copied for a check, another one goes on in its place."""
    work.attack("""\
import os
real = os.fork
os.register_at_fork(after_in_parent=lambda: None)
def fork():
    return 0 if real() else 1
os.fork = fork""")


@case(None, LOST)
def looks_into_cgroups_and_kernel(work):
    work.attack("""\
import os
for place in ("/sys/fs/cgroup", "/proc/1/cgroup", "/proc/self/mountinfo", "/proc/kcore", "/proc/keys", "/proc/timer_list",
              "/proc/sched_debug", "/proc/self/map_files", "/proc/net/unix", "/proc/sysvipc/shm", "/proc/bus", "/proc/fs"):
    try:
        print(place, os.listdir(place) if os.path.isdir(place) else open(place, "rb").read(200))
    except OSError as error:
        print(place, error.strerror)
for place in ("/sys/fs/cgroup/cgroup.procs", "/proc/self/cgroup", "/proc/self/oom_score_adj", "/proc/self/uid_map", "/proc/self/setgroups"):
    try:
        open(place, "w").write("0")
    except OSError as error:
        print(place, error.strerror)""")


@case(None, {})
def commands_to_ipython_without_end(work):
    """The cell takes long to read: not where the class is graded."""
    work.add("raise SystemExit\n" + "!true\n" * 40_000)


@case(None, LOST)
def blank_lines_before_what_is_missed(work):
    """Who looks for the cell that should have defined a name reads all cells that stopped."""
    work.answer("1 / 0\n" + "\n" * 60_000 + " " * 60_000)


@case(None, {"pixel_inputs": 0})
def a_letter_of_a_million_accents(work):
    work.cell("01_quiz").source = 'answers = {"pixel_inputs": "\\u0301\\u0316" * 1_000_000}'


@case(None, {"pixel_inputs": 0})
def letters_of_every_alphabet(work):
    work.cell("01_quiz").source = 'answers = {"pixel_inputs": "b\\u200b\\ufeff\\U000e0062а"}'


@case(None, {})
def a_moment_that_is_none(work):
    work.file("timestamp.txt", "12:0020309999999999999999999910000")


@case(None, NOTHING, note="read|notebook")
def versions_that_are_none(work):
    found = dict(work.nb)
    work.content = json.dumps(found | {"nbformat_minor": {"x": [1]}, "nbformat": "4", "metadata": 7, "cells": 3})


@case(None, {})
def metadata_of_every_shape(work):
    work.nb.metadata.update(
        {"kernelspec": 3, "notes": ["mine"], "attachments": {"x": "zz"}, "idle": True, "verdicts": []}
    )
    for cell in work.nb.cells:
        cell.metadata.update({"idle": True, "tags": 3, "collapsed": "x", "jupyter": [], "slideshow": None})


@case(None, {}, student="Ʊ\u202eñ=cmd|' ü'!A1")
def a_name_that_is_a_formula_backwards(work):
    work.answer(RIGHT["mix_pixel"])


@case(None, LOST)
def fills_what_others_would_need(work):
    work.answer(
        "import os, threading\n"
        + WRONG
        + """
kept = []
for make in (lambda: os.pipe(), lambda: os.eventfd(0), lambda: os.open("/tmp", os.O_RDONLY), lambda: os.mkdir(f"/tmp/{len(kept)}")):
    try:
        while len(kept) < 20_000:
            kept.append(make())
    except OSError:
        for one in kept[-4:]:
            for number in one if isinstance(one, tuple) else [one]:
                if isinstance(number, int):
                    os.close(number)"""
    )
