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
# # Lesson 11 · On the GPU
#
# Somebody times a 1×1 convolution on a GPU, and the clock says five microseconds. Somebody else times the same layer on the
# same card and gets a hundred times as much. Both ran correct programs. Which of the two can be true, and how would you know
# without owning the card?
#
# **Time:** 65 minutes. **You need:** lesson 10 (layers in PyTorch) and, from lesson 03, what a multiply-add is. You need no GPU:
# where there is one, everything below uses it, and where there is none, nothing is missing that counts.
#
# You will be able to
#
# - write code that runs on a GPU where there is one, and on the CPU where there is none;
# - time a layer honestly, and tell an impossible number from a good one;
# - say whether the memory or the arithmetic limits a layer, on any device whose two numbers you know;
# - say why layers with 3% of the multiply-adds can take nearly half of the time.

# %%
import time

import numpy as np
import torch
from torch import nn

from course_utils import check, cost, device, hint, plots, progress, quiz, solution, widgets
from course_utils.bench import traces
from course_utils.plots import roofline as figures
from course_utils.plots import spending

# %% [markdown]
# ## Where am I?
#
# A program that says `.cuda()` stops on every machine without an NVIDIA card. One that says nothing never uses the card.
# PyTorch knows three kinds of **device** that matter here (and the course has a module `device` with helpers, which is
# something else): `cuda` (NVIDIA), `mps` (the GPU of a Mac) and `cpu`. This is yours:

# %%
here = device.pick()
for name, value in device.describe(here).items():
    print(f"{name:8}", value or "none")

# %% [markdown]
# ### Exercise: pick a device
#
# About 5 minutes. The check pretends to be one machine after the other, with and without each kind of GPU. Stuck? Run
# `hint(pick_device)`


# %% nbgrader={"grade": false, "grade_id": "pick_device", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pick_device(prefer="auto"):
    """The device to compute on.

    prefer:  "auto": CUDA where it is available, else MPS where that is available, else the CPU;
             "cuda", "mps" or "cpu": that one if it is available, else the CPU
    returns: a torch.device

    Example: on a laptop without a GPU, pick_device() and pick_device("cuda") are both torch.device("cpu").
    """
    ### BEGIN SOLUTION
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if prefer == "auto":
        prefer = next(name for name in there if there[name])
    return torch.device(prefer if there[prefer] else "cpu")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pick_device_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(pick_device)
