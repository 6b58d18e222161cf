// Speaks with the service: the only caller of fetch. Puts what somebody searches for into bodies, never into addresses.

import { currentToken, lost } from "./session.js";

/** What went wrong. `status` is HTTP's, or 0 when no answer came; `position` counts characters of a query. */
export class Problem extends Error {
  constructor(status, detail = "", position = null) {
    super(detail);
    this.status = status;
    this.position = position;
  }
}

export const signIn = (username, password) => json("POST", "/session", { username, password });
export const signOut = () => send("DELETE", "/session");
export const me = () => json("GET", "/me");
export const scheme = () => json("GET", "/scheme");
export const search = (body, signal) => json("POST", "/search", body, signal);
export const documentOf = (id, signal) => json("GET", `/documents/${encodeURIComponent(id)}`, null, signal);
export const pageOf = (id, page, signal) => json("GET", pagePath(id, page), null, signal);
export const imageOf = (id, page, width, signal) =>
  blob(`${pagePath(id, page)}/image?width=${Number(width)}`, signal);
export const fileOf = (id) => blob(`/documents/${encodeURIComponent(id)}/file`);

const pagePath = (id, page) => `/documents/${encodeURIComponent(id)}/pages/${Number(page)}`;

async function json(method, path, body, signal) {
  return readable(() => send(method, path, body, signal), (response) => response.json());
}

async function blob(path, signal) {
  return readable(() => send("GET", path, null, signal), (response) => response.blob());
}

/** An answer that breaks off half-way is no answer. */
async function readable(sending, reading) {
  const response = await sending();
  try {
    return await reading(response);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Problem(0);
  }
}

async function send(method, path, body = null, signal = undefined) {
  const token = currentToken();
  const response = await answer(`/api${path}`, {
    method,
    headers: {
      ...(body && { "Content-Type": "application/json" }),
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: body && JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    signal,
  });
  if (response.ok) return response;
  if (response.status === 401) lost(token);
  throw await problemIn(response);
}

async function answer(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Problem(0);
  }
}

async function problemIn(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body.detail ?? "", body.position ?? null);
}
