"""Devices: choose one, say what it is, time it honestly, measure what it can do; and what others say of theirs."""

from course_utils.device.ceilings import bandwidth, product, reading, tf32, torch_type
from course_utils.device.choose import describe, has_tf32, pick, synchronise
from course_utils.device.graphs import NotCaptured, captured
from course_utils.device.precision import round_to_tf32, rounded
from course_utils.device.simulated import SimulatedGPU
from course_utils.device.specs import ITEMSIZES, SPECS, Spec
from course_utils.device.timing import Timing, summary, timed

__all__ = [
    "ITEMSIZES",
    "NotCaptured",
    "SPECS",
    "SimulatedGPU",
    "Spec",
    "Timing",
    "bandwidth",
    "captured",
    "describe",
    "has_tf32",
    "pick",
    "product",
    "reading",
    "round_to_tf32",
    "rounded",
    "summary",
    "synchronise",
    "tf32",
    "timed",
    "torch_type",
]