### BEGIN HIDDEN TESTS
check(pick_device, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# A GPU has a memory of its own. A product needs both of its sides in the same memory, and NumPy sees only the CPU's. So
# three things have to be in the right place: the weights, the input and, at the end, the answer.

# %%
plots.show(
    figures.two_memories(),
    alt="11.two_memories",
)

# %% [markdown]
# One trap is in the language. `model.to(device)` moves a model, in place. `x.to(device)` moves nothing: it returns another
# tensor, and `x` stays where it was.
#
# ### Exercise: run it there
#
# About 6 minutes. The check has a GPU made of software: tensors that say they are on `cuda` and refuse to be mixed with
# others. Stuck? `hint(run_on)`


# %% nbgrader={"grade": false, "grade_id": "run_on", "locked": false, "schema_version": 3, "solution": true, "task": false}
def run_on(model, x, device):
    """What a model answers, computed on a device.

    model:   a torch module, anywhere
    x:       its input, a NumPy array of float32
    device:  a torch.device, as pick_device returns it
    returns: the answer as a NumPy array, without gradients

    Example: run_on(nn.ReLU(), np.array([-1, 2], np.float32), torch.device("cpu")) is array([0., 2.], dtype=float32).
    """
    ### BEGIN SOLUTION
    model = model.to(device)
    with torch.no_grad():
        y = model(torch.as_tensor(x).to(device))
    return y.cpu().numpy()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "run_on_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(run_on)
### BEGIN HIDDEN TESTS
check(run_on, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Two devices, one layer. **Before you run it:** will the two answers be equal to the last digit? (With one device, you see
# how it looks when they are.)

# %%
torch.manual_seed(0)
mixer, x = nn.Conv2d(64, 10, 1), np.random.default_rng(0).normal(size=(2, 64, 28, 28)).astype(np.float32)
first, second = run_on(mixer, x, pick_device("cpu")), run_on(mixer, x, pick_device())
print(f"cpu and {pick_device().type}: largest difference {np.abs(first - second).max():.1e}")

# %% [markdown]
# A GPU adds the 64 products in another order, so the last digits may differ. If they differ in the *third* digit, there is
# another reason; you will meet it in lesson 11b.
#
# ## An impossible number
#
# To time things in the same way on every computer, this lesson brings a **simulated GPU**: a clock, and a queue. It reaches seven
# tenths of what the data sheet of that name allows, as a good program may. Call its layer, and look at the clock before and
# after. **Before you run it:** the layer is 64 → 256 channels at 56×56, for 32 images, one of a ResNet-50. A guess, in milliseconds?

# %%
gpu = device.SimulatedGPU("T4")
conv = gpu.layer(32, 64, 256, 56, 56)
conv()  # the first call is always slow: let it pass
gpu.synchronise()

start = gpu.clock()
conv()
naive = gpu.clock() - start
print(f"{1e6 * naive:.1f} µs")

# %% [markdown]
# Wonderful. Is it true? The layer has a known number of FLOPs, two for each multiply-add, and a known number of bytes to move:
# its input, its weights and its output. The card can do 8.1 million million FLOPs a second, and move 0.32 million million
# bytes.

# %%
work = cost.pointwise_work(32, 64, 256, 56, 56, itemsize=4)
t4 = device.SPECS["T4"]
flops_share, bytes_share = work.flops / naive / t4.peaks["fp32"], work.moved / naive / t4.bandwidth
print(f"{work.flops:,} FLOPs in that time: {flops_share:.0f} times what the card can compute")
print(f"{work.moved:,} bytes in that time: {bytes_share:.0f} times what its memory can move")

# %% [markdown]
# So it is not true. No card of that name can do it, whoever wrote the program. **Think first:** what took five
# microseconds, then?
#
# Here are three calls as they really went. The program asks three times in no time at all, and each request goes into a
# **queue**. The device works on them, one after the other. The two looks at the clock are the two upright lines.

# %%
gpu.synchronise()  # an empty queue to begin with
gpu.log.clear()
looks = [gpu.clock()]
for _ in range(3):
    conv()
looks.append(gpu.clock())
plots.show(
    figures.queue(gpu.log, looks),
    alt="11.queue",
)

# %% [markdown]
# A call on a GPU returns when the work is *noted*, not when it is done. This is called **asynchronous**, and it is a good
# idea: while the device computes, the program prepares what comes next. The clock, though, timed the noting.
#
# The cure is to wait until the queue is empty: on CUDA `torch.cuda.synchronize()`, here `gpu.synchronise()`.

# %%
gpu.synchronise()  # nothing of earlier calls may be left
start = gpu.clock()
conv()
gpu.synchronise()  # now it is done
honest = gpu.clock() - start
print(f"{1e3 * honest:.2f} ms")
print(f"{work.flops / honest / t4.peaks['fp32']:.0%} of the card's FLOP/s")
print(f"{work.moved / honest / t4.bandwidth:.0%} of its byte/s")

# %% [markdown]
# Below 100 % of both. That is no proof that a time is right. But more FLOPs a second than the card can do is certainly wrong, and
# more bytes a second than its memory can move is wrong for tensors as large as these, and that test costs one division. (Small
# tensors may stay in a **cache** on the chip. Then the memory is never asked, and its limit says nothing.)
#
# One thing more. A program that prints the answer, or moves it to the CPU, waits without being asked. Such a program times
# right by accident, until somebody removes the `print`.
#
# ## Once is not enough
#
# Thirty calls, each timed with an empty queue, on a card that has just been switched on. **Before you run it:** which of the
# two, median or mean, will say what a call takes?

# %%
cold = device.SimulatedGPU("T4")
conv, seconds = cold.layer(32, 64, 256, 56, 56), []
for _ in range(30):
    start = cold.clock()
    conv()
    cold.synchronise()
    seconds.append(cold.clock() - start)
plots.show(
    figures.calls(seconds),
    alt="11.calls",
)

# %% [markdown]
# The first call loads the library, reserves memory and tries [kernels](../../GLOSSARY.md#kernel) (here: programs for the GPU)
# out. It is not what you want to know, so let some calls pass before you look: a **warm-up**. And now and then somebody else
# has the card first. The median does not mind; the mean tells of the neighbours.
#
# ### Exercise: an honest stopwatch
#
# About 12 minutes. Clock and synchronisation are handed in, so the same function times the simulated card, a real one and the
# CPU. It is tried on queues with a slow first call, with delayed calls, and with somebody else's work still in them. Stuck?
# `hint(benchmark)`


# %% nbgrader={"grade": false, "grade_id": "benchmark", "locked": false, "schema_version": 3, "solution": true, "task": false}
def benchmark(fn, warmup, iters, sync, clock):
    """Median seconds of one call of fn, each call timed by itself.

    fn:      a function without arguments; it may return before its work is done
    warmup:  calls that are made first and not timed
    iters:   calls that are timed, at least one
    sync:    a function that returns when all work is done
    clock:   a function that returns the time in seconds
    returns: the median of the iters times; of an even number, the mean of the two in the middle

    Example: calls that take 0.5 s, then 2 ms, 3 ms, 40 ms and 2.5 ms give, with warmup=1 and iters=4, 0.00275.
    """
    ### BEGIN SOLUTION
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "benchmark_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(benchmark)
### BEGIN HIDDEN TESTS
check(benchmark, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Your stopwatch, on the device that you have:

# %%
layer, x_here = nn.Conv2d(64, 256, 1).to(here), torch.randn(2, 64, 56, 56, device=here)
with torch.no_grad():
    mine = benchmark(lambda: layer(x_here), 2, 9, lambda: device.synchronise(here), time.perf_counter)
print(f"{1e3 * mine:.2f} ms")

# %% [markdown]
# From here on the lesson uses `device.timed`. It does what yours does, with the best clock there is. On an NVIDIA card this is
# the card's own, by `torch.cuda.Event`. On a CPU it is the processor time of one thread, which hardly notices what else your
# computer does. And it gives a spread: the quartiles, between which half of the calls lie.

# %% [markdown]
# ## The same FLOPs, another time
#
# Two layers of a ResNet, for 32 images: 64 → 64 channels at 56×56, and 512 → 512 at 7×7. They have exactly the same number of
# multiply-adds. On a T4 with 16-bit numbers (`fp16`, and `bf16` on newer cards:
# [types of numbers](../../GLOSSARY.md#bf16-fp16-fp32-tf32), more in lesson 11b), **which is faster, and by how much? Write it
# down.**

# %%
t4_half = device.SimulatedGPU("T4", "fp16")
took = {}
for c, side in ((64, 56), (512, 7)):
    conv = t4_half.layer(32, c, c, side, side)
    conv(), t4_half.synchronise()
    start = t4_half.clock()
    conv(), t4_half.synchronise()
    took[c] = t4_half.clock() - start
    flops = cost.pointwise_work(32, c, c, side, side, 2).flops
    print(f"{c:3} → {c:3} at {side}×{side}: {flops:,} FLOPs, {1e6 * took[c]:.0f} µs")
print(f"ratio {took[64] / took[512]:.1f}")

# %% [markdown]
# The card is simulated, but the effect is none of its inventions: it comes from two numbers of the data sheet. Do you see it on
# your own device too? Again two layers with equal FLOPs. For a prediction, the cell first measures two numbers of *your* device:
# how many FLOPs a second it does in a product of large matrices, and how many bytes a second it copies. This takes some seconds,
# on a busy computer more. (The channels lie last in memory here. At the end you will see why.)

# %%
own = device.product(here), device.bandwidth(here)
print(f"your device: {own[0] / 1e9:.0f} GFLOP/s in a product, {own[1] / 1e9:.0f} GB/s in a copy")
with torch.no_grad():
    for c, side in ((4, 224), (32, 28)):
        layer = nn.Conv2d(c, c, 1).to(here, memory_format=torch.channels_last)
        x_here = torch.randn(32, c, side, side, device=here).to(memory_format=torch.channels_last)
        taken = device.timed(layer, here, x_here, calls=5)
        work = cost.pointwise_work(32, c, c, side, side, 4)
        compute, move = 1e3 * work.flops / own[0], 1e3 * work.moved / own[1]
        print(f"{c:2} → {c:2} at {side}×{side}: {work.flops:,} FLOPs take {compute:.2f} ms, {work.moved:,} bytes {move:.2f} ms; "
              f"measured {1e3 * taken.median:.2f} ms")

# %% [markdown]
# **FLOPs are not time.** With equal FLOPs, the layer with eight times the bytes takes longer, on a CPU several times: bytes decide. The
# longer of a layer's two predicted times is a floor. What was measured lies above it, on our computer by half of it or as much
# again; tensors that stay in a cache may come out below. Numbers have to get from the memory to where they are multiplied, and back. Wide layers do much with each number that they fetch: every x meets
# C_out weights. Narrow ones do little. The measure for this is the **arithmetic intensity**: FLOPs for each byte that is moved.
#
# ### Exercise: arithmetic intensity
#
# About 7 minutes. Count as if every tensor were moved exactly once: x and the weights are read, y is written. No layer can move
# less. Leave the bias out. Stuck? `hint(arithmetic_intensity)`


# %% nbgrader={"grade": false, "grade_id": "arithmetic_intensity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def arithmetic_intensity(n, c_in, c_out, h, w, itemsize):
    """FLOPs of a 1×1 convolution for each byte that it moves.

    n, c_in, c_out, h, w: sizes of the layer: x is (N, C_in, H, W), y is (N, C_out, H, W)
    itemsize:             bytes of one number, 4 for float32
    returns:              FLOP per byte; a multiply-add is two FLOPs

    Example: one image of one pixel, 2 → 3 channels, float32: 12 FLOPs, and 2 + 6 + 3 numbers of 4 bytes: 12 / 44 = 0.27.
    """
    ### BEGIN SOLUTION
    pixels = n * h * w
    flops = 2 * pixels * c_in * c_out
    numbers = pixels * c_in + c_in * c_out + pixels * c_out
    return flops / (itemsize * numbers)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "arithmetic_intensity_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(arithmetic_intensity)
### BEGIN HIDDEN TESTS
check(arithmetic_intensity, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The two layers from above, and a third question: a batch of 1 instead of 32. **Before you run it:** for which of the two does
# the batch make a difference? (Which of its tensors does not grow with the batch?)

# %%
for c, side in ((64, 56), (512, 7)):
    one, many = (arithmetic_intensity(n, c, c, side, side, 2) for n in (1, 32))
    print(f"{c:3} → {c:3} at {side}×{side}: {one:.0f} FLOP/byte for one image, {many:.0f} for 32")

# %% [markdown]
# For the wide layer with few pixels, the weights are most of what is moved, and one image has to pay for them alone. That is
# one reason why a GPU likes large batches.
#
# ## The roofline
#
# A device has two limits: it can compute so many FLOPs a second (its **peak**), and its memory can move so many bytes a second
# (its **bandwidth**). With I FLOPs for each byte, the memory feeds I · bandwidth FLOPs a second. Both limits hold:
#
# $$\text{attainable FLOP/s} = \min(\text{peak},\; I \cdot \text{bandwidth}).$$
#
# In words: whichever runs out first decides. Drawn over the intensity, this is a slope and then a flat roof; hence the name
# **roofline**. They meet at the **ridge**, peak / bandwidth. Left of it the *memory* is the limit, right of it the *computing*.
#
# ### Exercise: under which roof?
#
# About 6 minutes. Stuck? `hint(roofline)`


# %% nbgrader={"grade": false, "grade_id": "roofline", "locked": false, "schema_version": 3, "solution": true, "task": false}
def roofline(ai, peak_flops, bandwidth):
    """What a device can do at most with a layer of this intensity, and what limits it.

    ai:         FLOP per byte, as arithmetic_intensity returns it
    peak_flops: FLOP/s that the device can compute
    bandwidth:  byte/s that its memory can move
    returns:    (attainable FLOP/s, "memory" or "compute"); at the ridge itself either word will do

    Example: roofline(2, 100, 10) is (20, "memory"), and roofline(25, 100, 10) is (100, "compute").
    """
    ### BEGIN SOLUTION
    if ai * bandwidth < peak_flops:
        return ai * bandwidth, "memory"
    return peak_flops, "compute"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "roofline_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(roofline)
### BEGIN HIDDEN TESTS
check(roofline, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The 64 → 64 layer again, 32 images. The numbers of the devices are dense peaks. (Some data sheets print twice as much, "with
# sparsity": for matrices in which two of every four numbers in a row are zero. Yours are not.) **Before you run it:** the H100 has 15 times the
# 16-bit peak of a T4. How much faster will this layer be?

# %%
for name, spec in device.SPECS.items():
    for dtype, peak in spec.peaks.items():
        ai = arithmetic_intensity(32, 64, 64, 56, 56, device.ITEMSIZES[dtype])
        flops, limit = roofline(ai, peak, spec.bandwidth)
        told = f"{flops / 1e12:6.1f} TFLOP/s, {flops / peak:4.0%} of the peak ({limit})"
        print(f"{name:17} {dtype}: ridge {spec.ridge(dtype):4.0f}, layer at {ai:3.0f}: {told}")

# %% [markdown]
# Ten times, not fifteen: 107 TFLOP/s against 10.2. What counts for this layer is how fast the memory is, and the H100's is ten times
# as fast. On a fast card most of the peak lies idle, as the memory cannot feed it.
#
# Here are all 1×1 layers of two networks under the roof of an A100 that computes with 16 bits. Where are they?

# %%
roof = device.SPECS["A100 80 GB SXM"].peaks["bf16"], device.SPECS["A100 80 GB SXM"].bandwidth
names = ("ResNet-50", "MobileNetV1")
placed = {name: figures.pointwise_points(roof, cost.pointwise_layers(name), n=32, itemsize=2) for name in names}
plots.show(
    figures.roofline({"A100, bf16": roof}, placed, title="1×1 layers, 32 images, at best"),
    alt="11.roofline",
)

# %% [markdown]
# How many are on the slope, with 16 bits? Count, don't squint:

# %%
for name in names:
    layers = cost.pointwise_layers(name)
    limits = [roofline(arithmetic_intensity(32, a, b, side, side, 2), *roof)[1] for a, b, side in layers]
    print(f"{name}: {limits.count('memory')} of {len(layers)} different 1×1 layers are limited by the memory")

# %% [markdown]
# Time to keep a promise. In lesson 09 you found that MobileNetV1 spends 95% of its multiply-adds in 1×1 layers and 3% in its
# depthwise layers, which look around. Its paper made "computation time" of the first number. The data sheet says how long each
# layer takes at least: its FLOPs at the peak, or its bytes at the bandwidth, whichever is more.
#
# **Before you run it:** an x that a depthwise layer fetches meets 9 weights. Of the best possible time for 32 images, with 16
# bits, which share will the depthwise layers have?

# %%
mobilenet = cost.mobilenet_v1().layers
rows = {"multiply-adds": [layer.macs for layer in mobilenet]}
for name, dtype in (("A100 80 GB SXM", "bf16"), ("H100 SXM", "bf16"), ("T4", "fp16"), ("T4", "fp32")):
    spec = device.SPECS[name]
    limits = {"itemsize": device.ITEMSIZES[dtype], "peak": spec.peaks[dtype], "bandwidth": spec.bandwidth}
    rows[f"time, {name}, {dtype}"] = cost.best_seconds(mobilenet, side=224, n=32, **limits)
plots.show(
    spending.shares(mobilenet, rows),
    alt="11.shares",
)

# %% [markdown]
# A sliver of the multiply-adds and nearly half of the time: depthwise layers lie far out on the slope, where the memory is the limit.
# So it is not true that looking around is nearly free, and neither is "95% of its computation time". The faster a card
# computes, compared with its memory, the larger is the share; with 32 bits on a T4 it is smaller. These are times *at best*, with
# each layer's maps going to memory and back. A kernel that does a depthwise layer and the 1×1 after it in one go saves
# the way in between.

# %% [markdown]
# Now you. The ring is your layer; circles and squares are those of the two networks.
#
# 1. Take the layer 2048 → 512 at 7×7 and a batch of 1. Predict which way it moves when the batch grows, then move it.
# 2. Go back to a batch of 1. With which device and which type of numbers is *computing* the limit?
# 3. The article's layer has C_in 1000 and C_out 10. Can any batch, on any of these devices with 16 bits, bring it to the
#    flat part?

# %%
widgets.roofline(c_in=2048, c_out=512, size=7, n=1)

# %% [markdown]
# What you should have found: (1) it moves to the right, as more images share the same weights, and over the ridge. (2) With
# fp32 on the H200, the H100 or the A100, whose fp32 peaks are low for such fast memories. (3) No: every number of x is used for 10
# outputs, whatever the batch, and that makes 9.9 FLOP for each byte at most.
#
# > **Claim 17.** "all those 10 feature maps are scanned 4 times"
#
# The article speaks of 10 → 4 channels. If somebody computed four layers 10 → 1, it would be so. **What do you expect:** how many
# bytes are moved by one 10 → 4 layer, and how many by four 10 → 1 layers? And the time?

# %%
one, four = cost.pointwise_work(16, 10, 4, 128, 128, 4), cost.pointwise_work(16, 10, 1, 128, 128, 4)
x_here, weight = torch.randn(16, 10, 128, 128, device=here), torch.randn(4, 10, 1, 1, device=here)
whole = device.timed(nn.functional.conv2d, here, x_here, weight)
parts = device.timed(lambda: [nn.functional.conv2d(x_here, weight[o : o + 1]) for o in range(4)], here)
print(f"bytes: four layers move {4 * four.moved / one.moved:.1f} times as much")
print(f"time:  four layers take {parts.median / whole.median:.1f} times as long here")

# %% [markdown]
# The FLOPs are the same. So the claim is **misleading**: reading the input once is enough, since each number that is fetched can
# meet all four weights before the next one comes. The arithmetic intensity is high *because* the maps are not scanned four
# times.
#
# ## The roof over your head
#
# Data sheets promise; you can measure. A copy of a large tensor shows what your memory can move, a product of large matrices
# what your device can compute. Then five layers, on your device, under your own roof. (A few seconds.)

# %%
print(f"{own[0] / 1e9:.0f} GFLOP/s, {own[1] / 1e9:.0f} GB/s, ridge at {own[0] / own[1]:.1f} FLOP/byte")


def measured_point(c_in, c_out, side, layout):
    """Intensity and FLOP/s of a layer on 16 images."""
    layer = nn.Conv2d(c_in, c_out, 1).to(here, memory_format=layout)
    batch = torch.randn(16, c_in, side, side, device=here).to(memory_format=layout)
    work = cost.pointwise_work(16, c_in, c_out, side, side, 4)
    return work.intensity, work.flops / device.timed(layer, here, batch, calls=5).median


# %%
sizes = (4, 4, 224), (16, 16, 112), (64, 64, 56), (256, 256, 28), (512, 512, 14)
with torch.no_grad(), device.tf32(False):
    measured = {f"{a} → {b} at {side}×{side}": measured_point(a, b, side, torch.channels_last) for a, b, side in sizes}
    measured["4 → 4, channels first"] = measured_point(4, 4, 224, torch.contiguous_format)
plots.show(
    figures.roofline({"your device, measured": own}, measured, title="five layers, 16 images, float32"),
    alt="11.roofline_2",
)
for name, (intensity, flops) in measured.items():
    print(f"{name:22} {flops / cost.attainable(intensity, *own):4.0%} of its roof")

# %% [markdown]
# This is the roof of one thread if you compute on the CPU. Points below it are what libraries lose on the way: small layers,
# odd sizes, starting up. The sixth point is the first layer again, with its channels first in memory. If you compute on a CPU, it
# probably lies *far* below: it has the same FLOPs and the same bytes, so neither the peak nor the memory is to blame. It is the
# program. With few channels and many pixels PyTorch's library takes a slow way where channels come first, and a fast one where
# they come last (which way it takes depends on sizes, processor and version, so measure). A roofline says
# what limits a *good* program; a point far below says that yours is another.
#
# A point *above* the roof would be ringed. It would not mean that your device beats itself. Either the roof
# was measured while something else ran, or the layer's tensors fit into a **cache**, a small fast memory, and the slow one was
# never asked. (That is why a fair measurement takes tensors larger than the caches, and other ones each time.)
#
# The explorer can show your own roof, too. **Before you run it:** on an A100 with 16 bits the memory limits 6 of ResNet-50's
# 15 different 1×1 layers, as you counted. Are there more or fewer of them on your device?

# %%
mine = {"your device": (own[1], {"fp32": own[0]})}
widgets.roofline(64, 256, size=56, n=32, device_name="your device", dtype="fp32", measured=mine)

# %% [markdown]
# On a CPU there are usually fewer, or none: its ridge lies far to the left, as it computes slowly for what its memory brings.
#
# ## Real devices
#
# `python3 course.py bench cpu`, in a terminal, measures 13 layers of ResNet-50 and MobileNet and the article's own, in both
# layouts, in several ways, each compared with float64 first. It takes about two minutes and leaves a **trace**: a file with all
# numbers, the device, versions and date. `python3 course.py bench gpu` does the same on a GPU.
#
# Two kinds of picture follow. The first is a **forecast**: the same layers, computed from the data sheet of an H200, at the place
# where its roof would let them be. Nobody measured it; a real layer lies below. After it come **traces**, measured: those that the
# course brings along, and your own. Their titles say which is which.

# %%
plots.show(traces.forecast("H200 SXM"), alt="11.forecast")
found = traces.read(traces.RECORDED) | traces.read(traces.own())
for name, trace in found.items():
    plots.show(traces.picture(trace), alt=f"Measured layers, and the measured roofs of {name}.")
if not traces.read(traces.RECORDED):
    print("No trace of a GPU comes with the course yet: nobody has recorded one, so the forecast stands alone.")
if not traces.read(traces.own()):
    print("You have none of your own yet. `python3 course.py bench cpu` makes one.")

# %% [markdown]
# ## Quiz

# %% nbgrader={"grade": false, "grade_id": "11_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    gpu_clock="b",
    gpu_ridge="a",
    gpu_flops="a",
)

# %% nbgrader={"grade": true, "grade_id": "gpu_clock_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["gpu_clock"], "gpu_clock")

# %% nbgrader={"grade": true, "grade_id": "gpu_ridge_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["gpu_ridge"], "gpu_ridge")

# %% nbgrader={"grade": true, "grade_id": "gpu_flops_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["gpu_flops"], "gpu_flops")

# %% [markdown]
# ## Summary
#
# - Ask which devices there are, move weights *and* input there, and bring the answer back before NumPy sees it.
# - A call on a GPU returns before its work is done. Warm up, wait, look at the clock, and take the median of several calls.
# - A time that needs more FLOP/s than the peak is wrong. One that needs more byte/s than the bandwidth is wrong too, unless a cache
#   held the bytes. That test needs two numbers of a data sheet and one division.
# - Intensity is FLOPs for each byte. Left of the ridge the memory is the limit, and saved FLOPs save no time. Depthwise layers are
#   3% of MobileNetV1's multiply-adds and nearly half of its best possible time with 16 bits.
# - A point far below its roof tells of the program. Try the other layout first.
#
# The two timings at the top of the lesson? The five microseconds were the time to *ask*. The other one was the layer.
#
# Next, lesson 11b: where the memory is the limit, what lies in it decides. In which order do the numbers lie, how many bits does
# each of them need, and which of them does training keep?
#
# ## Go further
#
# - S. Williams, A. Waterman and D. Patterson, *Roofline: An Insightful Visual Performance Model for Multicore Architectures*,
#   Communications of the ACM 52(4), 2009.
# - *Deep Residual Learning*, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385), and *MobileNets*,
#   [arXiv 1704.04861](https://arxiv.org/abs/1704.04861): the tables that the layers of this lesson come from.
