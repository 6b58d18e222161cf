// Speaks with the service: the only caller of fetch. Puts what somebody searches for into bodies, never into addresses.

import { fileName } from "./file-name.js";
import { Problem } from "./problem.js";
import { current, lost } from "./session.js";

export const signIn = (username, password, otp) =>
  send("POST", "/session", { username, password, otp, cookie: true });
export const signOut = () => send("DELETE", "/session");
export const signOutEverywhere = () => send("DELETE", "/me/sessions");
export const changePassword = (old, fresh) => send("PUT", "/me/password", { old, new: fresh });
export const offerFactor = (password) => json("PUT", "/me/otp", { password });
export const turnOnFactor = (password, secret, code) => json("PUT", "/me/otp", { password, secret, code });
export const me = () => json("GET", "/me");
export const scheme = () => json("GET", "/scheme");
export const search = (body, signal) => json("POST", "/search", body, signal);
export const documentOf = (id, signal) => json("GET", `/documents/${encodeURIComponent(id)}`, null, signal);
export const pageOf = (id, page, signal) => json("GET", pagePath(id, page), null, signal);
export const imageOf = (id, page, width, signal) =>
  blob(`${pagePath(id, page)}/image?width=${Number(width)}`, signal);

/** A document's original: {name, blob}, the name as the service gives it. */
export async function fileOf(id) {
  const path = `/documents/${encodeURIComponent(id)}/file`;
  const named = (response) => fileName(response.headers.get("Content-Disposition") ?? "") ?? `${id}.pdf`;
  const read = async (response) => ({ name: named(response), blob: await response.blob() });
  return readable(() => send("GET", path), read);
}

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
