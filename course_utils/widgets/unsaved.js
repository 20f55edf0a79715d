// A notebook that is saved holds the state of its widgets' models. What a widget was made with may be large: Python says
// in `_unsaved` which of it leaves the model as soon as the model is there, and it is kept here. Where a notebook is opened
// again it is gone; then nothing is drawn, and the picture beside the view is seen, until the cell is run.
//
// Each model has a module of its own. On the site nothing is saved: `initialize` is not called, and nothing leaves.

const kept = new Map();
const isGone = (value) => !value || value.byteLength === 0;

function initialize({ model }) {
  for (const name of model.get("_unsaved")) {
    const take = () => {
      const value = model.get(name);
      if (isGone(value)) return;
      kept.set(name, value);
      model.set(name, ArrayBuffer.isView(value) ? new DataView(new ArrayBuffer(0)) : null);
    };
    model.on(`change:${name}`, take); // a kernel that is reached again sends everything again
    take();
  }
}

// A widget whose `render` finds in the model all that it was made with.
function unsaved({ render }) {
  return {
    initialize,
    render({ model, el }) {
      const get = (name) => kept.get(name) ?? model.get(name) ?? null; // where Python runs in the browser, None is not sent
      if ((model.get("_unsaved") ?? []).some((name) => isGone(get(name)))) return undefined;
      return render({ model: { ...model, get }, el });
    },
  };
}

export { unsaved };
