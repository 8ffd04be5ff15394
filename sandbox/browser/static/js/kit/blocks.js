// Block Kit → DOM nodes. Pure but for what the surface is told of.

import { add, h, icon } from "../dom.js";
import { markdown } from "../text/markdown.js";
import { linkNode } from "../text/mrkdwn.js";
import { richText } from "../text/rich.js";
import { element, picture } from "./elements.js";
import { field } from "./field.js";
import { lines, plain, text } from "./texts.js";

const BLOCKS = {
  section(block, surface) {
    const fields = (block.fields ?? []).map((each) => h("div", { class: "field-pair" }, text(each, surface)));
    const said = h("div", { class: "section-text" }, block.text && h("div", {}, text(block.text, surface)),
      fields.length > 0 && h("div", { class: "fields" }, fields));
    const beside = block.accessory && h("div", { class: "accessory" }, element(block, block.accessory, surface));
    return add(h("div", { class: beside ? "section has-accessory" : "section" }), [said, beside]);
  },
  header: (block) => h("p", { class: "block-header", role: "heading", "aria-level": "3" }, lines(plain(block.text))),
  divider: () => h("hr"),
  context: (block, surface) =>
    h("div", { class: "context" }, block.elements.map((each) =>
      each.type === "image" ? picture(each, "context-image") : h("span", {}, text(each, surface)))),
  actions: (block, surface) =>
    h("div", { class: "actions" }, block.elements.map((each) => element(block, each, surface))),
  image: (block) =>
    h("figure", {}, block.title && h("figcaption", {}, plain(block.title)), picture(block, "block-image")),
  input: field,
  rich_text: (block, surface) => richText(block, surface.names),
  markdown: (block, surface) => markdown(block.text, surface.names),
  file: (block) => h("p", { class: "context" }, icon("file"), `外部のファイル:${block.external_id}`),
  video: (block, surface) =>
    h("div", { class: "video" }, picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "block-image"),
      h("p", {}, linkNode(block.title_url ?? block.video_url, plain(block.title), surface.names)),
      block.description && h("p", { class: "small" }, plain(block.description))),
  table: (block, surface) => {
    const rows = block.rows.map((row, at) => h("tr", {}, row.map((cell, column) => {
      const align = block.column_settings?.[column]?.align;
      return h(at ? "td" : "th", { class: align ? `align-${align}` : null, scope: at ? null : "col" },
        cell.type === "rich_text" ? richText(cell, surface.names) : cell.text);
    })));
    return h("div", { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": "表" },
      h("table", {}, h("thead", {}, rows[0]), h("tbody", {}, rows.slice(1))));
  },
};

/** Render a list of blocks. */
export function blocks(list, surface) {
  return (list ?? []).map((block) => {
    const node = BLOCKS[block.type]?.(block, surface) ?? h("p", { class: "small" }, `(表示できない部分:${block.type})`);
    node.dataset.block = block.block_id ?? "";
    return node;
  });
}
