"""The course's colours by what they mean: `COLOURS["minus"]` is one for light and one for dark. Figures, panels and the
scripts of widgets all read colours.json, so blue and orange are minus and plus everywhere, and nothing else."""

import json
from pathlib import Path

COLOURS = json.loads(Path(__file__).with_name("colours.json").read_text(encoding="utf-8"))
