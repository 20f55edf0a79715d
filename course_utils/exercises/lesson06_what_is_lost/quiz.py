"""Questions of lesson 06."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "lost_decoder",
        "Two inputs give exactly the same output of a 1×1 layer. What can tell them apart afterwards?",
        wrong(
            "LIN",
            "A deep enough nonlinear network",
            "It too gets the same numbers for both, so it answers the same for both.",
        ),
        wrong(
            "RNK",
            "A layer that brings the channels back to the old number",
            "It restores the shape, not the difference.",
        ),
        wrong(
            "DAT", "A decoder that is trained on enough data", "No training helps where the two examples look the same."
        ),
        right(
            "Nothing: every later layer gets the same numbers", "Whatever comes later computes the same from the same."
        ),
    ),
    question(
        "lost_unique",
        "Your best_reduction and your neighbour's have no row in common, yet both pass the check. How?",
        right(
            "Their rows are different mixes of the same m directions",
            "Any invertible mix can be undone by the decoder: same loss.",
        ),
        wrong("DAT", "One of them was lucky with the data", "The check measures the loss on the same data for both."),
        wrong(
            "RNK",
            "Every weight of the right shape loses the same",
            "You have seen random and first-channel weights lose far more.",
        ),
    ),
)
