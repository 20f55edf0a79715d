// A transformer's block: a box a part in the order in which a token meets them, lit by what it does, and its cost as a bar.

import { coalesced } from "./clock.js";
import { bar, button, element, lay, presets, slider, stage, status, tight } from "./controls.js";
import { link } from "./link.js";
import { whole } from "./numbers.js";
import { blockCounts, fittingHeads, tokenwiseShare } from "./transformer_block_counts.js";
import { unsaved } from "./unsaved.js";

const PRESETS = {
  "ViT-B/16": { width: 768, tokens: 197, heads: 12 },
  "GPT-2, a sentence": { width: 768, tokens: 32, heads: 12 },
  "GPT-2, its longest text": { width: 768, tokens: 1024, heads: 12 },
  "a book": { width: 768, tokens: 131072, heads: 12 },
};
const FILLS = { "1×1": "first", "mixes tokens": "second", neither: "none" };
const KINDS = { "1×1": "own", "mixes tokens": "mixes", neither: "none" };
const NAMES = { width: "channels", tokens: "tokens: 2 to the power", heads: "heads" };

function render({ model, el }) {
  const limits = model.get("limits");
  const parts = JSON.parse(model.get("parts"));
  const s = { lit: null };
  const redraw = coalesced(draw);
  const rest = () => linked.commit({ width: s.width, tokens: s.tokens, heads: s.heads });
  const change = (changes) => {
    Object.assign(s, changes);
    s.heads = fittingHeads(s.width, Math.min(s.heads, limits.heads));
    redraw();
  };
  const sliders = {
    width: slider(
      NAMES.width,
      { min: 8, max: limits.width, step: 8 },
      (value) => change({ width: Math.max(1, Math.round(value)) }),
      rest,
    ),
    tokens: slider(
      NAMES.tokens,
      { min: 0, max: 17, step: 0.1 },
      (value) => change({ tokens: Math.max(1, Math.round(2 ** value)) }),
      rest,
    ),
    heads: slider(
      NAMES.heads,
      { min: 1, max: limits.heads, step: 1 },
      (value) => change({ heads: Math.round(value) }),
      rest,
    ),
  };
  const light = tight("light up");
  const lamps = Object.keys(KINDS).map((kind) => {
    const lamp = button(kind, `Light up the parts: ${kind}`, () => change({ lit: s.lit === kind ? null : kind }));
    light.append(lamp);
    return [kind, lamp];
  });
  const rows = element("div", { className: "block-parts" });
  const readout = status();

  function draw() {
    const counts = blockCounts(s);
    const most = Math.max(...Object.values(counts));
    const shown = Object.entries(parts).flatMap(([name, kind]) => {
      const off = s.lit !== null && s.lit !== kind ? " dim" : "";
      const fill = element("div", { className: `fill ${FILLS[kind]}` });
      fill.style.width = `${(100 * (counts[name] ?? 0)) / most}%`;
      const cost = counts[name] ? `${whole(counts[name])} multiply-adds` : "no matrix product";
      return [
        element("div", { className: `part ${KINDS[kind]}${off}` }, element("b", { textContent: name }), ` ${kind}`),
        element("div", { className: `cost${off}` }, cost, fill),
      ];
    });
    rows.replaceChildren(...shown);
    for (const [kind, lamp] of lamps) lamp.setAttribute("aria-pressed", String(s.lit === kind));
    const share = tokenwiseShare(counts, parts);
    readout.textContent =
      `A transformer's block, ${whole(s.tokens)} tokens of ${whole(s.width)} channels, ${s.heads} heads of ${s.width / s.heads}: ` +
      `${(100 * share).toFixed(1)} % of the block's multiply-adds are 1×1 layers, ` +
      `${(100 * (1 - share)).toFixed(1)} % mix tokens.`;
    sliders.width.set(s.width);
    sliders.tokens.set(Number(Math.log2(s.tokens).toFixed(2)));
    sliders.heads.set(s.heads);
  }

  const update = (changed) => {
    for (const name of changed) s[name] = model.get(name);
    redraw();
  };
  const linked = link(model, Object.keys(NAMES), update);
  const known = presets(PRESETS, (preset) => (change(preset), rest()));
  lay(el, known, bar(...Object.values(sliders).map(({ node }) => node)), light, stage(rows), readout);
  update(Object.keys(NAMES));
  return linked.stop;
}

export { blockCounts, fittingHeads, tokenwiseShare };
export default unsaved({ render });
