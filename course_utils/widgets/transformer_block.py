"""A transformer's block in its parts: which are 1×1 layers, which mix tokens, and what each costs."""

import html

import traitlets

from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, script, style
from course_utils.widgets.values import Ordered, Whole, between

LIMITS = {"width": 4096, "tokens": 131072, "heads": 64}
PARTS = {  # in the order in which a token meets them -> what they do
    "query": "1×1", "key": "1×1", "value": "1×1", "scores": "mixes tokens", "softmax": "neither",
    "weighted sum": "mixes tokens", "output": "1×1", "up": "1×1", "ReLU": "neither", "down": "1×1",
}  # fmt: skip


def transformer_block(width: int = 768, tokens: int = 197, heads: int = 12) -> "TransformerBlock":
    """Sliders for channels, tokens and heads; the parts of a block light up by what they do, with their multiply-adds.

    >>> block = transformer_block(width=768, tokens=1024, heads=12)       # GPT-2 small, its longest text
    >>> block.counts()["scores"]
    805306368
    >>> print(block.as_text())
    1,024 tokens of 768 channels, 12 heads of 64: 8,858,370,048 multiply-adds in a block, 81.8 % of them token by token.

    Feed-forward has 4 · width hidden channels, as in most transformers. Norms, softmax and ReLU multiply no matrices.
    """
    return TransformerBlock(width=width, tokens=tokens, heads=heads)


class TransformerBlock(Canvas):
    """The widget that `transformer_block()` returns."""

    _esm = script("transformer_block.js")
    _css = style("transformer_block.css")
    width = Whole().tag(sync=True)
    tokens = Whole().tag(sync=True)
    heads = Whole().tag(sync=True)
    limits = traitlets.Dict(LIMITS).tag(sync=True, fixed=True)
    parts = Ordered(PARTS)

    @traitlets.validate(*LIMITS)
    def _check(self, proposal):
        name = proposal["trait"].name
        number = between(f"transformer_block: {name}", proposal["value"], 1, LIMITS[name])
        width, heads = (number if name == one else getattr(self, one) for one in ("width", "heads"))
        if width and heads and width % heads:
            said = f"{heads} heads cannot share {width} channels"
            raise CourseError(f"transformer_block: {said}, expected a divisor of {width}.")
        return number

    def counts(self) -> dict[str, int]:
        """Multiply-adds of each part that has any."""
        layer, pairs = self.tokens * self.width**2, self.tokens**2 * self.width
        own = {name: layer for name in ("query", "key", "value", "output")}
        return {**own, "up": 4 * layer, "down": 4 * layer, "scores": pairs, "weighted sum": pairs}

    def share(self) -> float:
        """The share of them that is done token by token."""
        counts = self.counts()
        return sum(number for name, number in counts.items() if PARTS[name] == "1×1") / sum(counts.values())

    def as_text(self) -> str:
        sizes = f"{self.tokens:,} tokens of {self.width:,} channels, {self.heads} heads of {self.width // self.heads:,}"
        share = f"{100 * self.share():.1f} % of them token by token"
        return f"{sizes}: {sum(self.counts().values()):,} multiply-adds in a block, {share}."

    def as_html(self) -> str:
        head = "".join(f'<th scope="col">{text}</th>' for text in ("part", "what it does", "multiply-adds"))
        counts = self.counts()
        rows = "".join(
            f"<tr><td>{name}</td><td>{kind}</td><td>{counts.get(name, 0):,}</td></tr>" for name, kind in PARTS.items()
        )
        return f"<table><tr>{head}</tr>{rows}</table><p>{html.escape(self.as_text())}</p>"
