"""What rounding the inputs to fewer bits does to the output."""

import numpy as np

from course_utils.exercises.inputs import distinct_sizes
from course_utils.exercises.spec import case, exercise


def coarse(rng):
    """Cases for `f(x, weight, dtype)`: tensors of float64 and a type of number."""
    import torch

    def layer(label, n, c_in, c_out, h, w, dtype):
        x, weight = rng.standard_normal((n, c_in, h, w)), rng.standard_normal((c_out, c_in))
        return case(label, torch.from_numpy(3 * x + 1), torch.from_numpy(weight), dtype)

    yield layer("bf16", 2, 16, 5, 4, 7, "bf16")
    yield layer("TF32", 2, 32, 6, 3, 5, "tf32")
    yield layer("fp16", 1, 24, 4, 5, 6, "fp16")
    yield layer("fp32", 2, 20, 3, 4, 5, "fp32")
    yield layer("one input channel", 2, 1, 6, 4, 3, "bf16")
    yield layer("one output channel", 3, 9, 1, 2, 5, "tf32")
    x, weight = rng.standard_normal((2, 3, 4, 5)), np.abs(rng.standard_normal((4, 3))) + 0.1
    x[1, 2, 3, 1] = 70_000.0
    yield case("fp16, and a number beyond its range", torch.from_numpy(x), torch.from_numpy(weight), "fp16")
    yield layer("tall and wide, many images", 18, 3, 2, 23, 21, "bf16")
    yield layer("random sizes", *distinct_sizes(rng, 5, low=3, high=12), str(rng.choice(["bf16", "tf32", "fp16"])))


@exercise(
    cases=coarse,
    hints=(
        "Two answers are compared: one from the numbers as they are, one from the rounded numbers. What do you divide their difference by, so that an output near zero does no harm?",
        "Round both x and weight with device.rounded(…, dtype). Take the largest absolute difference of the two outputs, over all of it, "
        "and divide it by the root of the mean square of the exact output.",
        "exact = layer(x, weight);  coarse = layer(rounded(x, dtype), rounded(weight, dtype));  error = largest |coarse − exact|;  "
        "return error / sqrt(mean of exact²)",
    ),
)
def mixed_precision_error(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake(
    "SCL",
    "You divide each error by its own output. An output that happens to be nearly zero then makes the error huge, however small it is. Divide the largest error by the RMS of all outputs.",
)
def each_by_its_own(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs() / exact.abs()).max().item()


@mixed_precision_error.mistake(
    "TST",
    "You compare the rounded computation with itself, and nothing is wrong with it, ever. The exact one has to come from x and weight as they are.",
)
def with_itself(x, weight, dtype):
    return 0.0


@mixed_precision_error.mistake(
    "AVG", "This is the RMS of the error. The *largest* error is asked for: one bad pixel counts."
)
def rms_of_the_error(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).square().mean() / exact.square().mean()).sqrt().item()


@mixed_precision_error.mistake(
    "AVG", "This is the mean of the errors. The *largest* error is asked for: one bad pixel counts."
)
def mean_of_the_error(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().mean() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("PRC", "Only x is rounded. The weights go into the product with as few bits.")
def only_x_rounded(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", weight, rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("PRC", "Only the weights are rounded. x goes into the product with as few bits.")
def only_weight_rounded(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), x)
    return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake(
    "ORD", "You round the result. What has few bits is what goes *into* the product; the sum is kept wide."
)
def result_rounded(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    return ((rounded(exact, dtype) - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake(
    "ORD", "You round what goes in and the result too. The sum is kept wide here: leave the result as it is."
)
def rounded_twice(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((rounded(coarse, dtype) - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake(
    "AVG", "You divide by the largest output. It depends on one pixel; divide by the RMS, the root of the mean square."
)
def over_the_largest(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.abs().max()).item()


@mixed_precision_error.mistake(
    "AVG",
    "You divide by the mean of the outputs. Positive and negative ones cancel in it; square them first: that is the RMS.",
)
def over_the_mean(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.mean()).item()


@mixed_precision_error.mistake(
    "SGN",
    "The largest difference is not the largest error: an output may be too small as well as too large. Take absolute values first.",
)
def no_absolute_value(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake(
    "SCL",
    "This is the largest error itself. Multiply x by 1000 and it is 1000 times as large: divide by the RMS of the exact output.",
)
def not_divided(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return (coarse - exact).abs().max().item()


@mixed_precision_error.mistake(
    "CTR", "You divide by the standard deviation: it takes the mean off first. The RMS is the root of the mean square."
)
def over_the_standard_deviation(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.std(unbiased=False)).item()


@mixed_precision_error.mistake(
    "ORD", "You divide by the RMS of the rounded computation. What it is compared with is the exact one."
)
def over_the_rounded(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / coarse.square().mean().sqrt()).item()


@mixed_precision_error.mistake("SCL", "The root is missing: RMS is the *root* of the mean of the squares.")
def over_the_mean_square(x, weight, dtype):
    import torch

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    return with_conv2d(x, weight, dtype) / exact.square().mean().sqrt().item()


@mixed_precision_error.mistake(
    "CTR", "You divide by the standard deviation: it takes the mean off first. The RMS is the root of the mean square."
)
def over_torchs_standard_deviation(x, weight, dtype):
    import torch

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    return (with_conv2d(x, weight, dtype) * exact.square().mean().sqrt() / exact.std()).item()


@mixed_precision_error.mistake("SCL", "You divide by the RMS of x. It is the *output* that the error is compared with.")
def over_the_rms_of_x(x, weight, dtype):
    import torch

    rms = torch.einsum("oc,nchw->nohw", weight, x).square().mean().sqrt()
    return (with_conv2d(x, weight, dtype) * rms / x.square().mean().sqrt()).item()


@mixed_precision_error.mistake(
    "AVG", "You divide by the mean of the absolute values. The RMS squares first, takes the mean, then the root."
)
def over_the_mean_absolute_value(x, weight, dtype):
    import torch

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    return (with_conv2d(x, weight, dtype) * exact.square().mean().sqrt() / exact.abs().mean()).item()


@mixed_precision_error.alternative
def with_conv2d(x, weight, dtype):
    import torch.nn.functional as F

    from course_utils.device import rounded

    exact = F.conv2d(x, weight[:, :, None, None])
    error = F.conv2d(rounded(x, dtype), rounded(weight, dtype)[:, :, None, None]) - exact
    return error.abs().max() / (exact**2).mean() ** 0.5


@mixed_precision_error.alternative
def in_numpy(x, weight, dtype):
    from course_utils.device import rounded

    columns = [one.permute(1, 0, 2, 3).reshape(one.shape[1], -1).numpy() for one in (x, rounded(x, dtype))]
    exact, coarse = (
        matrix.numpy() @ pixels for matrix, pixels in zip((weight, rounded(weight, dtype)), columns, strict=True)
    )
    return float(np.max(np.abs(coarse - exact)) / np.linalg.norm(exact) * np.sqrt(exact.size))
