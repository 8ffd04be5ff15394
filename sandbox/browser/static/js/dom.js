// DOM nodes from plain values. Texts become text nodes, never markup.

/** Make an element. `props`: class, data, on (listeners), properties such as value, attributes for all else. */
export function h(name, props, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props ?? {})) set(node, key, value);
  add(node, children);
  return node;
}

const PROPERTIES = new Set(["value", "checked", "disabled", "selected", "indeterminate", "tabIndex", "hidden", "multiple"]);

function set(node, key, value) {
  if (value === undefined || value === null) return;
  if (key === "class") node.className = value;
  else if (key === "on") for (const [kind, run] of Object.entries(value)) node.addEventListener(kind, run);
  else if (key === "data") Object.assign(node.dataset, value);
  else if (PROPERTIES.has(key)) node[key] = value;
  else if (value === true) node.setAttribute(key, "");
  else if (value !== false) node.setAttribute(key, String(value));
}

/** Append strings, nodes, lists of them; null and false are left out. */
export function add(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

/** Put new children in place of the old ones. */
export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, children);
}

/** A picture drawn with lines; decorative, the words beside it say what it means. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const ICONS = {
  hash: "M4 7h13M3 13h13M8 3 6 17M14 3l-2 14",
  lock: "M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3",
  person: "M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 17c1-4 4-5 7-5s6 1 7 5",
  home: "M3 9.5 10 3l7 6.5M5 8.5V17h10V8.5",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l3 2",
  glass: "M3 4h14v9H3zM7 17h6M10 13v4M6 9h2l1-2 2 4 1-2h2",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  menu: "M3 5h14M3 10h14M3 15h14",
  more: "M4 10h.01M10 10h.01M16 10h.01",
  reply: "M4 4h12v9H9l-4 4v-4H4z",
  bullets: "M8 5h9M8 10h9M8 15h9M3.500 5h.01M3.500 10h.01M3.500 15h.01",
  numbers: "M9 5h8M9 10h8M9 15h8M3 3.500l1.500-1V8M3 12.500c1-1.500 3 0 1.500 1.500L3 16.500h3",
  quote: "M4 4v12M9 6h8M9 10h8M9 14h5",
  link: "M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.2 4.2l1-1",
  code: "M7 5l-5 5 5 5M13 5l5 5-5 5",
  block: "M3 4h14v12H3zM8 8l-2 2 2 2M12 8l2 2-2 2",
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 12c1.5 2 4.500 2 6 0M7.500 8h.01M12.500 8h.01",
  send: "M3 10 17 4l-4 13-3-5z",
  clip: "M14 8l-5 5a2 2 0 0 1-3-3l6-6a3 3 0 0 1 4 4l-6 6",
  bolt: "M11 2 4 11h5l-1 7 7-9h-5z",
  moon: "M16 12A7 7 0 0 1 8 4a6.500 6.500 0 1 0 8 8z",
  plus: "M10 4v12M4 10h12",
  window: "M4 5h9v9H4zM9 5V3h8v9h-4",
  file: "M5 2h7l4 4v12H5zM12 2v4h4",
  down: "M4 7l6 6 6-6",
  next: "M8 4l6 6-6 6",
  pin: "M7 3h6M8 3v5l-3 3v1h10v-1l-3-3V3M10 12v5",
  flag: "M5 18V3h10l-2 4 2 4H5",
};

/** Call `run` at most once per `wait` milliseconds, after the last call. */
export function later(run, wait) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), wait);
  };
}
