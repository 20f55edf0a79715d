// The article on trial: a claim, the reader's guess, an experiment in the browser, its numbers as dots, the verdict.

const RUNS = 20;
const SAID = { true: "True", false: "False", depends: "It depends" };

/** Random numbers that a seed repeats (mulberry32), and normal ones made of two of them. */
function numbers(seed) {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    whole: (low, high) => low + Math.floor(uniform() * (high - low)),
    list: (n) => Array.from({ length: n }, normal),
  };
}

const grid = (rows, columns, value) =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => value(i, j)));
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** A 3×3 convolution of maps (C_in, H, W), with weight[o][c] a 3×3 kernel: it sums over the input maps. */
function convolve(maps, weight) {
  const [h, w] = [maps[0].length, maps[0][0].length];
  const at = (map, i, j) => map[i]?.[j] ?? 0;
  return weight.map((kernels) =>
    grid(h, w, (i, j) =>
      kernels.reduce(
        (sum, kernel, c) =>
          sum +
          kernel.reduce(
            (all, row, a) => all + row.reduce((s, v, b) => s + v * at(maps[c], i + a - 1, j + b - 1), 0),
            0,
          ),
        0,
      ),
    ),
  );
}

const maps = (rng, c, h = 6, w = 7) => Array.from({ length: c }, () => grid(h, w, rng.normal));
const kernels = (rng, out, c) => grid(out, c, () => grid(3, 3, rng.normal));
const layers = (rng, ...channels) => {
  let x = maps(rng, 3, 2, 2);
  for (const out of channels) x = convolve(x, kernels(rng, out, x.length));
  return x.length;
};

/** An orthonormal basis of what the rows span; rows that others already give are left out. */
function basis(rows) {
  const found = [];
  for (const row of rows) {
    let rest = row;
    for (let twice = 0; twice < 2; twice++)
      for (const one of found) {
        const part = dot(rest, one);
        rest = rest.map((value, i) => value - part * one[i]);
      }
    const size = Math.hypot(...rest);
    if (size > 1e-9 * Math.hypot(...row)) found.push(rest.map((value) => value / size));
  }
  return found;
}

/** Share of the variance of 1000 channels that the best linear decoder cannot restore from 10 mixes of them. */
function lost(rng, given) {
  const weight = Array.from({ length: 10 }, () => rng.list(1000));
  const kept = basis(weight);
  if (given === "noise") {
    const x = rng.list(1000);
    return 1 - kept.reduce((sum, one) => sum + dot(one, x) ** 2, 0) / dot(x, x);
  }
  const source = Array.from({ length: 10 }, () => rng.list(1000)); // every channel is a mix of ten
  return 1 - basis(weight.map((row) => source.map((one) => dot(row, one)))).length / 10;
}

/** Gradient descent of a layer without bias, y = W x, on random pixels towards a target. */
function trained(rng, target, steps = 200) {
  let weight = target.map(() => rng.list(target[0].length).map((value) => 0.1 * value));
  for (let step = 0; step < steps; step++) {
    const x = rng.list(target[0].length);
    const wrong = weight.map((row, o) => dot(row, x) - dot(target[o], x));
    weight = weight.map((row, o) => row.map((value, c) => value - 0.1 * wrong[o] * x[c]));
  }
  return weight;
}

/** The rank of four rows that began equal, trained as the first layer of 10 → 4 → ReLU → 1 with equal weights behind. */
function rankFromEqual(rng) {
  const start = rng.list(10);
  let [weight, behind] = [grid(4, 10, (_, c) => start[c]), [1, 1, 1, 1]];
  const target = rng.list(10);
  for (let step = 0; step < 200; step++) {
    const x = rng.list(10);
    const hidden = weight.map((row) => Math.max(dot(row, x), 0));
    const wrong = dot(behind, hidden) - Math.max(dot(target, x), 0);
    weight = weight.map((row, o) => row.map((value, c) => value - 0.01 * wrong * behind[o] * (hidden[o] > 0) * x[c]));
    behind = behind.map((value, o) => value - 0.01 * wrong * hidden[o]);
  }
  return basis(weight).length;
}

/** How often a program for 10 → 4 channels reads each input number of a pixel. */
function reads(program) {
  const [x, weight] = [numbers(1).list(10), grid(4, 10, numbers(2).normal)];
  let read = 0;
  const fetch = (c) => (read++, x[c]);
  const y = [0, 0, 0, 0];
  if (program === "one output after the other")
    for (let o = 0; o < 4; o++) for (let c = 0; c < 10; c++) y[o] += weight[o][c] * fetch(c);
  else for (let c = 0; c < 10; c++) for (let o = 0, value = fetch(c); o < 4; o++) y[o] += weight[o][c] * value;
  return read / x.length;
}

