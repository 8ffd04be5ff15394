// Where one can go: the app, channels, direct messages: <side-bar>.

import { act } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { address, go } from "../route.js";
import { Part, appChannel, get, nameOf, titleOf } from "../store.js";
import { keepFocus } from "./focus.js";
import { avatar } from "./message.js";
import { openMenu } from "./menu.js";
import { attempt } from "./message-menu.js";

class SideBar extends Part {
  static shows = ["channels", "route", "app", "people"];

  update() {
    const all = get("channels");
    if (!all) return;
    const own = appChannel();
    const rooms = all.filter((each) => each.name && each.kind !== "mpim");
    const talks = all.filter((each) => (each.kind === "im" || each.kind === "mpim") && each.id !== own?.id && each.member);
    const scroll = this.scrollTop;
    keepFocus(this, () => fill(this, h("nav", { "aria-label": "チャンネルとメッセージ" },
      this.section("アプリ", [this.app(own)]),
      this.section("チャンネル", rooms.filter((each) => each.member && !each.archived).map((each) => this.entry(each))),
      this.section("ダイレクトメッセージ", talks.map((each) => this.entry(each)), this.adder()),
      this.section("ほかのチャンネル", rooms.filter((each) => !each.member && !each.archived).map((each) => this.entry(each))))));
    this.scrollTop = scroll;
  }

  section(title, entries, more) {
    if (!entries.length && !more) return null;
    return h("div", { class: "side-section" }, h("div", { class: "side-head" }, h("h2", {}, title), more),
      h("ul", {}, entries.map((each) => h("li", {}, each))));
  }

  app(own) {
    const app = get("app");
    const here = ["home", "messages", "about"].includes(get("route").place) || (own && get("route").place === own.id);
    return this.link({ place: "home", here, unread: own?.unread, rings: own?.rings, key: "app" }, avatar(app.user, app.name),
      h("span", { class: "side-name" }, app.name), !app.connected && h("span", { class: "tag off" }, "停止中"));
  }

  entry(each) {
    const sign = each.kind === "im" ? avatar(each.with[0] ?? "?", nameOf(each.with[0]))
      : icon(each.kind === "channel" ? "hash" : "lock");
    return this.link({ place: each.id, here: get("route").place === each.id, unread: each.unread, rings: each.rings,
      key: each.id }, sign,
      h("span", { class: "side-name" }, titleOf(each)));
  }

  link({ place, here, unread, rings, key }, ...inside) {
    const told = [unread ? `未読 ${unread > 99 ? "99+" : unread} 件` : "",
      rings ? `通知 ${rings} 件` : ""].filter(Boolean).join("、");
    return h("a", { href: address({ me: get("route").me, place }), class: `side-link${unread ? " unread" : ""}`,
      "aria-current": here ? "page" : null, data: { key } },
      inside, rings ? h("span", { class: "badge", "aria-hidden": "true" }, rings > 99 ? "99+" : rings) : unread
        ? h("span", { class: "dot", "aria-hidden": "true" }) : null,
      told && h("span", { class: "visually-hidden" }, `(${told})`));
  }

  adder() {
    const open = (event) => {
      const people = get("personas").map((each) => each.id).filter((id) => id !== get("route").me);
      openMenu(event.currentTarget,
        people.map((id) => ({ label: nameOf(id), about: get("people")[id]?.title, run: () => attempt(async () => {
        go({ place: (await act("direct", { other: id })).channel });
      }) })), "だれに書きますか");
    };
    return h("button", { type: "button", class: "tool", "aria-label": "ダイレクトメッセージを始める", "aria-haspopup": "menu",
      data: { key: "add" }, on: { click: open } }, icon("plus"));
  }
}

customElements.define("side-bar", SideBar);
