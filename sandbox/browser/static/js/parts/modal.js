// The app's modals, the one on top: <modal-host>. A native dialog, so the focus stays in it and goes back.

import { act } from "../api.js";
import { fill, h, icon, later } from "../dom.js";
import { blocks } from "../kit/blocks.js";
import { complain } from "../kit/field.js";
import { Surface } from "../kit/surface.js";
import { plain } from "../kit/texts.js";
import { Part, get } from "../store.js";
import { failure, objection } from "../text/words.js";
import { keepFocus } from "./focus.js";
import { rescue, tell } from "./toasts.js";

class ModalHost extends Part {
  static shows = ["stack", "people", "channels"];

  start() {
    this.drafts = new Map(); // what was typed, by view id
    this.keep = later((surface, view) => this.view?.id === view && !this.sending && surface.flush().catch(() => {}), 500);
    this.dialog = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title", on: {
      cancel: (event) => {
        event.preventDefault();
        this.close();
      },
    } });
    this.append(this.dialog);
  }

  update(changed) {
    const stack = get("stack");
    const view = stack.at(-1);
    for (const id of this.drafts.keys()) if (!stack.some((each) => each.id === id)) this.drafts.delete(id);
    if (!view) {
      if (this.view) this.shut();
      return;
    }
    if (!changed.has("stack") && this.view) return;
    if (view.hash === this.view?.hash && view.id === this.view?.id && stack.length === this.depth) return;
    this.draw(view, stack.length);
  }

  shut() {
    this.view = null;
    rescue();
    if (this.dialog.open) this.dialog.close();
    this.dialog.replaceChildren();
    if (this.before?.isConnected) this.before.focus();
  }

  draw(view, depth) {
    const fresh = view.id !== this.view?.id;
    if (!this.dialog.open) this.before = document.activeElement;
    Object.assign(this, { view, depth });
    this.surface = new Surface("view", view.state?.values);
    const draft = this.drafts.get(view.id);
    if (draft) this.surface.values = new Map([...draft].filter(([block]) =>
      view.blocks.some((each) => each.block_id === block)));
    this.drafts.set(view.id, this.surface.values);
    const surface = this.surface;
    surface.entered = () => this.keep(surface, view.id);
    rescue();
    keepFocus(this.dialog, () => fill(this.dialog, this.head(),
      this.body = h("div", { class: "modal-body", tabIndex: -1 }, blocks(view.blocks, surface)), this.foot()));
    if (!this.dialog.open) this.dialog.showModal();
    if (fresh) this.begin();
  }

  head() {
    const back = this.depth > 1 && h("button",
      { type: "button", class: "tool", "aria-label": "前の画面に戻る", on: { click: () => this.close() } }, icon("back"));
    return h("div", { class: "modal-head" }, back, h("h2", { id: "modal-title" }, plain(this.view.title)),
      h("button", { type: "button", class: "tool", "aria-label": "閉じる", data: { key: "close" },
        on: { click: () => this.close(true) } }, icon("close")));
  }

  foot() {
    const { view } = this;
    this.submit = view.submit && h("button",
      { type: "button", class: "button primary", data: { key: "submit" }, on: { click: () => this.send() } },
      plain(view.submit));
    return h("div", { class: "dialog-foot" },
      h("button", { type: "button", class: "button", data: { key: "cancel" }, on: { click: () => this.close() } },
        plain(view.close) || (view.submit ? "キャンセル" : "閉じる")), this.submit);
  }

  begin() {
    const first = this.body.querySelector("[data-first], .field input:not([type=file]), .field select, .field textarea, " +
      ".field [role=textbox]");
    (first ?? this.body).focus();
    this.body.scrollTop = 0;
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    const { view } = this;
    this.busy(true);
    for (const node of this.body.querySelectorAll("[data-field]")) complain(node, "");
    try {
      const { outcome } = await act("submit", { view: view.id, values: Object.fromEntries(this.surface.values) });
      if (outcome.errors) this.complain(outcome.errors);
      else if (!outcome.acked) tell(`${failure(outcome.reason)}入力した内容は残っています。`, "bad");
    } catch (error) {
      tell(error.message, "bad");
    }
    this.sending = false;
    if (this.view?.id === view.id) this.busy(false);
  }

  busy(on) {
    this.dialog.classList.toggle("is-busy", on);
    this.body?.toggleAttribute("inert", on);
    if (!this.submit) return;
    this.submit.setAttribute("aria-busy", String(on));
    this.submit.textContent = on ? "送信しています…" : plain(this.view.submit);
  }

  complain(errors) {
    this.body.removeAttribute("inert");
    let first = null;
    for (const [block, sentence] of Object.entries(errors)) {
      const node = [...this.body.querySelectorAll("[data-field]")].find((each) => each.dataset.field === block);
      if (!node) continue;
      complain(node, objection(sentence));
      first ??= node;
    }
    first?.querySelector("input, select, textarea, [role=textbox], button")?.focus();
    first?.scrollIntoView({ block: "nearest" });
  }

  async close(everything = false) {
    try {
      await act("close", { everything: everything || undefined });
    } catch (error) {
      tell(error.message, "bad");
    }
  }
}

customElements.define("modal-host", ModalHost);
