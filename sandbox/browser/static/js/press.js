// Where a button is held down the screen stays as it is until it is let go: to a browser it is no press if the button was
// drawn anew in between, or has moved away from below the pointer.

const HELD = "button, a, label";
const KEYS = new Set(["Enter", " "]);
const LATE = 300; // milliseconds after which a touch that ended is no click any more

let held = null; // what is held down
let timer = 0;
const waiting = new Map(); // what is to be done once nothing in a part of the screen is held down, by kind

/** Run at once; while something in this part of the screen is held down, afterwards. Of one kind only the last waits. */
export function settled(part, run, kind = part) {
  if (held && part.contains(held)) waiting.set(kind, run);
  else run();
}

function hold(event) {
  const node = event.target.closest?.(HELD);
  if (!node) return;
  clearTimeout(timer);
  held = node;
}

/** The click comes after what ends it, so it is let go a moment later. */
function end(wait) {
  if (!held) return;
  clearTimeout(timer);
  timer = setTimeout(free, wait);
}

function free() {
  clearTimeout(timer);
  held = null;
  const all = [...waiting.values()];
  waiting.clear();
  for (const run of all) run();
}

addEventListener("pointerdown", (event) => event.button === 0 && hold(event), true);
addEventListener("pointerup", (event) => end(event.pointerType === "touch" ? LATE : 0), true);
addEventListener("keydown", (event) => KEYS.has(event.key) && hold(event), true);
addEventListener("keyup", (event) => KEYS.has(event.key) && end(0), true);
addEventListener("click", () => end(0), true);
addEventListener("pointercancel", free, true); // it became scrolling, or dragging
addEventListener("contextmenu", free, true); // what ends it may never be heard
addEventListener("blur", free);
