// What is written with a format: rich_text blocks → nodes that can be edited, and those back → rich_text blocks, as
// Slack's own composer makes them. What one cannot write here (mentions, dates) stays whole, and is sent as it came.
// Sources: docs.slack.dev, pages rich-text-block and rich-text-input-element; slackapi/bolt-js issue 2187 shows what a
// rich_text_value holds, `border` and `indent` of lists and quotes too.

import { h } from "../dom.js";
import { emoji, EMOJI } from "./emoji.js";
import { inlineNode } from "./rich.js";

export const CODE = "monospace"; // an inline code is a letter face to the browser, which so can undo it
const TAGS = [["bold", "b"], ["italic", "i"], ["strike", "s"]];
const STYLED = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike", DEL: "strike" };
const BLOCKS = new Set(["DIV", "P", "UL", "OL", "LI", "BLOCKQUOTE", "PRE"]);
const FOLLOWED = /^(https?:\/\/|mailto:)/i;
const DEEPEST = 8;

/** Nodes of a rich_text block, to be edited. */
export const editable = (block, names) => (block?.elements ?? []).flatMap((each) => part(each, names));

function part(each, names) {
  if (each.type === "rich_text_list") {
    const items = each.elements.map((item) => h("li", {}, inlines(item.elements, names)));
    let list = h(each.style === "ordered" ? "ol" : "ul", {}, items);
    for (let deep = each.indent ?? 0; deep > 0; deep -= 1) list = h(list.tagName, {}, list);
    return [list];
  }
  if (each.type === "rich_text_preformatted") return [h("pre", {}, inlines(each.elements, names))];
  if (each.type === "rich_text_quote") return [h("blockquote", {}, inlines(each.elements, names))];
  return [h("div", {}, inlines(each.elements, names))];
}

const inlines = (elements, names) => (elements ?? []).map((each) => inline(each, names));

function inline(each, names) {
  if (each.type !== "text" && each.type !== "link") {
    return h("span", { contenteditable: "false", data: { element: JSON.stringify(each) } }, inlineNode(each, names));
  }
  let node = broken(each.text ?? each.url);
  if (each.type === "link") node = h("a", { href: each.url }, node);
  if (each.style?.code) node = h("font", { face: CODE }, node);
  for (const [style, tag] of TAGS) if (each.style?.[style]) node = h(tag, {}, node);
  return node;
}

function broken(text) {
  const out = document.createDocumentFragment();
  text.split("\n").forEach((line, at) => out.append(...(at ? [h("br"), line] : [line])));
  return out;
}

/** The rich_text block of what stands in a node, or null if nothing does. */
export function written(root) {
  const parts = [];
  for (const line of lines(root)) {
    const last = parts.at(-1);
    if (line.kind === "item") {
      const { style, indent, elements } = line;
      const same = last?.type === "rich_text_list" && last.style === style && last.indent === indent;
      const section = { type: "rich_text_section", elements };
      if (same) last.elements.push(section);
      else parts.push({ type: "rich_text_list", style, indent, border: 0, elements: [section] });
    } else if (last?.type === line.kind) {
      last.elements = joined([...last.elements, { type: "text", text: "\n" }, ...line.elements]);
    } else {
      parts.push({ type: line.kind, elements: line.elements, ...(line.kind !== SECTION && { border: 0 }) });
    }
  }
  const full = parts.map(trimmed).filter((each) => each.elements.length > 0);
  return full.length ? { type: "rich_text", elements: full } : null;
}

const SECTION = "rich_text_section";
const KINDS = { BLOCKQUOTE: "rich_text_quote", PRE: "rich_text_preformatted" };

/** Empty lines around a part are left out, and items of a list that say nothing. */
function trimmed(each) {
  if (each.type === "rich_text_list") {
    return { ...each, elements: each.elements.filter((item) => item.elements.length > 0) };
  }
  const elements = each.elements.map((one) => ({ ...one }));
  while (elements[0]?.type === "text" && !elements[0].text.trim()) elements.shift();
  while (elements.at(-1)?.type === "text" && !elements.at(-1).text.trim()) elements.pop();
  if (elements[0]?.type === "text" && each.type === SECTION) elements[0].text = elements[0].text.replace(/^\n+/, "");
  if (elements.at(-1)?.type === "text") elements.at(-1).text = elements.at(-1).text.replace(/\s+$/, "");
  return { ...each, elements };
}

