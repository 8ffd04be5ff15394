// The focus survives what is drawn anew.

/** What stands in `node` for `old`, which was drawn anew: by its key, else by its action, if that is the only one. */
export function counterpart(node, old) {
  const alike = (name) => [...node.querySelectorAll(`[data-${name}]`)].filter((each) =>
    each.dataset[name] === old.dataset?.[name]);
  const acting = alike("action"); // blocks without an id of the app's own get another one with each edit
  return alike("key")[0] ?? (acting.length === 1 ? acting[0] : null);
}

/** Draw something anew; what had the focus in it gets it back. */
export function keepFocus(node, draw) {
  const active = node.contains(document.activeElement) ? document.activeElement : null;
  const caret = active && "selectionStart" in active ? read(active) : null;
  draw();
  if (!active) return;
  const same = counterpart(node, active);
  if (!same) return;
  same.focus({ preventScroll: true });
  if (same.isContentEditable) {
    getSelection().selectAllChildren(same);
    getSelection().collapseToEnd();
  }
  if (caret !== null && "setSelectionRange" in same) {
    try {
      same.setSelectionRange(caret, caret);
    } catch {
      // inputs of some types have no caret
    }
  }
}

function read(node) {
  try {
    return node.selectionStart;
  } catch {
    return null;
  }
}
