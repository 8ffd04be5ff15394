// Make the workspace misbehave while one watches: <wall-switches>.

import { call } from "../api.js";
import { fill, h } from "../dom.js";
import { attempt } from "../parts/message-menu.js";
import { tell } from "../parts/toasts.js";
import { SWITCHES, isOdd, stateOf } from "./words.js";

class WallSwitches extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.boxes = SWITCHES.map((each, at) => entry(each, `wall-switch-${at}`));
    this.calm = h("button", { type: "button", class: "button", on: { click: () => this.run("faults/clear") } }, "元に戻す");
    const cut = async () => {
      if (await attempt(async () => void (await call("sockets", { how: "cut" })))) tell("アプリとの線を切りました。");
    };
    const cutter = h("button", { type: "button", class: "button", on: { click: cut } }, "線を切る");
    fill(this, h("h3", {}, "Slack の調子を悪くする"),
      h("ul", { class: "switches" }, this.boxes.map((each) => h("li", {}, each.node))),
      h("div", { class: "row wrap" }, cutter, this.calm));
    for (const each of this.boxes) each.box.addEventListener("change", () => this.flip(each));
  }

  flip({ box, way }) {
    if (box.checked) this.run("faults", way.on);
    else this.run("faults/clear", { kind: way.on.kind });
  }

  async run(verb, args) {
    await attempt(async () => void (await call(verb, args)));
    this.dispatchEvent(new CustomEvent("look", { bubbles: true }));
  }

  /** Show how things are; another window may have changed them. */
  show(faults) {
    this.calm.disabled = !isOdd(faults);
    for (const { box, used, way } of this.boxes) {
      const state = stateOf(way, faults);
      box.checked = state.on;
      const text = state.used ? `${state.used} 回` : "";
      if (used.textContent !== text) used.textContent = text;
    }
  }
}

function entry(way, id) {
  const box = h("input", { type: "checkbox", role: "switch", id, "aria-describedby": `${id}-about` });
  const used = h("span", { class: "tag used" });
  const node = h("div", { class: "switch" }, box, h("div", {}, h("label", { for: id }, way.name), " ", used,
    h("p", { class: "hint", id: `${id}-about` }, way.about)));
  return { box, used, way, node };
}

customElements.define("wall-switches", WallSwitches);
