// The picture of the scan: a row for each input map, read from left to right, and the output maps filling in.

import { css, look, signedColour } from "./colours.js";
import { clamp, signed } from "./numbers.js";
import { clear, frame, ring, write } from "./picture.js";
import { locate, reveal, runningTotals } from "./scan_steps.js";

const TOP = 46; // where the rows of the input maps begin
// Where the rows end; where the columns stand, from the left; half the length of the longest bars; how wide an input map
// may be; where the output maps go: beside the rows, or below them where there is little room.
const WIDE = {
  width: 900,
  height: 480,
  bottom: 446,
  x: { name: 116, map: 124, value: 266, swatch: 272, weight: 356, product: 482, total: 570, end: 660 },
  half: { weight: 42, total: 80, map: 76 },
  outputs: { left: 682, top: 26, least: 3 },
};
const NARROW = {
  width: 420,
  height: 620,
  bottom: 446,
  x: { name: 62, map: 0, value: 122, swatch: 128, weight: 198, product: 294, total: 360, end: 420 },
  half: { weight: 34, total: 56, map: 52 },
  outputs: { left: 4, top: 506, least: 1, below: true },
};

// Beside a sidebar there is room for the rows of the narrow one, and beside them for the output maps.
const BETWEEN = {
  ...NARROW,
  width: 600,
  height: 450,
  bottom: 416,
  under: 780,
  outputs: { left: 436, top: 26, least: 3 },
};

function drawHeadings(pen, plan, o, i, j) {
  const bold = { size: 12, bold: true };
  const { x, outputs } = plan;
  const narrow = plan !== WIDE;
  if (!narrow) write(pen, "input map c", x.name, 14, { ...bold, align: "right" });
  write(pen, `x[0, c, ${i}, ${j}]`, x.swatch + 16, 14, { ...bold, align: "right", mono: true });
  write(pen, narrow ? `× w[${o}, c]` : `× weight[${o}, c]`, narrow ? x.weight - 12 : x.weight, 14, {
    ...bold,
    size: narrow ? 11 : 12,
    align: "center",
    mono: true,
  });
  write(pen, "= product", x.product, 14, { ...bold, align: "right" });
  write(pen, "running total", x.total, 14, { ...bold, align: "center" });
  write(pen, "output maps", outputs.left, outputs.top - 12, bold);
}

function bar(pen, from, to, y, thick) {
  pen.fillStyle = to < from ? look.minus : look.plus;
  pen.fillRect(Math.min(from, to), y - thick / 2, Math.max(1, Math.abs(to - from)), thick);
}

const rowHeight = (s) => Math.min(64, (s.plan.bottom - TOP) / s.cIn);

// Where the picture of input map c goes.
function mapPlace(s, c) {
  const [, height, width] = s.sizes;
  const high = rowHeight(s);
  const y = TOP + (c + 0.5) * high;
  const size = Math.min((high - 4) / height, s.plan.half.map / width);
  return { y, size, high, top: y - (size * height) / 2 };
}

