// A thin line above everything while the service is asked for something that takes longer than a moment.

import { h } from "../parts/dom.js";
import { onOpenRequests } from "../service/send.js";

const A_MOMENT = 400; // milliseconds: what is quicker shows no line

export function workBar() {
  const node = h("div", { class: "work-bar", "aria-hidden": "true", hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  onOpenRequests((open) => {
    if (open === 0) {
      clearTimeout(timer);
      timer = undefined;
      node.hidden = true;
    } else {
      timer ??= setTimeout(() => {
        node.hidden = false;
      }, A_MOMENT);
    }
  });
  return node;
}
