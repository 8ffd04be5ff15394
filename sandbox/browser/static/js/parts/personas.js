// Who one is in this window, and who else one can be: <persona-menu>.
// With each: how often they were rung in all, and how much of that they have not seen.

import { fill, h, icon } from "../dom.js";
import { address } from "../route.js";
import { Part, get, nameOf } from "../store.js";
import { byRole, parted } from "../text/roles.js";
import { keepFocus } from "./focus.js";
import { avatar } from "./message.js";

export const bell = (count) =>
  count ? h("span", { class: "badge" }, icon("bell"), count > 99 ? "99+" : count,
    h("span", { class: "visually-hidden" }, "件が未読")) : null;

const titleOf = (id) => get("people")[id]?.title ?? "";

class PersonaMenu extends Part {
  static shows = ["route", "people", "personas"];

  start() {
    this.button = h("button", { type: "button", class: "persona", "aria-haspopup": "dialog",
      on: { click: () => this.open() } });
    this.box = h("input", {
      type: "search", class: "text-input", "aria-label": "名前で絞る", placeholder: "名前・役割・所属で絞る", data: { key: "filter" },
      on: { input: () => this.draw(), keydown: (event) => this.first(event) },
    });
    this.list = h("div", { class: "modal-body" });
    const close = h("button", { type: "button", class: "tool", "aria-label": "閉じる",
      on: { click: () => this.panel.close() } }, icon("close"));
    this.panel = h("dialog", { class: "dialog side-dialog", "aria-labelledby": "personas-title" },
      h("div", { class: "modal-head" }, h("h2", { id: "personas-title", class: "grow" }, "この窓の人を替える"), close),
      h("div", { class: "persona-filter" }, this.box), this.list,
      h("div", { class: "dialog-foot" }, h("a", { class: "button", href: "/", target: "_blank" }, "新しい窓で、ほかの人になる")));
    this.panel.addEventListener("click", (event) => event.target === this.panel && this.panel.close());
    fill(this, this.button, this.panel);
  }

  update() {
    const { me } = get("route");
    const others = get("personas").filter((each) => each.id !== me).reduce((sum, each) => sum + each.unseen, 0);
    const title = get("people")[me]?.title;
    const told = others ? `(ほかの人に通知 ${others} 件)` : "";
    this.button.setAttribute("aria-label", `いまは${nameOf(me)}です。人を替える${told}`);
    const name = h("span", { class: "persona-name" }, h("strong", {}, nameOf(me)),
      title && h("span", { class: "hint" }, title.split("|").join("・")));
    fill(this.button, avatar(me, nameOf(me)), name, icon("down"),
      others ? h("span", { class: "dot", "aria-hidden": "true" }) : null);
    if (this.panel.open) keepFocus(this.panel, () => this.draw());
  }

  open() {
    this.box.value = "";
    this.draw();
    this.panel.showModal();
    this.box.focus();
  }

  draw() {
    const typed = this.box.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ id }) => {
      const words = `${nameOf(id)} ${titleOf(id)}`.normalize("NFKC").toLowerCase();
      return typed.every((each) => words.includes(each));
    };
    const groups = byRole(get("personas").filter(fits), ({ id }) => titleOf(id));
    fill(this.list, groups.map(([role, people], index) => h("section", { "aria-labelledby": `role-${index}` },
      h("h3", { class: "menu-heading", id: `role-${index}` }, role),
        h("ul", {}, people.map((each) => h("li", {}, this.entry(each)))))),
    groups.length ? null : h("p", { class: "empty", role: "status" }, "その名前の人はいません。"));
  }

  entry({ id, rung, unseen }) {
    const { me, place } = get("route");
    const told = [parted(titleOf(id)).about, rung ? `通知 計 ${rung} 件` : ""].filter(Boolean).join("|");
    return h("a", {
      class: "menu-item", href: address({ me: id, place: place.startsWith("D") ? "" : place }),
        "aria-current": id === me ? "true" : null,
      data: { key: id }, on: { click: () => this.panel.close() },
    }, h("span", { class: "menu-label" }, nameOf(id), bell(unseen)), told && h("span", { class: "hint" }, told));
  }

  /** Enter in the filter: become the first that is left. */
  first(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (this.box.value.trim()) this.list.querySelector("a")?.click();
  }
}

customElements.define("persona-menu", PersonaMenu);
