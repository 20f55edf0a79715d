// Time: drawing at most once a frame, and a Play button with its clock.

import { button } from "./controls.js";

// Draw at most once a frame, however often it is asked for.
function coalesced(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

// A Play button with its clock: `rate()` units a second; `begin()` before the first, `advance(count)` for each whole
// count that is due, `rest()` when it stops. Who asks for less motion gets one move a second. It never starts by itself.
function player(readout, { rate, begin, advance, rest }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let playing = null;
  const toggle = button("▶ Play", "Play", () => (playing === null ? play() : pause()));
  toggle.className = "first";

  function play() {
    begin();
    let last = performance.now();
    let owed = 0;
    const tick = (now) => {
      owed += ((now - last) / 1000) * rate();
      last = now;
      advance(Math.floor(owed));
      owed -= Math.floor(owed);
      if (playing !== null) next();
    };
    const next = () => {
      playing = calm ? setTimeout(() => tick(performance.now()), 1000) : requestAnimationFrame(tick);
    };
    next();
    show();
  }
  function pause() {
    if (playing === null) return;
    calm ? clearTimeout(playing) : cancelAnimationFrame(playing);
    playing = null;
    show();
    rest();
  }
  function show() {
    toggle.textContent = playing === null ? "▶ Play" : "❚❚ Pause";
    toggle.setAttribute("aria-label", playing === null ? "Play" : "Pause");
    readout.setAttribute("aria-live", playing === null ? "polite" : "off"); // a running count is not to be read aloud
  }
  show();
  return { node: toggle, pause };
}

export { coalesced, player };
