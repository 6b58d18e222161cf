// What everybody asks the service for, one function an operation. What is searched for goes into bodies, never addresses.

import { blob, file, json, part, send } from "./send.js";

/** @import { Answer, Confirmation, Grant, OwnFactors, OwnSession, PageContent, Paper, Passkey, Person, Places, Question, Scheme, SecondFactor } from "./answers.js" */

/** @type {(username: string, password: string, factor: { otp?: string, passkey?: object }) => Promise<Response>} */
export const signIn = (username, password, factor) =>
  send("POST", "/session", { username, password, ...factor, cookie: true });

/** @type {() => Promise<{ single_sign_on: boolean, password: boolean }>} */
export const waysToSignIn = () => json("GET", "/session/ways");

/** @type {() => Promise<{ address: string }>} where the browser goes to sign in with the issuer */
export const beginSignOn = () => json("POST", "/session/oidc/start");

/** @type {(answer: { code: string, state: string, iss: string }) => Promise<Response>} */
export const finishSignOn = (answer) => send("POST", "/session/oidc", answer);

/** @type {() => Promise<Response>} */
export const signOut = () => send("DELETE", "/session");

/** @type {() => Promise<Response>} */
export const signOutEverywhere = () => send("DELETE", "/me/sessions");

/** @type {(old: string, fresh: string) => Promise<Response>} */
export const changePassword = (old, fresh) => send("PUT", "/me/password", { old, new: fresh });

/** @type {(password: string) => Promise<SecondFactor>} */
export const offerFactor = (password) => json("PUT", "/me/otp", { password });

/** @type {(shown: { password: string, secret: string, code: string, passkey: object | null }) => Promise<SecondFactor>} */
export const turnOnFactor = (shown) => json("PUT", "/me/otp", shown);

/** @type {() => Promise<OwnFactors>} */
export const ownFactors = () => json("GET", "/me/passkeys");

/** @type {(confirmation: Confirmation) => Promise<{ options: object }>} what the browser makes a passkey by */
export const offerPasskey = (confirmation) => json("POST", "/me/passkeys/offer", confirmation);

/** @type {(name: string, passkey: object) => Promise<Passkey>} */
export const addPasskey = (name, passkey) => json("POST", "/me/passkeys", { name, passkey });

/** @type {(id: string, confirmation: Confirmation) => Promise<Response>} */
export const removePasskey = (id, confirmation) => send("POST", `/me/passkeys/${part(id)}/removal`, confirmation);

/** @type {() => Promise<Person>} */
export const me = () => json("GET", "/me");

/** @type {() => Promise<Scheme>} */
export const scheme = () => json("GET", "/scheme");

/** @type {(question: Question, signal: AbortSignal) => Promise<Answer>} */
export const search = (question, signal) => json("POST", "/search", question, signal);

/** @type {() => Promise<Grant[]>} */
export const ownGrants = () => json("GET", "/me/grants");

/** @type {() => Promise<OwnSession[]>} */
export const ownSessions = () => json("GET", "/me/sessions");

/** @type {(id: string, signal?: AbortSignal) => Promise<Paper>} */
export const documentOf = (id, signal) => json("GET", `/documents/${part(id)}`, null, signal);

/** @type {(id: string, page: number, gloss: boolean, signal: AbortSignal) => Promise<PageContent>} */
export const pageOf = (id, page, gloss, signal) => {
  const query = gloss ? "?gloss=true" : "";
  return json("GET", `/documents/${part(id)}/pages/${Number(page)}${query}`, null, signal);
};

/** @type {(id: string, asked: { query: string, offset: number, limit: number }, signal: AbortSignal) => Promise<Places>} */
export const placesIn = (id, asked, signal) => json("POST", `/documents/${part(id)}/find`, asked, signal);

/** @type {(id: string, page: number, width: number, signal: AbortSignal) => Promise<Blob>} */
export const imageOf = (id, page, width, signal) =>
  blob("GET", `/documents/${part(id)}/pages/${Number(page)}/image?width=${Number(width)}`, signal);

/** @type {(id: string, number: number, note: string) => Promise<Response>} ask for a person's translation of a sentence */
export const askForHuman = (id, number, note) => send("POST", `/translations/${part(id)}/segments/${Number(number)}/requests`, { note });

/** @type {(id: string) => Promise<{ name: string, blob: Blob }>} a document's original */
export const fileOf = (id) => file("GET", `/documents/${part(id)}/file`, `${id}.pdf`);
