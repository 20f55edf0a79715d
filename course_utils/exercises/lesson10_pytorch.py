"""Lesson 10: the layer as a PyTorch module, a dense head that slides, and a training loop without the usual errors.

A class is looked at as one who uses it would: it is made, given weights through its state_dict, run, and asked for
gradients. In the catalogue it is a function that makes a module, so that reading the catalogue does not load torch.
"""

import copy
import functools

import numpy as np

from course_utils.exercises.inputs import distinct_sizes, signed
from course_utils.exercises.spec import case, exercise, question, right, wrong

# ---- a weight --------------------------------------------------------------------------------------------------------


def matrices(rng):
    c_in, c_out = distinct_sizes(rng, 2)
    yield case("a matrix", signed(rng, c_out, c_in))
    yield case("more rows than columns", signed(rng, 6, 2))
    yield case("a square matrix", signed(rng, 3, 3))
    yield case("one row", signed(rng, 1, 4))
    yield case("one column", signed(rng, 4, 1))
    yield case("float32 already", signed(rng, 3, 5).astype(np.float32))
    yield case("a transposed view", signed(rng, 5, 3).T)


def as_tensor(function, weight):
    """What a weight became: type and dtype, shape and numbers."""
    import torch

    answer = function(weight)
    kind = "a torch tensor" if isinstance(answer, torch.Tensor) else type(answer).__name__
    seen = {"what it returns": kind}
    if kind == "a torch tensor":
        seen["its shape"] = str(tuple(answer.shape))
        seen["its dtype"] = str(answer.dtype).removeprefix("torch.")
        seen["its numbers"] = answer.detach()
    return seen


@exercise(
    cases=matrices,
    observe=as_tensor,
    hints=(
        "A torch weight is (C_out, C_in, kernel height, kernel width). How many numbers must be added to the matrix?",
        "None: two axes of length 1, at the end. C_out stays first. And torch layers hold float32.",
        "torch.tensor(weight, dtype=torch.float32) and then [:, :, None, None]",
    ),
)
def to_torch_weight(weight):
    import torch

    return torch.from_numpy(np.array(weight, dtype=np.float32)[:, :, np.newaxis, np.newaxis])


@to_torch_weight.mistake("TRN", "C_out stays first in torch too: (C_out, C_in, 1, 1). Do not transpose.")
def transposed_for_torch(weight):
    import torch

    return torch.tensor(weight.T.copy(), dtype=torch.float32)[:, :, None, None]


@to_torch_weight.mistake("AXS", "A convolution's weight has four axes. Add the 1 × 1 of the kernel at the end.")
def without_kernel_axes(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float32)


@to_torch_weight.mistake("RSH", "reshape to (C_in, C_out, 1, 1) deals the numbers out in a wrong order. Add two axes; do not swap any.")
def reshaped_for_torch(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float32).reshape(weight.shape[1], weight.shape[0], 1, 1)


@to_torch_weight.mistake("AXS", "The kernel's two axes of length 1 come last, behind C_in.")
def kernel_axes_first(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float32)[None, None]


@to_torch_weight.mistake("DEV", "This is float64, NumPy's default. A torch layer holds float32 and refuses to mix the two.")
def in_double_precision(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float64)[:, :, None, None]


@to_torch_weight.mistake("DEV", "This is still a NumPy array. A torch layer takes a torch tensor.")
def still_numpy(weight):
    return weight.astype(np.float32)[:, :, None, None]


@to_torch_weight.alternative
def by_as_tensor(weight):
    import torch

    return torch.as_tensor(weight.copy()).float().unsqueeze(-1).unsqueeze(-1)


@to_torch_weight.alternative
def by_view(weight):
    import torch

    c_out, c_in = weight.shape
    return torch.FloatTensor(weight.tolist()).view(c_out, c_in, 1, 1)


# ---- a layer ---------------------------------------------------------------------------------------------------------

WEIGHTS = "its weights, in (out, in, kernel)"
SHAPE = "shape of its output"
NO_GRADIENT = "none arrives"
A_MODULE = {"what the class makes": "a torch module"}


