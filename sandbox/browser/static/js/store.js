// All that this window knows. Whoever shows something of it subscribes to its names.

import { settled } from "./press.js";

const state = {
  online: false, // whether the feed is open
  lost: false, // it was open, and is being opened again
  unknown: false, // nobody has this id
  ahead: 0, // how much the workspace's clock is ahead of ours, seconds
  moved: 0, // how often that clock was moved, or a day began: what says 今日 or 3 分前 is drawn anew
  route: { me: "", place: "", thread: "" },
  people: {},
  groups: {},
  personas: [],
  app: { name: "", user: "", commands: [], shortcuts: [] },
  channels: null,
  wall: false, // whether the look inside is open
  jumps: [], // moments to which the clock can be moved
  rings: { total: 0, unseen: 0, items: [] },
  stack: [],
  home: null,
  ephemerals: [],
  errors: [],
  tour: null, // what a visitor is shown, step by step, and how far this one is: js/tour/
  walk: { at: 0, since: 0, on: false, marks: {} },
  page: { channel: "", messages: [], more: false, ready: false }, // the channel that is open, oldest first
  thread: { root: "", messages: [], ready: false },
};

const listeners = new Set();
let pending = null;

export const get = (name) => state[name];

/** Change parts of the state; those who subscribed are called once, a moment later. */
export function set(patch) {
  Object.assign(state, patch);
  if (pending === null) {
    pending = new Set();
    queueMicrotask(tell);
  }
  for (const name of Object.keys(patch)) pending.add(name);
}

function tell() {
  const names = pending;
  pending = null;
  for (const each of [...listeners]) if (each.names.some((name) => names.has(name))) each.run(names);
}

/** Call `run` after changes of these names, and return what ends that. */
export function subscribe(names, run) {
  const each = { names, run };
  listeners.add(each);
  return () => listeners.delete(each);
}

/** The workspace's time, in Unix seconds. */
export const now = () => Date.now() / 1000 + state.ahead;

export const channel = (id) => (state.channels ?? []).find((each) => each.id === id);

/** How people, channels and groups are called; what texts are rendered with. */
export const names = {
  get me() {
    return state.route.me;
  },
  person: (id) => state.people[id],
  group: (id) => state.groups[id],
  channel: (id) => channel(id),
  now,
};

export const nameOf = (id) => state.people[id]?.name ?? id;

/** The name of a conversation, as the person who looks at it calls it. */
export function titleOf(found) {
  if (!found) return "";
  if (found.kind === "im" || found.kind === "mpim") return found.with.map(nameOf).join("、");
  return found.name;
}

/** The direct message with the app, if there is one already. */
export const appChannel = () =>
  (state.channels ?? []).find((each) => each.kind === "im" && each.with.includes(state.app.user));

/**
 * A part of the screen: a custom element that draws itself again when something it names has changed; while a button in
 * it is held down, once that was let go.
 */
export class Part extends HTMLElement {
  connectedCallback() {
    this.#end = subscribe(this.constructor.shows, (changed) => this.#heard(changed));
    this.start?.();
    this.update(new Set(this.constructor.shows));
  }

  disconnectedCallback() {
    this.#end?.();
    this.stop?.();
  }

  #heard(changed) {
    for (const name of changed) this.#changed.add(name);
    settled(this, () => {
      const all = this.#changed;
      this.#changed = new Set();
      if (this.isConnected) this.update(all);
    });
  }

  #end = null;
  #changed = new Set();
}
