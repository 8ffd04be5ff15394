// Changing what one wrote, in its place.

import { act } from "../api.js";
import { h } from "../dom.js";
import { nameOf, names } from "../store.js";
import { unescape } from "../text/mrkdwn.js";
import { marked } from "./mentions.js";
import { attempt } from "./message-menu.js";

/** A message's text as its author typed it. */
const typed = (text) =>
  unescape(text.replace(/<@([UW][A-Z0-9]+)>/g, (all, id) => `@${nameOf(id)}`)
    .replace(/<#([CG][A-Z0-9]+)>/g, (all, id) => `#${names.channel(id)?.name ?? id}`)
    .replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, "$1").replace(/<!(here|channel|everyone)>/g, "@$1"));

export function editor(message, done) {
  const box = h("textarea", { class: "text-input", rows: 3, "aria-label": "メッセージを編集", value: typed(message.text), on: {
    keydown: (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        event.stopPropagation();
        done();
      } else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        save();
      }
    },
  } });
  const save = async () => {
    const change = { channel: message.channel, ts: message.ts, text: marked(box.value.trim()) };
    if (!box.value.trim() || (await attempt(async () => void (await act("edit", change))))) done();
  };
  return h("article", { class: "message editing", data: { ts: message.ts } }, h("div", { class: "message-body" }, box,
    h("div", { class: "row" }, h("button", { type: "button", class: "button", on: { click: done } }, "やめる"),
      h("button", { type: "button", class: "button primary", on: { click: save } }, "保存する"))));
}
