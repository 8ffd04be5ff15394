// The app's own place: its Home tab, and what one writes to it alone: <app-pane>.

import { act } from "../api.js";
import { fill, h } from "../dom.js";
import { blocks } from "../kit/blocks.js";
import { Surface } from "../kit/surface.js";
import { go } from "../route.js";
import { Part, get } from "../store.js";
import { keepFocus } from "./focus.js";

class AppPane extends Part {
  static shows = ["home", "app", "route", "people", "moved"];

  update() {
    const tab = get("route").place;
    if (tab !== this.tab || get("route").me !== this.me) this.enter(tab);
    this.heading.textContent = get("app").name;
    for (const each of this.tabs) each.setAttribute("aria-selected", String(each.dataset.tab === tab));
    for (const each of this.tabs) each.tabIndex = each.dataset.tab === tab ? 0 : -1;
    this.body.hidden = tab === "messages";
    if (tab === "home") this.drawHome();
    if (tab === "about") fill(this.body, h("div", { class: "home-body" },
      get("app").about.split("\n").map((line) => h("p", {}, line))));
  }

  start() {
    const known = [["home", "ホーム"], ["messages", "メッセージ"], ["about", "このアプリについて"]];
    this.tabs = known.map(([tab, label]) => h("button",
      { type: "button", role: "tab", class: "tab", data: { tab }, "aria-controls": "app-panel",
      on: { click: () => go({ place: tab }) } }, label));
    this.heading = h("h1", { tabIndex: -1 });
    this.body = h("div", { id: "app-panel", role: "tabpanel", class: "home", tabIndex: 0 });
    fill(this, h("div", { class: "pane-title app-title" }, this.heading,
      h("div", { role: "tablist", "aria-label": "アプリの画面", on: { keydown: (event) => this.key(event) } }, this.tabs)),
      this.body);
  }

  /** Tell the app that its home was opened, as Slack does each time. */
  enter(tab) {
    Object.assign(this, { tab, me: get("route").me, hash: "" });
    if (tab === "home") act("home", { tab: "home" }).catch(() => {});
  }

  drawHome() {
    const view = get("home");
    if (!view) {
      fill(this.body, h("p", { class: "empty" }, get("app").connected ? "アプリがホームを用意しています…" : "アプリが動いていません。"));
      return;
    }
    if (view.hash === this.hash && this.drawn === get("people") && this.moved === get("moved")) return;
    Object.assign(this, { hash: view.hash, drawn: get("people"), moved: get("moved") });
    const surface = new Surface("home", view.state?.values);
    keepFocus(this.body, () => fill(this.body, h("div", { class: "home-body" }, blocks(view.blocks, surface))));
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = this.tabs.findIndex((each) => each.dataset.tab === get("route").place);
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
    go({ place: next.dataset.tab });
    next.focus();
  }
}

customElements.define("app-pane", AppPane);
