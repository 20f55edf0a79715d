"""A second look: the sandbox from inside, the teacher's browser, and what IPython lets a cell do."""

import json

import nbformat

from hostile.corpus import EITHER, LOST, POINTS, REST_LOST, RIGHT, WRONG, case


@case(None, REST_LOST)
def uncovers_what_was_mounted_over(work):
    """A user namespace of one's own gives every right inside it: take the mounts away, mount the disk, change the root."""
    work.attack("""\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000 | 0x00020000, 0x00020000, 0x20000000):
    libc.unshare(flags)
for path in ("/tmp/work", "/tmp", "/proc", "/old", "/"):
    libc.umount2(path.encode(), 2)
    libc.mount(b"/", path.encode(), None, 4096 | 16384, None)
    libc.mount(b"none", path.encode(), None, 32, None)
for path in ("<gradebook>", "<submitted>", "<root>"):
    print(os.path.exists(path) and "canary" + "7c1e")
try:
    open("<sentinel>", "w").write("made_by_a_student")
except OSError as error:
    print(error)""")


@case(None, LOST)
def sockets_in_the_file_system(work):
    work.attack("""\
import os, socket, stat
for folder in ("/run", "/var/run", "/var/lib", "/tmp", "/dev", "/home", "/root", "/proc/1/root"):
    for place, _, names in os.walk(folder):
        for name in names:
            if stat.S_ISSOCK(os.lstat(os.path.join(place, name)).st_mode):
                print("canary" + "7c1e", place, name)
for name in ("\\0course", "\\0/tmp/.X11-unix/X0", "\\0dbus"):
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        print("canary" + "7c1e")
    except OSError as error:
        print(error)""")


@case(None, REST_LOST)
def kernel_s_own_doors(work):
    work.attack("""\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for number in (101, 165, 246, 250, 298, 304, 321, 323, 425):  # ptrace, mount, kexec, keyctl, perf, open_by_handle, bpf, …
    try:
        libc.syscall(number, 0, 0, 0, 0, 0, 0)
    except Exception as error:
        print(error)
for path, text in [("/proc/sys/kernel/hostname", "x"), ("/proc/sys/vm/drop_caches", "3"), ("/proc/sysrq-trigger", "c"),
                   ("/sys/power/state", "mem"), ("/dev/mem", "x"), ("/dev/kmsg", "x"), ("/proc/self/oom_score_adj", "-1000")]:
    try:
        open(path, "w").write(text)
        print(path, "written")
    except OSError as error:
        print(error)""")


@case(None, LOST)
def raises_its_limits(work):
    work.attack("""\
import os, resource
for name in ("RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_DATA"):
    try:
        resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
        print("canary" + "7c1e", name)
    except (ValueError, OSError) as error:
        print(error)
try:
    os.nice(-20)
    print("canary" + "7c1e")
except OSError as error:
    print(error)""")


@case(None, REST_LOST)
def waits_in_signals_and_timers(work):
    work.attack("""\
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
signal.signal(signal.SIGALRM, lambda *_: None)""")


@case(None, {})
def title_that_is_markup(work):
    work.nb.metadata["title"] = "</title><script>hostile()</script>"
    work.nb.metadata["authors"] = [{"name": "<b>hostile</b>"}]
    work.nb.metadata["language_info"] = {
        "name": "<b>hostile</b>",
        "pygments_lexer": "../../etc",
        "version": 9,
        "file_extension": "/../x",
    }


@case(None, {})
def widgets_in_the_metadata(work):
    state = {
        "a": {
            "model_module": "anywidget",
            "model_name": "AnyModel",
            "model_module_version": "~0.9",
            "state": {"_esm": "<script>hostile()</script>", "_view_module": "https://example.org/x.js"},
        }
    }
    kind = "application/vnd.jupyter.widget-state+json"
    work.nb.metadata["widgets"] = {kind: {"version_major": 2, "version_minor": 0, "state": state}}
    work.add("print(1)")
    output = nbformat.v4.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}})
    work.nb.cells[work.nb.cells.index(work.cell("mix_pixel")) - 1].outputs = [output]


@case(None, {})
def words_that_are_markup(work):
    text = "<script>hostile()</script> <img src=x onerror=hostile()> [a](javascript:hostile()) ![b](http://example.org/b.png)"
    text += (
        "\n\n<iframe src='http://example.org'></iframe>\n\n$\\href{javascript:hostile()}{x}$\n\n![c](attachment:c.svg)"
    )
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='hostile()'/>"
    cell = nbformat.v4.new_markdown_cell(text, attachments={"c.svg": {"image/svg+xml": svg}})
    work.nb.cells.insert(1, cell)
    work.nb.cells.insert(1, nbformat.v4.new_raw_cell("<script>hostile()</script>", metadata={"format": "text/html"}))


@case(None, {})
def code_that_is_markup(work):
    work.add("x = '</script><script>hostile()</script>'  # <b>hostile</b> {{ hostile }} {% raw %}\nx")


