"""Questions of lesson 07."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "weights_shape",
        "A 1×1 layer goes from 10 channels to 4. What do these two numbers decide?",
        wrong(
            "RNK", "The values of the weights", "They fix how many weights there are; the values come from elsewhere."
        ),
        wrong(
            "MUL",
            "How many maps the next layer hands on",
            "The next layer is given 4 maps. How many it hands on is its own number.",
        ),
        right("The shape of the weight: 4 rows of 10", "The values come from the initialisation and from training."),
        wrong("SYM", "That the 4 rows are all different", "Nothing in a shape keeps two rows from being equal."),
    ),
    question(
        "weights_bias_gradient",
        "dy has shape (8, 16, 32, 32). What shape has the gradient of the bias, and how is it made?",
        wrong(
            "AXS", "(8, 16): the sum over rows and columns", "All 8 images share the same bias, so they are summed too."
        ),
        right("(16,): the sum over images, rows and columns", "One bias per output channel, shared by every pixel."),
        wrong(
            "AVG", "(16,): the mean over images, rows and columns", "Each number of dy adds its share in full: a sum."
        ),
        wrong("AXS", "(32, 32): one for each pixel", "The bias does not depend on the pixel."),
    ),
    question(
        "weights_equal_rows",
        "All weights, head included, start at 0.1. What does training make of the 4 rows?",
        right("It moves them together: they stay equal", "Equal rows get equal gradients, hence equal steps."),
        wrong("SYM", "It drives them apart, as they must detect different features", "Equal rows get equal gradients."),
        wrong(
            "SYM", "It drives them apart, if it only runs long enough", "An equal step leaves equals equal, every time."
        ),
        wrong("LIN", "It leaves them where they are", "They do move, and the loss falls; they move together."),
    ),
    question(
        "weights_finite_difference",
        "Your gradient agrees with finite differences of your loss. What is proven?",
        right("That your gradient belongs to your forward pass", "Whether the forward pass is right is another test."),
        wrong(
            "RNK", "That forward and backward are right", "Had the forward pass been wrong, both would be wrong alike."
        ),
        wrong("ORD", "That training will converge", "That depends on the learning rate and on the data."),
    ),
    question(
        "weights_scale",
        "A network has 50 layers of 256 channels, each with a ReLU. Its weights start at random with size 1/√256. What happens?",
        wrong(
            "SYM",
            "The rows of a layer stay equal",
            "They are random, so they differ. It is the size of the numbers that is the matter.",
        ),
        wrong(
            "AVG",
            "Nothing: each sum keeps the size of its inputs",
            "The sum does. The ReLU after it throws away half of what there is, 50 times.",
        ),
        wrong(
            "UNI",
            "The numbers explode",
            "For that the weights must be larger: a sum of 256 products of this size is about as large as its inputs.",
        ),
        right(
            "The numbers shrink from layer to layer and nearly vanish",
            "Each ReLU halves the mean square. √(2/256) makes up for it.",
        ),
    ),
)
