"""Lesson 11: devices, honest timing, the roofline, fewer bits, and what training keeps in memory.

No GPU is needed: what depends on one is looked at on a machine that pretends to have it, or on a simulated queue.
"""

TITLE = "On the GPU"
EXERCISES = (  # in the order of the lesson
    "pick_device",
    "run_on",
    "benchmark",
    "arithmetic_intensity",
    "roofline",
    "mixed_precision_error",
    "activation_memory",
)
