"""Questions of lesson 10."""

from course_utils.exercises.spec import question, right, wrong

QUIZ = (
    question(
        "torch_registered",
        "self.weight = torch.randn(5, 3) in __init__, and forward uses it. What is wrong?",
        wrong("SYM", "It starts at random", "That is how it should start; with equal rows nothing would part them."),
        wrong("TRN", "It must be (3, 5)", "(C_out, C_in) is what nn.Linear has too. The layout is yours to choose."),
        right(
            "It is no nn.Parameter: never trained, saved or moved",
            "Only parameters, buffers and modules in self are registered.",
        ),
        wrong(
            "GRD",
            "forward needs torch.no_grad()",
            "That would cut off the gradients, which this weight does not get anyway.",
        ),
    ),
)
