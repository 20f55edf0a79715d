"""Self-attention with one head, out of four 1×1 layers and one mixing of tokens."""

import numpy as np

from course_utils.exercises.inputs import balanced, distinct_sizes, dotted, signed
from course_utils.exercises.spec import case, exercise


def tokens_and_weights(rng):
    """Cases `(x, query, key, value, out)`: query, key and value are (D, C), out is (C, D)."""
    n, t, c, d = distinct_sizes(rng, 4)
    yield case("some texts, every size different", *made(rng, n, t, c, d))
    yield case("every size the same, zeros here and there", *made(rng, 3, 3, 3, 3, dotted))
    yield case("one token", *made(rng, 2, 1, 3, 4))
    yield case("one text, negative numbers only", *made(rng, 1, 5, 4, 2, lambda numbers: -0.3 * np.abs(numbers)))
    yield case("one channel inside", *made(rng, 2, 4, 3, 1))
    yield case("as many channels inside as outside", *made(rng, 2, 6, 4, 4))
    yield case("many tokens, numbers that add up to 0", *made(rng, 4, 13, 5, 9, balanced))
    x, query, *rest = made(rng, 2, 4, 3, 5)
    yield case("nothing but zeros in x", 0 * x, query, *rest)
    yield case("scores so large that exp() alone overflows", x, 400 * query, *rest)
    yield case("tiny scores", x, 1e-3 * query, *rest)
    yield case("in double precision", *(part.double() for part in made(rng, 2, 3, 4, 2)))
    yield case("more tokens than ViT-B/16 has", *made(rng, 1, int(rng.integers(198, 220)), 2, 1))
    texts, channels, inside = (int(size) for size in rng.integers(70, 90, 3))
    yield case("many texts", *made(rng, texts, 2, 2, 1))
    yield case("many channels", *(part.double() for part in made(rng, 1, 2, channels, 1, shrunk)))
    yield case("many channels inside", *(part.double() for part in made(rng, 1, 2, 2, inside, shrunk)))


def shrunk(numbers):
    """Numbers of which many may be multiplied and added up: scores stay small, and all tokens keep a share."""
    return 0.3 * numbers


def made(rng, n, t, c, d, change=np.asarray):
    import torch

    shapes = (n, t, c), (d, c), (d, c), (d, c), (c, d)
    scales = 1, 0.5, 0.5, 1, 1
    return [
        torch.tensor(scale * change(signed(rng, *shape)), dtype=torch.float32)
        for shape, scale in zip(shapes, scales, strict=True)
    ]


def looked_at(function, *given):
    """What a function makes of tokens, and the gradients that arrive at what it was given.

    Where one token has all the attention the softmax is flat: what is left of its gradients is rounding, in any style.
    So is what stands where a gradient is 0, as it is for query and key where there is one token.
    """
    from course_utils import layers

    answer = function(*given)
    if not hasattr(answer, "detach"):
        return {"what it returns": f"{type(answer).__name__}, not a tensor"}
    seen = {"output": answer.detach()}
    if answer.shape == given[0].shape:
        names = ("x", "query", "key", "value", "out")
        found = layers.gradients(function, list(given))
        flat = scores_of(*given[:3]) > LARGE
        least = ROUNDING * max((one.abs().max().item() for one in found if one is not None), default=0)
        seen |= {
            f"gradient for {name}": "none arrives"
            if one is None
            else "one arrives"
            if flat
            else one * (one.abs() > least)
            for name, one in zip(names, found, strict=True)
        }
    return seen


LARGE = 20  # exp(-20) is two billionths
ROUNDING = 1e-6  # of the largest gradient


def scores_of(x, query, key):
    """The largest score."""
    return ((x @ query.T) @ (x @ key.T).mT).abs().max().item() / len(query) ** 0.5


def scores_shared(x, query, key):
    """The shares of each token, (N, T, T)."""
    return ((x @ query.T) @ (x @ key.T).mT / len(query) ** 0.5).softmax(dim=2)


