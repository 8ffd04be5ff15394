// A list of messages of which only those near to what one looks at are in the page: <message-list>.

import { h, icon } from "../dom.js";
import { now } from "../store.js";
import { dayKey, dayName } from "../text/time.js";
import { editor } from "./editor.js";
import { counterpart } from "./focus.js";
import { equip, row } from "./message.js";

const MOST = 120; // rows in the page
const FIRST = 40; // rows it begins with; no more are ever made at once, or the page would stand still meanwhile
const STEP = 20; // rows it moves on by
const NEAR = 600; // pixels from an end at which it moves
const FAR = 1500; // pixels from what one sees at which rows are let go
const JOINED = 300; // seconds within which messages of one author belong together

class MessageList extends HTMLElement {
  /** `where` is "channel" or "thread"; `older()` is called near the oldest; `reached(ts)` when the newest is seen. */
  setUp({ where, label, older, reached }) {
    Object.assign(this, { where, older, reached });
    this.list = [];
    this.rows = new Map();
    this.start = this.end = 0;
    this.stuck = true; // at the newest, and staying there
    const equips = (event) => this.equip(event.target.closest("article.message"));
    this.inside = h("div", { class: "rows", on: { pointerover: equips, focusin: equips } });
    this.scroller = h("div", { class: "scroller", tabIndex: 0, role: "log", "aria-label": label, "aria-live": "off",
      on: { scroll: () => this.scrolled(), keydown: (event) => this.key(event) } }, this.inside);
    this.newest = h("button", { type: "button", class: "button newest", hidden: true, on: { click: () => this.toNewest() } },
      icon("down"), "最新へ");
    this.append(this.scroller, this.newest);
    this.addEventListener("edit-message", (event) => this.edit(event.detail));
    new ResizeObserver(() => this.stuck && this.pin()).observe(this.scroller);
  }

  /** Show these messages, oldest first. `fresh`: another channel, so start at the newest. */
  show(list, { fresh = false, more = false, after = "" } = {}) {
    this.more = more;
    this.after = after; // the line "new" stands after this stamp
    if (fresh) {
      this.rows.clear();
      this.stuck = true;
      this.list = [];
      this.inside.replaceChildren();
    }
    const first = this.list[this.start]?.ts;
    this.list = list;
    const size = this.end - this.start;
    if (first === undefined) this.ends();
    else {
      this.start = Math.max(0, list.findIndex((each) => each.ts >= first));
      this.end = this.stuck ? list.length : Math.min(list.length, this.start + size);
      this.start = Math.max(this.start, this.end - MOST);
    }
    this.draw();
    this.soon();
  }

  /** Begin anew at the newest. */
  ends() {
    this.end = this.list.length;
    this.start = Math.max(0, this.end - FIRST);
  }

  /** See whether more is wanted; at the very top, or in a tall window, nothing scrolls by itself. */
  soon() {
    requestAnimationFrame(() => this.isConnected && this.near());
  }

  /** Each row is to be drawn anew: names or the day may have changed. What is being edited stays. */
  forget() {
    for (const entry of this.rows.values()) entry.message = null;
  }

  draw() {
    const held = this.hold();
    const wanted = [];
    const shown = this.list.slice(this.start, this.end);
    shown.forEach((message, index) => {
      const before = this.list[this.start + index - 1];
      if (!before || dayKey(Number(before.ts)) !== dayKey(Number(message.ts))) {
        wanted.push(this.line(`day ${message.ts}`, "day", dayName(Number(message.ts), now())));
      }
      if (this.after && before && before.ts <= this.after && message.ts > this.after) {
        wanted.push(this.line("new", "new", "ここから新しい"));
      }
      wanted.push(this.row(message, follows(before, message)));
    });
    sync(this.inside, wanted);
    const keep = new Set(shown.map((each) => each.ts));
    for (const [ts, entry] of this.rows) {
      // What was written into a row that is being edited is there again when one comes back.
      if (!entry.editing && !ts.includes(" ") && ts !== "new" && !keep.has(ts)) this.rows.delete(ts);
    }
    this.release(held);
    this.newest.hidden = this.stuck;
  }

  line(key, kind, text) {
    const old = this.rows.get(key);
    if (old?.text === text) return old.node;
    const node = h("div", { class: `line ${kind}`, role: "separator", "aria-label": text }, h("span", {}, text));
    this.rows.set(key, { node, text });
    return node;
  }

