// What the tables of an administrator share: the frame of a view that lists rows and says what became of a change.

import { announce, byId, h } from "../parts/dom.js";
import { notice, outcomeWords } from "../parts/notice.js";
import { Problem } from "../service/problem.js";

/**
 * @import { Outcome } from "../service/answers.js"
 * @typedef {(asking: () => Promise<Outcome | null>) => Promise<void>} Doing ask, say what became of it, load anew
 */

/**
 * @template R
 * @typedef {object} BoardGiven
 * @property {string} id
 * @property {() => { title: string, lead: string }} words what stands above, in the language of now
 * @property {() => Promise<R>} load
 * @property {(doing: Doing) => { node: HTMLElement, fill: (loaded: R) => void }} table made anew with each language
 * @property {(doing: Doing, loaded: R) => Node[]} head the buttons above the table
 */

/**
 * A view around a table.
 * @template R
 * @param {BoardGiven<R>} given
 */
export function board({ id, words, load, table, head }) {
  const node = h("section", { class: `work ${id}`, "aria-labelledby": `${id}-title` });
  /** @type {R | null} */
  let loaded = null;
  let on = draw();

  function draw() {
    const { title, lead } = words();
    const outcome = h("p", { class: "outcome", role: "status" });
    const trouble = h("div", {});
    const presses = h("p", { class: "buttons" });
    const rows = table(doing);
    const heading = h("h1", { id: `${id}-title`, tabindex: "-1" }, title);
    node.replaceChildren(h("div", { class: "work-head" }, heading, h("p", {}, lead)), presses, outcome, trouble, rows.node);
    return { outcome, trouble, presses, rows };
  }

  function show() {
    if (loaded === null) return;
    on.rows.fill(loaded);
    if (!on.presses.childElementCount) on.presses.append(...head(doing, loaded));
  }

  async function renew() {
    try {
      loaded = await load();
      on.trouble.replaceChildren();
      show();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      on.trouble.replaceChildren(notice(problem, renew));
    }
  }

  /** @type {Doing} */
  async function doing(asking) {
    const outcome = await asking();
    if (!outcome) return;
    on.outcome.textContent = outcomeWords(outcome);
    announce(outcomeWords(outcome));
    await renew();
  }

  return {
    node,
    enter: () => {
      byId(`${id}-title`).focus();
      return renew();
    },
    redraw: () => {
      on = draw();
      show();
    },
  };
}
