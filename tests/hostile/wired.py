"""Speaks to the referee itself: the connection is in the student's process, and so is the code at this end of it."""

from hostile.corpus import LOST, REST_LOST, RIGHT, case

LINK = """
import gc
from course_utils.grading.run import link, wire
mine = next(one for one in gc.get_objects() if isinstance(one, link.Link))
"""
PACKED = """
import numpy as np
from course_utils.grading.run import wire
class Forged:
    def __init__(self, made): self.made = made
old = wire._packed
def packed(value, arrays, keep):
    if isinstance(value, Forged):
        arrays.extend(np.frombuffer(one, np.uint8) for one in value.made[1])
        return value.made[0]
    return old(value, arrays, keep)
wire._packed = packed
"""


def forged(*made):
    """An answer that sends descriptions of its own making, one after the other."""
    return f"""{PACKED}
import itertools
made = itertools.cycle({list(made)!r})
def mix_pixel(v, w, b=0.0):
    return Forged(next(made))"""


@case(None, LOST)
def a_layer_with_an_interface(work):
    """NumPy would read memory at the address that a layer's attribute names."""
    face = {"data": [1, False], "shape": [1], "typestr": "<f8", "version": 3}
    pairs = [["__array_interface__", {"is": "dict", "items": [list(pair) for pair in face.items()]}], ["shape", []]]
    empty = {"is": "dict", "items": []}
    work.answer(
        forged(
            ({"is": "network", "type": "Identity", "parts": [{"is": "dict", "items": pairs}, empty, empty, empty]}, [])
        )
    )


@case(None, LOST)
def shapes_that_are_none(work):
    nan, eight = float("nan"), [b"\0" * 8]
    kinds = [
        ("<f8", [-1]),
        ("<f8", [2**62]),
        ("<f8", [1.0]),
        ("O", [1]),
        ("V8", [1]),
        ("f8,f8", [1]),
        ("<M8[s]", [1]),
        ("<U2", [1]),
    ]
    made = [({"is": "array", "type": kind, "shape": shape, "order": [0]}, eight) for kind, shape in kinds]
    work.answer(
        "nan = float('nan')\n" + forged(*made, ({"is": "array", "type": "<f8", "shape": [nan], "order": [0]}, eight))
    )


@case(None, LOST)
def odd_arrays_by_honest_means(work):
    """Whatever NumPy can make: negative and zero strides, structures, objects, memory that is not aligned."""
    work.answer("""\
import itertools, numpy as np
from numpy.lib.stride_tricks import as_strided
class Keys(dict):
    def items(self): return [("__class__", 1), (("a",), self)]
kinds = itertools.cycle([
    lambda: np.zeros(3)[::-1], lambda: as_strided(np.zeros(1), (10**9,), (0,)), lambda: np.zeros(2, "f8,i4"), lambda: np.array([[], {}], object),
    lambda: np.zeros(3, object), lambda: np.ndarray((1,), "f8", bytearray(9), 1), lambda: np.full((2, 2), np.nan), lambda: Keys(a=1),
    lambda: {"__class__": float}, lambda: np.zeros(3, ">f8"), lambda: np.zeros((0,) * 30), lambda: np.ma.array([1], mask=[1]), lambda: np.matrix("1 2"),
])
def mix_pixel(v, w, b=0.0):
    return next(kinds)()""")


@case(None, LOST)
def asks_for_everything(work):
    """Requests that the referee might do: attributes, modules, cells, under names of its own methods."""
    work.answer(
        LINK
        + """
def mix_pixel(v, w, b=0.0):
    for do, more in [("attribute", {"number": 0, "name": "__globals__"}), ("there", {"module": "os", "function": "getcwd", "args": []}),
                     ("cell", {"source": "open('/tmp/made_by_a_student', 'w')"}), ("get", {"names": ["expected", "oracle", "cases"]}),
                     ("call", {"number": 0, "args": [], "named": {}, "random_state": None}),
                     ("calls", {"number": 0, "lists": [[], []], "random_state": None}), ("_error", {}), ("__init__", {})]:
        try:
            print(mine.ask({"do": do, **more}))
        except BaseException as error:
            print(type(error), error)
    return 0.0"""
    )