@exercise(
    cases=tokens_and_weights,
    observe=looked_at,
    tolerance=1e-4,
    small=(
        "torch.tensor([[[1.], [2.]]]), torch.tensor([[1.]]), torch.tensor([[1.]]), torch.tensor([[1.]]), torch.tensor([[1.]])",
        "torch.tensor([[[1.], [2.]]]), torch.tensor([[1.], [1.]]), torch.tensor([[1.], [1.]]), torch.tensor([[1.], [2.]]), torch.tensor([[1., 1.]])",
        "torch.tensor([[[1., 0.], [0., 1.]]]), torch.tensor([[1., 0.]]), torch.tensor([[0., 1.]]), torch.tensor([[1., 2.]]), torch.tensor([[1.], [3.]])",
        "torch.tensor([[[1.], [2.]], [[0.], [3.]]]), torch.tensor([[1.]]), torch.tensor([[2.]]), torch.tensor([[1.]]), torch.tensor([[1.]])",
    ),
    inputs={"x": "n t c", "query": "d c", "key": "d c", "value": "d c", "out": "c d"},
    hints=(
        "Four of the steps are 1×1 layers: one matrix for every token. Which one step looks at two tokens at once?",
        "scores is (N, T, T): a row for each token that asks, a column for each that is asked. The softmax makes each *row* add up to 1.",
        "q, k, v = x @ query.T, x @ key.T, x @ value.T;  scores = q @ k.transpose(1, 2) / d**0.5;  return (scores.softmax(dim=2) @ v) @ out.T",
    ),
)
def attention(x, query, key, value, out):
    import torch

    q, k, v = (torch.einsum("dc,ntc->ntd", weight, x) for weight in (query, key, value))
    scores = torch.einsum("ntd,nsd->nts", q, k) / len(query) ** 0.5
    return torch.einsum("cd,nts,nsd->ntc", out, scores.softmax(dim=2), v)


@attention.mistake("SCL", "The scores are not divided: divide by the square root of d, the channels of query and key.")
def not_scaled(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2)).softmax(dim=2) @ v) @ out.T


@attention.mistake("SCL", "You divide by d. Divide by its square root: a sum of d products grows as fast as that.")
def scaled_by_d(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / len(query)).softmax(dim=2) @ v) @ out.T


@attention.mistake(
    "SCL",
    "You divide by the square root of C, the channels of x. The products are summed over d, those of query and key.",
)
def scaled_by_root_of_c(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / x.shape[2] ** 0.5).softmax(dim=2) @ v) @ out.T


@attention.mistake("SCL", "You divide by the square root of T, the number of tokens. The products are summed over d.")
def scaled_by_root_of_t(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / x.shape[1] ** 0.5).softmax(dim=2) @ v) @ out.T


@attention.mistake(
    "AXS",
    "The softmax runs down the columns. Each token that asks spreads its attention over all that it asks: each row adds up to 1, dim=2.",
)
def softmax_over_the_asking(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=1) @ v) @ out.T


@attention.mistake(
    "BAT", "The softmax runs over the texts: that is axis 0. It runs over the tokens that are asked, axis 2."
)
def softmax_over_texts(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=0) @ v) @ out.T


@attention.mistake("LIN", "There is no softmax: the scores themselves are taken for shares.")
def no_softmax(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / len(query) ** 0.5) @ v) @ out.T


