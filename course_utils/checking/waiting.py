"""An answer that does not come: after a while, say so while it still runs, and how to interrupt it."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

from course_utils.checking.calls import own_line
from course_utils.checking.outcome import CRASHED, Verdict, is_read_by_a_machine

SECONDS = 20  # a check takes one or two


@contextlib.contextmanager
def patience(name: str, seconds: float = SECONDS, say: Callable[[str], object] | None = None) -> Iterator[None]:
    """Say, while the block is still running after some seconds, that `name` gives no answer.

    Nothing is said where nobody can interrupt: a notebook that is graded or validated has limits of its own.
    """
    timer = threading.Timer(seconds, say or announce, [_words(name, seconds)])
    timer.daemon = True
    with contextlib.suppress(RuntimeError):  # a browser has no threads
        if not is_read_by_a_machine():
            timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _words(name, seconds):
    return (
        f"… {name} has not answered for {seconds:g} seconds. If a network is trained, let it. A loop without an end "
        "looks the same: is there a `while` whose condition stays true? Stop it with the button ■ or "
        "Kernel → Interrupt Kernel (in a terminal: Ctrl+C). If it does not stop, take Kernel → Restart Kernel."
    )


def interrupted(name: str, error: BaseException) -> Verdict:
    """The verdict on an answer that somebody has stopped: where it was."""
    line = own_line(error)
    place = f" Your code was at {line}" if line else ""
    cure = "Is there a loop around that line whose end is never reached?" if line else "Run it again when you like."
    return Verdict(name, CRASHED, f"{name}: stopped by you, so neither right nor wrong.{place}", details=[cure])


def announce(text: str) -> None:
    """Show it although the check catches what is printed: the check's own thread is busy."""
    from course_utils.checking import render

    if render.in_notebook():
        render.show_bundle(text, f'<div role="status">{render.marked(text)}</div>')
    else:
        print(text, file=sys.__stderr__, flush=True)
