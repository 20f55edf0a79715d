// The weights of the scan one by one: a table to type into, a row for each output and a column for each input map.

import { element, keepKeys, stage } from "./controls.js";

// `edit(o, c, value)` hears of each number typed. `show(s)` brings the table to the weights and sizes of the scan.
function weightTable(edit) {
  const table = element("table", { className: "weights" });
  const node = element("details", {}, element("summary", { textContent: "type in weights" }), stage(table));
  let size = "";
  const boxes = [];

  function cell(o, c, names) {
    const box = keepKeys(element("input", { type: "number", step: 0.05 }));
    box.setAttribute("aria-label", `weight of output ${o} for ${names[c]}`);
    const take = () => Number.isFinite(box.valueAsNumber) && edit(o, c, box.valueAsNumber);
    box.addEventListener("change", take);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.stopPropagation(); // JupyterLab would take the key
      take();
    });
    boxes[o][c] = box;
    const td = element("td", {}, box);
    td.dataset.head = names[c]; // said beside it on a phone
    return td;
  }

  function build({ cIn, cOut, names }) {
    const head = (text, scope) => Object.assign(element("th", { textContent: text }), { scope });
    const rows = Array.from({ length: cOut }, (_, o) => {
      boxes[o] = [];
      return element("tr", {}, head(`output ${o}`, "row"), ...names.slice(0, cIn).map((_, c) => cell(o, c, names)));
    });
    table.replaceChildren(
      element("tr", {}, element("td"), ...names.slice(0, cIn).map((name) => head(name, "col"))),
      ...rows,
    );
  }

  function show(s) {
    if (size !== `${s.cIn},${s.cOut}`) build(s);
    size = `${s.cIn},${s.cOut}`;
    for (let o = 0; o < s.cOut; o++)
      for (let c = 0; c < s.cIn; c++) {
        const value = Number(s.weight[o][c].toFixed(4));
        if (boxes[o][c].valueAsNumber !== value) boxes[o][c].value = value;
      }
  }
  return { node, show };
}

// A copy of the weights with one number changed.
const withWeight = (weight, o, c, value) =>
  weight.map((row, i) => row.map((old, j) => (i === o && j === c ? value : old)));

export { weightTable, withWeight };
