# %% [markdown]
# # Lesson 06b · When is nothing lost?
#
# A layer with fewer outputs than inputs has inputs that it cannot tell apart, and nothing after it can. Lesson 06 measured the
# damage: of noise nearly everything is lost, of a satellite's bands a little, of everything something. Are there channels of
# which *nothing* is lost when 1000 become 10? And could you tell them by their shape?
#
# **Time:** 40 minutes. **You need:** lesson 06 (collisions, the share that is lost, the best reduction).
#
# You will be able to
# - count how many of a stack's channels say something that the others do not, and say when a reduction is free;
# - say what a ReLU does to that number, and why narrow layers go without one;
# - put three channels into one and take them out again;
# - tell three things apart that sound alike: the shape, the rank and the information of a stack of channels.

# %%
import numpy as np

from course_utils import check, data, hint, plots, progress, quiz, solution, widgets
from course_utils.experiments import reduction

# %% [markdown]
# ## What lesson 06 left open
#
# > **Claim 12.** 1×1 layers are "used to reduce the dimensionality of channels"
# >
# > **Claim 13.** "1000 channels … give 10 channels … without losing any information"
#
# For *every* input claim 13 is false: 10 rows of weights see at most 10 of the 1000 directions of the channel space. But the channels
# of a photo or a network are not just any numbers.
#
# **Before you go on:** for which channels could it be true, if for any? Write down "for channels that …". You will come back to it.
#
# Two tools come along: the layer, and channels as rows of pixels without their means, as in lesson 06.

# %%
def layer(x, weight):
    return np.einsum("oc,nchw->nohw", weight, x)


def centred(x):
    """The channels of x (N, C, H, W) as rows of pixels, (C, N·H·W), each with its mean removed."""
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns[:, :1]  # equal numbers are exactly 0 from here on; the mean of equal ones may be a hair off
    return columns - columns.mean(axis=1, keepdims=True)


# %% [markdown]
# And two that you wrote: what the best linear decoder cannot bring back is a share of the variance, `restore_error`; the weight that
# loses least, `best_reduction`, looks along the directions in which the centred channels spread most. **Paste your own over them:**
# they will measure all that follows.

# %%
def restore_error(x, weight):
    return reduction.share_lost(x, weight)  # the course's own


def best_reduction(x, m):
    directions = np.linalg.svd(centred(x), full_matrices=False).U
    return directions.T[:m]


# %%
scene = data.scene()  # blue, green, red and near infrared, seen by Sentinel-2
x = scene.values[np.newaxis]  # (1, 4, 300, 300)
small = x[:, :, ::3, ::3]  # every third pixel
lost = [restore_error(small, best_reduction(small, m)) for m in (1, 2, 3, 4)]
print("lost of the scene if the best 1, 2, 3 or 4 mixes are kept:", *(f"{share:.1%}" for share in lost))

# %% [markdown]
# ## Keep some channels
#
# Four kinds of channels, three ways to reduce them: the first channels, random mixes, the best mixes. The picture is rebuilt
# while you move. Predict before you move:
#
# 1. *noise*: do the best mixes do any better than random ones?
# 2. *real scene*, channel 3 (near infrared), first m channels: at which m does it come back, and why there?
# 3. *exactly low rank*: how many random mixes are enough for a perfect picture? Is one more any use?
# 4. *correlated maps*: where does the curve fall fast, where slowly, and what has the spectrum to do with it?

# %%
widgets.channels_kept()

# %% [markdown]
# ## Channels that are mixes of few
#
# The third question had an answer with a clean edge. Those ten channels are mixes of the three colours of a photo, and
# three outputs bring all ten back. So there is one kind of input for which the article is right: channels that are mixes
# of few. How few, says
# their [rank](../../GLOSSARY.md#rank): the number of directions along which the pixels spread at all.
#
# First, the picture. The layer below turns the 4 bands into 64 channels; twelve of them are drawn. This is also the
# reason why claim 12 is **true, but not all**: the same layer also widens.

# %%
widen = np.random.default_rng(3).standard_normal((64, 4))
maps = layer(x, widen)[0, :12]
maps = (maps - maps.mean(axis=(1, 2), keepdims=True)) / maps.std(axis=(1, 2), keepdims=True)
plots.show(
    plots.channels_grid(np.clip(maps, -3, 3), columns=6),
    alt="06b.channels_grid",
)

# %% [markdown]
# **Before you go on:** 64 different channels. How many of them say something that the others do not?
#
# ### Exercise: the rank of a stack of channels
#
# About 8 minutes. Count the [singular values](../../GLOSSARY.md#singular-value) (the numbers `s` of the SVD) of the centred
# channels that are not small. Real numbers are never exactly zero, so *small* needs a tolerance, and one that means the same
# whether the scene is stored from 0 to 1 or from 0 to 10,000. Stuck? Run `hint(channel_rank)`.

