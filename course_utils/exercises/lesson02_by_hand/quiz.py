"""Questions of lesson 02."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "scan_order",
        "In which order do the pixels have to be visited?",
        wrong("AXS", "From left to right, then from top to bottom", "No output pixel waits for another one."),
        right("In any order; the output is the same", "Each output pixel depends on its own position alone."),
        wrong("DWP", "One input map after the other, each to its end", "It works, and so does every other order."),
        wrong("LOC", "Neighbours together, as they are mixed", "A 1×1 convolution never looks at a neighbour."),
    ),
    question(
        "scan_one_number",
        "A layer goes from 10 maps to 4. On how many input numbers does one number of the output depend?",
        wrong("DWP", "1: the same pixel of one map", "Every output sums over all 10 input channels."),
        wrong("LOC", "90: a 3×3 patch of 10 maps", "The kernel is 1×1: no neighbours, only the pixel's own column."),
        right("10: the same pixel of every map", "One column through the stack, weighted and summed."),
        wrong("MUL", "40: 10 for each of the 4 outputs", "40 is the number of weights; each output uses 10 of them."),
    ),
    question(
        "scan_index",
        "Five loops run over n, o, i, j and c. Which index is not an index of the output?",
        right("c, the input channel", "It is summed away: that is the sum in 'weighted sum'."),
        wrong("AXS", "o, the output channel", "Each o gives a map of its own; it stays."),
        wrong("BAT", "n, the image", "Images are never mixed; every one keeps its place."),
        wrong("AXS", "i and j, the pixel", "Pixels are never mixed; every one keeps its place."),
    ),
    question(
        "scan_four_times",
        "The article says that the 10 maps are scanned 4 times. What is right about it?",
        wrong("DWP", "Nothing: each map is used once", "Every output channel uses every map."),
        wrong("AXS", "All of it: 4 outputs need 4 passes over the maps", "One pass will do, four sums side by side."),
        right("The arithmetic: 4 sums of 10 products a pixel", "But one pass can feed all four sums."),
        wrong("MUL", "The memory: 40 maps are kept", "Products are added up at once; 4 maps are kept."),
    ),
)
