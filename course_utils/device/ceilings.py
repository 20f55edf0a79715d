"""What a device can do at most, as measured on it: a large copy for bytes, a large product for FLOPs."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from course_utils.base.errors import CourseError
from course_utils.device.timing import timed

if TYPE_CHECKING:
    import torch

COPY_BYTES = 2**27  # far more than any cache holds
SIDES = {"cuda": 8192, "mps": 4096, "cpu": 1536}  # of the product's square matrices


def bandwidth(device: "str | torch.device", rounds: int = 7) -> float:
    """Byte/s of a large copy, the fastest of several; a copy reads each byte once and writes it once.

    >>> bandwidth("cpu", rounds=1) > 1e8
    True
    """
    import torch

    there = torch.device(device)
    source = _random_numbers(there)
    target = torch.zeros_like(source)
    fastest = min(timed(target.copy_, there, source, calls=1, warmup=1).median for _ in range(rounds))
    return 2 * source.nbytes / fastest


def reading(device: "str | torch.device", rounds: int = 5) -> float:
    """Byte/s of a large sum, the fastest of several: some memories are read faster than they are copied.

    >>> reading("cpu", rounds=1) > 1e8
    True
    """
    import torch

    there = torch.device(device)
    source = _random_numbers(there)
    return source.nbytes / min(timed(torch.sum, there, source, calls=1, warmup=1).median for _ in range(rounds))


def product(device: "str | torch.device", dtype: str = "fp32", rounds: int = 5) -> float:
    """FLOP/s of a large square matrix product, the fastest of several.

    >>> product("cpu", rounds=1) > 1e8
    True

    On a CPU the same product is done as a 1×1 convolution too: PyTorch has another library for those, and on some
    processors it is twice as fast.
    """
    import torch

    there = torch.device(device)
    side = SIDES[there.type]
    a, b = torch.randn(2, side, side, device=there, dtype=torch_type(dtype))
    ways = [(torch.matmul, a, b)]
    if there.type == "cpu":
        ways.append((torch.conv2d, a.view(-1, side, 6, 8), b.view(side, side, 1, 1)))
    with tf32(dtype == "tf32"):
        found = [timed(way, there, *args, calls=1, warmup=1).median for _ in range(rounds) for way, *args in ways]
    return 2 * side**3 / min(found)


def _random_numbers(there):
    """More of them than caches hold. Random ones: bits that change cost a device power, and with that speed."""
    import torch

    return torch.randn(COPY_BYTES * (8 if there.type == "cuda" else 1) // 4, device=there)


def torch_type(dtype: str) -> "torch.dtype":
    """The torch dtype that numbers of this type have in memory.

    >>> torch_type("tf32"), torch_type("bf16")
    (torch.float32, torch.bfloat16)
    """
    import torch

    types = {"fp32": torch.float32, "tf32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
    if dtype not in types:
        raise CourseError(f"dtype is {dtype!r}, expected one of {', '.join(types)}.")
    return types[dtype]


@contextlib.contextmanager
def tf32(allowed: bool) -> Iterator[None]:
    """While it lasts, float32 products and convolutions on CUDA may (or may not) be done in TF32.

    PyTorch 2.9 has newer switches, and refuses to read the older ones once somebody has set one of those.
    """
    import torch

    wanted: bool | str = allowed
    switches, name = (torch.backends.cuda.matmul, torch.backends.cudnn), "allow_tf32"
    try:
        before = [getattr(switch, name) for switch in switches]
    except RuntimeError:
        switches, name = (torch.backends.cuda.matmul, torch.backends.cudnn.conv), "fp32_precision"
        before, wanted = [getattr(switch, name) for switch in switches], "tf32" if allowed else "ieee"
    try:
        for switch in switches:
            setattr(switch, name, wanted)
        yield
    finally:
        for switch, value in zip(switches, before, strict=True):
            setattr(switch, name, value)
