# %% [markdown]
# # Lesson 14 · Where the 1×1 went
#
# Take a language model apart, GPT-2 for example. You would not expect to find a convolution in it. But open the
# [code that its authors published](https://github.com/openai/gpt-2/blob/master/src/model.py): the function that makes nearly every
# layer is called `conv1d`, and its kernel is 1 wide. Have you met this layer before?
#
# **Time:** 70 minutes. **You need:** lessons 04b (channels-last), 05 (the shuffle test), 08 (ReLU) and 10b (training in PyTorch).
#
# You will be able to
# - find the 1×1 layers in a transformer, and name the one step that is none;
# - say by experiment why such a network has to be told where its tokens stand;
# - count how much of ViT and of GPT-2 is 1×1, and say what changes as texts grow longer;
# - train a small transformer out of blocks of your own, and compare it fairly;
# - adapt a frozen layer with a narrow pair of 1×1 layers, and merge the pair into it.

# %%
import copy
import functools

import numpy as np
import torch
from torch import nn

from course_utils import after, check, cost, data, hint, plots, progress, quiz, solution, widgets
from course_utils.cost.transformer import GPT2_SMALL, VIT_B16
from course_utils.plots import learning, tokens

torch.set_num_threads(1)  # networks as small as these lose more time by sharing the work than they gain

# %% [markdown]
# ## Pixels are called tokens now
#
# A **token** is a vector of channels. A text becomes tokens by looking up each word or syllable in a table of vectors. A picture
# becomes tokens by cutting it into **patches**: here 16 of 7×7 pixels, each written down as 49 numbers. A batch is
# (N, T, C): N texts or pictures, T tokens each, C channels, *channels last*.

