"""Questions of lesson 11."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "gpu_clock",
        "t = clock();  y = conv(x);  print(clock() − t)  says 5 µs on a GPU, for a layer of 500 million bytes. What did it time?",
        wrong(
            "DEV",
            "The layer: GPUs are that fast",
            "100 TB/s would have to pass through its memory. Put the number under the roofline before you believe it.",
        ),
        right(
            "How long it takes to put the work into the queue",
            "conv(x) returns when the work is noted. Wait for the device, then look at the clock.",
        ),
        wrong("UNI", "The layer, in the wrong unit", "The unit is right. The moment is wrong."),
        wrong(
            "DEV",
            "The copy of y to the CPU",
            "Nothing is copied until somebody asks for numbers: print(y) would have waited.",
        ),
    ),
    question(
        "gpu_ridge",
        "A layer does 40 FLOPs for each byte; the device can do 8 TFLOP/s and move 0.32 TB/s. What limits it?",
        right(
            "The computing: the ridge is at 25 FLOP/B, and 40 lies to its right",
            "40 · 0.32 = 12.8 TFLOP/s could be fed, and 8 can be computed.",
        ),
        wrong(
            "SGN", "The memory: 40 is more than 25", "Right of the ridge, the memory brings more than can be computed."
        ),
        wrong(
            "UNI",
            "The memory: 0.32 is less than 8",
            "Those are bytes and FLOPs; they cannot be compared. Divide them: the ridge is at 25 FLOP/B.",
        ),
        wrong(
            "DEV",
            "Neither: it runs at 8 + 0.32",
            "Both limits hold at the same time, so the smaller one decides. They do not add up.",
        ),
    ),
    question(
        "gpu_flops",
        "You replace a layer by one with a quarter of the FLOPs. It was left of the ridge and moves as many bytes as before. How much faster is it?",
        right(
            "Not at all: the bytes are the same, and they were the limit",
            "FLOPs are not time. Left of the ridge, bytes are.",
        ),
        wrong("UNI", "Four times", "Left of the ridge nobody waits for FLOPs. What are the bytes?"),
        wrong("UNI", "Twice", "There is nothing in between: count the bytes."),
        wrong(
            "SGN",
            "It becomes four times slower",
            "It has less to compute and as much to move. It takes as long as before.",
        ),
    ),
)
