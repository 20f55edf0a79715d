"""Questions of lesson 07."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "weights_shape",
        "A 1×1 layer goes from 10 channels to 4. What do these two numbers decide?",
        wrong("RNK", "The values of the weights", "They fix how many weights there are; the values come from elsewhere."),
        wrong("MUL", "How many maps the next layer hands on", "The next layer is given 4 maps. How many it hands on is its own number."),
        right("The shape of the weight: 4 rows of 10", "The values come from the initialisation and from training."),
        wrong("SYM", "That the 4 rows are all different", "Nothing in a shape keeps two rows from being equal."),
    ),
    question(
        "weights_bias_gradient",
        "dy has shape (8, 16, 32, 32). What shape has the gradient of the bias, and how is it made?",
        wrong("AXS", "(8, 16): the sum over rows and columns", "All 8 images share the same bias, so they are summed too."),
        right("(16,): the sum over images, rows and columns", "One bias per output channel, shared by every pixel."),
        wrong("AVG", "(16,): the mean over images, rows and columns", "Each number of dy adds its share in full: a sum."),
        wrong("AXS", "(32, 32): one for each pixel", "The bias does not depend on the pixel."),
    ),
    question(
        "weights_equal_rows",
        "All weights, head included, start at 0.1. What does training make of the 4 rows?",
        right("It moves them together: they stay equal", "Equal rows get equal gradients, hence equal steps."),
        wrong("SYM", "It drives them apart, as they must detect different features", "Equal rows get equal gradients."),
        wrong("SYM", "It drives them apart, if it only runs long enough", "An equal step leaves equals equal, every time."),
        wrong("LIN", "It leaves them where they are", "They do move, and the loss falls; they move together."),
    ),
    question(
        "weights_finite_difference",
        "Your gradient agrees with finite differences of your loss. What is proven?",
        right("That your gradient belongs to your forward pass", "Whether the forward pass is right is another test."),
        wrong("RNK", "That forward and backward are right", "Had the forward pass been wrong, both would be wrong alike."),
        wrong("ORD", "That training will converge", "That depends on the learning rate and on the data."),
    ),
)
