// A strip with a small picture of each page and a mark where something was found. Fetches what is in sight, one at a time.

import { t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { scrollWithin } from "./linked-highlight.js";
import { say } from "./strings.js";

/**
 * @typedef {object} On
 * @property {(page: number, width: number, signal: AbortSignal) => Promise<Blob>} picture
 * @property {(page: number) => void} turnTo
 */

const KEY = "tolmach.strip";
const WIDTH = 100; // pixels: the service draws no narrower
const REST = 200; // milliseconds that a page is in sight until its picture is asked for: each is an entry in the trail
/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** Whether the reader of this browser chose to see the strip. */
export const stripChosen = () => localStorage.getItem(KEY) === "on";

/** @param {boolean} chosen */
export const keepStrip = (chosen) => localStorage.setItem(KEY, chosen ? "on" : "off");

export class Thumbnails {
  /** @param {number} total pages @param {On} on */
  constructor(total, on) {
    this.on = on;
    this.thumbs = Array.from({ length: total }, (_, at) => thumb(at + 1, () => on.turnTo(at + 1)));
    const list = h("ol", {}, this.thumbs.map((one) => h("li", {}, one)));
    const onkeydown = (/** @type {KeyboardEvent} */ event) => this.step(event);
    this.node = h("nav", { class: "strip", "aria-label": say("stripName"), hidden: true, onkeydown }, list);
    /** @type {Set<HTMLElement>} those in sight that have no picture yet */
    this.waiting = new Set();
    this.stop = new AbortController();
    this.fetching = false;
    this.timer = 0;
    this.watch = new IntersectionObserver((entries) => this.moved(entries), { root: this.node });
    this.current = 1;
    this.at(1);
  }

  /** Show which page is open. @param {number} page */
  at(page) {
    this.thumbs[this.current - 1]?.removeAttribute("aria-current");
    this.current = page;
    const own = this.thumbs[page - 1];
    own?.setAttribute("aria-current", "page");
    this.makeStop(own);
    scrollWithin(this.node, own, true);
  }

  /** @param {boolean} chosen */
  show(chosen) {
    this.node.hidden = !chosen;
    if (!chosen) return this.clear();
    for (const one of this.thumbs) this.watch.observe(one);
    scrollWithin(this.node, this.thumbs[this.current - 1], true);
  }

  /** Mark the pages on which something was found. @param {Map<number, number>} counts */
  mark(counts) {
    this.thumbs.forEach((one, at) => {
      const n = counts.get(at + 1) ?? 0;
      one.querySelector(".strip-mark")?.remove();
      if (n) one.append(h("span", { class: "strip-mark" }, n));
      one.setAttribute("aria-label", n ? say("stripFound", { page: at + 1, places: t("places", { n }) }) : say("stripPage", { n: at + 1 }));
    });
  }

  /** Let go of all pictures. */
  clear() {
    clearTimeout(this.timer);
    this.watch.disconnect();
    this.stop.abort();
    this.stop = new AbortController();
    this.waiting.clear();
    this.thumbs.forEach(empty);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const one = /** @type {HTMLElement} */ (target);
      if (isIntersecting) this.waiting.add(one);
      else {
        this.waiting.delete(one);
        empty(one);
      }
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.bring(), REST);
  }

  /** A page whose picture does not come keeps its number: it can be opened all the same. */
  async bring() {
    if (this.fetching) return;
    this.fetching = true;
    const { signal } = this.stop;
    for (const one of this.waiting) {
      this.waiting.delete(one);
      const blob = await this.on.picture(Number(one.dataset.page), WIDTH, signal).catch(() => null);
      if (signal.aborted) break;
      if (blob) fill(one, blob);
    }
    this.fetching = false;
    if (this.waiting.size) this.timer = setTimeout(() => this.bring(), REST);
  }

  /** @param {HTMLElement | undefined} one the only one in the order of Tab */
  makeStop(one) {
    for (const old of this.node.querySelectorAll("[tabindex='0']")) old.setAttribute("tabindex", "-1");
    one?.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const by = STEPS[event.key];
    const from = this.thumbs.findIndex((one) => one === event.target);
    if (!by || from < 0) return;
    event.preventDefault();
    event.stopPropagation(); // here arrows turn no page
    const to = this.thumbs[Math.min(this.thumbs.length - 1, Math.max(0, from + by))];
    this.makeStop(to);
    to.focus();
  }
}

/** @param {number} page @param {() => void} onclick */
function thumb(page, onclick) {
  const picture = h("span", { class: "strip-picture" });
  const about = { class: "thumb", "data-page": page, tabindex: "-1", "aria-label": say("stripPage", { n: page }), onclick };
  return button(about, picture, h("span", { class: "strip-number" }, page));
}

/** @param {HTMLElement} one @param {Blob} blob */
function fill(one, blob) {
  const address = URL.createObjectURL(blob);
  const image = h("img", { alt: "", src: address, draggable: "false" });
  one.querySelector(".strip-picture")?.replaceChildren(image);
}

/** @param {HTMLElement} one */
function empty(one) {
  const image = one.querySelector("img");
  if (!image) return;
  URL.revokeObjectURL(image.src);
  image.remove();
}
