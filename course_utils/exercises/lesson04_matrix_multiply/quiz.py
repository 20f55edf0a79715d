"""Questions of lesson 04."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "matrix_reshape",
        "x has shape (8, 3, 32, 32), that is N C H W. Which matrix has 3 rows, and in each column the three numbers of one pixel?",
        right(
            "x.transpose(1, 0, 2, 3).reshape(3, -1)",
            "C comes to the front, and N, H and W lie side by side: they may be merged.",
        ),
        wrong(
            "RSH",
            "x.reshape(3, -1)",
            "Row 0 of this one starts with channels 0, 1 and 2 of image 0: reshape only cuts, it moves nothing.",
        ),
        wrong(
            "RSH",
            "x.transpose(0, 2, 3, 1).reshape(3, -1)",
            "With channels last, the first three numbers of row 0 are the three channels of one pixel. They should stand in a column.",
        ),
        wrong(
            "AXS",
            "x.T.reshape(3, -1)",
            "x.T has the axes W H C N, so the first 32 · 32 · 8 numbers are not one channel.",
        ),
    ),
    question(
        "matrix_bias",
        "y has shape (8, 5, 32, 32) and bias shape (5,). What does y + bias do?",
        wrong(
            "BIA",
            "It adds bias[o] to output channel o",
            "It would if C_out were the last axis. NumPy lines shapes up from the right, and there stands the width.",
        ),
        right(
            "It stops with an error; had the pictures been 5 pixels wide, it would have gone wrong in silence",
            "NumPy lines shapes up from the right, so bias meets the width.",
        ),
        wrong(
            "BIA",
            "It adds the sum of the bias everywhere",
            "Nothing is summed in an addition. NumPy first has to line up the shapes (8, 5, 32, 32) and (5,).",
        ),
        wrong(
            "LAY",
            "It finds the axis of size 5 by itself",
            "NumPy knows no names of axes and looks for nothing. It lines up the last axes, then the ones before them.",
        ),
    ),
    question(
        "matrix_einsum",
        'Over which index does np.einsum("oc,nchw->nohw", weight, x) sum?',
        wrong("AXS", "o, because it is new", "o stands after the arrow, so it is kept: one map for each output."),
        wrong(
            "LOC",
            "h and w, because they belong to the picture",
            "Both stand after the arrow, so they are kept: no place meets another one.",
        ),
        right("c, because it is missing after the arrow", "What is left out after the arrow is summed."),
        wrong(
            "BAT",
            "n, because each image is treated alike",
            "n stands after the arrow, so it is kept: one result for each image.",
        ),
    ),
)
