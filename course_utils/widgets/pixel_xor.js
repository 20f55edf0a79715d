// XOR at every pixel: what the network says for all pairs of values, for two maps of stripes, and its loss.

import { coalesced, player } from "./clock.js";
import { look, signedColour } from "./colours.js";
import { bar, button, choice, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp, minus } from "./numbers.js";
import { ON_PICTURE, bitmap, clear, frame, line, lossCurve, sharpCanvas, write } from "./picture.js";
import { POINTS, TARGETS, improved, lossOf, says, trained } from "./pixel_xor_training.js";
import { unsaved } from "./unsaved.js";

const WIDTH = 900;
const HEIGHT = 310;
const PLANE = { x: 48, y: 42, side: 225, low: -0.3, high: 1.3, cells: 75 };
const SMALL = { x: 318, y: 42, side: 62, gap: 20 };
const OUT = { x: 405, y: 42, side: 180 };
const LOSS = { x: 650, y: 42, wide: 235, high: 225 };
const STRIPES = 6; // pixels a side of the maps
const SPEED = 150; // steps a second
const TRAITS = ["hidden", "between", "start", "step"];
const NAME = "What the network says for every pair of values, its output map for two maps of stripes, and its loss.";

const shade = (value) => signedColour(clamp(2 * value - 1, -1, 1)); // 0 blue, one half white, 1 orange
// Where a picture has one colour, its number stands in it.
function sameEverywhere(pen, said, x, y) {
  const text = `${spoken(said[0])} everywhere`;
  if (Math.max(...said) - Math.min(...said) < 0.005)
    write(pen, text, x, y, { align: "center", bold: true, colour: ON_PICTURE });
}

const spoken = (value) => (Math.abs(value) < 0.005 ? "0.00" : minus(value.toFixed(2)));

function drawPlane(pen, s) {
  const { x, y, side, low, high, cells } = PLANE;
  const unit = side / cells;
  const value = (i) => low + ((i + 0.5) * (high - low)) / cells;
  const at = (a, b) => [x + ((a - low) / (high - low)) * side, y + side - ((b - low) / (high - low)) * side];
  const said = Array.from({ length: cells * cells }, (_, k) =>
    s.says(value(k % cells), value(cells - 1 - Math.floor(k / cells))),
  );
  pen.imageSmoothingEnabled = false;
  pen.drawImage(
    bitmap(cells, cells, (k) => shade(said[k])),
    x,
    y,
    side,
    side,
  );
  frame(pen, x, y, side, side, look.faint);
  sameEverywhere(pen, said, x + side / 2, y + side / 2);
  pen.fillStyle = ON_PICTURE; // where the answer crosses one half
  const apart = (k, other) => said[k] > 0.5 !== said[other] > 0.5 && Math.abs(said[k] - said[other]) > 1e-4;
  for (let k = 0; k < cells * cells; k++) {
    const [i, j] = [k % cells, Math.floor(k / cells)];
    if (i + 1 < cells && apart(k, k + 1)) pen.fillRect(x + (i + 1) * unit - 1, y + j * unit, 2, unit);
    if (j + 1 < cells && apart(k, k + cells)) pen.fillRect(x + i * unit, y + (j + 1) * unit - 1, unit, 2);
  }
  POINTS.forEach(([a, b], p) => {
    const [left, top] = at(a, b);
    pen.beginPath();
    pen.arc(left, top, 11, 0, 2 * Math.PI);
    pen.fillStyle = "#fff";
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = ON_PICTURE;
    pen.stroke();
    write(pen, `${TARGETS[p]}`, left, top, { align: "center", bold: true, colour: ON_PICTURE });
  });
  write(pen, "answer for every pair", x, 20, { bold: true });
  write(pen, "channel a →", x + side / 2, y + side + 16, { size: 11, align: "center" });
  write(pen, "in the circles: what is wanted", x + side / 2, y + side + 33, { size: 11, align: "center" });
  write(pen, "b ↑", x - 10, y + side / 2, { size: 11, align: "right" });
}

function drawMaps(pen, s) {
  const picture = (f) => bitmap(STRIPES, STRIPES, (k) => shade(f(k % 2, Math.floor(k / STRIPES) % 2)));
  const inputs = [
    ["map a", (a) => a],
    ["map b", (_, b) => b],
    ["wanted", (a, b) => (a === b ? 0 : 1)],
  ];
  inputs.forEach(([name, f], n) => {
    const top = SMALL.y + n * (SMALL.side + SMALL.gap);
    pen.drawImage(picture(f), SMALL.x, top, SMALL.side, SMALL.side);
    write(pen, name, SMALL.x, top + SMALL.side + 9, { size: 11 });
  });
  write(pen, "at every pixel", SMALL.x, 20, { bold: true });
  pen.drawImage(picture(s.says), OUT.x, OUT.y, OUT.side, OUT.side);
  frame(pen, OUT.x, OUT.y, OUT.side, OUT.side, look.faint);
  const corners = POINTS.map(([a, b]) => s.says(a, b));
  sameEverywhere(pen, corners, OUT.x + OUT.side / 2, OUT.y + OUT.side / 2);
  write(pen, "network's output", OUT.x, OUT.y + OUT.side + 11, { size: 11 });
  const scale = bitmap(90, 1, (k) => shade(k / 89));
  pen.drawImage(scale, OUT.x + 14, OUT.y + OUT.side + 30, 90, 12);
  write(pen, "0", OUT.x, OUT.y + OUT.side + 36, { size: 11 });
  write(pen, "1", OUT.x + 110, OUT.y + OUT.side + 36, { size: 11 });
}

