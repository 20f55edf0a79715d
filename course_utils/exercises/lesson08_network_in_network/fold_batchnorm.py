"""A batch norm put into the weight and the bias of the layer before it."""

from functools import partial

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def normed(rng, c_in, c_out, eps):
    """One layer and its batch norm."""
    gamma, beta, mean = (inputs.signed(rng, c_out) for _ in range(3))
    var = rng.integers(5, 300, c_out) / 100
    return inputs.signed(rng, c_out, c_in), inputs.signed(rng, c_out), gamma, beta, mean, var, eps


def normed_layers(rng):
    """Cases for `f(weight, bias, gamma, beta, mean, var, eps)`."""
    layer = partial(normed, rng)
    yield case("3 → 5 channels", *layer(3, 5, 1e-2))
    yield case("4 → 4 channels", *layer(4, 4, 1e-2))
    yield case("one channel in", *layer(1, 4, 1e-3))
    yield case("one channel out", *layer(6, 1, 1e-3))
    weight, bias, gamma, beta, mean, var, eps = layer(3, 4, 1e-3)
    yield case("a channel that never varies: var = 0", weight, bias, gamma, beta, mean, var * [1, 0, 1, 1], eps)
    weight, _, *rest = layer(4, 3, 1e-3)
    yield case("bias=None", weight, None, *rest)
    yield case("a large eps", *layer(2, 3, 0.5))
    yield case("random sizes", *layer(*inputs.distinct_sizes(rng, 2), 1e-2))
    yield case("many channels", *layer(66, 70, 1e-2))
    yield case("a very large eps", *layer(2, 3, 2000.0))
    yield case("eps is a whole number", *layer(2, 3, 1))
    for c_in, c_out in ((2, 6), (6, 2)):
        weight, _, *rest = layer(c_in, c_out, 1e-2)
        yield case(f"bias=None, {c_in} → {c_out} channels", weight, None, *rest)
    weight, bias, gamma, beta, mean, var, eps = layer(3, 4, 1e-3)
    yield case("every mean is 0", weight, bias, gamma, beta, 0 * mean, var, eps)
    yield case("bias=None, every mean and every beta 0", weight, None, gamma, 0 * beta, 0 * mean, var, eps)
    yield case("every gamma is 1, every beta 0", weight, bias, 0 * gamma + 1, 0 * beta, mean, var, eps)
    yield case("a batch norm that does nothing", weight, bias, 0 * gamma + 1, bias, bias, 0 * var + 1, 0.0)
    yield case("a layer without a bias, every mean 0", weight, 0 * bias, gamma, beta, 0 * mean, var, eps)
    yield case("every gamma is 0", weight, bias, 0 * gamma, beta, mean, var, eps)
    yield case("every var is 0", weight, bias, gamma, beta, mean, 0 * var, eps)
    yield case("a weight and a bias of zeros", 0 * weight, 0 * bias, gamma, beta, mean, var, eps)
    negative = [-np.abs(numbers) for numbers in (weight, bias, gamma, beta, mean)]
    yield case("negative numbers only, but for var", *negative, var, eps)
    yield from inputs.varied(weight, bias, gamma, beta, mean, var, eps, but=("negative", "zero", "balanced"))
    yield case("positive numbers only", *map(np.abs, (weight, bias, gamma, beta, mean)), var, eps)
    for said, sizes in inputs.stretched(rng, "channels in", "channels out"):
        yield case(said, *layer(*sizes, 1e-2))


@exercise(
    cases=normed_layers,
    new_arrays=True,
    hints=(
        "For one output channel, BatchNorm is 'times a number, plus a number'. Which two numbers?",
        "gamma / sqrt(var + eps) is one number for each *output* channel: it scales a whole row of weight.",
        "scale = gamma / sqrt(var + eps);  weight row o times scale[o];  bias = (bias - mean) · scale + beta;  None counts as 0",
    ),
)
def fold_batchnorm(weight, bias, gamma, beta, mean, var, eps):
    scale = np.diag(gamma / (var + eps) ** 0.5)
    shifted = -mean if bias is None else bias - mean
    return np.einsum("op,pc->oc", scale, weight), np.einsum("op,p->o", scale, shifted) + beta


