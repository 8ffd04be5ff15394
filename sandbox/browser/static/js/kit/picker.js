// Choosing from people, channels, many options, or what the app offers: a text field with a list below it.

import { add, fill, h, icon, later } from "../dom.js";
import { settled } from "../press.js";
import { get, titleOf } from "../store.js";
import { plain } from "./texts.js";

let number = 0;

/** <value-picker>: set `element`, `value` and `use` (inputs.js) before it is put into the page. */
class ValuePicker extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    const { element, use } = this;
    this.many = element.type.startsWith("multi_");
    this.chosen = [this.value ?? []].flat();
    this.at = -1;
    this.offered = [];
    const list = `picker-${(number += 1)}`;
    this.box = h("input", {
      id: use.id, class: "text-input", type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false",
      "aria-controls": list, "aria-autocomplete": "list", "aria-label": use.id ? null : use.label,
        "aria-describedby": use.told,
      "aria-required": use.required ? "true" : null, placeholder: plain(element.placeholder) || "選んでください",
      data: { key: use.key, action: element.action_id },
      on: {
        input: () => {
          this.list.hidden = true; // what it offers is for what stood here before
          this.search();
        }, focus: () => this.search(), click: () => this.search(),
        blur: () => setTimeout(() => this.left(), 150), keydown: (event) => this.key(event),
      },
    });
    this.list = h("ul", { id: list, role: "listbox", class: "options", hidden: true, "aria-label": use.label || "候補" });
    this.chips = h("div", { class: "chips" });
    add(this, [this.chips, this.box, this.list]);
    this.ask = later(() => this.offer(), element.type.includes("external") ? 200 : 0);
    this.draw();
  }

  search() {
    if (!this.many && this.chosen.length && this.box.value === this.name(this.chosen[0])) this.box.select();
    this.ask();
  }

  async offer() {
    if (document.activeElement !== this.box) return;
    const typed = this.box.value.trim();
    const whole = !this.many && this.chosen.length > 0 && typed === this.name(this.chosen[0]);
    try {
      this.offered = await this.find(whole ? "" : typed);
      this.empty = "見つかりません";
    } catch (error) {
      this.offered = [];
      this.empty = error.message;
    }
    this.open();
  }

  async find(typed) {
    const { element, use } = this;
    if (this.full) throw new Error(`${element.max_selected_items} 件まで選べます`);
    if (element.type.includes("external")) {
      const least = element.min_query_length ?? 3;
      if (typed.length < least) throw new Error(`${least} 文字以上で探します`);
      return use.surface.suggest(use.block, element, typed);
    }
    const has = (words) => words.toLowerCase().includes(typed.toLowerCase());
    return this.all().filter((each) => has(`${this.name(each)} ${get("people")[each]?.title ?? ""}`)).slice(0, 100);
  }

  /** Whether as many are chosen as may be. */
  get full() {
    return this.many && this.chosen.length >= (this.element.max_selected_items ?? Infinity);
  }

  /** Everything there is to choose: ids, or options. */
  all() {
    const { element } = this;
    if (element.type.includes("users")) return Object.values(get("people"))
      .filter((each) => !each.deleted).map((each) => each.id);
    if (element.type.includes("static")) return [
      ...(element.options ?? []), ...(element.option_groups ?? []).flatMap((g) => g.options),
    ];
    const wanted = element.filter?.include;
    const kind = { im: "im", mpim: "mpim", group: "private", channel: "public" };
    return (get("channels") ?? [])
      .filter((each) => !each.archived && (element.type.includes("channels") ? each.kind === "channel"
        : !wanted || wanted.includes(kind[each.kind])))
      .map((each) => each.id);
  }

  name(value) {
    if (typeof value === "object") return plain(value.text);
    if (get("people")[value]) return get("people")[value].name;
    const found = (get("channels") ?? []).find((each) => each.id === value);
    return found ? `${found.kind === "im" ? "" : "#"}${titleOf(found)}` : value;
  }

  open() {
    const left = this.offered.filter((each) => !this.many || !this.chosen.some((one) => same(one, each)));
    this.shown = left;
    this.at = left.length ? 0 : -1;
    fill(this.list, left.map((each, index) => h("li", {
      role: "option", id: `${this.list.id}-${index}`, class: "option",
      on: { pointerdown: (event) => {
        event.preventDefault();
        this.choose(each);
      } },
    }, h("span", {}, this.name(each)), about(each))), !left.length && h("li",
      { class: "option none", role: "option", "aria-disabled": "true" }, this.empty));
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    this.list.scrollIntoView({ block: "nearest" });
    this.mark();
  }

  /** In a dialog the list has made room for itself: what stands below it moves when it closes. */
  left() {
    settled(document.body, () => this.close(), this);
  }

  close() {
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
    if (this.many) this.box.value = "";
    else if (this.box.value.trim() === "" && this.chosen.length) this.set([]);
    else this.box.value = this.chosen.length ? this.name(this.chosen[0]) : "";
  }

  mark() {
    [...this.list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === this.at)));
    if (this.at < 0) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void this.ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.at = this.shown.length ? (this.at + step + this.shown.length) % this.shown.length : -1;
      this.mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && this.at >= 0) this.choose(this.shown[this.at]);
      else if (this.box.value.trim()) this.offer();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && this.many && this.box.value === "" && this.chosen.length) {
      this.set(this.chosen.slice(0, -1));
    }
  }

  choose(value) {
    this.box.value = "";
    this.set(this.many ? [...this.chosen, value] : [value]);
    this.close();
  }

  set(chosen) {
    this.chosen = chosen;
    this.draw();
    const value = this.many ? chosen : (chosen[0] ?? null);
    this.use.changed(value);
    this.use.dispatched?.(value);
  }

  draw() {
    if (!this.many) {
      this.box.value = this.chosen.length ? this.name(this.chosen[0]) : "";
      return;
    }
    fill(this.chips, this.chosen.map((each) => h("button", {
      type: "button", class: "chip", "aria-label": `${this.name(each)}を外す`,
      on: { click: () => this.set(this.chosen.filter((one) => !same(one, each))) },
    }, this.name(each), icon("close"))));
  }
}

const same = (one, other) => (typeof one === "object" ? one.value === other.value : one === other);

const about = (each) => {
  const words = typeof each === "object" ? plain(each.description) : (get("people")[each]?.title ?? "");
  return words ? h("span", { class: "hint" }, words) : null;
};

customElements.define("value-picker", ValuePicker);
