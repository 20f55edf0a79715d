"""Lesson 11b: where numbers lie in memory, how many bits they have, and what training keeps."""

TITLE = "Bits and memory"
EXERCISES = ("mixed_precision_error", "activation_memory")  # in the order of the lesson
