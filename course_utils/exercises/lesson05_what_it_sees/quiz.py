"""Questions of lesson 05."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "sees_five_layers",
        "Five 1×1 layers, each followed by ReLU. How many input pixels does one output value depend on?",
        wrong("LOC", "11 × 11", "Two more pixels a layer would be 3×3 layers. A 1×1 adds none."),
        wrong("LOC", "5", "Each layer looks at one pixel, but at the same one as the layer before."),
        wrong("SGN", "0", "It depends on the pixel in the same place: one."),
        right("1", "The pixel in the same place, through all its channels. Neither depth nor ReLU widens that."),
    ),
    question(
        "sees_order",
        "A program computes a 1×1 convolution from the last pixel to the first. What changes in the output?",
        right("Nothing", "No output pixel waits for another: the order is a matter of the program, not of the layer."),
        wrong(
            "AXS",
            "It comes out upside down",
            "The result for a pixel is stored in that pixel's place, whenever it is computed.",
        ),
        wrong(
            "LOC",
            "The pixels near the border",
            "A 1×1 needs no neighbours and no padding: it has no special pixels at the border.",
        ),
    ),
    question(
        "sees_disguise",
        "When does a 3×3 convolution with padding 1 compute the same as a 1×1?",
        wrong(
            "AVG", "When the nine taps of each slice are equal", "That sums the neighbourhood of each pixel: a blur."
        ),
        right(
            "When the eight outer taps of each slice are zero",
            "Then each output pixel depends on the pixel in its own place only.",
        ),
        wrong("DWP", "When C_in = C_out = 1", "It still has eight taps on neighbours. Channels are another matter."),
        wrong(
            "RNK",
            "When its output has the shape of the 1×1's",
            "Padding 1 gives every 3×3 that shape. The numbers decide.",
        ),
    ),
    question(
        "sees_dense",
        "x has 64 channels of 7×7 pixels. One dense layer, 64 → 10, is given the 64 numbers of a pixel, then those of the next, and so on. A 1×1 convolution, 64 → 10, has the same weights. What do the two share?",
        wrong(
            "MUL",
            "Only the shape of what they give: the dense layer has 49 times the weights",
            "It is one layer, used 49 times with the same weights.",
        ),
        right(
            "Everything: 640 weights, and each number that they give",
            "One 10×64 matrix, applied to the channels of each of the 49 pixels.",
        ),
        wrong(
            "LOC",
            "Nothing: a dense layer mixes all 49 pixels",
            "A dense layer on the *flattened* x does. This one gets one pixel's 64 numbers at a time.",
        ),
    ),
    question(
        "sees_ones",
        "A test fills x, weight and bias with ones and compares all numbers of the answer. Which wrong layer passes?",
        wrong("BIA", "One that forgets the bias", "The answer is too small by one at every pixel: it is caught."),
        wrong("AVG", "One that divides by C_in", "The answer is too small: with C_in = 3 it is 2 where 4 is right."),
        right("One that mirrors the image", "All pixels are equal, so nobody sees that they have moved."),
        wrong(
            "ACC",
            "One that keeps only the last channel's product",
            "The sum is then 1 for any C_in: it is caught unless C_in = 1.",
        ),
    ),
)
