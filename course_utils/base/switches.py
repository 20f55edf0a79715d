"""Switches of PyTorch and NumPy that an earlier cell has turned, so that right answers fail: found, and put back."""

import re
import sys
import warnings

import numpy as np

from course_utils.base.remote import where_it_lives

QUIET = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}  # NumPy's own choice


SAID = re.compile(  # another process may say anything: this is what is believed
    r'np\.seterr\(all="raise"\)|torch\.(set_grad_enabled\(False\)|set_default_dtype\(torch\.(float64|b?float16)\)|'
    r'set_default_device\("(meta|cuda|mps)(:\d)?"\)|use_deterministic_algorithms\(True\)|'
    r"autograd\.set_detect_anomaly\(True\))"
)


def turned(thing):
    """What was turned where a function lives, as code that did it; nothing if PyTorch is not loaded there.

    >>> import torch
    >>> with torch.no_grad():
    ...     turned(print)
    ['torch.set_grad_enabled(False)']
    """
    found = _turned(thing)
    known = [one for one in found if isinstance(one, str) and SAID.fullmatch(one)] if isinstance(found, list) else []
    return list(dict.fromkeys(known))


@where_it_lives
def _turned(thing):
    found = []
    if any(how == "raise" for how in np.geterr().values()):
        found.append('np.seterr(all="raise")')
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "is_grad_enabled"):
        if not torch.is_grad_enabled():
            found.append("torch.set_grad_enabled(False)")
        if torch.get_default_dtype() is not torch.float32:
            found.append(f"torch.set_default_dtype({torch.get_default_dtype()})")
        if torch.get_default_device().type != "cpu":
            found.append(f'torch.set_default_device("{torch.get_default_device()}")')
        if torch.are_deterministic_algorithms_enabled():
            found.append("torch.use_deterministic_algorithms(True)")
        if torch.is_anomaly_enabled():
            found.append("torch.autograd.set_detect_anomaly(True)")
    return found


@where_it_lives
def put_back(thing):
    """Turn everything to where it is in a new notebook; return what it takes to undo that."""
    torch = sys.modules.get("torch")
    was = {"numpy": dict(np.geterr())}
    np.seterr(**QUIET)
    if torch is not None and hasattr(torch, "is_grad_enabled"):
        kind = str(torch.get_default_dtype()).removeprefix("torch.")
        was |= {"grad": torch.is_grad_enabled(), "dtype": kind, "device": str(torch.get_default_device())}
        was |= {"fixed": torch.are_deterministic_algorithms_enabled(), "anomaly": torch.is_anomaly_enabled()}
        _turn(torch, True, torch.float32, "cpu", False, False)
    return was


@where_it_lives
def turn_again(thing, was):
    """Undo `put_back`."""
    np.seterr(**was["numpy"])
    if "grad" in was:
        torch = sys.modules["torch"]
        _turn(torch, was["grad"], getattr(torch, was["dtype"]), was["device"], was["fixed"], was["anomaly"])


def _turn(torch, grad, dtype, device, fixed, anomaly):
    """Turn what is not so already: to turn a switch may import a good part of PyTorch."""
    if torch.is_grad_enabled() != grad:
        torch.set_grad_enabled(grad)
    if torch.get_default_dtype() is not dtype:
        torch.set_default_dtype(dtype)
    if str(torch.get_default_device()) != device:
        torch.set_default_device(None if device == "cpu" else device)
    if torch.are_deterministic_algorithms_enabled() != fixed:
        torch.use_deterministic_algorithms(fixed)
    if torch.is_anomaly_enabled() != anomaly:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.autograd.set_detect_anomaly(anomaly)
