// Speaks with the service: the only caller of fetch. Puts what somebody searches for into bodies, never into addresses.

import { fileName } from "./file-name.js";
import { Problem } from "./problem.js";
import { current, lost } from "./session.js";

/** @import { Answer, PageContent, Paper, Person, Places, Question, Scheme, SecondFactor } from "./answers.js" */

/** @type {(username: string, password: string, otp: string) => Promise<Response>} */
export const signIn = (username, password, otp) =>
  send("POST", "/session", { username, password, otp, cookie: true });

/** @type {() => Promise<Response>} */
export const signOut = () => send("DELETE", "/session");

/** @type {() => Promise<Response>} */
export const signOutEverywhere = () => send("DELETE", "/me/sessions");

/** @type {(old: string, fresh: string) => Promise<Response>} */
export const changePassword = (old, fresh) => send("PUT", "/me/password", { old, new: fresh });

/** @type {(password: string) => Promise<SecondFactor>} */
export const offerFactor = (password) => json("PUT", "/me/otp", { password });

/** @type {(password: string, secret: string, code: string) => Promise<SecondFactor>} */
export const turnOnFactor = (password, secret, code) => json("PUT", "/me/otp", { password, secret, code });

/** @type {() => Promise<Person>} */
export const me = () => json("GET", "/me");

/** @type {() => Promise<Scheme>} */
export const scheme = () => json("GET", "/scheme");

/** @type {(question: Question, signal: AbortSignal) => Promise<Answer>} */
export const search = (question, signal) => json("POST", "/search", question, signal);

/** @type {(id: string, signal: AbortSignal) => Promise<Paper>} */
export const documentOf = (id, signal) => json("GET", `/documents/${encodeURIComponent(id)}`, null, signal);

/** @type {(id: string, page: number, signal: AbortSignal) => Promise<PageContent>} */
export const pageOf = (id, page, signal) => json("GET", pagePath(id, page), null, signal);

/** @type {(id: string, asked: { query: string, offset: number, limit: number }, signal: AbortSignal) => Promise<Places>} */
export const placesIn = (id, asked, signal) => json("POST", `/documents/${encodeURIComponent(id)}/find`, asked, signal);

/** @type {(id: string, page: number, width: number, signal: AbortSignal) => Promise<Blob>} */
export const imageOf = (id, page, width, signal) =>
  blob(`${pagePath(id, page)}/image?width=${Number(width)}`, signal);

/**
 * A document's original, with the name that the service gives it.
 * @param {string} id
 * @returns {Promise<{ name: string, blob: Blob }>}
 */
export async function fileOf(id) {
  const path = `/documents/${encodeURIComponent(id)}/file`;
  /** @param {Response} response */
  const named = (response) => fileName(response.headers.get("Content-Disposition") ?? "") ?? `${id}.pdf`;
  /** @param {Response} response */
  const read = async (response) => ({ name: named(response), blob: await response.blob() });
  return readable(() => send("GET", path), read);
}

/** @type {(id: string, page: number) => string} */
const pagePath = (id, page) => `/documents/${encodeURIComponent(id)}/pages/${Number(page)}`;

/**
 * @param {string} method
 * @param {string} path
 * @param {object | null} [body]
 * @param {AbortSignal} [signal]
 */
async function json(method, path, body, signal) {
  return readable(() => send(method, path, body, signal), (response) => response.json());
}

/** @type {(path: string, signal: AbortSignal) => Promise<Blob>} */
async function blob(path, signal) {
  return readable(() => send("GET", path, null, signal), (response) => response.blob());
}

/**
 * What is read out of an answer; one that breaks off half-way is no answer.
 * @template T
 * @param {() => Promise<Response>} sending
 * @param {(response: Response) => Promise<T>} reading
 */
async function readable(sending, reading) {
  const response = await sending();
  try {
    return await reading(response);
  } catch (error) {
    throw isAbort(error) ? error : new Problem(0);
  }
}

/** @param {unknown} error */
const isAbort = (error) => error instanceof DOMException && error.name === "AbortError";

/**
 * @param {string} method
 * @param {string} path
 * @param {object | null} [body]
 * @param {AbortSignal} [signal]
 */
async function send(method, path, body = null, signal = undefined) {
  const signedIn = current();
  const response = await answer(`/api${path}`, {
    method,
    headers: {
      ...(body && { "Content-Type": "application/json" }),
      "X-Tolmach": "1", // what no page of another origin can send along with the cookie
    },
    body: body && JSON.stringify(body),
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    signal,
  });
  if (response.ok) return response;
  if (response.status === 401) lost(signedIn);
  throw await problemIn(response);
}

/** @type {(path: string, options: RequestInit) => Promise<Response>} */
async function answer(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw isAbort(error) ? error : new Problem(0);
  }
}

/** @type {(response: Response) => Promise<Problem>} */
async function problemIn(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body.detail ?? "");
}
