// Covariance, reduction and reconstruction of channels, tested against NumPy. x holds C rows of `pixels` numbers.

function means(x, c, pixels) {
  return Array.from({ length: c }, (_, k) => {
    let sum = 0;
    for (let p = 0; p < pixels; p++) sum += x[k * pixels + p];
    return sum / pixels;
  });
}

// How the channels vary together, as C rows of C numbers: means of products of what is left without the channel means.
function covariance(x, c, pixels) {
  const middle = means(x, c, pixels);
  const rows = Array.from({ length: c }, () => new Array(c).fill(0));
  for (let a = 0; a < c; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let p = 0; p < pixels; p++) sum += (x[a * pixels + p] - middle[a]) * (x[b * pixels + p] - middle[b]);
      rows[a][b] = rows[b][a] = sum / pixels;
    }
  }
  return rows;
}

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

// One channel as the best linear decoder rebuilds it: what it is, less the part that is left over.
function rebuilt(x, left, channel, c, pixels) {
  const middle = means(x, c, pixels);
  return Float64Array.from({ length: pixels }, (_, p) => {
    let missing = 0;
    for (let k = 0; k < c; k++) missing += left[channel][k] * (x[k * pixels + p] - middle[k]);
    return x[channel * pixels + p] - missing;
  });
}

export { covariance, learned, rebuilt };
