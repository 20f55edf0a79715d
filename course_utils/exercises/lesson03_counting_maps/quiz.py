"""Questions of lesson 03."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "count_second_layer",
        "A 3×3 layer is given 64 maps and has 128 output channels. How many maps does it hand on for one image?",
        wrong(
            "MUL",
            "64 · 128, one for each pair",
            "That is its number of kernel slices. The 64 products of an output are summed into one map.",
        ),
        right("128, one an output channel", "Each output channel sums over all 64 input maps and leaves one map."),
        wrong(
            "ACC",
            "64 + 128, old and new ones",
            "The 64 maps went in. Training may keep them in memory, but this layer hands on its own output only.",
        ),
        wrong(
            "UNI",
            "128 · 9, one for each weight of a slice",
            "The 9 weights of a slice are used at each pixel of one map; they make no maps.",
        ),
    ),
    question(
        "count_what_multiplies",
        "A 3×3 layer has 32 input and 64 output channels. There is something of which it has exactly 32 · 64. What?",
        right(
            "The 2-D kernel slices of its weight", "weight has the shape (64, 32, k, k): 64 · 32 slices of k×k numbers."
        ),
        wrong("MUL", "The maps it hands on", "It hands on 64: one sum over 32 products for each output channel."),
        wrong("UNI", "Its weights", "A 3×3 slice alone holds 9 weights, so it has nine times as many."),
        wrong("BIA", "Its biases", "A bias is added once to each output map, so there are 64."),
    ),
    question(
        "count_missing_step",
        "You built all C_in · C_out maps. What is left to do to have the layer's output?",
        wrong(
            "AVG",
            "Average the maps of each output",
            "A convolution adds. Dividing by C_in would be another layer, with smaller weights.",
        ),
        wrong(
            "RNK",
            "Keep the strongest map of each output",
            "Nothing is chosen or dropped: each of the C_in maps goes into the output.",
        ),
        wrong(
            "AXS",
            "Add up the maps made of the same input map",
            "That mixes the *outputs*. The sum runs over the input channels c, for one output o.",
        ),
        right(
            "Add up the maps of each output over the input channels",
            "That sum is the step that the article leaves out. (A bias would be added to each sum, once.)",
        ),
    ),
    question(
        "count_cure",
        "A 3×3 layer 256→256 is replaced by 1×1 to 64, 3×3 at 64, 1×1 back to 256. What becomes smaller?",
        wrong("MUL", "The number of maps that are made", "It grows: 64 + 64 + 256 maps are written instead of 256."),
        wrong("UNI", "The memory for activations in training", "More maps of the same size are kept, so it grows."),
        wrong(
            "CHN",
            "The number of channels handed on",
            "The last 1×1 goes back to 256: the next layer sees no difference in shape.",
        ),
        right(
            "The number of weights, and of multiplications",
            "The 3×3 works on 64 channels instead of 256 on both sides, and 1×1 slices hold one number instead of"
            " nine.",
        ),
    ),
    question(
        "count_memory_of_training",
        "You train with a batch twice as large. What doubles?",
        right(
            "The bytes of all maps in memory",
            "Each image has its own maps, so activations grow with n; weights stay as they are.",
        ),
        wrong(
            "BAT",
            "The weights and the maps in memory",
            "All images of a batch share the same weights. Only their maps are their own.",
        ),
        wrong(
            "UNI", "The weights in memory", "Weights do not know how many images there are, nor how large these are."
        ),
        wrong(
            "ACC",
            "Neither: maps are overwritten by the next image",
            "In training every image's maps are kept until the backward pass.",
        ),
    ),
)
