"""Lesson 01: one pixel, many channels: the signed weighted sum."""

TITLE = "One pixel, many channels"
EXERCISES = ("mix_pixel", "mix_pixel_many", "weights_for")  # in the order of the lesson
