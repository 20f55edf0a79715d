"""Questions of lesson 12."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "kernel_fusion",
        "Convolution, bias and ReLU run as three separate steps over the same maps. What does fusing them save?",
        wrong("UNI", "Multiplications", "All three forms multiply and add the same numbers. Count the bytes instead."),
        right(
            "Two more passes over y: the maps are written and read again for the bias, and once more for the ReLU",
            "Fused, a number of y gets its bias and its ReLU while it is still in the accumulator, and is written once.",
        ),
        wrong("RNK", "Memory for the weights", "The weights are as many as before."),
        wrong(
            "ORD",
            "Nothing, if the ReLU comes first",
            "The order of bias and ReLU changes the result. What fusing saves are passes over memory.",
        ),
    ),
    question(
        "kernel_mask",
        "x and y lie channels first, H·W is 49 and BLOCK_P is 16. What happens in the last tile of pixels without a mask?",
        right(
            "It reads and writes 15 places that belong to somebody else: another channel, or another tensor",
            "In memory there is no edge: with channels first, behind the last pixel of a map lies the first one of the next.",
        ),
        wrong(
            "EDG",
            "Nothing: 49 is close enough to 48",
            "Pixel 48 exists and somebody has to compute it. Its tile has room for 15 pixels more.",
        ),
        wrong(
            "EDG",
            "NumPy's slices cut it off",
            "In NumPy they do. A kernel computes with addresses, and nobody checks those.",
        ),
        wrong(
            "BAT",
            "It computes the first 15 pixels of the next image",
            "Behind a map lies the next *channel*, and only behind the last one the next image.",
        ),
    ),
    question(
        "kernel_reuse",
        "You double BLOCK_O, and C_out is a multiple of it. What is moved less?",
        wrong(
            "AXS",
            "The weights: half as many tiles read them",
            "Each weight is in one tile of outputs, whatever its size. It is read again for every tile of *pixels*.",
        ),
        right(
            "x: it is read for every tile of outputs, and there are half as many",
            "Each number of x that is loaded meets twice as many weights.",
        ),
        wrong("ACC", "y: it is written in larger pieces", "Every number of y is written once, in pieces of any size."),
        wrong(
            "RNK",
            "Nothing: the tensors have the same size as before",
            "Their size says what must be moved at least. What is moved depends on how often it is read again.",
        ),
    ),
    question(
        "kernel_accumulator",
        "x and weight are float16. Why is the accumulator float32?",
        wrong(
            "UNI",
            "It makes the addition faster",
            "It costs more room, not less. Think of a small number added to a large one.",
        ),
        wrong(
            "RNK",
            "Because the sum has more channels than float16 can count",
            "The loop counts the channels, in whole numbers. What is summed are products.",
        ),
        right(
            "A large sum in float16 swallows what is added to it",
            "You saw 2048 + 1 stay 2048. With float32 the sum is rounded to 16 bits once, at the end, or never.",
        ),
        wrong("DEV", "Because y has to be float32", "y may be stored in float16: it is then rounded once, at the end."),
    ),
)
