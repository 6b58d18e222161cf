// Knows whether somebody is signed in here. The token lies in a cookie that no script can read; other tabs are told.

const tabs = new BroadcastChannel("tolmach.session");
let number = 0; // of this page's sign-in; 0 while nobody is signed in
let last = 0;
/** @type {() => void} */
let whenLost = () => {};
let leaving = false;

/** Whether the page is left because somebody else may be signed in by now: nothing is to hold it back. */
export function isLeaving() {
  return leaving;
}

/** The number of the present sign-in, or 0. */
export function current() {
  return number;
}

/** Somebody is signed in. */
export function begin() {
  last += 1;
  number = last;
}

/** Nobody is signed in any more. */
export function forget() {
  number = 0;
}

/** Somebody signed in or out here: all tabs share the cookie, so the others look anew who is signed in. */
export function tellOtherTabs() {
  tabs.postMessage("changed");
}

/**
 * What to do when the service no longer accepts the session.
 * @param {() => void} callback
 */
export function onLost(callback) {
  whenLost = callback;
}

/**
 * The service refused a request of this sign-in. An answer to one that is over already changes nothing.
 * @param {number} refused
 */
export function lost(refused) {
  if (refused === 0 || refused !== number) return;
  forget();
  whenLost();
}

tabs.addEventListener("message", () => {
  leaving = true;
  location.reload();
});
