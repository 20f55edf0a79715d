"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "stain_to_channels": {
        "return np.maximum(amounts, 0) → return np.maximum(0, amounts)": "the larger of two is the same in either order",
        "density = np.log10(np.clip(rgb, 1e-06, 1)).reshape(-1, 3) / -6 → density = np.log10(np.clip(*)).reshape(-1, 3) / -6": "between 1e-6 and 1 either number may be the one that is clipped, and no colour is above 1",
        "density = np.log(np.maximum(rgb, 1e-06)) / np.log(1e-06) → density = np.log(np.maximum(1e-06, rgb)) / np.log(1e-06)": "the larger of two is the same in either order",
        "amounts = conv1x1_nhwc(density[None], hed_from_rgb.T)[0] → amounts = conv1x1_nhwc(density[None], hed_from_rgb.T)[-1]": "the batch has one image, which is the first and the last",
        "return np.where(amounts > 0, amounts, 0).reshape(rgb.shape) → return np.where(amounts >= 0, amounts, 0).reshape(rgb.shape)": "a zero stays a zero",
        "density = np.log(np.where(rgb < 1e-06, 1e-06, rgb)) / np.log(1e-06) → density = np.log(np.where(rgb <= 1e-06, 1e-06, rgb)) / np.log(1e-06)": "1e-6 becomes 1e-6",
        "where rgb has * along axis 2": "a colour has three numbers",
        "where rgb has negative numbers only": "colours go from 0 to 1",
        "where rgb goes beyond *": "colours go from 0 to 1",
        "where rgb is of whole numbers": "colours from 0 to 1 are fractions",
    }
}
