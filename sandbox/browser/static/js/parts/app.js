// The screen: the bar on top, the sidebar, what is open, the thread beside it: <chat-app>.

import { add, fill, h, icon } from "../dom.js";
import { show } from "../feed.js";
import { go } from "../route.js";
import { Part, appChannel, channel, get } from "../store.js";
import { failure, known } from "../text/words.js";
import { flip } from "../theme.js";
import "./channel.js";
import "./clock-bar.js";
import "./glass-wall.js";
import "./home.js";
import "./modal.js";
import "./personas.js";
import "./rings.js";
import "./sidebar.js";
import "./thread.js";
import { tell } from "./toasts.js";
import "./tour.js";

const TABS = new Set(["home", "messages", "about"]);

class ChatApp extends Part {
  static shows = ["route", "channels", "online", "lost", "app", "errors", "unknown"];

  start() {
    this.main = h("main", { class: "main" });
    this.side = document.createElement("side-bar");
    this.lost = h("p", { class: "banner", role: "status", hidden: true }, "つながりが切れました。つなぎ直しています…");
    this.off = h("p", { class: "banner calm", role: "status", hidden: true });
    this.team = h("span", { class: "team" });
    const open = () => {
      this.aside(!document.body.classList.contains("side-open"));
      if (document.body.classList.contains("side-open")) this.side.querySelector("a")?.focus();
    };
    this.drawer = h("button", { type: "button", class: "tool drawer", "aria-label": "チャンネルの一覧",
      "aria-expanded": "false", on: { click: open } }, icon("menu"));
    const made = (name) => document.createElement(name);
    const bar = h("header", { class: "bar" }, this.drawer, this.team, h("span", { class: "grow" }),
      made("clock-bar"), made("wall-toggle"), made("tour-guide"), made("ring-menu"),
      h("button", { type: "button", class: "tool", "aria-label": "明るい・暗い表示を切り替える", on: { click: flip } },
        icon("moon")), made("persona-menu"));
    bar.prepend(h("a", { class: "skip", href: "#", on: { click: (event) => {
      event.preventDefault();
      this.main.querySelector("h1")?.focus();
    } } }, "本文へ"));
    const columns = h("div", { class: "columns" }, this.side, this.main, made("thread-pane"));
    add(this, [bar, this.lost, this.off, columns, made("glass-wall"), made("modal-host")]);
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !document.body.classList.contains("side-open")) return;
      this.drawer.focus();
      this.aside(false);
    });
    this.side.addEventListener("click", (event) => event.target.closest("a") && this.aside(false));
    this.main.addEventListener("pointerdown", () => this.aside(false));
  }

  /** On a phone: show the list of channels, or put it away. */
  aside(shown) {
    document.body.classList.toggle("side-open", shown);
    this.drawer.setAttribute("aria-expanded", String(shown));
  }

  update(changed) {
    const { me } = get("route");
    this.hidden = !me || get("unknown");
    if (this.hidden) return;
    this.lost.hidden = !get("lost");
    const app = get("app");
    this.team.textContent = app.team ?? "";
    this.off.hidden = !get("online") || app.connected;
    this.off.textContent = `${app.name} は停止しています。書き込みは残り、動き出すと届きます。`;
    this.complaints();
    if (changed.has("route") || changed.has("channels")) this.place();
  }

  /** Show what the address says; without one the first channel. */
  place() {
    const { place, thread } = get("route");
    if (!get("channels")) return;
    if (!place) {
      const first = get("channels").find((each) => each.member && each.name);
      return go({ place: first?.id ?? "home" });
    }
    const own = appChannel();
    if (own && place === own.id) return go({ place: "messages", thread });
    const tab = TABS.has(place);
    const id = tab ? (place === "messages" ? (own?.id ?? "") : "") : place;
    show(id, id ? thread : "");
    document.body.classList.toggle("with-thread", Boolean(id && thread));
    const parts = [tab && "app-pane", id && "channel-pane", place === "messages" && !own && "first-words"].filter(Boolean);
    if (parts.join() !== this.parts) {
      this.parts = parts.join();
      fill(this.main, parts.map((name) => document.createElement(name)));
    }
    const title = channel(id);
    this.main.setAttribute("aria-label", title?.name ?? app_name());
  }

  /** What the workspace had to tell the person about the app. */
  complaints() {
    const errors = get("errors");
    const last = errors.at(-1)?.number ?? -1;
    if (this.me === get("route").me) {
      for (const each of errors) if (each.number > this.told && unanswered(each)) tell(failure(each.reason), "bad");
    }
    Object.assign(this, { me: get("route").me, told: last });
  }
}

/** Whether nobody else says so: what was pressed or submitted tells of it where that was done. */
const unanswered = (error) => error.name === "block_suggestion" || (error.name.startsWith("/") && !known(error.reason));

const app_name = () => get("app").name;

/** Nothing written to the app yet. */
class FirstWords extends HTMLElement {
  connectedCallback() {
    const composer = document.createElement("message-composer");
    composer.setUp({ channel: "bot", label: `${get("app").name} へのメッセージ` });
    fill(this, h("p", { class: "empty grow" }, "まだ書き込みがありません。"), h("div", { class: "pane-foot" }, composer));
  }
}

customElements.define("first-words", FirstWords);
customElements.define("chat-app", ChatApp);
