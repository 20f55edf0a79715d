"""Which device there is, what it is called, and how to wait for it."""

import platform
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.base.errors import CourseError

if TYPE_CHECKING:
    import torch

KINDS = ("cuda", "mps", "cpu")  # in the order in which "auto" looks


def pick(prefer: str = "auto") -> "torch.device":
    """The torch device to use: CUDA where there is one, else Apple's, else the CPU; or the kind that is named.

    >>> pick("cpu")
    device(type='cpu')
    """
    import torch

    if prefer != "auto" and prefer not in KINDS:
        raise CourseError(f"pick: prefer is {prefer!r}, expected 'auto', 'cuda', 'mps' or 'cpu'.")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    kind = next(kind for kind in KINDS if there[kind]) if prefer == "auto" else prefer
    if not there[kind]:
        raise CourseError(f"pick: PyTorch finds no device of kind {kind!r} here. Use pick('auto') or pick('cpu').")
    return torch.device(kind)


def describe(device: "str | torch.device") -> dict[str, str | None]:
    """The device in words, with what its figures depend on.

    >>> sorted(describe(pick("cpu")))
    ['driver', 'kind', 'name', 'torch']
    """
    import torch

    kind = torch.device(device).type
    driver = f"CUDA {torch.version.cuda}, driver {_driver()}" if kind == "cuda" else None
    return {"kind": kind, "name": _name(kind), "torch": torch.__version__, "driver": driver}


def synchronise(device: "str | torch.device") -> None:
    """Wait until the device has done all that it was asked to do. The CPU has, by the time a call returns."""
    import torch

    kind = torch.device(device).type
    if kind in ("cuda", "mps"):
        getattr(torch, kind).synchronize()


def has_tf32(device: "str | torch.device") -> bool:
    """Whether the device multiplies float32 numbers as TF32 when it is allowed to: NVIDIA's Ampere and later."""
    import torch

    return torch.device(device).type == "cuda" and torch.cuda.get_device_capability(device) >= (8, 0)


def _name(kind):
    import torch

    if kind == "cuda":
        return torch.cuda.get_device_name()
    if kind == "mps":
        return f"Apple GPU ({platform.machine()})"
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8", errors="replace").splitlines() if information.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _driver():
    """The version of NVIDIA's driver, where it is said."""
    said = Path("/sys/module/nvidia/version")
    if said.is_file():
        return said.read_text().strip()
    query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        return subprocess.run(query, capture_output=True, text=True, check=True, timeout=20).stdout.split()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return "unknown"
