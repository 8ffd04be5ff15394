// Has a step been done? Seen from what this window shows anyway.

import { get } from "../store.js";

/** Whether the signs of a step are there, for the person who is to do it. */
export function isDone(step, since) {
  const [[kind, value]] = Object.entries(step.done);
  return Boolean(SIGNS[kind]?.(value, step, since));
}

const SIGNS = {
  said: (_, step, since) => seen(since).some((each) => each.user === step.as),
  shows: (text, _, since) => seen(since).some((each) => get("people")[each.user]?.bot && words(each).includes(text)),
  thread: (_, __, since) => Number(get("thread").root) >= since && get("thread").messages.length > 1,
  view: (title) => get("stack").at(-1)?.title?.text === title,
  closed: () => get("stack").length === 0,
};

/** The messages of the tour that this window shows: those of the open thread if there is one, else of the channel. */
function seen(since) {
  const { root, messages } = get("thread");
  const place = get("page").channel;
  const own = get("ephemerals").filter((each) => each.channel === place);
  return [...(root ? messages : get("page").messages), ...own].filter((each) => Number(each.ts) >= since);
}

/** All words of a message, those in its blocks too. */
function words(message) {
  const found = [message.text ?? ""];
  const collect = (value) => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (value && typeof value === "object") {
      for (const [key, each] of Object.entries(value)) {
        if (key === "text" && typeof each === "string") found.push(each);
        else collect(each);
      }
    }
  };
  collect(message.blocks);
  return found.join("\n");
}
