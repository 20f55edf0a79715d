// The budget: sliders, a bar for each way and each kind of cost, and the cost of the bottleneck against its width.

import { breakEven, budgetCounts } from "./budget_counts.js";
import { coalesced } from "./clock.js";
import { look } from "./colours.js";
import { bar, element, lay, presets, slider, stage, status } from "./controls.js";
import { link } from "./link.js";
import { inUnits, ticks, whole } from "./numbers.js";
import { clear, line, ring, sharpCanvas, write } from "./picture.js";
import { unsaved } from "./unsaved.js";

const PRESETS = {
  "ResNet's width": { c_in: 256, c_mid: 64, c_out: 256, k: 3, size: 56 },
  "GoogLeNet 3a, 5×5": { c_in: 192, c_mid: 16, c_out: 32, k: 5, size: 28 },
  "MobileNet, late": { c_in: 512, c_mid: 128, c_out: 512, k: 3, size: 14 },
  "at break-even": { c_in: 100, c_mid: 90, c_out: 100, k: 3, size: 28 },
};
const NAMES = { c_in: "C_in", c_mid: "C_mid", c_out: "C_out", k: "window k", size: "maps: pixels a side" };
const KINDS = { macs: "multiply-adds", weights: "weights", maps: "maps written" };
const LOOKS = { direct: "second", bottleneck: "first", separable: "third" };
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [900, 190, 66, 160];

function ways({ c_mid, k }) {
  const first = `1×1 to ${c_mid}, then ${k}×${k}`;
  return { direct: `${k}×${k} directly`, bottleneck: first, separable: `depthwise ${k}×${k}, then 1×1` };
}

// One number, and its bar as long as its share of the largest.
function bill(way, value, most) {
  const fill = element("div", { className: `fill ${LOOKS[way]}` });
  fill.style.width = `${(100 * value) / most}%`;
  return element("div", { className: "bill" }, whole(value), fill);
}

// The bottleneck's multiply-adds for every width of the middle, and the direct layer's as a level line.
function drawCrossing(pen, s, width) {
  const { direct, bottleneck } = budgetCounts(s);
  const even = breakEven(s);
  const widest = Math.max(1.25 * even, 1.1 * s.c_mid, 2);
  const most = Math.max(direct.macs * (widest / even), bottleneck.macs);
  const right = width - 20;
  const x = (channels) => LEFT + ((right - LEFT) * channels) / widest;
  const y = (macs) => BOTTOM - ((BOTTOM - 24) * macs) / most;
  const level = y(direct.macs);
  clear(pen);
  for (const macs of ticks(most)) {
    line(
      pen,
      [
        [LEFT, y(macs)],
        [right, y(macs)],
      ],
      { colour: look.grid },
    );
    write(pen, inUnits(macs), LEFT - 6, y(macs), { size: 11, align: "right" });
  }
  for (const channels of ticks(widest)) {
    const near = Math.abs(x(channels) - x(even)) < 95; // there stands the number of break-even
    if (!near) write(pen, whole(channels), x(channels), BOTTOM + 13, { size: 11, align: "center" });
  }
  line(pen, [
    [LEFT, 15],
    [LEFT, BOTTOM],
    [right, BOTTOM],
  ]);
  line(
    pen,
    [
      [x(0), y(0)],
      [x(widest), y(direct.macs * (widest / even))],
    ],
    { colour: look.first, width: 2 },
  );
  line(
    pen,
    [
      [LEFT, level],
      [right, level],
    ],
    { colour: look.second, width: 2, dash: [8, 5] },
  );
  line(
    pen,
    [
      [x(even), BOTTOM],
      [x(even), level],
    ],
    { dash: [2, 3] },
  );
  const [at, way] = [0.42 * widest, `1×1 to C_mid, then ${s.k}×${s.k}`];
  write(pen, way, x(at) + 12, y((direct.macs * at) / even) + 12, { colour: look.first });
  const now = `${whole(s.c_mid)} now`;
  write(pen, now, Math.max(x(s.c_mid) - 10, LEFT + 60), y(bottleneck.macs) - 13, { align: "right", bold: true });
  ring(pen, x(s.c_mid), y(bottleneck.macs), 6);
  write(pen, `${s.k}×${s.k} directly`, LEFT + 8, level - 10, { colour: look.second });
  write(pen, `break-even: ${even.toFixed(1)}`, x(even), BOTTOM + 13, { align: "center", bold: true });
  write(pen, "multiply-adds", LEFT + 6, 8, { size: 11 });
  const axis = x(even) > width / 2 ? x(even) - 8 : right; // never across the line of break-even
  write(pen, "C_mid, channels in the middle →", axis, BOTTOM - 10, { align: "right", size: 11 });
}

function told(s) {
  const { direct, bottleneck, separable } = budgetCounts(s);
  const than = (one) => {
    const times = direct.macs / one.macs;
    if (one.macs === direct.macs) return "costs exactly what it does directly";
    return times > 1 ? `costs ${times.toFixed(2)} times less` : `costs ${(1 / times).toFixed(2)} times as much`;
  };
  return (
    `The 1×1 to ${s.c_mid} ${than(bottleneck)}, and writes ${whole(bottleneck.maps)} maps where that writes ${whole(direct.maps)}; ` +
    `it saves below ${breakEven(s).toFixed(1)} channels in the middle. Depthwise, then 1×1, ${than(separable)}.`
  );
}

function render({ model, el }) {
  const limits = model.get("limits");
  const names = Object.keys(NAMES);
  const s = {};
  const redraw = coalesced(draw);
  const rest = () => linked.commit({ ...s });
  const change = (changes) => (Object.assign(s, changes), redraw());
  const sliders = names.map((name) =>
    slider(
      NAMES[name],
      { min: 1, max: limits[name], step: name === "k" ? 2 : 1 },
      (value) => change({ [name]: name === "k" ? 2 * Math.floor(value / 2) + 1 : Math.round(value) }),
      rest,
    ),
  );
  const bills = element("div", { className: "bills" });
  const crossing = sharpCanvas(
    { width: WIDTH, height: HEIGHT },
    "Multiply-adds of the bottleneck against the channels in its middle",
    { width: 600, height: HEIGHT, under: 780 },
    { width: 420, height: HEIGHT },
  );
  const readout = status();

  function draw() {
    const counts = budgetCounts(s);
    const heads = Object.values(KINDS).map((text) => element("span", { className: "title", textContent: text }));
    const rows = Object.entries(ways(s)).flatMap(([way, name]) => [
      element("span", { textContent: name }),
      ...Object.keys(KINDS).map((kind) =>
        bill(way, counts[way][kind], Math.max(...Object.values(counts).map((one) => one[kind]))),
      ),
    ]);
    bills.replaceChildren(element("span"), ...heads, ...rows);
    crossing.paint(() => drawCrossing(crossing.pen, s, crossing.width));
    readout.textContent = told(s);
    names.forEach((name, i) => sliders[i].set(s[name]));
  }

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    redraw();
  };
  const linked = link(model, names, update);
  const known = presets(PRESETS, (preset) => (change(preset), rest()));
  lay(el, known, bar(...sliders.map(({ node }) => node)), stage(bills), crossing.node, readout);
  update(names);
  return linked.stop;
}

export { breakEven, budgetCounts };
export default unsaved({ render });
