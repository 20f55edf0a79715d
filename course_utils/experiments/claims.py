"""What the article says, sentence by sentence, and which numbers would agree with it.

The article is *3x3 is a lie! 1x1 convolutions* (Nilesh Singh and Praveen Kumar, 2019). `CLAIMS[13]` is its 13th claim.
"""

from dataclasses import dataclass
from math import inf

MOST = 0.95  # share of the runs that must agree before a claim counts as true; as many must not before it is false
EXACT = 1e-6  # what is left of a number that is zero but for rounding
OPINION = "an opinion: no number decides it"


@dataclass(frozen=True)
class Claim:
    """One sentence of the article, the lesson that took it up, and the number that decides it.

    A run of the experiment agrees with the claim if its number lies from `low` to `high`, both included.
    """

    number: int
    quote: str
    lesson: str
    measure: str  # the deciding number in words, with its unit
    low: float = inf
    high: float = -inf

    @property
    def is_testable(self):
        return self.measure != OPINION

    def agrees(self, number):
        """Whether the number of one run is what the claim says.

        >>> CLAIMS[5].agrees(64), CLAIMS[5].agrees(2048)
        (False, True)
        """
        return self.low <= number <= self.high


def decide(claim, numbers):
    """What the numbers of repeated runs say: "true" if nearly all agree, "false" if nearly none does, else "depends".

    >>> decide(CLAIMS[13], [0.99, 0.98]), decide(CLAIMS[13], [0.99, 0.0])
    ('false', 'depends')
    """
    agreeing = [claim.agrees(number) for number in numbers]
    share = sum(agreeing) / len(agreeing)
    return "true" if share >= MOST else "false" if share <= 1 - MOST else "depends"


CLAIMS = {
    claim.number: claim
    for claim in (
        Claim(1, "under some circumstances more important than our feature extractor 3X3", "05", OPINION),
        Claim(
            2, "best interest of the model to increase the number of channels in each … layer", "09",
            "share of a network's convolutions that give more channels than they get", 0.9, 1,
        ),
        Claim(
            3, "our GPU will have 32 images after 1st convolution", "03",
            "feature maps of one image after a first layer with 32 output channels", 32, 32,
        ),
        Claim(
            4, "for each of 32 images … 64 new channels will be generated", "03",
            "maps that come out of a layer, as a share of C_in · C_out", 0.99, 1.01,
        ),
        Claim(
            5, "total no. of images in GPU=32X64", "03",
            "feature maps of one image after layers of 32 and 64 output channels", 32 * 64, 32 * 64,
        ),
        Claim(
            6, "if in the 3rd convolution, we generate 128 channels … 32X64X128", "03",
            "feature maps of one image after layers of 32, 64 and 128 output channels", 32 * 64 * 128, 32 * 64 * 128,
        ),
        Claim(
            7, "(implied) the trouble with 3×3 is the number of images, and 1×1 cures it", "03",
            "maps written with 1×1 layers around a 3×3, over maps written by the 3×3 alone", 0, 0.99,
        ),
        Claim(
            8, "We have networks with 1000s of such layers", "03",
            "layers of a published network", 1000, inf,
        ),
        Claim(
            9, "Even state of art Titan X GPUs is tiny", "03",
            "photos of 224×224 whose maps after three layers fit into 12 GB", 0, 1,
        ),
        Claim(
            10, "we thank Google and the University of North Carolina", "08",
            "share thanked of the institutions on the first pages of the two papers", 1, 1,
        ),
        Claim(
            11, "introducing the world to the magic of 1X1 convolutions", "08",
            "months by which another paper had it before the one thanked", -inf, 0,
        ),
        Claim(
            12, "used to reduce the dimensionality of channels", "06b",
            "output channels over input channels of a 1×1 layer in use", 0, 0.99,
        ),
        Claim(
            13, "1000 channels … give 10 channels … without losing any information", "06b",
            "share of the channels' variance that the best linear decoder cannot restore", 0, EXACT,
        ),
        Claim(
            14, "linear traversal of each feature maps … top to bottom and left to right", "05",
            "largest change of an output when pixels come in another order, over the largest output", EXACT, inf,
        ),
        Claim(
            15, "it takes a weighted summary of each of the channels", "01",
            "share of a channel's pixels that have a part in one output number", 0.99, 1,
        ),
        Claim(
            16, "weight is decided by the number of channels that we are expecting", "07",
            "largest difference between the weights of two trained layers of one shape", 0, EXACT,
        ),
        Claim(
            17, "all those 10 feature maps are scanned 4 times", "02",
            "times that a program for 10 → 4 channels reads each input number", 4, 4,
        ),
        Claim(
            18, "to ensure that all 4 output channels have features that are different", "07",
            "rank of a weight of 4 rows, trained from 4 equal rows", 4, 4,
        ),
        Claim(19, "It is a difficult concept, actually, counter-intuitive", "13b", OPINION),
    )
}  # fmt: skip
