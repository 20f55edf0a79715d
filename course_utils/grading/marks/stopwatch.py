"""Time for what a student wrote to become a page: so much a part, so much a page; then the part is a note.

Colouring code and reading Markdown take time that grows with the square of some texts. Processor time is counted, so
that a busy computer changes nothing.
"""

import contextlib
import signal
import threading
import time

PART, PAGE = 2.0, 20.0  # seconds of processor time
SLOW = "This part took too long to show. It is in the notebook that was handed in.\n"


class TooSlow(BaseException):
    """A part of a page was not ready in time. No `Exception`: what is at work may catch each of these, and go on."""


class Stopwatch:
    """The time that is left for one page.

    >>> Stopwatch().limited(lambda: "<b>shown</b>", lambda: "a note")
    '<b>shown</b>'
    """

    def __init__(self, page=PAGE, part=PART):
        self.left, self.part = page, part

    def limited(self, render, instead):
        """What `render()` returns, or what `instead()` does where the first takes too long."""
        began = time.process_time()
        try:
            with self._running():
                return render()
        except TooSlow:
            return instead()
        finally:
            self.left -= time.process_time() - began

    @contextlib.contextmanager
    def _running(self):
        if self.left <= 0:
            raise TooSlow
        if threading.current_thread() is not threading.main_thread():  # no signal reaches it: the page's time alone
            yield
            return
        old = signal.signal(signal.SIGPROF, _ring)
        signal.setitimer(signal.ITIMER_PROF, min(self.part, self.left))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, old)


def _ring(*_):
    raise TooSlow
