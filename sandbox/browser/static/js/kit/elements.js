// What stands in sections and actions: buttons, menus, pictures, and choices that are sent at once.

import { fileAddress } from "../api.js";
import { h, icon } from "../dom.js";
import { keepFocus } from "../parts/focus.js";
import { openMenu } from "../parts/menu.js";
import { plain } from "./texts.js";
import { confirmed } from "./confirm.js";
import { held, input, isInput } from "./inputs.js";

/** A picture by its address or of a file of the workspace. */
export function picture(source, kind) {
  const file = source.slack_file;
  const number = file?.id ?? /\/files\/(F[A-Z0-9]+)\//.exec(file?.url ?? "")?.[1];
  const address = source.image_url ?? (number ? fileAddress({ id: number }) : "");
  return h("img", { class: kind, src: address, alt: source.alt_text, loading: "lazy", referrerpolicy: "no-referrer" });
}

/** Render an element outside of an input block. What is chosen in it is sent. */
export function element(block, each, surface) {
  if (each.type === "image") return picture(each, "accessory-image");
  if (each.type === "button" || each.type === "workflow_button") return button(block, each, surface);
  if (each.type === "overflow") return overflow(block, each, surface);
  if (!isInput(each)) return h("span", { class: "small" }, `(${each.type})`);
  return choice(block, each, surface);
}

/** A choice that is sent at once; who does not confirm it has chosen nothing. */
function choice(block, each, surface) {
  const label = plain(each.placeholder) || plain(block.text) || "選ぶ";
  let sent = held(block, each, surface);
  const make = () => input(block, each, surface, { label, changed: () => {}, dispatched: chosen }, sent);
  const chosen = async (value) => {
    if (await confirmed(each.confirm)) {
      sent = value;
      await surface.press(block, each, value);
      return;
    }
    const old = node;
    keepFocus(old.parentNode, () => old.replaceWith(node = make()));
  };
  let node = make();
  return node;
}

function button(block, each, surface) {
  const press = async () => {
    if (!(await confirmed(each.confirm))) return;
    if (each.url && /^https?:\/\//i.test(each.url)) window.open(each.url, "_blank", "noopener,noreferrer");
    node.setAttribute("aria-busy", "true");
    await surface.press(block, each);
    node.removeAttribute("aria-busy");
  };
  const node = h("button", {
    type: "button",
    class: `button ${each.style ?? ""}`,
    "aria-label": each.accessibility_label,
    data: { action: each.action_id, key: `${block.block_id}/${each.action_id}` },
    on: { click: () => node.getAttribute("aria-busy") !== "true" && press() },
  }, plain(each.text));
  return node;
}

function overflow(block, each, surface) {
  const node = h("button", {
    type: "button", class: "button square", "aria-label": "メニュー", "aria-haspopup": "menu",
    data: { action: each.action_id, key: `${block.block_id}/${each.action_id}` },
    on: { click: () => openMenu(node, each.options.map((option) => ({
      label: plain(option.text),
      about: plain(option.description),
      run: async () => {
        if (!(await confirmed(each.confirm))) return;
        if (option.url && /^https?:\/\//i.test(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
        await surface.press(block, each, undefined, option.value);
      },
    }))) },
  }, icon("more"));
  return node;
}
