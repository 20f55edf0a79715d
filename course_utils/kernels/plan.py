"""How the fused kernel cuts a layer into tiles: one small table, by architecture and by what limits the layer.

Each row was compiled ahead of time for its architecture and looked at: matrix instructions where there are any, wide
loads and stores, nothing spilled (`course bench compile`). None was tuned on a device.
"""

import math
from typing import NamedTuple


class Plan(NamedTuple):
    """Outputs, pixels and channels of a tile, the warps that share it, and how many steps are loaded ahead.

    `programs` of a multiprocessor stream pixels past weights that they keep; where it is 0, each tile is a program.
    """

    block_o: int
    block_p: int
    block_c: int
    warps: int
    stages: int
    programs: int = 0

    def constants(self, c_in: int, c_out: int, pixels: int, last: bool) -> dict[str, int]:
        """What a kernel is compiled for besides types and switches; `last`: channels are last in memory."""
        blocks = {"BLOCK_O": self.block_o, "BLOCK_P": self.block_p, "BLOCK_C": self.block_c, "LAST": last}
        return blocks | {"ALIGN_C": alignment(c_in), "ALIGN_O": alignment(c_out), "ALIGN_P": alignment(pixels)}


def plan_for(c_in: int, c_out: int, pixels: int, itemsize: int, capability: int = 80) -> Plan:
    """The plan for a layer with `pixels` in a row, on an architecture: 75 (Turing), 80 (Ampere, Ada), 90 (Hopper) …

    >>> plan_for(64, 256, 56 * 56, itemsize=2, capability=90)
    Plan(block_o=256, block_p=64, block_c=64, warps=8, stages=3, programs=2)
    >>> plan_for(3, 10, 49, itemsize=4)
    Plan(block_o=16, block_p=64, block_c=16, warps=4, stages=3, programs=0)
    """
    if capability < 80:  # no tensor cores for Triton: sums in registers, so tiles that fit into them
        return Plan(_fitting(c_out, 64), _fitting(pixels, 64), _fitting(c_in, 32), 4, 2)
    if itemsize == 4:
        block_o, block_p = _fitting(c_out, 128), _fitting(pixels, 128)
        return Plan(block_o, block_p, _fitting(c_in, 32), 8 if block_o * block_p >= 128 * 64 else 4, 3)
    if c_in <= 128 and c_out >= 64 and pixels >= 256:  # few channels: weights stay, pixels stream past them
        return _streaming(c_in, c_out, capability)
    if c_in >= 512 and c_out >= 512:  # computing is the limit: the largest tiles whose sums fit into registers
        if capability >= 90:
            return Plan(128, _fitting(pixels, 256), 64, 8, 3)
        return Plan(128, _fitting(pixels, 128), 32, 4, 4)
    block_o = _fitting(c_out, 128)
    few = capability >= 90 and c_out <= 128 and c_in >= 2 * c_out  # few outputs: wide tiles read the weights less often
    block_p = _fitting(pixels, 256 if few or block_o <= 32 else 128)
    return Plan(block_o, block_p, _fitting(c_in, 64), 8 if block_o * block_p >= 128 * 128 else 4, 3)


def _streaming(c_in, c_out, capability):
    if capability >= 90 and c_out >= 256 and c_in <= 64:
        return Plan(256, 64, _fitting(c_in, 128), 8, 3, programs=2)
    return Plan(_fitting(c_out, 128), 64, _fitting(c_in, 128), 4, 3, programs=3 if c_in <= 64 else 2)


def alignment(size: int) -> int:
    """The largest of 16, 8, 4, 2 and 1 that divides a size: what a kernel may know about it, to load in large pieces.

    >>> alignment(196), alignment(49), alignment(1000)
    (4, 1, 8)
    """
    return math.gcd(size, 16)


def _fitting(size, most):
    """The power of two that holds `size`, from 16, the least that a product of tiles takes, to `most`."""
    return min(most, max(16, 1 << math.ceil(math.log2(size))))
