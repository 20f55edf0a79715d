// Slice an array axis by axis: a slider for each, the expression, the shape, and the slice as a picture.

import { coalesced } from "./clock.js";
import { look } from "./colours.js";
import { bar, element, keepKeys, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { floats, octets } from "./numbers.js";
import { bitmap, clear, frame, line, ring, sharpCanvas, write } from "./picture.js";
import { unsaved } from "./unsaved.js";

const WIDTH = 900;
const HEIGHT = 360;
const MAIN = 640; // the slice; to its right, where in the image it lies

// ---- arithmetic, tested against NumPy -----------------------------------------------------------------------------

// How many numbers apart the neighbours along each axis are.
function strides(sizes) {
  return sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
}

// Which axes that are left become rows, columns, colours and tiles of the picture.
function roles(axes, sizes, index) {
  const left = axes.map((_, axis) => axis).filter((axis) => index[axis] === null);
  const named = (name) => left.find((axis) => axes[axis] === name);
  const [h, w, c] = ["h", "w", "c"].map(named);
  const photo = h !== undefined && w !== undefined;
  const colour = photo && c !== undefined && sizes[c] === 3 ? c : undefined;
  const [rows, columns] = photo ? [h, w] : left.slice(-2).length === 2 ? left.slice(-2) : [undefined, left[0]];
  const tiles = left.filter((axis) => ![rows, columns, colour].includes(axis));
  return { rows, columns, colour, tiles };
}

// Where in the data a place is: the fixed indices, and { axis: index } for axes that are left.
function offsetOf(step, index, place) {
  return step.reduce((offset, stride, axis) => offset + stride * (index[axis] ?? place[axis] ?? 0), 0);
}

// Every combination of indices of the tiled axes.
function tilePlaces(tiles, sizes) {
  return tiles.reduce(
    (places, axis) =>
      places.flatMap((place) => Array.from({ length: sizes[axis] }, (_, i) => ({ ...place, [axis]: i }))),
    [{}],
  );
}

// The numbers of a short slice.
const values = (s, left) => {
  const step = strides(s.sizes);
  return tilePlaces(left, s.sizes).map((place) => Number(s.x[offsetOf(step, s.index, place)].toFixed(3)));
};
const expression = (index) => `x[${index.map((i) => i ?? ":").join(", ")}]`;
const shape = (sizes) => (sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`);

// ---- picture --------------------------------------------------------------------------------------------------------

// One tile: the picture of two axes, in grey or in colour.
function tile(s, index, place, { rows, columns, colour }) {
  const step = strides(s.sizes);
  const [height, width] = [rows, columns].map((axis) => (axis === undefined ? 1 : s.sizes[axis]));
  const [down, right, through] = [rows, columns, colour].map((axis) => (axis === undefined ? 0 : step[axis]));
  const first = offsetOf(step, index, place);
  const level = (offset) => (255 * (s.x[offset] - s.black)) / (s.white - s.black);
  return bitmap(width, height, (i) => {
    const offset = first + down * Math.floor(i / width) + right * (i % width);
    return [level(offset), level(offset + through), level(offset + 2 * through)];
  });
}

// Pictures keep their proportions; slices with a short axis are stretched, so that each number can be seen.
function place(pen, picture, x, y, wide, high) {
  const { width, height } = picture;
  const short = Math.min(width, height) <= 12;
  const scale = Math.min(wide / width, high / height);
  const [drawnWide, drawnHigh] = short
    ? [Math.min(wide, width * 60), Math.min(high, height * 60)]
    : [width * scale, height * scale];
  pen.imageSmoothingEnabled = scale < 1;
  pen.drawImage(picture, x, y, drawnWide, drawnHigh);
  frame(pen, x, y, drawnWide, drawnHigh);
}

function drawSlice(pen, s) {
  const plan = roles(s.axes, s.sizes, s.index);
  const places = tilePlaces(plan.tiles, s.sizes);
  const columns = Math.min(places.length, places.length > 4 ? 5 : places.length);
  const [wide, high] = [MAIN / columns, (HEIGHT - 24) / Math.ceil(places.length / columns)];
  clear(pen);
  const says = (axis, role) => (axis === undefined ? "" : `${s.axes[axis].toUpperCase()} ${role}`);
  const roleText = [says(plan.rows, "downwards"), says(plan.columns, "to the right"), says(plan.colour, "as colour")];
  write(pen, roleText.filter(Boolean).join(", ") || "one number, as a shade of grey", 2, 11, { bold: true });
  places.forEach((spot, t) => {
    const [x, y] = [(t % columns) * wide, 24 + Math.floor(t / columns) * high];
    const label = plan.tiles.map((axis) => `${s.axes[axis]} = ${spot[axis]}`).join(", ");
    if (label) write(pen, label, x + 2, y + 8, { size: 11.5 });
    place(pen, tile(s, s.index, spot, plan), x + 1, y + (label ? 18 : 1), wide - 10, high - (label ? 20 : 3));
  });
}

// How much of the height the small image takes: nothing where the axes are no image's.
function whereHigh({ axes, sizes }) {
  const [height, width] = ["h", "w"].map((name) => sizes[axes.indexOf(name)]);
  return height && width ? Math.min(HEIGHT, 34 + ((WIDTH - MAIN - 20) * height) / width) : 0;
}

// The whole image, small, with the fixed row or column marked.
function drawWhere(pen, s) {
  const [h, w, c] = ["h", "w", "c"].map((name) => s.axes.indexOf(name));
  if (h < 0 || w < 0) return;
  const kept = (axis) => axis === h || axis === w || (axis === c && s.sizes[c] === 3);
  const whole = s.index.map((i, axis) => (kept(axis) ? null : (i ?? 0)));
  if (String(whole) !== s.wholeKey) {
    s.wholeKey = String(whole);
    s.whole = tile(s, whole, {}, roles(s.axes, s.sizes, whole));
  }
  const picture = s.whole;
  const scale = Math.min((WIDTH - MAIN - 20) / picture.width, (HEIGHT - 60) / picture.height);
  const [x, y, wide, high] = [MAIN + 20, 24, scale * picture.width, scale * picture.height];
  write(pen, "where in the image", x, 11, { bold: true });
  pen.imageSmoothingEnabled = scale < 1;
  pen.drawImage(picture, x, y, wide, high);
  const [row, column] = [s.index[h], s.index[w]].map((i) => (i === null ? null : (i + 0.5) * scale));
  if (row !== null && column !== null) ring(pen, x + column, y + row);
  else if (row !== null) outlined(pen, x, y + row, x + wide, y + row);
  else if (column !== null) outlined(pen, x + column, y, x + column, y + high);
}

// A line that shows on dark and on light.
function outlined(pen, fromX, fromY, toX, toY) {
  for (const [width, colour] of [
    [5, "#fff"],
    [2.5, look.mark],
  ]) {
    line(
      pen,
      [
        [fromX, fromY],
        [toX, toY],
      ],
      { colour, width },
    );
  }
}

function sentence(s) {
  const left = s.axes.map((_, axis) => axis).filter((axis) => s.index[axis] === null);
  if (!left.length) return `is one number: ${values(s, left)}`;
  const names = left.map((axis) => s.axes[axis].toUpperCase()).join(" ");
  const numbers = left.reduce((product, axis) => product * s.sizes[axis], 1);
  const shown = numbers > 4 ? `${numbers.toLocaleString("en-US")} numbers` : values(s, left).join(", ");
  return `has shape ${shape(left.map((axis) => s.sizes[axis]))}, axes ${names}: ${shown}`;
}

// ---- controls -------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const s = {
    sizes: model.get("sizes"),
    axes: model.get("axes"),
    black: model.get("black"),
    white: model.get("white"),
    x: model.get("whole") ? octets(model.get("x")) : floats(model.get("x")),
  };
  const surface = sharpCanvas({ width: WIDTH, height: HEIGHT }, "The slice as a picture.", {
    pieces: [
      [0, 0, MAIN, HEIGHT],
      [MAIN + 10, 0, WIDTH - MAIN - 10, whereHigh(s)],
    ],
  });
  const readout = status();
  const code = element("code");
  const says = element("span");
  readout.append(code, " ", says);

  const redraw = coalesced(() => {
    surface.paint(() => {
      drawSlice(surface.pen, s);
      drawWhere(surface.pen, s);
    });
    code.textContent = expression(s.index);
    says.textContent = sentence(s);
  });
  const linked = link(model, ["index"], update);
  const commit = () => linked.commit({ index: s.index });
  const keep = (axis, i) => {
    s.index = s.index.with(axis, i);
    refresh();
  };
  const controls = s.axes.map((name, axis) => {
    const box = keepKeys(element("input", { type: "checkbox" }));
    const last = s.sizes[axis] - 1;
    const fixed = slider(
      `index of ${name.toUpperCase()}`,
      { min: 0, max: last, step: 1, wide: true },
      (i) => keep(axis, i),
      commit,
    );
    box.addEventListener("change", () => {
      keep(axis, box.checked ? null : 0);
      commit();
    });
    const whole = element("label", {}, box, `all of ${name.toUpperCase()} ( : )`);
    whole.style.minWidth = "9em";
    return { node: bar(whole, fixed.node), box, fixed, last };
  });
  function refresh() {
    controls.forEach(({ box, fixed, last }, axis) => {
      box.checked = s.index[axis] === null;
      fixed.disable(box.checked);
      fixed.set(s.index[axis] ?? 0, last);
    });
    redraw();
  }
  function update() {
    s.index = model.get("index"); // the one trait there is
    refresh();
  }
  lay(el, ...controls.map((control) => control.node), readout, surface.node);
  update();
  return linked.stop;
}

export { expression, offsetOf, roles, strides };
export default unsaved({ render });
