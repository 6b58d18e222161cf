// What both lists of enquiries share: the frame, loading, and saying what became of an act.

import { announce, byId, h } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import { Problem } from "../service/problem.js";

/** @typedef {(asking: () => Promise<boolean>, said: () => string) => Promise<void>} Act ask, say that it is done, load anew */

/**
 * @template R
 * @typedef {object} ListGiven
 * @property {string} id
 * @property {() => { title: string, lead: import("../parts/dom.js").Child[] }} words in the language of now
 * @property {() => Promise<R>} load
 * @property {(act: Act) => { node: HTMLElement, fill: (loaded: R) => void }} rows made anew with each language
 */

/**
 * A view around a list.
 * @template R
 * @param {ListGiven<R>} given
 */
export function listView({ id, words, load, rows }) {
  const node = h("section", { class: `work ${id}`, "aria-labelledby": `${id}-title` });
  /** @type {R | null} */
  let loaded = null;
  let on = draw();

  function draw() {
    const { title, lead } = words();
    const outcome = h("p", { class: "outcome", role: "status" });
    const trouble = h("div", {});
    const list = rows(act);
    const heading = h("h1", { id: `${id}-title`, tabindex: "-1" }, title);
    node.replaceChildren(h("div", { class: "work-head" }, heading, lead), outcome, trouble, list.node);
    if (loaded !== null) list.fill(loaded);
    return { outcome, trouble, list };
  }

  async function renew() {
    try {
      loaded = await load();
      on.trouble.replaceChildren();
      on.list.fill(loaded);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      on.trouble.replaceChildren(notice(problem, renew));
    }
  }

  /** @type {Act} */
  async function act(asking, said) {
    if (!(await asking())) return;
    on.outcome.textContent = said();
    announce(said());
    await renew();
    byId(`${id}-title`).focus();
  }

  const enter = () => {
    on.outcome.textContent = "";
    byId(`${id}-title`).focus();
    return renew();
  };
  const redraw = () => {
    on = draw();
  };
  return { node, enter, redraw };
}
