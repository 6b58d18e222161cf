// Reads and writes the address: `#/` is the search, `#/document/ID/PAGE` the reader, `#/account` oneself. Carries no more.

/** @typedef {{ view: "search" } | { view: "account" } | { view: "reader", id: string, page: number }} Place */

/**
 * Where the address points: {view: "search"}, {view: "account"} or {view: "reader", id, page}.
 * @returns {Place}
 */
export function place(hash = location.hash) {
  if (hash === "#/account") return { view: "account" };
  const parts = /^#\/document\/([^/?]+)(?:\/(\d{1,6}))?$/.exec(hash);
  if (!parts) return { view: "search" };
  return { view: "reader", id: decoded(parts[1]), page: Math.max(1, Number(parts[2] ?? 1)) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The address of a page of a document.
 * @param {string} id
 * @param {number} page
 */
export function address(id, page) {
  return `#/document/${encodeURIComponent(id)}/${page}`;
}

/**
 * Turn to another page of the same document: no new step in the history, so Back leaves the document.
 * @param {string} id
 * @param {number} page
 */
export function turn(id, page) {
  history.replaceState(history.state, "", address(id, page));
}

/** Note that this entry of the history was reached from the results, so that closing it can go back. */
export function noteFromResults() {
  history.replaceState({ fromResults: true }, "");
}

/** Leave the reader: back to the results it was opened from, else to the search. */
export function leave() {
  if (history.state?.fromResults) history.back();
  else location.hash = "#/";
}

/** Begin again at the search, leaving no document in the address. */
export function reset() {
  history.replaceState(null, "", "#/");
}
