"""Questions of lesson 00."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "axes_shape",
        "A batch of 8 colour photos, each with 32 rows and 48 columns, in the order N C H W. What is its shape?",
        wrong("LAY", "(8, 32, 48, 3)", "That is N H W C, channels last. In N C H W the 3 stands right after the 8."),
        wrong("AXS", "(8, 3, 48, 32)", "H comes before W: first the number of rows, 32, then the columns, 48."),
        right("(8, 3, 32, 48)", "8 images, 3 channels, 32 rows, 48 columns: N C H W."),
        wrong("BAT", "(3, 8, 32, 48)", "That says 3 images with 8 channels each. N, the number of images, is first."),
    ),
    question(
        "axes_pixel",
        "x has the shape (8, 3, 32, 48). What is x[5, :, 10, 20]?",
        right("3 numbers: one pixel of one image, in all channels", "The colon keeps C whole; N, H and W are fixed."),
        wrong("LAY", "48 numbers: one row of one image", "A whole row needs its colon at W, the last place."),
        wrong("BAT", "8 numbers: one pixel of every image", "N is fixed at 5; the colon stands at the place of C."),
        wrong(
            "LOC",
            "A patch of 10 × 20 pixels",
            "10 and 20 are one row and one column. A patch needs slices: 0:10, 0:20.",
        ),
    ),
    question(
        "axes_reshape",
        "image has the shape (H, W, 3). What is wrong with image.reshape(1, 3, H, W)?",
        wrong(
            "RSH",
            "Nothing: it has the right shape and the same numbers",
            "Both are true, and the picture is still scrambled: look at the figure above again.",
        ),
        wrong("RSH", "reshape changes some of the numbers", "It changes none. It is their places that go wrong."),
        wrong(
            "AXS",
            "It goes wrong only when H and W differ",
            "A square image is scrambled as well: the three channels of a pixel stay neighbours.",
        ),
        right(
            "The numbers stay in their old order, so they get wrong places",
            "reshape draws new borders; only a transpose moves an axis.",
        ),
    ),
    question(
        "axes_message",
        "A check says: shape (1, 4, 6, 3), expected (1, 3, 4, 6) (n, c, h, w): axis c is 4, should be 3. What "
        "went wrong?",
        wrong("CHN", "The picture has one channel too many", "It has 3, as it should; look where that 3 stands."),
        right(
            "The channels were left in the last place",
            "4, 6, 3 is H W C: the axis that should hold the channels holds the rows.",
        ),
        wrong(
            "AXS",
            "Rows and columns have changed places",
            "4 and 6 still stand in their order; it is the 3 that should come before them.",
        ),
    ),
)
