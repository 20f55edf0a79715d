"""What is handed to those who run notebooks: a `Task`, the same for a class; with one notebook, an `Order`.

    grade ──Task──▶ Executor ──Order──▶ referee        Task ──▶ Store: part of the name of a result that is known
                  ╰─Task──▶ Cluster ──▶ a worker's Executor

Both are plain data, and go to another process as JSON.
"""

import json
import math
from dataclasses import asdict, dataclass, field, replace

from course_utils.grading.run.watch import PATIENCE

CELL_SECONDS = 30  # of the processor
NOTEBOOK_SECONDS = 300  # for all cells, and as much again for all checks
PATIENT = 4  # times longer by the clock where nothing else is run beside


@dataclass(frozen=True)
class Task:
    """What it takes to run any notebook of a lesson: files beside it, the checks' imports, limits, the sandbox.

    >>> Task.of(Task({"data.csv": "00ff"}, "import numpy as np").data()).files
    {'data.csv': '00ff'}
    """

    files: dict[str, str] = field(default_factory=dict)  # what lies beside the notebook: content in hexadecimal
    imports: str = ""  # of the lesson's own cells, for its checks
    is_shut_in: bool = True
    cell_seconds: float = CELL_SECONDS
    notebook_seconds: float = NOTEBOOK_SECONDS
    is_patient: bool = False  # by the clock everything may take longer

    def patiently(self) -> "Task":
        """The same for a notebook that others' work held up, with nothing run beside."""
        return replace(self, is_patient=True)

    @property
    def patience(self) -> int:
        """How many times longer everything may take by the clock."""
        return PATIENT if self.is_patient else 1

    @property
    def longest(self) -> float:
        """Seconds by the clock that a notebook can take, cells and checks."""
        return 2 * self.notebook_seconds * PATIENCE[b"all"] * self.patience

    @property
    def referee_seconds(self) -> int:
        """Seconds of the processor that a referee itself may use, which runs right answers and catalogued mistakes."""
        return math.ceil(2 * self.notebook_seconds)

    def data(self) -> dict:
        """As plain data, in the order of the fields."""
        return asdict(self)

    @classmethod
    def of(cls, data: dict) -> "Task":
        """The task that `data()` was made of."""
        return cls(**data)


@dataclass(frozen=True)
class Order:
    """One notebook to be run, by a referee of its own."""

    task: Task
    notebook: str  # as JSON
    run: str  # the name of this run, which no verdict of another has
    folder: str  # to lie in, for a submission that is not shut in
    environment: dict[str, str] = field(default_factory=dict)  # for the referee alone

    def encoded(self) -> bytes:
        """As it goes to the referee."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decoded(cls, content: bytes) -> "Order":
        """As the referee reads it."""
        data = json.loads(content)
        return cls(**data | {"task": Task.of(data["task"])})
