"""Lesson 10b: a training loop without the usual errors, and a dense head that slides."""

TITLE = "Reading digits"
EXERCISES = ("train", "head_to_conv")  # in the order of the lesson
