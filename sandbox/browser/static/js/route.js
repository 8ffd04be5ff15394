// Who I am and where I am, in the address: #U…/C…/ts, #U…/home, #U…/messages. A reload, a second window and a link work.

import { get, set } from "./store.js";

export function read() {
  const [me = "", place = "", thread = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
  return { me, place, thread };
}

export const address = ({ me, place = "", thread = "" }) =>
  `#${[me, place, thread].join("/").replace(/\/+$/, "")}`;

/** Go somewhere else; what is not named stays. */
export function go(change) {
  const next = { ...get("route"), ...change };
  if (change.place !== undefined && change.thread === undefined) next.thread = "";
  if (change.me !== undefined && change.place === undefined) next.place = next.thread = "";
  if (address(next) !== location.hash) location.hash = address(next);
}

export function start(changed) {
  const look = () => {
    set({ route: read() });
    changed();
  };
  addEventListener("hashchange", look);
  look();
}