# %%
def patches(images, p):
    """Pictures (N, C, H, W) as patches (N, T, p·p·C): a patch row by row, at each pixel through its channels."""
    n, c, h, w = images.shape
    parts = images.reshape(n, c, h // p, p, w // p, p)
    return parts.transpose(0, 2, 4, 3, 5, 1).reshape(n, (h // p) * (w // p), p * p * c)


digits = data.digits()
images, labels = digits["train"]
x = patches(images[:2], 7)
print(f"{images[:2].shape} → {x.shape}")
plots.show(
    learning.digits(np.stack(list(patches(images[:1], 7)[0].reshape(16, 7, 7))), [str(t) for t in range(16)], columns=8),
    alt="14.patches",
)

# %% [markdown]
# ## Two layers with a ReLU between them
#
# One half of each block of a transformer is this: widen each token, apply a nonlinearity, narrow it again. The paper that began it all
# says itself what it is: "Another way of describing this is as two convolutions with kernel size 1"
# ([Attention Is All You Need](https://arxiv.org/abs/1706.03762), section 3.3). You wrote it in lessons 04b and 08.
#
# ### Exercise: feed-forward
#
# About 5 minutes. Stuck? Run `hint(feed_forward)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "feed_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def feed_forward(x, up, up_bias, down, down_bias):
    """Two 1×1 layers with a ReLU between them, for each token by itself.

    x is (N, T, C), a NumPy array. up is (M, C) and up_bias (M,): from C channels to M hidden ones.
    down is (C, M) and down_bias (C,): back to C. Returns (N, T, C).

    One text of one token with the channels 1 and 2, one hidden channel that adds them up:
    feed_forward(np.array([[[1.0, 2.0]]]), np.ones((1, 2)), np.zeros(1), np.ones((2, 1)), np.zeros(2))
    gives [[[3.0, 3.0]]]
    """
    ### BEGIN SOLUTION
    hidden = np.maximum(x @ up.T + up_bias, 0)
    return hidden @ down.T + down_bias
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "feed_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(feed_forward)
### BEGIN HIDDEN TESTS
check(feed_forward, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now the test of lesson 05, on tokens: shuffle them and apply the layer, or apply it and shuffle.
#
# **Before you run it:** how large is the gap?

# %%
rng = np.random.default_rng(0)
perm = rng.permutation(16)
up, up_bias, down, down_bias = rng.normal(size=(60, 49)), rng.normal(size=60), rng.normal(size=(49, 60)), rng.normal(size=49)


def gap(f, x):
    """The largest difference between f(shuffle(x)) and shuffle(f(x)), for one shuffle of the tokens."""
    return float(abs(f(x[:, perm]) - f(x)[:, perm]).max())


print(f"feed-forward: gap {gap(lambda x: feed_forward(x, up, up_bias, down, down_bias), x):.0e}")

# %% [markdown]
# Rounding at most: it is two 1×1 layers, and no token hears of another. A network of these alone would read a text as a bag of words.
# (GPT-2 has a ReLU with a round corner in between, and many newer models a third layer, whose numbers the hidden ones are
# multiplied by: [arXiv 2002.05202](https://arxiv.org/abs/2002.05202). That is a 1×1, too.)
#
# ## The one step that is no 1×1
#
# In **attention** each token asks all tokens, and takes over something from each, more from those whose answer fits:
#
# | step | formula | what is it? |
# |---|---|---|
# | a question, an offer and something to hand over, for each token | q, k, v | three 1×1 layers, C → d |
# | how well does each question fit each offer? | q · k / √d | T × T products of tokens |
# | shares that add up to 1, for each token that asks | softmax of each row | |
# | the sum of what is handed over, by these shares | shares · v | T × T products again |
# | back to C channels | out | a 1×1 layer, d → C |
#
# A **softmax** makes shares of numbers: $e^{s}$ of each, divided by the sum of them all. The √d keeps the scores from growing with d: a sum of d
# products of independent numbers of mean 0 and spread 1 spreads about √d.
#
# ### Exercise: attention
#
# About 12 minutes. In PyTorch this time, so that the layer can be trained below. Stuck? `hint(attention)`.

# %% nbgrader={"grade": false, "grade_id": "attention", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attention(x, query, key, value, out):
    """Self-attention with one head and no biases.

    x is (N, T, C), a tensor; query, key and value are (d, C), out is (C, d). Returns (N, T, C).
    scores[n, t, s] = (query of token t) · (key of token s) / √d; the softmax runs over s.

    If all scores of a text are equal, each of its tokens gets out applied to the mean of the values.
    Gradients arrive at x and at all four weights.
    """
    ### BEGIN SOLUTION
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    scores = q @ k.transpose(1, 2) / len(query) ** 0.5
    return (scores.softmax(dim=2) @ v) @ out.T
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "attention_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(attention)
### BEGIN HIDDEN TESTS
check(attention, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Which tokens hear of which? Change one token, and see which results change and by how much: a T × T matrix for each layer. For comparison a third layer,
# from the **[MLP-Mixer](https://arxiv.org/abs/2105.01601)**: it turns the tokens over, (N, T, C) to (N, C, T), and applies a 1×1 to *them*. What was a place is now a channel.
#
# **Before you run it:** which of the three matrices will be the same for another picture?

# %%
torch.manual_seed(0)
tx = torch.tensor(x).float()
wq, wk, wv = (torch.randn(20, 49) / 7 for _ in range(3))
wo, places = torch.randn(49, 20) / 20**0.5, torch.randn(16, 16) / 4
layers = {
    "feed-forward": lambda x: torch.tensor(feed_forward(x.numpy(), up, up_bias, down, down_bias)),
    "attention": lambda x: attention(x, 3 * wq, 3 * wk, wv, wo),
    "mixer": lambda x: (x.transpose(1, 2) @ places.T).transpose(1, 2),
}


def heard(f, x):
    """How far each token's result (row) moves when another token (column) is moved a little, for one picture."""
    moved = x + 0.01 * torch.eye(16)[:, :, None]
    return (f(moved) - f(x)).norm(dim=2).T


for picture in (0, 1):
    plots.show(
        tokens.mixing([heard(f, tx[picture : picture + 1]) for f in layers.values()], list(layers)),
        alt="14.mixing",
    )

# %% [markdown]
# The diagonal is what a 1×1 does: a token changes its own result. The mixer's matrix is learnt once and is the same for
# every picture. Attention makes its own anew for each picture. Does it also know where the tokens *stand*?
#
# **Before you run it:** which of the three pass the shuffle test? And attention in which a token asks only itself and those before it, as in GPT-2?

# %%
for name, f in layers.items():
    print(f"{name:13} gap {gap(f, tx):.0e}")
position = torch.randn(16, 49)
print(f"{'attention, with position':13} gap {gap(lambda x: attention(x + position, 3 * wq, 3 * wk, wv, wo), tx):.0e}")


def looking_back(x):
    """Attention in which token t asks itself and those before it, and no other."""
    return torch.stack([attention(x[:, : t + 1], 3 * wq, 3 * wk, wv, wo)[:, t] for t in range(x.shape[1])], dim=1)


print(f"attention, looking back  gap {gap(looking_back, tx):.0e}")

# %% [markdown]
# Attention passes: shuffle the tokens, and its results come out shuffled alike. It is **equivariant**, just as a 1×1 is. It
# looks at all tokens and is blind to their order. (Remember the mean of lesson 05, which looks at all pixels and passes too.)
#
# So a transformer like ViT has to be *told* where a token stands, and the way it is told should look familiar: a vector for each
# position is added to the token. **Position enters as channels.** (Many newer ones turn pairs of the channels of q and k instead, by an
# angle that grows with the position: [RoPE](https://arxiv.org/abs/2104.09864).)
#
# Looking back only, by a **mask** over the scores, it fails: the first token hears one, the last one all. GPT-2 has both, mask and
# positions; networks that have the mask alone learn where tokens stand from it ([arXiv 2203.16634](https://arxiv.org/abs/2203.16634)).
#
# ## A patch layer is a rearrangement and a 1×1
#
# The first layer of the vision transformer ViT is written as a convolution with a kernel of 16×16 and a stride of 16. Its windows do not overlap, so each
# pixel is read once. Then all it does is: write each patch down as a vector, and apply one matrix to every vector.
#
# ### Exercise: the weight of a patch layer
#
# About 7 minutes. `patches` above writes the numbers of a patch in a certain order. Put the weight of the convolution in the same order.
# Stuck? `hint(patchify_weight)`.

# %% nbgrader={"grade": false, "grade_id": "patchify_weight", "locked": false, "schema_version": 3, "solution": true, "task": false}
def patchify_weight(weight):
    """The matrix (C_out, p·p·C_in) with which patches(images, p) @ matrix.T is the convolution of stride p.

    weight is (C_out, C_in, p, p). In a patch the numbers stand row by row, and at each pixel channel by channel.

    A weight of shape (1, 2, 1, 2) would hold c = 0: [a b] and c = 1: [c d]; its matrix is [[a, c, b, d]].
    """
    ### BEGIN SOLUTION
    return weight.transpose(0, 2, 3, 1).reshape(len(weight), -1)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "patchify_weight_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(patchify_weight)
### BEGIN HIDDEN TESTS
check(patchify_weight, seed=1)
### END HIDDEN TESTS

# %%
photo = data.photo("coffee", longest=160)[:96, :160].transpose(2, 0, 1)[np.newaxis] / 255
weight = rng.normal(size=(8, 3, 16, 16))
by_torch = nn.functional.conv2d(torch.tensor(photo), torch.tensor(weight), stride=16).flatten(2).transpose(1, 2).numpy()
by_matrix = patches(photo, 16) @ patchify_weight(weight).T
print(f"{photo.shape} → {by_matrix.shape}; largest difference {np.abs(by_matrix - by_torch).max():.0e}")

# %% [markdown]
# Exact, up to rounding. "The network begins with a 16×16 convolution" and "the network has no convolution but 1×1" are said of the same layer.
#
# ## How much of it is 1×1?
#
# Count multiply-adds, as in lesson 09. A block on T tokens of C channels, with M hidden channels:
#
# - **token by token**: four layers of C × C in attention (its heads together: d is C), and C × M twice in feed-forward;
# - **between tokens**: T · T scores of C products each, and a weighted sum of T vectors of C numbers for each of T tokens. (A mask lets
#   nearly half of the pairs go; GPT-2's published code computes them first. All are counted here.)
#
# Outside the blocks there are the patch layer, where there are patches, and the head, which scores the classes for each token that it reads.
#
# ### Exercise: the token-wise share
#
# About 8 minutes. Stuck? `hint(tokenwise_share)`.

# %%
print(VIT_B16.name, VIT_B16.sizes())
print(GPT2_SMALL.name, GPT2_SMALL.sizes())

# %% nbgrader={"grade": false, "grade_id": "tokenwise_share", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tokenwise_share(architecture):
    """The share of a transformer's multiply-adds that is done token by token: a number from 0 to 1.

    architecture is a dictionary: tokens T, width C, hidden M, blocks, heads; patches, of patch numbers each, that a
    layer turns into tokens (0 if there are none); the head reads `read` tokens and scores `classes` for each.
    The heads share the C channels among them: they do not change the count.

    With 2 tokens, 1 channel, 1 hidden channel, 1 block, no patches, and 1 token read for 4 classes:
    token by token 2 · (4 + 2) + 4 = 16, between tokens 2 · 2 · 2 = 8, so the share is 16 / 24.
    """
    ### BEGIN SOLUTION
    t, c, m = architecture["tokens"], architecture["width"], architecture["hidden"]
    blocks = architecture["blocks"] * t * (4 * c * c + 2 * c * m)
    first = architecture["patches"] * architecture["patch"] * c
    head = architecture["read"] * c * architecture["classes"]
    mixing = architecture["blocks"] * 2 * t * t * c
    return (blocks + first + head) / (blocks + first + head + mixing)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "tokenwise_share_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(tokenwise_share)
### BEGIN HIDDEN TESTS
check(tokenwise_share, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# **Before you run it:** guess the share for ViT-B/16 on a picture, and for GPT-2 small on a text of 1,024 tokens. Which is larger?

# %%
for network in (VIT_B16, GPT2_SMALL):
    of_weights = network.tokenwise_parameters / network.parameters
    print(f"{network.name}: {network.macs / 1e9:.2f} G multiply-adds, {tokenwise_share(network.sizes()):.1%} token by token;")
    print(f"    {network.parameters / 1e6:.1f} M parameters, {of_weights:.1%} of them used on one token at a time")

# %% [markdown]
# Nearly all weights of both networks, and nearly all of ViT's work, are 1×1 layers by another name. (95.9% and not lesson 09's 95.3%: here the
# patch layer is among them, and the head.) GPT-2's share is smaller, for its text is longer: what goes on between
# tokens costs T², all the rest T. **Predict:** from how many tokens on does GPT-2 spend more between tokens than in its 1×1 layers?

# %%
lengths = 2 ** np.arange(0, 18)
shares = [tokenwise_share(GPT2_SMALL.sizes(int(t))) for t in lengths]
longer = next(int(t) for t in range(1, 100_000) if tokenwise_share(GPT2_SMALL.sizes(t)) < 0.5)
plots.show(
    tokens.share_by_length(lengths, shares, {"a sentence": 32, "GPT-2's longest": 1024, "half": longer}),
    alt="14.share_by_length",
)

# %% [markdown]
# Up to a few thousand tokens GPT-2 small is mostly 1×1 layers; beyond, it would be mostly pairs of tokens. Where that happens depends on
# the width: in a block with M = 4C, the two cost the same at T = 6C, so a wider model stays 1×1 for longer; and a program that leaves out what the mask lets go gets twice as
# far. Much of what has been invented since is about the second part. And some about the first: in a **mixture of experts** a
# token goes through few of many feed-forward pairs ([arXiv 2101.03961](https://arxiv.org/abs/2101.03961)).
#
# Move the sliders: what is 1×1 lights up in one pattern, what mixes tokens in another. What do more heads change?

# %%
widgets.transformer_block()

# %% [markdown]
# ## A transformer that reads digits
#
# Your attention in a real network: 16 patches of 7×7 pixels, two blocks. The residual `x + …` you know from the bottleneck; a **layer norm** brings the
# channels of each token to mean 0 and spread 1.

# %%
class Block(nn.Module):
    def __init__(self, c, hidden, attends):
        super().__init__()
        self.attends = attends
        self.query, self.key, self.value, self.out = (nn.Parameter(torch.randn(c, c) / c**0.5) for _ in range(4))
        self.norms = nn.ModuleList([nn.LayerNorm(c), nn.LayerNorm(c)])
        self.up, self.down = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        if self.attends:
            x = x + attention(self.norms[0](x), self.query, self.key, self.value, self.out)
        return x + self.down(self.up(self.norms[1](x)).relu())


# %%
class Reader(nn.Module):
    """Patches (N, 16, 49) to ten scores: a layer, positions, two blocks, the mean over tokens, a head."""

    def __init__(self, attends=True, positions=True, c=28):
        super().__init__()
        hidden = 64 if attends else 136  # without attention the same multiply-adds go into wider hidden layers
        self.first, self.head = nn.Linear(49, c), nn.Linear(c, 10)
        self.position = nn.Parameter(0.2 * torch.randn(16, c)) if positions else 0
        self.blocks = nn.Sequential(Block(c, hidden, attends), Block(c, hidden, attends))

    def forward(self, x):
        return self.head(self.blocks(self.first(x) + self.position).mean(dim=1))


# %% [markdown]
# And the convolutional reader of lesson 10b. All are trained on the same 3,000 digits, equally long, and are tested on 1,000 others. First: is the race fair?

# %%
def convolutional():
    """The reader of lesson 10b."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5), nn.ReLU(), nn.Flatten(), nn.Linear(32, 10),
    )  # fmt: skip


def block_macs(hidden, attends, t=16, c=28):
    return t * 2 * c * hidden + attends * (t * 4 * c * c + 2 * t * t * c)


around = 16 * 49 * 28 + 28 * 10
print(f"with attention:    {around + 2 * block_macs(64, True):,} multiply-adds")
print(f"without attention: {around + 2 * block_macs(136, False):,}")
print(f"convolutional:     {26**2 * 9 * 8 + 10**2 * 16 * 8 * 16 + 25 * 16 * 32 + 32 * 10:,}")

# %% [markdown]
# Within 0.3 % of each other. **Before you run it**, put four networks in order: the convolutional one; attention *and* positions; positions without attention; attention
# without positions. Training all of them at three seeds takes half a minute, on a busy computer more.

# %%
sets = {name: (torch.tensor(a), torch.tensor(b)) for name, (a, b) in digits.items()}
as_patches = {name: (torch.tensor(patches(a.numpy(), 7)), b) for name, (a, b) in sets.items()}


def trained(make, sets, seed, epochs=8):
    """A network after training from this seed."""
    torch.manual_seed(seed)
    model, (images, labels) = make(), sets["train"]
    steps = epochs * -(-len(images) // 100)
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=steps)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
            pace.step()
    return model


def accuracy(model, sets):
    """The share of test digits that a network reads right."""
    images, labels = sets["test"]
    with torch.no_grad():
        return (model(images).argmax(dim=1) == labels).float().mean().item()


# %%
networks = {
    "convolutional": (convolutional, sets),
    "attention, positions": (Reader, as_patches),
    "positions alone": (lambda: Reader(attends=False), as_patches),
    "attention alone": (lambda: Reader(positions=False), as_patches),
}


@functools.cache
def model_of(name, seed):
    """One of these networks, trained from this seed, once."""
    make, parts = networks[name]
    return trained(make, parts, seed)


# %%
scores = {name: [accuracy(model_of(name, seed), networks[name][1]) for seed in range(3)] for name in networks}
words = [f"{name}: mean {np.mean(runs):.2f}, {min(runs):.2f} to {max(runs):.2f}" for name, runs in scores.items()]
plots.show(learning.spread(scores, line=("chance", 0.1)), alt="; ".join(words))

# %% [markdown]
# Compare with your order. Without positions a network cannot learn where its patches lie, and that costs it most. With positions, on digits as
# small as these, attention is *not* what decides: a wider 1×1 does about as well, a little better or worse as the seeds have it. And the convolution, at equal cost, is ahead of all: it need not learn that neighbouring pixels belong
# together, and that a stroke may lie a little to the left.
#
# This is no verdict on transformers. It is one on 3,000 digits. The authors of ViT saw the same order on 1.3 million photos, and the reverse on
# 300 million ([arXiv 2010.11929](https://arxiv.org/abs/2010.11929), section 4.3): what a convolution has built in, attention can learn, if it sees enough.
# Nor is that the last word: taught in another way, transformers do well on the 1.3 million too ([DeiT](https://arxiv.org/abs/2012.12877)), and
# convolutions keep up on 4 billion, at equal cost of training ([arXiv 2310.16764](https://arxiv.org/abs/2310.16764)).
#
# ## A narrow pair instead of a layer
#
# In lesson 08 you fused two 1×1 layers into one. The other way round: cut a trained one into two, down to r channels and up again. The best pair comes from the
# singular values of lesson 06b: keep the r largest. A layer of 28 × 64 weights becomes 28 × r and r × 64. **Before you run it:** with r = 8 the pair keeps six tenths of
# the sum of squares of its weights. How many of a hundred digits that it has read will it misread?

# %%
def narrowed(model, r):
    """A copy whose feed-forward layers are pairs of rank r: up after down, written as one weight."""
    model = copy.deepcopy(model)
    for layer in [layer for block in model.blocks for layer in (block.up, block.down)]:
        u, s, vt = torch.linalg.svd(layer.weight.detach(), full_matrices=False)
        layer.weight.data = (u[:, :r] * s[:r]) @ vt[:r]
    return model


readers, ranks = [model_of("attention, positions", seed) for seed in range(3)], (28, 20, 14, 8, 4, 2, 1)
strengths = torch.linalg.svdvals(readers[0].blocks[0].up.weight.detach()) ** 2
print("rank   cost of the pair   squares kept   digits read right, three seeds")
for r in ranks:
    right = [f"{accuracy(narrowed(model, r), as_patches):.3f}" for model in readers]
    kept = (strengths[:r].sum() / strengths.sum()).item()
    print(f"{r:4} {r * (28 + 64) / (28 * 64):15.0%} {kept:16.0%}       {'  '.join(right)}")

# %% [markdown]
# At rank 8 four tenths of the squares are gone, and more than half of the work; of a hundred digits a few more are misread, in our runs at
# most three or so. As in lesson 10b, what is
# large is not what the task needs. At rank 28 the pair costs more than the layer: it pays up to rank 19, for 28 · 64 / (28 + 64) is 19.5.
#
# ## A narrow pair beside a frozen layer
#
# Networks of this kind are large, and you may want to adapt one without training, or storing, all its weights again. **LoRA** leaves a layer as it is and puts
# two 1×1 layers beside it: down to r channels, and up again.
#
# $$y = W x + \tfrac{\alpha}{r}\, \text{up}(\text{down}(x))$$
#
# ### Exercise: merge it
#
# About 6 minutes. When training is over, the pair can be added into the weight: one layer again, at no cost. Which one? Stuck? `hint(lora)`.

# %% nbgrader={"grade": false, "grade_id": "lora", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lora(weight, down, up, alpha):
    """The weight of the one layer that does what a frozen layer and the pair beside it do together.

    weight is (C_out, C_in), down is (r, C_in), up is (C_out, r); the pair counts alpha / r times.
    Returns a new (C_out, C_in) array; weight stays as it is.

    lora(np.eye(2), np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), 1.0) gives [[4.0, 6.0], [4.0, 9.0]]
    """
    ### BEGIN SOLUTION
    return weight + alpha / len(down) * up @ down
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "lora_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(lora)
### BEGIN HIDDEN TESTS
check(lora, seed=1)
### END HIDDEN TESTS

# %%
frozen, narrow, wide_again = rng.normal(size=(768, 768)), rng.normal(size=(8, 768)), rng.normal(size=(768, 8))
some = rng.normal(size=(5, 768))
beside = some @ frozen.T + 16 / 8 * (some @ narrow.T) @ wide_again.T
merged = some @ lora(frozen, narrow, wide_again, 16).T
print(f"beside or merged: largest difference {np.abs(beside - merged).max():.0e}, of numbers up to {np.abs(beside).max():.0f}")
print(f"weights to train: {narrow.size + wide_again.size:,} instead of {frozen.size:,}")
print("rank of what was added:", np.linalg.matrix_rank(lora(frozen, narrow, wide_again, 16) - frozen))

# %% [markdown]
# Few weights, and a price that lesson 06b has taught you to see: what is added has rank 8, whatever is learnt. At the start `up` is all zero, so that the network
# begins as it was. **Before you run it:** with up zero, does any gradient arrive?

# %%
down_t, up_t = torch.randn(8, 768, requires_grad=True), torch.zeros(768, 8, requires_grad=True)
y = torch.tensor(some).float() @ (torch.tensor(frozen).float() + up_t @ down_t).T
(y**2).mean().backward()
print(f"largest gradient of up {up_t.grad.abs().max():.1e}, of down {down_t.grad.abs().max():.1e}")

# %% [markdown]
# ## One more place
#
# **Squeeze-and-excitation** ([arXiv 1709.01507](https://arxiv.org/abs/1709.01507)) asks each map for its mean, sends these C numbers through two layers, and turns every map up or down by what comes
# out. The means are an image of one pixel, so the two layers are 1×1 convolutions on a 1×1 map. What do they cost in ResNet-50?

# %%
squeezing = cost.resnet(50, squeeze=16)
more_macs = cost.count(squeezing.layers).macs / cost.count(cost.resnet(50).layers).macs - 1
more_weights = cost.count(squeezing.layers).weights / cost.count(cost.resnet(50).layers).weights - 1
print(f"multiply-adds: {more_macs:.2%} more; weights: {more_weights:.1%} more")

# %% [markdown]
# Next to no work, and a tenth of weights more: on one pixel, a weight is used once. The counts of lesson 03 part company here.
#
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the four checks.

# %% nbgrader={"grade": false, "grade_id": "14_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    went_shuffle="b",
    went_mixing="d",
    went_longer="b",
    went_lora="c",
)

# %% nbgrader={"grade": true, "grade_id": "went_shuffle_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["went_shuffle"], "went_shuffle")

# %% nbgrader={"grade": true, "grade_id": "went_mixing_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["went_mixing"], "went_mixing")

# %% nbgrader={"grade": true, "grade_id": "went_longer_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["went_longer"], "went_longer")

# %% nbgrader={"grade": true, "grade_id": "went_lora_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["went_lora"], "went_lora")

# %% [markdown]
# ## What do you know now?
#
# Twelve questions, as before lesson 00; not the same ones. Again nobody marks them. They are worth nothing but what they tell you.

# %%
after(
    maps="",
    mixing="",
    neighbours="",
    axes="",
    reshape="",
    weights="",
    window="",
    lost="",
    linear="",
    reuse="",
    clock="",
    tokens="",
)

# %% [markdown]
# ## Summary
#
# - Query, key, value, output, both layers of feed-forward, the patch layer, the head: each is a 1×1 convolution over tokens.
# - Attention's products of tokens with tokens, for the scores and for the sums, are no 1×1. They cost T²; all 1×1 layers cost T.
# - Attention without a mask passes the shuffle test. Order comes in from outside, as channels.
# - At equal cost, on 3,000 digits, the convolution won: it has built in what the others must learn.
# - LoRA is a 1×1 down and a 1×1 up. Merged, it costs nothing; it has rank r.
#
# The article called a 3×3 a lie, and 1×1 layers "under some circumstances more important". *Important* is an opinion, as you know. But in many networks
# that came after it, nearly all multiply-adds are 1×1, as you have counted. None of it would be of use without the few steps that let one place hear of another.
#
# ## Go further
#
# - [Attention Is All You Need](https://arxiv.org/abs/1706.03762): where are its 1×1 layers in Figure 1?
# - [MLP-Mixer](https://arxiv.org/abs/2105.01601): it "contains two types of layers". Which of them is a 1×1 on which axis?
# - [LoRA](https://arxiv.org/abs/2106.09685), section 4.2: which of the four layers of attention do its authors adapt?
