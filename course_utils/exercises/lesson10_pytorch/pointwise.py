"""A 1×1 layer as a module."""

from course_utils.exercises.inputs import distinct_sizes
from course_utils.exercises.lesson10_pytorch.layer_watched import layer_seen
from course_utils.exercises.lesson10_pytorch.modules import net_of
from course_utils.exercises.spec import case, exercise


def sizes(rng):
    """Cases `(c_in, c_out, bias)`. No square ones: with them nobody could tell an output from an input."""
    few, many = sorted(distinct_sizes(rng, 2, 2, 8))
    yield case("more channels out than in", few, many, True)
    yield case("fewer channels out than in", int(rng.integers(6, 9)), int(rng.integers(2, 5)), True)
    yield case("without a bias", 5, 3, False)
    yield case("bias not mentioned", 4, 6)
    yield case("one output channel", int(rng.integers(3, 6)), 1)
    yield case("one input channel, no bias", 1, int(rng.integers(3, 6)), False)
    yield case("more than a thousand channels in", 1010, 2)
    yield case("more than a hundred channels out", 13, 102)


@exercise(
    axes="n c_out h w",
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


@Pointwise.mistake(
    "LAY", "nn.Linear works on the last axis, and that is W here. Move the channels to the end, and back."
)
def linear_on_nchw(c_in, c_out, bias=True):
    from torch import nn

    return nn.Linear(c_in, c_out, bias)


@Pointwise.mistake(
    "RSH", "Behind nn.Linear the channels are last. view and reshape only rename axes: permute them back."
)
def viewed_back(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        n, _, h, w = x.shape
        return self.linear(x.permute(0, 2, 3, 1)).reshape(n, c_out, h, w)

    return net_of(forward, linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake(
    "RSH", "reshape(-1, c_in) cuts rows out of NCHW that mix pixels. Permute the channels to the end first."
)
def reshaped_first(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        n, _, h, w = x.shape
        return self.linear(x.reshape(-1, c_in)).reshape(n, h, w, c_out).permute(0, 3, 1, 2)

    return net_of(forward, linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake(
    "AXS", "H and W come back swapped: what goes to NHWC by permute(0, 2, 3, 1) comes back by permute(0, 3, 1, 2)."
)
def permuted_back_wrongly(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        return self.linear(x.permute(0, 2, 3, 1)).permute(0, 3, 2, 1)

    return net_of(forward, linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake("LAY", "Your output is channels-last. A layer takes NCHW and returns NCHW.")
def left_in_nhwc(c_in, c_out, bias=True):
    from torch import nn

    return net_of(lambda self, x: self.linear(x.permute(0, 2, 3, 1)), linear=nn.Linear(c_in, c_out, bias))


@Pointwise.mistake(
    "REG",
    "Your weight is not registered: it is a plain tensor, or lies in a plain list. No optimizer finds it, no file keeps it, no .to() moves it.",
)
def plain_tensor(c_in, c_out, bias=True):
    import torch
    from torch import nn

    weight, shift = torch.randn(c_out, c_in, 1, 1), torch.zeros(c_out) if bias else None
    return net_of(lambda self, x: nn.functional.conv2d(x, self.weight, self.bias), weight=weight, bias=shift)


@Pointwise.mistake(
    "GRD", "Your weight is a buffer: it is saved and moved, but no gradient reaches it. Make it an nn.Parameter."
)
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


@Pointwise.mistake(
    "GRD",
    "The gradient reaches x and stops at your weights: use the parameter itself in forward, not its .data, and leave requires_grad on.",
)
def with_data(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        return nn.functional.conv2d(x, self.conv.weight.data, self.conv.bias.data if bias else None)

    return net_of(forward, conv=nn.Conv2d(c_in, c_out, 1, bias=bias))


@Pointwise.mistake(
    "BIA", "The bias is missing: without being told otherwise, the layer has one number to add for each output channel."
)
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


@Pointwise.mistake(
    "RSH", "Your weight is (C_in, C_out), and reshape is not its transpose. Keep it as (C_out, C_in), or transpose."
)
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


@Pointwise.mistake(
    "LIN", "There is a ReLU in your layer. A 1×1 convolution is linear; activations are layers of their own."
)
def with_relu(c_in, c_out, bias=True):
    from torch import nn

    return nn.Sequential(nn.Conv2d(c_in, c_out, 1, bias=bias), nn.ReLU())


@Pointwise.mistake(
    "SYM",
    "All weights start at one number, so all output channels do the same, and training keeps it so. Start at random.",
)
def starts_at_zero(c_in, c_out, bias=True):
    import torch
    from torch import nn

    shift = nn.Parameter(torch.zeros(c_out)) if bias else None
    weight = nn.Parameter(torch.zeros(c_out, c_in, 1, 1))
    return net_of(lambda self, x: nn.functional.conv2d(x, self.weight, self.bias), weight=weight, bias=shift)


@Pointwise.mistake(
    "TYP", "forward turns its input into float32, so .double() (or .half()) is lost on the way. Leave the dtype alone."
)
def always_float32(c_in, c_out, bias=True):
    from torch import nn

    def forward(self, x):
        return nn.functional.conv2d(x.float(), self.conv.weight.float(), self.conv.bias.float() if bias else None)

    return net_of(forward, conv=nn.Conv2d(c_in, c_out, 1, bias=bias))


@Pointwise.mistake(
    "REG",
    "forward makes a new layer with other weights each time it runs. Make it once, in __init__, and keep it in self.",
)
def made_in_forward(c_in, c_out, bias=True):
    from torch import nn

    return net_of(lambda self, x: nn.Conv2d(c_in, c_out, 1, bias=bias)(x))


@Pointwise.mistake("REG", "super().__init__() is missing, or comes too late: it must be the first line of __init__.")
def without_super(c_in, c_out, bias=True):
    from torch import nn

    class Layer(nn.Module):
        def __init__(self):
            self.conv = nn.Conv2d(c_in, c_out, 1, bias=bias)

        def forward(self, x):
            return self.conv(x)

    return Layer()


@Pointwise.mistake(
    "ARG", "The fourth argument of nn.Conv2d is its stride, not its bias. Give bias by its name: bias=bias."
)
def bias_for_stride(c_in, c_out, bias=True):
    from torch import nn

    return nn.Conv2d(c_in, c_out, 1, bias)


@Pointwise.mistake(
    "DWP", "With groups each output sees a part of the channels only. A 1×1 layer mixes all of them: leave groups away."
)
def in_groups(c_in, c_out, bias=True):
    from torch import nn

    return nn.Conv2d(c_in, c_out, 1, groups=c_in, bias=bias)


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
