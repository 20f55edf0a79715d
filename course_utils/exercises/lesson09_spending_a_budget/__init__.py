"""Lesson 09: multiply-adds, break-even, depthwise and pointwise layers, and where published networks spend."""

TITLE = "Spending a budget"
EXERCISES = (  # in the order of the lesson
    "macs",
    "bottleneck_macs",
    "break_even",
    "depthwise",
    "separable",
    "pointwise_share",
)
