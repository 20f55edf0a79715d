"""The share of a network's multiply-adds and weights that its 1×1 layers have."""

import numpy as np

from course_utils import cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def as_data(layers):
    """Layers as the learner gets them: dictionaries, without any count."""
    return [layer._asdict() for layer in layers]


def networks(rng):
    """Cases for `f(layers)`."""
    a, b, h, w = inputs.distinct_sizes(rng, 4, 3, 20)
    small = [
        cost.Layer(3, 8, 3, 10, 6),
        cost.Layer(8, 8, 5, 5, 3, groups=8),
        cost.Layer(8, 12, 1, 5, 3),
        cost.Layer(12, 6, 1, 5, 3, groups=2),
        cost.Layer(6, 10, 1, 1, 1, kind="fc"),
    ]
    yield case("five layers of all kinds", as_data(small))
    yield case("MobileNetV1", as_data(cost.mobilenet_v1().layers))
    yield case("ResNet-50", as_data(cost.resnet(50).layers))
    unit = cost.layers(cost.shufflenet_unit(240, 60, 3), (240, 28, 20))
    yield case("a ShuffleNet unit: 1×1 in groups", as_data(unit))
    yield case("nothing but 1×1", as_data([cost.Layer(4, 6, 1, 3, 2), cost.Layer(6, 5, 1, 3, 2)]))
    yield case("no 1×1 at all", as_data([cost.Layer(3, 8, 3, 4, 5), cost.Layer(8, 2, 1, 1, 1, kind="fc")]))
    late = [cost.Layer(6, 8, 3, 4, 5), cost.Layer(8, 12, 1, 1, 1), cost.Layer(12, 5, 7, 1, 1, kind="fc")]
    yield case("a 1×1 convolution on one pixel, a dense layer with a 7×7 kernel", as_data(late))
    random = [cost.Layer(a, 2 * b, 3, h, w), cost.Layer(2 * b, a, 1, h, w), cost.Layer(a, b, 1, 1, 1, kind="fc")]
    yield case("random sizes", as_data(random))
    even = [cost.Layer(3, 8, 2, 4, 5), cost.Layer(8, 12, 1, 4, 5), cost.Layer(12, 5, 4, 2, 1)]
    yield case("even kernels beside a 1×1", as_data(even))
    turned = [dict(sorted(layer.items())) for layer in as_data(late)]
    yield case("the names of each layer in another order", turned)
    yield case("one layer", as_data([cost.Layer(4, 6, 1, 3, 2)]))
    yield case("two equal layers", as_data([cost.Layer(4, 4, 1, 3, 2)] * 2))
    deep = [
        cost.Layer(2, int(out), int(k), 2, 3)
        for out, k in zip(rng.integers(1, 9, 200), rng.integers(1, 4, 200), strict=True)
    ]
    yield case("a hundred layers and more", as_data(deep[: int(rng.integers(101, 200))]))


@exercise(
    cases=networks,
    small=(
        '[{"c_in": 1, "c_out": 2, "k": 1, "h": 1, "w": 1, "groups": 1, "kind": "conv"}]',
        '[{"c_in": 1, "c_out": 2, "k": 1, "h": 1, "w": 1, "groups": 1, "kind": "conv"}, {"c_in": 2, "c_out": 1, "k": 3, "h": 1, "w": 1, "groups": 1, "kind": "conv"}]',
        '[{"c_in": 1, "c_out": 2, "k": 1, "h": 1, "w": 2, "groups": 1, "kind": "conv"}, {"c_in": 2, "c_out": 1, "k": 3, "h": 1, "w": 1, "groups": 1, "kind": "conv"}]',
        '[{"c_in": 1, "c_out": 2, "k": 1, "h": 1, "w": 1, "groups": 1, "kind": "conv"}, {"c_in": 2, "c_out": 1, "k": 1, "h": 1, "w": 1, "groups": 1, "kind": "fc"}]',
        '[{"c_in": 1, "c_out": 2, "k": 1, "h": 1, "w": 1, "groups": 1, "kind": "conv"}, {"c_in": 2, "c_out": 2, "k": 3, "h": 1, "w": 1, "groups": 2, "kind": "conv"}]',
        '[{"c_in": 2, "c_out": 2, "k": 1, "h": 1, "w": 1, "groups": 2, "kind": "conv"}, {"c_in": 2, "c_out": 1, "k": 3, "h": 1, "w": 1, "groups": 1, "kind": "conv"}]',
        '[{"c_in": 1, "c_out": 2, "k": 1, "h": 2, "w": 1, "groups": 1, "kind": "conv"}, {"c_in": 2, "c_out": 1, "k": 2, "h": 1, "w": 1, "groups": 1, "kind": "conv"}]',
    ),
    hints=(
        "What is a share? Some layers' cost divided by the cost of which layers?",
        "Weights of a layer: c_out · (c_in / groups) · k · k. Multiply-adds: that, times h · w. Fully connected layers"
        " (kind 'fc') belong to the total, and not to the 1×1 layers.",
        "for each layer: add its two costs to two totals;  if k is 1 and kind is 'conv': to two more;  divide",
    ),
)
def pointwise_share(layers):
    return cost.share([cost.Layer(**layer) for layer in layers], lambda layer: layer.pointwise)


