// The arithmetic of the scan: which output number comes when, and what it is made of. Tested against NumPy.

import { signedColour } from "./colours.js";
import { element } from "./controls.js";
import { generator, shuffled } from "./numbers.js";
import { bitmap } from "./picture.js";

// What the k-th output number is: { o, pixel }.
function visit(k, order, cOut, pixels, permutation) {
  if (order === "output by output") return { o: Math.floor(k / pixels), pixel: k % pixels };
  const turn = Math.floor(k / cOut);
  return { o: k % cOut, pixel: order === "random" ? permutation[turn] : turn };
}

// The running total of one output number: the bias, then one entry a product.
function runningTotals(maps, row, bias, pixel, pixels, cIn) {
  const totals = [bias];
  for (let c = 0; c < cIn; c++) totals.push(totals[c] + row[c] * maps[c * pixels + pixel]);
  return totals;
}

function pointwise(maps, weight, bias, pixels, cIn, cOut) {
  const outputs = new Float64Array(cOut * pixels);
  for (let o = 0; o < cOut; o++)
    for (let pixel = 0; pixel < pixels; pixel++)
      outputs[o * pixels + pixel] = runningTotals(maps, weight[o], bias[o], pixel, pixels, cIn)[cIn];
  return outputs;
}

// The position after one step: the next multiple of what the step is made of.
function stepped(position, step, { order, cIn, cOut, width }, direction) {
  const pixel = order === "output by output" ? cIn : cIn * cOut;
  const size = { product: 1, output: cIn, pixel, row: pixel * width }[step];
  return direction > 0 ? (Math.floor(position / size) + 1) * size : (Math.ceil(position / size) - 1) * size;
}

// Products a second, for a story that tells itself in about twelve seconds: one output number product by product, the rest
// of a row of pixels, and then all.
function storyRate(position, { order, cIn, cOut, end, width }) {
  const row = Math.min(end, cIn * width * (order === "output by output" ? 1 : cOut));
  let from = 0;
  for (const [to, seconds] of [
    [cIn, 4],
    [row, 2.5],
    [end, 5.5],
  ]) {
    if (position < to) return Math.max(2, (to - from) / seconds);
    from = to;
  }
  return 2;
}

// Weights for every output from a rule; `given` are the ones that Python sent.
function presetWeights(name, given, cIn, seed) {
  const random = generator(seed);
  const rules = {
    given: (o, c) => given[o][c],
    random: () => Math.round((random() * 2 - 1) * 100) / 100,
    average: (o, c) => (c < cIn ? 1 / cIn : 0),
    copy: (o, c) => (c === o % cIn ? 1 : 0),
  };
  return given.map((row, o) => row.map((_, c) => rules[name](o, c)));
}

// The size that all but the largest numbers stay below: colours and bars end there, so that the others can be told apart.
function reachOf(numbers, share = 0.97) {
  const sizes = Float64Array.from(numbers, Math.abs).sort();
  return sizes[Math.floor(share * (sizes.length - 1))] || sizes.at(-1) || 1;
}

// All that depends on weights and sizes and not on the position, made once for each choice of them.
function prepare(s) {
  const [, height, width] = s.sizes;
  s.pixels = height * width;
  s.count = s.cOut * s.pixels;
  s.end = s.count * s.cIn;
  s.permutation ??= shuffled(s.pixels);
  const mapOf = (c) => s.maps.subarray(c * s.pixels, (c + 1) * s.pixels);
  s.mapReach ??= s.names.map((_, c) => reachOf(mapOf(c)));
  s.pictures ??= s.names.map((_, c) => bitmap(width, height, (i) => signedColour(mapOf(c)[i] / s.mapReach[c])));
  const rows = s.weight.slice(0, s.cOut);
  s.outputs = pointwise(s.maps, rows, s.bias, s.pixels, s.cIn, s.cOut);
  s.outputReach = rows.map((_, o) => reachOf(s.outputs.subarray(o * s.pixels, (o + 1) * s.pixels)));
  s.weightReach = reachOf(
    rows.flatMap((row) => row.slice(0, s.cIn)),
    1,
  );
  s.totalReach = 1.15 * reachOf(s.outputs);
  s.drawn = rows.map(() => element("canvas", { width, height })); // clear where nothing is known yet
  s.colours = rows.map(() => new ImageData(width, height));
  s.revealed = 0;
}

// Where the position is: output number k, and how many of its products are added.
function locate(s) {
  const done = Math.floor(s.position / s.cIn);
  const whole = s.position % s.cIn === 0 && s.position > 0;
  const k = Math.min(whole ? done - 1 : done, s.count - 1);
  const added = whole ? s.cIn : s.position % s.cIn;
  return { done, k, added, ...visit(k, s.order, s.cOut, s.pixels, s.permutation) };
}

// Colour the output pixels that are finished and clear the others: only those that changed since the last time.
function reveal(s, done) {
  const changed = new Set();
  for (let k = Math.min(s.revealed, done); k < Math.max(s.revealed, done); k++) {
    const { o, pixel } = visit(k, s.order, s.cOut, s.pixels, s.permutation);
    const { data } = s.colours[o];
    data.set(signedColour(s.outputs[o * s.pixels + pixel] / s.outputReach[o]), 4 * pixel);
    data[4 * pixel + 3] = k < done ? 255 : 0;
    changed.add(o);
  }
  for (const o of changed) s.drawn[o].getContext("2d").putImageData(s.colours[o], 0, 0);
  s.revealed = done;
}

export { locate, pointwise, prepare, presetWeights, reveal, runningTotals, stepped, storyRate, visit };
