// Red, green and blue of a photo, mixed with three weights and a bias at every pixel, while the slider moves.

import { coalesced } from "./clock.js";
import { LUMA } from "./colours.js";
import { bar, choice, element, lay, presets, slider, status } from "./controls.js";
import { link } from "./link.js";
import { clamp, octets, signed } from "./numbers.js";
import { bitmap, clear, dragged, ring, sharpCanvas } from "./picture.js";
import { unsaved } from "./unsaved.js";

const COLOURS = ["red", "green", "blue"];
const WIDTH = 900;
const TRAITS = ["weight", "bias", "pixel"];
const GAP = 12;
const PRESETS = {
  grey: { weight: [LUMA], bias: [0] },
  average: { weight: [[1 / 3, 1 / 3, 1 / 3]], bias: [0] },
  negative: { weight: [LUMA.map((value) => -value)], bias: [1] },
  "red only": { weight: [[1, 0, 0]], bias: [0] },
  "red against green": { weight: [[1, -1, 0]], bias: [0.5] },
  "unchanged colours": {
    weight: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    bias: [0, 0, 0],
  },
  sepia: {
    weight: [
      [0.393, 0.769, 0.189],
      [0.349, 0.686, 0.168],
      [0.272, 0.534, 0.131],
    ],
    bias: [0, 0, 0],
  },
  "red and blue swapped": {
    weight: [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ],
    bias: [0, 0, 0],
  },
};

// ---- arithmetic, tested against NumPy: photo is uint8 red green blue …, out is uint8 red green blue opacity … ----

// One output number of the pixel whose red stands at `at`.
const mixedAt = (photo, at, [r, g, b], bias) => (r * photo[at] + g * photo[at + 1] + b * photo[at + 2]) / 255 + bias;

// Returns how many numbers were below 0 or above 1 and had to be clipped.
function mix(photo, weight, bias, out) {
  let clipped = 0;
  const outputs = weight.length;
  for (let from = 0, to = 0; from < photo.length; from += 3, to += 4) {
    for (let o = 0; o < 3; o++) {
      if (o >= outputs) {
        out[to + o] = out[to]; // one output: the same number for red, green and blue is grey
        continue;
      }
      const value = mixedAt(photo, from, weight[o], bias[o]);
      if (value < 0 || value > 1) clipped++;
      out[to + o] = Math.round(255 * Math.min(1, Math.max(0, value)));
    }
    out[to + 3] = 255;
  }
  return clipped;
}

const spelled = (row, bias, rgb) => {
  const products = row.map((weight, c) => `${signed(weight, 3)} · ${(rgb[c] / 255).toFixed(2)}`).join("  ");
  return `${products}  ${signed(bias)} = ${signed(mixedAt(rgb, 0, row, bias))}`;
};

function render({ model, el }) {
  const [height, width] = model.get("sizes");
  const photo = octets(model.get("photo"));
  const shown = (WIDTH - GAP) / 2;
  const surface = sharpCanvas(
    { width: WIDTH, height: Math.round((shown * height) / width) },
    "The photo on the left, the mixed picture on the right.",
  );
  const title = element("span");
  const left = bitmap(width, height, (i) => photo.subarray(3 * i, 3 * i + 3));
  const right = element("canvas", { width, height });
  const mixed = new ImageData(width, height);
  const readout = status();
  let chosen = 0; // the output whose weights the sliders show
  const s = {};

  const paint = () => {
    const { pen } = surface;
    const scale = shown / width;
    clear(pen);
    for (const [photograph, x] of [
      [left, 0],
      [right, shown + GAP],
    ]) {
      pen.drawImage(photograph, x, 0, shown, scale * height);
      ring(pen, x + (s.pixel[1] + 0.5) * scale, (s.pixel[0] + 0.5) * scale, 6);
    }
  };
  const draw = () => {
    const clipped = mix(photo, s.weight, s.bias, mixed.data) / (width * height * s.weight.length);
    right.getContext("2d").putImageData(mixed, 0, 0);
    surface.paint(paint);
    title.textContent = s.weight.length === 1 ? "mixed: y, one channel" : "mixed: y, three channels";
    tell(clipped);
  };
  const redraw = coalesced(draw);

  function tell(clipped) {
    const at = 3 * (s.pixel[0] * width + s.pixel[1]);
    const rgb = photo.subarray(at, at + 3);
    const lines = s.weight.map((row, o) =>
      element("div", {}, element("code", { textContent: `y[${o}] = ${spelled(row, s.bias[o], rgb)}` })),
    );
    const sum = s.weight[chosen].reduce((total, value) => total + value, 0);
    readout.replaceChildren(
      `Pixel at row ${s.pixel[0]}, column ${s.pixel[1]}: red ${rgb[0]}, green ${rgb[1]}, blue ${rgb[2]} of 255.`,
      ...lines,
      `The weights of y[${chosen}] add up to ${signed(sum)}. `,
      clipped > 0.0005
        ? `${(100 * clipped).toFixed(1)}% of the numbers lie below 0 or above 1 and are drawn as 0 or 1.`
        : "",
    );
  }

  const commit = () => linked.commit({ ...s });
  const limits = { min: -2, max: 2, step: 0.001 };
  const weights = COLOURS.map((colour, c) => {
    const take = (value) => {
      s.weight = s.weight.map((row, o) => (o === chosen ? row.with(c, value) : row));
      redraw();
    };
    return slider(`weight of ${colour}`, limits, take, commit);
  });
  const offset = slider(
    "bias",
    { min: -1, max: 1, step: 0.001 },
    (value) => ((s.bias = s.bias.with(chosen, value)), redraw()),
    commit,
  );
  const output = choice(
    "sliders of output",
    COLOURS.map((colour, o) => [o, `y[${o}], shown as ${colour}`]),
    (value) => {
      chosen = Number(value);
      update([]);
    },
  );
  dragged(
    surface,
    (x, y) => {
      const scale = shown / width;
      const [i, j] = [Math.floor(y / scale), Math.floor((x > shown + GAP / 2 ? x - shown - GAP : x) / scale)];
      s.pixel = [clamp(i, 0, height - 1), clamp(j, 0, width - 1)];
      row.set(s.pixel[0], height - 1);
      column.set(s.pixel[1], width - 1);
      redraw();
    },
    commit,
  );
  const row = slider(
    "row",
    { min: 0, max: height - 1, step: 1 },
    (i) => ((s.pixel = [i, s.pixel[1]]), redraw()),
    commit,
  );
  const column = slider(
    "column",
    { min: 0, max: width - 1, step: 1 },
    (j) => ((s.pixel = [s.pixel[0], j]), redraw()),
    commit,
  );

  const linked = link(model, TRAITS, update);

  function update(changed) {
    for (const name of changed) s[name] = model.get(name);
    chosen = Math.min(chosen, s.weight.length - 1);
    weights.forEach((control, c) => control.set(s.weight[chosen][c], 2));
    offset.set(s.bias[chosen], 1);
    output.set(chosen);
    output.node.style.visibility = s.weight.length > 1 ? "visible" : "hidden";
    row.set(s.pixel[0], height - 1);
    column.set(s.pixel[1], width - 1);
    redraw();
  }
  lay(
    el,
    presets(PRESETS, (preset) => (Object.assign(s, preset), commit())),
    element("div", { className: "captions" }, element("span", { textContent: "photo: x, three channels" }), title),
    surface.node,
    bar(...weights.map((control) => control.node)),
    bar(offset.node, output.node),
    bar("pixel", row.node, column.node),
    readout,
  );
  update(TRAITS);
  return linked.stop;
}

export { mix, mixedAt };
export default unsaved({ render });
