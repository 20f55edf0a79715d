"""Lesson 03: maps, kernel slices, weights and bytes are four different counts."""

TITLE = "Do feature maps multiply?"
EXERCISES = (  # in the order of the lesson
    "count_maps",
    "kernel_slices",
    "count_weights",
    "unsummed_maps",
    "activation_bytes",
)