def made(function, *args):
    """A module as the learner's class makes it, and another one, from a fixed state of torch's random numbers."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return function(*args), function(*args)


def run_first(net, x):
    """Run a module. That forward is missing altogether is an error, and not an answer that is yet to be written."""
    try:
        return net(x)
    except NotImplementedError as error:
        if "forward" in str(error):
            raise TypeError("your class has no method called forward(self, x)") from None
        raise


def first_runs(net, x):
    """The shape of what a module makes, and whether it does so twice. In its first run a lazy layer finds its sizes."""
    first = run_first(net, x.clone())
    if type_of(first) != "a tensor":
        return {SHAPE: f"none: what forward returns is of type {type(first).__name__}"}
    twice = "alike" if bool((first == net(x)).all()) else "other numbers each time"
    return {SHAPE: str(tuple(first.shape)), "two runs on one x": twice}


def used(net, c_in, seed):
    """What one sees who uses a module whose weights are known: outputs, gradients, precision, modes. All plain data."""

    from course_utils import layers

    rng = np.random.default_rng(seed)
    x, strip = tensor(rng, 2, c_in, 5, 4), tensor(rng, 1, c_in, 1, 7)
    kept = x.clone()
    y = net(x)
    seen = {"dtype of the output": str(y.dtype).removeprefix("torch."), "output": y, "output for one row of pixels": net(strip)}
    seen["x after a run"] = "as it was" if bool((x == kept).all()) else "changed in place"
    dx, gradients = layers.backward(net, x, tensor(rng, *y.shape))
    seen["gradient for x"] = NO_GRADIENT if dx is None else dx
    net.eval()
    seen["output after eval()"] = net(x)
    seen["training, after train()"] = net.train().training
    double = net.double()(x.double())
    seen["dtype after double()"] = str(double.dtype).removeprefix("torch.")
    return seen, gradients


def tensor(rng, *shape):
    import torch

    return torch.from_numpy(signed(rng, *shape).astype(np.float32))


def type_of(value):
    import torch

    return "a tensor" if isinstance(value, torch.Tensor) else type(value).__name__


def start_of(net, other):
    """Whether two new modules start with weights of their own, finite and not all alike."""
    mine, others = net.state_dict(), other.state_dict()
    weights = [one for one in mine.values() if one.squeeze().ndim > 1]
    if any(not np.isfinite(one.numpy()).all() or float(one.abs().max()) > 100 for one in weights):
        return "numbers that nobody set"
    if any(float(one.max() - one.min()) == 0 for one in weights):
        return "all the same number"
    alike = all(bool((one == others[name]).all()) for name, one in mine.items())
    return "the same numbers in every new one" if alike else "random"


def sizes(rng):
    """Cases `(c_in, c_out, bias)`. No square ones: with them nobody could tell an output from an input."""
    few, many = sorted(distinct_sizes(rng, 2, 2, 8))
    yield case("more channels out than in", few, many, True)
    yield case("fewer channels out than in", int(rng.integers(6, 9)), int(rng.integers(2, 5)), True)
    yield case("without a bias", 5, 3, False)
    yield case("bias not mentioned", 4, 6)
    yield case("one output channel", int(rng.integers(3, 6)), 1)
    yield case("one input channel, no bias", 1, int(rng.integers(3, 6)), False)


def layer_seen(function, c_in, c_out, *bias):
    """A 1×1 layer in use, with a known weight and bias."""
    net, other = made(function, c_in, c_out, *bias)
    if not hasattr(net, "state_dict"):
        return {"what the class makes": f"{type(net).__name__}, not a torch module"}
    rng = np.random.default_rng([c_in, c_out, 7])
    seen = A_MODULE | first_runs(net, tensor(rng, 2, c_in, 3, 4))
    if len(seen) == 2:
        return seen
    state = {name: one for name, one in net.state_dict().items()}
    seen["numbers in its state_dict"] = sum(int(one.numel()) for one in state.values())
    weight, shift = tensor(rng, c_out, c_in), tensor(rng, c_out)
    given = {name: placed(one, weight, shift) for name, one in state.items()}
    expected = c_in * c_out + (c_out if (*bias, True)[0] else 0)
    if seen["numbers in its state_dict"] != expected or None in given.values():
        seen["shapes in its state_dict"] = " and ".join(str(tuple(one.shape)) for one in state.values())
        return seen
    run_first(other, tensor(rng, 2, c_in, 3, 4))
    seen["a new layer's weights"] = start_of(net, other)
    net.load_state_dict(given)
    used_, gradients = used(net, c_in, [c_in, c_out])
    seen["numbers that are trained"] = sum(int(state[name].numel()) for name in gradients)
    for name, one in state.items():
        role = "weight" if one.numel() == weight.numel() and is_weight(one, c_out, c_in) else "bias"
        gradient = gradients.get(name)
        used_[f"gradient for the {role}"] = NO_GRADIENT if gradient is None else flat(gradient, c_out, c_in, role)
    return seen | used_


def is_weight(one, c_out, c_in):
    return tuple(one.shape[:2]) in ((c_out, c_in), (c_in, c_out)) and one.numel() == c_out * c_in


def placed(one, weight, bias):
    """The known weight or bias in the layout of this entry of a state_dict, or None if it is neither."""
    c_out, c_in = weight.shape
    if is_weight(one, c_out, c_in):
        return (weight if one.shape[0] == c_out else weight.T).reshape(one.shape)
    return bias.reshape(one.shape) if one.numel() == c_out else None


def flat(gradient, c_out, c_in, role):
    if role == "bias":
        return gradient.reshape(c_out)
    return gradient.reshape(c_out, c_in) if gradient.shape[0] == c_out else gradient.reshape(c_in, c_out).T


@exercise(
    cases=sizes,
    observe=layer_seen,
    hints=(
        "Which module of torch.nn computes one matrix for every pixel already? There are two.",
        "__init__ makes what is trained and keeps it in self: a module of torch.nn, or an nn.Parameter. forward uses it. "
        "If you choose nn.Linear: it works on the last axis, so the channels must go there and come back.",
        "super().__init__();  self.linear = nn.Linear(c_in, c_out, bias)   |   "
        "return self.linear(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)",
    ),
)
def Pointwise(c_in, c_out, bias=True):
    from course_utils import layers

    return layers.Pointwise(c_in, c_out, bias)


def net_of(forward, **parts):
    """A torch module that keeps these parts in self and runs `forward(self, x)`."""
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            for name, part in parts.items():
                setattr(self, name, part)

        def forward(self, x):
            return forward(self, x)

    return Net()


@Pointwise.mistake("LAY", "nn.Linear works on the last axis, and that is W here. Move the channels to the end, and back.")
def linear_on_nchw(c_in, c_out, bias=True):
    from torch import nn

    return nn.Linear(c_in, c_out, bias)


@Pointwise.mistake("RSH", "Behind nn.Linear the channels are last. view and reshape only rename axes: permute them back.")
def viewed_back(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        n, _, h, w = x.shape
        return self.linear(x.permute(0, 2, 3, 1)).reshape(n, c_out, h, w)

    return net_of(forward, linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake("RSH", "reshape(-1, c_in) cuts rows out of NCHW that mix pixels. Permute the channels to the end first.")
def reshaped_first(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        n, _, h, w = x.shape
        return self.linear(x.reshape(-1, c_in)).reshape(n, h, w, c_out).permute(0, 3, 1, 2)

    return net_of(forward, linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake("AXS", "H and W come back swapped: what goes to NHWC by permute(0, 2, 3, 1) comes back by permute(0, 3, 1, 2).")
def permuted_back_wrongly(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        return self.linear(x.permute(0, 2, 3, 1)).permute(0, 3, 2, 1)

    return net_of(forward, linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake("LAY", "Your output is channels-last. A layer takes NCHW and returns NCHW.")
def left_in_nhwc(c_in, c_out, bias=True):
    from torch import nn

    return net_of(lambda self, x: self.linear(x.permute(0, 2, 3, 1)), linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake("DEV", "Your weight is not registered: it is a plain tensor, or lies in a plain list. No optimizer finds it, no file keeps it, no .to() moves it.")
def plain_tensor(c_in, c_out, bias=True):
    import torch
    from torch import nn

    weight, shift = torch.randn(c_out, c_in, 1, 1), torch.zeros(c_out) if bias else None
    return net_of(lambda self, x: nn.functional.conv2d(x, self.weight, self.bias), weight=weight, bias=shift)


@Pointwise.mistake("GRD", "Your weight is a buffer: it is saved and moved, but no gradient reaches it. Make it an nn.Parameter.")
def as_a_buffer(c_in, c_out, bias=True):
    import torch
    from torch import nn

    net = net_of(lambda self, x: nn.functional.conv2d(x, self.weight, self.bias))
    net.register_buffer("weight", torch.randn(c_out, c_in, 1, 1) / 3)
    net.register_buffer("bias", torch.randn(c_out) if bias else None)
    return net


@Pointwise.mistake("GRD", "detach (or no_grad, or NumPy) in forward cuts the way on which gradients come back.")
def detached(c_in, c_out, bias=True):
    from torch import nn

    return net_of(lambda self, x: self.conv(x).detach(), conv=nn.Conv2d(c_in, c_out, 1, bias=bias))


@Pointwise.mistake("GRD", "The gradient reaches x and stops at your weights: use the parameter itself in forward, not its .data, and leave requires_grad on.")
def with_data(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        return nn.functional.conv2d(x, self.conv.weight.data, self.conv.bias.data if bias else None)

    return net_of(forward, conv=nn.Conv2d(c_in, c_out, 1, bias=bias))


@Pointwise.mistake("BIA", "The bias is missing: without being told otherwise, the layer has one number to add for each output channel.")
def never_a_bias(c_in, c_out, bias=True):
    from torch import nn

    return nn.Conv2d(c_in, c_out, 1, bias=False)


@Pointwise.mistake("BIA", "bias=False is not heeded: your layer has a bias all the same.")
def always_a_bias(c_in, c_out, bias=True):
    from torch import nn

    return nn.Conv2d(c_in, c_out, 1)


@Pointwise.mistake("BIA", "Your bias is there, and forward does not add it.")
def bias_not_added(c_in, c_out, bias=True):
    from torch import nn

    return net_of(lambda self, x: nn.functional.conv2d(x, self.conv.weight), conv=nn.Conv2d(c_in, c_out, 1, bias=bias))


@Pointwise.mistake("BIA", "One bias for all output channels is too few: each has its own.")
def one_bias(c_in, c_out, bias=True):
    import torch
    from torch import nn

    shift = nn.Parameter(torch.zeros(1)) if bias else 0
    return net_of(lambda self, x: self.conv(x) + self.bias, conv=nn.Conv2d(c_in, c_out, 1, bias=False), bias=shift)


@Pointwise.mistake("TRN", "C_in and C_out are swapped: nn.Conv2d and nn.Linear want the number that goes in first.")
def swapped_sizes(c_in, c_out, bias=True):
    from torch import nn

    return nn.Conv2d(c_out, c_in, 1, bias=bias)


@Pointwise.mistake("RSH", "Your weight is (C_in, C_out), and reshape is not its transpose. Keep it as (C_out, C_in), or transpose.")
def weight_reshaped(c_in, c_out, bias=True):
    import torch
    from torch import nn

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight.reshape(c_out, c_in, 1, 1), self.bias)

    shift = nn.Parameter(torch.randn(c_out)) if bias else None
    return net_of(forward, weight=nn.Parameter(torch.randn(c_in, c_out) / 3), bias=shift)


@Pointwise.mistake("LOC", "Your kernel is 3×3, so neighbours are mixed in. kernel_size is 1 here, and padding 0.")
def three_by_three(c_in, c_out, bias=True):
    from torch import nn

    return nn.Conv2d(c_in, c_out, 3, padding=1, bias=bias)


@Pointwise.mistake("LIN", "There is a ReLU in your layer. A 1×1 convolution is linear; activations are layers of their own.")
def with_relu(c_in, c_out, bias=True):
    from torch import nn

    return nn.Sequential(nn.Conv2d(c_in, c_out, 1, bias=bias), nn.ReLU())


@Pointwise.mistake("SYM", "All weights start at one number, so all output channels do the same, and training keeps it so. Start at random.")
def starts_at_zero(c_in, c_out, bias=True):
    import torch
    from torch import nn

    shift = nn.Parameter(torch.zeros(c_out)) if bias else None
    weight = nn.Parameter(torch.zeros(c_out, c_in, 1, 1))
    return net_of(lambda self, x: nn.functional.conv2d(x, self.weight, self.bias), weight=weight, bias=shift)


@Pointwise.mistake("DEV", "forward turns its input into float32, so .double() (or .half()) is lost on the way. Leave the dtype alone.")
def always_float32(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        return nn.functional.conv2d(x.float(), self.conv.weight.float(), self.conv.bias.float() if bias else None)

    return net_of(forward, conv=nn.Conv2d(c_in, c_out, 1, bias=bias))


@Pointwise.mistake("DEV", "forward makes a new layer with other weights each time it runs. Make it once, in __init__, and keep it in self.")
def made_in_forward(c_in, c_out, bias=True):
    from torch import nn

    return net_of(lambda self, x: nn.Conv2d(c_in, c_out, 1, bias=bias)(x))


@Pointwise.mistake("DEV", "super().__init__() is missing, or comes too late: it must be the first line of __init__.")
def without_super(c_in, c_out, bias=True):
    from torch import nn

    class Layer(nn.Module):
        def __init__(self):
            self.conv = nn.Conv2d(c_in, c_out, 1, bias=bias)

        def forward(self, x):
            return self.conv(x)

    return Layer()


@Pointwise.alternative
def conv_inside(c_in, c_out, bias=True):
    from torch import nn

    return nn.Conv2d(c_in, c_out, kernel_size=1, bias=bias)


@Pointwise.alternative
def linear_on_nhwc(c_in, c_out, bias=True):
    from torch import nn

    mix = nn.Linear(c_in, c_out, bias=bias)
    return net_of(lambda self, x: self.mix(x.movedim(1, -1)).movedim(-1, 1), mix=mix)


@Pointwise.alternative
def parameters_and_matmul(c_in, c_out, bias=True):
    import torch
    from torch import nn

    def forward(self, x):
        n, _, h, w = x.shape
        return (self.matrix.T @ x.flatten(2)).view(n, c_out, h, w) + self.shift

    shift = nn.Parameter(torch.zeros(1, c_out, 1, 1)) if bias else 0
    return net_of(forward, matrix=nn.Parameter(torch.randn(c_in, c_out) * c_in**-0.5), shift=shift)


@Pointwise.alternative
def lazy(c_in, c_out, bias=True):
    from torch import nn

    return nn.LazyConv2d(c_out, 1, bias=bias)


# ---- a block ---------------------------------------------------------------------------------------------------------


def blocks(rng):
    """Cases `(c_in, c_mid, c_out, stride)`; the middle is narrower than both ends, as the name says."""
    yield case("wider at the end", int(rng.integers(5, 7)), int(rng.integers(2, 5)), int(rng.integers(7, 10)))
    yield case("as wide as at the start", 6, 3, 6)
    yield case("stride 2, wider at the end", 5, int(rng.integers(2, 5)), 8, 2)
    yield case("stride 2, as wide as at the start", 7, 4, 7, 2)
    yield case("narrower at the end", 8, 2, 5, 1)


def block_seen(function, c_in, c_mid, c_out, stride=1):
    """A bottleneck in use, with known weights."""
    net, other = made(function, c_in, c_mid, c_out, *(() if stride == 1 else (stride,)))
    if not hasattr(net, "state_dict"):
        return {"what the class makes": f"{type(net).__name__}, not a torch module"}
    rng = np.random.default_rng([c_in, c_mid, c_out, stride])
    wanted = {(c_mid, c_in, 1), (c_mid, c_mid, 3), (c_out, c_mid, 1)}
    wanted |= {(c_out, c_in, 1)} if stride > 1 or c_in != c_out else set()
    seen = A_MODULE | first_runs(net, tensor(rng, 2, c_in, 5, 4))
    if len(seen) == 2:
        return seen
    state = {name: one for name, one in net.state_dict().items()}
    shapes = {name: (*one.shape[:2], one.shape[2] if one.ndim > 2 else 1) for name, one in state.items()}
    seen[WEIGHTS] = ", ".join(map(str, sorted(shapes.values())))
    if sorted(shapes.values()) != sorted(wanted):
        return seen
    run_first(other, tensor(rng, 2, c_in, 5, 4))
    seen["a new block's weights"] = start_of(net, other)
    known = {shape: tensor(rng, *shape, shape[2]) / 2 for shape in sorted(wanted)}
    net.load_state_dict({name: known[shapes[name]].reshape(one.shape) for name, one in state.items()})
    used_, gradients = used(net, c_in, [c_in, c_mid, c_out])
    for shape, name in sorted((shape, name) for name, shape in shapes.items()):
        gradient = gradients.get(name)
        used_[f"gradient for the weight {shape}"] = NO_GRADIENT if gradient is None else gradient.reshape(-1)
    return seen | used_


@exercise(
    cases=blocks,
    observe=block_seen,
    hints=(
        "How many channels go into the 3×3? And what must be true of two tensors before you can add them?",
        "Down: c_in → c_mid. 3×3: c_mid → c_mid, padding 1, with the stride. Up: c_mid → c_out. Where stride or channels "
        "change, x needs a 1×1 with the stride before it can be added.",
        "y = relu(down(x));  y = relu(middle(y));  return relu(up(y) + shortcut(x)),  where shortcut is nn.Identity() or "
        "nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False)",
    ),
)
def Bottleneck(c_in, c_mid, c_out, stride=1):
    from course_utils import layers

    return layers.Bottleneck(c_in, c_mid, c_out, stride)


def run_block(self, x):
    """The right way through a block."""
    return (self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x)).relu()


def block_of(c_in, c_mid, c_out, stride, forward=run_block, **other):
    """A bottleneck's four parts, some of them other ones, and the way through them."""
    from torch import nn

    changes = stride > 1 or c_in != c_out
    parts = {
        "down": nn.Conv2d(c_in, c_mid, 1, bias=False),
        "middle": nn.Conv2d(c_mid, c_mid, 3, stride, padding=1, bias=False),
        "up": nn.Conv2d(c_mid, c_out, 1, bias=False),
        "shortcut": nn.Conv2d(c_in, c_out, 1, stride, bias=False) if changes else nn.Identity(),
    }
    return net_of(forward, **(parts | other))