@case(None, dict.fromkeys(POINTS, EITHER))
def magics_that_undo(work):
    for magic in ("%reset -f", "%xdel mix_pixel", "%config InteractiveShell.ast_node_interactivity = 'none'", "%autocall 2",
                  "%pdb on", "%gui asyncio", "%alias check true", "%rehashx", "%logstart -o", "%automagic on"):  # fmt: skip
        work.add(magic)
    work.add("exit")
    work.add("quit()", before="mix_pixel_many")


@case(None, LOST)
def debugger(work):
    work.before_answer("import pdb\nbreakpoint()\npdb.set_trace()")


@case(None, LOST)
def asynchronous(work):
    work.answer("async def mix_pixel(v, w, b=0.0):\n    return (v * w).sum() + b")


@case(None, LOST)
def endless_iterator(work):
    work.answer("import itertools\ndef mix_pixel(v, w, b=0.0):\n    return itertools.count()")


@case(None, LOST)
def group_of_errors_in_a_long_chain(work):
    work.answer("""\
def mix_pixel(v, w, b=0.0):
    error = ValueError("x" * 10_000_000)
    for i in range(2_000):
        try:
            raise KeyError(i) from error
        except KeyError as caught:
            error = caught
    raise BaseExceptionGroup("all", [error, SystemExit(0), KeyboardInterrupt()])""")


@case(None, LOST)
def right_every_other_time(work):
    work.answer("""\
import itertools
turn = itertools.count()
def mix_pixel(v, w, b=0.0):
    return (v * w).sum() + b if next(turn) % 2 else v.mean() + b""")


@case(None, LOST)
def odd_kinds_of_numbers(work):
    work.answer("""\
import numpy as np
from fractions import Fraction
kinds = [lambda y: np.ma.masked, lambda y: np.datetime64("NaT"), lambda y: complex(y, 1), lambda y: memoryview(b"12345678"),
         lambda y: np.void(b"1234"), lambda y: {y}, lambda y: {1: y}, lambda y: range(3), lambda y: Fraction(1, 3), lambda y: np.str_(y)]
def mix_pixel(v, w, b=0.0):
    return kinds[len(v) % len(kinds)]((v * w).sum() + b)""")


@case(None, LOST)
def speaks_the_protocol_on_every_channel(work):
    """What a referee might read, written wherever there is something to write to."""
    said = json.dumps({"outcome": "passed", "marks": 3, "ok": True, "returned": 0.5, "verdict": "right", "error": None})
    work.before_answer(f"""\
import os, struct
text = {said!r}.encode()
for number in range(3, 64):
    for message in (text + b"\\n", struct.pack("<I", len(text)) + text, struct.pack(">Q", len(text)) + text):
        try:
            os.write(number, message)
        except OSError:
            pass""")


@case(None, REST_LOST)
def stops_itself_and_waits(work):
    work.before_answer("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")


@case(None, LOST)
def files_with_the_names_of_results(work):
    work.before_answer("""\
import os
for folder in (".", "/tmp", "/tmp/work"):
    for name in ("result.json", "verdict.json", "store", "mix_pixel.npy", "feedback.html", "zz_hostile.pth", "sitecustomize.py"):
        try:
            open(os.path.join(folder, name), "w").write("made_by_a_student")
        except OSError:
            pass""")


@case(None, {})
def honest_in_an_odd_style(work):
    work.answer("mix_pixel = lambda v, w, b=0.0: sum(float(x) * float(y) for x, y in zip(list(v), list(w))) + float(b)")
    work.answer(
        RIGHT["mix_pixel_many"].replace("return", "result = weight @ v + bias\n    return result  #"), "mix_pixel_many"
    )


@case(None, LOST)
def hides_its_answer_behind_itself(work):
    """A function that looks like another, with a signature and a text of its own making."""
    work.answer(
        WRONG
        + """
mix_pixel.__code__ = (lambda v, w, b=0.0: v.mean() + b).__code__
mix_pixel.__name__ = mix_pixel.__qualname__ = "x" * 10_000
mix_pixel.__doc__ = "<script>hostile()</script>"
mix_pixel.__signature__ = 7
mix_pixel.__wrapped__ = mix_pixel"""
    )


@case(None, {}, "too long: 2 of .* cells were left out")
def cells_of_a_million_characters(work):
    """Markdown and HTML that take hours to turn into a page."""
    work.nb.cells.insert(1, nbformat.v4.new_markdown_cell("[" * 1_000_000))
    work.nb.cells.insert(1, nbformat.v4.new_markdown_cell("<b>" * 300_000))
    work.nb.cells.insert(1, nbformat.v4.new_markdown_cell("<p><b>[" * 20_000))


@case(None, {}, "too long")
def ten_thousand_cells(work):
    work.nb.cells[1:1] = [nbformat.v4.new_code_cell("1") for _ in range(10_000)]


@case(None, LOST)
def code_that_takes_long_to_colour_and_to_read(work):
    work.answer(RIGHT["mix_pixel"] + "\nx = " + "a." * 100_000)
    work.add("x = " + "-" * 100_000 + "1")