@pointwise_share.made_of("macs")
def of_macs(macs, layers):
    some, total = np.zeros(2), np.zeros(2)
    for layer in layers:
        sizes = layer["c_in"], layer["c_out"], layer["k"]
        both = [macs(*sizes, h, w, layer["groups"]) for h, w in ((layer["h"], layer["w"]), (1, 1))]
        total += both
        some += np.multiply(both, layer["k"] == 1 and layer["kind"] == "conv")
    return tuple(some / total)


@pointwise_share.mistake("UNI", "You count layers. A share of the cost weighs each layer with what it costs.")
def layers_counted(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = 1
        costs = weights * 1, weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("GRP", "`groups` is forgotten: a depthwise layer costs c_in times less than you say.")
def groups_forgotten(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake(
    "EDG", "The fully connected layers are missing from your total. They are not 1×1 layers, but they cost something."
)
def dense_left_out(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        if layer["kind"] == "fc":
            continue
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake(
    "UNI", "You count the fully connected layers as 1×1. They have k = 1 on a map of one pixel; look at `kind`."
)
def dense_as_pointwise(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("GRP", "You leave out the 1×1 layers that have groups. They are 1×1 layers, too.")
def grouped_left_out(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" and layer["groups"] == 1 else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("GRP", "You count depthwise layers with the 1×1. They look at neighbours: their k is not 1.")
def depthwise_too(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if (layer["k"] == 1 or layer["groups"] > 1) and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake(
    "UNI", "Your two shares are the same: the multiply-adds lack the h · w pixels at which each weight is used."
)
def no_pixels(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * 1, weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("UNI", "You return percent. Return parts of one: 0.5 for one half.")
def percent(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return 100 * some[0] / total[0], 100 * some[1] / total[1]


@pointwise_share.mistake(
    "ORD", "Your two numbers are swapped: the share of multiply-adds comes first, then that of weights."
)
def swapped_order(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[1] / total[1], some[0] / total[0]


@pointwise_share.mistake("SGN", "You return the share of everything *else*: one minus what is asked.")
def the_rest(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return 1 - some[0] / total[0], 1 - some[1] / total[1]


@pointwise_share.mistake("AXS", "You take h twice. A map has h rows of w pixels, and the two can differ.")
def rows_squared(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["h"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("SQR", "A k×k slice holds k·k numbers, you count k.")
def slices_of_k(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"]
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0], some[1] / total[1]


@pointwise_share.mistake("SCL", "You return costs. A share is a part of the whole: divide by the total.")
def not_divided(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0], some[1]


@pointwise_share.mistake(
    "EDG", "Only the first of two numbers is there. Return both shares: of the multiply-adds, and of the weights."
)
def one_number(layers):
    some, total = [0, 0], [0, 0]
    for layer in layers:
        weights = layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2
        costs = weights * layer["h"] * layer["w"], weights
        for i in range(2):
            total[i] += costs[i]
            some[i] += costs[i] if layer["k"] == 1 and layer["kind"] == "conv" else 0
    return some[0] / total[0]


@pointwise_share.mistake(
    "UNI", "Your second number is the share of multiply-adds once more. Weights are counted once, not at every pixel."
)
def multiply_adds_twice(layers):
    return (with_comprehensions(layers)[0],) * 2


@pointwise_share.mistake("UNI", "You divide by what the *other* layers cost. A share is a part divided by the whole.")
def over_the_others(layers):
    return tuple(part / (1 - part) for part in with_comprehensions(layers))


@pointwise_share.mistake(
    "GRP", "`groups` is forgotten where you count weights: with groups an output has fewer of them."
)
def groups_in_multiply_adds_alone(layers):
    return with_comprehensions(layers)[0], groups_forgotten(layers)[1]


@pointwise_share.mistake(
    "GRP", "`groups` is forgotten where you count multiply-adds: with groups an output needs fewer of them."
)
def groups_in_weights_alone(layers):
    return groups_forgotten(layers)[0], with_comprehensions(layers)[1]


@pointwise_share.alternative
def with_comprehensions(layers):
    def weights(layer):
        return layer["c_out"] * layer["c_in"] // layer["groups"] * layer["k"] ** 2

    def macs(layer):
        return weights(layer) * layer["h"] * layer["w"]

    chosen = [layer for layer in layers if layer["kind"] != "fc" and layer["k"] == 1]
    return [sum(map(f, chosen)) / sum(map(f, layers)) for f in (macs, weights)]


@pointwise_share.alternative
def with_arrays(layers):
    names = "c_in", "c_out", "k", "h", "w", "groups"
    c_in, c_out, k, h, w, groups = np.array([[layer[name] for name in names] for layer in layers], float).T
    weights = c_in * c_out * k * k / groups
    is_conv = np.array([layer["kind"] == "conv" for layer in layers])
    chosen = is_conv & (k == 1)
    costs = np.stack([weights * h * w, weights])
    return costs[:, chosen].sum(axis=1) / costs.sum(axis=1)
