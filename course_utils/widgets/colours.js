// Colours. Blue and orange are minus and plus.

const NEGATIVE = [0, 114, 178];
const POSITIVE = [213, 94, 0];
const LUMA = [0.299, 0.587, 0.114]; // ITU-R BT.601: how bright red, green and blue look
const INK = "#1b1b1b";
const FAINT = "#767676";
const PALE = "#bbb"; // what frames a picture
const PAPER = "#fff";
const GRID = "#e4e4e4";
const FIRST = "#00755e"; // of several that are compared
const SECOND = "#a23b72";

// A number from -1 to 1 as a colour: blue, white at zero, orange.
function signedColour(value) {
  const end = value < 0 ? NEGATIVE : POSITIVE;
  const share = Math.min(1, Math.abs(value));
  return end.map((part) => Math.round(255 + (part - 255) * share));
}

const css = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;

export { css, signedColour, FAINT, FIRST, GRID, INK, LUMA, NEGATIVE, PALE, PAPER, POSITIVE, SECOND };
