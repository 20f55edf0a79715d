"""Lesson 00: the axes of an image, and how a check speaks."""

EXERCISES = ("hwc_to_nchw", "pixel_vector")  # in the order of the lesson