/** Lines: {kind, elements}, of a list {kind: "item", style, indent, elements}. */
function lines(root) {
  const out = [];
  let open = null;
  const end = () => {
    open = null;
  };
  const start = (about) => {
    open = { ...about, elements: [] };
    out.push(open);
  };
  const walk = (node, about, style) => {
    for (const each of node.childNodes) {
      if (each.nodeType === Node.TEXT_NODE) {
        const text = each.data.replaceAll("\u200b", "").replaceAll("\u00a0", " ");
        if (!open) start(about);
        open.elements = joined([...open.elements, ...spoken(text, style, about.kind)]);
      } else if (each.tagName === "BR") {
        // The one at the end of a block only keeps its place open.
        if (!open) start(about);
        if (each.nextSibling || !BLOCKS.has(each.parentNode.tagName)) broke(about, open, start);
      } else if (each.dataset?.element) {
        if (!open) start(about);
        open.elements = [...open.elements, JSON.parse(each.dataset.element)];
      } else if (BLOCKS.has(each.tagName)) {
        end();
        walk(each, within(each, about), style);
        if (!each.childNodes.length && each.tagName !== "LI") start(about);
        end();
      } else walk(each, about, styleOf(each, style));
    }
  };
  walk(root, { kind: SECTION }, {});
  return out;
}

function broke(about, open, start) {
  if (about.kind === "item") open.elements = joined([...open.elements, { type: "text", text: "\n" }]);
  else start(about);
}

function within(node, about) {
  if (node.tagName === "UL" || node.tagName === "OL") {
    const indent = about.kind === "item" ? Math.min(DEEPEST, about.indent + 1) : 0;
    return { kind: "item", style: node.tagName === "OL" ? "ordered" : "bullet", indent };
  }
  return about.kind === SECTION && KINDS[node.tagName] ? { kind: KINDS[node.tagName] } : about;
}

function styleOf(node, style) {
  if (node.tagName === "A") return { ...style, url: node.getAttribute("href") ?? "" };
  if (node.tagName === "FONT" && node.face) return { ...style, code: node.face === CODE };
  return STYLED[node.tagName] ? { ...style, [STYLED[node.tagName]]: true } : style;
}

/** A text as elements: links, addresses that people typed, names of emoji that people typed, and words. */
function spoken(text, { url, ...styles }, kind) {
  if (!text) return [];
  const on = Object.fromEntries(Object.entries(styles).filter(([, is]) => is));
  const more = Object.keys(on).length ? { style: on } : {};
  if (url && FOLLOWED.test(url)) return [{ type: "link", url, ...(text !== url && { text }), ...more }];
  if (on.code || kind === KINDS.PRE) return [{ type: "text", text, ...more }];
  return text.split(/(https?:\/\/[^\s<>「」、。]+|:[a-z0-9_+'-]+:)/).filter(Boolean).map((each) => {
    const name = each.slice(1, -1);
    if (/^https?:/.test(each)) return { type: "link", url: each, ...more };
    if (each.startsWith(":") && EMOJI.has(name)) return { type: "emoji", name, unicode: codes(emoji(name)) };
    return { type: "text", text: each, ...more };
  });
}

const codes = (sign) => [...sign].map((each) => each.codePointAt(0).toString(16)).join("-");

const alike = (one, other) =>
  one && one.type === other.type && one.url === other.url && JSON.stringify(one.style) === JSON.stringify(other.style) &&
  (one.type === "text" || (one.type === "link" && one.text !== undefined && other.text !== undefined));

/** Neighbours of one style as one. */
function joined(elements) {
  const out = [];
  for (const each of elements) {
    if (alike(out.at(-1), each)) out[out.length - 1] = { ...each, text: out.at(-1).text + each.text };
    else out.push(each);
  }
  return out;
}
