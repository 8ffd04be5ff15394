// Names that people type, and what they stand for.

import { get } from "../store.js";

/** The text with "@name" and "#channel" as Slack writes them; the longest name wins. */
export function marked(text) {
  if (!/[@#\uFF20\uFF03]/.test(text)) return text;
  const people = Object.values(get("people")).filter((each) => !each.deleted)
    .flatMap((each) => [each.name, each.handle].filter(Boolean).map((name) => [`@${name}`, `<@${each.id}>`]));
  const groups = Object.entries(get("groups")).map(([id, each]) => [`@${each.handle}`, `<!subteam^${id}>`]);
  const channels = (get("channels") ?? []).filter((each) => each.name).map((each) => [`#${each.name}`, `<#${each.id}>`]);
  const known = [...people, ...groups, ...channels].sort((one, other) => other[0].length - one[0].length);
  let out = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at).replace(/^\uFF20/, "@").replace(/^\uFF03/, "#");
    const found = known.find(([name]) => rest.toLowerCase().startsWith(name.toLowerCase()));
    out += found ? found[1] : text[at];
    at += found ? found[0].length : 1;
  }
  return out;
}

/** What may follow the word that is being typed: people, groups, channels or commands. */
export function completions(text, caret, inThread) {
  const before = text.slice(0, caret);
  const command = /^[/\u30FB\uFF0F]([^\s]*)$/.exec(before);
  if (command) return { from: 0, items: inThread ? [] : commands(command[1]) };
  const word = /(?:^|\s)([@#\uFF20\uFF03])([^\s@#]*)$/.exec(before);
  if (!word) return { from: 0, items: [] };
  const from = caret - word[2].length - 1;
  return { from, items: ("@\uFF20".includes(word[1]) ? called : rooms)(word[2].toLowerCase()).slice(0, 8) };
}

const commands = (typed) =>
  get("app").commands.filter((each) => each.command.slice(1).startsWith(typed))
    .map((each) =>
      ({ insert: `${each.command} `, label: `${each.command} ${each.usage_hint ?? ""}`.trim(), about: each.description }));

const called = (typed) => {
  const people = Object.values(get("people")).filter((each) => !each.deleted && each.id !== get("route").me)
    .map((each) =>
      ({ insert: `@${each.name} `, label: each.name, about: each.title ?? "", find: `${each.name}${each.handle}` }));
  const groups = Object.values(get("groups")).map((each) =>
    ({ insert: `@${each.handle} `, label: `@${each.handle}`, about: each.name, find: each.handle }));
  return [...people, ...groups].filter((each) => each.find.toLowerCase().replaceAll(" ", "").includes(typed));
};

const rooms = (typed) =>
  (get("channels") ?? []).filter((each) => each.name && each.name.toLowerCase().includes(typed))
    .map((each) => ({ insert: `#${each.name} `, label: `#${each.name}`, about: each.topic ?? "" }));
