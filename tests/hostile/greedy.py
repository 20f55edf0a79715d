"""Time, memory, processes, disk, output and network without end."""

from hostile.corpus import LOST, RIGHT, case

OVER = r"over|time|took|budget"


@case(21, {"mix_pixel_many": 0, "pixel_inputs": 0}, note=OVER)
def slow_in_every_cell(work):
    for _ in range(500):
        work.add("import time\ntime.sleep(0.7)", before="mix_pixel_many")


@case(22, LOST, note="memory|ended|killed|stopped|over", safe=False)
def memory_bomb(work):
    work.before_answer("kept = []\nwhile True:\n    kept.append(bytearray(64_000_000))", RIGHT["mix_pixel"])


@case(22, LOST, note="memory|ended|killed|stopped|over", safe=False)
def memory_bomb_that_catches_memory_errors(work):
    work.before_answer(
        """\
kept = []
while True:
    try:
        kept.append(bytes(16_000_000) + b"x")
    except MemoryError:
        pass""",
        RIGHT["mix_pixel"],
    )


@case(23, LOST, safe=False)
def fork_bomb(work):
    work.before_answer("import os\nwhile True:\n    os.fork()", RIGHT["mix_pixel"])


@case(23, {"mix_pixel": (0, 3)}, safe=False)
def ten_thousand_threads(work):
    work.before_answer(
        """\
import threading, time
if threading.active_count() < 100:
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()""",
        RIGHT["mix_pixel"],
    )


@case(24, {})
def stdout_flood(work):
    work.add("line = 'x' * 100_000\nfor _ in range(2_000):\n    print(line)")


@case(24, LOST)
def stdout_flood_without_end(work):
    work.before_answer("import os\nwhile True:\n    print('y' * 100_000, flush=True)", RIGHT["mix_pixel"])


@case(24, {})
def flood_past_python(work):
    work.add("import os\nfor number in (1, 2):\n    for _ in range(500):\n        os.write(number, b'z' * 100_000)")


@case(25, LOST, safe=False)
def disk_fill(work):
    work.before_answer(
        """\
import tempfile
with open("fill.bin", "wb") as file:
    for _ in range(160):
        file.write(bytes(range(256)) * 100_000)
        file.flush()""",
        RIGHT["mix_pixel"],
    )


@case(25, LOST, safe=False)
def sparse_file(work):
    work.before_answer("with open('sparse.bin', 'wb') as file:\n    file.truncate(1 << 40)", RIGHT["mix_pixel"])


@case(26, {})
def huge_html(work):
    work.add("from IPython.display import HTML, display\ndisplay(HTML('<p>' + 'x' * 200_000_000 + '</p>'))")


@case(27, {})
def orphan_daemon(work):
    work.add("""\
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120) # <mark>"], start_new_session=True,
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)""")


@case(28, {}, safe=False)
def network_call(work):
    work.add("""\
import socket
for place in [("127.0.0.1", <port>), ("192.0.2.1", 80), ("localhost", <port>)]:
    try:
        with socket.create_connection(place, timeout=1) as open_:
            open_.sendall(b"hello from a student")
            print("canary" + "7c1e reached", place)
    except OSError as error:
        print(type(error).__name__)""")


@case(29, {})
def gpu_grab(work):
    work.add("""\
import glob, os
devices = [path for path in glob.glob("/dev/nvidia*") + glob.glob("/dev/dri/*") if os.access(path, os.R_OK)]
if devices:
    print("canary" + "7c1e", devices)""")
