// Play back a training run: the weight matrix at this step, and the loss up to here.

const WIDTH = 900;
const HEIGHT = 300;
const LEFT = { x: 50, y: 46, wide: 400, high: 200 }; // the weight matrix
const RIGHT = { x: 540, y: 46, wide: 330, high: 200 }; // the loss
const RATE = 40; // steps a second
const NAME = "The weight matrix of a small layer at one step of training, and the curve of its loss.";

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

function weightAt(s) {
  const size = s.cMid * s.cIn;
  const first = (s.run * (s.steps + 1) + s.step) * size;
  return s.weights.subarray(first, first + size);
}

const lossAt = (s, step) => s.losses[s.run * (s.steps + 1) + step];

// ---- picture --------------------------------------------------------------------------------------------------------

function drawWeights(pen, s) {
  const weight = weightAt(s);
  const [wide, high] = [LEFT.wide / s.cIn, LEFT.high / s.cMid];
  write(pen, `weight at step ${s.step}: one row a hidden channel`, LEFT.x, 22, { bold: true });
  weight.forEach((value, i) => {
    const [x, y] = [LEFT.x + (i % s.cIn) * wide, LEFT.y + Math.floor(i / s.cIn) * high];
    pen.fillStyle = css(signedColour(value / s.reach));
    pen.fillRect(x, y, wide - 1, high - 1);
    const dark = Math.abs(value / s.reach) > 0.6;
    write(pen, value.toFixed(1).replace("-", "−"), x + wide / 2, y + high / 2, { size: 11, align: "center", colour: dark ? "#fff" : INK });
  });
  for (let o = 0; o < s.cMid; o++) write(pen, `o = ${o}`, LEFT.x - 8, LEFT.y + (o + 0.5) * high, { size: 11, align: "right" });
  write(pen, "c: input channel →", LEFT.x, LEFT.y + LEFT.high + 16, { size: 11 });
}

function drawLoss(pen, s) {
  let top = 0;
  for (let t = 0; t <= s.steps; t++) top = Math.max(top, lossAt(s, t));
  const at = (t) => [RIGHT.x + (t / s.steps) * RIGHT.wide, RIGHT.y + RIGHT.high * (1 - lossAt(s, t) / top)];
  write(pen, "mean squared error", RIGHT.x, 22, { bold: true });
  pen.strokeStyle = FAINT;
  pen.lineWidth = 1;
  pen.strokeRect(RIGHT.x, RIGHT.y, RIGHT.wide, RIGHT.high);
  const curve = (from, to, colour, width) => {
    pen.beginPath();
    for (let t = from; t <= to; t++) pen.lineTo(...at(t));
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  };
  curve(0, s.steps, "#ccc", 2);
  curve(0, s.step, css(NEGATIVE), 3);
  ring(pen, ...at(s.step));
  write(pen, top.toFixed(2), RIGHT.x - 6, RIGHT.y, { size: 11, align: "right" });
  write(pen, "0", RIGHT.x - 6, RIGHT.y + RIGHT.high, { size: 11, align: "right" });
  write(pen, "step 0", RIGHT.x, RIGHT.y + RIGHT.high + 16, { size: 11 });
  write(pen, `step ${s.steps}`, RIGHT.x + RIGHT.wide, RIGHT.y + RIGHT.high + 16, { size: 11, align: "right" });
}

function sentence(s) {
  const alike = likeness(weightAt(s), s.cMid, s.cIn);
  const zero = weightAt(s).every((value) => value === 0);
  const rows = zero
    ? "all weights are 0"
    : alike > 0.999999
      ? "all rows point the same way"
      : `the two least alike rows have cosine ${alike.toFixed(2).replace("-", "−")}`;
  return `Step ${s.step}: loss ${lossAt(s, s.step).toFixed(3)}; ${rows}.`;
}

// ---- controls -------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const [cMid, cIn, steps] = model.get("sizes");
  const s = { cMid, cIn, steps, step: 0, run: 0, weights: floats(model.get("weights")), losses: floats(model.get("losses")) };
  s.reach = s.weights.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  const names = model.get("names");
  const surface = sharpCanvas(WIDTH, HEIGHT, NAME);
  const readout = element("div", { className: "readout" });
  readout.setAttribute("role", "status");

  const redraw = coalesced(() => {
    surface.pen.fillStyle = "#fff";
    surface.pen.fillRect(0, 0, WIDTH, HEIGHT);
    drawWeights(surface.pen, s);
    drawLoss(surface.pen, s);
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
  const start = choice("start from", names.map((name) => [name, name]), (name) => {
    play.pause();
    linked.commit({ start: name, step: 0 });
  });
  const update = () => {
    s.run = names.indexOf(model.get("start"));
    s.step = model.get("step");
    start.set(model.get("start"));
    redraw();
  };
  const linked = link(model, ["start", "step"], update);
  el.append(
    element(
      "div",
      { className: "course-widget" },
      element("div", { className: "bar" }, start.node, play.node, at.node),
      readout,
      surface.node,
    ),
  );
  update();
  return () => {
    play.pause();
    linked.stop();
  };
}

export { likeness };
export default { render };
