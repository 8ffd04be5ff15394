// The markdown block: what is common in Markdown → DOM nodes.

import { h } from "../dom.js";
import { linkNode } from "./mrkdwn.js";

export function markdown(text, names) {
  const out = h("div", { class: "rich" });
  const lines = text.split("\n");
  let at = 0;
  const take = (shape) => {
    const found = [];
    for (let match; at < lines.length && (match = shape.exec(lines[at])); at += 1) found.push(match[1]);
    return found;
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (/^```/.test(line)) {
      at += 1;
      const code = take(/^((?!```).*)$/);
      at += 1;
      out.append(h("pre", {}, h("code", {}, code.join("\n"))));
    } else if (heading) {
      out.append(h("p", { class: "heading" }, spans(heading[2], names)));
      at += 1;
    } else if (/^\s*[-*+]\s+/.test(line)) {
      out.append(h("ul", {}, take(/^\s*[-*+]\s+(.*)$/).map((each) => h("li", {}, spans(each, names)))));
    } else if (/^\s*\d+[.)]\s+/.test(line)) {
      out.append(h("ol", {}, take(/^\s*\d+[.)]\s+(.*)$/).map((each) => h("li", {}, spans(each, names)))));
    } else if (/^>/.test(line)) {
      out.append(h("blockquote", {}, broken(take(/^>\s?(.*)$/), names)));
    } else if (/^(-{3,}|\*{3,}|_{3,})\s*$/.test(line)) {
      out.append(h("hr"));
      at += 1;
    } else if (line.trim() === "") {
      at += 1;
    } else {
      out.append(h("p", {}, broken(take(/^(?!```|#{1,6}\s|>|\s*[-*+]\s|\s*\d+[.)]\s)(.*\S.*)$/), names)));
    }
  }
  return out;
}

const broken = (lines, names) => lines.flatMap((line, index) => [...(index ? [h("br")] : []), ...spans(line, names)]);

const SHAPES = [
  [/`([^`]+)`/, (m) => h("code", {}, m[1])],
  [/\[([^\]]+)\]\(([^)\s]+)\)/, (m, names) => linkNode(m[2], m[1], names)],
  [/\*\*([^*]+)\*\*/, (m, names) => h("strong", {}, spans(m[1], names))],
  [/~~([^~]+)~~/, (m, names) => h("s", {}, spans(m[1], names))],
  [/\*([^*\s][^*]*)\*/, (m, names) => h("em", {}, spans(m[1], names))],
  [/\b_([^_\s][^_]*)_\b/, (m, names) => h("em", {}, spans(m[1], names))],
  [/https?:\/\/[^\s<>)]+/, (m, names) => linkNode(m[0], "", names)],
];

function spans(text, names) {
  let best = null;
  for (const [shape, make] of SHAPES) {
    const match = shape.exec(text);
    if (match && (best === null || match.index < best.match.index)) best = { match, make };
  }
  if (best === null) return text ? [document.createTextNode(text)] : [];
  const { match, make } = best;
  const before = text.slice(0, match.index);
  return [...(before ? [document.createTextNode(before)] : []), make(match, names),
    ...spans(text.slice(match.index + match[0].length), names)];
}
