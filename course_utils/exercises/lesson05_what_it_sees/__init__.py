"""Lesson 05: what a 1×1 convolution sees, what it is inside a 3×3, and a test that tells it from impostors."""

TITLE = "What 1×1 can and cannot see"
EXERCISES = ("shuffle_gap", "receptive_field", "embed_in_3x3", "find_the_impostors")  # in the order of the lesson
