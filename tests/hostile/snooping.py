"""Looking for hidden tests, other students, the gradebook, and other processes. What is found would be printed."""

from hostile.corpus import LOST, case

FIND = """\
import os
def show(folder, endings=(".ipynb", ".db", ".py", ".csv", ".html", ".json")):
    for base, _, names in os.walk(folder):
        for name in names:
            if name.endswith(endings):
                try:
                    with open(os.path.join(base, name), "rb") as file:
                        text = file.read(4_000_000)
                except OSError:
                    continue
                if b"canary" in text:
                    at = text.index(b"canary")
                    print(os.path.join(base, name), text[at:at + 40])
"""


@case(11, LOST)
def reads_its_folder(work):
    work.attack(
        FIND + 'show(os.getcwd())\nshow(os.path.expanduser("~/.course"))\nshow(os.environ.get("TMPDIR", "/tmp"))'
    )


@case(12, LOST, safe=False)
def reads_source_and_neighbours(work):
    work.attack(FIND + 'show("<root>")\nshow("<submitted>")\nshow("/tmp")\nshow("/var/tmp")\nshow("/dev/shm")')


@case(12, LOST)
def becomes_another_student(work):
    work.attack("""\
import glob, nbformat
for path in glob.glob("<submitted>/*/*/*.ipynb"):
    for cell in nbformat.read(path, as_version=4).cells:
        if "return (v * w).sum() + b" in cell.source:
            print("canary" + "7c1e found", path)""")


@case(13, LOST, safe=False)
def writes_the_gradebook(work):
    work.attack("""\
import glob, os, sqlite3
for path in ["<gradebook>", *glob.glob("/**/gradebook.db", recursive=True)]:
    if os.path.exists(path):
        with sqlite3.connect(path) as book:
            book.execute("create table if not exists made_by_a_student (x)")
            book.execute("update grade set manual_score = 99")
        print("canary" + "7c1e written", path)""")


@case(13, LOST, safe=False)
def replaces_results_on_disk(work):
    work.attack("""\
import glob, os
for path in glob.glob("<root>/grading/**/*", recursive=True) + glob.glob("/tmp/course*/**/*", recursive=True):
    if os.path.isfile(path):
        try:
            with open(path, "r+b") as file:
                file.write(b"made_by_a_student")
        except OSError:
            pass""")


@case(14, LOST)
def walks_memory_and_frames(work):
    word = '"seed=" + "1"'
    work.attack(f"""\
import gc, sys
def texts():
    frame = sys._getframe()
    while frame:
        yield from (str(value)[:100_000] for name, value in frame.f_locals.items() if not name.startswith("_"))
        frame = frame.f_back
    for one in gc.get_objects():
        for value in list(one.values()) if type(one) is dict else one if type(one) in (list, tuple) else ():
            if type(value) is str and len(value) < 100_000:
                yield value
for text in texts():
    if {word} in text and "canary" + "7c1e" in text:
        print("found", text[:200])
        break""")


@case(14, LOST)
def imports_the_oracle(work):
    work.answer("""\
def mix_pixel(v, w, b=0.0):
    from course_utils.exercises import find
    return find("mix_pixel").oracle(v, w, b)""")


@case(14, LOST)
def oracle_of_the_module(work):
    work.answer("""\
try:
    import course_utils.exercises.lesson01_one_pixel.mix_pixel as lesson
except ImportError:
    lesson = None
def mix_pixel(v, w, b=0.0):
    return lesson.mix_pixel.oracle(v, w, b)""")


@case(14, LOST)
def oracle_read_as_text(work):
    work.answer("""\
import course_utils, glob, importlib.util, marshal, os
def lesson():
    base = os.path.dirname(course_utils.__file__)
    for path in glob.glob(base + "/exercises/**/mix_pixel.*", recursive=True):
        if path.endswith(".py"):
            return compile(open(path).read(), path, "exec")
        if path.endswith(".pyc"):
            return marshal.loads(open(path, "rb").read()[16:])
space = {"__name__": "lesson"}
exec(lesson(), space)
def mix_pixel(v, w, b=0.0):
    return space["mix_pixel"].oracle(v, w, b)""")


@case(14, LOST)
def check_as_an_oracle(work):
    """The student's own copy of the check would tell what is right, if the catalogue were there."""
    work.answer("""\
from course_utils.checking import calls
def mix_pixel(v, w, b=0.0):
    from course_utils.exercises import catalogue
    item = catalogue()["mix_pixel"]
    return calls.call(item, item.oracle, (v, w, b)).value""")


@case(15, LOST, safe=False)
def looks_at_other_processes(work):
    work.attack("""\
import ctypes, glob, os
me = os.getpid()
for folder in glob.glob("/proc/[0-9]*"):
    pid = int(folder[6:])
    for name in ("environ", "cmdline"):
        try:
            text = open(f"{folder}/{name}", "rb").read()
        except OSError:
            continue
        if b"canary" in text:
            print("found", pid, name, text[text.index(b"canary"):][:20])
libc = ctypes.CDLL(None, use_errno=True)
print("ptrace", [libc.ptrace(16, pid, 0, 0) for pid in (os.getppid(), 1) if pid != me])
for pid in (os.getppid(), 1):
    try:
        open(f"/proc/{pid}/mem", "rb").read(1)
    except (OSError, ValueError) as error:
        print(type(error).__name__)""")


@case(15, LOST)
def reads_the_environment(work):
    work.attack("import os\nprint({name: value for name, value in os.environ.items() if 'canary' in value})")
