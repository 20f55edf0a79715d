"""Questions of lesson 13b."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
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