# %% nbgrader={"grade": false, "grade_id": "channel_rank", "locked": false, "schema_version": 3, "solution": true, "task": false}
def channel_rank(x, tol):
    """The numerical rank of the channels of x, over the pixels of all images together.

    x: (N, C, H, W); tol: a number such as 1e-6. Returns a whole number: how many singular values of
    the (C, N·H·W) matrix are larger than tol times the largest of them; 0 if all pixels are alike.
    Each channel's mean, over all pixels of all images, is removed first: a constant channel adds nothing.
    (`centred` leaves exactly 0 of it, no rounding that could be counted.)

    With x = [[[[1.0, 2.0, 3.0]], [[2.0, 4.0, 6.0]], [[5.0, 5.0, 5.0]]]] and tol = 1e-6 the rank is 1:
    channel 1 is twice channel 0, and channel 2 is constant.
    """
    ### BEGIN SOLUTION
    strengths = np.linalg.svd(centred(x), compute_uv=False)
    return int((strengths > tol * strengths.max()).sum())
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "channel_rank_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(channel_rank)
### BEGIN HIDDEN TESTS
check(channel_rank, seed=1)
### END HIDDEN TESTS

# %%
wide = layer(small, widen)
print(f"shape {wide.shape}, rank {channel_rank(wide, 1e-6)}")
print(f"64 channels reduced to 4 again: {restore_error(wide, best_reduction(wide, 4)):.0e} of the variance lost")

# %% [markdown]
# The shape says 64, the rank says 4. A linear layer cannot raise the rank, and what is computed from 4 numbers knows no
# more than those 4 numbers. On such channels a reduction from 64 to 4 is free: it throws away the copies.
#
# So here is the experiment that decides claim 13. Channels that are mixes of r independent maps, 1000 of them, reduced
# to 10 in the best way. **Before you run it:** at which r does the loss begin?

# %%
for r in (5, 10, 11, 12, 20):
    losses = []
    for seed in range(5):
        rng = np.random.default_rng([r, seed])
        stack = layer(rng.standard_normal((1, r, 12, 12)), rng.standard_normal((1000, r)))
        losses.append(restore_error(stack, best_reduction(stack, 10)))
    print(f"rank {channel_rank(stack, 1e-6):2}: lost {np.mean(losses):8.1e}, from {min(losses):.1e} to {max(losses):.1e} in 5 draws")

# %% [markdown]
# Up to rank 10 nothing is lost but rounding. At 11 the loss is real, in every draw. **Claim 13 is false in general**,
# and true for a special kind of input: channels with a rank of at most 10, and a weight that keeps that rank. Whether
# *your* 1000 channels are of that kind is a question about data. You can now measure it, and you cannot read it off a shape.

# %% [markdown]
# ## Rank is not information either
#
# Careful now, there is one more step. Put a ReLU after the widening layer, and ask for the rank again.
# **Before you run it:** a ReLU sets the negative numbers to 0. Will the rank fall?

# %%
shifted = layer(small - small.mean(axis=(2, 3), keepdims=True), widen)
print("rank before the ReLU:", channel_rank(shifted, 1e-6), " after:", channel_rank(np.maximum(shifted, 0), 1e-6))

# %% [markdown]
# It rises, though nothing new has come in. The rank tells how many channels a *linear* decoder needs. It is no measure of
# what is known.
#
# Does the ReLU do harm, then? **Before you run it:** random mixes of the 4 bands to m channels, with and without a ReLU after
# them, and the best linear decoder with a bias. At which m is the ReLU costly?

# %%
def lost_after(channels):
    """The share of the scene's variance that the best linear decoder with a bias cannot restore from some channels."""
    have, want = centred(channels).T, centred(small).T
    return ((want - have @ np.linalg.lstsq(have, want, rcond=None)[0]) ** 2).sum() / (want**2).sum()


centre = small - small.mean(axis=(2, 3), keepdims=True)
print("channels          4       8      16      64")
for seed in range(3):
    mixes = [layer(centre, np.random.default_rng(seed).standard_normal((m, 4))) for m in (4, 8, 16, 64)]
    for name, ways in (("linear", mixes), ("with ReLU", [np.maximum(mix, 0) for mix in mixes])):
        print(f"{name:10}" + "".join(f"{lost_after(channels):8.2%}" for channels in ways))

# %% [markdown]
# With 4 channels for 4 bands there is none to spare, and what a ReLU sets to 0 is gone: in some runs more than a tenth of the
# variance. With 64 each number is there several times, on either side of 0, and next to nothing is lost. So MobileNetV2 has its
# ReLUs where it is wide, and none where it is narrow: a **linear bottleneck**.
#
# So the rank can say more than is known. Can it also say less: three channels kept in one, of rank 1, and nothing lost?
#
# ### Exercise: three numbers in one
#
# About 6 minutes. A pixel of a photo is three bytes, whole numbers from 0 to 255. Write them as the three digits of one
# number in base 256: red counts 1, green counts 256, blue counts 65,536. That is a 1×1 layer with the weight
# `[[1, 256, 65536]]`. The largest number is $2^{24} - 1$, and float32, the usual number of a network, holds every whole
# number up to $2^{24}$ exactly. Mind the type in which you compute. Stuck? Run `hint(pack_rgb)`.

