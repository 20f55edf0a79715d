// Numbers: as they are written, as they come from Python, and drawn at random the same for the same seed.

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const signed = (value, digits = 2) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits);

// 12345 as "12,345".
const whole = (number) => Math.round(number).toLocaleString("en-US");

// A minus as typesetters have it.
const minus = (text) => text.replace("-", "−");

// Bytes from Python as numbers; the copy aligns them.
function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
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

export { clamp, floats, generator, minus, shuffled, signed, whole };
