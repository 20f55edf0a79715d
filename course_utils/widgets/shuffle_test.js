// Two routes from a photo: the layer, then the shuffle; or the shuffle, then the layer. And their difference.

import { coalesced, player } from "./clock.js";
import { LUMA, look, signedColour } from "./colours.js";
import { bar, button, choice, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { generator, octets, shuffled } from "./numbers.js";
import { ON_PICTURE, bitmap, clear, picture, sharpCanvas, write } from "./picture.js";
import { unsaved } from "./unsaved.js";

const LAYERS = ["1×1", "3×3 blur", "3×3 edges"];
const TRAITS = ["seed", "layer", "neighbours", "share"];
const WIDTH = 900;
const GAP = 72; // between two columns of pictures, for the arrows
const LABEL = 22;
const SEEDS = 2 ** 32; // orders that there are, one a seed
const WAY = 120; // steps that the pixels take to their new places, in three seconds
const REACH = { picture: 0.25, difference: 0.5 }; // numbers that get the full colour

// ---- arithmetic, tested against NumPy; photo is uint8 red green blue …, pixels are counted row by row ---------------

// Pixel p of the shuffled photo is pixel permutation[p]: the first pixels of `order`, as many as `share` says, change places.
function permutationOf(order, share) {
  const drawn = order.slice(0, Math.floor(share * order.length));
  const permutation = Uint32Array.from(order, (_, p) => p);
  Uint32Array.from(drawn)
    .sort()
    .forEach((place, k) => (permutation[place] = drawn[k]));
  return permutation;
}

// On the way there: the source of each pixel when those that change places have gone `share` of their way, each on top of
// what lies under it. At 1 it is the permutation.
function underway(permutation, width, share) {
  const sources = Uint32Array.from(permutation, (_, p) => p);
  permutation.forEach((from, to) => {
    if (from === to) return;
    const at = (start, end) => Math.round(start + (end - start) * share);
    const row = at(Math.floor(from / width), Math.floor(to / width));
    sources[row * width + at(from % width, to % width)] = from;
  });
  return sources;
}

// The middle tap and the eight taps around it.
function tapsOf(layer, neighbours) {
  if (layer === "1×1") return { middle: 1, outer: 0 };
  return layer === "3×3 blur"
    ? { middle: 1 - neighbours, outer: neighbours / 8 }
    : { middle: 1, outer: -neighbours / 8 };
}

const grey = (photo) =>
  Float64Array.from(
    { length: photo.length / 3 },
    (_, p) => (LUMA[0] * photo[3 * p] + LUMA[1] * photo[3 * p + 1] + LUMA[2] * photo[3 * p + 2]) / 255,
  );

// A 3×3 convolution of one channel with zeros around it.
function filtered(light, height, width, { middle, outer }) {
  return light.map((value, p) => {
    if (outer === 0) return middle * value;
    const [row, column] = [Math.floor(p / width), p % width];
    let around = 0;
    for (let i = Math.max(0, row - 1); i <= Math.min(height - 1, row + 1); i++)
      for (let j = Math.max(0, column - 1); j <= Math.min(width - 1, column + 1); j++)
        if (i !== row || j !== column) around += light[i * width + j];
    return middle * value + outer * around;
  });
}

const moved = (light, permutation) => light.map((_, p) => light[permutation[p]]);

// Both routes, and by how much they differ at each pixel.
function routes(photo, height, width, taps, permutation) {
  const light = grey(photo);
  const layer = filtered(light, height, width, taps);
  const layerFirst = moved(layer, permutation);
  const shuffleFirst = filtered(moved(light, permutation), height, width, taps);
  return {
    layer,
    layerFirst,
    shuffleFirst,
    difference: layerFirst.map((value, p) => Math.abs(value - shuffleFirst[p])),
  };
}

// ---- picture --------------------------------------------------------------------------------------------------------

function arrow(pen, text, fromX, fromY, toX, toY) {
  const angle = Math.atan2(toY - fromY, toX - fromX);
  pen.strokeStyle = pen.fillStyle = look.ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(toX, toY);
  for (const side of [-0.5, 0.5]) {
    pen.moveTo(toX, toY);
    pen.lineTo(toX - 8 * Math.cos(angle + side), toY - 8 * Math.sin(angle + side));
  }
  pen.stroke();
  write(pen, text, (fromX + toX) / 2, Math.min(fromY, toY) - 11, { size: 11.5, align: "center" });
}

function drawAll(pen, s) {
  const [height, width] = s.sizes;
  const wide = (WIDTH - 3 * GAP) / 4;
  const high = (wide * height) / width;
  const all = routes(s.photo, height, width, s.taps, s.permutation);
  const level = (value) => [255 * value, 255 * value, 255 * value];
  const tone = s.layer === "3×3 edges" ? (value) => signedColour(value / REACH.picture) : level;
  const colourAt = (p) => s.photo.subarray(3 * p, 3 * p + 3);
  const [top, middle, bottom] = [LABEL, LABEL + (high + LABEL) / 2, 2 * LABEL + high];
  const x = [0, 1, 2, 3].map((column) => column * (wide + GAP));
  clear(pen);
  const put = (column, y, name, colour) => {
    write(pen, name, x[column], y - 11, { bold: true });
    picture(pen, bitmap(width, height, colour), x[column], y, wide, high);
  };
  put(0, middle, "photo", colourAt);
  put(1, top, "layer", (p) => tone(all.layer[p]));
  put(2, top, "layer, then shuffle", (p) => tone(all.layerFirst[p]));
  put(1, bottom, "shuffle", (p) => colourAt(s.permutation[p]));
  put(2, bottom, "shuffle, then layer", (p) => tone(all.shuffleFirst[p]));
  put(3, middle, "difference", (p) => signedColour(all.difference[p] / REACH.difference));
  if (all.difference.every((value) => value === 0))
    write(pen, "0 everywhere", x[3] + wide / 2, middle + high / 2, { align: "center", bold: true, colour: ON_PICTURE });
  const [up, down, centre] = [top + high / 2, bottom + high / 2, middle + high / 2];
  arrow(pen, "layer", x[0] + wide + 4, centre - 12, x[1] - 4, up + 20);
  arrow(pen, "", x[0] + wide + 4, centre + 12, x[1] - 4, down - 20);
  write(pen, "shuffle", x[0] + wide + GAP / 2, down + 6, { size: 11.5, align: "center" });
  arrow(pen, "shuffle", x[1] + wide + 4, up, x[2] - 4, up);
  arrow(pen, "layer", x[1] + wide + 4, down, x[2] - 4, down);
  arrow(pen, "", x[2] + wide + 4, up + 20, x[3] - 4, centre - 12);
  arrow(pen, "", x[2] + wide + 4, down - 20, x[3] - 4, centre + 12);
  return all.difference;
}

function sentence(difference) {
  const gap = difference.reduce((most, value) => Math.max(most, value), 0);
  if (gap === 0) return "Both routes end in the same picture. Largest difference: 0.";
  const share = difference.filter((value) => value > 0.001).length / difference.length;
  return `The routes end in different pictures: they differ at ${(100 * share).toFixed(1)}% of the pixels, by up to ${gap.toFixed(3)} (black is 0, white is 1).`;
}

// ---- controls -------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const [height, width] = model.get("sizes");
  const s = { way: WAY, sizes: [height, width], photo: octets(model.get("photo")) };
  const tall = Math.ceil(2 * LABEL + (2 * (((WIDTH - 3 * GAP) / 4) * height)) / width + 4);
  const name =
    "Two routes from the photo: layer then shuffle above, shuffle then layer below, their difference on the right.";
  const surface = sharpCanvas({ width: WIDTH, height: tall }, name, {
    pieces: [
      [0, 0, (WIDTH - GAP) / 2 + 2, tall],
      [(WIDTH - GAP) / 2 + 2, 0, (WIDTH + GAP) / 2 - 2, tall],
    ],
  });
  const readout = status();

  const redraw = coalesced(() => {
    s.taps = tapsOf(s.layer, s.neighbours);
    const permutation = permutationOf(s.order, s.share);
    s.permutation = s.way < WAY ? underway(permutation, s.sizes[1], s.way / WAY) : permutation;
    readout.textContent = sentence(surface.paint(() => drawAll(surface.pen, s)));
  });
  const walk = (step) => {
    s.way = Math.min(WAY, step);
    if (s.way === WAY) play.pause();
    redraw();
  };
  const play = player(readout, {
    rate: () => WAY / 3,
    begin: () => (s.way = s.way === WAY ? 0 : s.way),
    advance: (count) => walk(s.way + count),
    rest: redraw,
  });
  const take = (key, part) => {
    s[key] = part;
    walk(WAY);
  };
  const commit = () => linked.commit({ layer: s.layer, neighbours: s.neighbours, share: s.share });
  const part = { min: 0, max: 1, step: 0.01 };
  const layer = choice(
    "layer",
    LAYERS.map((value) => [value, value]),
    (value) => ((s.layer = value), commit()),
  );
  const share = slider("share of the pixels shuffled", part, (value) => take("share", value), commit);
  const neighbours = slider("weight on the eight neighbours", part, (value) => take("neighbours", value), commit);
  const again = button("Shuffle anew", "Shuffle anew", () =>
    linked.commit({ seed: Math.floor(SEEDS * Math.random()) }),
  );

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    if (changed.includes("seed")) s.order = shuffled(height * width, generator(s.seed));
    layer.set(s.layer);
    share.set(s.share);
    neighbours.set(s.neighbours);
    neighbours.disable(s.layer === "1×1");
    walk(WAY);
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(play.node, layer.node, share.node, again, neighbours.node), surface.node, readout);
  update(TRAITS);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { filtered, generator, grey, moved, permutationOf, routes, shuffled, tapsOf, underway };
export default unsaved({ render });
