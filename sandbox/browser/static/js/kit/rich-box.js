// Where one writes with a format (rich_text_input): a box, and below it what makes bold, lists, links and so on. The value
// is a rich_text block, or null. The browser edits (execCommand), so that one step back works as everywhere.

import { h, icon, later } from "../dom.js";
import { names } from "../store.js";
import { CODE, editable, written } from "../text/rich-written.js";
import { askLink } from "./rich-link.js";

const run = (command, value = null) => document.execCommand(command, false, value);
const is = (command) => document.queryCommandState(command);

/** How things are where the caret stands. */
const inside = (box, tags) => {
  const node = getSelection().anchorNode;
  const near = (node?.nodeType === Node.TEXT_NODE ? node.parentNode : node)?.closest?.(tags);
  return near && box.contains(near) && near !== box ? near : null;
};

const block = (tag) => (box) => {
  for (const list of ["insertUnorderedList", "insertOrderedList"]) if (is(list)) run(list);
  run("formatBlock", inside(box, tag) ? "div" : tag);
};
const list = (command) => (box) => {
  if (inside(box, "blockquote, pre")) run("formatBlock", "div");
  run(command);
};

const TOOLS = [
  { key: "bold", label: "太字", sign: h("b", {}, "B"), keys: "b", run: () => run("bold"), on: () => is("bold") },
  { key: "italic", label: "斜体", sign: h("i", {}, "I"), keys: "i", run: () => run("italic"), on: () => is("italic") },
  { key: "strike", label: "取り消し線", sign: h("s", {}, "S"), keys: "shift+x", run: () => run("strikeThrough"),
    on: () => is("strikeThrough") },
  { key: "code", label: "コード", sign: icon("code"), keys: "shift+c", on: (box) => Boolean(inside(box, CODED)),
    run: (box) => run("fontName", inside(box, CODED) ? "inherit" : CODE) },
  { key: "link", label: "リンク", sign: icon("link"), keys: "shift+u", run: askLink, on: (box) => Boolean(inside(box, "a")) },
  { key: "numbers", label: "番号付きリスト", sign: icon("numbers"), keys: "shift+7", run: list("insertOrderedList"),
    on: () => is("insertOrderedList") },
  { key: "bullets", label: "箇条書き", sign: icon("bullets"), keys: "shift+8", run: list("insertUnorderedList"),
    on: () => is("insertUnorderedList") },
  { key: "quote", label: "引用", sign: icon("quote"), keys: "shift+9", run: block("blockquote"),
    on: (box) => Boolean(inside(box, "blockquote")) },
  { key: "block", label: "コードブロック", sign: icon("block"), keys: "alt+shift+c", run: block("pre"),
    on: (box) => Boolean(inside(box, "pre")) },
];
const CODED = `font[face="${CODE}"]`;
const REFUSED = new Set(["formatUnderline", "formatFontColor", "formatFontName", "insertHorizontalRule"]);

/** The keys of a tool as an event says them; a digit by its place, since with Shift it is another sign. */
const pressed = (event) => [event.altKey && "alt", event.shiftKey && "shift",
  /^Digit\d$/.test(event.code) ? event.code.at(-1) : event.key.toLowerCase()].filter(Boolean).join("+");

const spelled = (keys) => `Ctrl+${keys.split("+").map((each) => each[0].toUpperCase() + each.slice(1)).join("+")}`;

/** A box as `input` in inputs.js makes them. `common` are its attributes. */
export function richBox(each, value, use, common) {
  const slowly = later((now) => use.dispatched?.(now), 400);
  const waits = each.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered");
  const told = () => {
    const now = written(box);
    box.classList.toggle("is-blank", box.textContent === "" && !box.querySelector("li, blockquote, pre"));
    use.changed(now);
    if (waits) slowly(now);
  };
  const { placeholder, ...own } = common;
  const box = h("div", {
    ...own, class: "text-input rich-text", role: "textbox", contenteditable: "true", "aria-multiline": "true",
    "aria-label": use.label, "aria-placeholder": placeholder, data: { ...own.data, placeholder: placeholder ?? "" },
    on: {
      input: told,
      focus: () => run("defaultParagraphSeparator", "div"),
      beforeinput: (event) => REFUSED.has(event.inputType) && event.preventDefault(),
      paste: (event) => plainly(event, event.clipboardData), drop: (event) => plainly(event, event.dataTransfer),
      keydown: (event) => keyed(event, box),
    },
  }, editable(typeof value === "string" ? said(value) : value, names));
  const bar = toolbar(box, use);
  box.classList.toggle("is-blank", !box.childNodes.length);
  return h("div", { class: "rich-box" }, box, bar);
}

const said = (text) =>
  ({ elements: [{ type: "rich_text_section", elements: text ? [{ type: "text", text }] : [] }] });

/** Only words come in from elsewhere. */
function plainly(event, from) {
  event.preventDefault();
  const text = from?.getData("text/plain") ?? "";
  if (text) run("insertText", text);
}

function keyed(event, box) {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && leaves(box)) {
    event.preventDefault();
    run("formatBlock", "div");
    return;
  }
  if (!(event.ctrlKey || event.metaKey)) return;
  const tool = TOOLS.find((each) => each.keys === pressed(event));
  if (!tool) return;
  event.preventDefault();
  tool.run(box);
}

/** Whether Enter leaves a quote or a block of code: in an empty line at its end. */
function leaves(box) {
  const found = inside(box, "blockquote, pre");
  return Boolean(found) && found.textContent.trim() === "";
}

function toolbar(box, use) {
  const buttons = TOOLS.map((tool, at) => h("button", {
    type: "button", class: "tool", "aria-label": tool.label, "aria-pressed": "false", "aria-keyshortcuts": keysOf(tool),
    title: `${tool.label}(${spelled(tool.keys)})`, tabIndex: at ? -1 : 0, data: { key: `${use.key} ${tool.key}` },
    on: {
      pointerdown: (event) => event.preventDefault(), // the selection stays where it is
      click: () => {
        if (document.activeElement !== box) box.focus();
        tool.run(box);
        show();
      },
    },
  }, tool.sign.cloneNode(true)));
  const show = () => TOOLS.forEach((tool, at) => {
    const on = String(document.activeElement === box && tool.on(box));
    if (buttons[at].getAttribute("aria-pressed") !== on) buttons[at].setAttribute("aria-pressed", on);
  });
  const look = () => (box.isConnected ? show() : document.removeEventListener("selectionchange", look));
  box.addEventListener("focus", () => document.addEventListener("selectionchange", look));
  box.addEventListener("blur", () => document.removeEventListener("selectionchange", look));
  const go = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = buttons.indexOf(document.activeElement);
    const next = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 :
      step && (at + step + buttons.length) % buttons.length;
    if (next === undefined) return;
    event.preventDefault();
    buttons.forEach((each, index) => (each.tabIndex = index === next ? 0 : -1));
    buttons[next].focus();
  };
  return h("div", { class: "rich-tools", role: "toolbar", "aria-label": `${use.label}の書式`, on: { keydown: go } }, buttons);
}

const keysOf = ({ keys }) => {
  const last = keys.split("+").at(-1).toUpperCase();
  return `Control+${keys.includes("alt") ? "Alt+" : ""}${keys.includes("shift") ? "Shift+" : ""}${last}`;
};
