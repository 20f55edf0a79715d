"""Lesson 00: the axes of an image, and how a check speaks."""

TITLE = "Axes, checks and asking for help"
EXERCISES = ("hwc_to_nchw", "pixel_vector")  # in the order of the lesson