@Bottleneck.mistake("EDG", "x cannot be added where stride or channels change: there the shortcut needs a 1×1 convolution of its own.")
def no_projection(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, shortcut=nn.Identity())


@Bottleneck.mistake("EDG", "Your shortcut always has a 1×1. Where x already fits the sum, the shortcut is x itself.")
def always_projected(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, shortcut=nn.Conv2d(c_in, c_out, 1, stride, bias=False))


@Bottleneck.mistake("EDG", "A stride changes H and W, so the shortcut needs its 1×1 then too, even if the channels stay the same.")
def projected_by_channels(c_in, c_mid, c_out, stride=1):
    from torch import nn

    shortcut = nn.Conv2d(c_in, c_out, 1, stride, bias=False) if c_in != c_out else nn.Identity()
    return block_of(c_in, c_mid, c_out, stride, shortcut=shortcut)


@Bottleneck.mistake("LIN", "The ReLU after the sum is missing.")
def no_last_relu(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x)

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("ORD", "Your last ReLU comes before the sum. First add the shortcut, then cut off what is negative.")
def relu_before_the_sum(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()).relu() + self.shortcut(x)

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("LIN", "Between your three convolutions there is no ReLU: they are one linear map, and could be one convolution.")
def no_inner_relu(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x))) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("LIN", "The ReLU after the 3×3 is missing: without it, the 3×3 and the last 1×1 are one linear map.")
def no_relu_after_three(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x).relu())) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("LIN", "The ReLU after the first 1×1 is missing: without it, that 1×1 and the 3×3 are one linear map.")
def no_relu_after_one(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x)).relu()) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("CHN", "After the first 1×1 there are c_mid channels: the 3×3 takes c_mid, not c_in.")
def three_takes_c_in(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, middle=nn.Conv2d(c_in, c_mid, 3, stride, padding=1, bias=False))


