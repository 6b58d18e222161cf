// What experts ask the service for besides searching and reading, one function an operation.

import { asking, file, json, part, send } from "./send.js";

/** @import { Answer, Answering, ChosenPassage, Code, DossierContent, Enquiry, Filters, KeptDossier, KeptSearch, LineRow, Narrowed, Points, Thread } from "./answers.js" */

/** @typedef {{ query: string, filters: Filters, sort: string }} Kept */

/** @type {() => Promise<KeptSearch[]>} the searches that one keeps, the latest first, with their news */
export const keptSearches = () => json("GET", "/searches?news=true");

/** @type {(id: string, documents: string[]) => Promise<Response>} one has seen these papers of a kept search; without any, all */
export const lookAtSearch = (id, documents) => send("POST", `/searches/${part(id)}/look`, documents.length ? { document_ids: documents } : {});

/** @type {(name: string, search: Kept) => Promise<KeptSearch>} */
export const keepSearch = (name, search) => json("POST", "/searches", { name, search });

/** @type {(id: string) => Promise<Response>} */
export const forgetSearch = (id) => send("DELETE", `/searches/${part(id)}`);

/** @type {(lines: string[], words: string) => Promise<{ rows: LineRow[] }>} */
export const searchLines = (lines, words) => json("POST", "/search/batch", { lines, words, format: "json" });

/** @type {(lines: string[], words: string) => Promise<{ name: string, blob: Blob }>} the same as a table */
export const searchLinesCsv = (lines, words) => file("POST", "/search/batch", "searches.csv", { lines, words, format: "csv" });

/** @type {(id: string, narrowed: Narrowed, signal: AbortSignal) => Promise<Answer>} passages like this one */
export const similar = (id, narrowed, signal) => json("POST", "/search/similar", { passage_id: id, ...narrowed }, signal);

/** @type {(passages: ChosenPassage[]) => Promise<DossierContent>} what of them may be read now */
export const dossier = (passages) => json("POST", "/dossier", { passages });

/** @type {() => Promise<KeptDossier>} the dossier that one keeps, as far as it may be read now */
export const keptDossier = () => json("GET", "/dossier/kept");

/** @type {(kept: KeptDossier) => Promise<{ version: number }>} refused where another page kept it since this version */
export const keepDossier = (kept) => json("PUT", "/dossier/kept", kept);

/** @type {(passages: ChosenPassage[], title: string, language: Code, format: "html" | "docx") => Promise<{ name: string, blob: Blob }>} */
export const dossierFile = (passages, title, language, format) =>
  file("POST", "/dossier/file", `dossier.${format}`, { passages, title, language, format });

/** @type {(question: string, signal: AbortSignal) => Promise<Answering>} sentences that answer, as they stand in papers */
export const answer = (question, signal) => json("POST", "/answer", { question }, signal);

/** @type {(id: string, offset: number, limit: number) => Promise<Points>} what a paper recommends, concludes or decides */
export const pointsOf = (id, offset, limit) => json("GET", `/documents/${part(id)}/recommendations?${asking({ offset, limit })}`);

/** @type {(id: string, place: number) => Promise<Thread>} what later papers make of one of them */
export const threadOf = (id, place) => json("GET", `/documents/${part(id)}/recommendations/${place}`);

/** @type {(agency: string, search: Kept, note: string) => Promise<Enquiry>} */
export const askAgency = (agency, search, note) => json("POST", "/enquiries", { agency, search, note });

/** @type {() => Promise<Enquiry[]>} what one asked other agencies, the latest first; none says what became of it */
export const enquiries = () => json("GET", "/enquiries");

/** @type {(id: string) => Promise<Response>} */
export const withdrawEnquiry = (id) => send("DELETE", `/enquiries/${part(id)}`);
