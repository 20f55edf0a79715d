// ---- what three ways from c_in to c_out cost, tested against Python's course_utils.cost ----

// Layers as [c_in, c_out, k, groups]; all hand on maps of size × size.
function counted(layers, size) {
  const weights = layers.reduce((sum, [a, b, k, groups]) => sum + (a / groups) * b * k * k, 0);
  return { macs: weights * size * size, weights, maps: layers.reduce((sum, [, b]) => sum + b, 0) };
}

function budgetCounts({ c_in, c_mid, c_out, k, size }) {
  return {
    direct: counted([[c_in, c_out, k, 1]], size),
    bottleneck: counted(
      [
        [c_in, c_mid, 1, 1],
        [c_mid, c_out, k, 1],
      ],
      size,
    ),
    separable: counted(
      [
        [c_in, c_in, k, c_in],
        [c_in, c_out, 1, 1],
      ],
      size,
    ),
  };
}

// The width of the middle at which the bottleneck costs what the direct layer costs.
const breakEven = ({ c_in, c_out, k }) => (k * k * c_in * c_out) / (c_in + k * k * c_out);

export { breakEven, budgetCounts };
