// The papers that were opened last, while somebody is signed in. Kept in memory alone, and forgotten with the session.

/** @typedef {{ document_id: string, title: Partial<Record<string, string>>, language: string, symbol: string }} Opened */

const MOST = 8;
/** @type {Opened[]} the last first */
let papers = [];

/** @param {Opened} paper */
export function noteOpened({ document_id: id, title, language, symbol }) {
  papers = [{ document_id: id, title, language, symbol }, ...papers.filter((one) => one.document_id !== id)].slice(0, MOST);
}

export const recentPapers = () => papers;

export function forgetPapers() {
  papers = [];
}
