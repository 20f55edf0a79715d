"""The C_in · C_out maps that a layer would have if nobody summed them."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def one_image_layers(rng):
    """Cases for `f(x, weight)`: the maps of one image, and a 1×1 weight."""

    def layer(c_in, c_out, h, w):
        return inputs.signed(rng, c_in, h, w), inputs.signed(rng, c_out, c_in)

    yield case("3 maps, 5 outputs, 4×7 pixels", *layer(3, 5, 4, 7))
    yield case("every size the same", *layer(3, 3, 3, 3))
    yield case("one input map", *layer(1, 4, 3, 5))
    yield case("one output map", *layer(4, 1, 3, 5))
    yield case("one pixel", *layer(3, 2, 1, 1))
    x, weight = layer(4, 3, 5, 6)
    yield case("x and weight are transposed views", x.transpose(0, 2, 1), np.asfortranarray(weight))
    yield case("random sizes", *layer(*inputs.distinct_sizes(rng, 4)))
    yield case("many maps", *layer(12, 13, 1, 2))
    yield case("many rows and columns", *layer(2, 3, 19, 22))
    yield from inputs.varied(*layer(3, 4, 2, 5))
    for said, sizes in inputs.stretched(rng, "input maps", "output maps", "rows", "columns"):
        yield case(said, *layer(*sizes))
    yield case("thousands of maps", *layer(int(rng.integers(64, 80)), int(rng.integers(128, 140)), 1, 1))


@exercise(
    cases=one_image_layers,
    axes="map h w",
    hints=(
        "One of these maps is one input map times one number. Which number belongs to input map c and output o?",
        (
            "First all the maps made of x[0], one for each output; then all those of x[1]; … So c is the outer loop, o"
            " the inner one."
        ),
        (
            "maps = [];  for c in range(C_in):  for o in range(C_out):  append weight[o, c] * x[c];  stack them into"
            " one array"
        ),
    ),
)
def unsummed_maps(x, weight):
    return np.einsum("oc,chw->cohw", weight, x).reshape(-1, *x.shape[1:])


@unsummed_maps.mistake(
    "SUM",
    "You have summed over the input maps already, so only C_out maps are left. Here keep every product by itself.",
)
def summed(x, weight):
    return np.einsum("oc,chw->ohw", weight, x)


@unsummed_maps.mistake(
    "SUM", "You have summed over the outputs: one map is left of each input map. Keep every product by itself."
)
def summed_over_outputs(x, weight):
    return np.einsum("oc,chw->chw", weight, x)


@unsummed_maps.mistake(
    "AXS",
    "The right maps in the wrong order: you group them by output. Put all maps made of x[0] first, then those of x[1].",
)
def grouped_by_output(x, weight):
    return np.einsum("oc,chw->ochw", weight, x).reshape(-1, *x.shape[1:])


@unsummed_maps.mistake(
    "AXS", "Keep two axes of pixels: the C_in and C_out axes are to become one, of C_in · C_out maps."
)
def not_flattened(x, weight):
    return np.einsum("oc,chw->cohw", weight, x)


@unsummed_maps.mistake(
    "TRN", "weight has one *row* an output channel: the number for input c and output o is weight[o, c]."
)
def transposed(x, weight):
    return np.stack([weight[c, o] * x[c] for c in range(x.shape[0]) for o in range(weight.shape[0])])


@unsummed_maps.mistake(
    "TRN",
    "The numbers of weight are taken in the wrong order: it is stored row by row, one row an *output*, "
    "and your maps are grouped by input.",
)
def weight_read_row_by_row(x, weight):
    maps = np.repeat(x, weight.shape[0], axis=0)
    return maps * weight.reshape(-1, 1, 1)


@unsummed_maps.mistake("WGT", "You copy the maps but do not multiply them by the weights.")
def only_copied(x, weight):
    return np.repeat(x, weight.shape[0], axis=0)


@unsummed_maps.mistake(
    "AXS", "Map number c·C_in + o: some maps fall on each other. Each input has C_out maps, so c counts for that many."
)
def numbered_by_c_in(x, weight):
    maps = np.zeros((weight.size, *x.shape[1:]))
    for c, o in np.ndindex(weight.shape[::-1]):
        maps[c * len(x) + o] = x[c] * weight[o, c]
    return maps


@unsummed_maps.mistake(
    "AXS",
    "Map number c + o is the same for several pairs, so they overwrite each other. Each pair needs a number of its own.",
)
def numbered_by_the_sum(x, weight):
    maps = np.zeros((weight.size, *x.shape[1:]))
    for c, o in np.ndindex(weight.shape[::-1]):
        maps[c + o] = x[c] * weight[o, c]
    return maps


@unsummed_maps.mistake(
    "ORD", "Your copies of the maps stand in the order 0 1 2 0 1 2. Those of one map stand side by side: 0 0 1 1 2 2."
)
def tiled_for_repeated(x, weight):
    return np.tile(x, (len(weight), 1, 1)) * weight.T.reshape(-1, 1, 1)


@unsummed_maps.mistake(
    "SUM", "You add up the maps of each output, and the other places stay 0. Each product has a place of its own."
)
def summed_in_place(x, weight):
    maps = np.zeros((weight.size, *x.shape[1:]))
    maps[: len(weight)] = np.einsum("oc,chw->ohw", weight, x)
    return maps


@unsummed_maps.alternative
def two_loops(x, weight):
    maps = []
    for c in range(x.shape[0]):
        for o in range(weight.shape[0]):
            maps.append(x[c] * weight[o, c])
    return np.array(maps)


@unsummed_maps.alternative
def filled_in(x, weight):
    (c_in, h, w), c_out = x.shape, weight.shape[0]
    maps = np.zeros((c_in * c_out, h, w))
    for i in range(c_in * c_out):
        c, o = divmod(i, c_out)
        maps[i] = weight[o, c] * x[c]
    return maps


@unsummed_maps.alternative
def grouped_convolution(x, weight):
    import torch

    c_in, c_out = x.shape[0], weight.shape[0]
    kernels = torch.tensor(np.ascontiguousarray(weight.T)).reshape(c_in * c_out, 1, 1, 1)
    return torch.nn.functional.conv2d(torch.tensor(x.copy())[None], kernels, groups=c_in)[0].numpy()
