// The conversation in the middle: heading, messages, composer: <channel-pane>.

import { act } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { older } from "../feed.js";
import { address } from "../route.js";
import { Part, appChannel, channel, get, nameOf, names, titleOf } from "../store.js";
import { plainly } from "../text/mrkdwn.js";
import "./composer.js";
import { keepFocus } from "./focus.js";
import { openMenu } from "./menu.js";
import "./message-list.js";
import { attempt } from "./message-menu.js";

class ChannelPane extends Part {
  static shows = ["page", "channels", "ephemerals", "people", "route", "online", "moved"];

  update(changed) {
    const id = get("page").channel;
    const about = channel(id);
    if (id !== this.id_ || get("route").me !== this.me) this.build(id);
    if (!this.list) return;
    this.heading(about);
    this.foot(about);
    const page = get("page");
    const waits = !page.ready;
    this.list.classList.toggle("waits", waits);
    const anew = changed.has("people") || changed.has("moved");
    if (anew) this.list.forget();
    this.note.hidden = !page.gone && (waits || this.mixed(page).length > 0);
    this.note.textContent = page.gone ? "このチャンネルは見えません。" : "まだ書き込みがありません。";
    if (!waits && (changed.has("page") || changed.has("ephemerals") || anew || this.fresh)) {
      this.list.show(this.mixed(page), { fresh: this.fresh, more: page.more, after: this.after });
      this.fresh = false;
    }
  }

  build(id) {
    Object.assign(this, { id_: id, me: get("route").me, fresh: true, after: channel(id)?.unread ? channel(id).read : "" });
    this.member = undefined;
    this.head = h("div", { class: "pane-title" });
    this.note = h("p", { class: "empty", hidden: true });
    this.list = document.createElement("message-list");
    this.list.setUp({ where: "channel", label: `${titleOf(channel(id))} のメッセージ`, older, reached: (ts) => this.read(ts) });
    this.below = h("div", { class: "pane-foot" });
    fill(this, this.head, this.note, this.list, this.below);
    this.addEventListener("sent", () => this.list.toNewest());
  }

  /** The messages with what only this person sees, by stamp. */
  mixed(page) {
    const own = get("ephemerals").filter((each) => each.channel === page.channel && !each.thread_ts);
    if (!own.length) return page.messages;
    const first = page.messages[0]?.ts ?? "";
    return [...page.messages, ...own.filter((each) => !page.more || each.ts > first)]
      .sort((one, other) => (one.ts < other.ts ? -1 : 1));
  }

  heading(about) {
    const app = appChannel()?.id === this.id_;
    this.head.hidden = app; // the app's tabs stand above
    keepFocus(this.head, () => fill(this.head,
      icon(about?.kind === "channel" ? "hash" : about?.kind === "im" ? "person" : "lock"),
      h("h1", { tabIndex: -1, data: { key: "title" } }, titleOf(about)),
      about?.topic && h("span", { class: "topic", title: about.topic }, about.topic),
      about?.pins?.length ? this.pins() : null,
      about && about.kind !== "im" && h("span", { class: "count-people", title: "メンバーの数" }, icon("person"), about.members)));
  }

  /** A button that lists what is pinned here; each leads to its thread. */
  pins() {
    const all = () => channel(this.id_)?.pins ?? [];
    return h("button", { type: "button", class: "tool pins", "aria-haspopup": "menu",
      "aria-label": `ピン留め ${all().length} 件`, title: "ピン留め", data: { key: "pins" },
      on: { click: (event) => openMenu(event.currentTarget, all().map((each) => ({
        label: plainly(each.text, names).slice(0, 60) || "メッセージ", about: nameOf(each.by),
        href: address({ me: get("route").me, place: this.id_, thread: each.thread }),
      })), "ピン留め") } }, icon("pin"), all().length);
  }

  foot(about) {
    const how = !about ? "none" : about.archived ? "archived" : about.member ? "member" : "guest";
    if (how === this.member) return;
    this.member = how;
    if (how === "member") {
      const composer = document.createElement("message-composer");
      composer.setUp({ channel: this.id_, label: `${about.kind === "im" ? "" : "#"}${titleOf(about)} へのメッセージ` });
      fill(this.below, composer);
    } else if (how === "guest") {
      fill(this.below, h("div", { class: "join" }, h("span", {}, "このチャンネルに参加していません。"),
        h("button", { type: "button", class: "button primary",
          on: { click: () => attempt(async () => void (await act("join", { channel: this.id_ }))) } }, "参加する")));
    } else fill(this.below, h("p", { class: "join" }, how === "archived" ? "このチャンネルは閉じられています。" : ""));
  }

  read(ts) {
    const about = channel(this.id_);
    if (!about || about.read >= ts) return;
    about.read = ts;
    act("read", { channel: this.id_, ts }).catch(() => {});
  }
}

customElements.define("channel-pane", ChannelPane);
