// A widget's state and the model of it that Python and other views share.
//
// The rule: a widget keeps its traits in one object under their own names. That object may run ahead of the model while
// something plays or a pointer is down; `commit` brings it in. A change from elsewhere brings those traits alone that
// changed, so that what is running ahead goes on.
//
// A change of the page's theme changes no trait, and everything is drawn anew.

import { followTheme } from "./colours.js";

function link(model, names, update) {
  let busy = false;
  const heard = names.map((name) => [`change:${name}`, () => busy || update([name], false)]);
  for (const [event, hear] of heard) model.on(event, hear);
  const leaveTheme = followTheme(() => update([], false));
  return {
    commit(changes) {
      busy = true;
      for (const [name, value] of Object.entries(changes)) model.set(name, value);
      busy = false;
      model.save_changes();
      update(Object.keys(changes), true);
    },
    stop() {
      heard.forEach(([event, hear]) => model.off(event, hear));
      leaveTheme();
    },
  };
}

export { link };
