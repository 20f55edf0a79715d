"""The misconceptions the course knows by name: a three-letter code and what the learner believes."""

CODES = {
    "MUL": "maps multiply from layer to layer",
    "AVG": "an average instead of a weighted sum",
    "DWP": "each channel treated on its own (depthwise)",
    "LIN": "a 1×1 convolution thought nonlinear by itself",
    "LAY": "channels-first and channels-last mixed up",
    "BIA": "bias misplaced or forgotten",
    "RSH": "reshape used as if it were a transpose",
    "AXS": "the wrong axis",
    "CHN": "the wrong number of channels after a bottleneck",
    "TRN": "the weight matrix transposed",
    "ACC": "an accumulator not kept or not reset",
    "BAT": "images of the batch mixed up or left out",
    "RNK": "shape taken for information",
    "SYM": "symmetry ignored",
    "DEV": "device or timing",
    "INP": "an input changed in place",
    "UNI": "units mixed up",
    "LOC": "neighbouring pixels mixed in",
    "SGN": "a sign or a direction reversed",
    "EDG": "an edge case left out",
}
