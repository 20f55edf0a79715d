// The claim board: a line for each claim with its runs as dots and what it says as a range; a button opens the words to it.

import { bar, button, choice, element, lay, stage, status } from "./controls.js";
import { link } from "./link.js";
import { unsaved } from "./unsaved.js";

const WIDTH = 400;
const HEIGHT = 40;
const LINE = 26; // where the dots stand
const RADIUS = 3.5;

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// From numbers to places on the line: all runs are on it, and the ends of the claim's range that are numbers.
function scaleOf({ values, low, high }) {
  const all = [...values, low, high].filter((number) => number !== null);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const spare = (most - least) / 10 || Math.abs(most) / 2 || 1;
  return (value) => 10 + ((WIDTH - 20) * (value - least + spare)) / (most - least + 2 * spare);
}

// Runs whose dots would lie on each other are piled up where the first of them is, closer the higher the pile.
function dots(values, place) {
  const piles = [];
  for (const x of values.map(place).sort((a, b) => a - b)) {
    if (piles.length && x - piles.at(-1)[0] < 2 * RADIUS) piles.at(-1)[1]++;
    else piles.push([x, 1]);
  }
  const highest = Math.max(0, ...piles.map(([, count]) => count));
  const step = Math.min(2 * RADIUS, (LINE - 2 * RADIUS - 1) / Math.max(1, highest - 1));
  return piles.flatMap(([cx, count]) =>
    Array.from({ length: count }, (_, k) => svg("circle", { cx, cy: LINE - RADIUS - k * step, r: RADIUS })),
  );
}

// One dot a run on a line, with what the claim says as a shaded range; nothing for an opinion.
function strip(row) {
  if (!row.agrees) return "";
  const place = scaleOf(row);
  const [from, to] = [row.low === null ? 0 : place(row.low), row.high === null ? WIDTH : place(row.high)];
  const width = Math.max(2 * RADIUS + 4, to - from); // the dot of a number that the claim names lies on it
  const range = svg("rect", { class: "range", x: (from + to - width) / 2, y: 0, width, height: LINE });
  const line = svg("line", { x1: 0, x2: WIDTH, y1: LINE, y2: LINE });
  const told = ends(row, place);
  const words = [...told, ...says(row, (from + to) / 2, told)].map(([text, x, anchor, kind = "run"]) =>
    svg("text", { class: kind, x, y: HEIGHT - 2, "text-anchor": anchor }, text),
  );
  const runs = row.values.length ? `${row.values.length} runs as dots on a line. ${row.spread}` : "No runs yet.";
  const label = `${runs} The claim, shaded: ${row.agrees}.`;
  const look = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label };
  return svg("svg", look, range, line, ...dots(row.values, place), ...words);
}

const halfOf = (text) => 3.5 * text.length; // of the room that it takes
const within = (text, middle) => Math.min(WIDTH - halfOf(text), Math.max(halfOf(text), middle));

// The numbers under the line: the smallest and the largest run; without runs, what the claim says.
function ends(row, place) {
  if (!row.values.length) {
    const at = row.low === null || row.high === null ? place(row.low ?? row.high) : place((row.low + row.high) / 2);
    return [[row.agrees, within(row.agrees, at), "middle", "says"]];
  }
  const [least, most] = [place(Math.min(...row.values)), place(Math.max(...row.values))];
  const both = [...new Set(row.ends)].join(" to ");
  if (most - least < 80) return [[both, within(both, (least + most) / 2), "middle"]];
  return [
    [row.ends[0], least, least < 40 ? "start" : "middle"],
    [row.ends[1], most, most > WIDTH - 40 ? "end" : "middle"],
  ];
}

// What the claim says, under its range, where runs' numbers leave room for it.
function says(row, middle, told) {
  const at = within(row.agrees, middle);
  const free = told.every(([text, x]) => Math.abs(x - at) > halfOf(row.agrees) + 6 * text.length);
  return row.values.length && free ? [[row.agrees, at, "middle", "says"]] : [];
}

function render({ model, el }) {
  const marks = JSON.parse(model.get("marks"));
  const heads = model.get("heads");
  const opened = new Set();
  const filter = choice(
    "show",
    [["all", "all claims"], ...Object.keys(marks).map((name) => [name, `${marks[name]} ${name}`])],
    (value) => linked.commit({ show: value }),
  );
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col", textContent: text })));
  const body = element("tbody");
  const readout = status();

  function toggle(name) {
    opened.has(name) ? opened.delete(name) : opened.add(name);
    draw();
    body.querySelector(`button[data-name="${CSS.escape(name)}"]`)?.focus();
  }

  function line(sent) {
    const row = { low: null, high: null, ...sent }; // where Python runs in the browser, None is not sent
    const open = opened.has(row.name);
    const more = button(open ? "less" : "more", `What decides claim ${row.name}`, () => toggle(row.name));
    more.setAttribute("aria-expanded", String(open));
    more.dataset.name = row.name;
    const verdict = `${marks[row.verdict] ?? "–"} ${row.verdict}`;
    return element(
      "tr",
      {},
      element("th", { scope: "row", textContent: row.name }),
      element("td", { className: "quote" }, row.quote),
      element("td", { className: "runs" }, strip(row), row.agrees ? element("span", { textContent: row.measure }) : ""),
      element("td", { className: `verdict ${row.verdict}`, textContent: verdict }),
      element("td", {}, more),
    );
  }

  // What a line says in words: the number that decides it, and what the runs gave.
  function words(row) {
    const agrees = row.agrees ? ` The claim says ${row.agrees}.` : "";
    return `Lesson ${row.lesson}. The deciding number: ${row.measure}.${agrees} ${row.spread || "No runs yet."}`;
  }

  function draw() {
    const rows = model.get("rows");
    const shown = rows.filter((row) => ["all", row.verdict].includes(model.get("show")));
    body.replaceChildren(
      ...shown.flatMap((row) => {
        if (!opened.has(row.name)) return [line(row)];
        return [line(row), element("tr", {}, element("td", { colSpan: heads.length, textContent: words(row) }))];
      }),
    );
    const count = (verdict) => rows.filter((row) => row.verdict === verdict).length;
    readout.textContent =
      `${shown.length} of ${rows.length} lines shown: ` +
      Object.keys(marks)
        .map((name) => `${count(name)} ${name}`)
        .join(", ") +
      `, ${count("opinion")} opinion.`;
    filter.set(model.get("show"));
  }

  const linked = link(model, ["rows", "show"], draw);
  const caption = element("caption", { textContent: "The article's claims, with the numbers of your runs" });
  const table = element("table", { className: "board" }, caption, element("thead", {}, head), body);
  lay(el, bar(filter.node), stage(table), readout);
  draw();
  return linked.stop;
}

export default unsaved({ render });
