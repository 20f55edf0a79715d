// The roofline explorer: sliders for a layer and its batch, a device, and the roof with the layers of two networks.

import { coalesced } from "./clock.js";
import { look, tint } from "./colours.js";
import { bar, choice, element, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp } from "./numbers.js";
import { clear, line, ring, sharpCanvas, write } from "./picture.js";
import { attainable, pointwiseWork } from "./roofline_counts.js";
import { unsaved } from "./unsaved.js";

const NAMES = { c_in: "C_in", c_out: "C_out", size: "maps: pixels a side", n: "batch N" };
const [WIDTH, HEIGHT] = [900, 400];
const FRAME = { left: 62, right: 20, top: 14, bottom: 46 };
const LOOKS = [
  ["first", "disc"],
  ["second", "square"],
]; // one a network; told apart by shape too
const [LOWEST, HIGHEST] = [0.25, 4096]; // FLOP for each byte
const DECADES = 4; // shown below the peak

const short = (value) =>
  value === 0 ? "0" : Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 });

function flopsText(value) {
  const [unit, size] = value >= 1e12 ? ["TFLOP/s", 1e12] : ["GFLOP/s", 1e9];
  return `${short(value / size)} ${unit}`;
}

function timeText(seconds) {
  const [unit, size] = seconds < 1e-3 ? ["µs", 1e-6] : ["ms", 1e-3];
  return `${short(seconds / size)} ${unit}`;
}

// The scale of the picture: decades below and half a decade above the peak.
function scales({ peak }, width) {
  const [wide, high] = [width - FRAME.left - FRAME.right, HEIGHT - FRAME.top - FRAME.bottom];
  const [bottom, top] = [Math.log10(peak) - DECADES, Math.log10(peak) + 0.5];
  const reach = Math.log2(HIGHEST / LOWEST);
  return {
    end: width - FRAME.right,
    x: (intensity) => FRAME.left + (wide * Math.log2(clamp(intensity, LOWEST, HIGHEST) / LOWEST)) / reach,
    y: (flops) => FRAME.top + high * clamp((top - Math.log10(flops)) / (top - bottom), 0, 1),
  };
}

function region(pen, points, colour) {
  pen.beginPath();
  points.forEach(([x, y]) => pen.lineTo(x, y));
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
}

function drawAxes(pen, { x, y, end }, { peak }) {
  const floor = HEIGHT - FRAME.bottom;
  for (let intensity = LOWEST; intensity <= HIGHEST; intensity *= 4) {
    line(
      pen,
      [
        [x(intensity), floor],
        [x(intensity), FRAME.top],
      ],
      { colour: look.grid },
    );
    write(pen, `${intensity}`, x(intensity), floor + 13, { size: 11, align: "center" });
  }
  for (let power = Math.ceil(Math.log10(peak) - DECADES); power <= Math.log10(peak) + 0.5; power++) {
    line(
      pen,
      [
        [FRAME.left, y(10 ** power)],
        [end, y(10 ** power)],
      ],
      { colour: look.grid },
    );
    const [unit, less] = power >= 12 ? ["T", 12] : power >= 9 ? ["G", 9] : ["M", 6];
    write(pen, `${10 ** (power - less)} ${unit}`, FRAME.left - 6, y(10 ** power), { size: 11, align: "right" });
  }
  line(pen, [
    [FRAME.left, FRAME.top],
    [FRAME.left, floor],
    [end, floor],
  ]);
  write(pen, "FLOP for each byte moved", (FRAME.left + end) / 2, floor + 33, { align: "center" });
  write(pen, "FLOP/s", 4, FRAME.top + 2, { bold: true });
}

function drawRoof(pen, { x, y, end }, { peak, bandwidth }) {
  const [ridge, floor] = [peak / bandwidth, HEIGHT - FRAME.bottom];
  const first = Math.max(LOWEST, 10 ** (Math.log10(peak) - DECADES) / bandwidth); // where the slope enters the picture
  const slope = [
    [x(first), y(first * bandwidth)],
    [x(ridge), y(peak)],
  ];
  region(pen, [[x(first), floor], ...slope, [x(ridge), floor]], tint(look.memory, 0.12));
  region(
    pen,
    [
      [x(ridge), floor],
      [x(ridge), y(peak)],
      [end, y(peak)],
      [end, floor],
    ],
    tint(look.computing, 0.16),
  );
  line(pen, [...slope, [end, y(peak)]], { width: 2.5 });
  line(
    pen,
    [
      [x(ridge), y(peak)],
      [x(ridge), floor],
    ],
    { colour: look.faint, dash: [3, 4] },
  );
  const right = x(ridge) > end - 180;
  write(pen, `ridge ${short(ridge)}`, x(ridge) + (right ? -6 : 6), floor - 12, {
    align: right ? "right" : "left",
    bold: true,
  });
  write(pen, "limited by memory", x(ridge) - 10, floor - 34, { align: "right", colour: look.memory });
  const tight = x(ridge) + 130 > end; // then the words stand higher, so that they do not meet
  const place = tight ? [end, floor - 54, "right"] : [x(ridge) + 10, floor - 34, "left"];
  write(pen, "limited by computing", place[0], place[1], { align: place[2], colour: look.computing });
  write(pen, `peak ${flopsText(peak)}`, end - 4, y(peak) - 11, { align: "right" });
}

