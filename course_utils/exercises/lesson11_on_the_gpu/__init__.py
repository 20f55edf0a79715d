"""Lesson 11: devices, honest timing, and the roofline.

No GPU is needed: what depends on one is looked at on a machine that pretends to have it, or on a simulated queue.
"""

TITLE = "On the GPU"
EXERCISES = (  # in the order of the lesson
    "pick_device",
    "run_on",
    "benchmark",
    "arithmetic_intensity",
    "roofline",
)