  row(message, joined) {
    const old = this.rows.get(message.ts);
    if (old?.message === message && old.joined === joined) return old.node;
    if (old?.editing) return old.node;
    const node = row(message, this.where, joined);
    if (old?.node.contains(document.activeElement)) {
      if (document.activeElement.closest(".tools")) equip(node, message, this.where);
      this.handOver(node);
    }
    this.rows.set(message.ts, { node, message, joined });
    return node;
  }

  equip(node) {
    const entry = this.rows.get(node?.dataset.ts);
    if (entry && !entry.editing) equip(node, entry.message, this.where);
  }

  /** Put the focus where it was when a row is drawn anew. */
  handOver(node) {
    const same = counterpart(node, document.activeElement) ?? node;
    queueMicrotask(() => same.focus({ preventScroll: true }));
  }

  edit(message) {
    const entry = this.rows.get(message.ts);
    if (!entry) return;
    const done = () => {
      entry.editing = false;
      this.rows.delete(message.ts);
      this.draw();
      this.rows.get(message.ts)?.node.focus();
    };
    const node = editor(message, done);
    entry.node.replaceWith(node);
    Object.assign(entry, { node, editing: true });
    node.querySelector("textarea").focus();
  }

  /** Remember where the row stands that one looks at. */
  hold() {
    if (this.stuck) return null;
    const top = this.scroller.getBoundingClientRect().top;
    const node = [...this.inside.children].find((each) => each.dataset.ts && each.getBoundingClientRect().bottom > top);
    return node ? { ts: node.dataset.ts, at: node.getBoundingClientRect().top } : null;
  }

  release(held) {
    if (this.stuck) this.pin();
    else if (held) {
      const node = this.rows.get(held.ts)?.node;
      if (node) this.scroller.scrollTop += node.getBoundingClientRect().top - held.at;
    }
  }

  pin() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.told();
  }

  toNewest() {
    this.stuck = true;
    if (this.end < this.list.length) this.ends();
    this.draw();
    this.soon();
  }

  /** Say that the newest is seen, if somebody looks. */
  told() {
    const last = this.list.at(-1);
    if (last && this.stuck && document.visibilityState === "visible") this.reached?.(last.ts);
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.stuck = scrollHeight - clientHeight - scrollTop < 4 && this.end >= this.list.length;
    if (this.stuck) this.told();
    this.newest.hidden = this.stuck;
    this.near();
  }

  /** Move on, or have more fetched, when an end is near. */
  near() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const below = scrollHeight - clientHeight - scrollTop;
    if (scrollTop < NEAR && this.start > 0) this.move(-STEP);
    else if (scrollTop < NEAR && this.more) this.older?.();
    else if (below < NEAR && this.end < this.list.length) this.move(STEP);
  }

  move(step) {
    if (step < 0) {
      while (this.end - this.start > FIRST && this.isFar(this.end - 1)) this.end -= 1;
      this.start = Math.max(0, this.start + step);
      this.end = Math.min(this.end, this.start + MOST);
    } else {
      while (this.end - this.start > FIRST && this.isFar(this.start)) this.start += 1;
      this.end = Math.min(this.list.length, this.end + step);
      this.start = Math.max(this.start, this.end - MOST);
    }
    this.draw();
    this.soon();
  }

  /** Whether a row is so far from what one sees that it may go; while it is edited it may not. */
  isFar(index) {
    const { node, editing } = this.rows.get(this.list[index].ts);
    const seen = this.scroller.getBoundingClientRect();
    const { top, bottom } = node.getBoundingClientRect();
    return !editing && (top > seen.bottom + FAR || bottom < seen.top - FAR);
  }

  /** Arrow keys go from message to message. */
  key(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const own = event.target === this.scroller;
    const on = event.target.closest?.("article.message");
    if (!own && event.target !== on) return;
    const all = [...this.inside.querySelectorAll("article.message")];
    const at = own ? all.length : all.indexOf(on);
    const next = all[at + (event.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

const follows = (before, message) =>
  Boolean(before) && !message.ephemeral && !before.ephemeral && before.user === message.user &&
    before.username === message.username &&
  !before.subtype && (!message.subtype || message.subtype === "file_share") && message.ts - before.ts < JOINED &&
  dayKey(Number(before.ts)) === dayKey(Number(message.ts));

/** Make the children of a node these, moving as few as possible. */
function sync(node, wanted) {
  const keep = new Set(wanted);
  for (const child of [...node.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (node.children[index] !== child) node.insertBefore(child, node.children[index] ?? null);
  });
}

customElements.define("message-list", MessageList);
