// The maps inside of a layer: one for each output (row) and input (column). A map that is put onto another of its row is
// added to it; when one is left in a row, it is the output.

import { coalesced, player } from "./clock.js";
import { signedColour } from "./colours.js";
import { bar, button, element, lay, slider, status } from "./controls.js";
import { link } from "./link.js";
import { decoded } from "./numbers.js";
import { bitmap } from "./picture.js";
import { unsaved } from "./unsaved.js";

const TRAITS = ["joined"];
const DRAG = 6; // pixels that a pointer moves before it drags
const SPEED = 1.5; // additions a second

// ---- arithmetic, tested against NumPy; joined[o][c] is the map of output o on which map c lies ----------------------

const bases = (lies) => [...new Set(lies)].sort((a, b) => a - b);
const membersOf = (lies, base) => lies.flatMap((onto, c) => (onto === base ? [c] : []));
const additions = (joined) => joined.reduce((sum, lies) => sum + lies.length - bases(lies).length, 0);

// What lies together at a place, added up.
function summed(parts, [, cOut, height, width], lies, o, base) {
  const pixels = height * width;
  const total = new Float64Array(pixels);
  for (const c of membersOf(lies, base))
    for (let p = 0; p < pixels; p++) total[p] += parts[(c * cOut + o) * pixels + p];
  return total;
}

// After so many additions, made from left to right, one output after the other.
const after = ([cIn, cOut], count) =>
  Array.from({ length: cOut }, (_, o) => Array.from({ length: cIn }, (_, c) => (c <= count - o * (cIn - 1) ? 0 : c)));

// ---- picture and controls -------------------------------------------------------------------------------------------

function sentence(joined, note) {
  const [cOut, cIn] = [joined.length, joined[0].length];
  const left = cIn * cOut - additions(joined);
  const done = joined.flatMap((lies, o) => (bases(lies).length === 1 ? [o] : []));
  if (note) return note;
  if (left === cIn * cOut)
    return `${left} maps: ${cIn} inputs times ${cOut} outputs. Drag one onto another of its row: it is added.`;
  if (left === cOut) return `${left} maps are left of ${cIn * cOut}, one per output: these the layer hands on.`;
  const told = done.length ? ` Finished: output ${done.join(", ")}.` : "";
  return `${left} maps are left of ${cIn * cOut}.${told}`;
}

function render({ model, el }) {
  const sizes = model.get("sizes");
  const [cIn, cOut, height, width] = sizes;
  const parts = decoded(model.get("codes"), model.get("scales"), 8);
  const s = { chosen: null, note: "" };
  const all = Array.from({ length: cOut }, (_, o) => summed(parts, sizes, new Array(cIn).fill(0), o, 0));
  const squares = all.map((map) => map.reduce((sum, value) => sum + value * value, 0) / (height * width * cOut));
  const reach = 2.5 * Math.sqrt(squares.reduce((a, b) => a + b)) || 1; // what gets the full colour
  const readout = status();
  const room = element("div", { className: "maps" });
  room.style.gridTemplateColumns = `auto repeat(${cIn}, minmax(0, 1fr))`;
  const tiles = Array.from({ length: cOut }, (_, o) => Array.from({ length: cIn }, (_, c) => tile(o, c)));
  tiles.forEach((row, o) =>
    room.append(element("span", { className: "name", textContent: `output ${o}` }), ...row.map((one) => one.node)),
  );

  function tile(o, c) {
    const made = button("", "", () => s.dragging || choose(o, c));
    const canvas = element("canvas", { width, height });
    const name = element("span");
    made.append(canvas, name);
    made.removeAttribute("title");
    const at = { o, c, node: made, canvas, name };
    draggable(at);
    return at;
  }
  function draggable({ o, c, node }) {
    let from = null;
    node.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      s.dragging = false;
      node.setPointerCapture(event.pointerId);
    });
    node.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const [across, down] = [event.clientX - from[0], event.clientY - from[1]];
      if (!s.dragging && Math.hypot(across, down) < DRAG) return;
      s.dragging = true;
      node.classList.add("held");
      node.style.transform = `translate(${across}px, ${down}px)`;
    });
    const drop = (event) => {
      const under = s.dragging && event.type === "pointerup" && document.elementFromPoint(event.clientX, event.clientY);
      from = null;
      node.classList.remove("held");
      node.style.transform = "";
      const target = under && tiles.flat().find((one) => one.node.contains(under));
      if (target && target.node !== node) put([o, c], [target.o, target.c]);
      setTimeout(() => (s.dragging = false)); // after the click that a browser may make of it
    };
    for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, drop);
  }
  function choose(o, c) {
    const same = s.chosen && s.chosen[0] === o && s.chosen[1] === c;
    if (s.chosen && !same) return put(s.chosen, [o, c]);
    s.chosen = same ? null : [o, c];
    s.note = same ? "" : `Map ${c} of output ${o} is taken. Choose the map of output ${o} to which it is added.`;
    redraw();
  }
  function put([o, c], [other, base]) {
    play.pause();
    s.chosen = null;
    s.note =
      o === other ? "" : `Output ${o} and output ${other} are two sums: no map of the one is added to the other.`;
    if (o === other)
      linked.commit({
        joined: s.joined.with(
          o,
          s.joined[o].map((onto) => (onto === c ? base : onto)),
        ),
      });
    tiles[other][base].node.focus();
    redraw();
  }
  const redraw = coalesced(() => {
    for (const { o, c, node, canvas, name } of tiles.flat()) {
      const lies = s.joined[o];
      const members = membersOf(lies, c);
      const inputs = `input${members.length > 1 ? "s" : ""} ${members.join(" + ")}`;
      node.classList.toggle("gone", members.length === 0);
      node.disabled = members.length === 0;
      node.classList.toggle("done", members.length === cIn);
      const chosen = s.chosen !== null && s.chosen[0] === o && s.chosen[1] === c;
      node.setAttribute("aria-pressed", `${chosen}`);
      node.setAttribute("aria-label", `Output ${o}: ${inputs}`);
      const map = summed(parts, sizes, lies, o, c);
      const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0).toFixed(2);
      const called = members.length === cIn ? `the sum: output ${o}` : inputs;
      name.textContent = `${called}, to ±${largest}`; // one that looks empty has small numbers
      canvas.getContext("2d").drawImage(
        bitmap(width, height, (p) => signedColour(map[p] / reach)),
        0,
        0,
      );
    }
    readout.textContent = sentence(s.joined, s.note);
    made.set(additions(s.joined));
  });
  const show = (count) => Object.assign(s, { joined: after(sizes, count), chosen: null, note: "" });
  const go = (count) => {
    show(Math.min(count, cOut * (cIn - 1)));
    if (additions(s.joined) === cOut * (cIn - 1)) play.pause();
    redraw();
  };
  const rest = () => linked.commit({ joined: s.joined });
  const play = player(readout, {
    rate: () => SPEED,
    begin: () => additions(s.joined) === cOut * (cIn - 1) && show(0),
    advance: (count) => count && go(additions(s.joined) + count),
    rest,
  });
  const made = slider(
    "maps added",
    { min: 0, max: cOut * (cIn - 1), step: 1, wide: true },
    (count) => (play.pause(), go(Math.round(count))),
    rest,
  );
  const again = button("Take apart", "Take all sums apart again", () => (play.pause(), go(0), rest()));

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    redraw();
  };
  const linked = link(model, TRAITS, update);
  lay(el, bar(play.node, again, made.node), readout, room);
  update(TRAITS);
  return () => {
    play.pause();
    linked.stop();
  };
}

export { additions, after, bases, membersOf, summed };
export default unsaved({ render });
