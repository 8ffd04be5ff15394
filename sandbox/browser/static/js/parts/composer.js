// Where one writes: Enter sends, Shift+Enter breaks the line; commands, mentions, files, shortcuts: <message-composer>.

import { act, packed } from "../api.js";
import { fill, h, icon, later } from "../dom.js";
import { get, channel as room } from "../store.js";
import { completions, marked } from "./mentions.js";
import { openMenu } from "./menu.js";
import { attempt } from "./message-menu.js";
import { tell } from "./toasts.js";

let number = 0;

class Composer extends HTMLElement {
  /** Write into `channel` (an id, or "bot"), perhaps into a thread of it. */
  setUp({ channel, thread = "", label, hint = "" }) {
    Object.assign(this, { channel, thread });
    this.files = [];
    this.items = [];
    const list = `completions-${(number += 1)}`;
    this.list = h("ul", { id: list, class: "options above", role: "listbox", "aria-label": "候補", hidden: true });
    this.box = h("textarea", {
      class: "composer-text", rows: 1, placeholder: label, "aria-label": label, "aria-controls": list,
        "aria-autocomplete": "list",
      value: sessionStorage.getItem(this.key) ?? "",
      on: {
        input: () => this.typed(), keydown: (event) => this.pressed(event), click: () => this.complete(),
        blur: () => setTimeout(() => this.offer([]), 150), paste: (event) => this.take(event.clipboardData.files, event),
      },
    });
    this.chosen = h("input", { type: "file", multiple: true, class: "visually-hidden", tabIndex: -1, "aria-hidden": "true",
      on: { change: () => {
        this.take(this.chosen.files);
        this.chosen.value = "";
      } } });
    this.attached = h("ul", { class: "attached", hidden: true });
    this.also = this.thread && h("input", { type: "checkbox" });
    const tool = (sign, name, run, more = {}) => h("button",
      { type: "button", class: "tool", "aria-label": name, title: name, ...more, on: { click: run } }, icon(sign));
    fill(this, this.list, h("div", { class: "composer-box", on: {
      dragover: (event) => event.preventDefault(),
      drop: (event) => this.take(event.dataTransfer.files, event),
    } }, this.attached, this.box, h("div", { class: "composer-tools" },
      tool("clip", "ファイルを添える", () => this.chosen.click()),
      !this.thread && tool("bolt", "ショートカット", (event) => this.shortcuts(event.currentTarget), { "aria-haspopup": "menu" }),
      this.also && h("label", { class: "also" }, this.also, room(this.channel)?.kind === "im" ? "会話にも" : "チャンネルにも"),
      h("span", { class: "hint grow" }, hint || `Enter で送信${this.thread ? "" : "、Shift+Enter で改行"}`),
      this.button = h("button", { type: "button", class: "button primary square", "aria-label": "送信",
        on: { click: () => this.send() } }, icon("send")))), this.chosen);
    this.keep = later(() => sessionStorage.setItem(this.key, this.box.value), 200);
    this.grow();
  }

  get key() {
    return `draft ${get("route").me} ${this.channel} ${this.thread}`;
  }

  typed() {
    this.grow();
    this.keep();
    this.complete();
  }

  connectedCallback() {
    this.grow();
  }

  grow() {
    if (!this.isConnected) return;
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 200)}px`;
  }

  complete() {
    const found = completions(this.box.value, this.box.selectionStart, Boolean(this.thread));
    this.from = found.from;
    this.offer(found.items);
  }

  offer(items) {
    this.items = items;
    this.at = 0;
    this.list.hidden = items.length === 0;
    fill(this.list,
      items.map((each, index) => h("li",
      { role: "option", class: "option", id: `${this.list.id}-${index}`, on: { pointerdown: (event) => {
      event.preventDefault();
      this.choose(each);
    } } }, h("strong", {}, each.label), h("span", { class: "hint" }, each.about))));
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === this.at)));
    if (this.items.length) this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  choose(each) {
    const rest = this.box.value.slice(this.box.selectionStart);
    this.box.value = this.box.value.slice(0, this.from) + each.insert + rest;
    const caret = this.from + each.insert.length;
    this.box.setSelectionRange(caret, caret);
    this.offer([]);
    this.grow();
    this.keep();
  }

  pressed(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.items.length && step) {
      event.preventDefault();
      this.at = (this.at + step + this.items.length) % this.items.length;
      this.mark();
    } else if (this.items.length && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.offer([]);
    } else if (this.items.length && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && !this.whole()) {
      event.preventDefault();
      this.choose(this.items[this.at]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  /** Whether what is typed is all of the entry that is marked. */
  whole() {
    return this.box.value.slice(this.from).trim() === this.items[this.at].insert.trim();
  }

  take(files, event) {
    if (!files?.length) return;
    event?.preventDefault();
    this.files.push(...files);
    this.listed();
  }

  listed() {
    this.attached.hidden = this.files.length === 0;
    fill(this.attached,
      this.files.map((file) => h("li", {},
      h("button", { type: "button", class: "chip", "aria-label": `${file.name}を外す`, on: { click: () => {
      this.files = this.files.filter((each) => each !== file);
      this.listed();
      this.box.focus();
    } } }, icon("file"), file.name, icon("close")))));
  }

  async send() {
    const text = this.box.value.trim();
    const files = this.files;
    if (!text && !files.length) return;
    if (this.sending) return;
    this.sending = true;
    this.button.setAttribute("aria-busy", "true");
    this.offer([]);
    const emptied = this.box.value;
    this.box.value = "";
    this.files = [];
    this.listed();
    this.grow();
    const done = await attempt(() => (/^[/\u30FB\uFF0F][^\s]/.test(text) ? this.command(text) : this.post(text, files)));
    if (done) sessionStorage.removeItem(this.key);
    else {
      this.box.value = this.box.value || emptied; // nothing typed is lost
      this.files = files;
      this.listed();
      this.grow();
    }
    this.sending = false;
    this.button.removeAttribute("aria-busy");
  }

  async post(text, files) {
    await act("post", { channel: this.channel, text: marked(text), thread: this.thread || undefined,
      broadcast: this.also?.checked || undefined, files: await packed(files) });
    if (this.also) this.also.checked = false;
    this.dispatchEvent(new CustomEvent("sent", { bubbles: true }));
  }

  command(text) {
    const [first, ...rest] = text.split(/\s+(.*)/s);
    const name = `/${first.slice(1)}`;
    if (this.thread) return act("command", { channel: this.channel, command: name, text: "", thread: this.thread });
    return act("command", { channel: this.channel, command: name, text: marked(rest[0] ?? "") });
  }

  shortcuts(anchor) {
    const app = get("app");
    const own = app.shortcuts.filter((each) => each.type === "global");
    if (!own.length && !app.commands.length) return tell("このアプリにはショートカットがありません。");
    openMenu(anchor, [
      own.length ? { heading: "ショートカット" } : null,
      ...own.map((each) =>
        ({ label: each.name, about: each.description, run: () =>
        attempt(() => act("shortcut", { callback_id: each.callback_id })) })),
      app.commands.length ? { heading: "コマンド" } : null,
      ...app.commands.map((each) => ({ label: each.command, about: each.description, run: () => {
        this.box.value = `${each.command} `;
        this.box.focus();
        this.typed();
      } })),
    ].filter(Boolean), "ショートカット");
  }
}

customElements.define("message-composer", Composer);
