// What goes to the app and what comes from it, newest first: <wall-rows>.

import { fill, h } from "../dom.js";
import { channel, nameOf, titleOf } from "../store.js";
import { seconds } from "../text/time.js";
import { became, nameOfRow } from "./words.js";

class WallRows extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.known = new Map();
    this.body = h("tbody");
    this.empty = h("p", { class: "empty", hidden: true }, "まだ何もありません。");
    const look = () => this.dispatchEvent(new CustomEvent("look", { bubbles: true }));
    this.trouble = h("input", { type: "checkbox", id: "wall-trouble", on: { change: look } });
    this.still = h("input", { type: "checkbox", id: "wall-still" });
    const filter = h("div", { class: "wall-filter" }, h("h3", {}, "やりとり"),
      h("label", { class: "choice" }, this.trouble, "うまくいかなかったものだけ"),
      h("label", { class: "choice" }, this.still, "止めて見る"));
    fill(this, filter,
      h("div", { class: "wall-scroll", tabIndex: 0, role: "region", "aria-label": "アプリとのやりとり" }, this.table(), this.empty));
  }

  table() {
    const heads = ["時刻(本当の)", "向き", "何を", "どうなった"].map((each) => h("th", { scope: "col" }, each));
    return h("table", { class: "wall-table" }, h("thead", {}, h("tr", {}, heads)), this.body);
  }

  /** Show these rows; those that have not changed stay as they are. */
  show(rows) {
    if (this.still.checked) return;
    const before = this.known;
    this.known = new Map();
    for (const row of rows) {
      const text = JSON.stringify(row);
      const old = before.get(row.key);
      this.known.set(row.key, old?.text === text ? old : { text, node: line(row) });
    }
    const nodes = [...this.known.values()].map((each) => each.node);
    const same = nodes.length === this.body.children.length && nodes.every((each, at) => each === this.body.children[at]);
    if (!same) fill(this.body, nodes);
    this.empty.hidden = nodes.length > 0;
  }
}

function line(row) {
  const place = row.way === "in" ? row.who && nameOf(row.who) : row.channel && titleOf(channel(row.channel));
  return h("tr", { class: row.well ? "" : "odd" },
    h("td", { class: "when" }, seconds(row.time)),
    h("td", {}, h("span", { class: `tag way-${row.way}` }, row.way === "in" ? "→ アプリへ" : "← アプリから")),
    h("td", {}, nameOfRow(row), " ", h("code", {}, row.name), place ? h("span", { class: "hint" }, ` ${place}`) : null),
    h("td", { class: "became" }, became(row)));
}

customElements.define("wall-rows", WallRows);
