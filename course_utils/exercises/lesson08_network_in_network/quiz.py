"""Questions of lesson 08."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "nin_two_layers",
        "Two 1×1 layers, 64 → 8 → 64, with nothing between them. What can they compute that one layer 64 → 64 cannot?",
        wrong(
            "LIN",
            "Curved functions, as two layers are deeper than one",
            "Linear after linear is linear: depth alone bends nothing.",
        ),
        wrong("MUL", "More features: 64 · 8 · 64 of them", "Channels do not multiply: the last layer has 64 outputs."),
        wrong(
            "RNK",
            "Nothing, and nothing less either: 64 come out in both",
            "64 is a shape. All 64 outputs are mixes of 8 maps.",
        ),
        right(
            "Nothing, and less: only weights of rank 8 or below",
            "They are w2 @ w1, and 8 channels pass at most rank 8.",
        ),
    ),
    question(
        "nin_gap_order",
        "Global average pooling trades places with a 1×1 layer and its bias. When does it stop?",
        wrong("BIA", "When the bias is not zero", "The average of maps that all have + b is the average + b."),
        right("When a ReLU stands between the two", "The average of what was cut off is not the average, cut off."),
        wrong(
            "AXS", "When C_in and C_out differ", "Pooling acts on pixels, the layer on channels: sizes do not matter."
        ),
        wrong("BAT", "When there are several images", "Each image is pooled on its own, before or after."),
    ),
    question(
        "nin_fold",
        "Which of these can be folded exactly into the weight and bias of the 1×1 layer before it?",
        wrong("LIN", "A ReLU", "Weight and bias make straight functions only; a ReLU has a kink."),
        wrong(
            "BAT",
            "BatchNorm while training",
            "Then mean and variance come from the batch: they change with every input.",
        ),
        right(
            "BatchNorm with stored mean and variance", "For each output channel it is 'times a number, plus a number'."
        ),
        wrong("ORD", "A 1×1 layer that comes after a ReLU", "The ReLU stands between the two."),
    ),
    question(
        "nin_first",
        "Going by the sources quoted above: which paper introduced the 1×1 convolution as a building block?",
        wrong(
            "SRC",
            "Going Deeper with Convolutions (GoogLeNet), 2014",
            "It cites Network In Network for the idea, as its reference [12].",
        ),
        wrong("SRC", "The article, 2019", "It thanks others for it, rightly; only not the ones who were first."),
        wrong(
            "SRC", "Deep Residual Learning (ResNet), 2015", "It uses 1×1 layers, two years after they were introduced."
        ),
        right(
            "Network In Network, 2013",
            "It names the 'convolution layer with 1x1 convolution kernel', and GoogLeNet cites it.",
        ),
    ),
    question(
        "nin_credit",
        "Which sentence could stand in a corrected article?",
        wrong(
            "SRC",
            "Google alone introduced the 1×1 convolution",
            "Neither alone nor first: look at the author block and at reference [12].",
        ),
        right(
            "Singapore introduced it; GoogLeNet made it popular for reducing dimensions",
            "Network In Network names the 1×1 kernel in 2013; GoogLeNet cites it, and reduces with it.",
        ),
        wrong(
            "SRC",
            "The University of North Carolina had no part in GoogLeNet",
            "One of its authors, Wei Liu, was there.",
        ),
        wrong(
            "SRC", "Nobody used 1×1 layers to reduce dimensions before 2019", "GoogLeNet's '#3×3 reduce' did, in 2014."
        ),
    ),
)
