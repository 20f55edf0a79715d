"""Lesson 08: what fuses and what does not, the training behind the widget, and answers that nobody catalogued."""

import numpy as np
import pytest

from course_utils import convs, widgets
from course_utils.base.errors import CourseError
from course_utils.checking import CheckFailed, check
from course_utils.exercises import find
from course_utils.experiments import descent, xor
from course_utils.plots.stacking import planes, to_scale

RNG = np.random.default_rng(8)
X = RNG.normal(size=(2, 3, 4, 5))
W1, B1, W2, B2 = RNG.normal(size=(4, 3)), RNG.normal(size=4), RNG.normal(size=(5, 4)), RNG.normal(size=5)


# ---- the facts of the lesson -----------------------------------------------------------------------------------------


def test_two_layers_are_one_on_every_pixel_unless_a_relu_stands_between():
    fused = convs.pointwise(X, *find("fuse").oracle(W1, B1, W2, B2))
    middle = convs.pointwise(X, W1, B1)
    np.testing.assert_allclose(fused, convs.pointwise(middle, W2, B2), atol=1e-12)
    assert not np.allclose(fused, convs.pointwise(np.maximum(middle, 0), W2, B2))


def test_the_mlpconv_is_what_torch_computes():
    torch = pytest.importorskip("torch")
    y = torch.tensor(X)
    for weight, bias in ((W1, B1), (W2, B2)):
        y = torch.nn.functional.conv2d(y, torch.tensor(weight)[:, :, None, None], torch.tensor(bias)).relu()
    np.testing.assert_allclose(find("mlpconv").oracle(X, [(W1, B1), (W2, B2)]), y.numpy(), atol=1e-12)


def test_batchnorm_of_torch_folds():
    torch = pytest.importorskip("torch")
    norm = torch.nn.BatchNorm2d(4, eps=1e-3, dtype=torch.float64).eval()
    gamma, beta, mean, var = RNG.normal(size=4), RNG.normal(size=4), RNG.normal(size=4), RNG.uniform(0.1, 3, 4)
    for name, value in (("weight", gamma), ("bias", beta), ("running_mean", mean), ("running_var", var)):
        getattr(norm, name).data = torch.tensor(value)
    expected = norm(torch.tensor(convs.pointwise(X, W1, B1))).detach().numpy()
    folded = find("fold_batchnorm").oracle(W1, B1, gamma, beta, mean, var, 1e-3)
    np.testing.assert_allclose(convs.pointwise(X, *folded), expected, atol=1e-12)


def test_no_linear_layer_does_better_than_one_half_at_xor():
    columns = np.column_stack([xor.POINTS, np.ones(4)])
    best, *_ = np.linalg.lstsq(columns, xor.TARGETS, rcond=None)
    np.testing.assert_allclose(columns @ best, 0.5, atol=1e-12)


# ---- the training ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("part", range(4))
def test_a_step_goes_down_the_slope(part, relu):
    net = xor.start(3, seed=1)._replace(b1=np.array([0.3, -0.2, 0.1]))

    def loss(value):
        return ((xor.output(net._replace(**{net._fields[part]: value}), xor.POINTS, relu) - xor.TARGETS) ** 2).mean()

    (_, _), (after, _) = xor.steps(net, 1, relu)
    np.testing.assert_allclose(
        (net[part] - after[part]) / xor.RATE, descent.numeric_gradient(loss, net[part]), atol=1e-7
    )


def test_without_relu_training_ends_at_one_half_however_wide():
    for hidden in (1, 2, 8):
        net, loss = xor.train(xor.start(hidden), 1000, relu=False)
        assert loss == pytest.approx(0.25, abs=1e-6)
        np.testing.assert_allclose(xor.output(net, xor.POINTS, relu=False), 0.5, atol=2e-3)


def test_with_relu_one_channel_never_solves_it_and_eight_nearly_always_do():
    solved = [sum(xor.solves(xor.train(xor.start(hidden, s), 600)[0]) for s in range(20)) for hidden in (1, 2, 8)]
    assert solved[0] == 0
    assert 2 <= solved[1] <= 12
    assert solved[2] >= 18


# ---- answers that nobody catalogued ----------------------------------------------------------------------------------

fuse, mlpconv, gap, linear, fold = (
    find(name).oracle for name in ("fuse", "mlpconv", "gap", "gap_then_linear", "fold_batchnorm")
)


def fold_with(change):
    """The right answer after `change` was made to its arguments."""
    return lambda w, b, g, be, m, v, e: fold(
        **change({"weight": w, "bias": b, "gamma": g, "beta": be, "mean": m, "var": v, "eps": e})
    )


