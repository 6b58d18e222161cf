// Leads through setting up a second factor: the password, the secret and its first digits, the recovery codes.

import { button, h } from "../parts/dom.js";
import { codeField, form, secretField } from "../parts/form.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { confirmed } from "./confirming.js";
import { say } from "./strings.js";

/** @import { SecondFactor } from "../service/answers.js" */

/** @typedef {{ node: HTMLElement, focus: () => void }} Step */

/**
 * The steps, one after the other in one node. `must`: a role waits for it. `done` is called after the last.
 * @param {{ must: boolean, heading: "h1" | "h2", done: () => unknown }} given
 */
export function factorView({ must, heading, done }) {
  const node = h("div", { class: "steps" });
  /** @param {Step} step */
  const show = (step) => {
    node.replaceChildren(step.node);
    step.focus();
  };
  const asked = askPassword({ must, heading, offered: (password, offer) => show(askDigits({ password, offer, on })) });
  /** @param {string[]} codes */
  const on = (codes) => show(recovery({ codes, heading, done }));
  node.replaceChildren(asked.node);
  if (must) orPasskey(asked.node, show, done);
  return { node, focus: asked.focus };
}

/**
 * Offer a passkey instead, where one can be made at this page.
 * @param {HTMLElement} below
 * @param {(step: Step) => void} show
 * @param {() => unknown} done
 */
async function orPasskey(below, show, done) {
  try {
    const [own, { addingForm, canAdd }] = await Promise.all([api.ownFactors(), import("./passkeys-view.js")]);
    if (!canAdd(own)) return;
    const instead = () => show(addingForm({ own, heading: say("passkeyAddTitle"), done }));
    below.append(button({ class: "link", id: "passkey-instead", onclick: instead }, say("passkeyInstead")));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // then there are the digits alone
  }
}

/** @param {{ must: boolean, heading: "h1" | "h2", offered: (password: string, offer: SecondFactor) => void }} given */
function askPassword({ must, heading, offered }) {
  return form({
    above: [h(heading, {}, say("factorTitle")), h("p", { class: "tagline" }, say(must ? "factorMust" : "factorLead"))],
    fields: [secretField("factor-password", say("oldPassword"))],
    button: say("factorOffer"),
    submit: async (password) => offered(password, await api.offerFactor(password)),
  });
}

/** @param {{ password: string, offer: SecondFactor, on: (codes: string[]) => void }} given */
function askDigits({ password, offer, on }) {
  return form({
    above: [
      h("p", { class: "tagline" }, say("factorScan")),
      picture(offer.picture),
      h("p", { class: "small" }, say("factorSecret"), " ", h("code", { id: "factor-secret" }, grouped(offer.secret))),
    ],
    fields: [codeField("factor-digits", say("factorDigits"), { inputmode: "numeric" })],
    button: say("factorTurnOn"),
    submit: async (code) => {
      const shown = { password, secret: offer.secret, code };
      on((await confirmed((passkey) => api.turnOnFactor({ ...shown, passkey }))).recovery_codes);
    },
  });
}

/**
 * @param {{ codes: string[], heading: "h1" | "h2", done: () => unknown }} given
 * @returns {Step}
 */
function recovery({ codes, heading, done }) {
  const kept = button({ class: "button primary", id: "recovery-kept", onclick: done }, say("recoveryKept"));
  const node = h(
    "div",
    { class: "asks" },
    h(heading, {}, say("recoveryTitle")),
    h("p", { class: "tagline" }, say("recoveryLead")),
    h("ol", { class: "codes" }, codes.map((code) => h("li", {}, h("code", {}, code)))),
    kept,
  );
  return { node, focus: () => kept.focus() };
}

/** @param {string} svg */
function picture(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const release = () => URL.revokeObjectURL(address);
  return h("img", { class: "qr", src: address, alt: say("factorPicture"), onload: release });
}

/** @param {string} secret */
const grouped = (secret) => secret.replace(/.{4}(?=.)/g, "$& ");
