// An input block: label, element, hint, and what is wrong with it.

import { h } from "../dom.js";
import { plain } from "./texts.js";
import { input } from "./inputs.js";

let number = 0;

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

export function field(block, surface) {
  const id = `field-${(number += 1)}`;
  const each = block.element;
  const label = plain(block.label);
  const group = GROUPS.has(each.type);
  const rich = each.type === "rich_text_input"; // its box says its name itself: no label can point to it
  const hint = block.hint && h("p", { class: "hint", id: `${id}-hint` }, plain(block.hint));
  const wrong = h("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
  const told = [hint && `${id}-hint`, `${id}-wrong`].filter(Boolean).join(" ");
  const control = input(block, each, surface, {
    id, label, told, required: !block.optional,
    changed: (value) => {
      surface.enter(block, value);
      complain(node, "");
    },
    dispatched: (value) => block.dispatch_action && surface.press(block, each, value),
  });
  const mark = block.optional ? h("span", { class: "optional" }, "(任意)") : null;
  const node = h(group ? "fieldset" : "div", { class: "field", data: { field: block.block_id } },
    h(group ? "legend" : rich ? "p" : "label", { for: group || rich ? null : id, class: "label" }, label, mark),
    control, hint, wrong);
  return node;
}

/** Show beside a field what is wrong with it, or take that away. */
export function complain(node, sentence) {
  const wrong = node.querySelector(".wrong");
  wrong.textContent = sentence;
  wrong.hidden = !sentence;
  node.classList.toggle("is-wrong", Boolean(sentence));
  for (const each of node.querySelectorAll("input, select, textarea, [role=textbox]")) {
    if (sentence) each.setAttribute("aria-invalid", "true");
    else each.removeAttribute("aria-invalid");
  }
}
