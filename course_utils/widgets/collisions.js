// Collisions: a photo, the photo with its colours changed, and what a layer makes of it. Changes inside of the disc are
// those that the layer does not see.

import { coalesced, player } from "./clock.js";
import { bar, choice, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp, minus, signed } from "./numbers.js";
import { bitmap, clear, dragged, frame, picture, ring, sharpCanvas, write } from "./picture.js";

const WIDTH = 900;
const TOP = 26;
const DISC = { x: 104, radius: 92, cells: 92 };
const PICTURES = { x: 222, wide: 218, gap: 12 };
const SPEED = 60; // degrees a second
const TRAITS = ["layer", "where", "angle", "far", "seen"];
const NAME =
  "Left, a disc of changes that the layer does not see. Then a photo, the changed photo, and the layer's output of it.";

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

const outputAt = (x, p, [r, g, b]) => r * x[3 * p] + g * x[3 * p + 1] + b * x[3 * p + 2];

// ---- picture --------------------------------------------------------------------------------------------------------

const bytes = (values) => values.map((value) => Math.round(255 * value));

// Every point of the disc is a change, drawn on a middle grey: colours that the layer gives one and the same grey.
function drawDisc(pen, s, limit, middle) {
  const { x, radius, cells } = DISC;
  const at = (k) => (2 * (k + 0.5)) / cells - 1;
  const colours = bitmap(cells, cells, (k) => {
    const [across, down] = [at(k % cells), at(Math.floor(k / cells))];
    const angle = (Math.atan2(-down, across) * 180) / Math.PI;
    return bytes(
      moveOf(s.directions, angle, limit * Math.min(1, Math.hypot(across, down)), 0).map((part) => 0.5 + part),
    );
  });
  pen.save();
  pen.beginPath();
  pen.arc(x, middle, radius, 0, 2 * Math.PI);
  pen.clip();
  pen.drawImage(colours, x - radius, middle - radius, 2 * radius, 2 * radius);
  pen.restore();
  const [turned, out] = [(s.angle * Math.PI) / 180, (s.far / limit) * radius];
  ring(pen, x + out * Math.cos(turned), middle - out * Math.sin(turned), 7);
  write(pen, "changes that it does not see", x, 12, { bold: true, align: "center" });
  write(pen, "drag the ring", x, middle + radius + 14, { size: 11, align: "center" });
}

function drawPictures(pen, s, photos) {
  const [height, width] = s.sizes;
  const high = (PICTURES.wide * height) / width;
  const colour = (x) => (p) => bytes([x[3 * p], x[3 * p + 1], x[3 * p + 2]]);
  const grey = (x) => (p) => new Array(3).fill(Math.round(255 * outputAt(x, p, s.weight)));
  const shown = [
    ["x", colour(photos.x)],
    ["x + change", colour(photos.other)],
    ["output of x + change", grey(photos.other)],
  ];
  shown.forEach(([title, tone], k) => {
    const left = PICTURES.x + k * (PICTURES.wide + PICTURES.gap);
    write(pen, title, left, 12, { bold: true });
    picture(pen, bitmap(width, height, tone), left, TOP, PICTURES.wide, high);
    frame(pen, left, TOP, PICTURES.wide, high);
  });
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
  const flat = (name) => {
    const view = model.get(name);
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  };
  const [photo, inRing] = [flat("photo"), flat("ring")];
  const s = { sizes: model.get("sizes"), places, turned: 0 };
  const high = (PICTURES.wide * s.sizes[0]) / s.sizes[1];
  const height = Math.ceil(TOP + Math.max(high, 2 * DISC.radius) + 4);
  const middle = TOP + Math.max(high / 2, DISC.radius);
  const surface = sharpCanvas(WIDTH, height, NAME);
  const readout = status();
  const x = changed(photo, pale, [0, 0, 0], () => false);

  const redraw = coalesced(() => {
    const which = names.indexOf(s.layer);
    s.weight = weights[which];
    s.directions = model.get("directions")[which];
    const move = moveOf(s.directions, s.angle, s.far, s.seen);
    const other = changed(photo, pale, move, s.where === places[0] ? (p) => inRing[p] === 1 : () => true);
    clear(surface.pen);
    drawDisc(surface.pen, s, far, middle);
    drawPictures(surface.pen, s, { x, other });
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
    surface,
    (left, top) => {
      const [across, up] = [left - DISC.x, middle - top];
      if (left > PICTURES.x - PICTURES.gap) return;
      const turned = Math.round((Math.atan2(up, across) * 180) / Math.PI);
      take({ angle: (turned + 360) % 360, far: far * clamp(Math.hypot(across, up) / DISC.radius, 0, 1) });
    },
    commit,
    (left, top) => Math.hypot(left - DISC.x, top - middle) <= DISC.radius + 10,
  );

  const update = (changes) => {
    for (const name of changes) s[name] = model.get(name);
    layer.set(s.layer);
    where.set(s.where);
    redraw();
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(play.node, layer.node, where.node), bar(angle.node, length.node, seen.node), readout, surface.node);
  update(TRAITS);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { changed, moveOf, outputAt };
export default { render };
