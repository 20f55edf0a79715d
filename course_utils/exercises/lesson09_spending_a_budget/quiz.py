"""Questions of lesson 09."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "budget_what_falls",
        "In front of a 5×5 layer you put a 1×1 that reduces 192 channels to 16. What becomes smaller?",
        wrong("MUL", "The number of feature maps that are written", "It grows: the 16 maps of the 1×1 come on top."),
        right(
            "The weights and the multiply-adds",
            "The 5×5 now meets 16 channels in place of 192, and the 1×1 costs little.",
        ),
        wrong("LOC", "The patch that one output sees", "A 1×1 sees no neighbours, but the 5×5 after it still does."),
        wrong("CHN", "The number of channels handed on", "The 5×5 still makes as many maps as before."),
    ),
    question(
        "budget_break_even",
        "3×3, 100 → 100 channels. With how many channels in the middle does a 1×1 in front no longer save anything?",
        wrong(
            "CHN", "From 100 on", "At 100 the 3×3 costs what it did, and the 1×1 comes on top: that is a loss already."
        ),
        wrong("CHN", "From 50 on", "At 50 the 3×3 is halved, and the 1×1 adds a twentieth or so: much is saved."),
        wrong("UNI", "From 9 on", "9 is the number of places in a window. Set the two costs equal and solve."),
        right("From 90 on", "900,000 / (100 + 900) = 90: there both cost the same."),
    ),
    question(
        "budget_separable",
        "A 3×3 layer with 512 output channels becomes depthwise and 1×1. By what factor do multiply-adds fall, about?",
        right("9", "The ratio is 1/512 + 1/9. With many output channels only 1/9 is left of it."),
        wrong(
            "CHN", "512", "The 1×1 still joins every input with every output. Only the window is paid once a channel."
        ),
        wrong("UNI", "3", "A 3×3 window has 9 places, and all but one of them leave the mixing of channels."),
        wrong("MUL", "9 · 512", "Costs add up: 1/512 + 1/9. They are not multiplied."),
    ),
    question(
        "budget_mobilenet",
        "95% of MobileNetV1's multiply-adds lie in 1×1 layers. What follows?",
        wrong(
            "DEV",
            "95% of its computing time is spent in them",
            "The paper says so, but it has counted multiply-adds. Layers also move bytes, and that takes time.",
        ),
        right(
            "Who wants to save multiply-adds has to look at the 1×1 layers",
            "That is what ShuffleNet did: 1×1 layers in groups. Saving time is another question.",
        ),
        wrong(
            "RNK", "3×3 layers could be left out", "Without them no pixel ever sees a neighbour, however much is spent."
        ),
        wrong("MUL", "95% of its feature maps come from them", "Shares of cost say nothing about the number of maps."),
    ),
    question(
        "budget_width",
        "A 3×3 layer has C channels in and out. One in the next stage has 2C in and out, on maps of half the height and half the width. How do its multiply-adds and its weights compare?",
        wrong("MUL", "Both are the same", "Multiply-adds do. The weights do not see the pixels: four times as many."),
        wrong(
            "CHN",
            "Twice the multiply-adds, twice the weights",
            "Twice the inputs, twice the outputs, a quarter of the pixels: multiply.",
        ),
        wrong("UNI", "Both are four times as many", "A quarter of the pixels is left, at which each weight is used."),
        right(
            "Equally many multiply-adds, four times as many weights",
            "2 · 2 for the channels, and 1/4 for the pixels, which only multiply-adds see.",
        ),
    ),
)
