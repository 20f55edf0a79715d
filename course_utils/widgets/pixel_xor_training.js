// A 2 → hidden → 1 network on the four points of XOR: what it says, and its training. Tested against NumPy.
// Its numbers stand in a row: w1 (hidden × 2), b1 (hidden), w2 (hidden), b2 (1).

const POINTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const TARGETS = [0, 1, 1, 0];

function says(net, hidden, relu, a, b) {
  let y = net[4 * hidden];
  for (let m = 0; m < hidden; m++) {
    const z = net[2 * m] * a + net[2 * m + 1] * b + net[2 * hidden + m];
    y += net[3 * hidden + m] * (relu && z < 0 ? 0 : z);
  }
  return y;
}

function lossOf(net, hidden, relu) {
  return POINTS.reduce((sum, [a, b], p) => sum + (says(net, hidden, relu, a, b) - TARGETS[p]) ** 2, 0) / 4;
}

// One step of gradient descent on the mean squared error, as a new row of numbers.
function improved(net, hidden, relu, rate) {
  const next = Float64Array.from(net);
  POINTS.forEach(([a, b], p) => {
    const dy = (2 * (says(net, hidden, relu, a, b) - TARGETS[p])) / 4;
    for (let m = 0; m < hidden; m++) {
      const z = net[2 * m] * a + net[2 * m + 1] * b + net[2 * hidden + m];
      const off = relu && z <= 0;
      const dz = off ? 0 : dy * net[3 * hidden + m];
      next[2 * m] -= rate * dz * a;
      next[2 * m + 1] -= rate * dz * b;
      next[2 * hidden + m] -= rate * dz;
      next[3 * hidden + m] -= rate * dy * (off ? 0 : z);
    }
    next[4 * hidden] -= rate * dy;
  });
  return next;
}

// All networks of a training run, the start first, and the loss of each.
function trained(start, hidden, relu, rate, steps) {
  const nets = [Float64Array.from(start)];
  for (let t = 0; t < steps; t++) nets.push(improved(nets[t], hidden, relu, rate));
  return { nets, losses: nets.map((net) => lossOf(net, hidden, relu)) };
}

export { POINTS, TARGETS, improved, lossOf, says, trained };
