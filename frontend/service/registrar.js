// What a registrar asks the service for, one function an operation.

import { asking, json, part, send } from "./send.js";

/** @import { Agency, DueDocument, IntakeRow, LabelChange, Outcome, Receipt, ReceivedEnquiry, Tombstone, Words } from "./answers.js" */

/** @type {(asked: { offset: number, limit: number, state: string, review_by: string }) => Promise<IntakeRow[]>} */
export const intake = (asked) => json("GET", `/documents?${asking(asked)}`);

/** @type {(form: FormData) => Promise<Receipt>} */
export const takeIn = (form) => json("POST", "/documents", form);

/** @type {(id: string) => Promise<IntakeRow>} */
export const intakeOf = (id) => json("GET", `/documents/${part(id)}/intake`);

/** @type {(id: string, change: LabelChange) => Promise<Outcome>} */
export const relabel = (id, change) => json("PATCH", `/documents/${part(id)}/label`, change);

/** @type {(id: string, words: Words) => Promise<Outcome>} */
export const describe = (id, words) => json("PATCH", `/documents/${part(id)}/description`, words);

/** @type {(id: string, held: boolean, reason: string) => Promise<Outcome>} */
export const hold = (id, held, reason) => json("POST", `/documents/${part(id)}/hold`, { held, reason });

/** @type {(id: string, question: string, answer: string, reason: string) => Promise<Outcome>} */
export const answer = (id, question, answered, reason) => json("POST", `/documents/${part(id)}/answer`, { question, answer: answered, reason });

/** @type {(id: string, reason: string) => Promise<Outcome>} */
export const retry = (id, reason) => json("POST", `/documents/${part(id)}/retry`, { reason });

/** @type {(id: string, reason: string) => Promise<Outcome>} */
export const remove = (id, reason) => json("POST", `/documents/${part(id)}/removal`, { reason });

/** @type {(id: string, number: number, reason: string) => Promise<Receipt>} */
export const takeAttachment = (id, number, reason) =>
  json("POST", `/documents/${part(id)}/attachments/${number}`, { alike_reason: reason, marking_reason: reason });

/** @type {() => Promise<DueDocument[]>} those kept for as long as their schedule says: no more than are listed at once */
export const due = () => json("GET", "/retention/due");

/** @type {(id: string, reason: string) => Promise<Outcome>} */
export const dispose = (id, reason) => json("POST", `/retention/due/${part(id)}/disposal`, { reason });

/** @type {() => Promise<Tombstone[]>} */
export const removed = () => json("GET", "/removed");

/** @type {(id: string, reason: string) => Promise<Outcome>} */
export const bringBack = (id, reason) => json("POST", `/removed/${part(id)}/return`, { reason });

/** @type {() => Promise<Agency[]>} */
export const agencies = () => json("GET", "/agencies");

/** @type {(offset: number, limit: number) => Promise<{ total: number, enquiries: ReceivedEnquiry[] }>} what waits for one's own agency */
export const receivedEnquiries = (offset, limit) => json("GET", `/enquiries/received?${asking({ offset, limit })}`);

/** @type {(id: string, answered: boolean) => Promise<Response>} */
export const closeEnquiry = (id, answered) => send("POST", `/enquiries/${part(id)}/closure`, { answered });
