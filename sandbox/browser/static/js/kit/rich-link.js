// Asks where a link leads, for the words that are chosen, or for the link in which the caret stands.

import { h } from "../dom.js";
import { rescue } from "../parts/toasts.js";

const FOLLOWED = /^(https?:\/\/\S+|mailto:\S+@\S+)$/i;
let number = 0;

/** Ask, and make the link, or take it away. */
export function askLink(box) {
  const there = chosen(box);
  const range = there.range.cloneRange();
  const id = `link-${(number += 1)}`;
  const text = h("input", { class: "text-input", id: `${id}-text`, value: range.toString(), autocomplete: "off" });
  const url = h("input", { class: "text-input", id: `${id}-url`, value: there.url, autocomplete: "off", inputmode: "url",
    placeholder: "https://", "aria-describedby": `${id}-wrong`, on: { input: () => complain("") } });
  const wrong = h("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
  const complain = (sentence) => {
    wrong.textContent = sentence;
    wrong.hidden = !sentence;
    if (sentence) url.setAttribute("aria-invalid", "true");
    else url.removeAttribute("aria-invalid");
  };
  const close = () => {
    rescue();
    dialog.close();
    dialog.remove();
    box.focus();
    getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  };
  const save = () => {
    const address = url.value.trim();
    if (!FOLLOWED.test(address)) {
      complain("https:// から始まるアドレスを入力してください。");
      url.focus();
      return;
    }
    close();
    put(text.value.trim() || address, range.toString(), address);
  };
  const remove = () => {
    close();
    document.execCommand("unlink");
  };
  const button = (label, run, kind = "") =>
    h("button", { type: "button", class: `button ${kind}`, on: { click: run } }, label);
  const dialog = h("dialog", { class: "dialog small-dialog", "aria-labelledby": id, on: {
    cancel: (event) => {
      event.preventDefault();
      close();
    },
    keydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      save();
    },
  } },
    h("h2", { id }, "リンク"),
    h("div", { class: "field" }, h("label", { class: "label", for: `${id}-text` }, "表示する文字"), text),
    h("div", { class: "field" }, h("label", { class: "label", for: `${id}-url` }, "リンク先"), url, wrong),
    h("div", { class: "dialog-foot" }, there.url && button("リンクを外す", remove), button("やめる", close),
      button("決める", save, "primary")));
  document.body.append(dialog);
  dialog.showModal();
  (range.collapsed ? text : url).focus();
}

/** What is chosen: the whole link if the caret stands in one, else the selection, else the end of the box. */
function chosen(box) {
  const selection = getSelection();
  const node = selection.anchorNode;
  if (!node || !box.contains(node)) {
    selection.selectAllChildren(box);
    selection.collapseToEnd();
    return { range: selection.getRangeAt(0), url: "" };
  }
  const link = (node.nodeType === Node.TEXT_NODE ? node.parentNode : node).closest("a");
  if (!link || !box.contains(link)) return { range: selection.getRangeAt(0), url: "" };
  const range = document.createRange();
  range.selectNodeContents(link);
  return { range, url: link.getAttribute("href") ?? "" };
}

function put(text, before, address) {
  if (text !== before) {
    document.execCommand("insertText", false, text);
    const { anchorNode: node, anchorOffset: at } = getSelection();
    getSelection().setBaseAndExtent(node, Math.max(0, at - text.length), node, at);
  }
  document.execCommand("createLink", false, address);
  getSelection().collapseToEnd();
}
