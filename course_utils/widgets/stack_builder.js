// The stack builder: a row of controls and counts for each layer, and two bars of memory against one card.

import { coalesced } from "./clock.js";
import { bar, button, choice, element, lay, presets, slider, stage, status } from "./controls.js";
import { link } from "./link.js";
import { look } from "./colours.js";
import { clear, sharpCanvas, sizeSeen, write } from "./picture.js";
import { counted, readable, stackCounts, ten } from "./stack_builder_counts.js";
import { unsaved } from "./unsaved.js";

const PRESETS = {
  "the article's stack": { channels: [3, 32, 64, 128], kernels: [3, 3, 3] },
  "one 3×3 layer": { channels: [256, 256], kernels: [3] },
  bottleneck: { channels: [256, 64, 64, 256], kernels: [1, 3, 1] },
  "ten layers of 64": { channels: [3, ...Array(10).fill(64)], kernels: Array(10).fill(3) },
};
const HEADS = ["channels", "k", "maps", "the article's count", "kernel slices", "weights + biases"];
const HIGH = 66; // of a row of cells
// Where the cells begin, from the left and from the top of each of the two rows, and from there to the row's name.
const WIDE = { width: 900, height: 212, left: 130, tops: [22, 112], name: [-130, 30] };
const NARROW = { width: 420, height: 256, left: 4, tops: [40, 160], name: [0, -28] };
const KINDS = ["maps", "said", "slices", "weights"]; // the columns of counts

const percent = (share) => (share < 0.0005 ? "under 0.1%" : `${(100 * share).toFixed(1)}%`);

// Bytes measured in cards: "0.4% of a 12 GB card" or "4.4 cards of 12 GB".
function inCards(bytes, card) {
  const [share, size] = [bytes / card, `${card / 1e9} GB`];
  if (share <= 1) return `${percent(share)} of a ${size} card`;
  return `${share < 100 ? share.toFixed(1) : counted(share)} cards of ${size}`;
}

// The cells of one row of counts, and a function that fills them.
function countCells() {
  const cells = KINDS.map(() => element("td"));
  cells.forEach((cell, i) => (cell.dataset.head = HEADS[i + 2])); // said beside it on a phone
  return { cells, fill: (counts) => KINDS.forEach((kind, i) => (cells[i].textContent = counted(counts[kind]))) };
}

// A number in ever fewer letters.
function shorter(number) {
  if (number < 1000) return [counted(number)];
  const [first, power] = number.toExponential(0).split("e+");
  return [counted(number), `${first}·${ten(power)}`, `~${ten(Math.round(Math.log10(number)))}`];
}

// The maps that a layer hands on, one cell a map, and those that the article counts, at the same size.
function drawMaps(pen, counts, input, { width, left, tops, name }) {
  const columns = [{ maps: input, said: input }, ...counts.layers];
  const wide = (width - left) / columns.length;
  const room = { wide: wide - Math.min(16, wide / 6), high: HIGH };
  const most = Math.max(...columns.map(({ maps }) => maps));
  const cell = Math.min(16, Math.sqrt((room.wide * room.high) / most) * 0.9);
  const across = Math.max(1, Math.floor(room.wide / cell));
  const full = across * Math.floor(room.high / cell);
  clear(pen);
  ["maps there are", "the article's count"].forEach((text, row) =>
    write(pen, text, left + name[0], tops[row] + name[1], { bold: true }),
  );
  columns.forEach(({ maps, said }, i) => {
    const x = left + i * wide;
    const size = 11;
    write(pen, !i ? "input" : wide < 50 ? `${i}` : `layer ${i}`, x, tops[0] - 12, { size });
    drawCells(pen, { x, y: tops[0], cell, across }, maps, look.first);
    drawCells(pen, { x, y: tops[1], cell, across }, Math.min(said, full), look.second);
    const times = said / full;
    const fits = (texts) => texts.find((text) => 0.62 * sizeSeen(pen, size) * text.length < wide);
    write(pen, fits(shorter(maps)) ?? shorter(maps).at(-1), x, tops[0] + HIGH + 8, { size });
    write(pen, fits(shorter(said)) ?? shorter(said).at(-1), x, tops[1] + HIGH + 8, { size });
    const often = shorter(Math.ceil(times));
    const told = [`${often[0]} times this`, `${often[0]}× this`, ...often.map((text) => `${text}×`)];
    if (times > 1) write(pen, fits(told) ?? "", x, tops[1] + HIGH + 24, { size });
  });
}

function drawCells(pen, { x, y, cell, across }, count, colour) {
  pen.fillStyle = colour;
  const side = Math.max(cell - Math.min(2, cell / 5), 0.5);
  for (let k = 0; k < count; k++) pen.fillRect(x + (k % across) * cell, y + Math.floor(k / across) * cell, side, side);
}

