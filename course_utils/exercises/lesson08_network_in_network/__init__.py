"""Lesson 08: linear layers fuse, ReLU keeps them apart, pooling commutes, BatchNorm folds away."""

TITLE = "Stacking, and Network in Network"
EXERCISES = ("fuse", "mlpconv", "gap", "gap_then_linear", "fold_batchnorm")  # in the order of the lesson
