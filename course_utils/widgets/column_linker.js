// A batch of small images above its matrix of pixels: choose a pixel in one, see its numbers in the other.

import { coalesced } from "./clock.js";
import { css, look } from "./colours.js";
import { bar, choice, element, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp, floats } from "./numbers.js";
import { bitmap, clear, dragged, frame, sharpCanvas, sizeSeen, write } from "./picture.js";
import { unsaved } from "./unsaved.js";

const WIDTH = 900;
const TOP = 26; // pictures and the enlarged column start here
const HIGH = 190; // pictures
const PICTURES = 560; // their width, together
const LEFT = 90; // the matrix starts here
const ROW = 26; // height of a row of the matrix
const MATRIX = TOP + HIGH + 44;
const TRAITS = ["index", "method"];
const METHODS = ["transpose first", "reshape alone"];

// ---- arithmetic, tested against NumPy; sizes are [n, c, h, w] -------------------------------------------------------

// Row and column of the matrix where x[n, c, i, j] stands.
function cellOf([images, channels, height, width], method, [n, c, i, j]) {
  const place = i * width + j;
  if (method === METHODS[0]) return [c, n * height * width + place];
  const address = (n * channels + c) * height * width + place;
  return [Math.floor(address / (images * height * width)), address % (images * height * width)];
}

// The index [n, c, i, j] of the number in a row and column of the matrix.
function sourceOf([images, channels, height, width], method, [row, column]) {
  const pixels = height * width;
  const address = row * images * pixels + column;
  const place = address % pixels;
  const map = Math.floor(address / pixels); // counted through the batch, in the order in which the axes were cut
  const [n, c] =
    method === METHODS[0] ? [map % images, Math.floor(map / images)] : [Math.floor(map / channels), map % channels];
  return [n, c, Math.floor(place / width), place % width];
}

const valueAt = (s, [n, c, i, j]) => s.x[((n * s.sizes[1] + c) * s.sizes[2] + i) * s.sizes[3] + j];
const channelsOf = (s) => Array.from({ length: s.sizes[1] }, (_, c) => c);
const cellsOf = (s) => channelsOf(s).map((c) => cellOf(s.sizes, s.method, [s.index[0], c, s.index[1], s.index[2]]));
const columnOf = (s, column) => channelsOf(s).map((row) => sourceOf(s.sizes, s.method, [row, column]));

// Whether the pixel's numbers stand under one another, in the order of the channels.
const isWhole = (cells) => cells.every(([row, column], c) => row === c && column === cells[0][1]);

// ---- picture --------------------------------------------------------------------------------------------------------

// Where things are drawn: the scale of the pictures, the width of a matrix cell.
function plan([images, channels, height, width]) {
  const scale = Math.min((PICTURES - 14 * (images - 1)) / (images * width), HIGH / height);
  return {
    scale,
    step: width * scale + 14,
    cell: (WIDTH - LEFT - 4) / (images * height * width),
    bottom: MATRIX + channels * ROW,
  };
}

// The pixel under a point, or null.
function pixelAt({ sizes, method }, x, y) {
  const { scale, step, cell, bottom } = plan(sizes);
  const [images, , height, width] = sizes;
  if (y >= MATRIX && y < bottom && x >= LEFT) {
    const column = clamp(Math.floor((x - LEFT) / cell), 0, images * height * width - 1);
    const [n, , i, j] = sourceOf(sizes, method, [Math.floor((y - MATRIX) / ROW), column]);
    return [n, i, j];
  }
  const n = Math.floor(x / step);
  const [i, j] = [Math.floor((y - TOP) / scale), Math.floor((x - n * step) / scale)];
  return n < images && i >= 0 && i < height && j < width ? [n, i, j] : null;
}

function drawPictures(pen, s, mixed) {
  const [images, channels, height, width] = s.sizes;
  const { scale, step } = plan(s.sizes);
  for (let n = 0; n < images; n++) {
    const at = (i, c) => 255 * valueAt(s, [n, channels === 3 ? c : 0, Math.floor(i / width), i % width]);
    write(pen, `image n = ${n}`, n * step, 12, { bold: true });
    pen.drawImage(
      bitmap(width, height, (i) => [at(i, 0), at(i, 1), at(i, 2)]),
      n * step,
      TOP,
      width * scale,
      height * scale,
    );
  }
  const mark = (n, i, j, colour) => {
    const place = [n * step + j * scale, TOP + i * scale, scale, scale];
    frame(pen, ...place, "#1b1b1b", 8);
    outline(pen, ...place, colour);
  };
  for (const [n, , i, j] of mixed) mark(n, i, j, "#1b1b1b");
  mark(...s.index, look.mark);
}

// One column of the matrix, enlarged: each number with the place that it comes from.
function drawColumn(pen, s, column, sources) {
  const [x, size] = [PICTURES + 40, Math.min(46, HIGH / sources.length)];
  write(pen, `column ${column} of the matrix`, x, 12, { bold: true });
  sources.forEach((source, row) => {
    const [n, c, i, j] = source;
    const y = TOP + row * (size + 4);
    shade(pen, valueAt(s, source), x, y, size, size);
    const own = n === s.index[0] && i === s.index[1] && j === s.index[2];
    outline(pen, x, y, size, size, own ? look.mark : look.ink);
    const middle = y + size / 2;
    write(
      pen,
      `x[${n}, ${c}, ${i}, ${j}] = ${valueAt(s, source).toFixed(2)}`,
      x + size + 12,
      own ? middle : middle - 9,
      { size: 13, mono: true },
    );
    if (!own) write(pen, "another pixel", x + size + 12, middle + 9, { colour: look.faint });
  });
}

