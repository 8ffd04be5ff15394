// What one can do with a message: react, use the app's message shortcuts, edit, delete.

import { act } from "../api.js";
import { sure } from "../kit/confirm.js";
import { go } from "../route.js";
import { get, names } from "../store.js";
import { COMMON, EMOJI } from "../text/emoji.js";
import { failure } from "../text/words.js";
import { openMenu } from "./menu.js";
import { tell } from "./toasts.js";

/** Run something a person asked for; say in words what went wrong. */
export async function attempt(run) {
  try {
    const { outcome } = (await run()) ?? {};
    if (outcome && !outcome.acked) tell(failure(outcome.reason), "bad");
    return !outcome || outcome.acked;
  } catch (error) {
    tell(error.message, "bad");
    return false;
  }
}

const at = (message) => ({ channel: message.channel, ts: message.ts });

/** React, or take the reaction back. */
export function toggle(message, name) {
  const mine = message.reactions?.find((each) => each.name === name)?.users.includes(names.me);
  return attempt(async () => void (await act("react", { ...at(message), name, remove: mine || undefined })));
}

export function reactionMenu(anchor, message) {
  const seen = new Set();
  const all = [...COMMON, ...EMOJI.keys()].filter((name) => !seen.has(EMOJI.get(name)) && seen.add(EMOJI.get(name)));
  openMenu(anchor,
    [{ label: "リアクション",
    icons: all.map((name) => ({ label: name, sign: EMOJI.get(name), run: () => toggle(message, name) })) }], "リアクション");
}

export function messageMenu(anchor, message, where) {
  const items = [];
  const list = anchor.closest("message-list"); // the row may be another one by the time that something is chosen
  if (where === "channel") items.push({ label: "スレッドで返信", run: () => go({ thread: message.ts }) });
  if (message.user === names.me && message.subtype !== "tombstone") {
    items.push({ label: "編集する", run: () =>
      list.dispatchEvent(new CustomEvent("edit-message", { detail: message })) });
    items.push({ label: "削除する", run: () => remove(message) });
  }
  const shortcuts = get("app").shortcuts.filter((each) => each.type === "message");
  if (shortcuts.length) items.push({ heading: get("app").name });
  for (const each of shortcuts) {
    items.push({ label: each.name, about: each.description,
      run: () => attempt(() => act("shortcut", { ...at(message), callback_id: each.callback_id })) });
  }
  openMenu(anchor, items, "メッセージの操作");
}

async function remove(message) {
  if (await sure("メッセージを削除しますか", "削除すると元に戻せません。", "削除する")) {
    await attempt(async () => void (await act("delete", at(message))));
  }
}
