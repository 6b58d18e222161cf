// What administrators and auditors, who watch over access and its trail, ask the service for, one function an operation.

import { asking, file, json, part } from "./send.js";

/**
 * @import { Certificate, Changed, Checkpoint, Colleague, Grant, Outcome, Proof, Schedule, Status, TrailPage, TrailQuery } from "./answers.js"
 */

const AT_ONCE = 1000; // people or grants that the service lists

/**
 * @template T
 * @param {(after: string) => Promise<T[]>} asked for the next of them
 * @param {(last: T) => string} key of the last one listed, after which more are asked for
 * @returns {Promise<T[]>}
 */
async function all(asked, key) {
  /** @type {T[]} */
  const listed = [];
  for (let after = ""; ; after = part(key(listed[listed.length - 1]))) {
    const some = await asked(after);
    listed.push(...some);
    if (some.length < AT_ONCE) return listed;
  }
}

/** @type {(after: string) => Promise<Colleague[]>} */
const peopleAfter = (after) => json("GET", `/people?limit=${AT_ONCE}&after=${after}`);

/** @type {(after: string) => Promise<Grant[]>} */
const grantsAfter = (after) => json("GET", `/grants?limit=${AT_ONCE}&after=${after}`);

/** @type {() => Promise<Colleague[]>} */
export const people = () => all(peopleAfter, (person) => person.username);

/** @type {(person: object) => Promise<Changed>} */
export const addPerson = (person) => json("POST", "/people", person);

/** @type {(username: string, active: boolean, reason: string) => Promise<Changed>} */
export const changePerson = (username, active, reason) => json("PATCH", `/people/${part(username)}`, { active, reason });

/** @type {(username: string, reason: string) => Promise<Changed>} */
export const renew = (username, reason) => json("POST", `/people/${part(username)}/renewal`, { reason });

/** @type {(username: string, subject: string, reason: string) => Promise<Changed>} let a subject of the issuer sign in so */
export const link = (username, subject, reason) => json("POST", `/people/${part(username)}/link`, { subject, reason });

/** @type {(username: string, reason: string) => Promise<Changed>} */
export const unlink = (username, reason) => json("POST", `/people/${part(username)}/unlink`, { reason });

/** @type {() => Promise<Grant[]>} */
export const grants = () => all(grantsAfter, (grant) => grant.grant_id);

/** @type {(grant: object) => Promise<Changed>} */
export const addGrant = (grant) => json("POST", "/grants", grant);

/** @type {(id: string, ends: string | null, reason: string) => Promise<Changed>} */
export const endGrant = (id, ends, reason) => json("POST", `/grants/${part(id)}/end`, { ends, reason });

/** @type {(agency: object) => Promise<Changed>} */
export const addAgency = (agency) => json("POST", "/agencies", agency);

/** @type {(code: string, change: object) => Promise<Changed>} */
export const changeAgency = (code, change) => json("PATCH", `/agencies/${part(code)}`, change);

/** @type {() => Promise<Schedule[]>} */
export const schedules = () => json("GET", "/retention/schedules");

/** @type {(schedule: Schedule, reason: string) => Promise<Outcome>} without years: for good */
export const setSchedule = ({ kind, level, years }, reason) => json("PUT", "/retention/schedules", { kind, level, years, reason });

/** @type {(id: string, archive: string) => Promise<Certificate>} of a disposal; an archive of the trail may have it */
export const certificate = (id, archive) => json("GET", `/retention/certificates/${part(id)}?${asking({ archive })}`);

/** @type {() => Promise<Status>} */
export const status = () => json("GET", "/status");

/** @type {(query: TrailQuery) => Promise<TrailPage>} */
export const trail = (query) => json("GET", `/audit?${asking({ ...query })}`);

/** @type {() => Promise<Checkpoint>} */
export const checkpoint = () => json("GET", "/audit/checkpoint");

/** @type {(checkpoint: object | null) => Promise<Proof>} */
export const prove = (kept) => json("POST", "/audit/proof", { checkpoint: kept });

/** @type {(span: { since: string, until: string }) => Promise<{ name: string, blob: Blob }>} */
export const exported = (span) => file("GET", `/audit/export?${asking(span)}`, "audit.jsonl");
