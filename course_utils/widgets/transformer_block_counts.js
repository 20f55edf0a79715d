// ---- the multiply-adds of a block's parts, tested against Python ----

function blockCounts({ width, tokens }) {
  const layer = tokens * width * width;
  const pairs = tokens * tokens * width;
  return {
    query: layer,
    key: layer,
    value: layer,
    output: layer,
    up: 4 * layer,
    down: 4 * layer,
    scores: pairs,
    "weighted sum": pairs,
  };
}

function tokenwiseShare(counts, parts) {
  const all = Object.entries(counts);
  const own = all.filter(([name]) => parts[name] === "1×1");
  const sum = (some) => some.reduce((total, [, number]) => total + number, 0);
  return sum(own) / sum(all);
}

// The number of heads nearest to the one asked for that shares the channels without a rest.
function fittingHeads(width, heads) {
  for (let off = 0; ; off++) {
    for (const one of [heads - off, heads + off]) if (one >= 1 && width % one === 0) return one;
  }
}

export { blockCounts, fittingHeads, tokenwiseShare };