@fold_batchnorm.mistake(
    "BNM",
    "eps is forgotten. It stands under the root, beside var, so that a channel that never varies divides by no zero.",
)
def forgets_eps(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("BNM", "eps is added after the root. It is added to var first: sqrt(var + eps).")
def eps_outside(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("TRN", "You scale the columns of weight. BatchNorm acts on the *outputs*: scale the rows.")
def scales_columns(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale, ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("BNM", "beta is lost. It is added last, so it ends up in the bias.")
def beta_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale


@fold_batchnorm.mistake("BNM", "mean is lost. It is subtracted from the output, bias included, before the scaling.")
def mean_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (0 if bias is None else bias) * scale + beta


@fold_batchnorm.mistake(
    "BIA", "The layer's own bias is lost. BatchNorm shifts and scales it like the rest of the output."
)
def bias_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], beta - mean * scale


@fold_batchnorm.mistake("BIA", "The layer's own bias is not scaled. It is part of the output when BatchNorm comes.")
def bias_not_scaled(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (0 if bias is None else bias) + beta - mean * scale


@fold_batchnorm.mistake("BNM", "mean is not scaled. It is subtracted first, and what is left is scaled.")
def mean_not_scaled(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (0 if bias is None else bias) * scale - mean + beta


@fold_batchnorm.mistake("BNM", "beta is scaled too. It is added after the scaling.")
def beta_scaled(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean + beta) * scale


@fold_batchnorm.mistake("BNM", "mean is added. BatchNorm takes it away.")
def mean_added(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) + mean) * scale + beta


@fold_batchnorm.mistake("BNM", "You divide by the variance. Divide by its root, the standard deviation.")
def no_root(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("BNM", "gamma is lost. It multiplies what was centred and divided.")
def gamma_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("BNM", "Only the bias is changed. The scaling reaches the weight too, row by row.")
def weight_left_alone(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight.copy(), ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("INP", "`*=` changes the weight of the caller. Make a new array.", uses=("+=",))
def in_the_callers_weight(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    weight *= scale[:, None]
    return weight, ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("EDG", "bias may be None, and then it counts as 0.")
def needs_a_bias(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (bias - mean) * scale + beta


@fold_batchnorm.mistake(
    "EDG", "bias=None comes back as None. A batch norm shifts too: folded into the layer it always makes a bias."
)
def none_stays_none(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], None if bias is None else (bias - mean) * scale + beta


@fold_batchnorm.mistake("BNM", "eps is no lower limit for var: it is added to every var, sqrt(var + eps).")
def eps_as_a_limit(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(np.maximum(var, eps))
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.alternative
def row_by_row(weight, bias, gamma, beta, mean, var, eps):
    rows, biases = [], []
    for o, row in enumerate(weight):
        deviation = float(var[o] + eps) ** 0.5
        rows.append(gamma[o] * row / deviation)
        biases.append(beta[o] + gamma[o] * ((0.0 if bias is None else bias[o]) - mean[o]) / deviation)
    return np.array(rows), np.array(biases)


@fold_batchnorm.alternative
def as_two_fused_layers(weight, bias, gamma, beta, mean, var, eps):
    scale = np.diag(gamma / np.sqrt(var + eps))
    first = np.zeros(len(weight)) if bias is None else bias
    return scale @ weight, scale @ first + (beta - scale @ mean)


@fold_batchnorm.alternative
def as_torch_folds_it(weight, bias, gamma, beta, mean, var, eps):
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    weight, *given, gamma, beta = (
        None if a is None else torch.tensor(a * 1.0) for a in (weight, bias, mean, var, gamma, beta)
    )
    made = fuse_conv_bn_weights(weight[:, :, None, None], *given, eps, gamma, beta)
    return made[0].detach().numpy()[:, :, 0, 0], made[1].detach().numpy()
