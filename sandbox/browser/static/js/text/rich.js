// rich_text blocks → DOM nodes.

import { h } from "../dom.js";
import { emoji, EMOJI } from "./emoji.js";
import { channelNode, emojiNode, groupNode, linkNode, personNode } from "./mrkdwn.js";
import { dated } from "./time.js";

export const richText = (block, names) =>
  h("div", { class: "rich" }, (block.elements ?? []).map((each) => part(each, names)));

function part(each, names) {
  const inside = () => inlines(each.elements, names);
  if (each.type === "rich_text_list") {
    const items = each.elements.map((item) => h("li", {}, inlines(item.elements, names)));
    const start = each.style === "ordered" && each.offset ? each.offset + 1 : null;
    return h(each.style === "ordered" ? "ol" : "ul", { class: `indent-${each.indent ?? 0}`, start }, items);
  }
  if (each.type === "rich_text_preformatted") return h("pre", {}, h("code", {}, inside()));
  if (each.type === "rich_text_quote") return h("blockquote", {}, inside());
  return h("div", { class: "rich-section" }, inside());
}

const inlines = (elements, names) => (elements ?? []).map((each) => inlineNode(each, names));

const KINDS = {
  text: (each) => lines(each.text),
  link: (each, names) => linkNode(each.url, each.text ?? "", names),
  user: (each, names) => personNode(each.user_id, names),
  channel: (each, names) => channelNode(each.channel_id, names),
  usergroup: (each, names) => groupNode(each.usergroup_id, names),
  broadcast: (each) => h("span", { class: "mention mine" }, `@${each.range}`),
  emoji: (each) => emojiSign(each),
  date: (each, names) => document.createTextNode(dated(each.timestamp, each.format, names.now())),
  color: (each) => h("code", {}, each.value),
  team: (each) => document.createTextNode(each.team_id),
};

function emojiSign(each) {
  const sign = emoji(each.name) ?? (each.unicode ? each.unicode.split("-").map(fromHex).join("") : null);
  return sign ? emojiNode(each.name, sign) : document.createTextNode(`:${each.name}:`);
}

const fromHex = (code) => (/^[0-9a-f]{1,6}$/i.test(code) && parseInt(code, 16) <= 0x10ffff
  ? String.fromCodePoint(parseInt(code, 16)) : "");

/** Lines of a text; emoji names that people typed become signs, as in Slack's composer. */
function lines(text) {
  const out = document.createDocumentFragment();
  text.split("\n").forEach((line, index) => {
    if (index) out.append(h("br"));
    line.split(/:([a-z0-9_+'-]+):/).forEach((piece, at) => {
      if (at % 2) out.append(EMOJI.has(piece) ? emojiNode(piece, emoji(piece)) : `:${piece}:`);
      else if (piece) out.append(piece);
    });
  });
  return out;
}

const STYLES = [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["code", "code"],
  ["highlight", "mark"]];

export function inlineNode(each, names) {
  let node = KINDS[each.type]?.(each, names) ?? document.createTextNode("");
  for (const [style, tag] of STYLES) if (each.style?.[style]) node = h(tag, {}, node);
  return node;
}