/** Largest change of a 1×1 layer's output when its pixels come in another order, over the largest output. */
function orderMatters(rng) {
  const [pixels, weight] = [grid(40, 10, rng.normal), grid(4, 10, rng.normal)];
  const order = pixels
    .map((_, i) => [rng.uniform(), i])
    .sort((a, b) => a[0] - b[0])
    .map(([, i]) => i);
  const y = pixels.map((x) => weight.map((row) => dot(row, x)));
  const again = [];
  for (const i of order) again[i] = weight.map((row) => dot(row, pixels[i]));
  const flat = y.flat();
  return Math.max(...again.flat().map((value, i) => Math.abs(value - flat[i]))) / Math.max(...flat.map(Math.abs));
}

/** Share of a channel's pixels that change one output number when they change. */
function shareOfPixels(rng) {
  const [h, w] = [rng.whole(4, 9), rng.whole(4, 9)];
  const [x, weight] = [maps(rng, 5, h, w), rng.list(5)];
  const y = () => x.reduce((sum, map, c) => sum + weight[c] * map[2][1], 0);
  const before = y();
  let changed = 0;
  for (let i = 0; i < h; i++)
    for (let j = 0; j < w; j++) {
      const was = x[0][i][j];
      x[0][i][j] = was + 1;
      changed += y() !== before;
      x[0][i][j] = was;
    }
  return changed / (h * w);
}

const each = (run) => Array.from({ length: RUNS }, (_, seed) => run(numbers(seed + 1)));

/** What each experiment does, in words, and its numbers by circumstances. */
const EXPERIMENTS = {
  2: ["Count it in published networks.", null],
  3: [
    "Give one image to a layer with 32 outputs, count the maps that come out.",
    () => ({ "a layer": each((rng) => layers(rng, 32)) }),
  ],
  4: [
    "Make layers of random sizes and count what comes out of each.",
    () => ({
      "a layer": each((rng) => {
        const [c, out] = [rng.whole(2, 7), rng.whole(2, 7)];
        return convolve(maps(rng, c, 3, 3), kernels(rng, out, c)).length / (c * out);
      }),
    }),
  ],
  5: [
    "Give one image to two layers, count the maps at the end.",
    () => ({ "two layers": each((rng) => layers(rng, 32, 64)).slice(0, 20) }),
  ],
  6: [
    "Give one image to three layers, count the maps at the end.",
    () => ({ "three layers": [1, 2, 3].map((seed) => layers(numbers(seed), 32, 64, 128)) }),
  ],
  7: [
    "Write 256 maps by a 3×3, or by 1×1 to 64, 3×3, and 1×1 back to 256. Count the maps written.",
    () => ({ "to 64 and back": [(64 + 64 + 256) / 256] }),
  ],
  8: ["Count the layers of published networks.", null],
  9: ["Count the bytes of one photo's maps, and divide 12 GB by them.", null],
  10: ["Read the first pages of the two papers that had 1×1 convolutions first.", null],
  11: ["Compare the dates of the two papers.", null],
  12: ["Divide outputs by inputs, for every 1×1 layer of some published networks.", null],
  13: [
    "Make 10 channels of 1000, and the best linear way back.",
    () => ({
      "channels of noise": each((rng) => lost(rng, "noise")),
      "mixes of 10 maps": each((rng) => lost(rng, "mixes")),
    }),
  ],
  14: ["Compute the pixels in another order.", () => ({ "a 1×1 layer": each(orderMatters) })],
  15: [
    "Change one pixel of a channel after the other, and watch one output number.",
    () => ({ "a 1×1 layer": each(shareOfPixels) }),
  ],
  16: [
    "Train two layers of one shape, one for light and dark, one for the mean.",
    () => ({
      "3 → 1": each((rng) => {
        const [a, b] = [[[0.299, 0.587, 0.114]], [[1 / 3, 1 / 3, 1 / 3]]].map((target) => trained(rng, target));
        return Math.max(...a[0].map((value, i) => Math.abs(value - b[0][i])));
      }),
    }),
  ],
  17: [
    "Count how often two programs for the same layer read each number.",
    () => ({
      "one output after the other": [reads("one output after the other")],
      "one input after the other": [reads("one input after the other")],
    }),
  ],
  18: ["Start from four equal rows and train.", () => ({ "four equal rows": each(rankFromEqual) })],
};

// ---- the page ---------------------------------------------------------------------------------------------------------

const { claims, counted, most } = JSON.parse(document.getElementById("trial").textContent);
const make = (name, text = "", more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);
const short = (value) =>
  Number.isInteger(value)
    ? value.toLocaleString("en")
    : Math.abs(value) < 1e-4
      ? value.toExponential(1)
      : value.toFixed(3).replace(/0+$/, "");
const agrees = (claim, value) => value >= (claim.low ?? -Infinity) && value <= (claim.high ?? Infinity);
const guesses = new Map();

