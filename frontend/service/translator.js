// What translators and reviewers ask the service for, one function an operation.

import { asking, file, json, part, send } from "./send.js";

/**
 * @import { ConcordanceLine, OneSegment, Seen, TranslationWork, WaitingSegment } from "./answers.js"
 * @typedef {"" | "true"} Wanted a condition that is asked for, or not
 */

/** @type {(asked: { mine: Wanted, review: Wanted, pair_id: string, limit: number }) => Promise<{ segments: WaitingSegment[] }>} */
export const queue = (asked) => json("GET", `/translations/queue?${asking(asked)}`);

/** @type {(mine: boolean, pair: string) => Promise<{ segments: WaitingSegment[] }>} the first that nobody else has open, or none */
export const takeNext = (mine, pair) => json("POST", "/translations/queue/next", { mine, pair_id: pair });

/** @type {(query: string, id: string) => Promise<{ lines: ConcordanceLine[] }>} what may end up in the translation of this document */
export const concordance = (query, id) => json("POST", "/concordance", { query, document_id: id, limit: 20 });

/** @type {(id: string, username: string, deadline: string | null) => Promise<Response>} */
export const assign = (id, username, deadline) => send("PUT", `/translations/${part(id)}/assignment`, { username, deadline });

/** @type {(id: string, asked: { offset: number, limit: number, state: string }) => Promise<TranslationWork>} */
export const work = (id, asked) => json("GET", `/translations/${part(id)}?${asking(asked)}`);

/** @type {(id: string, format: "html" | "docx") => Promise<{ name: string, blob: Blob }>} both languages side by side, to take away */
export const bilingual = (id, format) => file("GET", `/exports/${part(id)}?${asking({ format })}`, `document.${format}`);

/** @type {(id: string, number: number) => Promise<OneSegment>} */
export const segment = (id, number) => json("GET", `/translations/${part(id)}/segments/${Number(number)}`);

/** @type {(id: string, number: number, seen: Seen, text: string) => Promise<OneSegment>} */
export const save = (id, number, seen, text) => json("PUT", `/translations/${part(id)}/segments/${Number(number)}`, { ...seen, text });

/** @type {(id: string, number: number, seen: Seen, text: string) => Promise<Response>} */
export const draft = (id, number, seen, text) => send("PUT", `/translations/${part(id)}/segments/${Number(number)}/draft`, { ...seen, text });

/** @type {(id: string, number: number) => Promise<{ mine: boolean, editing: { name: string } | null }>} */
export const lease = (id, number) => json("PUT", `/translations/${part(id)}/segments/${Number(number)}/lease`);

/** @type {(id: string, number: number) => Promise<Response>} */
export const release = (id, number) => send("DELETE", `/translations/${part(id)}/segments/${Number(number)}/lease`);

/** @type {(id: string, number: number, seen: Seen) => Promise<OneSegment>} */
export const submit = (id, number, seen) => json("POST", `/translations/${part(id)}/segments/${Number(number)}/submission`, { ...seen });

/** @type {(id: string, number: number, seen: Seen) => Promise<OneSegment>} */
export const approve = (id, number, seen) => json("POST", `/translations/${part(id)}/segments/${Number(number)}/approval`, { ...seen });

/** @type {(id: string, number: number, seen: Seen, reason: string) => Promise<OneSegment>} */
export const reject = (id, number, seen, reason) =>
  json("POST", `/translations/${part(id)}/segments/${Number(number)}/rejection`, { ...seen, reason });

/** @type {(id: string, number: number, seen: Seen, finding: { code: string, about: string }, reason: string) => Promise<OneSegment>} */
export const waive = (id, number, seen, { code, about }, reason) =>
  json("POST", `/translations/${part(id)}/segments/${Number(number)}/waivers`, { ...seen, code, about, reason });

/** @type {(id: string, number: number, text: string) => Promise<OneSegment>} */
export const comment = (id, number, text) => json("POST", `/translations/${part(id)}/segments/${Number(number)}/comments`, { text });