@attention.mistake("TRN", "Query and key have changed places: the rows of the scores belong to the tokens that ask.")
def asked_and_asking(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((k @ q.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2) @ v) @ out.T


@attention.mistake("WGT", "The key is used for the value too: what is asked and what is handed over are two layers.")
def key_for_value(x, query, key, value, out):
    q, k = x @ query.T, x @ key.T
    return ((q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2) @ k) @ out.T


@attention.mistake(
    "WGT", "The query is used for the key too: then every token's score for another is the same as the other's for it."
)
def query_for_key(x, query, key, value, out):
    q, v = x @ query.T, x @ value.T
    return ((q @ q.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2) @ v) @ out.T


@attention.mistake("WGT", "The last 1×1 is missing: `out` takes the d channels back to C.")
def no_output_layer(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return (q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2) @ v


@attention.mistake(
    "TRN", "A weight has one row per output channel: channels-last numbers are multiplied by its transpose."
)
def not_transposed(x, query, key, value, out):
    q, k, v = x @ query, x @ key, x @ value
    return ((q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2) @ v) @ out


@attention.mistake("MIX", "The scores are between channels. They are between tokens: (N, T, T).")
def channels_attend(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return (v @ (q.transpose(1, 2) @ k / len(query) ** 0.5).softmax(dim=2)) @ out.T


@attention.mistake("BAT", "All texts are put into one: a token attends to tokens of other texts.")
def across_texts(x, query, key, value, out):
    rows = x.reshape(1, -1, x.shape[2])
    q, k, v = rows @ query.T, rows @ key.T, rows @ value.T
    return (((q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2) @ v) @ out.T).reshape(x.shape)


@attention.mistake(
    "EXT", "You hide the tokens that come later. A text generator does; this layer lets every token ask every other."
)
def causal(x, query, key, value, out):
    import torch

    q, k, v = x @ query.T, x @ key.T, x @ value.T
    scores = q @ k.transpose(1, 2) / len(query) ** 0.5
    later = torch.ones_like(scores[0], dtype=torch.bool).triu(1)
    return (scores.masked_fill(later, -torch.inf).softmax(dim=2) @ v) @ out.T


@attention.mistake("EXT", "You add x to the result. The block does that outside this function.")
def attention_with_a_shortcut(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return x + ((q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2) @ v) @ out.T


@attention.mistake(
    "PRC",
    "exp() overflows where scores are large, and inf / inf is nan. Take softmax(), or subtract each row's maximum first.",
)
def overflows(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    e = (q @ k.transpose(1, 2) / len(query) ** 0.5).exp()
    return ((e / e.sum(dim=2, keepdim=True)) @ v) @ out.T


@attention.mistake(
    "LIN", "Your shares do not add up to 1: exp() of each score has yet to be divided by the sum of its row."
)
def shares_not_divided(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / len(query) ** 0.5).exp() @ v) @ out.T


@attention.mistake(
    "ORD", "You divide by √d after the softmax. The scores are divided, and the softmax makes shares of them."
)
def divided_after_the_softmax(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2)).softmax(dim=2) / len(query) ** 0.5 @ v) @ out.T


@attention.mistake(
    "RSH",
    "reshape and view keep the numbers in their order: that is no transpose. Exchange tokens and channels of k: k.transpose(1, 2).",
)
def key_reshaped(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.reshape(len(k), k.shape[2], -1) / len(query) ** 0.5).softmax(dim=2) @ v) @ out.T


@attention.mistake("GRD", "detach() or no_grad() cuts the gradient off: nothing behind it can be trained.")
def cut_off(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return ((q @ k.transpose(1, 2) / len(query) ** 0.5).softmax(dim=2).detach() @ v) @ out.T


@attention.mistake(
    "WGT",
    "`value` is not used: what is handed over is x itself. Each token hands over value · x, and `out` takes that back.",
)
def x_handed_over(x, query, key, value, out):
    return scores_shared(x, query, key) @ x


@attention.alternative
def by_linear(x, query, key, value, out):
    from torch.nn.functional import linear

    q, k, v = linear(x, query), linear(x, key), linear(x, value)
    weights = (q @ k.mT * len(query) ** -0.5).softmax(-1)
    return linear(weights @ v, out)


@attention.alternative
def by_logsumexp(x, query, key, value, out):
    scores = (x @ query.T) @ (x @ key.T).mT / len(query) ** 0.5
    return (scores - scores.logsumexp(2, keepdim=True)).exp() @ (x @ value.T) @ out.T


@attention.alternative
def by_torchs_own(x, query, key, value, out):
    from torch.nn.functional import scaled_dot_product_attention

    return scaled_dot_product_attention(x @ query.T, x @ key.T, x @ value.T) @ out.T


@attention.alternative
def text_by_text(x, query, key, value, out):
    import torch

    made = []
    for text in x:
        scores = (text @ query.T) @ (text @ key.T).T / query.shape[0] ** 0.5
        e = (scores - scores.max(dim=1, keepdim=True).values).exp()
        made.append(e / e.sum(dim=1, keepdim=True) @ (text @ value.T) @ out.T)
    return torch.stack(made)


@attention.alternative
def value_and_output_as_one(x, query, key, value, out):
    shares = ((x @ query.T) @ (x @ key.T).transpose(-2, -1) / np.sqrt(len(key))).softmax(dim=-1)
    return shares @ (x @ (out @ value).T)
