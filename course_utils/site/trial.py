"""The article on trial: its claims on one page, each with a small experiment that the reader runs there."""

import json
from math import isfinite
from pathlib import Path

import numpy as np

from course_utils import cost
from course_utils.base import paths
from course_utils.cost import architectures
from course_utils.experiments import claims

SCRIPT = Path(__file__).with_name("trial.js")
NETWORKS = ("VGG-16", "GoogLeNet", "ResNet-50", "ResNet-152", "MobileNetV2")
CARD = 12e9  # bytes, of the article's GPU


def on_trial(lessons):
    """The claims as data for the page; `lessons` are the pages that there are, to link to.

    >>> on_trial([])[12]["quote"]
    '1000 channels … give 10 channels … without losing any information'
    """
    page = {paths.number(name): name for name in lessons}
    return [_claim(claim, page) for claim in claims.CLAIMS.values()]


def _claim(claim, page):
    ends = {"low": claim.low, "high": claim.high} if claim.is_testable else {}
    return {
        "number": claim.number,
        "quote": claim.quote,
        "measure": claim.measure,
        "testable": claim.is_testable,
        "lesson": claim.lesson,
        "page": page.get(claim.lesson, ""),
        **{name: value if isfinite(value) else None for name, value in ends.items()},
    }


def counted():
    """What experiments take from published networks, counted here: `{claim: {world: numbers}}`.

    >>> counted()[11]
    {'Network In Network and GoogLeNet': [9]}
    """
    networks = {name: architectures.ARCHITECTURES[name].layers for name in NETWORKS}
    wider = {
        name: [float(np.mean([layer.c_out > layer.c_in for layer in layers if layer.kind == "conv"]))]
        for name, layers in networks.items()
    }
    pointwise = [layer.c_out / layer.c_in for layers in networks.values() for layer in layers if layer.pointwise]
    return {
        2: wider,
        8: {"in use": [len(layers) for layers in networks.values()], "demonstrations of depth": [1001, 1202, 10_000]},
        9: {"photos of 224×224": [CARD // cost.activation_bytes(1, [3, 32, 64, 128], 224, 224)]},
        10: {"the two papers": [2 / 5]},  # Singapore; Google, North Carolina, Michigan, Magic Leap
        11: {"Network In Network and GoogLeNet": [(2014 - 2013) * 12 + 9 - 12]},
        12: {"1×1 layers in use": sorted({*pointwise, 1.0})},
    }


def data(lessons):
    """The page's data and what decides, as JSON for a `<script>` element."""
    found = {"claims": on_trial(lessons), "counted": counted(), "most": claims.MOST}
    return json.dumps(found, ensure_ascii=False).replace("</", "<\\/")
