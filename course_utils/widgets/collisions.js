// Collisions: a photo, the photo with its colours changed, and what a layer makes of it. Changes inside of the disc are
// those that the layer does not see.

import { coalesced, player } from "./clock.js";
import { bar, choice, element, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp, minus, octets, signed } from "./numbers.js";
import { bitmap, clear, dragged, ring, sharpCanvas } from "./picture.js";
import { unsaved } from "./unsaved.js";

const DISC = { side: 200, radius: 96, cells: 92 };
const SPEED = 60; // degrees a second
const TRAITS = ["layer", "where", "angle", "far", "seen"];
const NAMES = ["changes unseen by the layer", "the photo, x", "changed: x + change", "the layer's output for it"];

// ---- arithmetic, tested against NumPy; photo is uint8 red green blue …, ring is 1 where the ring lies ---------------

// What is added to red, green and blue.
function moveOf([first, second, own], angle, far, seen) {
  const [along, across] = [far * Math.cos((angle * Math.PI) / 180), far * Math.sin((angle * Math.PI) / 180)];
  return own.map((value, c) => along * first[c] + across * second[c] + seen * value);
}

// The pale photo, changed where `holds` says.
function changed(photo, [pale, span], move, holds) {
  return Float64Array.from(
    photo,
    (value, k) => pale + (span * value) / 255 + (holds((k - (k % 3)) / 3) ? move[k % 3] : 0),
  );
}

// 1 where the ring lies.
function ringOf(height, width) {
  const half = Math.min(height, width) / 2;
  return Uint8Array.from({ length: height * width }, (_, p) => {
    const [down, across] = [Math.floor(p / width) - (height - 1) / 2, (p % width) - (width - 1) / 2];
    const apart = Math.hypot(down, across) / half;
    return apart > 0.5 && apart < 0.8 ? 1 : 0;
  });
}

const outputAt = (x, p, [r, g, b]) => r * x[3 * p] + g * x[3 * p + 1] + b * x[3 * p + 2];

// ---- picture --------------------------------------------------------------------------------------------------------

const bytes = (values) => values.map((value) => Math.round(255 * value));

// Every point of the disc is a change, drawn on a middle grey: colours that the layer gives one and the same grey.
function drawDisc(pen, s, limit) {
  const { side, radius, cells } = DISC;
  const at = (k) => (2 * (k + 0.5)) / cells - 1;
  const colours = bitmap(cells, cells, (k) => {
    const [across, down] = [at(k % cells), at(Math.floor(k / cells))];
    const angle = (Math.atan2(-down, across) * 180) / Math.PI;
    const far = limit * Math.min(1, Math.hypot(across, down));
    return bytes(moveOf(s.directions, angle, far, 0).map((part) => 0.5 + part));
  });
  clear(pen);
  pen.save();
  pen.beginPath();
  pen.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
  pen.clip();
  pen.drawImage(colours, side / 2 - radius, side / 2 - radius, 2 * radius, 2 * radius);
  pen.restore();
  const [turned, out] = [(s.angle * Math.PI) / 180, (s.far / limit) * (radius - 8)];
  ring(pen, side / 2 + out * Math.cos(turned), side / 2 - out * Math.sin(turned), 7);
}

// The photo, the changed photo and the output, each in a canvas of its own.
function drawPictures(canvases, s, photos) {
  const [height, width] = s.sizes;
  const colour = (x) => (p) => bytes([x[3 * p], x[3 * p + 1], x[3 * p + 2]]);
  const grey = (x) => (p) => new Array(3).fill(Math.round(255 * outputAt(x, p, s.weight)));
  [colour(photos.x), colour(photos.other), grey(photos.other)].forEach((tone, k) =>
    canvases[k].getContext("2d").drawImage(bitmap(width, height, tone), 0, 0),
  );
}

function named(canvas, name) {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  return element("figure", {}, element("figcaption", { textContent: name }), canvas);
}

