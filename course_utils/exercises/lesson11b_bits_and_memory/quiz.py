"""Questions of lesson 11b."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
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
)
