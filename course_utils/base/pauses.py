"""What is timed in fractions of a second is not held up by Python's collecting of garbage."""

import contextlib
import gc


@contextlib.contextmanager
def no_collecting():
    """While it lasts, garbage in circles stays: in a long session to look for it takes longer than many a search may.

    >>> with no_collecting():
    ...     gc.isenabled()
    False

    It can be used as a decorator.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
