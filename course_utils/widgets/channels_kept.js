// Channels kept: a channel, the same channel rebuilt from m outputs, their difference; the loss for every m, the spectrum.

import { coalesced } from "./clock.js";
import { look, signedColour } from "./colours.js";
import { bar, choice, lay, slider, status } from "./controls.js";
import { channelOf, learned, missing, shareOf } from "./channels_kept_arithmetic.js";
import { link } from "./link.js";
import { clamp, decoded, floats } from "./numbers.js";
import { bitmap, clear, frame, line, picture, ring, sharpCanvas, sizeSeen, write } from "./picture.js";
import { unsaved } from "./unsaved.js";

const WIDTH = 900;
const HEIGHT = 500;
const PICTURES = { y: 26, wide: 288, high: 216, gap: 18 };
const LOSS = { x: 52, y: 290, wide: 400, high: 160 };
const SPECTRUM = { x: 540, y: 290, wide: 340, high: 160 };
const LOOKS = [
  ["first", []],
  ["second", [9, 5]],
  ["third", [3, 4]],
]; // told apart by dashes too
const TRAITS = ["data", "way", "kept", "channel"];
const NAME =
  "A channel, the channel rebuilt from fewer, their difference; the share lost and the variance by direction.";

const percent = (share) => (share > 1e-9 && share < 0.0005 ? "less than 0.1%" : `${(100 * share).toFixed(1)}%`);

// The stacks and their weights, cut out of the bytes, with what each way has learned after every output.
function stacksOf(model) {
  const [codes, weights, ways] = [model.get("maps"), floats(model.get("weights")), model.get("ways")];
  const looks = model.get("looks");
  let [at, weight] = [0, 0];
  return model.get("sizes").map(([c, height, width], k) => {
    const { cov, scales } = looks[k];
    const [pixels, bytes] = [height * width, scales.length * height * width];
    const basis = decoded(new DataView(codes.buffer, codes.byteOffset + at, bytes), scales, 8);
    at += bytes;
    const steps = ways.map((way) => {
      const rows = Array.from({ length: c }, () => Array.from(weights.subarray(weight, (weight += c))));
      return [way, learned(cov, rows)];
    });
    return { ...looks[k], c, height, width, pixels, basis, steps: Object.fromEntries(steps) };
  });
}

const stepsOf = (s) => s.stack.steps[s.way];

function drawPictures(pen, s) {
  const { stack, channel } = s;
  const { c, height, width, cov } = stack;
  const { left } = stepsOf(s)[s.kept];
  const before = channelOf(stack, channel);
  const gone = missing(stack, left, channel);
  const [low, high] = before.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const grey = (value) => new Array(3).fill(clamp((255 * (value - low)) / (high - low || 1), 0, 255));
  const scale = Math.min(PICTURES.wide / width, PICTURES.high / height);
  const shown = [
    [`channel ${channel}`, (i) => grey(before[i])],
    [`rebuilt from ${s.kept} of ${c}`, (i) => grey(before[i] - gone[i])],
    ["difference, 3× as strong", (i) => signedColour((-3 * gone[i]) / (high - low || 1))],
  ];
  shown.forEach(([title, colour], k) => {
    const left = k * (PICTURES.wide + PICTURES.gap);
    write(pen, title, left, 12, { bold: true });
    picture(pen, bitmap(width, height, colour), left, PICTURES.y, scale * width, scale * height);
  });
  return shareOf(cov, left, channel);
}

function drawLoss(pen, s, ways) {
  const { c, steps } = s.stack;
  const at = (m, share) => [LOSS.x + (m / c) * LOSS.wide, LOSS.y + LOSS.high * (1 - share)];
  write(pen, "share of the variance lost", LOSS.x, LOSS.y - 14, { bold: true });
  axis(pen, LOSS);
  for (let m = 0; m <= c; m++) write(pen, `${m}`, at(m, 0)[0], LOSS.y + LOSS.high + 12, { size: 11, align: "center" });
  write(pen, "channels kept, m", LOSS.x + LOSS.wide / 2, LOSS.y + LOSS.high + 30, { size: 11, align: "center" });
  const high = sizeSeen(pen, 11);
  const words = LOSS.x + LOSS.wide - 11 * high; // where the names of the ways begin
  ways.forEach((name, way) => {
    const [colour, dashes] = [look[LOOKS[way][0]], LOOKS[way][1]];
    const y = LOSS.y + 12 + Math.max(17, 1.1 * high) * way;
    const drawn = { colour, dash: dashes, width: name === s.way ? 3.5 : 1.5 };
    line(
      pen,
      steps[name].map(({ lost }, m) => at(m, lost)),
      drawn,
    );
    line(
      pen,
      [
        [words - 40, y],
        [words - 7, y],
      ],
      drawn,
    );
    write(pen, name, words, y, { size: 11, bold: name === s.way });
  });
  ring(pen, ...at(s.kept, stepsOf(s)[s.kept].lost));
}