@Bottleneck.mistake("CHN", "Your 3×3 widens to c_out by itself, which is the expensive place. It keeps c_mid; the last 1×1 widens.")
def three_widens(c_in, c_mid, c_out, stride=1):
    from torch import nn

    middle, up = nn.Conv2d(c_mid, c_out, 3, stride, padding=1, bias=False), nn.Conv2d(c_out, c_out, 1, bias=False)
    return block_of(c_in, c_mid, c_out, stride, middle=middle, up=up)


@Bottleneck.mistake("CHN", "Your block is never narrow: the 3×3 runs on c_out channels. Reduce to c_mid first, that is the point of it.")
def never_narrow(c_in, c_mid, c_out, stride=1):
    return block_of(c_in, c_out, c_out, stride)


@Bottleneck.mistake("EDG", "Without padding=1 the 3×3 cuts off a border of one pixel, and the sum no longer fits.")
def no_padding(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, middle=nn.Conv2d(c_mid, c_mid, 3, stride, bias=False))


@Bottleneck.mistake("STR", "The stride is not used. It belongs to the 3×3, and to the 1×1 of the shortcut.")
def stride_forgotten(c_in, c_mid, c_out, stride=1):
    from torch import nn

    changes = stride > 1 or c_in != c_out
    shortcut = nn.Conv2d(c_in, c_out, 1, bias=False) if changes else nn.Identity()
    return block_of(c_in, c_mid, c_out, 1, shortcut=shortcut)


