// Where blocks are shown, and so where a press goes: a message, the modal on top, the home tab.

import { act } from "../api.js";
import { names } from "../store.js";
import { failure } from "../text/words.js";
import { tell } from "../parts/toasts.js";

export class Surface {
  /** `on` is "view", "home" or {channel, ts}; `state` what was entered, by block and action (Slack's state.values). */
  constructor(on, state = {}) {
    this.on = on;
    this.state = state;
    this.names = names;
    this.values = new Map(); // what was entered here and not sent, by block id
  }

  /** How the element stands: what was entered here, else what the workspace knows, else nothing. */
  stateOf(block, element) {
    return this.state[block.block_id]?.[element.action_id];
  }

  /** Send what was typed so far; a press in a view carries it. */
  async flush() {
    if (typeof this.on !== "string" || this.values.size === 0) return;
    await act("enter", { on: this.on, values: Object.fromEntries(this.values) });
  }

  /** Note what was typed; nothing is sent but by a press, by submitting, or after a while to survive a reload. */
  enter(block, value) {
    this.values.set(block.block_id, value);
    this.entered?.(block.block_id);
  }

  /** Press or choose. Tells what went wrong in words; answers whether the app took it. */
  async press(block, element, choose, value) {
    try {
      await this.flush();
      const name = { block_id: block.block_id, action_id: element.action_id, value };
      const { outcome } = await act("press", { name, on: this.on, choose });
      if (!outcome.acked) tell(failure(outcome.reason), "bad");
      return outcome.acked;
    } catch (error) {
      tell(error.message, "bad");
      return false;
    }
  }

  /** What the app offers for what was typed. Raises Refused. */
  async suggest(block, element, typed) {
    const name = { block_id: block.block_id, action_id: element.action_id };
    return (await act("suggest", { name, on: this.on, typed })).options;
  }
}