# %% nbgrader={"grade": false, "grade_id": "pack_rgb", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pack_rgb(rgb):
    """Red, green and blue in one channel: red + 256 · green + 65,536 · blue, exactly.

    rgb: (N, 3, H, W) of uint8. Returns (N, 1, H, W) of float32. No mean is removed.

    One pixel with red 10, green 2 and blue 1 gives 10 + 256 · 2 + 65,536 · 1 = 66058.0.
    """
    ### BEGIN SOLUTION
    weight = np.array([[1, 256, 65536]], np.float32)
    return layer(rgb.astype(np.float32), weight)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "pack_rgb_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(pack_rgb)
### BEGIN HIDDEN TESTS
check(pack_rgb, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: and out again
#
# About 6 minutes. The decoder is not linear: it reads off the digits of a number. Stuck? Run `hint(unpack_rgb)`.

# %% nbgrader={"grade": false, "grade_id": "unpack_rgb", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unpack_rgb(packed):
    """Red, green and blue from the channel that pack_rgb makes.

    packed: (N, 1, H, W) of float32, whole numbers red + 256 · green + 65,536 · blue.
    Returns (N, 3, H, W) of uint8.

    66058.0 gives red 10, green 2, blue 1.
    """
    ### BEGIN SOLUTION
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=1).astype(np.uint8)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "unpack_rgb_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(unpack_rgb)
### BEGIN HIDDEN TESTS
check(unpack_rgb, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# There and back again. On the right, the same with **bfloat16**, a short number type that networks like: it is float32
# with the last 16 of its 32 bits cut off. **Before you run it:** will that picture be a bit grainy, or something worse?

# %%
rgb = data.photo("astronaut", longest=200).transpose(2, 0, 1)[np.newaxis]
packed = pack_rgb(rgb)
cut = (np.ascontiguousarray(packed).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)  # as bfloat16 keeps it
pictures = [rgb[0], unpack_rgb(packed)[0], unpack_rgb(cut)[0]]
titles = ["photo", "by one float32 channel", "by one bfloat16 channel"]
plots.show(
    plots.pictures([picture.transpose(1, 2, 0) for picture in pictures], titles),
    alt="06b.pictures",
)
weight = np.array([[1.0, 256.0, 65536.0]])
print("float32: every byte is back:", np.array_equal(unpack_rgb(packed), rgb))
print("rank of the packed channel:", channel_rank(packed, 1e-6))
print(f"the best linear decoder loses {restore_error(rgb / 255, weight):.1%} of the variance")

# %% [markdown]
# Something worse: of a number's binary digits the first 8 are left. They hold the blue, and of the rest only what fits. But by
# float32: one channel, rank 1, and not a byte is missing, while the best *linear* decoder loses a good part. A number can carry
# more than one number, if what comes in is made of few bits and the channel has room for them.
#
# Does this trick save claim 13? Count bits. 1000 channels of float32 are 32,000 bits a pixel, 10 channels are 320. More
# than $2^{320}$ different inputs cannot all get different outputs, whatever the layer does. Packing works for 24 bits in
# 24 bits, and even a change of number type breaks it.
#
# Look at what you wrote down at the beginning. "For channels that …" what?
#
# | the inputs | 1000 → 10 | because |
# |---|---|---|
# | anything at all | lossy | collisions: 990 directions are unseen |
# | noise | lossy, nearly all of it | the spectrum is flat, 10 of 1000 shares are kept |
# | channels of rank at most 10 | lossless, if the weight keeps the rank | the other 990 are computed from the 10 |
# | correlated channels | lossy, by a known amount | the tail of the spectrum |
# | few bits a channel | can be lossless, with a decoder that is not linear | packing: it is the bits that count |

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the three checks.

# %% nbgrader={"grade": false, "grade_id": "06b_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    lost_expanded="b",
    lost_claim="d",
    lost_packing="b",
)

# %% nbgrader={"grade": true, "grade_id": "lost_expanded_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["lost_expanded"], "lost_expanded")

# %% nbgrader={"grade": true, "grade_id": "lost_claim_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["lost_claim"], "lost_claim")

# %% nbgrader={"grade": true, "grade_id": "lost_packing_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["lost_packing"], "lost_packing")

# %% [markdown]
# ## Summary
#
# - The *shape* says how many channels there are, the *rank* how many of them a linear decoder needs, and neither says how
#   much is known. "Lossless" has no meaning without saying for which inputs and which decoder.
# - A reduction is free for channels that are mixes of few: at most as many as are kept, and by a weight that keeps them apart. One
#   direction more, and the loss is real.
# - A ReLU can raise the rank without adding anything, and a narrow layer pays for it: no ReLU where channels are few.
# - A decoder that is not linear can take several numbers out of one. Then it is bits that count.
#
# **Claims decided here:** that 1×1 layers reduce the number of channels is true but not all, they widen and mix as well
# (12). That 1000 channels become 10 without losing any information is false in general, and depends on the data: it is
# true for channels of rank at most 10 (13).
#
# Next, lesson 07: here weights were computed from data or drawn by lot. In a network neither is done. Where do they come from?
#
# ## Go further
#
# - [MobileNetV2](https://arxiv.org/abs/1801.04381), section 3.2: the argument for linear bottlenecks, in its authors' words.
