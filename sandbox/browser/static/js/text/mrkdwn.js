// Slack's mrkdwn → DOM nodes. Pure: what is typed becomes text nodes, and only http, https, mailto and tel become links.

import { h } from "../dom.js";
import { emoji } from "./emoji.js";
import { dated } from "./time.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const BARE = /https?:\/\/(?:&amp;|[^&\s<>「」()。、])*(?:&amp;|[^&\s<>「」()。、.,!?;:'")*_~`])/y; // not marked as a link
const WORD = /[\p{L}\p{N}]/u;

export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Render a text. `names` tells how people, channels and groups are called (store.js). */
export function mrkdwn(text, names) {
  const out = document.createDocumentFragment();
  String(text ?? "").split(/```\n?([\s\S]*?)\n?```\n?/).forEach((part, index) => {
    if (index % 2) out.append(h("pre", {}, h("code", {}, unescape(unlinked(part)))));
    else if (part) out.append(...paragraphs(part, names));
  });
  return out;
}

function paragraphs(text, names) {
  const out = [];
  let quote = null;
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const quoted = /^(?:&gt;|>(?![^<]*>)) ?(.*)$/.exec(line);
    const target = quoted ? (quote ??= pushed(out, h("blockquote"))) : null;
    if (!quoted) quote = null;
    const nodes = inline(quoted ? quoted[1] : line, names);
    if (target) target.append(...(target.childNodes.length ? [h("br")] : []), ...nodes);
    else out.push(...nodes, ...(index < lines.length - 1 && !isQuote(lines[index + 1]) ? [h("br")] : []));
  });
  return out;
}

const isQuote = (line) => line.startsWith("&gt;");

function pushed(list, node) {
  list.push(node);
  return node;
}

/** One line, as a list of nodes. */
export function inline(text, names) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push(document.createTextNode(unescape(plain)));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = token(text, at, names) ?? styled(text, at, names);
    if (found) {
      flush();
      out.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return out;
}

function token(text, at, names) {
  const first = text[at];
  if (first === "<") {
    const found = /<([^<>\n]+)>/y;
    found.lastIndex = at;
    const match = found.exec(text);
    return match && { node: reference(match[1], names), end: found.lastIndex };
  }
  if (first === "`") {
    const found = /`([^`\n]+)`/y;
    found.lastIndex = at;
    const match = found.exec(text);
    return match && { node: h("code", {}, unescape(unlinked(match[1]))), end: found.lastIndex };
  }
  if (first === "h") {
    BARE.lastIndex = at;
    const match = BARE.exec(text);
    return match && { node: linkNode(unescape(match[0]), "", names), end: BARE.lastIndex };
  }
  if (first === ":") {
    const found = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/y;
    found.lastIndex = at;
    const match = found.exec(text);
    const sign = match && emoji(match[1]);
    return sign ? { node: emojiNode(match[1], sign), end: found.lastIndex } : null;
  }
  return null;
}

export const emojiNode = (name, sign) => h("span", { class: "emoji", title: `:${name}:`, role: "img", "aria-label": name },
  sign);

function styled(text, at, names) {
  const mark = text[at];
  if (!STYLES[mark] || (at > 0 && WORD.test(text[at - 1])) || !text[at + 1] || /\s/.test(text[at + 1])) return null;
  for (let end = at + 1; end < text.length; end += 1) {
    const skip = /[`<]/.test(text[end]) ? token(text, end, names) : null;
    if (skip) {
      end = skip.end - 1;
    } else if (text[end] === mark && end > at + 1 && !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? "")) {
      return { node: h(STYLES[mark], {}, inline(text.slice(at + 1, end), names)), end: end + 1 };
    }
  }
  return null;
}

/** What stands in angle brackets: a mention, a channel, a date or a link. */
function reference(inside, names) {
  const [target, ...rest] = inside.split("|");
  const label = rest.join("|");
  if (target.startsWith("@")) return personNode(target.slice(1), names, label);
  if (target.startsWith("#")) return channelNode(target.slice(1), names, label);
  if (target.startsWith("!subteam^")) return groupNode(target.slice(9), names, label);
  if (target.startsWith("!date^")) return dateNode(target, label, names);
  if (target.startsWith("!")) return h("span", { class: "mention mine" }, `@${target.slice(1)}`);
  return linkNode(unescape(target), label ? unescape(label) : "", names);
}

export function personNode(id, names, label = "") {
  const name = names.person(id)?.name ?? (label || id);
  return h("span", { class: id === names.me ? "mention mine" : "mention", data: { person: id } }, `@${unescape(name)}`);
}

export function channelNode(id, names, label = "") {
  const found = names.channel(id);
  if (!found) return h("span", { class: "mention" }, label ? `#${unescape(label)}` : "#(見えないチャンネル)");
  return h("a", { class: "mention", href: `#${names.me}/${id}` }, `#${found.name}`);
}

export function groupNode(id, names, label = "") {
  return h("span", { class: "mention" }, `@${unescape(names.group(id)?.handle ?? (label.replace(/^@/, "") || id))}`);
}

function dateNode(target, label, names) {
  const [, stamp, tokens = "", link = ""] = target.split("^");
  if (!/^\d+$/.test(stamp)) return document.createTextNode(unescape(label));
  const text = dated(Number(stamp), unescape(tokens), names.now());
  return link ? linkNode(unescape(link), text, names) : h("time", { datetime: new Date(stamp * 1000).toISOString() }, text);
}

const HERE = /^https:\/\/[a-z0-9-]+\.slack\.com\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?(?:\?.*?thread_ts=(\d+\.\d+))?/;

/** A link, if its address may be followed; a link to a message leads there. */
export function linkNode(address, label, names) {
  const text = label || address.replace(/^(mailto|tel):/, "");
  const here = HERE.exec(address);
  if (here) {
    const thread = here[4] ?? (here[2] ? `${here[2]}.${here[3]}` : "");
    return h("a", { href: `#${names.me}/${here[1]}${thread ? `/${thread}` : ""}` }, label || "メッセージを開く");
  }
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address)) return document.createTextNode(text);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** The words of a text alone, without links and pictures. */
export const plainly = (text, names) => mrkdwn(text, names).textContent;

const unlinked = (text) => text.replace(/<((?:https?:|mailto:)[^<>|]+)(?:\|([^<>]*))?>/g, (all, address, label) =>
  label || address);
