// "Really?", as an app asks it before something is sent, and as the page asks it before something is deleted.

import { h } from "../dom.js";
import { rescue } from "../parts/toasts.js";
import { plain } from "./texts.js";

let number = 0;

/** Ask, and answer whether to go on; without a question go on at once. */
export function confirmed(question) {
  if (!question) return Promise.resolve(true);
  return new Promise((answer) => {
    const id = `confirm-${(number += 1)}`;
    const close = (yes) => () => {
      rescue();
      dialog.close();
      dialog.remove();
      answer(yes);
    };
    const dialog = h("dialog", { class: "dialog small-dialog", "aria-labelledby": id, on: { cancel: (event) => {
      event.preventDefault();
      close(false)();
    } } },
      h("h2", { id }, plain(question.title)),
      h("p", {}, plain({ ...question.text, emoji: true })),
      h("div", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", on: { click: close(false) } }, plain(question.deny)),
        h("button", { type: "button", class: `button ${question.style === "danger" ? "danger" : "primary"}`,
          on: { click: close(true) } },
          plain(question.confirm))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** The page's own question. */
export const sure = (title, text, yes) =>
  confirmed({ title: { text: title }, text: { text }, confirm: { text: yes }, deny: { text: "やめる" }, style: "danger" });
