// The claim board: a table with a choice of verdicts; a button in each line opens its runs as dots on a line.

import { bar, button, choice, element, lay, stage, status } from "./controls.js";
import { link } from "./link.js";

const WIDTH = 520;
const DOT = 5;

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// One dot a run, from the smallest number to the largest; runs with equal numbers are piled up.
function strip(row) {
  const low = Math.min(...row.values);
  const high = Math.max(...row.values);
  const place = (value) => (high > low ? 20 + ((value - low) / (high - low)) * (WIDTH - 40) : WIDTH / 2);
  const piles = new Map();
  const dots = [...row.values]
    .sort((a, b) => a - b)
    .map((value) => {
      const x = Math.round(place(value) / DOT) * DOT;
      piles.set(x, (piles.get(x) ?? 0) + 1);
      return svg("circle", { cx: x, cy: piles.get(x), r: DOT - 1, fill: "#0072b2", stroke: "#fff" });
    });
  const height = 30 + 2 * DOT * Math.max(...piles.values());
  for (const dot of dots) dot.setAttribute("cy", height - 20 - 2 * DOT * (Number(dot.getAttribute("cy")) - 0.5));
  const line = svg("line", { x1: 10, x2: WIDTH - 10, y1: height - 19, y2: height - 19, stroke: "currentColor" });
  const ends =
    high > low
      ? [
          [low, "start", 10],
          [high, "end", WIDTH - 10],
        ]
      : [[low, "middle", WIDTH / 2]];
  const words = ends.map(([value, anchor, x]) =>
    svg(
      "text",
      {
        x,
        y: height - 5,
        "text-anchor": anchor,
        "font-size": 12,
        fill: "currentColor",
      },
      row.ends[value === low ? 0 : 1],
    ),
  );
  const label = `${row.values.length} runs as dots on a line. ${row.spread}`;
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img", "aria-label": label },
    line,
    ...dots,
    ...words,
  );
}

function render({ model, el }) {
  const marks = model.get("marks");
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

  function line(row) {
    const cell = (text) => element("td", { textContent: text });
    const name = element("th", { scope: "row" }, row.name);
    if (row.values.length > 1) {
      const open = opened.has(row.name);
      const more = button(open ? "hide runs" : "runs", `The runs of claim ${row.name}`, () => toggle(row.name));
      more.setAttribute("aria-expanded", String(open));
      more.dataset.name = row.name;
      name.append(" ", more);
    }
    const verdict = element("td", {
      className: `verdict ${row.verdict}`,
      textContent: `${marks[row.verdict] ?? "–"} ${row.verdict}`,
    });
    const agrees = row.agrees ? ` (the claim: ${row.agrees})` : "";
    return element(
      "tr",
      {},
      name,
      cell(row.quote),
      cell(row.lesson),
      cell(row.measure + agrees),
      cell(row.spread),
      verdict,
    );
  }

  function draw() {
    const rows = model.get("rows");
    const shown = rows.filter((row) => ["all", row.verdict].includes(model.get("show")));
    body.replaceChildren(
      ...shown.flatMap((row) => {
        if (!opened.has(row.name) || row.values.length < 2) return [line(row)];
        return [line(row), element("tr", {}, element("td", { colSpan: heads.length }, strip(row)))];
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
  const caption = element("caption", { textContent: "The article's claims, with your numbers" });
  const table = element("table", { className: "board" }, caption, element("thead", {}, head), body);
  lay(el, bar(filter.node), stage(table), readout);
  draw();
  return linked.stop;
}

export default { render };