// One input map: its pixel, its weight, their product, and what the running total does.
function drawRow(pen, s, at, c, totals) {
  const [, height, width] = s.sizes;
  const { y, size, high, top } = mapPlace(s, c);
  const { x: X, half } = s.plan;
  const narrow = s.plan !== WIDE;
  const value = s.maps[c * s.pixels + at.pixel];
  const line = narrow ? y + 6 : y; // of the number; its map's name is above it where there is little room
  const weight = s.weight[at.o][c];
  const pixelX = X.map + ((at.pixel % width) + 0.5) * size;
  const pixelY = top + (Math.floor(at.pixel / width) + 0.5) * size;
  if (c === at.added - 1) {
    pen.fillStyle = look.lit;
    pen.fillRect(0, y - high / 2, X.end, high);
  }
  write(pen, s.names[c], X.name, narrow ? y - 12 : y, { size: narrow ? 10 : 11.5, align: narrow ? "left" : "right" });
  pen.imageSmoothingEnabled = false;
  pen.drawImage(s.pictures[c], X.map, top, size * width, size * height);
  pen.strokeStyle = look.faint;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(pixelX + 5, pixelY);
  const mapEnd = X.map + half.map; // the line leaves the map, and comes to the value in the row's middle
  if (narrow) pen.lineTo(mapEnd, pixelY);
  pen.bezierCurveTo(mapEnd + 24, pixelY, mapEnd + 4, line, X.value - 42, line);
  pen.stroke();
  ring(pen, pixelX, pixelY);
  write(pen, signed(value), X.value, line, { align: "right", mono: true });
  pen.fillStyle = css(signedColour(value / s.mapReach[c]));
  pen.fillRect(X.swatch, line - 8, 16, 16);
  pen.strokeRect(X.swatch, line - 8, 16, 16);
  const under = narrow ? y + 4 : y; // the name of the map ends above it
  bar(pen, X.weight, X.weight + (half.weight * weight) / s.weightReach, under - 5, 9);
  write(pen, signed(weight), X.weight, under + 8, { size: 11, align: "center", mono: true });
  if (c >= at.added) return;
  write(pen, signed(value * weight), X.product, y, { align: "right", mono: true });
  drawGrowth(
    pen,
    s.plan,
    totals[c] / s.totalReach,
    totals[c + 1] / s.totalReach,
    y,
    high,
    c === s.cIn - 1 ? 0.45 : 0.75,
  );
}

// The bar that one product adds, from the total before it to the total after it.
function drawGrowth(pen, { x, half }, before, after, y, high, tail) {
  const [from, to] = [before, after].map((total) => x.total + half.total * clamp(total, -1, 1));
  bar(pen, from, to, y, Math.min(20, high * 0.5));
  pen.strokeStyle = look.ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(to, y - Math.min(13, high * 0.32));
  pen.lineTo(to, y + high * tail);
  pen.stroke();
}

function drawTotal(pen, s, at, totals, low) {
  const zero = s.plan.x.total;
  pen.strokeStyle = look.pale;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(zero, TOP - 4);
  pen.lineTo(zero, low);
  pen.stroke();
  write(pen, `${s.plan === WIDE ? "starts at bias" : "bias"} ${signed(s.bias[at.o])}`, zero, TOP - 11, {
    size: 11,
    align: "center",
    colour: look.faint,
  });
  write(pen, signed(totals[at.added]), zero, low + 18, { size: 16, align: "center", bold: true, mono: true });
}

// Where each output picture goes: one column up to four, then two.
function outputPlaces(s) {
  const [, height, width] = s.sizes;
  const { left, top, least } = s.plan.outputs;
  const beside = s.cOut > 4 ? 2 : 1;
  const columns = s.plan.outputs.below ? Math.ceil(s.cOut / beside) : beside;
  const rows = Math.max(least, Math.ceil(s.cOut / columns));
  const [wide, high] = [(s.plan.width - left) / columns, (s.plan.height - top) / rows];
  const size = Math.min((wide - 8) / width, (high - 20) / height);
  return Array.from({ length: s.cOut }, (_, o) => {
    const [column, row] = [o % columns, Math.floor(o / columns)];
    return { x: left + column * wide, y: top + row * high + 17, size, wide: size * width, high: size * height };
  });
}

function drawOutputs(pen, s, at, total, low) {
  const width = s.sizes[2];
  outputPlaces(s).forEach((place, o) => {
    const here = o === at.o;
    write(pen, `output ${o}`, place.x, place.y - 9, { size: 11.5, bold: here });
    pen.fillStyle = look.grid; // what is not known yet
    pen.fillRect(place.x, place.y, place.wide, place.high);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(s.drawn[o], place.x, place.y, place.wide, place.high);
    frame(pen, place.x, place.y, place.wide, place.high, here ? look.ink : look.pale, here ? 2 : 1);
    if (!here) return;
    const x = place.x + ((at.pixel % width) + 0.5) * place.size;
    const y = place.y + (Math.floor(at.pixel / width) + 0.5) * place.size;
    if (at.added === s.cIn) drawArrow(pen, s.plan, low + 18, x, y, total);
    ring(pen, x, y);
  });
}