function decide(claim, worlds) {
  const share = (values) => values.filter((value) => agrees(claim, value)).length / values.length;
  const shares = Object.values(worlds).map(share);
  return shares.every((one) => one >= most) ? "true" : shares.every((one) => one <= 1 - most) ? "false" : "depends";
}

function range(claim) {
  const { low, high } = claim;
  if (low === high) return `exactly ${short(low)}`;
  return low === null
    ? `at most ${short(high)}`
    : high === null
      ? `at least ${short(low)}`
      : `from ${short(low)} to ${short(high)}`;
}

/** Dots for every run, a line a world, the claim's range shaded. */
function picture(claim, worlds) {
  const [width, row, side] = [Math.min(560, document.querySelector(".claims").clientWidth), 46, 8];
  const names = Object.keys(worlds);
  const all = Object.values(worlds)
    .flat()
    .concat(
      [claim.low, claim.high].filter((end) => end !== null && Math.abs(end) < 1e5),
      0,
    );
  const [least, top] = [Math.min(...all), Math.max(...all)];
  const most = top === least ? least + 1 : top;
  const x = (value) =>
    side + 8 + ((Math.min(Math.max(value, least), most) - least) / (most - least)) * (width - 2 * side - 16);
  const height = names.length * row + 26;
  const [from, to] = [claim.low === null ? 0 : x(claim.low) - 3, claim.high === null ? width : x(claim.high) + 3];
  const inside = claim.low === null || claim.low <= most;
  const dots = names.map((name, i) => {
    const values = worlds[name];
    const y = (k) => i * row + 30 + (values.length > 1 ? (k / (values.length - 1) - 0.5) * 12 : 0);
    return (
      `<text x="${side}" y="${i * row + 16}">${name}</text>` +
      values.map((value, k) => `<circle cx="${x(value).toFixed(1)}" cy="${y(k).toFixed(1)}" r="4"/>`).join("")
    );
  });
  const told = names.map((name) => `${name}: ${spread(worlds[name])}`).join("; ");
  const svg = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Dots: ${told}. The claim: ${range(claim)}.">
    ${inside ? `<rect class="range" x="${from.toFixed(1)}" y="0" width="${Math.max(to - from, 6).toFixed(1)}" height="${names.length * row}"/>` : ""}
    ${dots.join("")}<line x1="${side}" x2="${width - side}" y1="${names.length * row}" y2="${names.length * row}"/>
    <text x="${side}" y="${height - 8}">${short(least)}</text><text x="${width - side}" y="${height - 8}" text-anchor="end">${short(most)}</text></svg>`;
  return svg + (inside ? "" : `<p>The claim's ${short(claim.low)} lies far beyond the right end.</p>`);
}

const spread = (values) => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${values.length === 1 ? "1 number" : `${values.length} numbers`}, ${low === high ? short(low) : `${short(low)} to ${short(high)}`}`;
};

function score() {
  const done = [...guesses.values()];
  const right = done.filter(({ guess, verdict }) => guess === verdict).length;
  document.getElementById("score").textContent = done.length
    ? `${done.length} of ${claims.length} tried; you expected ${right} of them.`
    : "";
}

function row(claim) {
  const item = make("li", "", { id: `claim-${claim.number}` });
  item.append(
    make("h2", claim.quote.startsWith("(implied)") ? claim.quote.replace("(implied) t", "T") : `“${claim.quote}”`),
  );
  const told = make("div", "", { className: "told" });
  told.setAttribute("role", "status");
  const where = claim.page
    ? `<a href="../${claim.page}/index.html">lesson ${claim.lesson}</a>`
    : `lesson ${claim.lesson}`;
  const choices = make("fieldset");
  const answer = (guess) => {
    choices.disabled = true;
    const worlds = claim.testable ? (EXPERIMENTS[claim.number][1]?.() ?? counted[claim.number]) : null;
    const verdict = worlds ? decide(claim, worlds) : "opinion";
    guesses.set(claim.number, { guess, verdict });
    const mark = guess === verdict ? "✓ as you expected" : "✗ you expected otherwise";
    told.innerHTML = worlds
      ? `<p>${EXPERIMENTS[claim.number][0]} What is measured: ${claim.measure}. The claim says ${range(claim)}.</p>${picture(claim, worlds)}
         <p>${Object.entries(worlds)
           .map(([name, values]) => `${name}: ${spread(values)}`)
           .join("; ")}.</p><p><b>${SAID[verdict]}</b>: ${mark}. More in ${where}.</p>`
      : `<p><b>No number decides it</b>: ${mark}. It is an opinion; ${where} says what can be measured around it.</p>`;
    score();
  };
  choices.append(make("legend", "What do you expect?"));
  for (const [guess, label] of Object.entries({ ...SAID, opinion: "No number can tell" }))
    choices.append(make("button", label, { type: "button", onclick: () => answer(guess) }));
  item.append(choices, told);
  return item;
}

document.querySelector(".claims").append(...claims.map(row));
document.documentElement.dataset.trial = "ready";
