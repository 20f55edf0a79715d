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
        "gpu_layout",
        "x has the shape (32, 64, 56, 56), and y = x.to(memory_format=torch.channels_last). How does y differ from x?",
        wrong(
            "LAY",
            "In its shape: (32, 56, 56, 64)",
            "That would be permute(0, 2, 3, 1). Here the shape stays, and the strides change.",
        ),
        wrong("LAY", "In nothing, until a layer uses it", "The numbers are moved at once, into another order."),
        wrong("RNK", "In its numbers: some are lost", "All of them are there, in another order."),
        right(
            "In where its numbers lie in memory; the shape is the same",
            "The strides tell: the channels of a pixel now lie side by side.",
        ),
    ),
    question(
        "gpu_tf32",
        "On an A100 a float32 Conv2d and the Linear with the same weights differ by 0.001. On the CPU they agree. Why?",
        wrong("BIA", "The convolution adds its bias twice", "Then they would differ on the CPU too, and by much more."),
        wrong(
            "LAY", "The weights were transposed on the way", "That would make every number wrong, not the third digit."
        ),
        right(
            "PyTorch lets convolutions round their inputs to TF32 there, and matrix products not, unless you say so",
            "Ten bits of mantissa: errors of about one in a thousand.",
        ),
        wrong(
            "DEV",
            "GPUs compute at random",
            "The order of a sum may vary, which changes the seventh digit in float32. The third one has another cause.",
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