function drawMatrix(pen, s, cells, column) {
  const [images, channels, height, width] = s.sizes;
  const { cell, bottom } = plan(s.sizes);
  const columns = images * height * width;
  const half = 3 * sizeSeen(pen, 12); // of the words below
  write(pen, `the matrix: ${channels} rows, ${images}·${height}·${width} = ${columns} columns`, 0, MATRIX - 14, {
    bold: true,
  });
  for (let row = 0; row < channels; row++) {
    write(pen, `row ${row}`, LEFT - 8, MATRIX + (row + 0.5) * ROW, { align: "right" });
    for (let q = 0; q < columns; q++)
      shade(
        pen,
        valueAt(s, sourceOf(s.sizes, s.method, [row, q])),
        LEFT + q * cell,
        MATRIX + row * ROW,
        cell + 0.3,
        ROW,
      );
  }
  outline(pen, LEFT + column * cell, MATRIX, cell, channels * ROW, look.ink);
  for (const [row, q] of cells) {
    const wide = Math.max(cell, 6);
    outline(pen, LEFT + (q + 0.5) * cell - wide / 2, MATRIX + row * ROW + 2, wide, ROW - 4, look.mark);
  }
  write(pen, `column ${column}`, clamp(LEFT + (column + 0.5) * cell, LEFT + half, WIDTH - half), bottom + 12, {
    align: "center",
  });
}

function shade(pen, value, x, y, width, height) {
  const level = Math.round(255 * clamp(value, 0, 1));
  pen.fillStyle = css([level, level, level]);
  pen.fillRect(x, y, width, height);
}

// A frame that shows on dark and on light.
function outline(pen, x, y, width, height, colour) {
  for (const [line, stroke] of [
    [5, "#fff"],
    [2.5, colour],
  ]) {
    frame(pen, x, y, width, height, stroke, line);
  }
}

function drawAll(pen, s) {
  const cells = cellsOf(s);
  const column = cells[0][1];
  const sources = columnOf(s, column);
  clear(pen);
  pen.imageSmoothingEnabled = false;
  drawPictures(pen, s, sources);
  drawColumn(pen, s, column, sources);
  drawMatrix(pen, s, cells, column);
}

function sentence(s) {
  const [n, i, j] = s.index;
  const [, , height, width] = s.sizes;
  const cells = cellsOf(s);
  if (isWhole(cells)) {
    const sum = `${n}·${height * width} + ${i}·${width} + ${j}`;
    return `is column ${cells[0][1]}${s.method === METHODS[0] ? ` = ${sum}` : ""}: its numbers stand under one another.`;
  }
  const places = cells.map(([row, column]) => `row ${row}, column ${column}`).join("; ");
  return `is torn apart: its numbers stand in ${places}. The matrix product would mix them with other pixels.`;
}

// ---- controls -------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const sizes = model.get("sizes");
  const s = { sizes, x: floats(model.get("x")) };
  const name =
    "The images of the batch, the chosen column enlarged, and below them the matrix, one grey cell a number.";
  const surface = sharpCanvas({ width: WIDTH, height: plan(sizes).bottom + 24 }, name, {
    pieces: [
      [0, 0, PICTURES, MATRIX - 34],
      [PICTURES + 30, 0, WIDTH - PICTURES - 30, MATRIX - 34],
      [0, MATRIX - 34, WIDTH, plan(sizes).bottom + 58 - MATRIX],
    ],
  });
  const readout = status();
  const code = element("code");
  const says = element("span");
  readout.append(code, " ", says);

  const redraw = coalesced(() => {
    surface.paint(() => drawAll(surface.pen, s));
    code.textContent = `x[${s.index[0]}, :, ${s.index[1]}, ${s.index[2]}]`;
    says.textContent = sentence(s);
  });
  const commit = () => linked.commit({ index: s.index, method: s.method });
  const choose = (index) => {
    s.index = index;
    sliders.forEach((one, axis) => one.set(index[axis]));
    redraw();
  };
  const method = choice(
    "matrix made by",
    METHODS.map((value) => [value, value]),
    (value) => ((s.method = value), commit()),
  );
  const sliders = ["image n", "row i", "column j"].map((label, axis) => {
    const range = { min: 0, max: [sizes[0], sizes[2], sizes[3]][axis] - 1, step: 1 };
    return slider(label, range, (value) => choose(s.index.with(axis, Math.round(value))), commit);
  });
  dragged(
    surface,
    (x, y) => {
      const found = pixelAt(s, x, y);
      if (found) choose(found);
    },
    commit,
  );

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    method.set(s.method);
    choose(s.index);
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(method.node, ...sliders.map((one) => one.node)), surface.node, readout);
  update(TRAITS);
  return linked.stop;
}

export { cellOf, isWhole, pixelAt, sourceOf };
export default unsaved({ render });
