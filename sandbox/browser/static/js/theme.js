// Light or dark: as the system says, or as the person chose.

const KEY = "theme";

function show(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

export const start = () => show(localStorage.getItem(KEY));

export function flip() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const next = dark ? "light" : "dark";
  localStorage.setItem(KEY, next);
  show(next);
}
