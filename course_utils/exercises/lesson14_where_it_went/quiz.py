"""Questions of lesson 14."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "went_shuffle",
        "Self-attention without positions or a mask gets the tokens of a text in another order. What comes out?",
        wrong(
            "LOC",
            "Other numbers: each token has other neighbours",
            "No token knows its neighbours: each asks all others alike, wherever they stand.",
        ),
        right(
            "The same numbers, in the same other order",
            "Scores, softmax and sum belong to pairs of tokens, and a pair does not know where it stands.",
        ),
        wrong(
            "MIX",
            "The same numbers, in the old order",
            "Each token's answer goes with the token. Only an average over all would not notice.",
        ),
        wrong(
            "LIN",
            "The same, but only without the softmax",
            "The softmax adds up over all tokens that are asked; a sum does not care for their order.",
        ),
    ),
    question(
        "went_mixing",
        "Which of these looks at more than one token at a time?",
        wrong("MIX", "query, key and value", "Each is one matrix for every token by itself: a 1×1."),
        wrong("MIX", "the two layers of feed-forward", "They mix channels, token by token."),
        wrong("MIX", "layer norm over the channels of a token", "It uses the numbers of one token alone."),
        right("the product of the shares with the values", "There each token becomes a weighted sum over all."),
    ),
    question(
        "went_longer",
        "A text becomes twice as long. The multiply-adds of a block's 1×1 layers double. And those between tokens?",
        wrong("SCL", "They double too", "There is one score for each *pair* of tokens."),
        right("They become four times as many", "Twice as many tokens ask twice as many: T² pairs."),
        wrong(
            "UNI",
            "They stay: there are no weights there",
            "Weights are not work. The products of pairs have no weights, and cost all the same.",
        ),
        wrong(
            "MUL",
            "They are multiplied by the number of heads",
            "The heads share the channels among them; they do not multiply the work.",
        ),
    ),
    question(
        "went_lora",
        "LoRA of rank 8 beside a layer of 768 → 768. At its start `up` is zero. What is true of the first step of gradient descent?",
        wrong(
            "GRD",
            "Nothing moves: both gradients are zero",
            "The gradient of up is made with down's numbers, which are not zero. Only down waits a step.",
        ),
        wrong(
            "RNK",
            "The frozen weight moves by at most rank 8",
            "The frozen weight does not move at all; what is added to it has at most rank 8.",
        ),
        right(
            "up moves, down does not",
            "down's gradient passes through up, which is zero; up's passes through down, which is not.",
        ),
        wrong(
            "SYM",
            "All rows of down grow alike",
            "They start at random, so their gradients differ as soon as there are any.",
        ),
    ),
)
