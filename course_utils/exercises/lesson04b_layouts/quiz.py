"""Questions of lesson 04b."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "matrix_seconds",
        "Why do the five loops take so much longer than the matrix product?",
        wrong(
            "UNI", "They do more multiplications", "Count them: N · H · W · C_out · C_in in both. The work is the same."
        ),
        wrong(
            "ORD",
            "They visit the pixels in a bad order",
            "Another order of the loops changes little. You have seen which rungs of the ladder changed much.",
        ),
        wrong(
            "ACC", "They compute with more digits", "Both compute in float64, and they agree to the last few digits."
        ),
        right(
            "Python spends far more time on each multiplication than the processor needs to do it",
            "It looks up names, checks types and makes an object of every number, again and again.",
        ),
    ),
    question(
        "matrix_stains",
        "A pixel is multiplied as a row vector: pixel @ M, where M is (3, 3). Which weight has the 1×1 convolution that does the same?",
        wrong(
            "TRN",
            "M",
            "Only if M is symmetric. weight has one row for each output; here the outputs are the columns of M.",
        ),
        wrong(
            "TRN", "the inverse of M", "The inverse undoes the mix. Here the same mix is wanted, with outputs as rows."
        ),
        wrong(
            "DWP", "the diagonal of M", "That would keep the channels apart: each output would see one channel only."
        ),
        right("M.T", "weight @ v equals v @ weight.T: rows and columns change places."),
    ),
)
