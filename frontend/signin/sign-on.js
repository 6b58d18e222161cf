// Single sign-on: leads the browser to the operator's issuer, and takes up what comes back in the address's fragment.

import { t } from "../languages/language.js";
import { h } from "../parts/dom.js";
import { words } from "../parts/notice.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { reset } from "../state/router.js";

/**
 * What the issuer sent back, which the address and the history forget at once; null where nobody comes from there.
 * @returns {{ code: string, state: string, iss: string } | null}
 */
export function takeAnswer() {
  const answer = new URLSearchParams(location.hash.slice(1));
  const [code, state, iss] = ["code", "state", "iss"].map((name) => answer.get(name) ?? "");
  if (!state || !(code || answer.has("error"))) return null;
  reset();
  return { code, state, iss };
}

/** Whether somebody is signed in by what the issuer sent back. @param {{ code: string, state: string, iss: string }} answer */
export async function isSignedOn(answer) {
  if (!answer.code) return false; // the issuer itself says no
  try {
    await api.finishSignOn(answer);
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return false;
  }
}

/** Offer single sign-on above the sign-in form, where there is any. @param {HTMLElement} form */
export async function offerSignOn(form) {
  const ways = await api.waysToSignIn().catch(() => null); // then the form alone is there, as without an issuer
  if (!ways?.single_sign_on) return;
  const alarm = h("p", { class: "said", role: "alert", hidden: true });
  const press = h("button", { class: "button", type: "button" }, t("signOn"));
  press.addEventListener("click", () => leave(press, alarm));
  const note = h("p", { class: "small" }, t(ways.password ? "signOnOrPassword" : "signOnOnly"));
  form.querySelector(".tagline")?.after(press, alarm, note);
}

/** @param {HTMLButtonElement} press @param {HTMLElement} alarm */
async function leave(press, alarm) {
  press.disabled = true;
  alarm.hidden = true;
  try {
    const { address } = await api.beginSignOn();
    if (new URL(address).protocol === "https:") location.assign(address);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    alarm.textContent = words(problem);
    alarm.hidden = false;
  }
  press.disabled = false;
}
