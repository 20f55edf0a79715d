// A transformer's block: a box a part in the order in which a token meets them, lit by what it does, and its cost as a bar.

const PRESETS = {
  "ViT-B/16": { width: 768, tokens: 197, heads: 12 },
  "GPT-2, a sentence": { width: 768, tokens: 32, heads: 12 },
  "GPT-2, its longest text": { width: 768, tokens: 1024, heads: 12 },
  "a book": { width: 768, tokens: 131072, heads: 12 },
};
const KINDS = { "1×1": "own", "mixes tokens": "mixes", neither: "none" };
const NAMES = { width: "channels", tokens: "tokens, as a power of 2", heads: "heads" };
const whole = (number) => Math.round(number).toLocaleString("en-US");

function render({ model, el }) {
  const limits = model.get("limits");
  const parts = model.get("parts");
  const s = { lit: null };
  const redraw = coalesced(draw);
  const rest = () => linked.commit({ width: s.width, tokens: s.tokens, heads: s.heads });
  const change = (changes) => {
    Object.assign(s, changes);
    s.heads = fittingHeads(s.width, Math.min(s.heads, limits.heads));
    redraw();
  };
  const sliders = {
    width: slider(NAMES.width, { min: 8, max: limits.width, step: 8 }, (value) => change({ width: Math.max(1, Math.round(value)) }), rest),
    tokens: slider(NAMES.tokens, { min: 0, max: 17, step: 0.1 }, (value) => change({ tokens: Math.max(1, Math.round(2 ** value)) }), rest),
    heads: slider(NAMES.heads, { min: 1, max: limits.heads, step: 1 }, (value) => change({ heads: Math.round(value) }), rest),
  };
  const presets = element("div", { className: "bar tight" }, "presets");
  for (const [name, preset] of Object.entries(PRESETS)) {
    presets.append(button(name, `Preset: ${name}`, () => (change(preset), rest())));
  }
  const light = element("div", { className: "bar tight" }, "light up");
  const lamps = Object.keys(KINDS).map((kind) => {
    const lamp = button(kind, `Light up the parts: ${kind}`, () => change({ lit: s.lit === kind ? null : kind }));
    light.append(lamp);
    return [kind, lamp];
  });
  const rows = element("div", { className: "block-parts" });
  const readout = element("div", { className: "readout" });
  readout.setAttribute("role", "status");

  function draw() {
    const counts = blockCounts(s);
    const most = Math.max(...Object.values(counts));
    const shown = Object.entries(parts).flatMap(([name, kind]) => {
      const off = s.lit !== null && s.lit !== kind ? " dim" : "";
      const fill = element("div", { className: `fill ${KINDS[kind]}` });
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
    readout.textContent = `${whole(s.tokens)} tokens of ${whole(s.width)} channels, ${s.heads} heads of ${s.width / s.heads}: `
      + `${(100 * share).toFixed(1)} % of the block's multiply-adds are 1×1 layers, `
      + `${(100 * (1 - share)).toFixed(1)} % mix tokens.`;
    sliders.width.set(s.width);
    sliders.tokens.set(Number(Math.log2(s.tokens).toFixed(2)));
    sliders.heads.set(s.heads);
  }

  const update = () => {
    for (const name of Object.keys(NAMES)) s[name] = model.get(name);
    redraw();
  };
  const linked = link(model, Object.keys(NAMES), update);
  const bar = element("div", { className: "bar" }, ...Object.values(sliders).map(({ node }) => node));
  el.append(element("div", { className: "course-widget" }, presets, bar, light, stage(rows), readout));
  update();
  return linked.stop;
}

export default { render };
