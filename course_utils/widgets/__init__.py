"""Pictures to play with: each function returns a widget that moves by itself in the browser, without the kernel."""

from course_utils.widgets.board import claim_board
from course_utils.widgets.budget import budget
from course_utils.widgets.columns import column_linker
from course_utils.widgets.kept import channels_kept
from course_utils.widgets.mixer import rgb_mixer
from course_utils.widgets.pixel_xor import pixel_xor
from course_utils.widgets.roofline import roofline
from course_utils.widgets.scan import scan
from course_utils.widgets.shuffle import shuffle_test
from course_utils.widgets.slicer import axis_slicer
from course_utils.widgets.stack import stack_builder
from course_utils.widgets.tiles import tile_walker
from course_utils.widgets.training import training_run
from course_utils.widgets.transformer_block import transformer_block

__all__ = [
    "axis_slicer",
    "budget",
    "channels_kept",
    "claim_board",
    "column_linker",
    "pixel_xor",
    "rgb_mixer",
    "roofline",
    "scan",
    "shuffle_test",
    "stack_builder",
    "tile_walker",
    "training_run",
    "transformer_block",
]
