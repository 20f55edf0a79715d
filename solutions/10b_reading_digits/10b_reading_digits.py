# %% [markdown]
# # Lesson 10b · Reading digits
#
# In lesson 10 your layer became a module: optimizers find its weights, and other modules are made of it. Not one weight has been
# trained since. What does a network learn about digits whose layers are all 1×1? Is a 1×1 layer worth its price where there are larger
# kernels beside it? And how does a network that was trained on single digits read a whole page of them?
#
# **Time:** 55 minutes. **You need:** lesson 10 (modules), 05 (the shuffle test), 06 (what is lost), 07 (training) and 08 (Network in
# Network).
#
# You will be able to
# - write a training loop without the usual errors, and report several runs with their spread;
# - predict what a network of 1×1 layers alone can learn about digits, and see it;
# - ask at equal cost what a part of a network is worth;
# - turn a dense head into a 1×1 convolution, and let a classifier slide over a larger image.

# %%
import functools

import numpy as np
import torch
from torch import nn

from course_utils import check, data, hint, plots, progress, quiz, solution, widgets
from course_utils.experiments import contest
from course_utils.plots import learning

torch.set_num_threads(1)  # networks as small as these lose more time by sharing the work than they gain

# %% [markdown]
# ## Five thousand digits
#
# MNIST-5k holds 5,000 handwritten digits, 500 of each kind, 28×28 pixels. They are split once and for
# all, class by class: to **train** on, to **validate** with while you decide things, and to **test** with at the very end.

# %%
digits = {name: tuple(map(torch.from_numpy, pair)) for name, pair in data.digits().items()}
for name, (images, labels) in digits.items():
    print(f"{name:>10}: images {tuple(images.shape)}, labels {tuple(labels.shape)}")
images, labels = digits["train"]
plots.show(
    learning.digits(images[:20, 0], labels[:20].tolist()),
    alt="10b.digits",
)

# %% [markdown]
# ### Exercise: a training loop
#
# About 20 minutes. The loop that trains all networks of this lesson. A network's ten outputs are **logits**, one for
# each class; the largest one is its answer. `nn.functional.cross_entropy(logits, labels)` is the loss: small if the label's
# logit is far above the others ([cross-entropy](../../GLOSSARY.md#cross-entropy)). An **epoch** is one pass over all training images. In each epoch:
#
# 1. training mode: `model.train()`. Layers such as batch norm behave differently in training;
# 2. a new random order, cut into batches of 50 (the last one may be smaller);
# 3. for each batch: loss, clear the old gradients, `backward()`, step of the optimizer, which is `torch.optim.Adam` (gradient
#    descent with a step length of its own for each weight);
# 4. evaluation mode: `model.eval()`. Then the accuracy on the validation images, without gradients;
# 5. `report(loss, accuracy)`, with the mean loss of the batches.
#
# `device` says where to compute, "cpu" or "cuda": model, images and labels must all be there. The check also trains on
# digits of its own and marks your network on digits that your function never gets to see. Stuck? `hint(train)`.

# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(model, data, epochs, lr, device, report=print):
    """Train a classifier; return its validation accuracy after each epoch.

    model: a module that takes images to logits (N, classes). It is trained in place.
    data: {"train": (images, labels), "validation": (images, labels)}, tensors on the CPU.
    lr: learning rate of Adam; device: for example "cpu".
    report(loss, accuracy) is called after each epoch, with two numbers.

    Returns a list of numbers from 0 to 1, one an epoch: [0.8, 0.85] after 2 epochs.
    """
    ### BEGIN SOLUTION
    model.to(device)
    images, labels = (part.to(device) for part in data["train"])
    new_images, new_labels = (part.to(device) for part in data["validation"])
    optimizer = torch.optim.Adam(model.parameters(), lr)
    accuracies = []
    for _ in range(epochs):
        model.train()
        losses = []
        for batch in torch.randperm(len(images)).split(50):
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            right = model(new_images).argmax(dim=1) == new_labels
        accuracies.append(right.float().mean().item())
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "train_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(train)
### BEGIN HIDDEN TESTS
check(train, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Here is a network to try it on, a small relative of LeNet. Watch it learn: the curves are drawn while your loop runs. This takes some
# seconds. All training in this lesson takes about a minute, nearly half of it in one cell; on a busy computer it is several times that.

# %%
device = "cuda" if torch.cuda.is_available() else "cpu"


def reader():
    """28×28 → 26 → 13 → 10 → 5 → 1×1, then a dense head from 32 features to 10 classes."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5), nn.ReLU(), nn.Flatten(), nn.Linear(32, 10),
    )  # fmt: skip


# %%
torch.manual_seed(0)
net = reader().to(memory_format=torch.channels_last)  # the same network, faster: lesson 11b says why
accuracies = train(net, digits, 6, 0.005, device, learning.Watch(6))
print(f"on {device}: validation accuracy {accuracies[-1]:.3f}")

# %% [markdown]
# Was that a lucky start? One run does not say. From here on, each network is trained from three seeds and asked about the
# test digits once, at the end.

# %%
def accuracy(model, images, labels):
    """The share of digits that a network names rightly."""
    model.eval().to(device)
    with torch.no_grad():
        return (model(images.to(device)).argmax(dim=1).cpu() == labels).float().mean().item()


def study(make, digits, epochs, lr, seeds=range(3)):
    """Train a network from several seeds; returns the trained networks and their test accuracies."""
    watch, nets = learning.Watch(epochs, len(seeds)), []
    for seed in seeds:
        torch.manual_seed(seed)
        nets.append(make().to(memory_format=torch.channels_last))
        train(nets[-1], digits, epochs, lr, device, watch)
    return nets, [accuracy(net, *digits["test"]) for net in nets]


# %%
@functools.cache
def readers():
    return study(reader, digits, 5, 0.005)


nets, scores = readers()
print("test accuracy of three seeds:", [round(score, 3) for score in scores])
print(f"mean {np.mean(scores):.3f}, from {min(scores):.3f} to {max(scores):.3f}")

# %% [markdown]
# A trained network is a good place to look again at claim 13, that channels can be reduced "without losing any information". In the middle
# of this one are 16 maps. The cell reduces them to m channels by the best 1×1 layer of lesson 06 (PCA, fitted to training digits) and
# back to 16 by another one. Nothing is trained again.
#
# **Before you run it:** with half of the channels, some hundredths of the variance are lost. What does that cost in accuracy? And with
# 3 channels?

# %%
print("channels kept:    16      8      6      3")
for net in readers()[0]:
    front, back = net.cpu().eval()[:6], net[6:]
    with torch.no_grad():
        pixels = front(digits["train"][0]).movedim(1, -1).reshape(-1, 16)
        mean, directions = pixels.mean(dim=0), torch.linalg.svd(pixels - pixels.mean(dim=0), full_matrices=False).Vh
        maps = front(digits["test"][0]).movedim(1, -1)
        lost, right = [], []
        for m in (16, 8, 6, 3):
            restored = (maps - mean) @ directions[:m].T @ directions[:m] + mean
            lost.append(((restored - maps) ** 2).sum() / ((maps - maps.mean(dim=(0, 1, 2))) ** 2).sum())
            right.append((back(restored.movedim(-1, 1)).argmax(dim=1) == digits["test"][1]).float().mean())
    print("variance lost " + "".join(f"{one:7.1%}" for one in lost))
    print("test accuracy " + "".join(f"{one:7.3f}" for one in right))

# %% [markdown]
# With 8 channels variance is lost, and hardly a digit. With 3 channels a fifth of the variance or more is lost, and what that costs
# depends on the run: with other seeds we have seen from 2 to 18 digits in a hundred, and not always most where most variance was lost.
# Claim 13 is false here too; and the share of variance is not the share of what the network *needs*. What may go depends on the task.

# %% [markdown]
# ## What can 1×1 layers alone see?
#
# Now for the question that this course has been asking all along. Take a network whose first layer has a k×k kernel, then
# a 1×1 layer (your `Pointwise` of lesson 10 would do as well: it is the same layer), then global average pooling and a dense head. With k = 1, no layer in it ever looks at a neighbour.
# To be quick, it gets every second row and column of the digits; you can still read them:

# %%
small = {name: (images[:, :, ::2, ::2].contiguous(), labels) for name, (images, labels) in digits.items()}
images, labels = small["test"]
plots.show(
    learning.digits(images[:10, 0], labels[:10].tolist()),
    alt="10b.digits_2",
)

# %%
def seeing(k):
    """A network whose first layer sees k×k pixels, and whose other layers see one."""
    return nn.Sequential(
        nn.Conv2d(1, 16, k, padding=k // 2), nn.ReLU(), nn.Conv2d(16, 32, 1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10),
    )  # fmt: skip


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


print({k: f"{count(seeing(k)):,} weights and biases" for k in (1, 3, 7)})

# %% [markdown]
# **Before you run it:** chance is 0.1, and you have seen what the network above reaches. Where will k = 1 end? And k = 3, which
# differs in 8 more numbers for each of 16 filters, in the first layer only? Write down two numbers.

# %%
@functools.cache
def seen_by(k):
    return study(lambda: seeing(k), small, 5, 0.03)


for k in (1, 3):
    _, scores = seen_by(k)
    print(f"k = {k}: mean {np.mean(scores):.2f}, from {min(scores):.2f} to {max(scores):.2f}")

# %% [markdown]
# **And k = 7?** Better than k = 3, or worse because each filter has 49 weights to find?

# %%
named = {f"first layer {k}×{k}": seen_by(k)[1] for k in (1, 3, 7)}
words = [f"{name}: mean {np.mean(v):.2f}, {min(v):.2f} to {max(v):.2f}" for name, v in named.items()]
plots.show(learning.spread(named, line=("chance", 0.1)), alt="; ".join(words))

# %% [markdown]
# With k = 1 it is far behind, in all runs. Is it only slow? Lesson 07 had a training that needed nothing but patience.
#
# **Before you run it:** four times as many epochs. Will it reach k = 3?

# %%
torch.manual_seed(0)
net = seeing(1)
train(net, small, 20, 0.03, device, lambda loss, accuracy: None)
patient = accuracy(net, *small["test"])
print(f"k = 1 after  5 epochs: mean {np.mean(seen_by(1)[1]):.2f}, from {min(seen_by(1)[1]):.2f} to {max(seen_by(1)[1]):.2f}")
print(f"k = 1 after 20 epochs: {patient:.2f}")
print(f"k = 3 after  5 epochs: mean {np.mean(seen_by(3)[1]):.2f}, from {min(seen_by(3)[1]):.2f} to {max(seen_by(3)[1]):.2f}")

# %% [markdown]
# Patience helps a little or, with some seeds, not at all (with 40 epochs we have seen 0.26), and not nearly enough. What is it that this network lacks? Shuffle the pixels of each test digit, each
# with a shuffle of its own, so that no human can read them any more.
#
# **Before you run it:** what happens to the accuracy for k = 1, and what for k = 7?

# %%
torch.manual_seed(0)
shuffled = torch.stack([image.flatten()[torch.randperm(14 * 14)].reshape(1, 14, 14) for image in images])
plots.show(
    learning.digits(shuffled[:10, 0], labels[:10].tolist()),
    alt="10b.digits_3",
)
for k in (1, 3, 7):
    nets, scores = seen_by(k)
    after = [accuracy(net, shuffled, labels) for net in nets]
    print(f"k = {k}: before {np.mean(scores):.3f}, after {np.mean(after):.3f}")

# %% [markdown]
# For k = 1 nothing has changed: to this network a 7 and its pixel cloud are the same thing. Lesson 05 told you why. Each 1×1
# layer commutes with a shuffle, and the average at the end does not care for order. All that such a network *can* use is how
# many pixels have which brightness: the **histogram**. How much of a digit does a histogram tell? Here are three readers that get
# nothing else: a **forest** of decision trees and a **logistic regression**, both given 16 counts, and a forest that is given
# all 196 brightnesses in order of size.

# %%
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def counts(images, bins=16):
    return torch.stack([torch.histc(image, bins, 0, 1) for image in images]).numpy()


def in_order(images):
    return images.flatten(1).sort().values.numpy()


for name, make, view in (
    ("forest, 16 counts", lambda seed: RandomForestClassifier(60, min_samples_leaf=5, random_state=seed), counts),
    ("logistic regression, 16 counts", lambda seed: make_pipeline(StandardScaler(), LogisticRegression()), counts),
    ("forest, brightness in order", lambda seed: RandomForestClassifier(60, min_samples_leaf=5, random_state=seed), in_order),
):
    found = [
        make(seed).fit(view(small["train"][0]), small["train"][1].numpy()).score(view(images), labels.numpy())
        for seed in range(3)
    ]
    print(f"{name:31} mean {np.mean(found):.3f}, from {min(found):.3f} to {max(found):.3f}")

# %% [markdown]
# A 1 takes little ink and a 0 takes much: that much a histogram tells. None of the three readers proves a limit, and a better one
# may yet come. But readers as different as these end close to each other, and far below the network
# whose first layer sees 7×7 pixels. Shuffled digits do not carry more.
#
# ## And what do the 1×1 layers add?
#
# One layer that looks at neighbours made the difference, and the larger its window, the more. It would be easy to add that the
# 1×1 layers do the rest of the work. That is a claim, so it needs an experiment: take them out, and spend what they cost on more
# filters. Equal budgets, in multiply-adds for an image:
#
# - *with*: the network from above, 16 filters of 7×7, then a 1×1 layer from 16 to 32; *without*: 26 filters of 7×7 and no 1×1 layer;
# - *Network in Network*: two layers that look around, each followed by 1×1 layers, and one map for each class at the end, as in
#   lesson 08; *plain*: the same two layers, with more filters and no 1×1;
# - *separable*: a 1×1 that does not come *after* the 3×3 but takes over its mixing, as in lesson 09; *dense*: 3×3 layers that
#   mix by themselves.
#
# **Before you run it:** who wins each of the three pairs? Write it down. (The cell after next trains five networks three times: half a
# minute, on a busy computer more.)

# %%
def layer(a, b, k, groups=1):
    return [nn.Conv2d(a, b, k, padding=k // 2, groups=groups), nn.ReLU()]


def network(*parts, features=10):
    """Layers with a ReLU each, then global average pooling, and a dense layer where the features are not the classes yet."""
    end = [] if features == 10 else [nn.Linear(features, 10)]
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *end)


def half():
    return nn.MaxPool2d(2)


PAIRS = {
    "with": lambda: seeing(7),
    "without": lambda: network(*layer(1, 26, 7), features=26),
    "Network in Network": lambda: network(
        *layer(1, 12, 5), *layer(12, 12, 1), half(), *layer(12, 16, 3), *layer(16, 16, 1), nn.Conv2d(16, 10, 1)
    ),
    "plain": lambda: network(*layer(1, 14, 5), half(), *layer(14, 20, 3), features=20),
    "separable": lambda: network(
        *layer(1, 16, 3), half(), nn.Conv2d(16, 16, 3, padding=1, groups=16), *layer(16, 32, 1),
        half(), nn.Conv2d(32, 32, 3, padding=1, groups=32), *layer(32, 64, 1), features=64,
    ),
    "dense": lambda: network(*layer(1, 7, 3), half(), *layer(7, 14, 3), half(), *layer(14, 28, 3), features=28),
}  # fmt: skip
for name, make in PAIRS.items():
    print(f"{name:20}{contest.macs(make(), image=(1, 14, 14)):8,} multiply-adds, {count(make()):5,} weights and biases")

# %%
@functools.cache
def contested(name):
    return seen_by(7)[1] if name == "with" else study(PAIRS[name], small, 5, 0.03 if name == "without" else 0.01)[1]


named = {name: contested(name) for name in PAIRS}
words = [f"{name}: mean {np.mean(v):.2f}, {min(v):.2f} to {max(v):.2f}" for name, v in named.items()]
plots.show(learning.spread(named, line=("chance", 0.1)), alt="; ".join(words))

# %% [markdown]
# - *with* and *without*: whatever the 16 filters saw, a 1×1 after them can only mix. For its price you get 10 more filters, and with
#   most seeds these see more. (Of three sets of three seeds that we tried, one had *with* ahead, by a little.)
# - *Network in Network* is behind *plain*: with these seeds by a lot, with others by less, for the runs of both lie far apart. Nearly
#   half of what it spends goes to 1×1 layers; and it is twice as deep, which takes longer to train. Its authors trained it for many more
#   epochs, on photos in colour, with **dropout** (numbers that are set to zero at random in training).
# - *separable* holds its own against *dense*, with fewer weights and fewer multiply-adds. The means differ by less than the runs of
#   *dense* do, so *better* has not been shown. *As good for less* is what these runs show.
#
# So "the 1×1 layers do the rest of the work" does not hold as it stands. On these digits, trained for so long, a 1×1 layer is worth
# its price where it *replaces* something dearer, and not where it only comes on top. On other data, or with more training,
# it may come out in another way: now you have the experiment.

# %% [markdown]
# ## A head that slides
#
# Your first network ends in a dense layer: 32 features in, 10 classes out. Its convolutions would run on images of any size. It is
# the head that says no:

# %%
def write_page(step):
    """A page with the ten digits, their corners at multiples of `step` pixels, and where these corners are."""
    page, places, rng = torch.zeros(1, 1, 84, 168), {}, np.random.default_rng(7)
    images, labels = digits["test"]
    for digit, (row, column) in zip(rng.permutation(10).tolist(), np.ndindex(2, 5), strict=True):
        top, left = 3 + 42 * row + int(rng.integers(0, 10)), 2 + 33 * column + int(rng.integers(0, 6))
        top, left = top // step * step, left // step * step
        page[0, 0, top : top + 28, left : left + 28] = images[labels == digit][0, 0]
        places[digit] = (top, left)
    return page, places


page, places = write_page(step=1)
plots.show(
    plots.pictures([1 - page[0, 0].numpy()], ["a page"]),
    alt="10b.pictures",
)

# %%
try:
    reader()(page)
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown]
# But you know what a dense layer is: a 1×1 convolution on a map of one pixel. Written as one, it takes any map.
#
# ### Exercise: a dense head as a 1×1 convolution
#
# About 8 minutes. No number may be lost on the way, and no new one come in. Stuck? `hint(head_to_conv)`.

# %% nbgrader={"grade": false, "grade_id": "head_to_conv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def head_to_conv(linear):
    """A dense layer as the 1×1 convolution with the same numbers.

    linear: an nn.Linear, with or without a bias, which is left as it is.
    Returns a module that takes (N, C_in, H, W) to (N, C_out, H, W) and does at each position what linear does;
    its dtype is that of linear.

    Of nn.Linear(32, 10) it makes a convolution with a weight (10, 32, 1, 1) and a bias (10,).
    """
    ### BEGIN SOLUTION
    c_out, c_in = linear.weight.shape
    conv = nn.Conv2d(c_in, c_out, 1, bias=linear.bias is not None).to(linear.weight)
    with torch.no_grad():
        conv.weight.copy_(linear.weight.reshape(c_out, c_in, 1, 1))
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return conv
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "head_to_conv_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(head_to_conv)
### BEGIN HIDDEN TESTS
check(head_to_conv, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Take `Flatten` and the dense layer off, put your convolution on. The same weights now run over the page in one go, without a
# loop and without a resize. **Before you run it:** the two poolings halve the size twice. How far apart do two neighbouring
# outputs look at the page?

# %%
def slide(net, page):
    """The scores of a network at every place of a page: (1, 10, places down, places across)."""
    *body, _, linear = net.cpu()
    with torch.no_grad():
        return nn.Sequential(*body, head_to_conv(linear))(page)


nets, _ = readers()
windows = page.unfold(2, 28, 4).unfold(3, 28, 4).reshape(-1, 1, 28, 28)
with torch.no_grad():
    one_by_one = nets[0].cpu()(windows).T.reshape(1, 10, 15, 36)
in_one_go = slide(nets[0], page)
print(f"page {tuple(page.shape)} → scores {tuple(in_one_go.shape)}")
print("windows cut out one by one:", len(windows))
print(f"largest difference between the two: {(in_one_go - one_by_one).abs().max():.1e}")

# %% [markdown]
# One run of the slider is the same as cutting out all these windows, four pixels apart, and reading each of them: the numbers are
# equal up to rounding. Where on the page does the network see a 3? The **softmax** turns the ten scores at a
# place into ten positive numbers whose sum is 1, the largest for the largest score.

# %%
heat = slide(readers()[0][0], page).softmax(dim=1)[0]
highest = np.unravel_index(int(heat[3].argmax()), heat[3].shape)
plots.show(
    learning.found(page[0, 0], heat[3], window=28, stride=4, name="a 3"),
    alt="The page of ten digits under a heatmap of the softmax for a 3 in each window. "
    f"It is highest where the window's corner is in row {4 * highest[0]}, column {4 * highest[1]}; "
    f"the 3 itself has its corner in row {places[3][0]}, column {places[3][1]}.",
)

# %% [markdown]
# Slide the window yourself: press *Play*, or drag. **Before you do:** what will the network say between two digits?

# %%
widgets.sliding_head(page[0, 0].numpy(), slide(readers()[0][0], page)[0].numpy(), window=28, stride=4)

# %% [markdown]
# And the other digits? Each is asked about where it stands, in the nearest of the windows. These lie 4 pixels apart, so a digit may be
# off the middle by 2 pixels, and the network has only ever been shown digits in the middle. A second page has its digits where
# windows are. **Before you run it:** how many of ten will each of the three trained networks name, on each page?

# %%
for step, where in ((1, "anywhere"), (4, "where windows are")):
    page, places = write_page(step)
    for seed, net in enumerate(readers()[0]):
        found = slide(net, page)[0].argmax(dim=0)
        said = {digit: int(found[round(top / 4), round(left / 4)]) for digit, (top, left) in sorted(places.items())}
        print(f"digits {where}, seed {seed}: {sum(digit == answer for digit, answer in said.items())} of 10 named")

# %% [markdown]
# Two pixels may cost some of the digits. (Ten digits are few: with other seeds we have seen no difference, and one of three.) Who slides a network over pages
# should train it on digits that are moved a little, too.
#
# Look at the heatmap again. Is the softmax for a 3 high where none stands, between two digits for example? A softmax looks like
# a probability, or like how *sure* the network is. It is neither, until somebody has checked. Ten windows of the page hold
# a digit of their own. **Before you run it:** in how many of its windows is the largest of the ten numbers above 0.9?

# %%
page, places = write_page(step=1)
for seed, net in enumerate(readers()[0]):
    top = slide(net, page).softmax(dim=1)[0].amax(dim=0)
    print(f"seed {seed}: above 0.9 in {int((top > 0.9).sum())} of {top.numel()} windows")

# %% [markdown]
# The network has no word for "nothing" or for "half of an 8": ten numbers with the sum 1 have to go somewhere. A heatmap says what a
# network *would* answer there, had it been asked about a digit. Detectors are trained on such places too.

# %% [markdown]
# ## The same layer on a satellite
#
# One more dense layer, far from digits. Here are 120 pixels that a Landsat-8 satellite saw, each as four numbers: how much blue,
# green, red and near infrared light came back. People have labelled them as vegetation, urban or water. A dense layer from 4 bands to 3
# classes learns to tell them apart; your own `train` does it.

# %%
spectra = data.spectra()
names = sorted(set(spectra.labels.tolist()))
pixels = torch.tensor(spectra.values, dtype=torch.float32)
classes = torch.tensor([names.index(label) for label in spectra.labels.tolist()])
torch.manual_seed(0)
order = torch.randperm(120)
split = {"train": order[:90], "validation": order[90:]}
land = nn.Linear(4, 3)
parts = {name: (pixels[rows], classes[rows]) for name, rows in split.items()}
by_epoch = train(land, parts, 100, 0.1, device, lambda loss, accuracy: None)
print(f"accuracy on the 30 spectra kept back: {by_epoch[-1]:.2f}")

# %% [markdown]
# It never saw an image. But a layer that judges one pixel by its channels is all that is needed to judge each pixel of one: as a dense layer on
# channels-last, or as a 1×1 convolution, the two are equal up to rounding.

# %%
scene = data.scene()
x = torch.tensor(scene.values[np.newaxis], dtype=torch.float32)


def scores_of(x):
    """The three scores of each pixel: (1, 3, H, W)."""
    with torch.no_grad():
        return head_to_conv(land.cpu())(x)


with torch.no_grad():
    by_linear = land.cpu()(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
gap = (scores_of(x) - by_linear).abs().max()
print(f"largest score {by_linear.abs().max():.1f}, largest difference {gap:.1e}")

# %%
named_pixels = scores_of(x).argmax(dim=1)[0].numpy()
shares = ", ".join(f"{name} {np.mean(named_pixels == i):.0%}" for i, name in enumerate(names))
plots.show(
    learning.land(scene.values, named_pixels, names),
    alt=f"A satellite scene in natural colours, and the same scene with each pixel named: {shares}.",
)

# %% [markdown]
# Pretty, and how much of it is true? **Nobody here knows.** The scene has no labels. The spectra come from another satellite, with other filters,
# another correction for the air, another place and season: a **domain shift**. The accuracy above is one on Landsat pixels, and says
# nothing about these. And the layer must choose one of three: bare soil is none of them, so where does it go? Compare the spectra.

# %%
named_pixels = scores_of(x).argmax(dim=1)[0].numpy()
print(f"{'mean over':24}" + "".join(f"{band:>15}" for band in scene.bands))
for i, name in enumerate(names):
    means = {"Landsat": spectra.values[spectra.labels == name].mean(axis=0),
             "named here": scene.values[:, named_pixels == i].mean(axis=1)}  # fmt: skip
    for where, mean in means.items():
        print(f"{name + ', ' + where:24}" + "".join(f"{value:15.3f}" for value in mean))

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the three checks.

# %% nbgrader={"grade": false, "grade_id": "10b_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    torch_histogram="d",
    torch_modes="d",
    torch_sliding="a",
)

# %% nbgrader={"grade": true, "grade_id": "torch_histogram_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["torch_histogram"], "torch_histogram")

# %% nbgrader={"grade": true, "grade_id": "torch_modes_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["torch_modes"], "torch_modes")

# %% nbgrader={"grade": true, "grade_id": "torch_sliding_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["torch_sliding"], "torch_sliding")

# %% [markdown]
# ## Summary
#
# - In a training loop: clear gradients, shuffle images and labels together, give logits to the loss, switch the mode, keep test digits away.
# - A network of 1×1 layers and an average sees the histogram and no more. One layer that looks at neighbours changes that.
# - At equal multiply-adds, 1×1 layers that came on top were worth less than more filters, in most runs; those that took over a 3×3's
#   mixing were as good for less.
# - A dense head is a 1×1 convolution, so a classifier can run over an image of any size.
# - Accuracy belongs to the data that it was measured on.
#
# **Claim met again:** that 1×1 layers are "under some circumstances more important than our feature extractor 3X3" (1) is an opinion; but a network
# that has only them cannot read.
#
# Next, lesson 11: these networks trained in seconds on a CPU. How long does a 1×1 layer take on a GPU, and what does it wait for?
#
# ## Go further
#
# - [OverFeat](https://arxiv.org/abs/1312.6229) and [Fully Convolutional Networks](https://arxiv.org/abs/1411.4038): dense heads as
#   convolutions, to find things and to name each pixel. (Networks that slide over rows of digits are from 1991.)