// From the total to the pixel that it becomes: to the right, or down where the output maps are below.
function drawArrow(pen, plan, fromY, x, y, total) {
  const from = plan.x.total + (plan.outputs.below ? -30 : 36);
  pen.strokeStyle = total < 0 ? look.minus : look.plus;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(from, fromY);
  if (plan.outputs.below) pen.bezierCurveTo(x, fromY, x, fromY, x, y - 6);
  else pen.bezierCurveTo(from + 50, fromY, plan.outputs.left - 40, y, x - 6, y);
  pen.stroke();
}

function drawAll(pen, s) {
  const at = locate(s);
  reveal(s, at.done);
  const width = s.sizes[2];
  const totals = runningTotals(s.maps, s.weight[at.o], s.bias[at.o], at.pixel, s.pixels, s.cIn);
  const low = TOP + rowHeight(s) * s.cIn;
  clear(pen);
  drawHeadings(pen, s.plan, at.o, Math.floor(at.pixel / width), at.pixel % width);
  for (let c = 0; c < s.cIn; c++) drawRow(pen, s, at, c, totals);
  drawTotal(pen, s, at, totals, low);
  drawOutputs(pen, s, at, totals[at.added], low);
  if (s.hover) drawColumn(pen, s, s.hover);
  return { ...at, total: totals[at.added] };
}

// The column that the output pixel under the pointer came from: one pixel of every input map, and the number it gives.
function drawColumn(pen, s, { o, pixel }) {
  const width = s.sizes[2];
  const [i, j] = [Math.floor(pixel / width), pixel % width];
  const out = outputPlaces(s)[o];
  const [x, y] = [out.x + (j + 0.5) * out.size, out.y + (i + 0.5) * out.size];
  pen.strokeStyle = look.mark;
  pen.setLineDash([3, 4]);
  pen.lineWidth = 1.2;
  for (let c = 0; c < s.cIn; c++) {
    const { top, size } = mapPlace(s, c);
    const [fromX, fromY] = [s.plan.x.map + (j + 0.5) * size, top + (i + 0.5) * size];
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    if (s.plan.outputs.below) pen.bezierCurveTo(fromX, fromY + 90, x, y - 90, x, y);
    else pen.bezierCurveTo(fromX + 160, fromY, x - 160, y, x, y);
    pen.stroke();
  }
  pen.setLineDash([]);
  for (let c = 0; c < s.cIn; c++) {
    const { top, size } = mapPlace(s, c);
    ring(pen, s.plan.x.map + (j + 0.5) * size, top + (i + 0.5) * size, 6);
  }
  ring(pen, x, y, 6);
  const text = `y[0, ${o}, ${i}, ${j}] = ${signed(s.outputs[o * s.pixels + pixel])}: one pixel of each of ${s.cIn} maps`;
  write(pen, text, 8, s.plan.height - 10, { size: s.plan === WIDE ? 12.5 : 11, bold: true });
}

// What is under the pointer: { pixel, o } on an output map, and on an input map with the output of now; or null.
function pick(s, x, y, outputsAlone = false) {
  const [, height, width] = s.sizes;
  const inside = (left, top, size, o) => {
    const [i, j] = [Math.floor((y - top) / size), Math.floor((x - left) / size)];
    return i >= 0 && i < height && j >= 0 && j < width ? { pixel: i * width + j, o } : null;
  };
  const found = outputPlaces(s).map((place, o) => inside(place.x, place.y, place.size, o));
  for (let c = 0; c < s.cIn && !outputsAlone; c++) {
    const place = mapPlace(s, c);
    found.push(inside(s.plan.x.map, place.top, place.size, locate(s).o));
  }
  return found.find(Boolean) ?? null;
}

// The weight whose bar is under the pointer, as the number of its input map, or −1.
function weightAt(s, x, y) {
  const c = Math.floor((y - TOP) / rowHeight(s));
  return Math.abs(x - s.plan.x.weight) <= s.plan.half.weight + 8 && c >= 0 && c < s.cIn ? c : -1;
}

// The weight that a bar drawn to x stands for, if the longest stands for `reach`.
const weightFor = ({ x: { weight }, half }, x, reach) =>
  Math.round((100 * reach * clamp(x - weight, -half.weight, half.weight)) / half.weight) / 100;

export { BETWEEN, NARROW, WIDE, drawAll, pick, weightAt, weightFor };
