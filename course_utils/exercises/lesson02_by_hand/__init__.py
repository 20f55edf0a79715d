"""Lesson 02: the 1×1 convolution written by hand."""

TITLE = "The 1×1 convolution by hand"
EXERCISES = ("conv1x1_one", "conv1x1_loops", "check_shapes")  # in the order of the lesson
