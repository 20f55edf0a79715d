"""Questions of lesson 06b."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "lost_expanded",
        "A 1×1 layer turns the 4 bands of the scene into 64 channels. What can a later layer know that it could not know before?",
        wrong(
            "RNK",
            "16 times as much",
            "64 is a shape. Every one of the 64 channels is computed from the same 4 numbers.",
        ),
        right(
            "Nothing: all 64 channels are computed from the same 4 numbers",
            "What is computed from 4 numbers tells no more than they do.",
        ),
        wrong(
            "LIN",
            "More, because 64 weighted sums are 64 new features",
            "New mixes of the same 4 numbers: their rank is still at most 4.",
        ),
    ),
    question(
        "lost_claim",
        "1000 channels to 10 with a linear 1×1, restored by a linear decoder with a bias. When is nothing lost?",
        wrong(
            "RNK",
            "Whenever the layer is trained well",
            "Training picks the best 10 directions; an eleventh strong one is lost all the same.",
        ),
        wrong(
            "DAT",
            "Whenever the 1000 channels are correlated",
            "Correlated is not enough: a small loss, but a loss, if more than 10 directions are in use.",
        ),
        wrong("MUL", "Never", "There are inputs for which it works: those whose channels have a rank of at most 10."),
        right(
            "If the centred channels have rank at most 10 and the weight keeps that rank",
            "Then a decoder recomputes all 1000 from the 10.",
        ),
    ),
    question(
        "lost_packing",
        "pack_rgb puts 3 channels of bytes into 1 channel of float32 and loses nothing. Why does that not rescue the claim?",
        wrong(
            "RNK",
            "Because its rank is 1, so something must be lost",
            "Rank speaks of linear decoders; unpack_rgb is none, and restores every byte.",
        ),
        right(
            "It works because 24 bits fit into 24 bits; 1000 float32 do not fit into 10",
            "Count the bits: 32,000 into 320 cannot be undone.",
        ),
        wrong(
            "LIN",
            "Because a 1×1 layer cannot do the packing",
            "It can: it is a weighted sum with the weights 1, 256 and 65,536.",
        ),
    ),
)
