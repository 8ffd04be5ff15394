// The way out: people act through the sandbox's control API.

import { get } from "./store.js";
import { refusal } from "./text/words.js";

/** The sandbox refused, or could not be reached; the message is a sentence for people, `code` is for programs. */
export class Refused extends Error {
  constructor(code, detail) {
    super(refusal(code, detail));
    this.code = code;
  }
}

/** Run a control verb. Raises Refused. */
export async function call(verb, args = {}) {
  let body;
  try {
    const answer = await fetch(`/control/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(args),
    });
    body = await answer.json();
  } catch {
    throw new Refused("unreachable");
  }
  if (!body.ok) throw new Refused(body.error, body.detail);
  return body;
}

/** Do something as the person of this window. Raises Refused. */
export const act = (verb, args = {}) => call(`act/${verb}`, { person: get("route").me, ...args });

export const fileAddress = (file) => `/browser/file/${file.id}?person=${encodeURIComponent(get("route").me)}`;

/** Read chosen files into what the control API takes. */
export const packed = (files) => Promise.all([...files].map(pack));

function pack(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done({ name: file.name, base64: String(reader.result).split(",")[1] ?? "" });
    reader.onerror = () => failed(new Refused("unreadable_file", file.name));
    reader.readAsDataURL(file);
  });
}
