// Play back a training run: the weight matrix at this step, the map that each row makes, and the loss up to here.

import { coalesced, player } from "./clock.js";
import { css, inkOn, signedColour } from "./colours.js";
import { bar, choice, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp, decoded, floats, minus } from "./numbers.js";
import { bitmap, clear, lossCurve, sharpCanvas, sizeSeen, write } from "./picture.js";
import { descended } from "./training_run_descent.js";
import { unsaved } from "./unsaved.js";

const WIDTH = 900;
const HEIGHT = 300;
const LEFT = { x: 58, y: 46, wide: 392, high: 200 }; // the weight matrix, and in what is left of it the maps
const MAP = { x: 378, wide: 72 };
const RIGHT = { x: 540, y: 46, wide: 330, high: 200 }; // the loss
const RATE = 40; // steps a second
const TRAITS = ["start", "step"];
const NAME =
  "The weight matrix of a small layer at one step of training, the map that each row makes, and the curve of the loss.";

// ---- arithmetic, tested against NumPy -----------------------------------------------------------------------------

// The least cosine between two rows of a matrix: 1 where all rows point the same way, 0 where a row is zero.
function likeness(weight, rows, columns) {
  const dot = (a, b) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += weight[a * columns + c] * weight[b * columns + c];
    return sum;
  };
  let least = 1;
  for (let a = 0; a < rows; a++) {
    for (let b = a + 1; b < rows; b++) {
      const size = Math.sqrt(dot(a, a) * dot(b, b));
      least = Math.min(least, size > 0 ? dot(a, b) / size : 0);
    }
  }
  return least;
}

// The maps that the rows of a weight make of its input maps, one after the other: the layer before its ReLU.
function rowMaps(weight, maps, rows) {
  const columns = weight.length / rows;
  const size = maps.length / columns;
  const made = new Float64Array(rows * size);
  for (let o = 0; o < rows; o++)
    for (let c = 0; c < columns; c++)
      for (let p = 0; p < size; p++) made[o * size + p] += weight[o * columns + c] * maps[c * size + p];
  return made;
}

function weightAt(s) {
  const size = s.cMid * s.cIn;
  return s.run.weights.subarray(s.step * size, (s.step + 1) * size);
}

// ---- picture --------------------------------------------------------------------------------------------------------

function drawWeights(pen, s) {
  const weight = weightAt(s);
  const [wide, high] = [(s.maps.length ? MAP.x - 8 - LEFT.x : LEFT.wide) / s.cIn, LEFT.high / s.cMid];
  write(pen, `weight at step ${s.step}`, LEFT.x, 22, { bold: true });
  weight.forEach((value, i) => {
    const [x, y] = [LEFT.x + (i % s.cIn) * wide, LEFT.y + Math.floor(i / s.cIn) * high];
    const colour = signedColour(value / s.reach);
    pen.fillStyle = css(colour);
    pen.fillRect(x, y, wide - 1, high - 1);
    const said = minus((Math.round(10 * value) / 10 || 0).toFixed(1)); // 0.0 without a sign
    const shown = wide < 2.5 * sizeSeen(pen, 11) ? said.replace("0.", ".") : said;
    write(pen, shown, x + wide / 2, y + high / 2, { size: 11, align: "center", colour: inkOn(colour) });
  });
  for (let o = 0; o < s.cMid; o++)
    write(pen, `o = ${o}`, LEFT.x - 8, LEFT.y + (o + 0.5) * high, { size: 11, align: "right" });
  write(pen, "row: hidden; column: input", LEFT.x, LEFT.y + LEFT.high + 16, { size: 11 });
}

function drawMaps(pen, s) {
  if (!s.maps.length) return;
  const [high, wide] = s.mapSize;
  const [size, room] = [high * wide, LEFT.high / s.cMid];
  const made = rowMaps(weightAt(s), s.maps, s.cMid);
  const most = made.reduce((reach, value) => Math.max(reach, Math.abs(value)), 1e-9);
  const zoom = Math.min((room - 1) / high, MAP.wide / wide);
  pen.imageSmoothingEnabled = true;
  for (let o = 0; o < s.cMid; o++) {
    const map = bitmap(wide, high, (p) => signedColour(made[o * size + p] / most));
    pen.drawImage(map, MAP.x, LEFT.y + o * room, zoom * wide, zoom * high);
  }
  write(pen, "its map", MAP.x, 22, { bold: true });
  write(pen, "from ten of a cat", MAP.x + MAP.wide, LEFT.y + LEFT.high + 16, { size: 11, align: "right" });
}

function drawLoss(pen, s) {
  const { losses } = s.run;
  const top = losses.reduce((most, loss) => Math.max(most, loss), 0);
  lossCurve(pen, RIGHT, losses, s.step, top, 2);
}

function sentence(s) {
  const alike = likeness(weightAt(s), s.cMid, s.cIn);
  const zero = weightAt(s).every((value) => value === 0);
  const rows = zero
    ? "all weights are 0"
    : alike > 0.999999
      ? "all rows point the same way"
      : `the two rows least alike have cosine ${minus(alike.toFixed(2))}`;
  return `Step ${s.step}: loss ${s.run.losses[s.step].toFixed(3)}; ${rows}.`;
}

// ---- controls -------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const [cMid, cIn, steps] = model.get("sizes");
  const maps = decoded(model.get("maps"), model.get("scales"), 8);
  const s = { cMid, cIn, steps, step: 0, reach: model.get("reach"), maps, mapSize: model.get("map_size") };
  const [names, rule] = [model.get("names"), model.get("rule")];
  const [starts, x, target] = ["starts", "x", "target"].map((name) => floats(model.get(name)));
  const runs = {};
  const runFrom = (k) => {
    const own = starts.subarray(k * cMid * (cIn + 1), (k + 1) * cMid * (cIn + 1)); // its weight, then its head
    return descended(own.subarray(0, cMid * cIn), own.subarray(cMid * cIn), x, target, steps, rule);
  };
  const surface = sharpCanvas({ width: WIDTH, height: HEIGHT }, NAME, {
    pieces: [
      [0, 0, 455, HEIGHT],
      [480, 0, 420, HEIGHT],
    ],
  });
  const readout = status();

  const redraw = coalesced(() => {
    surface.paint(() => {
      clear(surface.pen);
      drawWeights(surface.pen, s);
      drawMaps(surface.pen, s);
      drawLoss(surface.pen, s);
    });
    readout.textContent = sentence(s);
    at.set(s.step);
  });
  const go = (step) => {
    s.step = clamp(step, 0, s.steps);
    if (s.step === s.steps) play.pause();
    redraw();
  };
  const rest = () => linked.commit({ step: s.step });
  const play = player(readout, {
    rate: () => RATE,
    begin: () => (s.step = s.step === s.steps ? 0 : s.step),
    advance: (count) => go(s.step + count),
    rest,
  });

  const at = slider("step", { min: 0, max: steps, step: 1, wide: true }, (value) => (play.pause(), go(value)), rest);
  const start = choice(
    "start from",
    names.map((name) => [name, name]),
    (name) => {
      play.pause();
      linked.commit({ start: name, step: 0 });
    },
  );
  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    s.run = runs[s.start] ??= runFrom(names.indexOf(s.start));
    start.set(s.start);
    redraw();
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(start.node, play.node, at.node), readout, surface.node);
  update(TRAITS);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { descended, likeness, rowMaps };
export default unsaved({ render });
