// What is asked of the service about terms, one function an operation.

import { json, part, send } from "./send.js";

/** @import { Imported, Term, TermProposal, TermState } from "./answers.js" */

/** @type {(asked: { query: string, state: TermState, offset: number, limit: number }) => Promise<{ total: number, terms: Term[] }>} */
export const find = ({ query, state, offset, limit }) => json("POST", "/terms/search", { query, state, offset, limit });

/** @type {(id: string) => Promise<Term>} with its history, for whoever works on terms */
export const termOf = (id) => json("GET", `/terms/${part(id)}`);

/** @type {(term: TermProposal) => Promise<{ term_id: string }>} */
export const propose = (term) => json("POST", "/terms", term);

/** @type {(id: string, reason: string) => Promise<Response>} */
export const approve = (id, reason) => send("POST", `/terms/${part(id)}/approval`, { reason });

/** @type {(id: string, reason: string) => Promise<Response>} */
export const reject = (id, reason) => send("POST", `/terms/${part(id)}/rejection`, { reason });

/** @type {(id: string, reason: string) => Promise<Response>} */
export const withdraw = (id, reason) => send("POST", `/terms/${part(id)}/withdrawal`, { reason });

/** @type {(form: FormData) => Promise<Imported>} */
export const bringIn = (form) => json("POST", "/terms/import", form);
