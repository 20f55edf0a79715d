// Controls: elements of a page that a name, the keyboard and a kernel that listens belong to.

import { clamp } from "./numbers.js";

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
  const take = (text) =>
    clamp(Number.isFinite(parseFloat(text)) ? parseFloat(text) : min, Number(range.min), Number(range.max));
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
        if (Number(input.max) !== top) input.max = top;
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

// Where a widget says what it shows; whoever listens to the page hears it.
function status(...children) {
  const node = element("div", { className: "readout" }, ...children);
  node.setAttribute("role", "status");
  return node;
}

// Controls side by side, and closer to one another.
const bar = (...controls) => element("div", { className: "bar" }, ...controls);
const tight = (...controls) => element("div", { className: "bar tight" }, ...controls);

// A row of buttons, one a preset: { name: what it stands for }.
function presets(known, take) {
  const buttons = Object.entries(known).map(([name, preset]) => button(name, `Preset: ${name}`, () => take(preset)));
  return tight("presets", ...buttons);
}

// Put a widget's parts into its place, one below the other.
const lay = (el, ...rows) => el.append(element("div", { className: "course-widget" }, ...rows));

export { bar, button, choice, element, keepKeys, lay, presets, slider, stage, status, tight };
