"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "mix_pixel": {
        "return float(np.einsum('c,c->', w, v) + b) → return float(np.einsum('c,c->', v, w) + b)": "w · v is v · w",
        "return sum((weight * value for weight, value in zip(w, v, strict=True))) + b → return sum((weight * value for value, weight in zip(w, v, strict=True))) + b": "w · v is v · w",
        "return sum((weight * value for weight, value in zip(w, v, strict=True))) + b → return sum((weight * value for weight, value in zip(v, w, strict=True))) + b": "w · v is v · w",
        "return torch.tensor(w) @ torch.tensor(v.astype(float)) + b → return torch.tensor(w) @ v.astype(float) + b": "PyTorch takes the array as it is",
    },
    "mix_pixel_many": {
        "return np.array([float(np.einsum('c,c->', row, v) + b) for * → return np.array([float(np.einsum('c,c->', v, row) + b) for *": "w · v is v · w",
        "y = np.zeros(len(bias)) → y = np.ones(len(bias))": "every number is written",
        "y[o] = mix_pixel(v, weight[o], bias[o]) → y[o] = mix_pixel(weight[o], v, bias[o])": "w · v is v · w",
    },
    "weights_for": {
        "w = np.linalg.pinv(pixels - centre) @ (targets - level) → w = np.linalg.pinv(pixels - centre) @ (targets + level)": "pixels around their mean do not see a number that is added to all targets",
        "w = np.linalg.pinv(pixels - centre) @ (targets - level) → w = np.linalg.pinv(pixels - centre) @ targets": "pixels around their mean do not see a number that is added to all targets",
        "*np.ones(* → *np.ones(*dtype=pixels.dtype)*": "a one is a one in whole numbers too",
        "answer, *_ = np.linalg.lstsq(system, targets, rcond=None) → answer, *_ = np.linalg.lstsq(system, targets)": "the other cut is as small, and no case comes near it",
        "where pixels is *everywhere": "pixels that are all alike leave the weights open",
        "where * has one along axis 0": "one pixel leaves the weights open",
        "where axis 0 of pixels is as long as axis 1 of pixels": "as many pixels as channels leave the weights open",
        "where axis 1 of pixels is as long as axis 0 of targets": "as many pixels as channels leave the weights open",
    },
}
