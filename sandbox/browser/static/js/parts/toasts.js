// Short notes: what went wrong, who rang. Read out too.

import { h, icon } from "../dom.js";

const place = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

/** Say something; "bad" stays longer. A note inside an open dialog is shown above it. */
export function tell(sentence, kind = "") {
  const top = [...document.querySelectorAll("dialog[open]")].pop() ?? document.body;
  if (place.parentNode !== top) top.append(place);
  const gone = () => {
    note.remove();
    if (place.parentNode !== document.body && !place.childNodes.length) document.body.append(place);
  };
  const note = h("div", { class: `toast ${kind}` }, h("span", {}, sentence),
    h("button", { type: "button", class: "bare", "aria-label": "閉じる", on: { click: gone } }, icon("close")));
  place.append(note);
  while (place.childNodes.length > 4) place.firstChild.remove();
  setTimeout(gone, kind === "bad" ? 12000 : 6000);
}

/** Put the notes back before the dialog they stand in goes away. */
export function rescue() {
  if (place.parentNode !== document.body) document.body.append(place);
}

export const start = () => document.body.append(place);
