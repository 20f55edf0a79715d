// Numbers: as they are written, as they come from Python, and drawn at random the same for the same seed.

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const signed = (value, digits = 2) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits);

// 12345 as "12,345".
const whole = (number) => Math.round(number).toLocaleString("en-US");

// 1500000000 as "1.5 G".
function inUnits(number) {
  const [size, unit] = [
    [1e12, " T"],
    [1e9, " G"],
    [1e6, " M"],
    [1e3, " k"],
  ].find(([least]) => number >= least) ?? [1, ""];
  return `${Number((number / size).toPrecision(3))}${unit}`;
}

// Round numbers from 0 to `most`, about `count` of them: for an axis.
function ticks(most, count = 5) {
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

// A minus as typesetters have it.
const minus = (text) => text.replace("-", "−");

// Bytes from Python as numbers; the copy aligns them.
function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

// Bytes from Python as they are.
const octets = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

// Rows of numbers that Python sent in few bytes, as codes.py has it: what 0 stands for and what 1 adds, for each row.
function decoded(view, scales, bits) {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const codes = bits === 8 ? new Uint8Array(bytes) : new Uint16Array(bytes);
  const size = codes.length / scales.length;
  return Float64Array.from(
    codes,
    (code, k) => scales[Math.floor(k / size)][0] + scales[Math.floor(k / size)][1] * code,
  );
}

// Random numbers from 0 to 1, the same for the same seed.
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// The numbers from 0 to count − 1 in an order drawn at random.
function shuffled(count, random = generator(1)) {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

export { clamp, decoded, floats, generator, inUnits, minus, octets, shuffled, signed, ticks, whole };
