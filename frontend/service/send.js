// Sends requests to the service: the only caller of fetch. Knows no operation; the modules beside it do.

import { fileName } from "./file-name.js";
import { Problem } from "./problem.js";
import { current, lost } from "./session.js";

/** What may stand as one part of an address. */
export const part = encodeURIComponent;

/**
 * What stands behind the question mark of an address; what is empty is left out.
 * @param {Record<string, string | number | null | undefined>} asked
 */
export function asking(asked) {
  const given = Object.entries(asked).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/**
 * The JSON of an answer. A body is sent as JSON, or as the form that it is.
 * @param {string} method
 * @param {string} path
 * @param {object | null} [body]
 * @param {AbortSignal} [signal]
 */
export async function json(method, path, body, signal) {
  return readable(() => send(method, path, body, signal), (response) => response.json());
}

/** @type {(method: string, path: string, signal: AbortSignal) => Promise<Blob>} */
export async function blob(method, path, signal) {
  return readable(() => send(method, path, null, signal), (response) => response.blob());
}

/**
 * A file, with the name that the service gives it.
 * @param {string} method
 * @param {string} path
 * @param {string} otherwise the name where it gives none
 * @param {object | null} [body]
 * @returns {Promise<{ name: string, blob: Blob }>}
 */
export async function file(method, path, otherwise, body = null) {
  /** @param {Response} response */
  const named = (response) => fileName(response.headers.get("Content-Disposition") ?? "") ?? otherwise;
  /** @param {Response} response */
  const read = async (response) => ({ name: named(response), blob: await response.blob() });
  return readable(() => send(method, path, body), read);
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
 * The answer itself. Throws a Problem where it is a refusal, or there is none.
 * @param {string} method
 * @param {string} path
 * @param {object | null} [body]
 * @param {AbortSignal} [signal]
 */
export async function send(method, path, body = null, signal = undefined) {
  const signedIn = current();
  const form = body instanceof FormData;
  const response = await answer(`/api${path}`, {
    method,
    headers: {
      ...(body && !form && { "Content-Type": "application/json" }),
      "X-Tolmach": "1", // what no page of another origin can send along with the cookie
    },
    body: form ? body : body && JSON.stringify(body),
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    signal,
  });
  if (response.ok) return response;
  if (response.status === 401) lost(signedIn);
  throw await problemIn(response);
}

let open = 0; // requests that wait for an answer
/** @type {(open: number) => void} */
let whenOpen = () => {};

/** @param {(open: number) => void} callback is told, at each change, how many requests wait for an answer */
export function onOpenRequests(callback) {
  whenOpen = callback;
}

/** @param {number} by */
function count(by) {
  open += by;
  whenOpen(open);
}

/** @type {(path: string, options: RequestInit) => Promise<Response>} */
async function answer(path, options) {
  count(1);
  try {
    return await fetch(path, options);
  } catch (error) {
    throw isAbort(error) ? error : new Problem(0);
  } finally {
    count(-1);
  }
}

/** @type {(response: Response) => Promise<Problem>} */
async function problemIn(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body);
}
