// The thread at the side: <thread-pane>.

import { act } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { go } from "../route.js";
import { Part, channel, get, titleOf } from "../store.js";
import "./composer.js";
import "./message-list.js";

class ThreadPane extends Part {
  static shows = ["thread", "page", "people", "ephemerals", "channels", "moved"];

  start() {
    this.setAttribute("role", "complementary");
    this.setAttribute("aria-label", "スレッド");
  }

  update(changed) {
    const { root, messages, ready } = get("thread");
    const place = get("page").channel;
    this.hidden = !root;
    if (!root) {
      this.root = "";
      this.replaceChildren();
      return;
    }
    if (root !== this.root || place !== this.place) this.build(root, place);
    if (!ready) return;
    if (changed.has("people") || changed.has("moved")) this.list.forget();
    this.note.hidden = messages.length > 0;
    const own = get("ephemerals").filter((each) => each.channel === place && each.thread_ts === root);
    const all = own.length ? [...messages, ...own].sort((one, other) => (one.ts < other.ts ? -1 : 1)) : messages;
    this.list.show(all, { fresh: this.fresh });
    this.fresh = false;
  }

  build(root, place) {
    Object.assign(this, { root, place, fresh: true, told: "" });
    const about = channel(place);
    this.note = h("p", { class: "empty", hidden: true }, "このスレッドは見つかりません。消されたのかもしれません。");
    this.list = document.createElement("message-list");
    this.list.setUp({ where: "thread", label: "スレッドのメッセージ", reached: (ts) => this.read(ts) });
    const composer = document.createElement("message-composer");
    composer.setUp({ channel: place, thread: root, label: "スレッドに返信" });
    const close = () => {
      go({ thread: "" });
      document.querySelector(`channel-pane [data-ts="${CSS.escape(root)}"]`)?.focus();
    };
    fill(this, h("div", { class: "pane-title" }, h("h2", {}, "スレッド"), h("span", { class: "topic" }, titleOf(about)),
      h("button", { type: "button", class: "tool", "aria-label": "スレッドを閉じる", on: { click: close } }, icon("close"))),
    this.note, this.list, h("div", { class: "pane-foot" }, composer));
    this.onkeydown = (event) => event.key === "Escape" && !event.defaultPrevented && close();
    if (!matchMedia("(max-width: 700px)").matches) composer.querySelector("textarea").focus();
  }

  read(ts) {
    if (this.told >= ts) return;
    this.told = ts;
    act("read", { channel: this.place, thread: this.root, ts }).catch(() => {});
  }
}

customElements.define("thread-pane", ThreadPane);
