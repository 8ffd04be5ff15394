// The workspace's clock, and how to move it: <clock-bar>. "+1 hour" is ours; the other moments somebody outside has put up.

import { call } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { Part, get, now } from "../store.js";
import { weekdayed } from "../text/time.js";
import { openMenu, renewMenu } from "./menu.js";
import { attempt } from "./message-menu.js";
import { tell } from "./toasts.js";

const HOUR = 3600;
const LEAP = 20; // seconds of difference that nobody could have waited for

class ClockBar extends Part {
  static shows = ["ahead", "jumps", "online", "route"];

  start() {
    this.time = h("time", { class: "clock-time" });
    this.button = h("button",
      { type: "button", class: "tool clock", "aria-haspopup": "menu", on: { click: () => this.open() } },
      icon("clock"), this.time, icon("down"));
    fill(this, this.button);
    this.timer = setInterval(() => this.tick(), 1000);
  }

  stop() {
    clearInterval(this.timer);
  }

  update() {
    const ahead = get("ahead");
    const leapt = this.known && get("online") && Math.abs(ahead - this.ahead) > LEAP;
    Object.assign(this, { ahead, known: get("online") });
    this.tick();
    if (leapt) tell(`🕙 ${weekdayed(now())} になりました。`);
  }

  tick() {
    this.renew();
    const text = get("online") ? weekdayed(now()) : "--:--";
    if (text === this.time.textContent) return;
    this.time.textContent = text;
    this.button.setAttribute("aria-label", `いまの時刻は ${text}。時計を進める`);
  }

  items() {
    const ahead = get("jumps").filter((each) => each.to > now());
    return [
      { heading: "この練習用の時計を進める" },
      { label: "1 時間進める", about: weekdayed(now() + HOUR), run: () => move({ advance: HOUR }) },
      ...ahead.map((each) => ({ label: each.name, about: weekdayed(each.to), run: () => move({ to: each.to }) })),
    ];
  }

  open() {
    const items = this.items();
    this.drawn = JSON.stringify(items);
    openMenu(this.button, items, "時計を進める");
  }

  /** While the menu is open a moment may pass, and another window may move the clock. */
  renew() {
    const items = this.items();
    if (JSON.stringify(items) === this.drawn) return;
    this.drawn = JSON.stringify(items);
    renewMenu(this.button, items);
  }
}

const move = (how) => attempt(async () => void (await call("clock", how)));

customElements.define("clock-bar", ClockBar);