@case(None, LOST)
def answers_before_it_is_asked(work):
    """Forged turns, and a thousand answers for each question."""
    work.answer(
        LINK
        + """
def mix_pixel(v, w, b=0.0):
    for turn in range(300):
        for name in (f"{id(mine)}-{turn}", turn, "", None):
            wire.send(mine.connection, {"value": float((v * w).sum()), "turn": name, "outcome": "correct"}, mine._keep)
    return 0.0"""
    )


@case(None, REST_LOST)
def sees_all_inputs_before_it_answers_one(work):
    """All inputs of a check come in one message: the answers are made of all of them, and are more than were asked for."""
    work.answer(
        LINK
        + """
def all_at_once(self, request):
    seen = [float((args[0] * args[1]).mean()) for args in request["lists"] if len(args) > 1]
    for value in [*seen, *seen]:
        self._send({"value": value, "turn": request["turn"], "reused": [0], "args": [[value]], "outcome": "correct"})
    self._send({"do": "calls", "number": 0, "lists": request["lists"], "random_state": None, "turn": request["turn"]})
    return {"value": 0.0}
type(mine)._do_calls = all_at_once
def mix_pixel(v, w, b=0.0):
    return (v * w).mean() + b"""
    )


@case(None, REST_LOST)
def floods_the_wire(work):
    work.answer(
        LINK
        + """
def mix_pixel(v, w, b=0.0):
    while True:
        wire.send(mine.connection, {"turn": "another"}, mine._keep)"""
    )


@case(None, REST_LOST)
def promises_a_long_message_and_is_silent(work):
    work.answer(
        LINK
        + """
import os, time
def mix_pixel(v, w, b=0.0):
    os.write(mine.connection.fileno(), (39_000_000).to_bytes(4, "big") + b"half")
    time.sleep(1000)"""
    )


@case(None, REST_LOST)
def does_not_read(work):
    """Stops listening: whoever sends would wait."""
    work.attack(
        "import os, signal, threading\nthreading.Timer(0.2, os.kill, (os.getpid(), signal.SIGSTOP)).start()\nimport time; time.sleep(0.1)"
    )
    work.answer("import time\ndef mix_pixel(v, w, b=0.0):\n    time.sleep(100)")


@case(None, REST_LOST)
def a_hundred_megabytes_of_brackets(work):
    work.answer(
        LINK
        + """
def mix_pixel(v, w, b=0.0):
    text = b"[" + b"[]," * 30_000_000 + b"1]"
    mine.connection.send_bytes(bytes(4) + text)
    return 0.0"""
    )


@case(None, REST_LOST)
def a_million_objects(work):
    work.answer("""\
def mix_pixel(v, w, b=0.0):
    return [lambda: i for i in range(400_000)]""")


@case(None, LOST)
def errors_that_are_none(work):
    work.answer(
        LINK
        + """
import itertools
kinds = itertools.cycle([["KeyboardInterrupt"], ["GeneratorExit"], ["SystemExit"], [""], 3, ["BaseExceptionGroup"], ["NotInstalled"], ["Gone"]])
mine._error = lambda error: {"error": next(kinds), "text": "\\ud800" * 100, "line": 3}
def mix_pixel(v, w, b=0.0):
    1 / 0"""
    )


@case(None, LOST)
def names_with_underscores(work):
    work.answer("""\
class Odd:
    __slots__ = ()
    def __getattr__(self, name): return lambda *a, **k: self
def mix_pixel(v, w, b=0.0):
    return type("__class__" * 20, (Odd,), {"__array_priority__": 1e9, "shape": (), "dtype": float, "detach": lambda self: self,
        "cpu": lambda self: self, "numpy": lambda self: (v * w).sum() * 0})()""")


@case(None, REST_LOST)
def answers_when_nobody_waits_any_more(work):
    work.answer(
        LINK
        + """
import os, time
def mix_pixel(v, w, b=0.0):
    if os.fork() == 0:
        time.sleep(9)
        wire.send(mine.connection, {"value": 0.5, "turn": ""}, mine._keep)
        os._exit(0)
    time.sleep(60)"""
    )


@case(None, {})
def honest_with_layers_and_functions(work):
    work.answer("import torch\n" + RIGHT["mix_pixel"].replace("return", "torch.nn.Conv2d(3, 5, 1); return"))
