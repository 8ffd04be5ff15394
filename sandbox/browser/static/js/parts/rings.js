// Whose telephone rang, and by what: <ring-menu>, a bell with a panel.

import { act } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { go } from "../route.js";
import { Part, channel, get, nameOf, names, now, titleOf } from "../store.js";
import { plainly } from "../text/mrkdwn.js";
import { moment } from "../text/time.js";
import { RINGS } from "../text/words.js";
import { attempt } from "./message-menu.js";
import { tell } from "./toasts.js";

class RingMenu extends Part {
  static shows = ["rings", "people", "channels", "route", "moved"];

  start() {
    this.panel = h("dialog", { class: "dialog side-dialog", "aria-labelledby": "rings-title" });
    this.panel.addEventListener("click", (event) => event.target === this.panel && this.panel.close());
    this.button = h("button", { type: "button", class: "tool with-count", on: { click: () => {
      this.draw();
      this.panel.showModal();
    } } });
    fill(this, this.button, this.panel);
  }

  update(changed) {
    const { unseen, total, items } = get("rings");
    const count = unseen > 99 ? "99+" : unseen;
    this.button.setAttribute("aria-label", unseen ? `通知 ${count} 件` : "通知");
    fill(this.button, icon("bell"), unseen ? h("span", { class: "badge" }, count) : null);
    document.title = `${unseen ? `(${count}) ` : ""}${nameOf(get("route").me)}|練習用ワークスペース`;
    const known = this.me === get("route").me && get("online");
    if (known && changed.has("rings") && total > this.total) this.announce(items.slice(0, total - this.total));
    if (get("online")) Object.assign(this, { me: get("route").me, total });
    if (this.panel.open) this.draw();
  }

  announce(fresh) {
    const first = fresh[0];
    if (!first?.new) return;
    const more = fresh.length > 1 ? ` ほか ${fresh.length - 1} 件` : "";
    tell(`🔔 ${nameOf(first.by)}さん:${RINGS[first.kind] ?? first.kind}(${this.where(first)})${more}`);
  }

  where(ring) {
    const found = channel(ring.channel);
    return found?.kind === "im" ? "直接" : `#${titleOf(found)}`;
  }

  draw() {
    const { items, total, unseen } = get("rings");
    fill(this.panel, h("div", { class: "modal-head" }, h("h2", { id: "rings-title" }, "通知"),
      h("span", { class: "hint grow" }, `これまでに ${total} 件`),
      h("button", { type: "button", class: "tool", "aria-label": "閉じる", on: { click: () => this.panel.close() } },
        icon("close"))),
    h("div", { class: "modal-body" }, items.length ? h("ul", { class: "rings" },
      items.map((each) => h("li", {}, this.entry(each)))) : h("p", { class: "empty" }, "まだ一度も鳴っていません。")),
    unseen ? h("div", { class: "dialog-foot" }, h("button",
      { type: "button", class: "button",
      on: { click: () => attempt(async () => void (await act("read", { everything: true }))) } }, "すべて既読にする")) : null);
  }

  entry(ring) {
    const thread = ring.thread_ts && ring.thread_ts !== ring.ts ? ring.thread_ts : "";
    const open = () => {
      this.panel.close();
      go({ place: ring.channel, thread });
    };
    return h("button", { type: "button", class: `ring${ring.new ? " new" : ""}`, on: { click: open } },
      h("span", { class: "ring-head" }, h("span", { class: `tag kind-${ring.kind}` }, RINGS[ring.kind] ?? ring.kind),
        h("span", { class: "hint" }, this.where(ring)),
        h("time", { class: "when" }, moment(Number(ring.ts), now())),
          ring.new && h("span", { class: "visually-hidden" }, "未読")),
      h("span", { class: "ring-text" }, h("strong", {}, nameOf(ring.by)), " ", plainly(ring.text, names).slice(0, 140)));
  }
}

customElements.define("ring-menu", RingMenu);
