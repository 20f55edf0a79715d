"""Twelve questions in two parallel forms, one before the course and one after it: what it changed, idea by idea.

Each aims at one misconception, which is among the wrong choices of both its forms. They are not graded, and nobody is
told which choice is right: form B could not measure anything otherwise.
"""

from dataclasses import dataclass

from course_utils.exercises.spec import Question, question, right, wrong


@dataclass(frozen=True)
class Idea:
    """What one question of each form asks about, and the misconception that both aim at."""

    name: str
    code: str
    before: Question
    after: Question


def idea(name: str, code: str, before: tuple, after: tuple) -> Idea:
    """An idea from its two questions: each a prompt, the letter and text of the right choice, and the wrong ones."""
    return Idea(name, code, _question(name, *before), _question(name, *after))


def _question(name, prompt, letter, answer, *others):
    choices = [wrong(code, text, "") for code, text in others]  # nobody is told why
    choices.insert("abcd".index(letter), right(answer, ""))
    return question(name, prompt, *choices)


IDEAS = (
    idea(
        "maps",
        "MUL",
        (
            "A 1×1 convolution with 4 kernels gets 10 maps. How many maps come out?",
            "b",
            "4",
            ("DWP", "10"),
            ("CHN", "14"),
            ("MUL", "40"),
        ),
        (
            "64 maps go through two 1×1 convolutions, the first with 16 kernels, the second with 8. How many come out?",
            "a",
            "8",
            ("CHN", "24"),
            ("MUL", "128"),
            ("MUL", "8,192"),
        ),
    ),
    idea(
        "mixing",
        "DWP",
        (
            "A 1×1 convolution goes from 10 maps to 4. On how many numbers of the input does one number of the output "
            "depend?",
            "c",
            "10",
            ("DWP", "1"),
            ("CHN", "4"),
            ("LOC", "90"),
        ),
        (
            "A 1×1 convolution goes from 6 maps to 24. How many products are added up for one number of the output?",
            "b",
            "6",
            ("DWP", "1"),
            ("CHN", "24"),
            ("MUL", "144"),
        ),
    ),
    idea(
        "neighbours",
        "LOC",
        (
            "In a photo only the pixel in row 5 and column 7 is changed. Where can the output of a 1×1 convolution differ?",
            "d",
            "At that pixel, in every output map",
            ("DWP", "At that pixel, in one output map"),
            ("LOC", "At that pixel and the eight around it"),
            ("AXS", "In the whole of row 5"),
        ),
        (
            "Ten 1×1 convolutions follow one another, a ReLU after each. How large a patch of the input does one pixel of "
            "the output depend on?",
            "a",
            "1×1 pixel",
            ("SQR", "10×10 pixels"),
            ("LOC", "21×21 pixels"),
            ("LOC", "The whole picture"),
        ),
    ),
    idea(
        "axes",
        "LAY",
        (
            "A batch of photos has the shape (8, 3, 32, 48), in the order that PyTorch takes. What is the 3?",
            "c",
            "The channels of each photo",
            ("BAT", "The photos of the batch"),
            ("AXS", "The rows of each photo"),
            ("LAY", "The place where channels never stand: they come last"),
        ),
        (
            "x has the shape (2, 16, 7, 9), in the order that PyTorch takes. What is x[1, 3]?",
            "b",
            "One map of one image: 7 × 9 numbers",
            ("LAY", "One pixel of one image: 16 numbers"),
            ("BAT", "Image 3 of map 1: 7 × 9 numbers"),
            ("AXS", "One row of one image: 9 numbers"),
        ),
    ),
    idea(
        "reshape",
        "RSH",
        (
            "photo has the shape (H, W, 3). What does photo.reshape(3, H, W) give?",
            "d",
            "The right shape, with all three colours mixed up in each map",
            ("RSH", "Its red, green and blue map"),
            ("ERR", "An error: the sizes do not fit"),
            ("TRN", "The photo turned by a quarter"),
        ),
        (
            "x has the shape (C, H, W). Which gives a table with a row for each pixel and a column for each channel?",
            "c",
            "x.reshape(C, H * W).T",
            ("RSH", "x.reshape(H * W, C)"),
            ("AXS", "x.reshape(C, H * W)"),
            ("LAY", "x.reshape(H, W * C)"),
        ),
    ),
    idea(
        "weights",
        "BIA",
        (
            "How many numbers does a 1×1 convolution from 10 maps to 4 learn, its biases included?",
            "a",
            "44",
            ("BIA", "40"),
            ("BIA", "50"),
            ("CNT", "14"),
        ),
        (
            "How many numbers does a 1×1 convolution from 64 maps to 256 learn, its biases included?",
            "d",
            "16,640",
            ("CNT", "320"),
            ("BIA", "16,384"),
            ("BIA", "16,448"),
        ),
    ),
    idea(
        "window",
        "SQR",
        (
            "How many times as many multiply-adds does a 3×3 convolution need as a 1×1, all else being equal?",
            "c",
            "9",
            ("UNI", "1: as many numbers come out"),
            ("SQR", "3"),
            ("EDG", "8"),
        ),
        (
            "The kernels of a layer grow from 3×3 to 6×6, all else being equal. How do its weights grow, without biases?",
            "b",
            "To 4 times as many",
            ("SQR", "To twice as many"),
            ("EDG", "By 3 a kernel"),
            ("UNI", "To 36 times as many"),
        ),
    ),
    idea(
        "lost",
        "RNK",
        (
            "A 1×1 convolution narrows 10 maps to 3. Can the 10 be had back from the 3?",
            "a",
            "If the 10 were mixes of 3 to begin with",
            ("RNK", "Never: 7 of 10 maps are gone"),
            ("UNI", "Always, by a 1×1 convolution from 3 to 10"),
            ("LOC", "If neighbouring pixels are alike"),
        ),
        (
            "64 maps are narrowed to 16, and the best way back loses 1 % of their variance. What does that tell?",
            "c",
            "The 64 maps were close to mixes of 16",
            ("RNK", "Three quarters of what they held is lost"),
            ("UNI", "1×1 convolutions lose 1 %"),
            ("LOC", "Neighbouring pixels were alike"),
        ),
    ),
    idea(
        "linear",
        "LIN",
        (
            "Two 1×1 convolutions follow one another with nothing between. What can they do that one cannot?",
            "d",
            "Nothing",
            ("LIN", "Bend: tell apart what no straight line can"),
            ("MUL", "Make more maps, for their kernels multiply"),
            ("LOC", "See a patch of 2×2 pixels"),
        ),
        (
            "What must 1×1 convolutions have to compute the exclusive or of two channels?",
            "b",
            "A nonlinear step between two of them",
            ("BIA", "A bias in each of them"),
            ("LIN", "Nothing more, if there are enough of them"),
            ("CHN", "Nothing more, if one of them is wide enough"),
        ),
    ),
    idea(
        "reuse",
        "UNI",
        (
            "A picture gets twice as wide and twice as high. What becomes of a 1×1 convolution's weights and multiply-adds?",
            "b",
            "As many weights, 4 times the multiply-adds",
            ("UNI", "4 times as many of both"),
            ("UNI", "As many of both"),
            ("SQR", "As many weights, twice the multiply-adds"),
        ),
        (
            "The same 1×1 convolution from 256 maps to 256 works on one pixel, and on 14×14. What is equal?",
            "a",
            "Its weights",
            ("UNI", "Its multiply-adds"),
            ("UNI", "Both"),
            ("MUL", "Neither"),
        ),
    ),
    idea(
        "clock",
        "ROF",
        (
            "Layer A needs a tenth of the multiply-adds of layer B. How much sooner is it done on the same GPU?",
            "c",
            "That depends: perhaps not at all, if it waits for memory",
            ("ROF", "In a tenth of the time"),
            ("ROF", "In a little more than a tenth, for there is always some overhead"),
            ("DEV", "In the same time: a GPU does everything at once"),
        ),
        (
            "Depthwise layers do 3 % of a network's multiply-adds. What share of its time on a GPU can they take?",
            "d",
            "Nearly half: they move many bytes and compute little with them",
            ("ROF", "About 3 %"),
            ("ROF", "Less than 3 %: the GPU is made for small layers"),
            ("DEV", "None that can be measured"),
        ),
    ),
    idea(
        "tokens",
        "MIX",
        (
            "A language model holds a list of numbers for each word. Its feed-forward block is a 1×1 convolution over "
            "words, twice. What does it mix?",
            "b",
            "The numbers of each word, by itself",
            ("MIX", "The words of a sentence"),
            ("LOC", "Each word with the one before and after"),
            ("DWP", "Nothing: each number gets a factor"),
        ),
        (
            "Which step of a transformer mixes what belongs to different tokens?",
            "d",
            "The sum weighted by the shares of attention",
            ("MIX", "The layers that make query, key and value"),
            ("MIX", "The feed-forward block"),
            ("LIN", "The nonlinear function between its layers"),
        ),
    ),
)
FORMS = {form: {idea.name: getattr(idea, form) for idea in IDEAS} for form in ("before", "after")}
