// Gradient descent as experiments/descent.py has it, tested against it. The network is relu(x · weightᵀ) · head.

// The states of a run, the start first: weights of all steps one after the other, and their losses. x holds a row of cIn
// numbers for each target.
function descended(weight, head, x, target, steps, [rate, longest]) {
  const [cMid, pixels] = [head.length, target.length];
  const cIn = x.length / pixels;
  const [w, h] = [Float64Array.from(weight), Float64Array.from(head)];
  const run = { weights: new Float64Array((steps + 1) * w.length), losses: new Float64Array(steps + 1) };
  for (let step = 0; step <= steps; step++) {
    const [dw, dh, hidden] = [new Float64Array(w.length), new Float64Array(cMid), new Float64Array(cMid)];
    for (let p = 0; p < pixels; p++) {
      let error = -target[p];
      for (let m = 0; m < cMid; m++) {
        let sum = 0;
        for (let c = 0; c < cIn; c++) sum += x[p * cIn + c] * w[m * cIn + c];
        hidden[m] = Math.max(0, sum);
        error += hidden[m] * h[m];
      }
      run.losses[step] += error ** 2 / pixels;
      for (let m = 0; m < cMid; m++) {
        if (hidden[m] <= 0) continue;
        const slope = (2 * error) / pixels;
        dh[m] += slope * hidden[m];
        for (let c = 0; c < cIn; c++) dw[m * cIn + c] += slope * h[m] * x[p * cIn + c];
      }
    }
    run.weights.set(w, step * w.length);
    const size = Math.hypot(...dh, ...dw) / longest;
    const share = rate / Math.max(1, size);
    dh.forEach((value, m) => (h[m] -= share * value));
    dw.forEach((value, k) => (w[k] -= share * value));
  }
  return run;
}

export { descended };
