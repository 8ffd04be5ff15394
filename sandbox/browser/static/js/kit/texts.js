// Block Kit's text objects.

import { h } from "../dom.js";
import { emoji } from "../text/emoji.js";
import { mrkdwn, unescape } from "../text/mrkdwn.js";

/** A text object. plain_text shows emoji names as signs, unless told not to. */
export function text(object, surface) {
  if (!object) return "";
  if (object.type === "mrkdwn") return mrkdwn(object.text, surface.names);
  return lines(plain(object));
}

/** The characters of a plain text object. */
export const plain = (object) =>
  unescape(object?.text ?? "").replace(/:([a-z0-9_+'-]+):/g, (all, name) =>
    object.emoji === false ? all : (emoji(name) ?? all));

export const lines = (words) => words.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
