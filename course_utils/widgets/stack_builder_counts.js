// ---- arithmetic of a stack of convolutions, tested against Python's course_utils.cost ----

const FLOAT32 = 4; // bytes a number

// Maps that are in memory at the same time: all of them, or the input and output of the layer that needs most.
function held(maps, keepAll) {
  if (keepAll) return maps.reduce((total, count) => total + count, 0);
  return Math.max(...maps.slice(1).map((count, i) => maps[i] + count));
}

// What each layer has, and the totals: `real` and `said` are bytes, of the maps there are and of the article's count.
function stackCounts({ channels, kernels, size, n, keepAll }) {
  let said = 1;
  const layers = kernels.map((k, i) => {
    const slices = channels[i] * channels[i + 1];
    said *= channels[i + 1];
    return { maps: channels[i + 1], said, slices, weights: slices * k * k + channels[i + 1] };
  });
  const total = (name) => layers.reduce((sum, layer) => sum + layer[name], 0);
  const oneMap = n * size * size * FLOAT32;
  return {
    layers,
    total: { maps: total("maps"), said: total("said"), slices: total("slices"), weights: total("weights") },
    real: oneMap * held(channels, keepAll),
    said: oneMap * held([channels[0], ...layers.map((layer) => layer.said)], keepAll),
  };
}

// A power of ten as it is written: "12" as "10¹²".
const ten = (power) => `10${[...`${power}`].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;

// 1234 as "1,234"; from a million millions on, as "1.2 · 10¹²".
function counted(number) {
  if (number < 1e12) return number.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const [factor, power] = number.toExponential(1).split("e+");
  return `${factor} · ${ten(power)}`;
}

// Bytes as one reads them, in powers of 1000.
function readable(bytes) {
  for (const unit of ["bytes", "kB", "MB", "GB"]) {
    if (bytes < 999.5) return `${unit === "bytes" ? bytes : bytes.toPrecision(3)} ${unit}`;
    bytes /= 1000;
  }
  return `${bytes < 1000 ? bytes.toPrecision(3) : counted(bytes)} TB`;
}

export { counted, readable, stackCounts, ten };
