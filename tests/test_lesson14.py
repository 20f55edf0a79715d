"""Lesson 14: its counts are those of PyTorch's own counter, what it says of shuffles and training holds, wrong answers fail."""

import numpy as np
import pytest

from course_utils import cost, exercises
from course_utils.base.errors import CourseError
from course_utils.checking.judge import judge
from course_utils.cost.transformer import GPT2_SMALL, VIT_B16, Transformer
from course_utils.plots import tokens

torch = pytest.importorskip("torch")
nn = torch.nn


def verdict(name, answer, seed=0):
    return judge(exercises.find(name), answer, seed)


# ---- the counts, against modules made in torch ---------------------------------------------------------------------


class Block(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        c = sizes.width
        self.qkv, self.out = nn.Linear(c, 3 * c), nn.Linear(c, c)
        self.up, self.down = nn.Linear(c, sizes.hidden), nn.Linear(sizes.hidden, c)
        self.norms, self.heads = nn.ModuleList([nn.LayerNorm(c), nn.LayerNorm(c)]), sizes.heads

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = self.qkv(self.norms[0](x)).reshape(n, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        mixed = (q @ k.transpose(2, 3)).softmax(dim=3) @ v
        x = x + self.out(mixed.transpose(1, 2).reshape(n, t, c))
        return x + self.down(nn.functional.gelu(self.up(self.norms[1](x))))


class ViT(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        side = int((sizes.patch // 3) ** 0.5)
        self.patches = nn.Conv2d(3, sizes.width, side, side)
        self.first = nn.Parameter(torch.zeros(1, 1, sizes.width))
        self.position = nn.Parameter(torch.zeros(1, sizes.tokens, sizes.width))
        self.blocks = nn.Sequential(*[Block(sizes) for _ in range(sizes.blocks)], nn.LayerNorm(sizes.width))
        self.head = nn.Linear(sizes.width, sizes.classes)

    def forward(self, image):
        x = self.patches(image).flatten(2).transpose(1, 2)
        return self.head(self.blocks(torch.cat([self.first.expand(len(x), -1, -1), x], dim=1) + self.position)[:, 0])


class GPT(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.table = nn.Embedding(sizes.vocabulary, sizes.width)
        self.position = nn.Parameter(torch.zeros(1, sizes.tokens, sizes.width))
        self.blocks = nn.Sequential(*[Block(sizes) for _ in range(sizes.blocks)], nn.LayerNorm(sizes.width))

    def forward(self, words):
        return self.blocks(self.table(words) + self.position) @ self.table.weight.T


@pytest.mark.parametrize(
    ("sizes", "model", "given"),
    [(VIT_B16, ViT, (1, 3, 224, 224)), (GPT2_SMALL, GPT, (1, 1024))],
    ids=lambda one: getattr(one, "name", None),
)
def test_multiply_adds_and_parameters_are_those_of_a_module_made_in_torch(sizes, model, given):
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"), torch.no_grad():
        net = model(sizes)
        entered = torch.zeros(given, dtype=torch.float32 if model is ViT else torch.long)
        with FlopCounterMode(display=False) as counter:
            net(entered)
    assert sum(one.numel() for one in net.parameters()) == sizes.parameters
    assert counter.get_total_flops() == 2 * sizes.macs


def test_a_transformer_whose_heads_do_not_share_its_channels_is_refused():
    with pytest.raises(CourseError, match="5 heads must divide the width, 12"):
        Transformer("odd", "none", tokens=2, width=12, hidden=3, blocks=1, heads=5, classes=2, read=1)


def test_what_the_lesson_says_of_shares():
    share = exercises.find("tokenwise_share").oracle
    assert share(VIT_B16.sizes()) == VIT_B16.tokenwise / VIT_B16.macs > 0.95
    assert share(GPT2_SMALL.sizes()) == GPT2_SMALL.tokenwise / GPT2_SMALL.macs < share(VIT_B16.sizes())
    assert share(GPT2_SMALL.sizes(256)) > 0.95
    assert VIT_B16.tokenwise_parameters / VIT_B16.parameters > 0.98
    lengths = [share(GPT2_SMALL.sizes(2**t)) for t in range(18)]
    assert lengths == sorted(lengths, reverse=True) and lengths[0] > 0.99 and lengths[-1] < 0.1


def test_squeezing_costs_next_to_no_work_and_a_tenth_of_the_weights():
    plain, squeezed = cost.count(cost.resnet(50).layers), cost.count(cost.resnet(50, squeeze=16).layers)
    assert squeezed.macs / plain.macs < 1.002
    assert 1.09 < squeezed.weights / plain.weights < 1.11


def test_attention_passes_the_shuffle_test_and_with_positions_it_does_not():
    attention = exercises.find("attention").oracle
    torch.manual_seed(0)
    for n, t, c, d in [(2, 7, 5, 3), (1, 16, 49, 20), (3, 2, 4, 4)]:
        x, position, perm = torch.randn(n, t, c), torch.randn(t, c), torch.randperm(t).roll(1)
        weights = [torch.randn(d, c), torch.randn(d, c), torch.randn(d, c), torch.randn(c, d)]
        torch.testing.assert_close(attention(x[:, perm], *weights), attention(x, *weights)[:, perm])
        if not torch.equal(perm, torch.arange(t)):
            told = attention(x[:, perm] + position, *weights) - attention(x + position, *weights)[:, perm]
            assert told.abs().max() > 1e-3


def test_attention_that_looks_back_is_the_masked_one_and_fails_the_shuffle_test():
    attention = exercises.find("attention").oracle
    torch.manual_seed(0)
    x, perm = torch.randn(2, 16, 49), torch.randperm(16)
    query, key, value, out = torch.randn(20, 49), torch.randn(20, 49), torch.randn(20, 49), torch.randn(49, 20)

    def looking_back(x):
        return torch.stack([attention(x[:, : t + 1], query, key, value, out)[:, t] for t in range(16)], dim=1)

    parts = (x @ one.T for one in (query, key, value))
    masked = nn.functional.scaled_dot_product_attention(*parts, is_causal=True) @ out.T
    torch.testing.assert_close(looking_back(x), masked, rtol=1e-4, atol=1e-3)
    assert (looking_back(x[:, perm]) - looking_back(x)[:, perm]).abs().max() > 1


def test_a_pair_that_starts_at_zero_moves_up_first():
    down, up = torch.randn(3, 6, requires_grad=True), torch.zeros(5, 3, requires_grad=True)
    ((torch.randn(7, 6) @ (up @ down).T + 1) ** 2).mean().backward()
    assert up.grad.abs().max() > 0 and down.grad.abs().max() == 0


# ---- wrong answers that nobody catalogued, and right ones in other styles ------------------------------------------


def spoilt(function, spoil):
    return lambda *given: spoil(function(*given), *given)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda y, *_: y[:, ::-1],
        lambda y, *_: np.round(y),
        lambda y, *_: np.clip(y, -1000, 1000),
        lambda y, *_: np.where(np.abs(y) < 1e-6, 0, y),
        lambda y, *_: y.astype(np.float16),
        lambda y, x, *_: np.concatenate([y[:, :8], x[:, 8:]], axis=1) if y.shape[1] > 8 else y,
        lambda y, *_: y.astype(int),
    ],
    ids=[
        "tokens turned",
        "rounded",
        "capped",
        "small ones cut",
        "half precision",
        "late tokens as they came",
        "cut to whole numbers",
    ],
)
def test_a_spoilt_feed_forward_is_refused(spoil):
    assert verdict("feed_forward", spoilt(exercises.find("feed_forward").oracle, spoil)).outcome == "wrong"


@pytest.mark.parametrize("name", ["feed_forward", "patchify_weight", "lora"])
def test_an_empty_answer_of_the_argument_s_type_is_refused(name):
    oracle = exercises.find(name).oracle
    answer = lambda *given: np.zeros_like(oracle(*given), dtype=given[0].dtype) + oracle(*given).astype(given[0].dtype)  # noqa: E731
    assert verdict(name, answer).outcome == ("correct" if name == "patchify_weight" else "wrong")


def test_attention_that_cannot_be_trained_is_refused():
    oracle = exercises.find("attention").oracle
    assert verdict("attention", lambda *given: oracle(*given).detach()).outcome == "wrong"
    assert verdict("attention", lambda x, q, *rest: oracle(x, q.detach(), *rest)).outcome == "wrong"
    assert verdict("attention", lambda *given: oracle(*given).numpy()).outcome in ("wrong", "crashed")


def test_what_the_check_accepts_the_lesson_trains_with():
    for answer in exercises.find("attention").alternatives:
        x = torch.randn(2, 4, 3)
        weights = [nn.Parameter(torch.randn(*shape)) for shape in ((5, 3), (5, 3), (5, 3), (3, 5))]
        answer(x, *weights).square().sum().backward()
        assert all(weight.grad is not None and weight.grad.abs().max() > 0 for weight in weights), answer.__name__


# ---- figures -------------------------------------------------------------------------------------------------------


def test_a_figure_of_mixing_wants_a_title_for_each_matrix():
    with pytest.raises(CourseError, match="1 titles for 2 matrices"):
        tokens.mixing([np.eye(3), np.eye(3)], ["one"])


@pytest.mark.parametrize("seed", (14, 17, 20, 27))
def test_attention_in_another_style_is_right_whatever_the_seed_where_one_token_has_all_the_attention_too(seed):
    for style in exercises.find("attention").alternatives:
        verdict = judge(exercises.find("attention"), style, seed)
        assert verdict.outcome == "correct", f"{style.__name__}: {verdict.headline} {verdict.details}"


def test_a_count_that_is_another_ones_right_answer_is_no_memory():
    [mistake] = [one for one in exercises.find("tokenwise_share").mistakes if one.name == "no_stem"]
    for seed in (0, 3):  # with seed 3 one of its shares is the right one of an earlier case
        assert mistake.message in judge(exercises.find("tokenwise_share"), mistake.function, seed).message
