// What somebody selected in the page's text: the letters of one column, and nothing that the paper does not say.

/**
 * @typedef {object} Selected
 * @property {"original" | "translation"} column
 * @property {{ id: string, text: string, begins: boolean }[]} pieces of each sentence what is selected, by its identifier
 */

/**
 * The selection inside the text; where nothing is selected, the sentence that has the focus; null without either.
 * @param {HTMLElement} body
 * @returns {Selected | null}
 */
export function selectedIn(body) {
  const selection = getSelection();
  const range = selection && !selection.isCollapsed && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
  if (range?.intersectsNode(body)) return ofRange(body, range);
  const focused = document.activeElement?.closest(".sentence");
  if (!focused || !body.contains(focused)) return null;
  const whole = document.createRange();
  whole.selectNodeContents(focused);
  return ofRange(body, whole);
}

/** @param {HTMLElement} body @param {Range} range @returns {Selected | null} */
function ofRange(body, range) {
  const every = [...body.querySelectorAll(".sentence")].filter((node) => node.getClientRects().length > 0 && range.intersectsNode(node));
  const column = every[0]?.matches(".translation") ? "translation" : "original";
  const pieces = every.filter((node) => node.matches(`.${column}`)).map((node) => piece(/** @type {HTMLElement} */ (node), range));
  const said = pieces.filter(({ text }) => text.trim() !== "");
  return said.length ? { column, pieces: said } : null;
}

/** @param {HTMLElement} sentence @param {Range} range */
function piece(sentence, range) {
  const begins = sentence.closest(".row")?.previousElementSibling === null;
  return { id: sentence.dataset.segment ?? "", text: clippedText(sentence.querySelector(".words"), range), begins };
}

/**
 * What of these words lies in a range.
 * @param {Element | null} words
 * @param {Range} range
 */
export function clippedText(words, range) {
  if (!words || !range.intersectsNode(words)) return "";
  const part = document.createRange();
  part.selectNodeContents(words);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part.toString();
}
