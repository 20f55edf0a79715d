"""One thread where the work is small: networks as small as a lesson's lose more time by sharing work than they gain."""

import contextlib
import sys

SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # before NumPy is loaded


@contextlib.contextmanager
def one_thread():
    """While it lasts, PyTorch computes with one thread on the CPU; where it is not loaded, nothing is done.

    >>> import torch
    >>> with one_thread():
    ...     torch.get_num_threads()
    1

    With two on a busy computer, each of the many small steps waits for the slower one. It can be used as a decorator.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
