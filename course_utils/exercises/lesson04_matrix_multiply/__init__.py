"""Lesson 04: the 1×1 convolution as a matrix multiplication."""

TITLE = "It is a matrix multiply"
EXERCISES = (  # in the order of the lesson
    "pixels_as_columns",
    "columns_as_pixels",
    "conv1x1_matmul",
    "conv1x1_einsum",
)
