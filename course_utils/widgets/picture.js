// Pictures: sharp canvases, and what is drawn on more than one of them.

import { look } from "./colours.js";
import { element, stage } from "./controls.js";

const FONT = '"Source Sans 3", system-ui, sans-serif'; // the first is there on the pages of the site
const MONO = '"DejaVu Sans Mono", ui-monospace, monospace';
const ON_PICTURE = "#1b1b1b"; // ink on a picture, which is alike in every theme
const NARROW = 560; // pixels of a page: in less a picture is laid out anew
const LEAST = 11; // pixels of a page that letters are high, however small the picture is shown
const COLUMN = 400; // units that pieces of a picture share where it is narrow

// A canvas with a pixel for each of the screen's, and with the units of a layout to draw in, { width, height }. Under so many
// pixels of the page as one of the `narrower` says, that one takes over: a size of its own, in which `paint`'s function
// draws, or pieces of the picture, [x, y, wide, high], one below the other. `surface.layout` is the one in use.
function sharpCanvas(widest, name, ...narrower) {
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  const pen = canvas.getContext("2d");
  const layouts = [widest, ...narrower.map(asLayout)];
  const surface = { canvas, node: stage(canvas), pen };
  let last = () => {};
  let shown = widest.width; // pixels of the page
  const fit = () => {
    const layout = layouts.findLast(({ under = Infinity }) => shown < under);
    Object.assign(surface, { layout, width: layout.width, height: layout.height });
    surface.ratio = globalThis.devicePixelRatio || 1;
    const scale = (shown * surface.ratio) / layout.width;
    [canvas.width, canvas.height] = [layout.width, layout.height].map((side) => Math.round(scale * side));
    pen.scale(scale, scale);
    pen.shown = shown / layout.width;
  };
  surface.place = (event) => {
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * surface.width;
    const y = ((event.clientY - box.top) / box.height) * surface.height;
    const { pieces } = surface.layout;
    if (!pieces) return [x, y];
    const { at, top, zoom } = pieces.find(({ end }) => y < end) ?? pieces.at(-1);
    return x < at[2] * zoom ? [at[0] + x / zoom, at[1] + (y - top) / zoom] : [-1, -1];
  };
  surface.paint = (draw) => {
    last = draw;
    if (surface.ratio !== (globalThis.devicePixelRatio || 1)) fit(); // the window has come to another screen
    if (!surface.layout.pieces) return draw();
    clear(pen);
    return surface.layout.pieces.map((piece) => clipped(pen, piece, draw)).at(-1);
  };
  fit();
  new ResizeObserver(([{ contentRect }]) => {
    if (!contentRect.width || contentRect.width === shown) return;
    shown = contentRect.width;
    fit();
    surface.paint(last);
  }).observe(canvas);
  return surface;
}

function asLayout({ under = NARROW, pieces, ...layout }) {
  if (!pieces) return { ...layout, under };
  const laid = below(pieces);
  return { width: COLUMN, height: laid.at(-1).end, pieces: laid, under };
}

// Where pieces of a picture lie when they are laid one below the other.
function below(pieces) {
  let end = 0;
  return pieces.map((at) => {
    const [top, zoom] = [end, Math.min(1, COLUMN / at[2])];
    return { at, top, zoom, end: (end = top + at[3] * zoom) };
  });
}

// Draw the whole picture, of which one piece is seen, in its place.
function clipped(pen, { at: [x, y, wide, high], top, zoom }, draw) {
  const { shown } = pen;
  pen.save();
  pen.translate(0, top);
  pen.scale(zoom, zoom);
  pen.shown = zoom * shown;
  pen.beginPath();
  pen.rect(0, 0, wide, high);
  pen.clip();
  pen.translate(-x, -y);
  const drawn = draw();
  pen.shown = shown;
  pen.restore();
  return drawn;
}

// A small picture of height × width pixels; colour(i) is the [r, g, b] of pixel i.
function bitmap(width, height, colour) {
  const canvas = element("canvas", { width, height });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  image.data.fill(255);
  for (let i = 0; i < width * height; i++) image.data.set(colour(i), 4 * i);
  pen.putImageData(image, 0, 0);
  return canvas;
}

// Follow a pointer that is pressed and dragged; onMove gets the place in the canvas's own units, and whether it is the first.
// A finger that begins where something can be taken hold of drags it; one that begins elsewhere scrolls the page.
function dragged({ canvas, place }, onMove, onEnd, holds = () => true) {
  canvas.style.cursor = "crosshair";
  const grab = (event) => event.touches.length === 1 && holds(...place(event.touches[0])) && event.preventDefault();
  canvas.addEventListener("touchstart", grab, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    onMove(...place(event), true);
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && onMove(...place(event), false));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, onEnd);
}

// Blank, whatever was drawn before.
function clear(pen) {
  pen.save();
  pen.resetTransform();
  pen.fillStyle = look.paper;
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.restore();
}

// A line through points.
function line(pen, points, { colour = look.ink, width = 1, dash = [] } = {}) {
  pen.beginPath();
  points.forEach(([x, y]) => pen.lineTo(x, y));
  pen.setLineDash(dash);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
  pen.setLineDash([]);
}

// A rectangle's edge; what it frames stays as it is.
function frame(pen, x, y, wide, high, colour = look.pale, width = 1) {
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.strokeRect(x, y, wide, high);
}

// A small picture, enlarged pixel by pixel and framed.
function picture(pen, small, x, y, wide, high, colour = look.pale) {
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, x, y, wide, high);
  frame(pen, x, y, wide, high, colour);
}

// A curve of a loss that falls from `top`: all of it grey, up to `step` strong, with a ring where it is.
function lossCurve(pen, { x, y, wide, high }, losses, step, top, digits) {
  const steps = losses.length - 1;
  const at = (t) => [x + (t / steps) * wide, y + high * (1 - Math.min(1, losses[t] / top))];
  const points = Array.from({ length: steps + 1 }, (_, t) => at(t));
  write(pen, "loss: mean squared error", x, y - 24, { bold: true });
  frame(pen, x, y, wide, high, look.faint);
  line(pen, points, { colour: look.faint, width: 2 });
  line(pen, points.slice(0, step + 1), { colour: look.first, width: 3 });
  ring(pen, ...at(step));
  write(pen, top.toFixed(digits), x - 10, y, { size: 11, align: "right" });
  write(pen, "0", x - 10, y + high, { size: 11, align: "right" });
  write(pen, "step 0", x, y + high + 16, { size: 11 });
  write(pen, `step ${steps}`, x + wide, y + high + 16, { size: 11, align: "right" });
}

// The size of letters in the units of the pen: `size`, or what `LEAST` pixels are.
const sizeSeen = (pen, size) => Math.max(size, LEAST / pen.shown);

function write(pen, text, x, y, { size = 12, align = "left", colour = look.ink, bold = false, mono = false } = {}) {
  pen.font = `${bold ? "600 " : ""}${sizeSeen(pen, size)}px ${mono ? MONO : FONT}`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

// A ring that shows on dark and on light.
function ring(pen, x, y, radius = 5) {
  for (const [width, colour] of [
    [4, "#fff"],
    [2, ON_PICTURE],
  ]) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke();
  }
}

export { ON_PICTURE, bitmap, clear, dragged, frame, line, lossCurve, picture, ring, sharpCanvas, sizeSeen, write };
