// The controls of the scan. A position counts the products added so far; everything on show follows from it.

const SPEEDS = [2, 20, 200, 2000, 20000]; // products a second
const STEPS = { product: "one product", output: "one output number", pixel: "one pixel", row: "one row of pixels" };
const ORDERS = { raster: "row by row", random: "random pixels", "output by output": "one output after the other" };
const WEIGHTS = { given: "as given", random: "new random numbers", average: "all 1 / C_in", copy: "copy one map each", own: "your own" };
const NAME = "Input maps, the numbers at one pixel times their weights, a running total, and the output maps filling in.";

const grouped = (number) => number.toLocaleString("en-US");

function sentence(s, { o, pixel, added, total }) {
  const width = s.sizes[2];
  const where = `y[0, ${o}, ${Math.floor(pixel / width)}, ${pixel % width}]`;
  const progress = added === s.cIn ? `= ${signed(total)}, finished` : `is ${signed(total)} so far`;
  return `${where} ${progress}: ${added} of ${s.cIn} products added. In all, ${grouped(s.position)} of ${grouped(s.end)} products.`;
}

// The numbers of the model, and all that follows from them. While it plays, s.position runs ahead of the model's.
function load(s, model) {
  if (JSON.stringify(model.get("weight")) !== s.preset) s.given = model.get("weight");
  Object.assign(s, { weight: model.get("weight"), bias: model.get("bias"), order: model.get("order") });
  Object.assign(s, { cIn: model.get("c_in"), cOut: model.get("c_out") });
  prepare(s);
  if (model.get("position") !== s.known) s.position = s.known = model.get("position"); // set by Python or another view
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
      if (weight) return weigh(withWeight(s.weight, weight.o, weight.c, weightFor(x, weight.reach)));
      const found = pick(s, x, y);
      if (found) jump(found);
    },
    rest,
  );
  const light = (found) => {
    if (JSON.stringify(found) === JSON.stringify(s.hover ?? null)) return;
    s.hover = found;
    redraw();
  };
  surface.canvas.addEventListener("pointermove", (event) => light(event.buttons ? null : pick(s, ...surface.place(event), true)));
  surface.canvas.addEventListener("pointerleave", () => light(null));
}

function render({ model, el }) {
  const s = { sizes: model.get("sizes"), names: model.get("names"), maps: floats(model.get("maps")), step: "product", rate: SPEEDS[0] };
  const surface = sharpCanvas(WIDTH, HEIGHT, NAME);
  const readout = element("div", { className: "readout" });
  readout.setAttribute("role", "status");
  let seed = 1;

  const draw = () => {
    readout.textContent = sentence(s, drawAll(surface.pen, s));
    where.set(s.position, s.end);
  };
  const redraw = coalesced(draw);
  const go = (position) => {
    s.position = clamp(position, 0, s.end);
    if (s.position === s.end) play.pause();
    redraw();
  };
  const commit = (changes) => {
    s.position = s.known = changes.position ?? s.position;
    linked.commit({ ...changes, position: s.position });
  };
  const rest = () => commit({});
  const step = (direction) => {
    play.pause();
    go(stepped(s.position, s.step, { ...s, width: s.sizes[2] }, direction));
    rest();
  };

  const play = player(readout, {
    rate: () => s.rate,
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
  const cIn = slider("C_in", { min: 1, max: s.sizes[0], step: 1 }, () => {}, (value) => resize(value, s.cOut));
  const cOut = slider("C_out", { min: 1, max: 1, step: 1 }, () => {}, (value) => resize(s.cIn, value));
  const order = choice("order", Object.entries(ORDERS), (value) => (play.pause(), commit({ order: value })));
  const setWeight = (weight) => {
    s.preset = JSON.stringify(weight); // so that "as given" stays what Python sent
    commit({ weight });
  };
  const weights = choice("weights", Object.entries(WEIGHTS), (value) => {
    if (value !== "own") setWeight(presetWeights(value, s.given, s.cIn, seed++));
  });
  const table = weightTable((o, c, value) => {
    weights.set("own");
    setWeight(withWeight(s.weight, o, c, value));
  });
  const speed = choice("speed", SPEEDS.map((rate) => [rate, `${grouped(rate)} a second`]), (value) => (s.rate = Number(value)));
  const size = choice("step by", Object.entries(STEPS), (value) => (s.step = value));
  pulled(surface, s, {
    jump,
    weigh: (weight) => {
      weights.set("own");
      Object.assign(s, { weight, preset: JSON.stringify(weight) });
      prepare(s);
      redraw();
    },
    rest: () => commit({ weight: s.weight }),
    redraw,
  });

  const update = () => {
    load(s, model);
    cIn.set(s.cIn, s.sizes[0]);
    cOut.set(s.cOut, s.weight.length);
    order.set(s.order);
    table.show(s);
    redraw();
  };
  const linked = link(model, ["c_in", "c_out", "weight", "bias", "order", "position"], update);

  const back = button("◀ Step", "Step back", () => step(-1));
  const forth = button("Step ▶", "Step forward", () => step(1));
  const start = button("|◀ Start", "Back to the start", () => (play.pause(), go(0), rest()));
  const finish = button("Finish ▶|", "To the end", () => (play.pause(), go(s.end), rest()));
  el.append(
    element(
      "div",
      { className: "course-widget" },
      element("div", { className: "bar" }, cIn.node, cOut.node, weights.node, order.node),
      surface.node,
      readout,
      element("div", { className: "bar tight" }, play.node, start, back, forth, finish, size.node, speed.node),
      element("div", { className: "bar" }, where.node),
      table.node,
    ),
  );
  update();
  return () => {
    play.pause();
    linked.stop();
  };
}

export { pointwise, presetWeights, runningTotals, shuffled, stepped, visit };
export default { render };
