"""One thread where the work is small: small networks and matrices lose more time by sharing work than they gain."""

import contextlib
import os
import sys

SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # before NumPy is loaded


@contextlib.contextmanager
def one_thread():
    """While it lasts, NumPy and PyTorch compute with one thread on the CPU; what is not loaded stays so.

    >>> import torch
    >>> with one_thread():
    ...     torch.get_num_threads()
    1

    With two on a busy computer, each of the many small steps waits for the slower one. It can be used as a decorator.
    """
    torch = sys.modules.get("torch")
    with _one_for_matrices():
        if torch is None:
            yield
            return
        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)


def _one_for_matrices():
    """The library under NumPy held to one thread; not looked for where it began with one, as in grading."""
    if SINGLE.items() <= os.environ.items():
        return contextlib.nullcontext()
    try:
        from threadpoolctl import threadpool_limits
    except ModuleNotFoundError:  # a GPU's first run goes without
        return contextlib.nullcontext()
    return threadpool_limits(1, user_api="blas")
