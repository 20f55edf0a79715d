"""Lesson 07: gradients by hand, one step of descent, and what initialisation decides."""

TITLE = "Where weights come from"
EXERCISES = ("grad_bias", "grad_weight", "grad_x", "sgd_step", "distinct_rows")  # in the order of the lesson
