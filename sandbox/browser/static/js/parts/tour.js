// The guided tour: a button in the bar and a small panel that says what to do now, as whom, and why: <tour-guide>.

import { call } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { address, go } from "../route.js";
import { Part, get, nameOf } from "../store.js";
import { isDone } from "../tour/notice.js";
import { ID, pointAt } from "../tour/point.js";
import { again, begin, done, follow, goTo, isThere, leave, load, placeOf, step } from "../tour/progress.js";
import { keepFocus } from "./focus.js";
import { avatar } from "./message.js";
import { attempt } from "./message-menu.js";

const ENDED = "おつかれさまでした。これで一巡りです。";

class TourGuide extends Part {
  static shows = ["tour", "walk", "route", "online", "people", "channels", "page", "thread", "ephemerals", "stack", "home"];

  start() {
    this.button = h("button",
      { type: "button", class: "tool tour-button", "aria-expanded": "false", on: { click: () => this.toggle() } },
      icon("flag"), h("span", {}, "ツアー"));
    this.panel = h("section", { class: "tour", "aria-label": "ツアー" });
    this.said = h("p", { class: "visually-hidden", role: "status" });
    fill(this, this.button, h("span", { id: ID, hidden: true }, "ツアー:次はここです"), this.said);
    this.watch = new MutationObserver((all) => all.some((each) => !this.panel.contains(each.target)) && this.soon());
    new ResizeObserver(() => document.body.style.setProperty("--tour", `${this.panel.offsetHeight}px`)).observe(this.panel);
    addEventListener("change", () => this.soon());
    follow();
  }