WRONG = [
    ("fuse", lambda w1, b1, w2, b2: w2 @ w1),
    ("fuse", lambda w1, b1, w2, b2: (w2 @ b1 + b2, w2 @ w1)),
    ("fuse", lambda w1, b1, w2, b2: (w2 @ w1, (w2 @ b1 + b2)[:, None])),
    ("fuse", lambda w1, b1, w2, b2: ((w2 @ w1)[:, :, None, None], w2 @ b1 + b2)),
    ("fuse", lambda w1, b1, w2, b2: (w2 @ w1, w2 @ b1 - b2)),
    ("fuse", lambda w1, b1, w2, b2: (w2 @ w1 / len(w1), w2 @ b1 + b2)),
    ("fuse", lambda w1, b1, w2, b2: (w2 @ w1, w2 @ b1 + b2.sum())),
    ("fuse", lambda w1, b1, w2, b2: (w2 @ w1 + b1.sum(), w2 @ b1 + b2)),
    ("fuse", lambda w1, b1, w2, b2: ((w2 @ w1).tolist(), (w2 @ b1 + b2).tolist())),
    ("mlpconv", lambda x, layers: mlpconv(x, layers[:2])),
    ("mlpconv", lambda x, layers: np.minimum(mlpconv(x, layers), 6)),
    ("mlpconv", lambda x, layers: mlpconv(x[:1], layers)),
    ("mlpconv", lambda x, layers: mlpconv(x, layers).astype(int)),
    ("mlpconv", lambda x, layers: mlpconv(x, layers) > 0),
    ("mlpconv", lambda x, layers: mlpconv(x, [fuse(*layers[0], *layers[1])] if len(layers) == 2 else layers)),
    ("mlpconv", lambda x, layers: mlpconv(x, [(w, b * 0 + b[0]) for w, b in layers])),
    ("mlpconv", lambda x, layers: mlpconv(x.transpose(0, 1, 3, 2), layers)),
    ("mlpconv", lambda x, layers: np.where(mlpconv(x, layers) > 0, mlpconv(x, layers), 0.01)),
    ("gap", lambda x: np.median(x, axis=(2, 3))),
    ("gap", lambda x: np.abs(x).mean(axis=(2, 3))),
    ("gap", lambda x: x[:, :, 0, 0]),
    ("gap", lambda x: x.mean(axis=(2, 3)).T),
    ("gap", lambda x: x.mean(axis=(2, 3)).tolist()),
    ("gap", lambda x: x.reshape(x.shape[1], x.shape[0], -1).mean(axis=2).T),
    ("gap", lambda x: x.mean(axis=(2, 3)).round(2)),
    ("gap_then_linear", lambda x, w, b: np.maximum(x, 0).mean(axis=(2, 3)) @ w.T + b),
    ("gap_then_linear", lambda x, w, b: linear(x, w, b)[:, :, None, None]),
    ("gap_then_linear", lambda x, w, b: linear(x, w, b).argmax(axis=1)),
    ("gap_then_linear", lambda x, w, b: linear(x, w, b).T),
    ("gap_then_linear", lambda x, w, b: np.exp(linear(x, w, b)) / np.exp(linear(x, w, b)).sum(axis=1, keepdims=True)),
    ("gap_then_linear", lambda x, w, b: linear(x, w, b[:1].repeat(len(b)))),
    ("fold_batchnorm", lambda *args: fold(*args)[0]),
    ("fold_batchnorm", lambda *args: fold(*args)[::-1]),
    ("fold_batchnorm", fold_with(lambda a: a | {"eps": 1e-5})),
    ("fold_batchnorm", fold_with(lambda a: a | {"gamma": abs(a["gamma"])})),
    ("fold_batchnorm", fold_with(lambda a: a | {"var": a["var"] ** 2})),
    ("fold_batchnorm", fold_with(lambda a: a | {"beta": a["mean"], "mean": a["beta"]})),
    ("fold_batchnorm", fold_with(lambda a: a | {"gamma": a["beta"], "beta": a["gamma"]})),
    ("fold_batchnorm", fold_with(lambda a: a | {"var": np.full_like(a["var"], a["var"].mean())})),
    ("fold_batchnorm", fold_with(lambda a: a | {"weight": a["weight"] - a["mean"][:, None]})),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_near_misses_are_refused(name, answer):
    with pytest.raises(CheckFailed) as failure:
        check(answer, name)
    assert "Traceback" not in str(failure.value)


RIGHT = [
    ("fuse", lambda w1, b1, w2, b2: [np.dot(w2, w1), b2 + (w2 * b1).sum(axis=1)]),
    ("fuse", lambda w1, b1, w2, b2: ((w1.T @ w2.T).T, b1 @ w2.T + b2)),
    ("mlpconv", lambda x, layers: mlpconv(x.astype("f4"), [(w.astype("f4"), b.astype("f4")) for w, b in layers])),
    ("mlpconv", lambda x, layers: mlpconv(mlpconv(x, layers[:1]), layers[1:])),
    ("gap", lambda x: x.reshape(*x.shape[:2], -1).mean(axis=-1)),
    ("gap", lambda x: np.array([[np.average(channel) for channel in image] for image in x])),
    ("gap_then_linear", lambda x, w, b: np.stack([(w * v).sum(axis=1) + b for v in gap(x)])),
    ("gap_then_linear", lambda x, w, b: convs.pointwise(gap(x)[:, :, None, None], w, b)[:, :, 0, 0]),
    ("fold_batchnorm", lambda w, b, g, be, m, v, e: fold(w, np.zeros(len(w)) if b is None else b, g, be, m, v, e)),
    (
        "fold_batchnorm",
        lambda w, b, g, be, m, v, e: (
            w * (g * (v + e) ** -0.5)[:, None],
            be - (m if b is None else m - b) * g * (v + e) ** -0.5,
        ),
    ),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_styles_are_accepted(name, answer):
    check(answer, name)


# ---- figures and widget ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: planes([len], [], [], []), "1 functions and 0 titles"),
        (lambda: to_scale([np.eye(2)], []), "1 matrices and 0 titles"),
        (lambda: widgets.pixel_xor(hidden=9), "hidden is 9, expected a whole number from 1 to 8"),
        (lambda: widgets.pixel_xor(between="tanh"), "expected one of nothing, ReLU"),
        (lambda: setattr(widgets.pixel_xor(), "step", 1001), "step is 1001"),
        (lambda: setattr(widgets.pixel_xor(), "start", -1), "start is -1"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(call, message):
    with pytest.raises(CourseError, match=message):
        call()


def test_the_widget_says_in_words_how_training_ends():
    assert "loss 0.250 after 1000 steps" in widgets.pixel_xor().as_text()
    solved = widgets.pixel_xor(between="ReLU")
    assert "loss 0.000 after 1000 steps" in solved.as_text()
    assert solved.as_html().count("<img alt=") == 4
