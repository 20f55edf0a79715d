"""Lesson 13b: all claims on one board, a correction that a person marks, and a contest at equal cost."""

TITLE = "Correct the article: verdicts"
EXERCISES = ("tiny_net",)
