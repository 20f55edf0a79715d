"""Lesson 12: a 1×1 convolution in tiles, what its tiles move, and the same as a fused kernel in Triton.

The catalogued kernels stand here as NumPy that computes what the wrong kernel leaves in memory: they run anywhere, and at
once. `tests/test_lesson12.py` holds the kernels themselves.
"""

TITLE = "Write the kernel"
EXERCISES = ("tiled_conv1x1", "bytes_moved", "pointwise_kernel")  # in the order of the lesson