@Bottleneck.mistake("STR", "The stride sits in your first 1×1, which then reads only every fourth pixel. Let the 3×3 stride.")
def stride_in_the_first(c_in, c_mid, c_out, stride=1):
    from torch import nn

    down = nn.Conv2d(c_in, c_mid, 1, stride, bias=False)
    middle = nn.Conv2d(c_mid, c_mid, 3, padding=1, bias=False)
    return block_of(c_in, c_mid, c_out, stride, down=down, middle=middle)


@Bottleneck.mistake("STR", "The main path strides and the shortcut does not, so the two no longer have one shape.")
def shortcut_without_stride(c_in, c_mid, c_out, stride=1):
    from torch import nn

    changes = stride > 1 or c_in != c_out
    shortcut = nn.Conv2d(c_in, c_out, 1, bias=False) if changes else nn.Identity()
    return block_of(c_in, c_mid, c_out, stride, shortcut=shortcut)


@Bottleneck.mistake("BIA", "Your convolutions have biases. Here they have none, as in ResNet, where a batch norm follows: bias=False.")
def with_biases(c_in, c_mid, c_out, stride=1):
    from torch import nn

    down, middle = nn.Conv2d(c_in, c_mid, 1), nn.Conv2d(c_mid, c_mid, 3, stride, padding=1)
    changes = stride > 1 or c_in != c_out
    shortcut = nn.Conv2d(c_in, c_out, 1, stride) if changes else nn.Identity()
    up = nn.Conv2d(c_mid, c_out, 1)
    return block_of(c_in, c_mid, c_out, stride, down=down, middle=middle, up=up, shortcut=shortcut)


@Bottleneck.mistake("DEV", "Layers in a plain Python list are found by nobody: not trained, not saved, not moved. Use nn.ModuleList or nn.Sequential.")
def layers_in_a_list(c_in, c_mid, c_out, stride=1):
    inner = block_of(c_in, c_mid, c_out, stride)
    return net_of(lambda self, x: run_block(self.layers[0], x), layers=[inner])


@Bottleneck.mistake("LOC", "There is no shortcut: x itself never reaches the sum.")
def no_shortcut(c_in, c_mid, c_out, stride=1):
    from torch import nn

    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()).relu()

    return block_of(c_in, c_mid, c_out, stride, forward, shortcut=nn.Identity())


@Bottleneck.mistake("MUL", "The shortcut is *added* to what the three convolutions make, not multiplied or put beside it.")
def multiplied(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x).relu()).relu()) * self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("INP", "A ReLU with inplace=True, or +=, changes x itself. Whoever gave you x still needs it, your shortcut too.")
def changes_x(c_in, c_mid, c_out, stride=1):
    return block_of(c_in, c_mid, c_out, stride, lambda self, x: run_block(self, x.relu_()))


@Bottleneck.alternative
def as_a_sequence(c_in, c_mid, c_out, stride=1):
    from torch import nn

    body = nn.Sequential(
        nn.Conv2d(c_in, c_mid, 1, bias=False), nn.ReLU(inplace=True),
        nn.Conv2d(c_mid, c_mid, 3, stride, padding=1, bias=False), nn.ReLU(inplace=True),
        nn.Conv2d(c_mid, c_out, 1, bias=False),
    )  # fmt: skip
    skip = nn.Sequential() if stride == 1 and c_in == c_out else nn.Conv2d(c_in, c_out, 1, stride, bias=False)
    return net_of(lambda self, x: nn.functional.relu(self.body(x) + self.skip(x)), body=body, skip=skip)


@Bottleneck.alternative
def with_linear_layers(c_in, c_mid, c_out, stride=1):
    import torch
    from torch import nn

    def forward(self, x):
        last = x.movedim(1, -1)
        y = torch.relu(self.reduce(last)).movedim(-1, 1)
        y = torch.relu(nn.functional.conv2d(y, self.kernels, stride=stride, padding=1))
        if self.match is not None:
            last = self.match(last[:, ::stride, ::stride])
        return torch.relu(self.widen(y.movedim(1, -1)) + last).movedim(-1, 1)

    return net_of(
        forward,
        reduce=nn.Linear(c_in, c_mid, bias=False),
        widen=nn.Linear(c_mid, c_out, bias=False),
        kernels=nn.Parameter(torch.randn(c_mid, c_mid, 3, 3) / 5),
        match=nn.Linear(c_in, c_out, bias=False) if stride > 1 or c_in != c_out else None,
    )


# ---- a head ----------------------------------------------------------------------------------------------------------


def heads(rng):
    """Cases `(linear,)`: dense layers with known numbers."""
    few, many = sorted(distinct_sizes(rng, 2, 2, 9))
    yield case("more features than classes", dense(rng, many, few))
    yield case("more classes than features", dense(rng, few, many))
    yield case("as many classes as features", dense(rng, 4, 4))
    yield case("no bias", dense(rng, 5, 3, bias=False))
    yield case("one class", dense(rng, 6, 1))
    yield case("in double precision", dense(rng, 3, 4).double())


def dense(rng, c_in, c_out, bias=True):
    import torch
    from torch import nn

    linear = nn.Linear(c_in, c_out, bias)
    with torch.no_grad():
        for parameter in linear.parameters():
            parameter.copy_(tensor(rng, *parameter.shape))
    return linear


