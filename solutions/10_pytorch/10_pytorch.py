# %% [markdown]
# # Lesson 10 · From NumPy to PyTorch
#
# You have written this layer with loops, as a matrix product and as an einsum, and you have trained it by hand. PyTorch has
# it in one line: `nn.Conv2d(3, 5, 1)`. What is inside that line, and what do you get with it that your functions
# could not do?
#
# **Time:** 40 minutes. **You need:** lessons 04 (matrix product), 04b (channels last), 07 (gradients) and 08 (ReLU).
#
# You will be able to
# - carry a weight from NumPy to PyTorch and back, and say why `Conv2d(k=1)` and `Linear` are one layer;
# - hold gradients that you computed by hand against those of autograd;
# - write a module whose weights are trained, saved and moved with it, and ResNet's bottleneck out of such modules.

# %%
import numpy as np
import torch
from torch import nn

from course_utils import check, hint, progress, quiz, solution

# %% [markdown]
# ## The same numbers in another house
#
# A PyTorch **tensor** is an array that can do two more things: lie on a GPU, and remember how it was computed. Two habits
# differ. NumPy likes float64, PyTorch float32. And a convolution's weight always has four axes there,
# (C_out, C_in, kernel height, kernel width), also when the kernel is 1×1:

# %%
conv = nn.Conv2d(3, 5, 1)
for name, parameter in conv.named_parameters():
    print(f"{name:>6}: shape {tuple(parameter.shape)}, {parameter.dtype}")

# %% [markdown]
# ### Exercise: a weight for PyTorch
#
# About 5 minutes. Take a NumPy matrix to where PyTorch wants it. Which axes are missing, and where? Stuck? Run
# `hint(to_torch_weight)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "to_torch_weight", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_torch_weight(weight):
    """The weight of a 1×1 layer as PyTorch keeps it.

    weight: NumPy array (C_out, C_in). Returns a torch tensor (C_out, C_in, 1, 1) of float32.

    to_torch_weight(np.array([[1.0, 2.0, 3.0]])) is tensor([[[[1.]], [[2.]], [[3.]]]]), of shape (1, 3, 1, 1).
    """
    ### BEGIN SOLUTION
    return torch.tensor(weight, dtype=torch.float32)[:, :, None, None]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "to_torch_weight_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(to_torch_weight)
