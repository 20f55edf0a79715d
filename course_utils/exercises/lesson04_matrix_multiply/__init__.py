"""Lesson 04: the 1×1 convolution as a matrix multiplication, and one that separates the stains of a microscope image."""

TITLE = "It is a matrix multiply"
EXERCISES = (  # in the order of the lesson
    "pixels_as_columns",
    "columns_as_pixels",
    "conv1x1_matmul",
    "conv1x1_einsum",
    "conv1x1_nhwc",
    "stain_to_channels",
)
