// The controls of the scan. A position counts the products added so far; everything on show follows from it.

import { coalesced, player } from "./clock.js";
import { bar, button, choice, lay, slider, status, tight } from "./controls.js";
import { link } from "./link.js";
import { clamp, decoded, shuffled, signed, whole } from "./numbers.js";
import { dragged, sharpCanvas } from "./picture.js";
import { BETWEEN, NARROW, WIDE, drawAll, pick, weightAt, weightFor } from "./scan_picture.js";
import { locate, pointwise, prepare, presetWeights, runningTotals, stepped, storyRate, visit } from "./scan_steps.js";
import { weightTable, withWeight } from "./scan_weights.js";
import { unsaved } from "./unsaved.js";

const STORY = { 1: "as a story, 12 s", 3: "as a story, 36 s", 10: "as a story, 2 min" }; // how many times as slow
const SPEEDS = [2, 20, 200, 2000, 20000]; // products a second
const STEPS = { product: "one product", output: "one output number", pixel: "one pixel", row: "one row of pixels" };
const ORDERS = { raster: "row by row", random: "random pixels", "output by output": "one output after the other" };
const WEIGHTS = {
  given: "as given",
  random: "new random numbers",
  average: "all 1 / C_in",
  copy: "copy one map each",
  own: "your own",
};
const TRAITS = { c_in: "cIn", c_out: "cOut", weight: "weight", bias: "bias", order: "order", position: "position" }; // in s
const NAME =
  "Input maps, the numbers at one pixel times their weights, a running total, and the output maps filling in.";

function sentence(s, { o, pixel, added, total }) {
  const width = s.sizes[2];
  const where = `y[0, ${o}, ${Math.floor(pixel / width)}, ${pixel % width}]`;
  const progress = added === s.cIn ? `= ${signed(total)}, finished` : `is ${signed(total)} so far`;
  return `${where} ${progress}: ${added} of ${s.cIn} products added. In all, ${whole(s.position)} of ${whole(s.end)} products.`;
}

// Whether nothing but the position changed: then what is prepared for the weights stays.
const isMove = (changed) => String(changed) === "position";

// Take what changed in the model, and all that follows from it.
function load(s, model, changed, own) {
  for (const name of changed) s[TRAITS[name]] = model.get(name);
  if (changed.includes("weight") && !own) s.given = s.weight; // what "as given" brings back
  if (!isMove(changed)) prepare(s);
  s.position = clamp(s.position, 0, s.end);
}

// The pointer on the picture: a press on a weight's bar draws it longer or shorter, one on a map jumps to the pixel;
// a pointer that only passes over an output map lights up the column that the pixel under it came from.
function pulled(surface, s, { jump, weigh, rest, redraw }) {
  let weight = null; // the one that is being drawn: its output, its map, and what the longest bar stands for
  dragged(
    surface,
    (x, y, first) => {
      const c = first ? weightAt(s, x, y) : -1;
      if (first) weight = c < 0 ? null : { o: locate(s).o, c, reach: Math.max(1, s.weightReach) };
      if (weight) return weigh(withWeight(s.weight, weight.o, weight.c, weightFor(s.plan, x, weight.reach)));
      const found = pick(s, x, y);
      if (found) jump(found);
    },
    rest,
    (x, y) => weightAt(s, x, y) >= 0,
  );
  const light = (found) => {
    if (JSON.stringify(found) === JSON.stringify(s.hover ?? null)) return;
    s.hover = found;
    redraw();
  };
  surface.canvas.addEventListener("pointermove", (event) =>
    light(event.buttons ? null : pick(s, ...surface.place(event), true)),
  );
  surface.canvas.addEventListener("pointerleave", () => light(null));
}

