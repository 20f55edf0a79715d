"""Lesson 06b: the rank of a stack of channels, what a ReLU does to it, and three numbers packed into one."""

TITLE = "When is nothing lost?"
EXERCISES = ("channel_rank", "pack_rgb", "unpack_rgb")  # in the order of the lesson
