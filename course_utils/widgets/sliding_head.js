// A head that slides: a window on a page, the softmax of the scores in it, and the heat of one class on the page.

import { coalesced, player } from "./clock.js";
import { look, tint } from "./colours.js";
import { bar, choice, element, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp, decoded, octets } from "./numbers.js";
import { ON_PICTURE, bitmap, clear, dragged, frame, sharpCanvas } from "./picture.js";
import { unsaved } from "./unsaved.js";

const TRAITS = ["place", "shown"];
const SECONDS = 10; // over the whole page
const ZOOM = 4; // units of the canvas for a pixel of the page
const HEAT = "#b5408a"; // on a picture, which is alike in every theme
const NAME = "A page, on it the softmax of one class, and the window.";

// ---- arithmetic, tested against NumPy -------------------------------------------------------------------------------

// The softmax of the scores in a window; scores stand class by class.
function sharesAt(scores, classes, windows, at) {
  const own = Array.from({ length: classes }, (_, k) => scores[k * windows + at]);
  const raised = own.map((score) => Math.exp(score - Math.max(...own)));
  const total = raised.reduce((a, b) => a + b);
  return raised.map((value) => value / total);
}

// ---- picture and controls -------------------------------------------------------------------------------------------

function sentence(s, window, stride) {
  const order = s.shares.map((_, k) => k).sort((a, b) => s.shares[b] - s.shares[a]);
  const [first, second] = order.map((k) => `${k} with ${s.shares[k].toFixed(2)}`);
  const [row, column] = s.place.map((index) => index * stride);
  return `Window of ${window}×${window} pixels, corner in row ${row}, column ${column}: ${first}, then ${second}.`;
}

function render({ model, el }) {
  const [height, width, classes, rows, columns] = model.get("sizes");
  const [window, stride] = model.get("steps");
  const [ink, scores] = [octets(model.get("page")), decoded(model.get("scores"), model.get("scales"), 16)];
  const windows = rows * columns;
  const all = Array.from({ length: windows }, (_, at) => sharesAt(scores, classes, windows, at));
  const paper = bitmap(width, height, (p) => new Array(3).fill(255 - ink[p]));
  const surface = sharpCanvas({ width: ZOOM * width, height: ZOOM * height }, NAME);
  const readout = status();
  const s = { seen: windows };
  const bars = Array.from({ length: classes }, (_, k) => {
    const [fill, number] = [element("span", { className: "fill" }), element("span")];
    const line = element("div", { className: "share" }, element("b", { textContent: `${k}` }), fill, number);
    return { line, fill, number };
  });
  const room = element("div", { className: "sliding" });
  const key = element("div", { className: "key" });
  const head = element("b", { textContent: "softmax in the window" });
  room.append(element("div", {}, surface.canvas, key), element("div", {}, head, ...bars.map(({ line }) => line)));

  const paint = () => {
    const { pen } = surface;
    const [row, column] = s.place;
    clear(pen);
    pen.save();
    pen.scale(ZOOM, ZOOM);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(paper, 0, 0);
    for (let at = 0; at < s.seen; at++) {
      const share = all[at][s.shown];
      if (share < 0.02) continue;
      const [i, j] = [Math.floor(at / columns), at % columns];
      pen.globalAlpha = 0.75 * share;
      pen.fillStyle = HEAT;
      pen.fillRect(stride * j + (window - stride) / 2, stride * i + (window - stride) / 2, stride, stride);
    }
    pen.globalAlpha = 1;
    frame(pen, stride * column + 0.5, stride * row + 0.5, window - 1, window - 1, ON_PICTURE, 1);
    pen.restore();
  };
  const redraw = coalesced(() => {
    const [row, column] = s.place;
    s.shares = all[row * columns + column];
    surface.paint(paint);
    bars.forEach(({ fill, number }, k) => {
      fill.style.width = `${100 * s.shares[k]}%`;
      fill.style.background = k === s.shown ? "" : tint(look.first, 0.45);
      number.textContent = s.shares[k].toFixed(2);
    });
    key.textContent = `pink: softmax of class ${s.shown} in the window around that place`;
    readout.textContent = sentence(s, window, stride);
    down.set(row);
    across.set(column);
  });
  const go = (row, column, seen = windows) => {
    Object.assign(s, { place: [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)], seen });
    redraw();
  };
  const commit = () => linked.commit({ place: s.place });
  const play = player(readout, {
    rate: () => windows / SECONDS,
    begin: () => go(0, 0, 1),
    advance: (count) => {
      const at = Math.min(windows, s.seen + count);
      go(Math.floor((at - 1) / columns), (at - 1) % columns, at);
      if (at === windows) play.pause();
    },
    rest: () => {
      s.seen = windows;
      commit();
    },
  });
  const move = (row, column) => (play.pause(), go(Math.round(row), Math.round(column)));
  const down = slider("down", { min: 0, max: rows - 1, step: 1 }, (row) => move(row, s.place[1]), commit);
  const across = slider("across", { min: 0, max: columns - 1, step: 1 }, (column) => move(s.place[0], column), commit);
  const shown = choice(
    "pink: class",
    Array.from({ length: classes }, (_, k) => [k, `${k}`]),
    (k) => linked.commit({ shown: Number(k) }),
  );
  dragged(surface, (x, y) => move((y / ZOOM - window / 2) / stride, (x / ZOOM - window / 2) / stride), commit);

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    shown.set(s.shown);
    redraw();
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(play.node, down.node, across.node, shown.node), readout, room);
  update(TRAITS);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { sharesAt };
export default unsaved({ render });