// One bar: the card's outline, filled as far as the bytes go.
function memoryBar(name, className, bytes, card) {
  const fill = element("div", { className: `fill ${className}` });
  fill.style.width = `${100 * Math.min(1, bytes / card)}%`;
  return [
    element("span", { textContent: name }),
    element("div", { className: "card" }, fill),
    element("span", { textContent: `${readable(bytes)}: ${inCards(bytes, card)}` }),
  ];
}

function render({ model, el }) {
  const limits = model.get("limits");
  const names = ["channels", "kernels", "size", "n", "keep_all"];
  const s = {};
  const redraw = coalesced(draw);
  const rest = () => linked.commit({ ...s });
  const change = (changes) => (Object.assign(s, changes), redraw());
  const put = (name, i, value) => change({ [name]: s[name].with(i, value) });

  const channelSlider = (name, i) =>
    slider(name, { min: 1, max: limits.channels, step: 1 }, (value) => put("channels", i, value), rest);
  const kernelSlider = (i) => {
    const made = slider("k", { min: 1, max: limits.kernel, step: 2 }, (value) => put("kernels", i, value), rest);
    for (const input of made.node.querySelectorAll("input"))
      input.setAttribute("aria-label", `kernel size of layer ${i + 1}`);
    return made;
  };
  const resize = (count) => {
    const grown = (list, length) => Array.from({ length }, (_, i) => list[i] ?? list.at(-1));
    change({ channels: grown(s.channels, count + 1), kernels: grown(s.kernels, count) });
  };

  const input = channelSlider("input channels", 0);
  const layers = slider("layers", { min: 1, max: limits.layers, step: 1 }, resize, rest);
  const size = slider(
    "picture: pixels a side",
    { min: 1, max: limits.size, step: 1 },
    (value) => change({ size: value }),
    rest,
  );
  const batch = slider("batch: images", { min: 1, max: limits.n, step: 1 }, (n) => change({ n }), rest);
  const memory = choice(
    "maps kept",
    [
      ["true", "all, for training"],
      ["false", "one layer's input and output"],
    ],
    (value) => {
      change({ keep_all: value === "true" });
      rest();
    },
  );
  const allK = element(
    "span",
    {},
    "all k ",
    ...[1, 3, 5].map((k) =>
      button(String(k), `Set every kernel to ${k}×${k}`, () => (change({ kernels: s.kernels.map(() => k) }), rest())),
    ),
  );
  const head = element("tr", {}, ...HEADS.map((text) => element("th", { scope: "col", textContent: text })));
  const body = element("tbody");
  const together = countCells();
  const sum = element("tr", {}, element("td", { colSpan: 2, textContent: "together" }), ...together.cells);
  const bars = element("div", { className: "memory" });
  const surface = sharpCanvas(
    WIDE,
    "The maps of each layer as cells, and below them as many as the article counts.",
    { ...WIDE, width: 600, under: 780 },
    NARROW,
  );
  const readout = status();
  let rows = [];

  // Rows stay as they are while sliders move; only another number of layers makes new ones.
  function layRows() {
    if (rows.length === s.kernels.length) return;
    rows = s.kernels.map((_, i) => ({
      channels: channelSlider(`layer ${i + 1}`, i + 1),
      k: kernelSlider(i),
      counts: countCells(),
    }));
    const lines = rows.map(({ channels, k, counts }) =>
      element("tr", {}, element("td", {}, channels.node), element("td", {}, k.node), ...counts.cells),
    );
    body.replaceChildren(...lines);
  }

  function draw() {
    const counts = stackCounts({ ...s, keepAll: s.keep_all });
    layRows();
    rows.forEach((row, i) => {
      row.channels.set(s.channels[i + 1]);
      row.k.set(s.kernels[i]);
      row.counts.fill(counts.layers[i]);
    });
    together.fill(counts.total);
    surface.paint(() => drawMaps(surface.pen, counts, s.channels[0], surface.layout));
    bars.replaceChildren(
      ...memoryBar("maps there are", "first", counts.real, limits.card),
      ...memoryBar("the article's count", "second", counts.said, limits.card),
    );
    readout.textContent =
      `The last layer hands on ${counted(counts.layers.at(-1).maps)} maps an image; the article says ${counted(counts.layers.at(-1).said)}. ` +
      `Its maps take ${readable(counts.real)} at 4 bytes a number, which is ${inCards(counts.real, limits.card)}.`;
    input.set(s.channels[0]);
    layers.set(s.kernels.length);
    size.set(s.size);
    batch.set(s.n);
    memory.set(String(s.keep_all));
  }

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    redraw();
  };
  const linked = link(model, names, update);
  lay(
    el,
    presets(PRESETS, (preset) => (change(preset), rest())),
    surface.node,
    bar(layers.node, input.node, allK),
    stage(element("table", { className: "stack" }, element("thead", {}, head), body, element("tfoot", {}, sum))),
    bar(size.node, batch.node, memory.node),
    bars,
    readout,
  );
  update(names);
  return linked.stop;
}

export { counted, readable, stackCounts };
export default unsaved({ render });
