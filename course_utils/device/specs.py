"""What makers and reviewers say that devices can do at most: dense products, not those with sparsity.

Numbers are FLOP/s and byte/s, decimal. A TF32 number takes four bytes in memory, as float32 does.
"""

from typing import NamedTuple

from course_utils.base.errors import CourseError

ITEMSIZES = {"fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2}


class Spec(NamedTuple):
    """One device: byte/s of its memory, FLOP/s by type of number, and who says so."""

    bandwidth: float
    peaks: dict
    source: str

    def ridge(self, dtype: str) -> float:
        """The FLOP per byte at which the memory just keeps the device busy.

        >>> round(SPECS["T4"].ridge("fp16"))
        203
        """
        if dtype not in self.peaks:
            raise CourseError(f"ridge: dtype is {dtype!r}, expected one of {', '.join(self.peaks)}.")
        return self.peaks[dtype] / self.bandwidth


SPECS = {
    "H200 SXM": Spec(
        4.8e12,
        {"fp32": 67e12, "tf32": 494.7e12, "bf16": 989.4e12, "fp16": 989.4e12},
        "NVIDIA's data sheet; halved where it counts with sparsity",
    ),
    "H100 SXM": Spec(
        3.35e12,
        {"fp32": 67e12, "tf32": 494.7e12, "bf16": 989.4e12, "fp16": 989.4e12},
        "NVIDIA's data sheet; halved where it counts with sparsity",
    ),
    "A100 80 GB SXM": Spec(
        2.039e12, {"fp32": 19.5e12, "tf32": 156e12, "bf16": 312e12, "fp16": 312e12}, "specification tables"
    ),
    "T4": Spec(0.320e12, {"fp32": 8.1e12, "fp16": 65e12}, "specification tables"),
    "RTX 4090": Spec(1.008e12, {"fp32": 82.6e12, "fp16": 165.2e12}, "specification and benchmark tables"),
    "Titan X (Pascal)": Spec(0.480e12, {"fp32": 11e12}, "launch reports"),
}
