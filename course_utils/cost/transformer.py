"""Transformers as data, and how much of their work is done token by token.

A token is a vector of `width` numbers: a word of a text, or a patch of a picture. A block is attention, then two layers
with a nonlinearity between them; everything in it but the mixing of tokens is a 1×1 convolution by another name.
"""

from dataclasses import dataclass

from course_utils.base.errors import CourseError


@dataclass(frozen=True)
class Transformer:
    """A network of equal blocks.

    >>> VIT_B16.macs
    17563828224
    >>> round(VIT_B16.tokenwise / VIT_B16.macs, 3)
    0.959

    `patches` tokens are made of `patch` numbers each by a layer; a text's tokens are looked up instead, in a table of
    `vocabulary` rows. The head reads `read` tokens and scores `classes`; `tied`: with the table's own numbers.
    """

    name: str
    source: str
    tokens: int
    width: int
    hidden: int
    blocks: int
    heads: int
    classes: int
    read: int
    patches: int = 0
    patch: int = 0
    vocabulary: int = 0
    tied: bool = False

    def __post_init__(self):
        if self.width % self.heads:
            raise CourseError(f"{self.name}: {self.heads} heads must divide the width, {self.width}.")

    def sizes(self, tokens: int | None = None) -> dict[str, int]:
        """What the count needs, as plain numbers; with another number of tokens, if you like.

        >>> VIT_B16.sizes()["hidden"]
        3072
        """
        names = ("tokens", "width", "hidden", "blocks", "heads", "classes", "read", "patches", "patch")
        found = {name: getattr(self, name) for name in names}
        if tokens is not None:
            found |= {"tokens": tokens, "read": tokens if self.read == self.tokens else self.read}
        return found

    @property
    def tokenwise(self) -> int:
        """Multiply-adds of the layers that work on one token at a time."""
        each = 4 * self.width**2 + 2 * self.width * self.hidden  # query, key, value, output; up, down
        outside = self.patches * self.patch * self.width + self.read * self.width * self.classes
        return self.blocks * self.tokens * each + outside

    @property
    def mixing(self) -> int:
        """Multiply-adds between tokens: one score for each pair, then one weighted sum of values for each token."""
        return self.blocks * 2 * self.tokens**2 * self.width

    @property
    def macs(self) -> int:
        """All multiply-adds of matrix products, for one picture or text; norms and nonlinearities have none."""
        return self.tokenwise + self.mixing

    @property
    def tokenwise_parameters(self) -> int:
        """Numbers that are used on one token at a time: all but the positions."""
        layers = 4 * (self.width**2 + self.width) + 2 * self.width * self.hidden + self.hidden + self.width
        norms = 2 * 2 * self.width
        made = self.vocabulary * self.width or (self.patch + 1) * self.width + self.width  # a class token too
        head = 0 if self.tied else (self.width + 1) * self.classes
        return self.blocks * (layers + norms) + 2 * self.width + made + head

    @property
    def parameters(self) -> int:
        """Every number that is trained: those, and one vector for each position."""
        return self.tokenwise_parameters + self.tokens * self.width


VIT_B16 = Transformer(
    "ViT-B/16", "arXiv 2010.11929, Table 1", tokens=197, width=768, hidden=3072, blocks=12, heads=12,
    classes=1000, read=1, patches=196, patch=16 * 16 * 3,
)  # fmt: skip
GPT2_SMALL = Transformer(
    "GPT-2 small", "Radford et al. 2019, Table 2", tokens=1024, width=768, hidden=3072, blocks=12, heads=12,
    classes=50257, read=1024, vocabulary=50257, tied=True,
)  # fmt: skip
