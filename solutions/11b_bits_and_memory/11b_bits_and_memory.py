# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lesson 11b · Bits and memory
#
# Three riddles. A layer takes many times as long as another one with the same FLOPs, the same bytes and the same weights. A
# `Conv2d` and a `Linear` with the same weights agree on one computer and disagree in the third digit on another. And a network
# for which a card has room to spare does not fit on it when it is trained. None of the three is about how much there is to
# compute. What are they about?
#
# **Time:** 35 minutes. **You need:** lesson 11 (intensity, the roofline, an honest time) and, from lesson 03, which maps a network
# has. You need no GPU: where there is one, everything below uses it.
#
# You will be able to
#
# - read from its strides how a tensor lies in memory, and choose a layout by measuring;
# - measure what fewer bits cost in accuracy, and say why two right layers can disagree;
# - measure what training keeps in memory.

# %%
import torch
from torch import nn

from course_utils import check, cost, device, hint, plots, progress, quiz, solution
from course_utils.plots import roofline as figures

# %% [markdown]
# ## What lesson 11 found
#
# FLOPs are not time. A device has two limits, its **peak** in FLOPs a second and its **bandwidth** in bytes a second. A layer that
# does few FLOPs for each byte that it moves, one of low **intensity**, waits for the memory, and many 1×1 layers do. So this lesson
# looks at what lies there. The cell picks a device, as your `pick_device` does, and measures its two numbers, as in lesson 11:

# %%
here = device.pick()
own = device.product(here), device.bandwidth(here)
print(f"{here.type}: {own[0] / 1e9:.0f} GFLOP/s in a product, {own[1] / 1e9:.0f} GB/s in a copy")

# %% [markdown]
# ## Where the channels lie
#
# The first riddle. In lesson 00 you turned (N, C, H, W) into (N, H, W, C). PyTorch can do it without changing the shape:
# `channels_last` changes only where the numbers lie, and with that the [strides](../../GLOSSARY.md#stride), the steps in memory from
# one index to the next. **Before you run it:** which stride is 1 afterwards?

# %%
x = torch.randn(10, 3, 32, 32)
last = x.to(memory_format=torch.channels_last)
print("shapes", tuple(x.shape), tuple(last.shape), " strides", x.stride(), last.stride())
weight = torch.randn(256, 64, 1, 1)
print("a 1×1 weight lies right for both:", weight.is_contiguous(), weight.is_contiguous(memory_format=torch.channels_last))

# %% [markdown]
# With the channels of a pixel side by side, a batch *is* one matrix, pixels by channels, and the layer is one product. With
# channels first it is one product per image. NVIDIA's guide recommends channels last for the **tensor cores** of its GPUs, units that
# do nothing but small matrix products. On your device, two layers whose FLOPs and bytes do not depend on the layout. **Before you
# run it:** for which of them will the layout matter more?

# %%
layouts = {"channels first": torch.contiguous_format, "channels last": torch.channels_last}
with torch.no_grad():
    for c_in, c_out, side in ((64, 256, 56), (4, 4, 224)):
        work = cost.pointwise_work(16, c_in, c_out, side, side, 4)
        print(f"{c_in} → {c_out} at {side}×{side}, by the roof {1e3 * max(work.flops / own[0], work.moved / own[1]):.2f} ms at best")
        for name, layout in layouts.items():
            layer = nn.Conv2d(c_in, c_out, 1).to(here, memory_format=layout)
            batch = torch.randn(16, c_in, side, side, device=here).to(memory_format=layout)
            taken = device.timed(layer, here, batch, calls=5)
            print(f"  {name}: {1e3 * taken.median:.2f} ms ({1e3 * taken.low:.2f} to {1e3 * taken.high:.2f})")

# %% [markdown]
# Is a difference larger than the spread in the brackets? Only then is it one. On a CPU the narrow layer is usually the one that
# minds: with few channels and many pixels PyTorch's library takes a slow way where channels come first, and a fast one where they
# come last. That was the point far below the roof in lesson 11, and it is the first riddle's answer: neither the peak nor the memory
# was to blame, but the order of the numbers and what a program makes of it. And convert both, model *and* input: a single layer that
# wants the other layout copies everything on its way.
#
# ## Fewer bits
#
# If the memory is the limit, the other way is to move less of it. Numbers of 16 bits halve the bytes, and tensor cores take them
# many times faster. What do they cost? A float has an exponent (how far it reaches) and a mantissa (how finely it counts):
#
# | type | bytes | exponent | mantissa | |
# |---|---|---|---|---|
# | fp32 | 4 | 8 bits | 23 bits | float32 |
# | tf32 | 4 | 8 bits | 10 bits | float32 in memory, rounded when it goes into a product |
# | fp16 | 2 | 5 bits | 10 bits | float16; largest number 65,504 |
# | bf16 | 2 | 8 bits | 7 bits | bfloat16 |
#
# `device.rounded` rounds to any of them, on every computer. A third, and a hundred thousand:

