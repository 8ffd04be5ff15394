// Who I am, and who else I can be: <persona-menu>. With each: how often they were rung and have not looked yet.

import { fill, h, icon } from "../dom.js";
import { address } from "../route.js";
import { Part, get, nameOf } from "../store.js";
import { avatar } from "./message.js";
import { openMenu } from "./menu.js";

export const bell = (count) =>
  count ? h("span", { class: "badge" }, icon("bell"), count > 99 ? "99+" : count, h("span", { class: "visually-hidden" }, "件の通知")) : null;

class PersonaMenu extends Part {
  static shows = ["route", "people", "personas"];

  update() {
    const { me } = get("route");
    const others = get("personas").filter((each) => each.id !== me).reduce((sum, each) => sum + each.unseen, 0);
    const title = get("people")[me]?.title;
    this.button ??= h("button", { type: "button", class: "persona", "aria-haspopup": "menu", on: { click: () => this.open() } });
    this.button.setAttribute("aria-label", `いまは${nameOf(me)}です。人を替える${others ? `(ほかの人に通知 ${others} 件)` : ""}`);
    fill(this.button, avatar(me, nameOf(me)), h("span", { class: "persona-name" }, h("strong", {}, nameOf(me)), title && h("span", { class: "hint" }, title)),
      icon("down"), others ? h("span", { class: "dot", "aria-hidden": "true" }) : null);
    if (!this.button.isConnected) this.append(this.button);
  }

  open() {
    const { me } = get("route");
    const items = get("personas").map(({ id, unseen }) => ({
      label: nameOf(id), about: get("people")[id]?.title ?? "", badge: bell(unseen), current: id === me,
      href: address({ me: id, place: get("route").place.startsWith("D") ? "" : get("route").place }),
    }));
    openMenu(this.button, [{ heading: "この窓の人を替える" }, ...items, { heading: "ほかの窓で" },
      { label: "人を選んで、新しい窓を開く", href: "/", target: "_blank" }], "人を替える");
  }
}

customElements.define("persona-menu", PersonaMenu);
