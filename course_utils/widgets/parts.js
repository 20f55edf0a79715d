// What the widgets of the course share: colours, sharp canvases, named controls, coalesced drawing.
// Python puts this text in front of each widget's own, so that each is one module.

const NEGATIVE = [0, 114, 178];
const POSITIVE = [213, 94, 0];
const LUMA = [0.299, 0.587, 0.114]; // ITU-R BT.601: how bright red, green and blue look
const INK = "#1b1b1b";
const FAINT = "#767676";
const FONT = '"Source Sans 3", system-ui, sans-serif'; // the first is there on the pages of the site
const MONO = '"DejaVu Sans Mono", ui-monospace, monospace';

// A number from -1 to 1 as a colour: blue, white at zero, orange.
function signedColour(value) {
  const end = value < 0 ? NEGATIVE : POSITIVE;
  const share = Math.min(1, Math.abs(value));
  return end.map((part) => Math.round(255 + (part - 255) * share));
}

const css = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const signed = (value, digits = 2) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits);

// Bytes from Python as numbers; the copy aligns them.
function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// JupyterLab takes arrow keys away from controls inside outputs, unless they say that they need them.
function keepKeys(control) {
  control.setAttribute("data-lm-suppress-shortcuts", "true");
  return control;
}

function button(text, name, onClick) {
  const made = keepKeys(element("button", { type: "button", textContent: text, title: name }));
  made.setAttribute("aria-label", name);
  made.addEventListener("click", onClick);
  return made;
}

function choice(name, options, onChange) {
  const select = keepKeys(element("select"));
  for (const [value, text] of options) select.append(element("option", { value, textContent: text }));
  select.addEventListener("change", () => onChange(select.value));
  return { node: element("label", {}, name, select), set: (value) => (select.value = value) };
}

// A slider with a name and a box to type in: onInput while it moves, onCommit when it comes to rest.
function slider(name, { min, max, step, wide = false }, onInput, onCommit) {
  const range = keepKeys(element("input", { type: "range", min, max, step }));
  const box = keepKeys(element("input", { type: "number", min, max, step }));
  box.setAttribute("aria-label", `${name}, as a number`);
  const take = (text) => clamp(Number.isFinite(parseFloat(text)) ? parseFloat(text) : min, Number(range.min), Number(range.max));
  range.addEventListener("input", () => onInput(take(range.value)));
  range.addEventListener("change", () => onCommit(take(range.value)));
  const typed = () => {
    onInput(take(box.value));
    onCommit(take(box.value));
  };
  box.addEventListener("change", typed);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.stopPropagation(); // JupyterLab would take the key, and the number would wait for the box to be left
    typed();
  });
  const label = element("label", {}, element("span", { className: "name", textContent: name }), range);
  return {
    node: element("span", { className: wide ? "slider wide" : "slider" }, label, box),
    set(value, top = max) {
      for (const input of [range, box]) {
        input.max = top;
        if (input !== document.activeElement || parseFloat(input.value) !== value) input.value = value;
      }
    },
    disable: (off) => [range, box].forEach((input) => (input.disabled = off)),
  };
}

// Room for something wide: where there is little, it scrolls inside, also by keyboard.
function stage(wide) {
  const room = element("div", { className: "stage" }, wide);
  const look = () => (room.scrollWidth > room.clientWidth + 1 ? (room.tabIndex = 0) : room.removeAttribute("tabindex"));
  new ResizeObserver(look).observe(room);
  return room;
}

// A canvas with `width` × `height` units to draw in, sharp on screens with small pixels.
function sharpCanvas(width, height, name) {
  const scale = Math.max(2, Math.ceil(globalThis.devicePixelRatio || 1));
  const canvas = element("canvas", { width: width * scale, height: height * scale });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  };
  return { canvas, node: stage(canvas), pen, place };
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
function dragged({ canvas, place }, onMove, onEnd) {
  canvas.style.cursor = "crosshair";
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    onMove(...place(event), true);
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && onMove(...place(event), false));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, onEnd);
}

// Draw at most once a frame, however often it is asked for.
function coalesced(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

function write(pen, text, x, y, { size = 12, align = "left", colour = INK, bold = false, mono = false } = {}) {
  pen.font = `${bold ? "600 " : ""}${size}px ${mono ? MONO : FONT}`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
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

// A ring that shows on dark and on light.
function ring(pen, x, y, radius = 5) {
  for (const [width, colour] of [[4, "#fff"], [2, INK]]) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke();
  }
}

// Hear of every change to the named traits, from Python or another view, and commit one's own changes to all of them:
// update() runs once for a set of changes, when all are made.
function link(model, names, update) {
  let busy = false;
  const heard = () => busy || update();
  for (const name of names) model.on(`change:${name}`, heard);
  return {
    commit(changes) {
      busy = true;
      for (const [name, value] of Object.entries(changes)) model.set(name, value);
      busy = false;
      model.save_changes();
      update();
    },
    stop: () => names.forEach((name) => model.off(`change:${name}`, heard)),
  };
}

// A Play button with its clock: `rate()` units a second; `begin()` before the first, `advance(count)` for each whole
// count that is due, `rest()` when it stops. Who asks for less motion gets one move a second. It never starts by itself.
function player(readout, { rate, begin, advance, rest }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let playing = null;
  const toggle = button("▶ Play", "Play", () => (playing === null ? play() : pause()));
  toggle.className = "first";

  function play() {
    begin();
    let last = performance.now();
    let owed = 0;
    const tick = (now) => {
      owed += ((now - last) / 1000) * rate();
      last = now;
      advance(Math.floor(owed));
      owed -= Math.floor(owed);
      if (playing !== null) next();
    };
    const next = () => {
      playing = calm ? setTimeout(() => tick(performance.now()), 1000) : requestAnimationFrame(tick);
    };
    next();
    show();
  }
  function pause() {
    if (playing === null) return;
    calm ? clearTimeout(playing) : cancelAnimationFrame(playing);
    playing = null;
    show();
    rest();
  }
  function show() {
    toggle.textContent = playing === null ? "▶ Play" : "❚❚ Pause";
    toggle.setAttribute("aria-label", playing === null ? "Play" : "Pause");
    readout.setAttribute("aria-live", playing === null ? "polite" : "off"); // a running count is not to be read aloud
  }
  show();
  return { node: toggle, pause };
}
