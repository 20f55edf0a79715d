"""Lesson 13: experiments that can come out either way, and a verdict by a stated threshold.

Each experiment gets what it tests as an argument. The check hands in the real thing, then impostors that behave as the
article says, or in a third way: an experiment whose number stays the same has tested nothing.
"""

TITLE = "Correct the article: experiments"
EXERCISES = (  # in the order of the lesson
    "verdict",
    "experiment_maps",
    "experiment_lossless",
    "experiment_distinct",
    "experiment_order",
)
