"""Processes that end, hang, or refuse to. The cell gets nothing; the others keep their marks."""

from hostile.corpus import LOST, RIGHT, case

ENDED = "mix_pixel_check|ended|stopped|died|killed|kernel"
OVER = r"over|time|took|budget"


@case(16, LOST, note=ENDED)
def os_exit(work):
    work.before_answer("import os\nos._exit(0)", RIGHT["mix_pixel"])


@case(17, LOST, note=ENDED)
def exit_from_a_thread(work):
    work.before_answer(
        "import os, threading, time\nthreading.Timer(0.1, os._exit, (0,)).start()\ntime.sleep(0.5)", RIGHT["mix_pixel"]
    )


@case(18, LOST)
def sys_exit(work):
    work.before_answer("import sys\nsys.exit(0)", RIGHT["mix_pixel"])


@case(18, {})
def sys_exit_in_a_cell_of_its_own(work):
    work.add("import sys\nsys.exit()")


@case(19, LOST, note=OVER)
def endless_loop(work):
    work.before_answer("while True:\n    pass", RIGHT["mix_pixel"])


@case(20, LOST, note=OVER)
def endless_loop_that_cannot_be_interrupted(work):
    work.before_answer(
        """\
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass""",
        RIGHT["mix_pixel"],
    )


@case(20, {}, note=OVER)
def endless_loop_in_a_cell_of_its_own(work):
    work.add("while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass")


@case(44, {})
def atexit_handler(work):
    work.add("import atexit, os\natexit.register(os._exit, 3)")


@case(44, LOST)
def atexit_loop(work):
    work.attack("import atexit, time\natexit.register(time.sleep, 600)")


@case(44, LOST, note=ENDED)
def segfault(work):
    work.before_answer("import ctypes\nctypes.string_at(0)", RIGHT["mix_pixel"])


@case(44, LOST, note=ENDED)
def kills_itself(work):
    work.before_answer("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", RIGHT["mix_pixel"])


@case(44, {"mix_pixel": (0, 3), "mix_pixel_many": (0, 2), "pixel_inputs": (0, 1)}, safe=False)
def kills_everybody(work):
    work.add("""\
import os, signal
for pid in (-1, os.getppid(), 1):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass""")
