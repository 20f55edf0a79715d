// Reduction and reconstruction of channels, tested against NumPy. `cov` says how the channels vary together, as C rows of C
// numbers: means of products of what is left without the channel means.

const trace = (rows) => rows.reduce((sum, row, k) => sum + row[k], 0);
const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);

// Learn the outputs w·x one after the other. Each tells about all channels by how they vary with it; what is left is
// left·x, and varies less. Returns the share of the variance lost and the matrix `left` after 0, 1, … outputs.
function learned(cov, weight) {
  const total = trace(cov);
  let spread = cov; // covariance of what is left
  let left = cov.map((_, k) => cov.map((_, j) => (j === k ? 1 : 0)));
  const steps = [{ lost: 1, left }];
  for (const w of weight) {
    const along = spread.map((row) => dot(row, w)); // how each channel varies with this output
    const own = dot(along, w);
    if (own > 1e-10 * total * dot(w, w)) {
      // else it tells nothing that is not known
      const seen = left[0].map((_, j) => w.reduce((sum, value, k) => sum + value * left[k][j], 0));
      left = left.map((row, k) => row.map((value, j) => value - (along[k] * seen[j]) / own));
      spread = spread.map((row, k) => row.map((value, j) => value - (along[k] * along[j]) / own));
    }
    steps.push({ lost: Math.max(0, trace(spread) / total), left });
  }
  return steps;
}

// One channel of mix · basis + middle, and what the best linear decoder leaves out of it; basis holds rows of `pixels` numbers.
function channelOf({ mix, middle, basis, pixels }, channel) {
  return mixed(mix[channel], basis, pixels).map((value) => middle[channel] + value);
}

function missing({ mix, basis, pixels }, left, channel) {
  const parts = mix[0].map((_, r) => left[channel].reduce((sum, value, k) => sum + value * mix[k][r], 0));
  return mixed(parts, basis, pixels);
}

function mixed(weights, basis, pixels) {
  const sum = new Float64Array(pixels);
  weights.forEach((weight, r) => {
    if (weight !== 0) for (let p = 0; p < pixels; p++) sum[p] += weight * basis[r * pixels + p];
  });
  return sum;
}

// The share of a channel's own variance that is left out.
function shareOf(cov, left, channel) {
  const along = cov.map((row) => dot(row, left[channel]));
  return dot(along, left[channel]) / cov[channel][channel];
}

export { channelOf, learned, missing, shareOf };