def slid(function, linear):
    """What a converted head makes of one position, and of a larger map; and what became of the dense layer."""
    import torch

    before = [parameter.detach().clone() for parameter in linear.parameters()]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        conv = function(linear)
    if not callable(conv) or isinstance(conv, torch.Tensor):
        return {"what it returns": f"{type(conv).__name__}, not a module"}
    rng = np.random.default_rng([linear.in_features, linear.out_features])
    dtype = linear.weight.dtype
    seen = {}
    for label, size in {"one position": (3, 1, 1), "a map": (2, 4, 5)}.items():
        seen[f"output for {label}"] = conv(tensor(rng, size[0], linear.in_features, *size[1:]).to(dtype))
    seen["its dtype"] = str(seen["output for a map"].dtype).removeprefix("torch.")
    same = all(bool((old == new).all()) for old, new in zip(before, linear.parameters(), strict=True))
    seen["the dense layer afterwards"] = "as it was" if same else "changed"
    return {name: one.detach() if isinstance(one, torch.Tensor) else one for name, one in seen.items()}


@exercise(
    cases=heads,
    observe=slid,
    hints=(
        "A dense layer makes C_out numbers of C_in numbers. What does a 1×1 convolution do at each position?",
        "linear.in_features, linear.out_features, linear.weight (C_out, C_in) and linear.bias, which may be None, hold all that you need. Copy under torch.no_grad().",
        "conv = nn.Conv2d(c_in, c_out, 1, bias=...);  conv.weight.copy_(linear.weight[:, :, None, None]);  conv.bias.copy_(linear.bias)",
    ),
)
def head_to_conv(linear):
    from course_utils import layers

    return layers.head_to_conv(linear)


@head_to_conv.mistake("RSH", "reshape to (C_in, C_out, 1, 1) deals the weights out in a wrong order: (C_out, C_in) gets two axes at its end.")
def head_reshaped(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)
    c_out, c_in = linear.weight.shape
    conv.weight.data = linear.weight.data.reshape(c_in, c_out).T.reshape(c_out, c_in, 1, 1).clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv


@head_to_conv.mistake("TRN", "C_in and C_out are swapped: linear.weight is (C_out, C_in), and the convolution's weight begins in the same way.")
def head_transposed(linear):
    from torch import nn

    conv = nn.Conv2d(linear.out_features, linear.in_features, 1, bias=False).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data.T[:, :, None, None].clone()
    return conv


@head_to_conv.mistake("BIA", "The bias is lost: the dense layer adds one number to each class, and so must the convolution.")
def head_without_bias(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=False).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data[:, :, None, None].clone()
    return conv


@head_to_conv.mistake("BIA", "Your convolution keeps the bias that it was born with. Copy the one of the dense layer, or have none where that has none.")
def head_with_own_bias(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data[:, :, None, None].clone()
    return conv


@head_to_conv.mistake("CPY", "Your convolution has the right shape and its own random weights. What was learnt lies in linear.weight: copy it.")
def head_untrained(linear):
    from torch import nn

    return nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)


@head_to_conv.mistake("LAY", "This is still the dense layer: it works on the last axis, and on a map that is W.")
def head_as_it_was(linear):
    return linear


@head_to_conv.mistake("DEV", "Your convolution is float32 whatever the dense layer was. Give it the dtype of linear.weight.")
def head_in_float32(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight.data.copy_(linear.weight.data[:, :, None, None])
    if linear.bias is not None:
        conv.bias.data.copy_(linear.bias.data)
    return conv


@head_to_conv.alternative
def head_by_state_dict(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, kernel_size=1, bias=linear.bias is not None)
    state = {name: value.reshape(*value.shape, 1, 1) if name == "weight" else value
             for name, value in linear.state_dict().items()}  # fmt: skip
    conv.to(linear.weight.dtype).load_state_dict(state)
    return conv


@head_to_conv.alternative
def head_by_parameters(linear):
    from torch import nn

    conv = nn.Conv2d(*linear.weight.shape[::-1], 1, bias=False)
    conv.weight = nn.Parameter(linear.weight.detach().clone().unflatten(1, (-1, 1, 1)))
    if linear.bias is not None:
        conv.bias = nn.Parameter(linear.bias.detach().clone())
    return conv


# ---- a training loop -------------------------------------------------------------------------------------------------

BATCH = 50
GOOD = 0.8  # share of hidden digits; a right loop reaches 0.85 and more, a wrong one stays far below
SMALL = (1, 4, 4)  # sizes of a picture that needs no real training


def runs_of_training(rng):
    """Cases `(model, data, epochs, lr)`. Up to 50 images are one batch, so that the result does not depend on chance."""
    yield case("40 small images, one batch an epoch", small_model(rng), small_data(rng, 40), 4, 0.05)
    yield case("120 small images, three batches an epoch", small_model(rng), small_data(rng, 120), 2, 0.01)
    yield case("1,000 digits, sorted by class, 2 epochs", digit_model(rng), sorted_digits(rng), 2, 0.03)


def small_data(rng, count):
    """Images (count, 1, 4, 4) and labels of three classes, and others to validate with."""
    import torch

    def split(number):
        return tensor(rng, number, *SMALL), torch.from_numpy(rng.integers(0, 3, number))

    return {"train": split(count), "validation": split(30)}


def small_model(rng):
    """A network with a batch norm, which tells training from evaluation; it comes in evaluation mode."""
    from torch import nn

    return started(rng, nn.Flatten(), nn.Linear(16, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))


def digit_model(rng):
    from torch import nn

    conv = nn.Conv2d(1, 8, 5, stride=3, bias=False)
    return started(rng, conv, nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10))


def started(rng, *parts):
    """The parts in a row, with weights drawn from rng."""
    import torch
    from torch import nn

    model = nn.Sequential(*parts)
    with torch.no_grad():
        for part in parts:
            if hasattr(part, "weight") and part.weight.ndim > 1:
                part.weight.copy_(tensor(rng, *part.weight.shape) * part.weight[0].numel() ** -0.5)
    return model.eval()


def sorted_digits(rng):
    """1,000 digits to learn from, all zeros first, 200 to validate with; which ones, rng decides."""
    import torch

    parts = shuffled_digits(rng)
    images, labels = (part[:1000] for part in parts["train"])
    order = torch.argsort(labels, stable=True)
    return {"train": (images[order], labels[order]), "validation": tuple(part[:200] for part in parts["validation"])}


def shuffled_digits(rng):
    import torch

    from course_utils import data

    parts = data.digits(int(rng.integers(1, 2**31)))
    return {name: tuple(map(torch.from_numpy, part)) for name, part in parts.items()}


@functools.cache
def hidden_digits():
    """Digits to mark a training loop with. It is never given them."""
    return shuffled_digits(np.random.default_rng(10))["test"]


