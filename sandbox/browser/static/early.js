// Before anything is drawn: light or dark as the person chose, or it would flash. What else the page does is in js/.
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
