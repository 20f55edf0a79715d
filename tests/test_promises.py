"""What the text of lessons 08 to 14 promises beside the numbers: an answer that breaks one promise is told, one that keeps all is not."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import layers
from course_utils.checking.judge import judge
from course_utils.exercises import find


class TwoNames(nn.Module):
    """A 1×1 layer that lies in self under two names, and its parameters under a third: one layer all the same."""

    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 1, bias=bias)
        self.net = nn.Sequential(self.conv)
        self.weight = self.conv.weight

    def forward(self, x):
        return self.net(x)


class NamedAndInARow(nn.Module):
    """A block whose convolutions have names, and lie in an nn.Sequential too."""

    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__()
        self.down = nn.Conv2d(c_in, c_mid, 1, bias=False)
        self.middle = nn.Conv2d(c_mid, c_mid, 3, stride, padding=1, bias=False)
        self.up = nn.Conv2d(c_mid, c_out, 1, bias=False)
        self.body = nn.Sequential(self.down, nn.ReLU(), self.middle, nn.ReLU(), self.up)
        fits = stride == 1 and c_in == c_out
        self.shortcut = nn.Identity() if fits else nn.Conv2d(c_in, c_out, 1, stride, bias=False)

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class HeadOfTwoNames(nn.Module):
    def __init__(self, linear):
        super().__init__()
        self.conv = layers.head_to_conv(linear)
        self.weight, self.bias = self.conv.weight, self.conv.bias

    def forward(self, x):
        return self.conv(x)


@pytest.mark.parametrize(
    ("name", "answer"), [("Pointwise", TwoNames), ("Bottleneck", NamedAndInARow), ("head_to_conv", HeadOfTwoNames)]
)
def test_a_layer_with_two_names_is_one_layer(name, answer):
    assert judge(find(name), answer).outcome == "correct"


class TwoLayersForOne(nn.Module):
    """Twice as many numbers as asked for: these are two layers, not one with two names."""

    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.conv, self.other = (nn.Conv2d(c_in, c_out, 1, bias=bias) for _ in range(2))

    def forward(self, x):
        return self.conv(x)


class ShortcutCutLate(NamedAndInARow):
    def forward(self, x):
        if isinstance(self.shortcut, nn.Identity):
            return super().forward(x)
        stride = self.middle.stride[0]
        short = F.conv2d(x, self.shortcut.weight)[:, :, ::stride, ::stride]
        return F.relu(self.body(x) + short)


def sparse_weight(weight):
    return torch.tensor(weight, dtype=torch.float32)[:, :, None, None].to_sparse()


def train(model, data, epochs, lr, device, report=print, batch=1000, late=False, shown=lambda found: found[-1]):
    """A right loop, if it validates on all images at once, reports in time, and shows the last accuracy."""
    model.to(device)
    (x, y), (vx, vy) = ([part.to(device) for part in data[name]] for name in ("train", "validation"))
    adam, found, told = torch.optim.Adam(model.parameters(), lr), [], []
    for _ in range(epochs):
        model.train()
        losses = []
        for rows in torch.randperm(len(x)).split(50):
            loss = F.cross_entropy(model(x[rows]), y[rows])
            adam.zero_grad()
            loss.backward()
            adam.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            parts = zip(vx.split(batch), vy.split(batch), strict=True)
            shares = [(model(images).argmax(dim=1) == labels).float().mean().item() for images, labels in parts]
        found.append(sum(shares) / len(shares))
        told.append((sum(losses) / len(losses), shown(found)))
        if not late:
            report(*told[-1])
    for one in told if late else ():
        report(*one)
    return [accuracy for _, accuracy in told]


def train_validates_in_batches(*args):
    return train(*args, batch=50)


def train_reports_at_the_end(*args):
    return train(*args, late=True)


def train_shows_the_mean_so_far(*args):
    return train(*args, shown=lambda found: sum(found) / len(found))


def head_in_another_mode(linear):
    return layers.head_to_conv(linear.eval())


def head_capped(linear):
    return nn.Sequential(layers.head_to_conv(linear), nn.Hardtanh(-1e4, 1e4))


def pick_device_cuda_by_default(prefer="cuda"):
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if prefer == "auto":
        prefer = next(name for name in there if there[name])
    return torch.device(prefer if there[prefer] else "cpu")


def run_in_double(model, x, device):
    with torch.no_grad():
        return model.to(device)(torch.tensor(x.copy()).to(device)).cpu().numpy().astype(float)


def benchmark_to_microseconds(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return round(float(np.median(times)), 6)


def roof_with_a_wide_ridge(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, peak_flops), "memory" if ai * bandwidth < 1.005 * peak_flops else "compute"


def kept(model, x, parameters):
    found = {}

    def pack(tensor):
        found[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        y = model(x)
    for one in parameters:
        found.pop(one.untyped_storage().data_ptr(), None)
    return sum(one.nbytes() for one in found.values()) + 0 * len(y)


def memory_beside_what_is_trained(model, x):
    return kept(model, x, [one for one in model.parameters() if one.requires_grad])


def memory_with_gradients_of_x(model, x):
    return kept(model, x.clone().requires_grad_(), model.parameters())


def verdict_of_rounded_shares(claim, value):
    share = round(np.mean([claim.low <= one <= claim.high for one in np.atleast_1d(value)]), 2)
    return "true" if share >= 0.95 else "false" if share <= 0.05 else "depends"


def verdict_of_nearly_the_range(claim, value):
    low, high = claim.low - 1e-9, claim.high + 1e-9
    share = np.mean([low <= one <= high for one in np.atleast_1d(value)])
    return "true" if share >= 0.95 else "false" if share <= 1 - 0.95 else "depends"


def mlpconv_without_repeats(x, layers):
    last = None
    for weight, bias in layers:
        if weight is not last:
            x = np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)
        last = weight
    return x


def fold_without_a_bias(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    shifted = scale * ((0 if bias is None else bias) - mean) + beta
    return scale[:, None] * weight, None if bias is None and not shifted.any() else shifted


def share_by_place(layers):
    some = total = np.zeros(2)
    for c_in, c_out, k, h, w, groups, kind, *_ in (layer.values() for layer in layers):
        weights = c_in * c_out * k * k // groups
        total = total + (weights * h * w, weights)
        some = some + np.multiply((weights * h * w, weights), k == 1 and kind == "conv")
    return tuple(some / total)


BROKEN = {
    "Pointwise": [(TwoLayersForOne, "numbers in its state_dict")],
    "Bottleneck": [(ShortcutCutLate, "strides too late")],
    "to_torch_weight": [(sparse_weight, "sparse")],
    "train": [
        (train_validates_in_batches, "accurac"),
        (train_reports_at_the_end, "after each epoch"),
        (train_shows_the_mean_so_far, "accurac"),
    ],
    "head_to_conv": [(head_in_another_mode, "train() or eval()"), (head_capped, "output for a large map")],
    "pick_device": [(pick_device_cuda_by_default, "without an argument, on a Mac")],
    "run_on": [(run_in_double, "float64")],
    "benchmark": [(benchmark_to_microseconds, "microseconds")],
    "roofline": [(roof_with_a_wide_ridge, "memory")],
    "activation_memory": [(memory_beside_what_is_trained, "not trained"), (memory_with_gradients_of_x, "of x")],
    "verdict": [(verdict_of_rounded_shares, "2,000 runs"), (verdict_of_nearly_the_range, "less than a hair")],
    "mlpconv": [(mlpconv_without_repeats, "")],
    "fold_batchnorm": [(fold_without_a_bias, "None")],
    "pointwise_share": [(share_by_place, "")],
}


@pytest.mark.parametrize(("name", "answer", "words"), [(name, *one) for name, some in BROKEN.items() for one in some])
def test_a_promise_that_is_broken_is_told(name, answer, words):
    verdict = judge(find(name), answer)
    said = "\n".join([verdict.headline, *verdict.details])
    assert verdict.outcome in ("wrong", "crashed") and words in said, said


def test_a_right_loop_keeps_all_promises():
    assert judge(find("train"), train).outcome == "correct"