# %%
for dtype in ("fp32", "tf32", "fp16", "bf16"):
    third, large = device.rounded(torch.tensor([1 / 3, 100_000]), dtype).tolist()
    print(f"{dtype}: {third:.8f}  {large:9,.0f}")

# %% [markdown]
# Tensor cores round what goes *into* a product and keep the sum wide. How wrong does a layer get? "Relative error" is not as easy
# as it sounds: **what happens if you divide each error by its own output, and one output is nearly zero?**
#
# ### Exercise: the error of fewer bits
#
# About 10 minutes. Compare the layer on rounded numbers with the layer on the numbers as they are. Take the *largest* error and
# divide it by the RMS of the exact outputs (the root of the mean of their squares), one number for the whole batch. Stuck?
# `hint(mixed_precision_error)`


# %% nbgrader={"grade": false, "grade_id": "mixed_precision_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mixed_precision_error(x, weight, dtype):
    """The largest error of a 1×1 layer whose inputs have few bits, over the RMS of the exact outputs.

    x:       (N, C_in, H, W), a tensor of float64
    weight:  (C_out, C_in), a tensor of float64
    dtype:   "fp32", "tf32", "fp16" or "bf16"; device.rounded(x, dtype) rounds to it and returns float64 again
    returns: one number; x and weight are both rounded, the sums are done in float64

    Example: one pixel and one channel, x = 1, weight = 1.01: bf16 makes 1.0078125 of the weight, and 1.01 is the only
    output, so the error is 0.0021875 / 1.01 = 0.00217.
    """
    ### BEGIN SOLUTION
    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", device.rounded(weight, dtype), device.rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mixed_precision_error_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(mixed_precision_error)
### BEGIN HIDDEN TESTS
check(mixed_precision_error, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# A sum of 1,024 rounded products: does its error, against its size, grow with the number of channels? **Predict the slope of the
# lines, then run it.**

# %%
torch.manual_seed(0)
channels = (16, 64, 256, 1024)
wide = {"dtype": torch.float64}
layers = [(torch.randn(1, c, 32, 32, **wide), torch.randn(16, c, **wide)) for c in channels]
found = {dtype: [mixed_precision_error(*one, dtype) for one in layers] for dtype in ("bf16", "tf32", "fp16", "fp32")}
plots.show(
    figures.errors(found, [f"{c} channels" for c in channels]),
    alt="11b.errors",
)

# %% [markdown]
# They are nearly level, at most a little higher where channels are few and one large product can stand out: errors of both signs
# cancel at the pace at which the sum itself grows. And two lines lie on each other:
# TF32 and fp16 have the same mantissa. (Why do both exist, then? Look at their exponents, and at the largest number of fp16.)
#
# Finished networks go further down: **int8** weights, whole numbers from -127 to 127 times a **scale**. **Before you run it:** the
# rows of the weight below differ in size, as those of trained layers do. One scale for the whole weight, or one for each row:
# how much worse is the worst map?

# %%
for seed in range(3):
    torch.manual_seed(seed)
    x, weight = torch.randn(256, 500, **wide), torch.randn(64, 256, **wide) * torch.randn(64, 1, **wide).exp()
    for name, largest in (("one scale", weight.abs().max()), ("a scale per row", weight.abs().amax(dim=1, keepdim=True))):
        whole = (weight / (largest / 127)).round().to(torch.int8)
        error = (whole * (largest / 127) @ x - weight @ x).square().mean(dim=1).sqrt() / (weight @ x).square().mean(dim=1).sqrt()
        print(f"seed {seed}, {name:15}: median map off by {error.median():5.1%}, worst map by {error.max():5.1%}")

# %% [markdown]
# One byte per weight, a quarter of float32, and with a scale per row about one in a hundred is all it costs. With one scale for
# all, the largest row decides, and the smallest rows have hardly a number left.
#
# ## The third digit
#
# The second riddle. By default PyTorch lets *convolutions* use TF32 on NVIDIA cards since the Ampere generation
# (2020), and *matrix products* not. So a `Conv2d` and the `Linear` with the same weights, both float32, can disagree there.
# The mathematics is the same. On your device, and as it would be with TF32:

# %%
torch.manual_seed(0)
layer, batch = nn.Conv2d(256, 64, 1, bias=False).to(here), torch.randn(4, 256, 28, 28, device=here)
with torch.no_grad():
    as_conv = layer(batch)  # with PyTorch's own choice
    as_linear = nn.functional.linear(batch.permute(0, 2, 3, 1), layer.weight[:, :, 0, 0]).permute(0, 3, 1, 2)
    coarse = nn.functional.conv2d(device.round_to_tf32(batch), device.round_to_tf32(layer.weight))
rms = as_linear.square().mean().sqrt()
print(f"your device ({here.type}) {'has' if device.has_tf32(here) else 'has no'} TF32")
print(f"Conv2d and Linear differ by        {(as_conv - as_linear).abs().max() / rms:.0e} of the RMS")
print(f"TF32 emulated and Linear differ by {(coarse - as_linear).abs().max() / rms:.0e} of the RMS")

# %% [markdown]
# A test that wants the two equal in five digits may pass for years on computers without such a card and fail on the first one with it. To
# compare, use float64 on the CPU, or switch TF32 off (`torch.backends.cudnn.allow_tf32 = False`), or allow for it: errors over
# the RMS, up to one in a hundred.
#
# ## What training keeps
#
# The third riddle. Time is one budget, memory the other. A network that only answers may forget each map as soon as the next
# layer has read it. For the backward pass autograd puts tensors aside: inputs of layers, outputs of ReLUs. In lesson 03 you
# counted maps. PyTorch can tell what it really keeps: `torch.autograd.graph.saved_tensors_hooks(pack, unpack)` calls
# `pack(tensor)` for each tensor that is put aside.

# %%
def tell(tensor):
    print(tuple(tensor.shape), "at", hex(tensor.untyped_storage().data_ptr()))
    return tensor


with torch.autograd.graph.saved_tensors_hooks(tell, lambda tensor: tensor):
    y = nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU(), nn.Conv2d(8, 4, 1))(torch.randn(2, 3, 5, 5))

