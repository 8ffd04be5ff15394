// The page starts: who am I, what do I see.

import { connect } from "./feed.js";
import { start as startRoute } from "./route.js";
import { get } from "./store.js";
import "./parts/app.js";
import "./parts/welcome.js";
import { closeMenu } from "./parts/menu.js";
import { start as startToasts } from "./parts/toasts.js";

startRoute(() => {
  closeMenu();
  connect(get("route").me);
});
document.querySelector(".opening").remove();
document.body.append(document.createElement("welcome-page"), document.createElement("chat-app"));
startToasts();
