"""Pictures to play with: each function returns a widget that moves by itself in the browser, without the kernel."""

from course_utils.widgets.axis_slicer import axis_slicer
from course_utils.widgets.budget import budget
from course_utils.widgets.channels_kept import channels_kept
from course_utils.widgets.claim_board import claim_board
from course_utils.widgets.collisions import collisions
from course_utils.widgets.column_linker import column_linker
from course_utils.widgets.map_sums import map_sums
from course_utils.widgets.pixel_xor import pixel_xor
from course_utils.widgets.rgb_mixer import rgb_mixer
from course_utils.widgets.roofline import roofline
from course_utils.widgets.scan import scan
from course_utils.widgets.shuffle_test import shuffle_test
from course_utils.widgets.sliding_head import sliding_head
from course_utils.widgets.stack_builder import stack_builder
from course_utils.widgets.tile_walker import tile_walker
from course_utils.widgets.training_run import training_run
from course_utils.widgets.transformer_block import transformer_block

__all__ = [
    "axis_slicer",
    "budget",
    "channels_kept",
    "claim_board",
    "collisions",
    "column_linker",
    "map_sums",
    "pixel_xor",
    "rgb_mixer",
    "roofline",
    "scan",
    "shuffle_test",
    "sliding_head",
    "stack_builder",
    "tile_walker",
    "training_run",
    "transformer_block",
]
