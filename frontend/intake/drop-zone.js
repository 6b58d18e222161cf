// Where files are dropped or chosen. Takes none before there is a label.

import { h } from "../parts/dom.js";
import { say } from "./strings.js";

/**
 * The zone. `under()` gives the form of the label, or null; `add` is called with the files and that form. `follow` says
 * that the label may have changed.
 * @param {() => Record<string, string> | null} under
 * @param {(files: File[], form: Record<string, string>) => unknown} add
 */
export function dropZone(under, add) {
  const input = h("input", { type: "file", id: "files", accept: ".pdf,application/pdf", multiple: true });
  input.addEventListener("change", () => take(input.files));
  const first = h("p", { class: "hint" }, say("labelFirst"));
  const label = h("label", { for: "files", class: "button primary" }, say("chooseFiles"));
  const node = h("div", { class: "drop" }, h("p", {}, say("drop")), h("p", { class: "chooser" }, input, label), first);

  function follow() {
    const ready = under() !== null;
    input.disabled = !ready;
    node.classList.toggle("ready", ready);
    first.hidden = ready;
  }

  /** @param {FileList | null | undefined} files */
  function take(files) {
    const form = under();
    if (form && files?.length) add([...files], form);
    input.value = "";
  }

  node.addEventListener("dragover", (event) => {
    event.preventDefault();
    node.classList.toggle("over", under() !== null);
  });
  node.addEventListener("dragleave", () => node.classList.remove("over"));
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    node.classList.remove("over");
    take(event.dataTransfer?.files);
  });
  return { node, follow };
}
