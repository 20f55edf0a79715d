"""Questions of lesson 01."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "pixel_inputs",
        "A photo has 3 channels and 400 × 600 pixels. It is mixed to one output map. On how many input numbers does "
        "one output pixel depend?",
        wrong("DWP", "1", "Each of the three channels adds its share: w[0]·red + w[1]·green + w[2]·blue."),
        right("3", "The three channels at its own place, and nothing else."),
        wrong("LOC", "9", "A 3×3 kernel looks at the neighbours. A mix looks at one place only."),
        wrong("AVG", "720,000", "No channel is summed up over the picture: the other pixels play no part."),
    ),
    question(
        "pixel_grey",
        "A mix has the weights 1, -0.5, -0.5 and the bias b. What does it give for a grey pixel, where red, green and "
        "blue are the same?",
        wrong("AVG", "The same grey again", "The weights would have to add up to 1 for that; these add up to 0."),
        wrong("AVG", "Nothing: weights must add up to 1", "An average needs that. A weighted sum takes any weights."),
        wrong("LIN", "0, because negative results become 0", "No result is cut off: a mix may give any number."),
        right(
            "b, whatever the grey", "1 - 0.5 - 0.5 = 0 times the grey, plus b: this mix sees colour, not brightness."
        ),
    ),
    question(
        "pixel_matrix",
        "One pixel has 10 channels and should become 4 numbers. What is the shape of `weight`?",
        right("(4, 10)", "One row per output, one column per input channel: (C_out, C_in)."),
        wrong(
            "TRN",
            "(10, 4)",
            "The other way round: rows are outputs. weight @ v needs as many columns as v has numbers.",
        ),
        wrong("DWP", "(4,)", "One weight per output cannot mix 10 channels: each output needs 10 weights."),
        wrong("MUL", "(4, 10, 10)", "Channels are not paired with each other: 10 weights an output, 40 in all."),
    ),
    question(
        "pixel_summary",
        "A photo is mixed with weights that are not 0. Which change to the photo moves the output at row 10, "
        "column 20?",
        wrong(
            "AVG",
            "A brighter red everywhere except at row 10, column 20",
            "Only the numbers at row 10, column 20 enter: the channel is not summed up.",
        ),
        wrong(
            "LOC",
            "Another colour at row 10, column 21, its neighbour",
            "Neighbours play no part. That takes a larger kernel.",
        ),
        right("Another blue value at row 10, column 20", "Its own channels are all that it depends on."),
        wrong(
            "AXS",
            "All other pixels in another order",
            "No pixel waits for another or looks at it: their order plays no part.",
        ),
    ),
)
