// Colours by what they mean, from the file that figures read too; there each name has one for light and one for dark.
// Blue and orange are minus and plus, and nothing else.

import COLOURS from "../base/colours.json" with { type: "json" };

const LUMA = [0.299, 0.587, 0.114]; // ITU-R BT.601: how bright red, green and blue look
const [NEGATIVE, POSITIVE] = ["minus", "plus"].map((name) =>
  [1, 3, 5].map((at) => parseInt(COLOURS[name][0].slice(at, at + 2), 16)),
);
const system = globalThis.matchMedia("(prefers-color-scheme: dark)");

// The colours of now: `look.ink`, `look.paper`, …
const look = {};

// Whether the page is dark: JupyterLab and VS Code say it of their theme, other pages by their colour scheme.
function isDark() {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false";
  if (vscodeThemeKind !== undefined) return /dark|high-contrast$/.test(vscodeThemeKind);
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return /dark/.test(scheme) && (!/light/.test(scheme) || system.matches);
}

function choose() {
  const at = isDark() ? 1 : 0;
  for (const [name, pair] of Object.entries(COLOURS)) look[name] = pair[at];
}

// Take the page's theme, now and whenever it changes; `redraw` hears of the changes until what is returned is called.
function followTheme(redraw) {
  let dark = isDark();
  const change = () => {
    if (dark === isDark()) return;
    dark = isDark();
    choose();
    redraw();
  };
  const watch = new MutationObserver(change);
  const attributes = {
    attributes: true,
    attributeFilter: ["style", "class", "data-jp-theme-light", "data-vscode-theme-kind"],
  };
  for (const place of [document.documentElement, document.body]) watch.observe(place, attributes);
  system.addEventListener("change", change);
  choose();
  return () => {
    watch.disconnect();
    system.removeEventListener("change", change);
  };
}

// A number from -1 to 1 as the colour of a pixel: blue, white at zero, orange. Maps are pictures, alike in every theme.
function signedColour(value) {
  const end = value < 0 ? NEGATIVE : POSITIVE;
  const share = Math.min(1, Math.abs(value));
  return end.map((part) => Math.round(255 + (part - 255) * share));
}

// Black or white, whichever is seen better on a colour: at least 4.5 times as light or as dark (WCAG 2.2, relative luminance).
function inkOn(rgb) {
  const [r, g, b] = rgb.map((part) => (part <= 10 ? part / 3294 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

const css = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;

// A colour of a theme, so much of it over paper.
const tint = (colour, share) => `color-mix(in srgb, ${colour} ${Math.round(100 * share)}%, ${look.paper})`;

choose();

export { css, followTheme, inkOn, look, signedColour, tint, LUMA };