function mark(pen, x, y, [colour, shape]) {
  pen.beginPath();
  if (shape === "disc") pen.arc(x, y, 5, 0, 2 * Math.PI);
  else pen.rect(x - 4.5, y - 4.5, 9, 9);
  pen.fillStyle = look[colour];
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = look.paper;
  pen.stroke();
}

function render({ model, el }) {
  const [devices, networks, itemsizes] = ["devices", "networks", "itemsizes"].map((name) =>
    JSON.parse(model.get(name)),
  );
  const limits = model.get("limits");
  const numbers = Object.keys(NAMES);
  const traits = [...numbers, "device_name", "dtype"];
  const s = {};
  const surface = sharpCanvas(
    { width: WIDTH, height: HEIGHT },
    "The roofline of a device, with the layer on show and the 1×1 layers of two networks",
    { width: 600, height: HEIGHT, under: 780 },
    { width: 420, height: HEIGHT },
  );
  const readout = status();

  const typeOnShow = () => (s.dtype in devices[s.device_name][1] ? s.dtype : Object.keys(devices[s.device_name][1])[0]);
  const roofOnShow = () => ({ peak: devices[s.device_name][1][typeOnShow()], bandwidth: devices[s.device_name][0] });
  const intensityOf = ([c_in, c_out, size]) =>
    pointwiseWork({ n: s.n, c_in, c_out, size }, itemsizes[typeOnShow()]).intensity;

  function draw() {
    const [roof, pen] = [roofOnShow(), surface.pen];
    const scale = scales(roof, surface.width);
    const { x, y } = scale;
    clear(pen);
    drawAxes(pen, scale, roof);
    drawRoof(pen, scale, roof);
    Object.entries(networks).forEach(([name, layers], i) => {
      for (const layer of layers) {
        const intensity = intensityOf(layer);
        mark(pen, x(intensity), y(attainable(intensity, roof.peak, roof.bandwidth)), LOOKS[i]);
      }
      mark(pen, FRAME.left + 22, FRAME.top + 16 + 20 * i, LOOKS[i]);
      write(pen, `1×1 layers of ${name}`, FRAME.left + 34, FRAME.top + 16 + 20 * i);
    });
    const own = pointwiseWork(s, itemsizes[typeOnShow()]);
    ring(pen, FRAME.left + 22, FRAME.top + 56, 7);
    write(pen, "this layer", FRAME.left + 34, FRAME.top + 56, { bold: true });
    ring(pen, x(own.intensity), y(attainable(own.intensity, roof.peak, roof.bandwidth)), 9);
    readout.textContent = told(own, roof);
    numbers.forEach((name, i) => sliders[i].set(s[name]));
    place.set("");
  }

  function told({ flops, intensity }, { peak, bandwidth }) {
    const [most, ridge] = [attainable(intensity, peak, bandwidth), peak / bandwidth];
    const limit = intensity < ridge ? "memory" : "computing";
    const left = Object.entries(networks).map(
      ([name, layers]) =>
        `${layers.filter((one) => intensityOf(one) < ridge).length} of ${layers.length} layers of ${name}`,
    );
    return (
      `${s.c_in} → ${s.c_out} channels at ${s.size}×${s.size}, batch of ${s.n}, ${typeOnShow()} on ${s.device_name}: ` +
      `${short(intensity)} FLOP for each byte; the ridge is at ${short(ridge)}. Limited by ${limit}: at most ` +
      `${flopsText(most)}, ${Math.round((100 * most) / peak)}% of the peak, ${timeText(flops / most)}. ` +
      `Limited by memory are ${left.join(", ")}.`
    );
  }

  const redraw = coalesced(() => surface.paint(draw));
  const rest = () => linked.commit({ ...s });
  const sliders = numbers.map((name) =>
    slider(
      NAMES[name],
      { min: 1, max: limits[name], step: 1, wide: true },
      (value) => ((s[name] = Math.round(value)), redraw()),
      rest,
    ),
  );
  const which = choice(
    "device",
    Object.keys(devices).map((name) => [name, name]),
    (name) => linked.commit({ device_name: name }),
  );
  const type = choice(
    "numbers",
    Object.keys(itemsizes).map((name) => [name, name]),
    (name) => linked.commit({ dtype: name }),
  );
  const layers = Object.entries(networks).flatMap(([name, all]) => all.map((layer) => [layer, name]));
  const options = layers.map(([[a, b, side], name], i) => [`${i}`, `${name}: ${a} → ${b}, ${side}×${side}`]);
  const place = choice("place a layer", [["", "choose …"], ...options], (i) => {
    if (i === "") return;
    const [c_in, c_out, size] = layers[i][0];
    linked.commit({ c_in, c_out, size });
  });

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    which.set(s.device_name);
    type.set(typeOnShow());
    for (const one of type.node.querySelectorAll("option")) one.disabled = !(one.value in devices[s.device_name][1]);
    redraw();
  };
  const linked = link(model, traits, update);
  const choices = bar(which.node, type.node, place.node);
  const pairs = element("div", { className: "bar pairs" }, ...sliders.map(({ node }) => node));
  lay(el, choices, pairs, readout, surface.node);
  update(traits);
  return linked.stop;
}

export { attainable, pointwiseWork };
export default unsaved({ render });
