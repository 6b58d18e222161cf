// Holds the token of whoever is signed in: in memory, and in this tab's storage so that a reload survives.

const KEY = "tolmach.token";
let token = sessionStorage.getItem(KEY);
let whenLost = () => {};

/** The token, or null when nobody is signed in. */
export function currentToken() {
  return token;
}

/** Somebody signed in. */
export function begin(newToken) {
  token = newToken;
  sessionStorage.setItem(KEY, newToken);
}

/** Nobody is signed in any more. */
export function forget() {
  token = null;
  sessionStorage.removeItem(KEY);
}

/** What to do when the service no longer accepts the token. */
export function onLost(callback) {
  whenLost = callback;
}

/** The service did not accept this token. An answer to a token that is no longer ours changes nothing. */
export function lost(refusedToken) {
  if (refusedToken === null || refusedToken !== token) return;
  forget();
  whenLost();
}
