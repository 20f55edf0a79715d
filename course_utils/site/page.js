// What a page of the site does by itself: its widgets, light and dark, search, tables that scroll, printing.

import { hostModel, loadModule, unpacked } from "./host.js";

const root = document.documentElement;

// ---- widgets: what stands in their place until they are there is a picture ------------------------------------------

async function mountWidgets() {
  await Promise.allSettled(
    ['16px "Source Sans 3"', '600 16px "Source Sans 3"', '16px "DejaVu Sans Mono"'].map((font) =>
      document.fonts.load(font),
    ),
  ); // a page sent alone has none
  const { modules, models } = JSON.parse(document.getElementById("widgets").textContent);
  const loaded = modules.map(loadModule);
  const made = {}; // two views of one widget share its model
  for (const place of document.querySelectorAll(".widget")) {
    const { module, state } = models[place.dataset.model];
    made[place.dataset.model] ??= hostModel(await unpacked(state));
    const el = document.createElement("div");
    (await loaded[module]).default.render({ model: made[place.dataset.model], el });
    place.replaceChildren(el);
    place.classList.add("alive");
  }
  root.dataset.widgets = "ready";
}

// ---- light and dark: as the computer is set, until somebody chooses --------------------------------------------------

function chooseTheme() {
  const toggle = document.querySelector(".theme");
  const dark = () =>
    getComputedStyle(root).colorScheme === "dark" ||
    (!root.style.colorScheme && matchMedia("(prefers-color-scheme: dark)").matches);
  const show = () => (toggle.textContent = dark() ? "Light" : "Dark");
  const remembered = () => localStorage.getItem("theme") ?? "";
  toggle.addEventListener("click", () => {
    root.style.colorScheme = dark() ? "light" : "dark";
    localStorage.setItem("theme", root.style.colorScheme);
    show();
  });
  root.style.colorScheme = remembered();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

// ---- search: every match is marked, Enter goes to the next -----------------------------------------------------------

function matchesOf(text) {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const wanted = text.toLowerCase();
  const found = [];
  for (let node = walker.nextNode(); wanted && node; node = walker.nextNode()) {
    if (node.parentElement.closest("annotation, script, canvas, option")) continue;
    const data = node.data.toLowerCase();
    for (let at = data.indexOf(wanted); at >= 0; at = data.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      found.push(range);
    }
  }
  return found;
}

function offerSearch() {
  const form = document.querySelector(".search");
  const [input, says] = [form.querySelector("input"), form.querySelector("output")];
  let [found, at] = [[], -1];

  const mark = (name, ranges) => CSS.highlights?.set(name, new Highlight(...ranges));
  const show = () => {
    form.querySelectorAll("button").forEach((button) => (button.hidden = !found.length));
    says.textContent = !input.value
      ? ""
      : !found.length
        ? "not found"
        : at < 0
          ? `${found.length} found`
          : `${at + 1} of ${found.length}`;
    mark("found", found);
    mark("here", at < 0 ? [] : [found[at]]);
  };
  const go = (by) => {
    if (!found.length) return;
    at = (at + by + found.length) % found.length;
    const place = found[at].startContainer.parentElement;
    place.closest("details")?.setAttribute("open", "");
    place.scrollIntoView({ block: "center" });
    show();
  };
  input.addEventListener("input", () => {
    [found, at] = [matchesOf(input.value), -1];
    show();
  });
  form.addEventListener("submit", (event) => (event.preventDefault(), go(1)));
  form.querySelector(".previous").addEventListener("click", () => go(found.length && at < 0 ? 0 : -1));
}

// ---- wide things scroll inside themselves; the keyboard reaches those that do ----------------------------------------

function reachScrolling() {
  const boxes = document.querySelectorAll(".scrolls, .outputs figure");
  const nameOf = (box) =>
    box.matches(".formula")
      ? "Formula"
      : box.matches(".code")
        ? "Code"
        : box.querySelector("table")
          ? "Table"
          : "Output";
  const lookAll = () => {
    for (const box of boxes) {
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      const says = { tabindex: 0, ...(box.matches(".scrolls") && { role: "group", "aria-label": nameOf(box) }) }; // a figure has a name
      for (const [name, value] of Object.entries(says)) {
        if (scrolls) box.setAttribute(name, value);
        else box.removeAttribute(name);
      }
    }
  };
  const look = new ResizeObserver(lookAll); // of what is inside too: it grows when a font arrives
  for (const box of boxes) [box, ...box.children].forEach((one) => look.observe(one));
  document.fonts.addEventListener("loadingdone", lookAll);
}

// On a phone the contents begin folded; on paper nothing is.
function foldContents() {
  const contents = document.querySelector(".contents details");
  if (contents && matchMedia("(max-width: 70rem)").matches) contents.open = false;
  addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach((one) => (one.open = true)));
}

// ---- where one is: the section on the screen is marked in the contents, what was reached is kept ---------------------

function markPlace() {
  const links = new Map(
    [...document.querySelectorAll(".contents a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
  );
  const headings = [...document.querySelectorAll("main :is(h2, h3)[id]")].filter((one) => links.has(one.id));
  if (!headings.length) return;
  const bar = document.querySelector(".contents progress");
  const look = () => {
    const here = headings.findLast((one) => one.getBoundingClientRect().top < innerHeight / 3) ?? headings[0];
    for (const [name, link] of links)
      name === here.id ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current");
    const most = root.scrollHeight - innerHeight;
    bar.value = most > 0 ? Math.min(scrollY / most, 1) : 1;
  };
  addEventListener("scroll", () => requestAnimationFrame(look), { passive: true });
  look();
}

// ---- search over all lessons: the index is fetched with the first letter ----------------------------------------------

function searchEverywhere() {
  const form = document.querySelector(".everywhere");
  if (!form) return;
  const [input, says, list] = ["input", "output", "ol"].map((name) => form.querySelector(name));
  let index = null;
  const fetched = () =>
    (index ??= new Promise((done, failed) => {
      document.head.append(
        Object.assign(document.createElement("script"), {
          src: "search.js",
          onload: () => done(window.SECTIONS),
          onerror: failed,
        }),
      );
    }));
  input.addEventListener("input", async () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const sections = await fetched();
    if (words.join() !== input.value.toLowerCase().split(/\s+/).filter(Boolean).join()) return;
    const holds = ([, heading, text]) =>
      words.length && words.every((word) => `${heading} ${text}`.toLowerCase().includes(word));
    const inHeading = ([, heading]) => words.filter((word) => heading.toLowerCase().includes(word)).length;
    const found = sections.filter(holds).sort((a, b) => inHeading(b) - inHeading(a));
    const count = found.length ? `${found.length} section${found.length > 1 ? "s" : ""}` : "not found";
    says.textContent = words.length ? count : "";
    list.replaceChildren(
      ...found.slice(0, 20).map(([address, heading, text]) => {
        const at = Math.max(text.toLowerCase().indexOf(words[0]) - 60, 0);
        const [item, link, around] = ["li", "a", "small"].map((name) => document.createElement(name));
        Object.assign(link, { href: address, textContent: heading });
        around.textContent = `${at ? "…" : ""}${text.slice(at, at + 160)}…`;
        item.append(link, around);
        return item;
      }),
    );
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

chooseTheme();
offerSearch();
markPlace();
searchEverywhere();
reachScrolling();
foldContents();
mountWidgets();