### BEGIN HIDDEN TESTS
check(to_torch_weight, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now your layers of lesson 04 and PyTorch's can be compared: the same x, weight and bias, once in each house.
# **Before you run it:** the NumPy side computes with 16 digits, the other one with 7. How large a difference do you expect?

# %%
rng = np.random.default_rng(0)
x, weight, bias = rng.standard_normal((2, 3, 4, 7)), rng.standard_normal((5, 3)), rng.standard_normal(5)
in_numpy = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
in_torch = nn.functional.conv2d(torch.tensor(x).float(), to_torch_weight(weight), torch.tensor(bias).float())
print(f"largest difference: {np.abs(in_torch.numpy() - in_numpy).max():.1e}")
back = to_torch_weight(weight).numpy()[:, :, 0, 0]
print("round trip exact:", np.array_equal(back, weight.astype(np.float32)))

# %% [markdown]
# Float32 keeps about 7 digits, so a few units in the seventh digit are as near as two houses come.
#
# ## A machine that knows your gradients
#
# In lesson 07 you found three formulas: for the bias, sum `dy` over images and pixels; for the weight, `dy` times `x`,
# summed likewise; for x, a 1×1 convolution of `dy` with the transposed weight. PyTorch's **autograd** writes down each
# operation as it happens, and then walks back along what it wrote.
#
# **Before you run it:** both sides in float64. To how many digits will your formulas and autograd agree?

# %%
tx, tw, tb = (torch.tensor(array, requires_grad=True) for array in (x, weight, bias))
y = nn.functional.conv2d(tx, tw[:, :, None, None], tb)
(y**2).mean().backward()
dy = (2 * y / y.numel()).detach().numpy()
formulas = {
    "bias": (tb, dy.sum(axis=(0, 2, 3))),
    "weight": (tw, np.einsum("nohw,nchw->oc", dy, x)),
    "x": (tx, np.einsum("oc,nohw->nchw", weight, dy)),
}
for name, (leaf, by_hand) in formulas.items():
    gap = np.abs(leaf.grad.numpy() - by_hand).max()
    print(f"{name:>6}: autograd and lesson 07 differ by at most {gap:.1e}")

# %% [markdown]
# Nothing that you learnt was a toy. What autograd adds is patience: it does this for any number of layers.
#
# ## One layer, two names
#
# A **dense layer**, `nn.Linear(c_in, c_out)`, multiplies the last axis of its input by a matrix. A 1×1 convolution
# multiplies the channel axis by a matrix, at each pixel. The dense layer below gets the convolution's numbers.
#
# **Read it before you run it:** which axis moves, so that `linear` does the same as `conv`, and where does it come back?

# %%
linear = nn.Linear(3, 5)
linear.load_state_dict({"weight": conv.weight[:, :, 0, 0], "bias": conv.bias})
image = torch.tensor(x).float()
with torch.no_grad():
    moved = linear(image.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    print(f"largest difference: {(conv(image) - moved).abs().max():.1e}")

# %% [markdown]
# The channels go last for the dense layer, and back afterwards. The `state_dict` that the cell used is all that a module has learnt, by name. Saving a network means saving this dictionary.
#
# ### Exercise: Pointwise
#
# About 12 minutes. Write the layer as a **module**. A module is a class with two methods: `__init__` makes what is to be
# trained and keeps it in `self`, `forward` uses it. What lies in `self` as an `nn.Parameter`, or inside another module, is
# **registered**: optimizers find it, `state_dict` holds it, `.to()` moves it.
#
# Build it with whatever you like, `nn.Conv2d`, `nn.Linear` or your own `nn.Parameter`. The check uses your class as anybody
# would: makes layers of several sizes, loads known weights, runs it, asks for gradients, changes the precision.
# Stuck? `hint(Pointwise)`.

# %% nbgrader={"grade": false, "grade_id": "Pointwise", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Pointwise(nn.Module):
    """A 1×1 convolution.

    Pointwise(c_in, c_out) has C_out · C_in weights that start at random, and C_out biases;
    with bias=False it has no biases. forward takes x (N, C_in, H, W) and returns (N, C_out, H, W).

    Pointwise(3, 5) has 5 · 3 + 5 = 20 numbers to train, and takes (2, 3, 4, 7) to (2, 5, 4, 7).
    """

    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        ### BEGIN SOLUTION
        self.linear = nn.Linear(c_in, c_out, bias)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.linear(x.movedim(1, -1)).movedim(-1, 1)
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "Pointwise_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(Pointwise)
### BEGIN HIDDEN TESTS
check(Pointwise, seed=1)
### END HIDDEN TESTS

# %%
layer = Pointwise(3, 5)
print("trained:", {name: tuple(one.shape) for name, one in layer.named_parameters()})
print("moved and converted with it:", {one.dtype for one in layer.to(torch.float64).state_dict().values()})

# %% [markdown]
# ## Modules out of modules
#
# ResNet's **bottleneck** is the block that lesson 09 counts: a 1×1 convolution narrows the channels, the 3×3 works where it is
# cheap, another 1×1 widens again. Then x itself is added, by way of the **shortcut**, so that the three layers only have
# to learn what is to be changed about x.
#
# $$\text{out} = \text{relu}\big(\text{up}(\text{relu}(\text{middle}(\text{relu}(\text{down}(x))))) + \text{shortcut}(x)\big)$$
#
# Two tensors can be added if they have one shape. Where the channels change, or a stride halves H and W, x does not fit. Then
# the shortcut is a 1×1 convolution with that stride, and nothing else. (ResNet has a batch norm after each convolution,
# and for that reason no biases. You know from lesson 08 how a batch norm disappears into the layer before it; here we
# leave it out from the start.)
#
# ### Exercise: Bottleneck
#
# About 15 minutes. Four convolutions at most, none with a bias. The stride belongs to the 3×3. Stuck? `hint(Bottleneck)`.

# %% nbgrader={"grade": false, "grade_id": "Bottleneck", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Bottleneck(nn.Module):
    """ResNet's bottleneck without batch norm: 1×1, 3×3 and 1×1 without biases, plus a shortcut.

    c_in → c_mid by 1×1, c_mid → c_mid by 3×3 with padding 1 and the stride, c_mid → c_out by 1×1.
    A ReLU after the first, after the second, and after the sum with the shortcut.
    The shortcut is x itself; if the stride is not 1 or c_in is not c_out, it is a 1×1 convolution with the stride.

    Bottleneck(256, 64, 256) takes (1, 256, 8, 8) to (1, 256, 8, 8), with 256·64 + 9·64·64 + 64·256 weights.
    Bottleneck(256, 64, 512, stride=2) takes it to (1, 512, 4, 4).
    """

    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__()
        ### BEGIN SOLUTION
        self.body = nn.Sequential(
            nn.Conv2d(c_in, c_mid, 1, bias=False),
            nn.ReLU(),
            nn.Conv2d(c_mid, c_mid, 3, stride=stride, padding=1, bias=False),
            nn.ReLU(),
            nn.Conv2d(c_mid, c_out, 1, bias=False),
        )
        fits = stride == 1 and c_in == c_out
        self.shortcut = nn.Identity() if fits else nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return torch.relu(self.body(x) + self.shortcut(x))
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "Bottleneck_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(Bottleneck)
### BEGIN HIDDEN TESTS
check(Bottleneck, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Its price, against two plain 3×3 convolutions of the same width. **Before you run it:** how many times fewer weights?

# %%
def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


plain = nn.Sequential(*[nn.Conv2d(256, 256, 3, padding=1, bias=False) for _ in range(2)])
block = Bottleneck(256, 64, 256)
print(f"two 3×3: {count(plain):,} weights; bottleneck: {count(block):,}; {count(plain) / count(block):.1f} times fewer")
print("with stride 2:", tuple(Bottleneck(256, 64, 512, stride=2)(torch.zeros(1, 256, 8, 8)).shape))

# %% [markdown]
# Two 3×3 have nearly 17 times the weights of the block. That says what they cost, and nothing yet of what either of them can learn.
#
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the check.

# %% nbgrader={"grade": false, "grade_id": "10_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    torch_registered="c",
)

# %% nbgrader={"grade": true, "grade_id": "torch_registered_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["torch_registered"], "torch_registered")

# %% [markdown]
# ## Summary
#
# - `nn.Conv2d(c_in, c_out, 1)`, `nn.Linear` on channels-last and your functions of lessons 04 and 04b are one layer, up to the digits
#   that float32 keeps.
# - Autograd finds the gradients of lesson 07, through any number of layers.
# - A module trains, saves and moves what is registered in it, and nothing else. Modules are made of modules: a bottleneck is
#   three or four convolutions, and most of them are 1×1.
#
# Next, lesson 10b: an optimizer finds the weights of such modules. What will a network learn that has 1×1 layers alone, and what does
# it take to read a whole page of digits?
#
# ## Go further
#
# - [ResNet](https://arxiv.org/abs/1512.03385), Figure 5: the bottleneck, and why its shortcut has no weights where it can.
# - [ConvNeXt](https://arxiv.org/abs/2201.03545) writes its 1×1 layers as `nn.Linear` on channels-last. Why might one choose that?