function sentence(s, move) {
  const gap = Math.abs(outputAt(move, 0, s.weight));
  const most = Math.max(...move.map(Math.abs));
  const told = ["red", "green", "blue"].map((name, c) => `${signed(move[c])} ${name}`).join(", ");
  return (
    `Weights ${s.weight.map((one) => one.toFixed(3)).join(", ")}. ` +
    `${s.where === s.places[0] ? "In the ring" : "Everywhere"} ${told}. ` +
    `The colours change by up to ${most.toFixed(2)}, the output by ${gap < 0.0005 ? "0" : minus(gap.toFixed(3))}.`
  );
}

// ---- controls -------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const [names, places, pale] = [model.get("names"), model.get("places"), model.get("pale")];
  const [weights, [far, along]] = [model.get("weights"), model.get("limits")];
  const photo = octets(model.get("photo"));
  const s = { sizes: model.get("sizes"), places, turned: 0 };
  const [height, width] = s.sizes;
  const inRing = ringOf(height, width);
  const disc = sharpCanvas({ width: DISC.side, height: DISC.side }, NAMES[0]);
  const canvases = NAMES.slice(1).map(() => element("canvas", { width, height }));
  const room = element("div", { className: "collisions" });
  room.append(...[disc.canvas, ...canvases].map((canvas, k) => named(canvas, NAMES[k])));
  const readout = status();
  const x = changed(photo, pale, [0, 0, 0], () => false);

  const redraw = coalesced(() => {
    const which = names.indexOf(s.layer);
    s.weight = weights[which];
    s.directions = model.get("directions")[which];
    const move = moveOf(s.directions, s.angle, s.far, s.seen);
    const other = changed(photo, pale, move, s.where === places[0] ? (p) => inRing[p] === 1 : () => true);
    disc.paint(() => drawDisc(disc.pen, s, far));
    drawPictures(canvases, s, { x, other });
    readout.textContent = sentence(s, move);
    [angle, length, seen].forEach((one, k) => one.set([s.angle, s.far, s.seen][k]));
  });
  const take = (changes) => {
    play.pause();
    Object.assign(s, changes);
    redraw();
  };
  const commit = () => linked.commit({ angle: s.angle, far: s.far, seen: s.seen });
  const play = player(readout, {
    rate: () => SPEED,
    begin: () => Object.assign(s, { turned: 0, far: s.far || far }),
    advance: (count) => {
      s.turned += count;
      s.angle = (s.angle + count) % 360;
      if (s.turned >= 360) play.pause();
      redraw();
    },
    rest: commit,
  });
  const layer = choice(
    "layer",
    names.map((name) => [name, name]),
    (name) => (play.pause(), linked.commit({ layer: name })),
  );
  const where = choice(
    "change",
    places.map((name) => [name, name]),
    (name) => (play.pause(), linked.commit({ where: name })),
  );
  const angle = slider(
    "direction in the disc",
    { min: 0, max: 359, step: 1 },
    (value) => take({ angle: Math.round(value) }),
    commit,
  );
  const length = slider("how far", { min: 0, max: far, step: 0.01 }, (value) => take({ far: value }), commit);
  const seen = slider(
    "along the weights, which the layer sees",
    { min: -along, max: along, step: 0.01 },
    (value) => take({ seen: value }),
    commit,
  );
  dragged(
    disc,
    (left, top) => {
      const [across, up] = [left - DISC.side / 2, DISC.side / 2 - top];
      const turned = Math.round((Math.atan2(up, across) * 180) / Math.PI);
      take({ angle: (turned + 360) % 360, far: far * clamp(Math.hypot(across, up) / (DISC.radius - 8), 0, 1) });
    },
    commit,
  );

  const update = (changes) => {
    for (const name of changes) s[name] = model.get(name);
    layer.set(s.layer);
    where.set(s.where);
    redraw();
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(play.node, layer.node, where.node), bar(angle.node, length.node, seen.node), readout, room);
  update(TRAITS);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { changed, moveOf, outputAt, ringOf };
export default unsaved({ render });
