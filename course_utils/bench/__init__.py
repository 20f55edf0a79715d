"""Honest stopwatches, and `course bench`: how fast the forms of a 1×1 convolution are on this machine."""

from course_utils.bench.stopwatch import matmul_peak, side_by_side

__all__ = ["matmul_peak", "side_by_side"]
