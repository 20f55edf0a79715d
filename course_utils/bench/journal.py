"""A journal: what was measured, a line each, so that a run that is stopped at any moment loses one line at most."""

import json
import os
from pathlib import Path


class Journal:
    """Lines of JSON in a file: `{"what": …, "of": …, "found": …}`; a line that was torn off is none.

    >>> import tempfile
    >>> journal = Journal(Path(tempfile.mkdtemp()) / "run.jsonl")
    >>> journal.begin("record", [64, 256])
    >>> journal.end("record", [64, 256], {"seconds": 1.0})
    >>> Journal(journal.file).found("record")
    [{'seconds': 1.0}]
    """

    def __init__(self, file):
        self.file = Path(file)
        self.lines = []
        if self.file.is_file():
            text = self.file.read_text(encoding="utf-8", errors="replace")
            if text and not text.endswith("\n"):
                self.file.write_text(text + "\n", encoding="utf-8")
            for line in text.splitlines():
                try:
                    self.lines.append(json.loads(line))
                except ValueError:
                    continue

    def begin(self, what, of):
        """Something is about to be tried; without an end to it, it was stopped, or took the process along."""
        self._write({"what": what, "of": of})

    def end(self, what, of, found):
        """What came of it."""
        self._write({"what": what, "of": of, "found": found})

    def found(self, what):
        """All that was found of a kind, in the order of time."""
        return [line["found"] for line in self.lines if line["what"] == what and "found" in line]

    def done(self, what):
        """What has been tried of a kind, as texts to compare with `key`."""
        return {key(line["of"]) for line in self.lines if line["what"] == what and "found" in line}

    def lost(self, what):
        """What was begun twice of a kind and never ended, in the order of time."""
        done, begun = self.done(what), [line["of"] for line in self.lines if line["what"] == what]
        return [of for i, of in enumerate(begun) if key(of) not in done and begun[:i].count(of) == 1]

    def _write(self, line):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.lines.append(json.loads(json.dumps(line)))


def key(of):
    """A text for whatever JSON holds."""
    return json.dumps(of)
