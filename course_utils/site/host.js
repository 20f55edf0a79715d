// Stands in for the notebook: runs a widget's module with a model that has no kernel behind it.

function hostModel(state) {
  const heard = {};
  const tell = (event) => [...(heard[event] ?? [])].forEach((call) => call());
  const same = (a, b) => a === b || (!ArrayBuffer.isView(b) && JSON.stringify(a) === JSON.stringify(b));
  return {
    get: (name) => state[name],
    set(name, value) {
      if (same(state[name], value)) return;
      state[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    on: (event, call) => (heard[event] ??= []).push(call),
    off: (event, call) => (heard[event] = (heard[event] ?? []).filter((other) => call && other !== call)),
    save_changes() {},
    send() {}, // nobody answers
  };
}

const loadModule = (code) => import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));

// The bytes of a trait: base64, packed with gzip where Python packed them.
async function bytesOf({ base64, gzip }) {
  const packed = Uint8Array.from(atob(base64 ?? gzip), (character) => character.charCodeAt(0));
  if (base64) return new DataView(packed.buffer);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new DataView(await new Response(stream).arrayBuffer());
}

async function unpacked(state) {
  for (const [name, value] of Object.entries(state))
    if (value?.base64 || value?.gzip) state[name] = await bytesOf(value);
  return state;
}

export { hostModel, loadModule, unpacked };