// Along the principal directions the loss falls by the variance of each: that is the spectrum.
function drawSpectrum(pen, s, first) {
  const steps = s.stack.steps[first];
  const wide = SPECTRUM.wide / s.stack.c;
  const shares = steps.slice(1).map(({ lost }, m) => steps[m].lost - lost);
  const top = Math.max(...shares);
  write(pen, "spectrum: % of the variance", SPECTRUM.x, SPECTRUM.y - 14, { bold: true });
  shares.forEach((share, m) => {
    const high = (SPECTRUM.high - 16) * (share / top);
    const x = SPECTRUM.x + m * wide;
    pen.fillStyle = s.way === first && m < s.kept ? look.first : look.pale;
    pen.fillRect(x + 2, SPECTRUM.y + SPECTRUM.high - high, wide - 4, high);
    const text = share < 0.0005 ? "0" : share < 0.01 ? (100 * share).toFixed(1) : (100 * share).toFixed(0);
    write(pen, text, x + wide / 2, SPECTRUM.y + SPECTRUM.high - high - 9, { size: 11, align: "center" });
    write(pen, `${m + 1}`, x + wide / 2, SPECTRUM.y + SPECTRUM.high + 12, { size: 11, align: "center" });
  });
  frame(pen, SPECTRUM.x, SPECTRUM.y + SPECTRUM.high, SPECTRUM.wide, 0, look.faint);
  write(
    pen,
    s.way === first ? "direction (green: kept)" : "direction",
    SPECTRUM.x + SPECTRUM.wide / 2,
    SPECTRUM.y + SPECTRUM.high + 30,
    { size: 11, align: "center" },
  );
}

function axis(pen, { x, y, wide, high }) {
  frame(pen, x, y, wide, high, look.faint);
  for (const share of [0, 0.5, 1])
    write(pen, `${100 * share}%`, x - 6, y + high * (1 - share), { size: 11, align: "right" });
}

function render({ model, el }) {
  const [names, ways, stacks] = [model.get("names"), model.get("ways"), stacksOf(model)];
  const s = {};
  const surface = sharpCanvas({ width: WIDTH, height: HEIGHT }, NAME, {
    pieces: [
      [0, 0, 2 * PICTURES.wide + PICTURES.gap, 250],
      [2 * (PICTURES.wide + PICTURES.gap), 0, 2 * PICTURES.wide + PICTURES.gap, 250],
      [0, 262, 470, HEIGHT - 262],
      [500, 262, 400, HEIGHT - 262],
    ],
  });
  const readout = status();

  const redraw = coalesced(() => {
    const own = surface.paint(() => {
      clear(surface.pen);
      drawLoss(surface.pen, s, ways);
      drawSpectrum(surface.pen, s, ways[0]);
      return drawPictures(surface.pen, s);
    });
    const { lost } = stepsOf(s)[s.kept];
    readout.textContent =
      `${s.kept} of ${s.stack.c} channels kept, ${s.way}: ${percent(lost)} of the variance is lost; ` +
      `of channel ${s.channel}, ${percent(own)}.`;
  });
  const commit = () => linked.commit({ kept: s.kept, channel: s.channel });

  const source = choice(
    "data",
    names.map((name) => [name, name]),
    (name) => {
      const { c } = stacks[names.indexOf(name)];
      linked.commit({ data: name, kept: Math.min(s.kept, c), channel: Math.min(s.channel, c - 1) });
    },
  );
  const way = choice(
    "keep",
    ways.map((name) => [name, name]),
    (name) => linked.commit({ way: name }),
  );
  const most = Math.max(...stacks.map(({ c }) => c));
  const kept = slider(
    "channels kept, m",
    { min: 1, max: most, step: 1, wide: true },
    (m) => ((s.kept = m), redraw()),
    commit,
  );
  const channel = slider(
    "channel on show",
    { min: 0, max: most - 1, step: 1 },
    (k) => ((s.channel = k), redraw()),
    commit,
  );
  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    s.stack = stacks[names.indexOf(s.data)];
    s.kept = clamp(s.kept, 1, s.stack.c);
    s.channel = clamp(s.channel, 0, s.stack.c - 1);
    source.set(s.data);
    way.set(s.way);
    kept.set(s.kept, s.stack.c);
    channel.set(s.channel, s.stack.c - 1);
    redraw();
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(source.node, way.node, channel.node), bar(kept.node), readout, surface.node);
  update(TRAITS);
  return linked.stop;
}

export { channelOf, learned, missing, shareOf };
export default unsaved({ render });
