"""Lesson 14: the 1×1 layers of today's networks: feed-forward, attention, patches, low-rank updates, and their share.

Tokens are the pixels here, and their numbers the channels: x is (N, T, C), channels last, as these networks have it. A
weight is (C_out, C_in) as everywhere in the course.
"""

TITLE = "Where the 1×1 went"
EXERCISES = ("feed_forward", "attention", "patchify_weight", "tokenwise_share", "lora")  # in the order of the lesson