function drawLoss(pen, s) {
  const top = Math.max(0.5, s.run.losses[0]);
  lossCurve(pen, LOSS, s.run.losses, s.step, top, 1);
  const half = LOSS.y + LOSS.high * (1 - 0.25 / top);
  line(
    pen,
    [
      [LOSS.x, half],
      [LOSS.x + LOSS.wide, half],
    ],
    { colour: look.faint, dash: [5, 4] },
  );
  write(pen, "0.25: one half everywhere", LOSS.x + LOSS.wide - 6, half - 12, { size: 11, align: "right" });
}

function sentence(s) {
  const said = POINTS.map(([a, b]) => s.says(a, b));
  const solved = said.every((value, p) => value > 0.5 === TARGETS[p] > 0.5);
  const pairs = POINTS.map(([a, b], p) => `(${a}, ${b}) → ${spoken(said[p])}`).join(", ");
  return `Step ${s.step}: loss ${s.run.losses[s.step].toFixed(3)}; ${pairs}: ${solved ? "all on the right side of one half" : "not solved"}.`;
}

// The numbers to begin with, by hidden channels (1 to `most`) and start: 4 · hidden + 1 each.
function startsOf(view, most, count) {
  const all = new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  let at = 0;
  const next = (size) => all.subarray(at, (at += size));
  return Array.from({ length: most }, (_, h) => Array.from({ length: count }, () => next(4 * (h + 1) + 1)));
}

function render({ model, el }) {
  const [rate, steps, [most, count]] = [model.get("rate"), model.get("steps"), model.get("counts")];
  const starts = startsOf(model.get("starts"), most, count);
  const s = { steps, step: 0, key: "" };
  s.says = (a, b) => says(s.run.nets[s.step], s.hidden, s.relu, a, b);
  const surface = sharpCanvas({ width: WIDTH, height: HEIGHT }, NAME, {
    pieces: [
      [0, 0, 600, HEIGHT],
      [606, 0, WIDTH - 606, HEIGHT],
    ],
  });
  const readout = status();

  const redraw = coalesced(() => {
    surface.paint(() => {
      clear(surface.pen);
      drawPlane(surface.pen, s);
      drawMaps(surface.pen, s);
      drawLoss(surface.pen, s);
    });
    readout.textContent = sentence(s);
    at.set(s.step);
  });
  const retrain = (hidden) => {
    const relu = model.get("between") === "ReLU";
    const key = `${hidden} ${relu} ${model.get("start")}`;
    if (key !== s.key) {
      const run = trained(starts[hidden - 1][model.get("start")], hidden, relu, rate, steps);
      Object.assign(s, { key, hidden, relu, run });
    }
    redraw();
  };
  const go = (step) => {
    s.step = clamp(step, 0, steps);
    if (s.step === steps) play.pause();
    redraw();
  };
  const rest = () => linked.commit({ step: s.step });
  const play = player(readout, {
    rate: () => SPEED,
    begin: () => (s.step = s.step === steps ? 0 : s.step),
    advance: (count) => go(s.step + count),
    rest,
  });

  const commit = (change) => {
    play.pause();
    linked.commit(change);
  };
  const width = (count) => retrain(Math.round(count));
  const hidden = slider("hidden channels", { min: 1, max: most, step: 1 }, width, (count) =>
    commit({ hidden: Math.round(count) }),
  );
  const between = choice(
    "between the layers",
    [
      ["nothing", "nothing"],
      ["ReLU", "ReLU"],
    ],
    (name) => commit({ between: name }),
  );
  const another = button("", "other random weights to begin with", () =>
    commit({ start: (model.get("start") + 1) % count }),
  );
  const at = slider(
    "step",
    { min: 0, max: steps, step: 1, wide: true },
    (step) => (play.pause(), go(Math.round(step))),
    rest,
  );
  const update = (changed) => {
    if (changed.includes("step")) s.step = model.get("step");
    hidden.set(model.get("hidden"));
    between.set(model.get("between"));
    another.textContent = `another start (this is ${model.get("start") + 1} of ${count})`;
    another.setAttribute("aria-label", another.textContent);
    retrain(model.get("hidden"));
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(between.node, hidden.node, another), bar(play.node, at.node), readout, surface.node);
  update(TRAITS);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { improved, lossOf, says, startsOf, trained };
export default unsaved({ render });
