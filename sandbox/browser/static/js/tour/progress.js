// The tour and how far one is with it. Kept by the browser, so that a reload and every other window know it too.

import { call } from "../api.js";
import { get, set } from "../store.js";

const KEY = "tour";
const FRESH = { at: 0, since: 0, on: false, marks: {} };

/** Ask the workspace for its tour; null if it has none or cannot be reached. */
export async function load() {
  try {
    const { tour } = await call("tour");
    if (tour?.number !== get("tour")?.number) set({ tour, walk: kept(tour) });
    return tour;
  } catch {
    return null;
  }
}

/** What is remembered of this tour: {at: step, since: when it was begun, on: whether it is shown,
 * marks: {name: {place, thread}}}. */
function kept(tour) {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    if (tour && found?.number === tour.number && found.at >= 0) return { ...FRESH, ...found };
  } catch {
    // what cannot be read is begun anew
  }
  return FRESH;
}

function keep(change) {
  const walk = { ...get("walk"), ...change, number: get("tour").number };
  localStorage.setItem(KEY, JSON.stringify(walk));
  set({ walk });
}

export const step = () => get("tour")?.steps[get("walk").at] ?? null;

/** Begin, or go on where one was. */
export async function begin() {
  if (get("walk").since && step()) keep({ on: true });
  else await again();
}

/** Begin anew; what was written before belongs to another round, so the workspace is asked what time it has. */
export async function again() {
  const { now } = await call("clock");
  keep({ at: 0, since: now, marks: {}, on: true });
}

export const leave = () => keep({ on: false });

/** Go to a step, one before the first and one after the last apart. */
export const goTo = (at) => keep({ at: Math.max(0, Math.min(at, get("tour").steps.length)) });

/** This step is done, seen from here; another window may have been quicker. */
export function done(found) {
  const theirs = kept(get("tour"));
  if (theirs.at !== get("walk").at || theirs.since !== get("walk").since) return set({ walk: theirs });
  const { mark } = found;
  const { place, thread } = get("route");
  const { at, marks } = get("walk");
  return keep({ at: at + 1, marks: mark ? { ...marks, [mark]: { place, thread } } : marks });
}

/** Where a step is done: {place, thread}; null if anywhere. */
export function placeOf(found) {
  const { at } = found;
  if (!at) return null;
  if (at.startsWith("mark:")) return get("walk").marks[at.slice(5)] ?? null;
  if (at.startsWith("#")) {
    const room = (get("channels") ?? []).find((each) => each.name === at.slice(1));
    return room ? { place: room.id, thread: "" } : null;
  }
  return { place: at, thread: "" };
}

/** Whether this window shows the place of a step; a thread may be open beside a channel. */
export function isThere(found) {
  const wanted = placeOf(found);
  const { place, thread } = get("route");
  return !wanted || (wanted.place === place && (!wanted.thread || wanted.thread === thread));
}

/** Follow the other windows of this browser. */
export function follow() {
  addEventListener("storage", (event) => event.key === KEY && get("tour") && set({ walk: kept(get("tour")) }));
}