# %% [markdown]
# Five tensors. Two of them are weights, which are in memory anyway. And two lie at the *same place*: what the ReLU keeps is what
# the next convolution keeps.
#
# ### Exercise: bytes kept for the backward pass
#
# About 12 minutes. Keep a reference to what you are shown until you have counted: memory that nobody holds is handed out again,
# and then two different tensors have lain at one place. Stuck? `hint(activation_memory)`


# %% nbgrader={"grade": false, "grade_id": "activation_memory", "locked": false, "schema_version": 3, "solution": true, "task": false}
def activation_memory(model, x):
    """Bytes that autograd keeps for the backward pass of model(x), besides the parameters.

    model:   a torch module
    x:       its input, a tensor
    returns: a whole number; memory that is kept for several reasons counts once, x counts if a layer keeps it,
             and what lies in the memory of a parameter does not count

    Example: one nn.Conv2d keeps its input alone (and its weight, which does not count). For an input of shape
    (2, 3, 5, 5) in float32 these are 600 bytes.
    """
    ### BEGIN SOLUTION
    kept = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage  # held, so that its place is not handed out again
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        model(x)
    for parameter in model.parameters():
        kept.pop(parameter.untyped_storage().data_ptr(), None)
    return sum(storage.nbytes() for storage in kept.values())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "activation_memory_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(activation_memory)
### BEGIN HIDDEN TESTS
check(activation_memory, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The three layers of lesson 03, 3 → 32 → 64 → 128 channels at 224×224 with ReLU, for one photo. You counted 224 maps then. **Do
# the bytes agree?**

# %%
sizes = (3, 32, 64, 128)
steps = [part for a, b in zip(sizes, sizes[1:], strict=False) for part in (nn.Conv2d(a, b, 3, padding=1), nn.ReLU())]
kept = activation_memory(nn.Sequential(*steps), torch.randn(1, 3, 224, 224))
counted = cost.activation_bytes(1, sizes, 224, 224)
print(f"measured {kept / 1e6:.2f} MB; {sum(sizes)} maps with the input: {counted / 1e6:.2f} MB")

# %% [markdown]
# To the byte, or nearly: what is kept are the maps, each once, until the backward pass has used them. Twice the batch keeps twice as
# much, and that is usually what fills a card.
#
# ## Quiz

# %% nbgrader={"grade": false, "grade_id": "11b_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    gpu_layout="d",
    gpu_tf32="c",
)

# %% nbgrader={"grade": true, "grade_id": "gpu_layout_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["gpu_layout"], "gpu_layout")

# %% nbgrader={"grade": true, "grade_id": "gpu_tf32_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["gpu_tf32"], "gpu_tf32")

# %% [markdown]
# ## Summary
#
# - A layout changes neither shape nor numbers, only where they lie. Which one is faster is measured, with model *and* input converted.
# - A type of number has a reach and a fineness. TF32 and 16 bits cost the third digit, or the second; a whole number of 8 bits and a
#   scale for each row cost about one in a hundred. Compare errors with the RMS, not each with its own output.
# - Two right layers differ in the third digit if one of them rounds its inputs to TF32.
# - What training keeps are the maps, each once.
#
# The three riddles at the top were about the same numbers: where they lie, how many bits they have, and how long they are kept.
#
# Next, lesson 12: a bias and a ReLU compute next to nothing. What do they cost? Write the kernel in which they cost nothing more.
#
# ## Go further
#
# - *A ConvNet for the 2020s*, [arXiv 2201.03545](https://arxiv.org/abs/2201.03545). In its code each 1×1 convolution is a `Linear` on
#   channels last; read the comment that says why.
# - *Mixed Precision Training*, [arXiv 1710.03740](https://arxiv.org/abs/1710.03740): how networks are trained with 16 bits, and what
#   has to stay wide.
