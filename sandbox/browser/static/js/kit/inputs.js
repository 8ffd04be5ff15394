// Elements that hold a value. `use`: {id, label, told, required, changed(value), dispatched(value)}; the value as the
// control API takes it: text, an option, an id, a list of these, files, Unix seconds, a rich_text block.

import { packed } from "../api.js";
import { h, icon, later } from "../dom.js";
import { fromLocal, toLocal } from "../text/time.js";
import { plain, text } from "./texts.js";
import "./picker.js";
import { richBox } from "./rich-box.js";

const HOLDS = {
  plain_text_input: "value", email_text_input: "value", url_text_input: "value", number_input: "value",
  rich_text_input: "rich_text_value", static_select: "selected_option", external_select: "selected_option",
  radio_buttons: "selected_option", users_select: "selected_user", conversations_select: "selected_conversation",
  channels_select: "selected_channel", datepicker: "selected_date", timepicker: "selected_time",
  datetimepicker: "selected_date_time", checkboxes: "selected_options", multi_static_select: "selected_options",
  multi_external_select: "selected_options", multi_users_select: "selected_users",
  multi_conversations_select: "selected_conversations", multi_channels_select: "selected_channels", file_input: "files",
};

export const isInput = (each) => each.type in HOLDS;

/** What an element holds: entered here, known to the workspace, or as it starts. */
export function held(block, each, surface) {
  if (surface.values.has(block.block_id) && block.type === "input") return surface.values.get(block.block_id);
  const holds = HOLDS[each.type];
  const state = surface.stateOf(block, each);
  if (state && state.type === each.type) return state[holds];
  const start = holds === "value" || holds === "rich_text_value" ? "initial_value" : holds.replace("selected", "initial");
  return each[start] ?? null;
}

export function input(block, each, surface, use, value = held(block, each, surface)) {
  const make = MAKERS[each.type] ?? picker;
  const node = make(each, value, { ...use, key: `${block.block_id}/${each.action_id}`, block, surface });
  if (each.focus_on_load) node.dataset.first = "true";
  return node;
}

const common = (each, use) => ({
  id: use.id, "aria-label": use.id ? null : use.label, "aria-describedby": use.told,
  "aria-required": use.required ? "true" : null, placeholder: each.placeholder ? plain(each.placeholder) : null,
  data: { action: each.action_id, key: use.key },
});

function typing(kind) {
  return (each, value, use) => {
    const tag = each.multiline ? "textarea" : "input";
    const most = each.type === "plain_text_input" ? (each.max_length ?? 3000) : null;
    const counter = each.max_length && h("span", { class: "counter", "aria-hidden": "true" });
    const when = each.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const slowly = later((now) => use.dispatched?.(now), 400);
    const count = () => {
      if (counter) counter.textContent = `${node.value.length} / ${each.max_length}`;
    };
    const node = h(tag, {
      ...common(each, use), type: tag === "input" ? kind : null, rows: tag === "textarea" ? 5 : null,
      value: value ?? "", maxlength: most, inputmode: each.type === "number_input" ? "decimal" : null,
      autocomplete: "off", class: "text-input",
      on: {
        input: () => {
          count();
          use.changed(node.value);
          if (when.includes("on_character_entered")) slowly(node.value);
        },
        keydown: (event) => {
          if (event.key !== "Enter" || event.isComposing || each.multiline) return;
          event.preventDefault(); // Enter sends no form here: Slack's does not either
          if (when.includes("on_enter_pressed")) use.dispatched?.(node.value);
        },
      },
    });
    count();
    return counter ? h("div", { class: "counted" }, node, counter) : node;
  };
}

const TYPED = 600; // milliseconds without another digit
const LAST = { date: "9999-12-31", "datetime-local": "9999-12-31T23:59" }; // else a year may have six digits

function pick(kind, read, write) {
  return (each, value, use) => {
    // By the keyboard a year is written digit by digit, and each is a day of its own.
    const slowly = later((now) => use.dispatched?.(now), TYPED);
    const node = h("input", { ...common(each, use), type: kind, max: LAST[kind], class: "text-input short",
      value: value ? write(value) : "", on: { change: () => {
        const now = node.value ? read(node.value) : null;
        use.changed(now);
        slowly(now);
      } } });
    return node;
  };
}

const options = (each) => [...(each.options ?? []), ...(each.option_groups ?? []).flatMap((group) => group.options)];
const kept = (option) =>
  ({ text: option.text, value: option.value, ...(option.description && { description: option.description }) });

function select(each, value, use) {
  const all = options(each);
  const one = (option) => h("option", { value: option.value, selected: option.value === value?.value }, plain(option.text));
  const inside = each.option_groups
    ? each.option_groups.map((group) => h("optgroup", { label: plain(group.label) }, group.options.map(one)))
    : all.map(one);
  const hollow = h("option", { value: "", selected: !value }, plain(each.placeholder) || "選んでください");
  const node = h("select", { ...common(each, use), placeholder: null, class: "select", on: { change: () => {
    const chosen = all.find((option) => option.value === node.value);
    use.changed(chosen ? kept(chosen) : null);
    use.dispatched?.(chosen ? kept(chosen) : null);
  } } }, hollow, inside);
  return node;
}

let groups = 0;

function choices(kind) {
  return (each, value, use) => {
    const name = `choice-${(groups += 1)}`;
    const chosen = new Set([value ?? []].flat().map((option) => option.value));
    const node = h("div", { class: "choices", role: use.id ? null : "group", "aria-label": use.id ? null : use.label });
    const changed = () => {
      const on = [...node.querySelectorAll("input")].flatMap((box, at) => (box.checked ? [kept(each.options[at])] : []));
      const now = kind === "radio" ? (on[0] ?? null) : on;
      use.changed(now);
      use.dispatched?.(now);
    };
    each.options.forEach((option, at) => {
      const about = option.description && h("span", { class: "hint" }, text(option.description, use.surface));
      node.append(h("label", { class: "choice" },
        h("input", { type: kind, name, value: option.value, checked: chosen.has(option.value), "aria-describedby": use.told,
          data: { key: `${use.key}/${at}`, action: each.action_id }, on: { change: changed } }),
        h("span", {}, text(option.text, use.surface), about)));
    });
    return node;
  };
}

function files(each, value, use) {
  const list = h("ul", { class: "file-list" });
  const shown = (names) => list.replaceChildren(...names.map((name) => h("li", {}, name)));
  shown((value ?? []).map((file) => file.name));
  const accept = each.filetypes?.map((kind) => `.${kind}`).join(",");
  const node = h("input", { ...common(each, use), placeholder: null, type: "file", class: "visually-hidden",
    multiple: (each.max_files ?? 10) > 1, accept,
    on: { change: async () => {
      shown([...node.files].map((file) => file.name));
      use.changed(await packed(node.files));
    } } });
  return h("div", {}, h("label", { class: "button file-choice" }, icon("clip"), "ファイルを選ぶ", node), list);
}

const rich = (each, value, use) => richBox(each, value, use, common(each, use));

function picker(each, value, use) {
  return Object.assign(document.createElement("value-picker"), { element: each, value, use });
}

const MAKERS = {
  plain_text_input: typing("text"), email_text_input: typing("email"), url_text_input: typing("url"),
  number_input: typing("text"), rich_text_input: rich, static_select: select,
  radio_buttons: choices("radio"), checkboxes: choices("checkbox"), file_input: files,
  datepicker: pick("date", (now) => now, (now) => now), timepicker: pick("time", (now) => now.slice(0, 5), (now) => now),
  datetimepicker: pick("datetime-local", fromLocal, toLocal),
};
