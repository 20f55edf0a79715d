"""Reference layers in PyTorch: the 1×1 convolution, ResNet's bottleneck, and a dense head that slides."""

from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from course_utils.base.remote import where_it_lives


class Pointwise(nn.Module):
    """A 1×1 convolution: one C_out × C_in matrix for every pixel, and a bias for every output channel.

    >>> Pointwise(3, 5)(torch.zeros(2, 3, 4, 7)).shape
    torch.Size([2, 5, 4, 7])

    Its parameters have the names and shapes of `nn.Conv2d(c_in, c_out, 1)`.
    """

    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        bound = c_in**-0.5  # as nn.Conv2d starts
        self.weight = nn.Parameter(torch.empty(c_out, c_in, 1, 1).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(c_out).uniform_(-bound, bound)) if bias else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.einsum("oc,nchw->nohw", self.weight[:, :, 0, 0], x)
        return y if self.bias is None else y + self.bias[:, None, None]


class Bottleneck(nn.Module):
    """ResNet's bottleneck without batch norm: 1×1 down, 3×3, 1×1 up, plus a shortcut; a ReLU after each and the sum.

    >>> Bottleneck(64, 16, 64)(torch.zeros(1, 64, 8, 8)).shape
    torch.Size([1, 64, 8, 8])

    A stride is that of the 3×3. The shortcut is x itself where the shapes allow it, else a 1×1 with the same stride.
    Source: ResNet, Figure 5 right; the stride as in what torchvision calls v1.5.
    """

    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__()
        self.down = Pointwise(c_in, c_mid, bias=False)
        self.middle = nn.Conv2d(c_mid, c_mid, 3, stride=stride, padding=1, bias=False)
        self.up = Pointwise(c_mid, c_out, bias=False)
        self.shortcut = nn.Identity()
        if stride != 1 or c_in != c_out:
            self.shortcut = nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.middle(self.down(x).relu()).relu()
        return (self.up(y) + self.shortcut(x)).relu()


def head_to_conv(linear: nn.Linear) -> nn.Conv2d:
    """A dense layer as the 1×1 convolution with the same numbers, which also runs on maps of any size.

    >>> head_to_conv(nn.Linear(16, 10))(torch.zeros(1, 16, 5, 9)).shape
    torch.Size([1, 10, 5, 9])
    """
    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight)
    with torch.no_grad():
        conv.weight.copy_(linear.weight[:, :, None, None])
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return conv


@where_it_lives
def backward(
    net: nn.Module, x: torch.Tensor, dy: torch.Tensor
) -> tuple[torch.Tensor | None, dict[str, torch.Tensor | None]]:
    """The gradients of a network for x and for each parameter, by name, when `dy` is the one for its output.

    >>> net = nn.Conv2d(1, 1, 1)
    >>> dx, gradients = backward(net, torch.full((1, 1, 1, 2), 3.0), torch.ones(1, 1, 1, 2))
    >>> gradients["weight"].item(), gradients["bias"].item()
    (6.0, 2.0)

    A gradient that does not arrive is None.
    """
    x = x.clone().requires_grad_()
    net.zero_grad()
    net(x + 0).backward(dy)  # x + 0: a network that changes its input in place is told so, and not by an error of torch
    return x.grad, {name: parameter.grad for name, parameter in net.named_parameters()}


@where_it_lives
def gradients(function: Callable, given: Sequence[torch.Tensor]) -> list[torch.Tensor | None]:
    """The gradients of `function(*given)` for each tensor in `given`, when the one for each number of its answer is 1.

    >>> [one.item() for one in gradients(lambda x, weight: x * weight, [torch.tensor(2.0), torch.tensor(3.0)])]
    [3.0, 2.0]

    A gradient that does not arrive is None.
    """
    given = [tensor.detach().clone().requires_grad_() for tensor in given]
    answer = function(*given)
    if not answer.requires_grad:
        return [None] * len(given)
    answer.sum().backward()
    return [tensor.grad for tensor in given]


@where_it_lives
def kept_in(net: nn.Module) -> str:
    """Where a module keeps its layers: "self", or "a plain list" (or tuple, or dictionary), where nothing finds them.

    >>> net = nn.Module()
    >>> net.layers = [nn.Conv2d(3, 5, 1), nn.ReLU()]
    >>> kept_in(net), kept_in(nn.Sequential(*net.layers))
    ('a plain list', 'self')

    What has no weights, such as an activation, may lie anywhere.
    """
    plain = [value for value in vars(net).values() if isinstance(value, list | tuple | dict)]
    kept = [one for value in plain for one in (value.values() if isinstance(value, dict) else value)]
    own = set(map(id, net.modules()))
    lost = [one for one in kept if isinstance(one, nn.Module) and id(one) not in own and list(one.parameters())]
    return "a plain list" if lost else "self"


@where_it_lives
def made_by_convolutions(net: nn.Module, x: torch.Tensor) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """What the convolutions of a network make from x, in the order of their run: (shape of the weight, H and W).

    >>> made_by_convolutions(nn.Conv2d(4, 2, 3, stride=2, padding=1), torch.zeros(1, 4, 8, 6))
    [((2, 4, 3, 3), (4, 3))]

    What is not run by `conv2d` is not seen.
    """
    made = []

    class Watch(TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), named=None):
            answer = function(*args, **(named or {}))
            if function is nn.functional.conv2d:
                made.append((tuple((*args, *(named or {}).values())[1].shape), tuple(answer.shape[-2:])))
            return answer

    with Watch(), torch.no_grad():
        net(x)
    return made


@where_it_lives
def second_names(net: nn.Module) -> dict[str, str]:
    """The names in a module's `state_dict` of what stands there already under another name, which is given with it.

    >>> conv = nn.Conv2d(3, 5, 1, bias=False)
    >>> second_names(nn.Sequential(conv, nn.ReLU(), conv))
    {'2.weight': '0.weight'}
    """
    first: dict[int, str] = {}
    names = {name: first.setdefault(id(one), name) for name, one in net.state_dict(keep_vars=True).items()}
    return {name: other for name, other in names.items() if name != other}
