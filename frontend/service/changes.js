// What is asked of the service about changes that wait for a second person, one function an operation.

import { json, part, send } from "./send.js";

/** @import { AccessChange, Effect, Explanation, Proposal } from "./answers.js" */

/** @type {() => Promise<Proposal[]>} */
export const proposals = () => json("GET", "/proposals");

/** @type {(id: string) => Promise<{ state: string, code: string | null }>} */
export const approve = (id) => json("POST", `/proposals/${part(id)}/approval`);

/** @type {(id: string, reason: string) => Promise<Response>} */
export const refuse = (id, reason) => send("POST", `/proposals/${part(id)}/refusal`, { reason });

/** @type {(change: AccessChange) => Promise<Effect>} */
export const preview = (change) => json("POST", "/access/preview", { change });

/** @type {(asked: object) => Promise<Explanation>} */
export const explain = (asked) => json("POST", "/access/explain", asked);
