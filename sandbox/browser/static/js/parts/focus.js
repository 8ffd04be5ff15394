// The focus survives what is drawn anew.

/** Draw something anew; what had the focus in it (by its data-key) gets it back. */
export function keepFocus(node, draw) {
  const active = node.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const caret = active && "selectionStart" in active ? read(active) : null;
  draw();
  if (!active) return;
  const same = key && [...node.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
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
