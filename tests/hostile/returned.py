"""Answers that are no answers: objects that act when they are looked at, arrays of the wrong kind or size."""

from hostile.corpus import LOST, RIGHT, case

MANY_LOST = {"mix_pixel_many": 0}
HEAD = "import numpy as np\ndef mix_pixel_many(v, weight, bias):\n    "


def returns(work, expression):
    work.answer(HEAD + f"return {expression}", "mix_pixel_many")


@case(45, LOST)
def reduce_runs_a_command(work):
    work.answer("""\
import os
class Bomb:
    def __reduce__(self):
        return os.system, ("touch <sentinel>",)
    def __reduce_ex__(self, protocol):
        return self.__reduce__()
    def __deepcopy__(self, memo):
        return self
def mix_pixel(v, w, b=0.0):
    return Bomb()""")


@case(45, MANY_LOST)
def object_array(work):
    work.answer(
        """\
import numpy as np, os
class Bomb:
    def __reduce__(self):
        return os.system, ("touch <sentinel>",)
    def __float__(self):
        return 0.0
def mix_pixel_many(v, weight, bias):
    return np.array([Bomb() for _ in bias], dtype=object)""",
        "mix_pixel_many",
    )


@case(45, LOST)
def pickled_bytes(work):
    work.answer("import pickle\ndef mix_pixel(v, w, b=0.0):\n    return pickle.dumps((v * w).sum() + b)")


@case(46, MANY_LOST, safe=False)
def four_gigabytes(work):
    returns(work, "np.broadcast_to(np.zeros(1), (1_000_000_000,))")


@case(46, MANY_LOST, safe=False)
def four_gigabytes_of_shape(work):
    returns(work, "np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 20, 1 << 20), (0, 0))")


@case(46, MANY_LOST)
def ragged(work):
    returns(work, "[[1.0], [2.0, 3.0]]")


@case(46, MANY_LOST)
def not_finite(work):
    returns(work, "(weight @ v + bias) * np.nan")


@case(46, MANY_LOST)
def text_for_numbers(work):
    returns(work, "(weight @ v + bias).astype(str)")


@case(46, MANY_LOST)
def structured_array(work):
    returns(work, "np.zeros(len(bias), dtype=[('y', float)])")


@case(46, {})
def read_only_view(work):
    returns(work, "np.broadcast_to(weight @ v + bias, (1, len(bias)))[0]")


@case(46, {})
def strided_and_big_endian(work):
    returns(work, "np.stack([weight @ v + bias] * 2, 1).astype('>f8')[:, 0]")


@case(47, LOST)
def inputs_changed(work):
    work.answer("def mix_pixel(v, w, b=0.0):\n    v *= 0\n    w *= 0\n    return b")


@case(47, LOST)
def inputs_changed_later(work):
    work.answer("""\
import threading
held = []
def zero():
    import time
    while True:
        for v, w in list(held):
            v[:] = 0
            w[:] = 0
        time.sleep(0.001)
threading.Thread(target=zero, daemon=True).start()
def mix_pixel(v, w, b=0.0):
    held.append((v, w))
    return b""")


@case(47, LOST)
def answers_by_the_id_of_the_input(work):
    work.answer(
        """\
seen = {}
def mix_pixel(v, w, b=0.0):
    return seen.setdefault((id(v), v.shape), (v * w).sum() + b)"""
        + "\nmix_pixel_ = mix_pixel\n"
        + """\
def mix_pixel(v, w, b=0.0):
    return mix_pixel_(v, w, b) if len(seen) < 3 else next(iter(seen.values()))"""
    )


@case(47, LOST)
def fitted_to_the_inputs_seen(work):
    work.answer(
        RIGHT["mix_pixel"]
        .replace("def", "calls = []\ndef")
        .replace("    return", "    calls.append(1)\n    if len(calls) > 14:\n        return 0.0\n    return")
    )
