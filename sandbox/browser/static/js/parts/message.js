// One message as a row. Pure but for what its buttons do.

import { fileAddress } from "../api.js";
import { h, icon } from "../dom.js";
import { blocks } from "../kit/blocks.js";
import { Surface } from "../kit/surface.js";
import { address, go } from "../route.js";
import { get, nameOf, names, now } from "../store.js";
import { emoji } from "../text/emoji.js";
import { mrkdwn, personNode } from "../text/mrkdwn.js";
import { clock, moment } from "../text/time.js";
import { notice } from "../text/words.js";
import { messageMenu, reactionMenu, toggle } from "./message-menu.js";

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const HUES = 8;
const TOUCHED = matchMedia("(hover: none)").matches;

/** Draw a message. `where` is "channel" or "thread"; `joined`: by the same author, a moment after the one before. */
export function row(message, where, joined = false) {
  if (message.subtype === "tombstone") return notes(message, "このメッセージは消されました");
  const said = notice(message.text);
  if (message.subtype && said) return notes(message, personNode(message.user, names), said);
  const author = message.username ?? nameOf(message.user);
  const label = `${author} ${clock(Number(message.ts))}`;
  const head = !joined && h("div", { class: "message-head" }, h("span", { class: "author" }, author),
    get("people")[message.user]?.bot && h("span", { class: "tag" }, "アプリ"),
    h("time", { class: "when", datetime: new Date(message.ts * 1000).toISOString() }, clock(Number(message.ts))));
  const node = h("article", { class: `message${joined ? " joined" : ""}${message.ephemeral ? " ephemeral" : ""}`,
    tabIndex: -1, "aria-label": label,
    data: { ts: message.ts } },
    joined ? h("span", { class: "gutter when", "aria-hidden": "true" }, clock(Number(message.ts)))
      : avatar(message.user, author),
    h("div", { class: "message-body" }, above(message, where), head, content(message), attached(message), files(message),
      reactions(message), where === "channel" && replies(message)));
  if (TOUCHED) equip(node, message, where);
  return node;
}

/** What is said of a message above it: who alone sees it, that it is pinned, which thread it was written in. */
function above(message, where) {
  const line = (name, ...said) => h("p", { class: "remark" }, icon(name), said);
  const carried = where === "channel" && message.subtype === "thread_broadcast";
  return [message.ephemeral && line("lock", "あなただけに表示"), message.pinned && line("pin", "ピン留め"),
    carried && line("reply", h("a", { href: address({ me: names.me, place: message.channel, thread: message.thread_ts }) },
      "スレッド"), "への返信")];
}

const notes = (message, ...said) =>
  h("article", { class: "message notice", tabIndex: -1, data: { ts: message.ts } }, h("div", { class: "message-body" }, said,
    h("time", { class: "when" }, clock(Number(message.ts)))));

/** A round picture: the first character of a name, in a colour that stays the same. */
export function avatar(id, name) {
  const hue = [...id].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % 9973, 7) % HUES;
  const bot = get("people")[id]?.bot;
  return h("span", { class: `avatar hue-${hue}${bot ? " bot" : ""}`, "aria-hidden": "true" }, [...(name || "?")][0]);
}

function content(message) {
  const surface = new Surface({ channel: message.channel, ts: message.ts });
  const edited = message.edited && h("span", { class: "edited" }, "(編集済み)");
  if (message.blocks?.length) return h("div", { class: "content" }, blocks(message.blocks, surface), edited);
  return h("div", { class: "content" }, message.text
    ? h("div", {}, mrkdwn(message.text, names), edited ? [" ", edited] : null)
    : edited);
}

function attached(message) {
  return (message.attachments ?? []).map((each) => {
    const surface = new Surface({ channel: message.channel, ts: message.ts });
    return h("div", { class: "attachment" }, each.title && h("strong", {}, each.title),
      each.text && h("div", {}, mrkdwn(each.text, names)), blocks(each.blocks, surface));
  });
}

function files(message) {
  if (!message.files?.length) return null;
  return h("div", { class: "files" }, message.files.map((file) => PICTURES.has(file.mimetype)
    ? h("a", { class: "picture", href: fileAddress(file), target: "_blank", rel: "noopener" },
      h("img", { src: fileAddress(file), alt: file.title || file.name, loading: "lazy" }))
    : h("a", { class: "file", href: fileAddress(file), download: file.name }, icon("file"),
      h("span", {}, file.title || file.name, h("span", { class: "hint" }, size(file.size))))));
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB`
  : `${(bytes / 1048576).toFixed(1)} MB`);

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((each) => {
    const mine = each.users.includes(names.me);
    return h("button", {
      type: "button", class: `reaction${mine ? " mine" : ""}`, "aria-pressed": String(mine),
      data: { key: `reaction/${each.name}` },
        title: each.users.map(nameOf).join("、"),
      "aria-label": `${each.name}、${each.count}人:${each.users.map(nameOf).join("、")}`,
      on: { click: () => toggle(message, each.name) },
    }, emoji(each.name) ?? `:${each.name}:`, h("span", { class: "count" }, each.count));
  }), h("button", { type: "button", class: "reaction add", "aria-label": "リアクションを付ける", "aria-haspopup": "menu",
    on: { click: (event) => reactionMenu(event.currentTarget, message) } }, icon("smile")));
}

function replies(message) {
  if (!message.reply_count) return null;
  return h("button",
    { type: "button", class: "replies", data: { key: "replies" }, on: { click: () => go({ thread: message.ts }) } },
    h("span", { class: "faces", "aria-hidden": "true" },
      message.reply_users.slice(0, 3).map((id) => avatar(id, nameOf(id)))),
    h("span", { class: "link" }, `${message.reply_count} 件の返信`),
    h("span", { class: "when" }, `最新 ${moment(Number(message.latest_reply), now())}`));
}

/** Give a row its tools. Most rows of a long list are never pointed at, so this is done when one is. */
export function equip(node, message, where) {
  if (message.ephemeral || node.matches(".notice") || node.querySelector(":scope > .tools")) return;
  const button = (name, label, run) => h("button",
    { type: "button", class: "tool", "aria-label": label, title: label, data: { key: `tool/${name}` }, on: { click: run } },
    icon(name));
  node.append(h("div", { class: "tools", role: "group", "aria-label": "メッセージの操作" },
    button("smile", "リアクション", (event) => reactionMenu(event.currentTarget, message)),
    where === "channel" && button("reply", "スレッドで返信", () => go({ thread: message.ts })),
    button("more", "その他の操作", (event) => messageMenu(event.currentTarget, message, where))));
}
