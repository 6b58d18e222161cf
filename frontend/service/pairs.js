// What is asked of the service about pairs of papers, one function an operation.

import { asking, json, part } from "./send.js";

/** @import { Correction, Differences, Lending, Pair, PairDetail } from "./answers.js" */

/** @type {(asked: { state: string, offset: number, limit: number }) => Promise<{ total: number, pairs: Pair[] }>} */
export const listed = (asked) => json("GET", `/pairs?${asking(asked)}`);

/** @type {(ids: string[], reason: string) => Promise<Pair>} */
export const make = (ids, reason) => json("POST", "/pairs", { document_ids: ids, reason });

/** @type {(id: string, reason: string) => Promise<Pair>} */
export const confirm = (id, reason) => json("POST", `/pairs/${part(id)}/confirmation`, { reason });

/** @type {(id: string, reason: string) => Promise<Pair>} */
export const reject = (id, reason) => json("POST", `/pairs/${part(id)}/rejection`, { reason });

/** @type {(id: string, lending: Lending, reason: string) => Promise<Pair>} what its papers lend each other and the memory */
export const setLending = (id, lending, reason) => json("PUT", `/pairs/${part(id)}/lending`, { lending, reason });

/** @type {(id: string, offset: number, limit: number) => Promise<PairDetail>} */
export const pairOf = (id, offset, limit) => json("GET", `/pairs/${part(id)}?${asking({ offset, limit })}`);

/** @type {(id: string, correction: Correction) => Promise<{ version: number }>} refused where the alignment is another by now */
export const correct = (id, correction) => json("POST", `/pairs/${part(id)}/corrections`, correction);

/** @type {(id: string, offset: number, limit: number) => Promise<Differences>} what the papers of a pair say differently */
export const differencesOf = (id, offset, limit) => json("GET", `/pairs/${part(id)}/differences?${asking({ offset, limit })}`);
