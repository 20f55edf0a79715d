// The tile walker: weight, x and y as rectangles, cut into tiles; the darker a strip, the oftener it was read.

import { coalesced, player } from "./clock.js";
import { look, tint } from "./colours.js";
import { bar, button, lay, slider, status, tight } from "./controls.js";
import { link } from "./link.js";
import { clamp, whole } from "./numbers.js";
import { clear, sharpCanvas, write } from "./picture.js";
import { movedBy, tileAt, tilesOf } from "./tile_walker_counts.js";
import { unsaved } from "./unsaved.js";

const [WIDTH, HEIGHT] = [900, 400];
const WIDE = { width: WIDTH, height: HEIGHT, corner: [190, 150], deep: [140, 100], titles: 190 };
const NARROW = { width: 420, height: HEIGHT, corner: [116, 150], deep: [98, 100], titles: 4 };
// corner: where y begins, weight to its left, x above it; deep: width of weight, height of x, which are the channels
const BYTES = 4; // of a number
const [RATE, LONGEST] = [2, 20]; // tiles a second; or as many as it takes to be through in so many seconds

function box(pen, [x, y, w, h], { fill, stroke = look.ink, width = 1, dash = [] }) {
  if (fill) {
    pen.fillStyle = fill;
    pen.fillRect(x, y, w, h);
  }
  pen.setLineDash(dash);
  pen.lineWidth = width;
  pen.strokeStyle = stroke;
  pen.strokeRect(x, y, w, h);
  pen.setLineDash([]);
}

// The darker, the more: the share of all its reads that a strip has behind it.
const read = (share) => tint(look.first, 0.55 * share);

// Where a tile, its strip of x and its strip of weight are drawn.
function places(s, { o, p, outputs, columns }) {
  const { width, corner, deep } = s.plan;
  const [wide, high] = [(width - corner[0] - 12) / s.pixels, (HEIGHT - corner[1] - 34) / s.c_out];
  const [left, top] = [corner[0] + p * wide, corner[1] + o * high];
  return {
    y: [left, top, columns * wide, outputs * high],
    x: [left, corner[1] - deep[1] - 14, columns * wide, deep[1]],
    weight: [corner[0] - deep[0] - 14, top, deep[0], outputs * high],
  };
}

function drawStrip(pen, place, reads, all, isNow) {
  const [x, y, w, h] = place;
  box(pen, place, { fill: read(reads / all), stroke: isNow ? look.mark : look.faint, width: isNow ? 4 : 1 });
  if (Math.min(w, h) < 13 || w < 24) return;
  write(pen, `${reads}×`, x + w / 2, y + h / 2, { align: "center", bold: isNow });
}

function drawWalk(pen, s) {
  const [down, across] = tilesOf(s);
  const now = s.step - 1;
  const { corner, deep, titles } = s.plan;
  clear(pen);
  for (let k = 0; k < down * across; k++) {
    const state = k === now ? { fill: look.mark } : { fill: k < now ? read(0.5) : look.paper };
    box(pen, places(s, tileAt(s, k)).y, { ...state, stroke: look.faint });
  }
  const readsOfX = (j) => clamp(s.step - j * down, 0, down);
  const readsOfWeight = (i) => Math.floor(s.step / down) + (s.step % down > i ? 1 : 0);
  const isNow = (place) => now >= 0 && place;
  for (let j = 0; j < across; j++) {
    drawStrip(pen, places(s, tileAt(s, j * down)).x, readsOfX(j), down, isNow(Math.floor(now / down) === j));
  }
  for (let i = 0; i < down; i++) {
    drawStrip(pen, places(s, tileAt(s, i)).weight, readsOfWeight(i), across, isNow(now % down === i));
  }
  if (now >= 0) {
    for (const place of Object.values(places(s, tileAt(s, now)))) box(pen, place, { stroke: look.mark, width: 4 });
  }
  write(pen, `x: ${s.c_in} channels × ${s.pixels} pixels, and how often read so far`, titles, 16, {
    bold: true,
  });
  write(pen, `weight: ${s.c_out} × ${s.c_in}`, corner[0] - deep[0] - 14, corner[1] - 12, { bold: true });
  write(pen, `y: ${s.c_out} outputs × ${s.pixels} pixels; green: done; violet: at work`, titles, HEIGHT - 16, {
    bold: true,
  });
}

