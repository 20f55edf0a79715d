"""Questions of lesson 13."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "claim_falsifiable",
        "Which of these sentences can an experiment decide?",
        right(
            "A 1×1 layer gives the same after a shuffle of pixels",
            "There is a number, the gap, and a value of it that would refute the sentence.",
        ),
        wrong(
            "SRC",
            "1×1 convolutions are a difficult concept",
            "Difficult for whom, and compared with what? It is an opinion as it stands.",
        ),
        wrong(
            "SRC",
            "1×1 layers are more important than 3×3 layers",
            "'Important' has no unit. Say what is to be measured, then ask again.",
        ),
    ),
    question(
        "claim_no_experiment",
        "An experiment gave '0 of 20 runs agree'. Which observation shows that it was none?",
        wrong("TST", "The 20 numbers differ a little", "They should, if each run draws its own data."),
        wrong("DAT", "The data were drawn at random", "That is what makes runs out of repetitions."),
        right(
            "With the article's own layer put in, it gives the same 0 of 20",
            "A number that cannot come out the other way has tested nothing.",
        ),
        wrong("SRC", "The article's authors would not like it", "It is not about them."),
    ),
)
