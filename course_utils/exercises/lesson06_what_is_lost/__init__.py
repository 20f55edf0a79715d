"""Lesson 06: inputs that a layer cannot tell apart, what a decoder restores, the best reduction, rank, and packing."""

TITLE = "What is lost when channels shrink?"
EXERCISES = (  # in the order of the lesson
    "collision",
    "restore_error",
    "best_reduction",
    "channel_rank",
    "pack_rgb",
    "unpack_rgb",
)
