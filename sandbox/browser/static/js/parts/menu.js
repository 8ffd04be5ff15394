// A menu beside a button: arrow keys, Home, End, Esc; the focus goes back to the button.

import { fill, h } from "../dom.js";

let open = null;

/** Open a menu. Each item: {label, about, run, href, current, heading, icons}. */
export function openMenu(anchor, items, name = anchor.getAttribute("aria-label") ?? "メニュー") {
  const again = open?.anchor === anchor;
  closeMenu();
  if (again) return;
  const node = h("div", { class: "menu", role: "menu", "aria-label": name, popover: "manual", on: { keydown: key } },
    items.map(entry));
  (anchor.closest("dialog") ?? document.querySelector("chat-app > .columns > main")).append(node);
  node.showPopover();
  open = { node, anchor, before: document.activeElement };
  anchor.setAttribute("aria-expanded", "true");
  locate(node, anchor);
  (node.querySelector("[aria-current]") ?? entries()[0])?.focus();
  addEventListener("pointerdown", outside, true);
  addEventListener("resize", resized);
}

/** Put other items into the menu of this button while it is open; the focus stays on the one with the same label. */
export function renewMenu(anchor, items) {
  if (open?.anchor !== anchor) return;
  const label = (node) => node?.querySelector(".menu-label")?.textContent;
  const was = entries().indexOf(document.activeElement);
  const name = label(document.activeElement);
  fill(open.node, items.map(entry));
  if (was < 0) return;
  const all = entries();
  (all.find((each) => label(each) === name) ?? all[Math.min(was, all.length - 1)])?.focus();
}

export function closeMenu(back = false) {
  if (!open) return;
  const { node, anchor, before } = open;
  open = null;
  removeEventListener("pointerdown", outside, true);
  removeEventListener("resize", resized);
  anchor.removeAttribute("aria-expanded");
  node.remove();
  if (back) (anchor.isConnected ? anchor : before)?.focus();
}

function entry(item) {
  if (item.heading) return h("p", { class: "menu-heading", role: "presentation" }, item.heading);
  if (item.icons) return h("div", { class: "menu-icons", role: "group", "aria-label": item.label },
    item.icons.map(iconEntry));
  const inside = [h("span", { class: "menu-label" }, item.label, item.badge),
    item.about && h("span", { class: "hint" }, item.about)];
  const how = { class: "menu-item", role: "menuitem", tabIndex: 0, "aria-current": item.current ? "true" : null };
  if (item.href) return h("a", { ...how, href: item.href, target: item.target, on: { click: () => closeMenu() } }, inside);
  return h("button", { ...how, type: "button", on: { click: () => chosen(item.run) } }, inside);
}

const iconEntry = (item) => h("button", {
  type: "button", class: "menu-icon", role: "menuitem", tabIndex: 0, "aria-label": item.label, title: item.label,
  on: { click: () => chosen(item.run) },
}, item.sign);

function chosen(run) {
  closeMenu(true);
  run();
}

const entries = () => [...(open?.node.querySelectorAll("[role=menuitem]") ?? [])];

function outside(event) {
  if (open && !open.node.contains(event.target) && !open.anchor.contains(event.target)) closeMenu();
}

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
const COLUMNS = 8; // of icons, as in base.css

function key(event) {
  const all = entries();
  const at = all.indexOf(document.activeElement);
  const row = all[at]?.matches(".menu-icon") && /Up|Down/.test(event.key) ? COLUMNS : 1;
  if (STEPS[event.key]) all[(at + row * STEPS[event.key] + all.length) % all.length]?.focus();
  else if (event.key === "Home") all[0]?.focus();
  else if (event.key === "End") all.at(-1)?.focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** A window that was made narrower, a phone that was turned. */
function resized() {
  if (open) locate(open.node, open.anchor);
}

/** Below the anchor if there is room, else above; inside the window. */
function locate(node, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const below = at.bottom + 4;
  const top = below + size.height < innerHeight - 8 ? below : Math.max(8, at.top - size.height - 4);
  node.style.left = `${left}px`;
  node.style.top = `${top}px`;
}
