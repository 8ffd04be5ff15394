// Where to press next: found by what it says, outlined, scrolled to once, and described to who does not see the outline.

const MARK = "tourHere";
const SIGN = "tour-here";

let last = null; // {node, key}

const dialog = () => [...document.querySelectorAll("dialog[open]")].pop() ?? null;

const shows = (node) =>
  node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden" && !node.closest(".tour");

const says = (node, label) => (node.textContent.trim() || node.getAttribute("aria-label") || "").startsWith(label);

/** The button that says this: exactly, else as the beginning of what it says ("近い回答を見る(2)"); in the innermost
 * place that has one. */
function button(label) {
  for (const place of [dialog(), document.querySelector("thread-pane:not([hidden])"), document.querySelector(".main")]) {
    const all = [...(place?.querySelectorAll("button") ?? [])].filter((each) => shows(each) && says(each, label));
    const exact = all.filter((each) => each.textContent.trim() === label);
    const found = exact.length ? exact : all;
    // Of what was found, the first answer counts; of messages, the newest.
    const newest = found.at(-1)?.closest("article");
    if (found.length) return newest ? found.find((each) => each.closest("article") === newest) : found.at(-1);
    if (place?.matches("dialog")) return null;
  }
  return null;
}

const FIND = {
  button,
  choice: (label) => {
    const found = [...(dialog()?.querySelectorAll("label.choice") ?? [])].find((each) => says(each, label));
    return (found?.querySelector("input").checked ? dialog().querySelector('[data-key="submit"]') : found) ?? null;
  },
  composer: (where) => document.querySelector(`${where}-pane message-composer textarea`),
  replies: () => [...document.querySelectorAll("channel-pane .replies")].at(-1) ?? null,
  bell: () => dialog()?.querySelector(".ring") ?? document.querySelector("ring-menu > button"),
  place: (id) => {
    const key = CSS.escape(["home", "messages"].includes(id) ? "app" : id);
    const link = document.querySelector(`side-bar [data-key="${key}"]`);
    return link && !shows(link) ? document.querySelector(".bar .drawer") : link; // on a phone the list is put away
  },
};

/** Point at something, or at nothing; returns the element. `key` differs for each step, so that one scrolls there only
 * once. */
export function pointAt(point, key) {
  const [kind, value] = point ? Object.entries(point)[0] : [];
  const found = kind ? FIND[kind](value) : null;
  const node = found && shows(found) ? found : null;
  if (last?.node !== node && last?.node) unmark(last.node);
  if (node && node.dataset[MARK] === undefined) mark(node);
  if (node && (last?.key !== key || !last.node?.isConnected)) node.scrollIntoView({ block: "nearest", inline: "nearest" });
  last = node ? { node, key } : null;
  return node;
}

function mark(node) {
  node.dataset[MARK] = "";
  const told = (node.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  node.setAttribute("aria-describedby", [...told, SIGN].join(" "));
}

function unmark(node) {
  delete node.dataset[MARK];
  const told = (node.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== SIGN);
  if (told.length) node.setAttribute("aria-describedby", told.join(" "));
  else node.removeAttribute("aria-describedby");
}

export const ID = SIGN;
