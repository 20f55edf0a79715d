"""What a network costs, counted from its description: maps, kernel slices, weights, multiply-adds and bytes.

>>> count(resnet(50).layers).parameters
25557032
"""

from course_utils.cost.architectures import (
    ARCHITECTURES,
    GOOGLENET_TABLE,
    googlenet,
    mobilenet_v1,
    mobilenet_v2,
    resnet,
    squeezenet,
    vgg16,
    vit_b16_patches,
)
from course_utils.cost.counts import Counts, Layer, count, share
from course_utils.cost.network import Architecture, Branches, Conv, Pool, Shortcut, layers
from course_utils.cost.roofline import Work, attainable, best_seconds, pointwise_layers, pointwise_work
from course_utils.cost.stack import (
    FLOAT32,
    activation_bytes,
    kernel_slices,
    maps,
    maps_if_multiplied,
    readable,
    stack_weights,
    weights,
)
from course_utils.cost.tiles import Traffic, tile_traffic
from course_utils.cost.units import (
    bottleneck,
    fire,
    inception,
    inverted,
    resnet_unit,
    resnext_unit,
    separable,
    shufflenet_unit,
)

__all__ = [
    "ARCHITECTURES",
    "FLOAT32",
    "GOOGLENET_TABLE",
    "Architecture",
    "Branches",
    "Conv",
    "Counts",
    "Layer",
    "Traffic",
    "Pool",
    "Shortcut",
    "Work",
    "activation_bytes",
    "attainable",
    "best_seconds",
    "bottleneck",
    "count",
    "fire",
    "googlenet",
    "inception",
    "inverted",
    "kernel_slices",
    "layers",
    "maps",
    "maps_if_multiplied",
    "mobilenet_v1",
    "mobilenet_v2",
    "readable",
    "pointwise_layers",
    "pointwise_work",
    "resnet",
    "resnet_unit",
    "resnext_unit",
    "separable",
    "share",
    "shufflenet_unit",
    "squeezenet",
    "stack_weights",
    "tile_traffic",
    "vgg16",
    "vit_b16_patches",
    "weights",
]
