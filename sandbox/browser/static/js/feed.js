// The way in: one WebSocket. It tells everything first, then what changes; after a break it starts again by itself.

import { get, now, set } from "./store.js";
import { dayKey } from "./text/time.js";

const SOONEST = 300;
const LATEST = 5000;
const MOVED = 30; // seconds; less is a frame that was long under way

let socket = null;
let person = "";
let shown = { channel: "", thread: "" };
let wait = SOONEST;
let timer = 0;

/** Be this person from now on; "" is nobody. */
export function connect(id) {
  if (id === person && socket !== null) return;
  person = id;
  clearTimeout(timer);
  const old = socket;
  socket = null;
  old?.close();
  shown = { channel: "", thread: "" };
  set({ online: false, lost: false, unknown: false, channels: null, stack: [], home: null });
  set({ page: { channel: "", messages: [], more: false, ready: false }, thread: { root: "", messages: [], ready: false } });
  if (id) open();
}

function open() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const own = new WebSocket(`${scheme}://${location.host}/browser/feed?person=${encodeURIComponent(person)}`);
  socket = own;
  own.onmessage = (event) => own === socket && heard(JSON.parse(event.data));
  own.onclose = (event) => {
    if (own !== socket) return;
    socket = null;
    if (event.code === 4004) {
      set({ online: false, lost: false, unknown: true });
      return;
    }
    set({ online: false, lost: true });
    timer = setTimeout(open, wait);
    wait = Math.min(LATEST, wait * 1.7);
  };
}

let day = 0; // the last one that was drawn

setInterval(() => {
  if (day && day !== dayKey(now())) moved(now());
}, 20000);

/** What was drawn tells of another now. */
function moved(unix) {
  day = dayKey(unix);
  set({ moved: get("moved") + 1 });
}

function send(value) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(value));
}

/** Say what this window shows; what is new of it is fetched. */
export function show(channel, thread) {
  if (channel === shown.channel && thread === shown.thread) return;
  const keep = channel === shown.channel;
  shown = { channel, thread };
  if (!keep) set({ page: { channel, messages: [], more: false, ready: false } });
  if (thread !== get("thread").root) set({ thread: { root: thread, messages: [], ready: false } });
  send({ open: channel, thread, keep });
}

/** Fetch what stands before the oldest message that is here. */
export function older() {
  const page = get("page");
  if (!page.more || page.asking || !page.messages.length) return;
  page.asking = true;
  send({ older: page.channel, before: page.messages[0].ts });
}

function heard(frame) {
  const ahead = frame.now - Date.now() / 1000;
  const patch = { ahead, ...frame.sections };
  if (!day || Math.abs(ahead - get("ahead")) > MOVED) moved(frame.now);
  if (frame.t === "hello") {
    wait = SOONEST;
    Object.assign(patch, { online: true, lost: false });
  }
  set(patch);
  if (frame.t === "hello" || frame.t === "again") send({ open: shown.channel, thread: shown.thread });
  if (frame.t === "page") paged(frame);
  if (frame.t === "change") for (const each of frame.messages) changed(each);
}

function paged(frame) {
  if (frame.channel !== shown.channel) return;
  if (frame.gone) {
    set({ page: { channel: frame.channel, messages: [], more: false, ready: true, gone: true } });
  } else if (frame.thread) {
    if (frame.thread === shown.thread) set({ thread: { root: frame.thread, messages: frame.messages, ready: true } });
  } else if (frame.before) {
    const page = get("page");
    set({ page: { ...page, messages: [...frame.messages, ...page.messages], more: frame.more, asking: false } });
  } else {
    set({ page: { channel: frame.channel, messages: frame.messages, more: frame.more, ready: true } });
  }
}

function changed({ channel, ts, message }) {
  const page = get("page");
  if (channel !== page.channel) return;
  const top = message === null || !message.thread_ts || message.thread_ts === ts || message.subtype === "thread_broadcast";
  if (top && page.ready) set({ page: { ...page, messages: placed(page.messages, ts, message, page.more) } });
  const thread = get("thread");
  const inside = message === null || ts === thread.root || message.thread_ts === thread.root;
  if (inside && thread.root && thread.ready) {
    set({ thread: { ...thread, messages: placed(thread.messages, ts, message, false) } });
  }
}

/** The list with this message in its place, or without it; what is older than a page that goes on is left out. */
function placed(list, ts, message, more) {
  let at = list.length;
  while (at > 0 && list[at - 1].ts >= ts) at -= 1;
  const there = list[at]?.ts === ts;
  if (message === null) return there ? list.toSpliced(at, 1) : list;
  if (!there && at === 0 && more) return list;
  return list.toSpliced(at, there ? 1 : 0, message);
}
