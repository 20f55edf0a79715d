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
        "claim_one_counterexample",
        "'… without losing any information': 20 draws of noise lose 98 % each, 20 draws of rank 10 lose nothing. What follows?",
        wrong(
            "AVG", "On average half of the information is lost", "An average over two kinds of data describes neither."
        ),
        wrong(
            "RNK", "True: 10 channels came out in all 40 draws", "That is the shape. Nobody asked how many came out."
        ),
        wrong("TST", "Nothing: experiments cannot decide it", "They did: each draw of noise is a counterexample."),
        right(
            "False as it stands; true for channels of rank 10",
            "The sentence has no 'if', so it speaks of all inputs: one counterexample is enough. For some it holds.",
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
    question(
        "claim_seeds",
        "Two networks, 5 seeds each. Mean hidden accuracy 0.950 and 0.946, each spread over 0.02. What do you report?",
        right(
            "Both means with their spread: no difference was shown", "0.004 is much less than what the seed alone does."
        ),
        wrong(
            "TST",
            "The best run of each: 0.96 against 0.96",
            "The best of five is luck, and not what the next run gives.",
        ),
        wrong(
            "AVG",
            "The first network is better: 0.950 > 0.946",
            "Another five seeds could turn that round: look at the spread.",
        ),
        wrong(
            "DAT",
            "Train on until the difference is clear",
            "Whoever stops when the result pleases has chosen the result.",
        ),
    ),
)
