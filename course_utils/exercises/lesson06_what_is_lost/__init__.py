"""Lesson 06: inputs that a layer cannot tell apart, what a decoder restores, and the best reduction."""

TITLE = "What is lost when channels shrink?"
EXERCISES = (  # in the order of the lesson
    "collision",
    "restore_error",
    "best_reduction",
)