function range(from, count) {
  return count === 1 ? `${from}` : `${from}–${from + count - 1}`;
}

function told(s) {
  const [down, across] = tilesOf(s);
  const count = down * across;
  const total = (moved) => BYTES * (moved.x + moved.weight + moved.y);
  const all = total(movedBy(s, count));
  const once = total(movedBy({ ...s, block_o: s.c_out, block_p: s.pixels }, 1));
  const times = (n) => (n === 1 ? "once" : `${n} times`);
  const sum =
    `${whole(all)} bytes in all, ${(all / once).toFixed(2)} times as many as moving every tensor once: x is ` +
    `read ${times(down)} by the end, the weights ${times(across)}. ${((2 * s.c_in * s.c_out * s.pixels) / all).toFixed(2)} operations a byte.`;
  if (s.step === 0) return `${whole(count)} tiles. ${sum}`;
  const tile = tileAt(s, s.step - 1);
  const edge =
    tile.outputs < s.block_o || tile.columns < s.block_p
      ? ` Over the edge: only ${tile.outputs}×${tile.columns} of it exist.`
      : "";
  return (
    `Tile ${whole(s.step)} of ${whole(count)}, outputs ${range(tile.o, tile.outputs)}, pixels ${range(tile.p, tile.columns)}: reads ` +
    `${whole(s.c_in * tile.columns)} numbers of x and ${whole(s.c_in * tile.outputs)} weights, writes ` +
    `${whole(tile.outputs * tile.columns)}.${edge} So far ${whole(total(movedBy(s, s.step)))} bytes; ${sum}`
  );
}

function render({ model, el }) {
  const names = ["c_in", "c_out", "pixels", "block_o", "block_p", "step"];
  const s = {};
  const surface = sharpCanvas(
    WIDE,
    "The weight to the left of y and x above it, cut into tiles; strips that were read oftener are darker.",
    { ...WIDE, width: 600, under: 780 },
    NARROW,
  );
  const readout = status();
  const count = () => tilesOf(s)[0] * tilesOf(s)[1];
  const redraw = coalesced(() => {
    surface.paint(() => drawWalk(surface.pen, Object.assign(s, { plan: surface.layout })));
    readout.textContent = told(s);
    tile.set(s.step, count());
    blocks.forEach(([name, control]) => control.set(s[name], name === "block_o" ? s.c_out : s.pixels));
  });
  const rest = () => linked.commit({ block_o: s.block_o, block_p: s.block_p, step: s.step });
  const go = (step) => {
    s.step = clamp(Math.round(step), 0, count());
    if (s.step === count()) play.pause();
    redraw();
  };
  const resize = (name, value) => {
    s[name] = Math.round(value);
    go(s.step);
  };
  const play = player(readout, {
    rate: () => Math.max(RATE, count() / LONGEST),
    begin: () => (s.step = s.step === count() ? 0 : s.step),
    advance: (more) => more && go(s.step + more),
    rest,
  });
  const move = (step) => (play.pause(), go(step), rest());
  const blocks = Object.entries({ block_o: "outputs of a tile", block_p: "pixels of a tile" }).map(([name, text]) => {
    const control = slider(text, { min: 1, max: 1, step: 1 }, (value) => (play.pause(), resize(name, value)), rest);
    return [name, control];
  });
  const tile = slider("tile", { min: 0, max: 1, step: 1, wide: true }, (value) => (play.pause(), go(value)), rest);

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    go(s.step);
  };
  const linked = link(model, names, update);
  const steps = [
    button("|◀ Start", "Back to the start", () => move(0)),
    button("◀ Step", "One tile back", () => move(s.step - 1)),
    button("Step ▶", "One tile forward", () => move(s.step + 1)),
    button("Finish ▶|", "To the last tile", () => move(count())),
  ];
  const walk = tight(play.node, ...steps);
  lay(el, bar(...blocks.map(([, control]) => control.node)), surface.node, readout, walk, bar(tile.node));
  update(names);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { movedBy, tileAt, tilesOf };
export default unsaved({ render });
