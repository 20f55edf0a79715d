"""Lesson 10: the layer as a PyTorch module, and modules out of modules.

A class is looked at as one who uses it would: it is made, given weights through its state_dict, run, and asked for
gradients. In the catalogue it is a function that makes a module, so that reading the catalogue does not load torch.
"""

TITLE = "From NumPy to PyTorch"
EXERCISES = ("to_torch_weight", "Pointwise", "Bottleneck")  # in the order of the lesson