  update(changed) {
    if (changed.has("online") && get("online")) load(); // it may be another workspace than before
    this.hidden = !get("tour");
    const { at, since, on } = get("walk");
    const shown = Boolean(get("tour") && on);
    this.button.setAttribute("aria-expanded", String(shown));
    document.body.classList.toggle("touring", shown);
    if (!shown) return this.rest();
    const now = step();
    if (now && this.isMine(now) && isDone(now, since)) return done(now);
    this.draw(now, at);
    this.place();
    this.watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["open"] });
    this.soon();
  }

  isMine(now) {
    return get("online") && get("route").me === now.as;
  }

  rest() {
    this.watch.disconnect();
    this.panel.remove();
    this.drawn = "";
    pointAt(null, "");
  }

  toggle() {
    if (get("walk").on) return leave();
    return attempt(async () => {
      await begin();
      setTimeout(() => this.panel.querySelector(".tour-tools a, .tour-tools button")?.focus());
    });
  }

  /** Above a dialog if one is open, since nothing outside of it can be reached then. */
  place() {
    const top = [...document.querySelectorAll("dialog[open]")].pop() ?? document.querySelector("chat-app");
    if (this.panel.parentNode === top && this.panel.isConnected) return;
    const had = this.panel.contains(document.activeElement);
    if (top.matches("dialog")) top.append(this.panel);
    else top.querySelector(".columns").before(this.panel);
    if (had) this.panel.querySelector("a, button")?.focus();
  }

  /** Once all has been drawn, put the panel back and point anew. */
  soon() {
    if (this.waits || !get("walk").on) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      if (!get("walk").on || !get("tour")) return;
      this.place();
      const now = step();
      const wanted = placeOf(now ?? {});
      if (!now || get("route").me !== now.as) return pointAt(null, "");
      return isThere(now) ? pointAt(now.point ?? null, now.id) : pointAt(wanted && { place: wanted.place }, now.id);
    });
  }

  draw(now, at) {
    const mine = now && get("route").me === now.as;
    const there = mine && isThere(now);
    const drawn = JSON.stringify([at, get("route").me, there, placeOf(now ?? {}), nameOf(now?.as), get("tour").number]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const all = get("tour").steps.length;
    keepFocus(this.panel, () => fill(this.panel, this.head(now, at, all), now ? this.body(now, mine, there) : this.end()));
    const whom = now && !mine ? `${nameOf(now.as)}さんになります。` : "";
    this.said.textContent = now ? `ツアー ${at + 1}/${all}。${whom}${now.do}` : `ツアーはここまでです。${ENDED}`;
  }

  head(now, at, all) {
    const tool = (name, label, run, more) => h("button", {
      type: "button", class: "tool", "aria-label": label, title: label, data: { key: name }, ...more, on: { click: run },
    }, icon(name));
    return h("div", { class: "tour-head" }, h("h2", {}, "ツアー"),
      h("span", { class: "hint grow" }, now ? `${at + 1}/${all}` : "おわり"),
      tool("back", "前へ戻る", () => goTo(at - 1), { disabled: at === 0 }),
      tool("next", "とばす", () => goTo(at + 1), { disabled: !now }),
      tool("close", "ツアーを閉じる(続きから始められます)", () => this.close()));
  }

  body(now, mine, there) {
    const person = nameOf(now.as);
    const about = (get("people")[now.as]?.title ?? "").split("|").at(-1);
    return [
      h("p", { class: "tour-who" }, avatar(now.as, person),
        h("span", {}, h("strong", {}, person), about && h("span", { class: "hint" }, about))),
      h("p", { class: "tour-do" }, now.do), h("p", { class: "hint" }, now.why),
      h("div", { class: "tour-tools" }, mine ? (there ? this.helps(now) : this.way(now)) : this.turn(now, person)),
    ];
  }

  turn(now, person) {
    const wanted = placeOf(now) ?? { place: "", thread: "" };
    return h("a", { class: "button primary", data: { key: "turn" }, href: address({ me: now.as, ...wanted }) },
      `${person.split(" ")[0]}さんになる`);
  }

  way(now) {
    const wanted = placeOf(now);
    const href = wanted && address({ me: now.as, ...wanted });
    return wanted && h("a", { class: "button primary", data: { key: "way" }, href }, "この場所へ行く");
  }

  helps(now) {
    const button = (key, label, run) =>
      h("button", { type: "button", class: "button", data: { key }, on: { click: run } }, label);
    const advance = () => attempt(async () => void (await call("clock", { advance: now.advance })));
    return [
      now.type && button("type", "文を入れる", () => this.type(now)),
      now.advance && button("advance", `時計を${span(now.advance)}進める`, advance),
      now.point && !now.type && button("show", "どこ?", () => this.show(now)),
      now.done.read && button("read", "次へ", () => done(now)),
    ];
  }

  /** Put the text where it belongs, as if it had been typed. */
  type(now) {
    const box = pointAt(now.point ?? null, now.id);
    if (!box || !("value" in box)) return;
    box.value = now.type;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show(now) {
    const node = pointAt(now.point, now.id);
    node?.scrollIntoView({ block: "center" });
    (node?.matches("label") ? node.querySelector("input") : node)?.focus();
    if (!node) this.said.textContent = "まだ出ていません。少し待ってください。";
  }

  end() {
    return [h("p", { class: "tour-do" }, ENDED),
      h("p", { class: "hint" }, "このあとは、だれになって何をしても大丈夫です。ここは練習用なので、外には何も出ません。"),
      h("div", { class: "tour-tools" }, h("button",
        { type: "button", class: "button", data: { key: "again" }, on: { click: () => attempt(again) } }, "もう一度"))];
  }

  close() {
    leave();
    setTimeout(() => this.button.focus());
  }
}

const span = (seconds) => (seconds % 3600 ? `${Math.round(seconds / 60)}分` : `${seconds / 3600}時間`);

/** The way in, for those who have chosen nobody yet: <tour-offer>. */
class TourOffer extends HTMLElement {
  async connectedCallback() {
    const tour = await load();
    if (!tour) return;
    const started = get("walk").since && get("walk").at < tour.steps.length;
    const start = () => attempt(async () => {
      await begin();
      go({ me: step().as, ...placeOf(step()) });
    });
    fill(this, h("h2", {}, tour.title), h("p", {}, tour.about),
      h("button", { type: "button", class: "button primary", on: { click: start } }, started ? "ツアーの続きから" : "ツアーを始める"));
  }
}

customElements.define("tour-guide", TourGuide);
customElements.define("tour-offer", TourOffer);
