"""IPython without a kernel: runs a cell and returns what it showed, as nbclient would have put it into the notebook."""

import os
import subprocess
import sys
import warnings

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

TEXT_MAX = 200_000  # characters of text in the outputs of a cell
DATA_MAX = 5_000_000  # characters of one picture or page
OUTPUTS_MAX = 500
WIDGET = "application/vnd.jupyter.widget-view+json"


class Outputs(list):
    """The outputs of one cell, cut off while they come."""

    written = 0

    def add(self, output):
        if len(self) < OUTPUTS_MAX:
            self.append(output)

    def stream(self, name, text):
        room, self.written = TEXT_MAX - self.written, self.written + len(text)
        if room <= 0 or not text:
            return
        text = text if len(text) <= room else f"{text[:room]}\n… cut off after {TEXT_MAX:,} characters\n"
        if self and self[-1]["output_type"] == "stream" and self[-1]["name"] == name:
            self[-1]["text"] += text
        else:
            self.add({"output_type": "stream", "name": name, "text": text})

    def data(self, kind, data, metadata, **more):
        """A picture or a value; widgets leave their text, and what is too large is said to be."""
        kept = {name: value for name, value in data.items() if name != WIDGET and len(str(value)) <= DATA_MAX}
        if len(kept) < len(data) and WIDGET not in data:
            self.stream("stderr", f"An output of over {DATA_MAX:,} characters was left out.\n")
        if kept:
            self.add({"output_type": kind, "data": kept, "metadata": dict(metadata or {}), **more})


class Stream:
    """Standard output or error, into the outputs of the cell that runs."""

    encoding, errors, closed = "utf-8", "strict", False

    def __init__(self, shell, name):
        self.shell, self.name = shell, name

    def write(self, text):
        self.shell.outputs.stream(self.name, text if isinstance(text, str) else str(text))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    writable = lambda self: True  # noqa: E731
    readable = seekable = isatty


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **_):
        self.shell.outputs.data("display_data", data, metadata)

    def clear_output(self, wait=False):
        self.shell.outputs.clear()


class Hook(DisplayHook):
    def __call__(self, result=None):
        if result is not None and not self.quiet():
            data, metadata = self.compute_format_data(result)
            self.update_user_ns(result)
            count = self.shell.execution_count
            self.shell.outputs.data("execute_result", data, metadata, execution_count=count)


class Shell(InteractiveShell):
    """One notebook's IPython."""

    def __init__(self, **options):
        self.outputs = Outputs()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().__init__(displayhook_class=Hook, display_pub_class=Publisher, **options)

    def init_history(self):
        """No history is kept: it would be a database in somebody's home."""
        from IPython.core.history import HistoryManager

        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def enable_gui(self, gui=None):
        pass

    def _showtraceback(self, kind, error, lines):
        named = {"ename": kind.__name__, "evalue": f"{error}"}
        self.outputs.add({"output_type": "error", **named, "traceback": [str(line) for line in lines]})

    def system(self, command):
        done = subprocess.run(self.var_expand(command, depth=1), shell=True, capture_output=True, text=True)
        print(done.stdout + done.stderr, end="")

    def run(self, source):
        """The outputs of a cell, as the notebook format has them."""
        self.outputs = Outputs()
        kept = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream(self, "stdout"), Stream(self, "stderr")
        try:
            self.result = self.run_cell(source, store_history=True)
        finally:
            sys.stdout, sys.stderr = kept
        return list(self.outputs)


def quiet():
    """Send what C code writes, and what reads from the keyboard, nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)


def own_line(error):
    """The last line of a notebook's own code in a traceback, as the check says it."""
    import traceback

    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if "ipython-input" in frame.filename or "ipykernel" in frame.filename:
            inside = "" if frame.name.startswith("<") else f" of `{frame.name}`"
            return f"line {frame.lineno}{inside}: {frame.line}"
    return ""