def trained(function, model, data, epochs, lr):
    """What a training loop returns, reports and leaves behind."""
    import torch

    reports = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        returned = function(model, data, epochs, lr, "cpu", lambda *said: reports.append(said))
    seen = {"epochs that it reports": len(reports)}
    if any(len(said) != 2 for said in reports):
        return seen | {"what it reports": f"report(…) with {len(reports[0])} values, not with loss and accuracy"}
    images, labels = data["train"]
    norm = next(part for part in model if hasattr(part, "running_mean"))
    seen["batches in training mode"] = int(norm.num_batches_tracked)
    accuracy = share(model, *data["validation"])
    if len(images) <= BATCH:
        seen["losses that it reports"] = np.array([float(loss) for loss, _ in reports])
        seen["weights after training"] = torch.cat([one.detach().ravel() for one in model.parameters()])
        seen["running mean of the batch norm"] = norm.running_mean
    elif images.shape[1:] == (1, 28, 28):
        good = share(model, *hidden_digits()) >= GOOD
        seen["hidden digits that it names"] = f"{GOOD:.0%} or more" if good else f"fewer than {GOOD:.0%}"
    values = returned if isinstance(returned, list | tuple | np.ndarray) else []
    seen["accuracies that it returns"] = len(values) if len(values) or returned == [] else type(returned).__name__
    if seen["accuracies that it returns"] == epochs == len(reports):
        told = [float(one) for one in values]
        seen["the last accuracy"] = agreement(told[-1], accuracy)
        again = np.allclose(told, [float(one) for _, one in reports], atol=1e-6)
        seen["accuracies that it reports"] = "those that it returns" if again else "others than it returns"
    if len(images) <= BATCH:
        seen["on another device"] = moved(function, copy.deepcopy(model), data, lr)
    return seen


def share(model, images, labels):
    """The share of images that a network names rightly, in evaluation mode."""
    import torch

    was = model.training
    with torch.no_grad():
        said = model.eval()(images).argmax(dim=1)
    model.train(was)
    return (said == labels).float().mean().item()


def agreement(told, found):
    if np.isclose(told, found, atol=1e-6):
        return "that of the model in evaluation mode on the validation images"
    return "a percentage, not a share" if np.isclose(told, 100 * found, atol=1e-3) and found else "another number"


def moved(function, model, data, lr):
    """Train on torch's "meta" device, which has shapes and no numbers: whatever stays behind on the CPU is an error."""
    try:
        function(model, data, 1, lr, "meta", lambda *said: None)
    except Exception as error:  # noqa: BLE001 - every right loop fails where it reads a number, and not before
        return "something stays behind" if "expected device" in str(error) else "everything is moved"
    return "the device is not used"


@exercise(
    cases=runs_of_training,
    observe=trained,
    tolerance=1e-3,
    hints=(
        "Four things happen for each batch, and two things are different when you validate. Which?",
        "Each epoch: model.train(), a new torch.randperm over the training images, split(50). Each batch: loss, zero_grad, "
        "backward, step. Then model.eval() and torch.no_grad() for the accuracy. Images and labels go to the device with the same indices.",
        "for batch in torch.randperm(n).split(50):  loss = cross_entropy(model(images[batch].to(device)), labels[batch].to(device));  "
        "optimizer.zero_grad();  loss.backward();  optimizer.step()",
    ),
)
def train(model, data, epochs, lr, device, report=print):
    import torch

    model.to(device)
    (x, y), (vx, vy) = ([part.to(device) for part in data[name]] for name in ("train", "validation"))
    adam, found = torch.optim.Adam(model.parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = []
        for rows in torch.randperm(len(x)).split(BATCH):
            adam.zero_grad()
            losses.append(torch.nn.functional.cross_entropy(model(x[rows]), y[rows]))
            losses[-1].backward()
            adam.step()
        model.eval()
        with torch.no_grad():
            found.append((model(vx).argmax(1) == vy).double().mean().item())
        report(sum(loss.item() for loss in losses) / len(losses), found[-1])
    return found


def pass_over(model, images, labels, device, optimizer=None, batch=50, loss_of=None):
    """The usual loop over one epoch, for the mistakes: returns the losses of its batches."""
    import torch

    losses = []
    for rows in torch.randperm(len(images)).split(batch):
        logits = model(images[rows].to(device))
        loss = (loss_of or torch.nn.functional.cross_entropy)(logits, labels[rows].to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_of(model, images, labels, device):
    """The usual share of right names, in whatever mode the model is."""
    import torch

    with torch.no_grad():
        return (model(images.to(device)).argmax(dim=1) == labels.to(device)).double().mean().item()


@train.mistake("ACC", "Gradients add up until someone clears them: optimizer.zero_grad() before each backward().")
def never_zeroed(model, data, epochs, lr, device, report=print):
    import torch

    (images, labels), accuracies = data["train"], []
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr)
    for _ in range(epochs):
        model.train()
        losses = []
        for rows in torch.randperm(len(images)).split(50):
            loss = torch.nn.functional.cross_entropy(model(images[rows].to(device)), labels[rows].to(device))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("MOD", "You validate in training mode: batch norm then uses, and learns from, the validation images. Call model.eval() first.")
def validates_in_training_mode(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, optimizer)
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("MOD", "After the first validation your model stays in evaluation mode. Call model.train() at the start of *each* epoch.")
def trains_once_in_training_mode(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    model.train()
    for _ in range(epochs):
        losses = pass_over(model, *data["train"], device, optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("MOD", "Your model is never put into training mode. It may come in evaluation mode: call model.train() before each epoch.")
def never_in_training_mode(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        losses = pass_over(model, *data["train"], device, optimizer)
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("LGT", "cross_entropy takes logits and has a softmax inside. With one of yours before it, gradients shrink: hand it the model's output.")
def softmax_twice(model, data, epochs, lr, device, report=print):
    import torch

    def loss_of(logits, labels):
        return torch.nn.functional.cross_entropy(logits.softmax(dim=1), labels)

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, optimizer, loss_of=loss_of)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("BAT", "Images and labels are shuffled apart, so the labels belong to other images. Take both with the *same* indices.")
def shuffled_apart(model, data, epochs, lr, device, report=print):
    import torch

    (images, labels), accuracies = data["train"], []
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr)
    for _ in range(epochs):
        model.train()
        own, others = images[torch.randperm(len(images))], labels[torch.randperm(len(labels))]
        losses = pass_over(model, own, others, device, optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("DAT", "You never shuffle. These digits come sorted: a batch of one class alone teaches the network to say that class. Draw a new order each epoch.")
def never_shuffled(model, data, epochs, lr, device, report=print):
    import torch

    (images, labels), accuracies = data["train"], []
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr)
    for _ in range(epochs):
        model.train()
        losses = []
        for start in range(0, len(images), 50):
            some = slice(start, start + 50)
            loss = torch.nn.functional.cross_entropy(model(images[some].to(device)), labels[some].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("EDG", "The last batch of an epoch may be smaller than 50. It counts too.")
def drops_the_last_batch(model, data, epochs, lr, device, report=print):
    import torch

    (images, labels), accuracies = data["train"], []
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr)
    for _ in range(epochs):
        model.train()
        whole = torch.randperm(len(images))[: max(len(images) // 50, 1) * 50]
        losses = pass_over(model, images[whole], labels[whole], device, optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("BAT", "You take all images in one batch, which is one step an epoch. Split each epoch into batches of 50.")
def one_batch(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, optimizer, batch=len(data["train"][0]))
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("TST", "You report the accuracy on the images that you trained on. What counts is data['validation'], which the model has not seen.")
def marked_on_training_images(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["train"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("TST", "You train on the validation images as well. Then nobody can say any more how the model does on images that it has not seen.")
def trains_on_validation(model, data, epochs, lr, device, report=print):
    import torch

    images, labels = (torch.cat(pair) for pair in zip(data["train"], data["validation"], strict=True))
    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, images, labels, device, optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("DEV", "The device is not used. The model, the images and the labels all go there, or the GPU stays idle.")
def device_ignored(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], "cpu", optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], "cpu"))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("DEV", "Only the model is moved to the device. Images and labels must go there too: a layer refuses numbers that lie elsewhere.")
def images_left_behind(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], "cpu", optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], "cpu"))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("SYM", "A new optimizer in each epoch forgets what Adam has gathered. Make it once, before the loop.")
def new_optimizer(model, data, epochs, lr, device, report=print):
    import torch

    model.to(device)
    accuracies = []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, torch.optim.Adam(model.parameters(), lr))
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("SCL", "lr is not used: the optimizer takes steps of its default length.")
def default_rate(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters()), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.alternative
def with_a_loader(model, data, epochs, lr, device, report=print):
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(*data["train"]), batch_size=50, shuffle=True)
    criterion, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.Adam(model.to(device).parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(images.to(device)), labels.to(device))
            loss.backward()
            optimizer.step()
            total += loss.item()
        model.eval()
        right = seen = 0
        with torch.inference_mode():
            for images, labels in DataLoader(TensorDataset(*data["validation"]), batch_size=64):
                right += (model(images.to(device)).argmax(dim=1).cpu() == labels).sum().item()
                seen += len(labels)
        history.append(right / seen)
        report(total / len(loader), history[-1])
    return history


