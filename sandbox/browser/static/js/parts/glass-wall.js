// A look inside, for those who want it: <glass-wall>, a panel below the chat, and <wall-toggle>, the button for it.
// It asks the workspace twice a second while it is open, and not at all while it is closed.

import { call } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { Part, get, set } from "../store.js";
import "../wall/rows.js";
import "../wall/switches.js";
import { STATES, sums } from "../wall/words.js";

const APART = 500;
const KEY = "wall";

const isOpen = () => get("wall");

function open(so) {
  localStorage.setItem(KEY, so ? "open" : "");
  set({ wall: so });
}

class WallToggle extends Part {
  static shows = ["wall"];

  start() {
    this.button = h("button",
      { type: "button", class: "tool", "aria-controls": "glass-wall", on: { click: () => open(!isOpen()) } },
      icon("glass"));
    fill(this, this.button);
    set({ wall: localStorage.getItem(KEY) === "open" });
  }

  update() {
    this.button.setAttribute("aria-expanded", String(isOpen()));
    this.button.setAttribute("aria-label", "中のようすを見る");
    this.button.title = "中のようすを見る";
  }
}

class GlassWall extends Part {
  static shows = ["wall", "online"];

  start() {
    this.id = "glass-wall";
    this.sums = h("dl", { class: "wall-sums" });
    this.rows = document.createElement("wall-rows");
    this.switches = document.createElement("wall-switches");
    this.says = h("div", { class: "wall-says", tabIndex: 0, role: "region", "aria-label": "アプリの話" });
    const close = h("button",
      { type: "button", class: "tool", "aria-label": "中のようすを閉じる", on: { click: () => this.leave() } },
      icon("close"));
    fill(this, h("section", { class: "wall", "aria-labelledby": "wall-title" },
      h("div", { class: "wall-head" }, h("h2", { id: "wall-title" }, "中のようす"), this.sums, close),
      h("div", { class: "wall-body" }, this.switches, this.rows, this.says)));
    this.addEventListener("look", () => this.look());
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
  }

  stop() {
    clearTimeout(this.timer);
  }

  leave() {
    open(false);
    document.querySelector("wall-toggle button")?.focus();
  }

  update() {
    this.hidden = !isOpen();
    clearTimeout(this.timer);
    if (!this.hidden && get("online")) this.look();
  }

  /** Ask how things are, and again a moment later. */
  async look() {
    clearTimeout(this.timer);
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const found = await call("wall", { trouble: this.rows.trouble.checked });
      if (turn === this.turn && !this.hidden) this.show(found);
    } catch {
      // the banner above says that the workspace does not answer
    }
    if (turn === this.turn && !this.hidden && get("online")) this.timer = setTimeout(() => this.look(), APART);
  }

  show(found) {
    this.rows.show(found.rows);
    this.switches.show(found.faults);
    this.once("sums", found.sums, () => fill(this.sums, sums(found.sums).map(pair)));
    this.once("said", found.says, () => fill(this.says, h("h3", {}, "アプリの話"),
      found.says.length ? found.says.map(saying) : h("p", { class: "hint" }, "アプリからは、まだ何も聞いていません。")));
  }

  /** Draw only what differs from what is there. */
  once(name, value, draw) {
    const text = JSON.stringify(value);
    if (this[`drawn_${name}`] === text) return;
    this[`drawn_${name}`] = text;
    draw();
  }
}

const pair = ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

const saying = (each) => h("div", { class: `saying ${each.state}` },
  h("h4", {}, each.title, " ", STATES[each.state] ? h("span", { class: "tag state" }, STATES[each.state]) : null),
  each.items.length ? h("dl", {}, each.items.map(pair)) : null,
  each.note ? h("p", { class: "hint" }, each.note) : null);

customElements.define("wall-toggle", WallToggle);
customElements.define("glass-wall", GlassWall);
