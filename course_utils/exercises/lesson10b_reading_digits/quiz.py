"""Questions of lesson 10b."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "torch_histogram",
        "Only 1×1 layers, then global average pooling. Each picture's pixels are shuffled. What happens to its answers?",
        wrong("LOC", "They get worse, as for a human", "You use neighbours. No layer here does."),
        wrong(
            "LIN",
            "Nothing, but only without ReLU",
            "A ReLU works pixel by pixel as well, so it commutes with a shuffle too.",
        ),
        wrong(
            "DAT",
            "They get worse, unless it was trained on shuffled pictures",
            "It cannot tell the two kinds apart, so it makes no difference what it was trained on.",
        ),
        right("Nothing, for any weights", "Each layer works pixel by pixel, and the average does not see the order."),
    ),
    question(
        "torch_modes",
        "A loop calls model.train() once, before the first epoch, and model.eval() after each. What is the matter?",
        wrong(
            "GRD",
            "After eval() no gradients are computed",
            "That is torch.no_grad(). eval() changes what batch norm and dropout do.",
        ),
        wrong(
            "MOD",
            "Nothing: train() lasts until the end",
            "It lasts until eval(). The second epoch trains in evaluation mode.",
        ),
        wrong("ACC", "Gradients add up", "That is about zero_grad(), whatever the mode."),
        right(
            "From the second epoch on, batch norm does not learn its statistics",
            "In evaluation mode it uses the ones it has, and does not update them.",
        ),
    ),
    question(
        "torch_sliding",
        "A classifier for 28×28 pixels, without padding, its head turned into a 1×1 convolution, reads a page. Its poolings halve twice. Its output at (2, 3) is what it says about",
        right(
            "the window of 28×28 pixels whose corner is in row 8, column 12",
            "Two halvings: neighbouring outputs look at windows 4 pixels apart.",
        ),
        wrong("LOC", "the pixel in row 2, column 3", "One output looks at a whole window of 28×28 pixels."),
        wrong(
            "STR",
            "the window whose corner is in row 2, column 3",
            "Each halving doubles the step between neighbouring outputs.",
        ),
        wrong(
            "AVG",
            "the whole page, resized to 28×28",
            "Nothing is resized; each output sees its own window at full size.",
        ),
    ),
)