@train.alternative
def with_numpy_order(model, data, epochs, lr, device, report=print):
    import numpy
    import torch

    model = model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    images, labels = data["train"][0].to(device), data["train"][1].to(device)
    accuracies = []
    for _ in range(epochs):
        order = numpy.random.permutation(len(images))
        losses = []
        model.train(True)
        for i in range(0, len(order), 50):
            some = torch.from_numpy(order[i : i + 50])
            log_probabilities = torch.log_softmax(model(images[some]), dim=1)
            loss = torch.nn.functional.nll_loss(log_probabilities, labels[some])
            model.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        model.train(False)
        with torch.no_grad():
            guesses = model(data["validation"][0].to(device)).max(dim=1).indices
        accuracies.append(float((guesses == data["validation"][1].to(device)).float().mean()))
        report(float(np.mean(losses)), accuracies[-1])
    return accuracies


QUIZ = (
    question(
        "torch_registered",
        "self.weight = torch.randn(5, 3) in __init__, and forward uses it. What is wrong?",
        wrong("SYM", "It starts at random", "That is how it should start; with equal rows nothing would part them."),
        wrong("TRN", "It must be (3, 5)", "(C_out, C_in) is what nn.Linear has too. The layout is yours to choose."),
        right("It is no nn.Parameter: never trained, saved or moved", "Only parameters, buffers and modules in self are registered."),
        wrong("GRD", "forward needs torch.no_grad()", "That would cut off the gradients, which this weight does not get anyway."),
    ),
    question(
        "torch_histogram",
        "Only 1×1 layers, then global average pooling. Each picture's pixels are shuffled. What happens to its answers?",
        right("Nothing, for any weights", "Each layer works pixel by pixel, and the average does not see the order."),
        wrong("LOC", "They get worse, as for a human", "You use neighbours. No layer here does."),
        wrong("LIN", "Nothing, but only without ReLU", "A ReLU works pixel by pixel as well, so it commutes with a shuffle too."),
        wrong("DAT", "They get worse, unless it was trained on shuffled pictures", "It cannot tell the two kinds apart, so it makes no difference what it was trained on."),
    ),
    question(
        "torch_modes",
        "A loop calls model.train() once, before the first epoch, and model.eval() after each. What is the matter?",
        wrong("GRD", "After eval() no gradients are computed", "That is torch.no_grad(). eval() changes what batch norm and dropout do."),
        wrong("MOD", "Nothing: train() lasts until the end", "It lasts until eval(). The second epoch trains in evaluation mode."),
        wrong("ACC", "Gradients add up", "That is about zero_grad(), whatever the mode."),
        right("From the second epoch on, batch norm does not learn its statistics", "In evaluation mode it uses the ones it has, and does not update them."),
    ),
    question(
        "torch_sliding",
        "A classifier for 28×28 pixels, its head turned into a 1×1 convolution, reads a page. Its poolings halve twice. Its output at (2, 3) is what it says about",
        wrong("LOC", "the pixel in row 2, column 3", "One output looks at a whole window of 28×28 pixels."),
        right("the window of 28×28 pixels whose corner is in row 8, column 12", "Two halvings: neighbouring outputs look at windows 4 pixels apart."),
        wrong("STR", "the window whose corner is in row 2, column 3", "Each halving doubles the step between neighbouring outputs."),
        wrong("AVG", "the whole page, resized to 28×28", "Nothing is resized; each output sees its own window at full size."),
    ),
)
