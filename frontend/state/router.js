// Reads and writes the address: `#/` is the first page, `#/VIEW` or `#/VIEW/ID` another. Carries identifiers, no words.

/** @typedef {{ view: string, id: string, page: number }} Place `id` is "" where the view shows no one thing */

const FIRST = { view: "", id: "", page: 1 };

/**
 * Where the address points; `view` is "" for the first page, "document" for the reader.
 * @returns {Place}
 */
export function place(hash = location.hash) {
  const [, view, id = "", page = "1"] = /^#\/([a-z]+)(?:\/([^/?]+)(?:\/(\d{1,6}))?)?$/.exec(hash) ?? [];
  if (!view || (view === "document" && !id)) return FIRST;
  return { view, id: decoded(id), page: Math.max(1, Number(page)) };
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

/**
 * Keep in the address what a view shows, so that Back and a reload come to it: no new step in the history.
 * @param {string} view
 * @param {string} id
 */
export function keepInAddress(view, id) {
  history.replaceState(history.state, "", id ? `#/${view}/${encodeURIComponent(id)}` : `#/${view}`);
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
