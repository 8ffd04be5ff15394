// Nobody chosen yet: who do you want to be? <welcome-page>

import { call } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { address } from "../route.js";
import { Part, get } from "../store.js";
import { byRole, parted } from "../text/roles.js";
import { avatar } from "./message.js";

class WelcomePage extends Part {
  static shows = ["route", "unknown"];

  update() {
    const wanted = !get("route").me || get("unknown");
    this.hidden = !wanted;
    document.body.classList.toggle("nobody", wanted);
    if (wanted && !this.asked) this.ask();
    if (!wanted) this.asked = false;
  }

  async ask() {
    this.asked = true;
    document.title = "練習用ワークスペース";
    try {
      const { people } = await call("people");
      this.draw(people.filter((each) => !each.is_bot && !each.deleted && each.id !== "USLACKBOT"));
    } catch (error) {
      fill(this, h("main", { class: "welcome" }, h("h1", {}, "練習用ワークスペース"), h("p", {}, error.message)));
    }
  }

  draw(people) {
    const groups = byRole(people, (each) => each.profile.title);
    fill(this, h("main", { class: "welcome" }, h("h1", {}, "練習用ワークスペース"),
      h("p", {}, "架空の職場です。だれになって使ってみますか。窓をいくつか開けば、同時に何人にもなれます。"),
      document.createElement("tour-offer"),
      get("unknown") && get("route").me && h("p", { class: "wrong" }, "その人は見つかりません。選び直してください。"),
      people.length === 0 && h("p", { class: "empty" }, "まだだれもいません。"),
      groups.map(([kind, members]) => h("section", { "aria-label": kind }, h("h2", {}, kind),
        h("ul", { class: "cards" }, members.map((each) => this.card(each)))))));
  }

  card(person) {
    const title = parted(person.profile.title).about;
    return h("li", { class: "card" }, h("a", { class: "card-main", href: address({ me: person.id }) },
      avatar(person.id, person.real_name),
      h("span", {}, h("strong", {}, person.real_name), title && h("span", { class: "hint" }, title))),
    h("a", { class: "tool", href: `/${address({ me: person.id })}`, target: "_blank",
      "aria-label": `${person.real_name}として新しい窓を開く`, title: "新しい窓で開く" }, icon("window")));
  }
}

customElements.define("welcome-page", WelcomePage);