function render({ model, el }) {
  const s = {
    sizes: model.get("sizes"),
    names: model.get("names"),
    maps: decoded(model.get("maps"), model.get("scales"), 16),
    step: "product",
    speed: "1",
    hover: model.get("hover"), // no trait: a page may begin with the column of a pixel lit
  };
  const surface = sharpCanvas(WIDE, NAME, BETWEEN, NARROW);
  const readout = status();
  let seed = 1;

  const draw = () => {
    surface.paint(() => {
      s.plan = surface.layout;
      readout.textContent = sentence(s, drawAll(surface.pen, s));
    });
    where.set(s.position, s.end);
  };
  const redraw = coalesced(draw);
  const go = (position) => {
    s.position = clamp(position, 0, s.end);
    if (s.position === s.end) play.pause();
    redraw();
  };
  const commit = (changes) => {
    linked.commit({ position: s.position, ...changes });
  };
  const rest = () => commit({});
  const step = (direction) => {
    play.pause();
    go(stepped(s.position, s.step, { ...s, width: s.sizes[2] }, direction));
    rest();
  };

  const play = player(readout, {
    rate: () => (s.speed in STORY ? storyRate(s.position, { ...s, width: s.sizes[2] }) / s.speed : parseFloat(s.speed)),
    begin: () => (s.position = s.position === s.end ? 0 : s.position),
    advance: (count) => go(s.position + count),
    rest,
  });

  // Another number of channels: stay at the same pixel.
  const resize = (cIn, cOut) => {
    const turn = Math.floor(s.position / (s.cIn * s.cOut));
    commit({ c_in: cIn, c_out: cOut, position: turn * cIn * cOut });
  };
  const jump = ({ pixel, o }) => {
    play.pause();
    const turn = s.order === "random" ? s.permutation.indexOf(pixel) : pixel;
    const k = s.order === "output by output" ? o * s.pixels + pixel : turn * s.cOut + o;
    go((k + 1) * s.cIn);
  };

  const where = slider("position", { min: 0, max: 1, step: 1, wide: true }, (value) => (play.pause(), go(value)), rest);
  const cIn = slider(
    "C_in",
    { min: 1, max: s.sizes[0], step: 1 },
    () => {},
    (value) => resize(value, s.cOut),
  );
  const cOut = slider(
    "C_out",
    { min: 1, max: 1, step: 1 },
    () => {},
    (value) => resize(s.cIn, value),
  );
  const order = choice("order", Object.entries(ORDERS), (value) => (play.pause(), commit({ order: value })));
  const weights = choice("weights", Object.entries(WEIGHTS), (value) => {
    if (value !== "own") commit({ weight: presetWeights(value, s.given, s.cIn, seed++) });
  });
  const table = weightTable((o, c, value) => {
    weights.set("own");
    commit({ weight: withWeight(s.weight, o, c, value) });
  });
  const rates = SPEEDS.map((rate) => [`${rate} a second`, `${whole(rate)} a second`]);
  const speed = choice("speed", [...Object.entries(STORY), ...rates], (value) => (s.speed = value));
  const size = choice("step by", Object.entries(STEPS), (value) => (s.step = value));
  pulled(surface, s, {
    jump,
    weigh: (weight) => {
      weights.set("own");
      s.weight = weight;
      prepare(s);
      redraw();
    },
    rest: () => commit({ weight: s.weight }),
    redraw,
  });

  const update = (changed, own) => {
    load(s, model, changed, own);
    redraw();
    if (isMove(changed)) return;
    cIn.set(s.cIn, s.sizes[0]);
    cOut.set(s.cOut, s.weight.length);
    order.set(s.order);
    table.show(s);
  };
  const linked = link(model, Object.keys(TRAITS), update);

  const back = button("◀ Step", "Step back", () => step(-1));
  const forth = button("Step ▶", "Step forward", () => step(1));
  const start = button("|◀ Start", "Back to the start", () => (play.pause(), go(0), rest()));
  const finish = button("Finish ▶|", "To the end", () => (play.pause(), go(s.end), rest()));
  lay(
    el,
    tight(play.node, speed.node, start, back, forth, finish, size.node),
    surface.node,
    readout,
    bar(where.node),
    bar(cIn.node, cOut.node, weights.node, order.node),
    table.node,
  );
  update(Object.keys(TRAITS), false);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { pointwise, presetWeights, runningTotals, shuffled, stepped, visit };
export default unsaved({ render });
