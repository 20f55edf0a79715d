"""Lesson 04b: where the time of a layer goes, channels last, and a layer that separates the stains of a microscope image."""

TITLE = "Speed and layouts"
EXERCISES = ("conv1x1_nhwc", "stain_to_channels")  # in the order of the lesson
