// One's own passkeys: which there are, one more, one less. Each change asks for the password and the second factor.

import { moment } from "../languages/language.js";
import { announce, button, h } from "../parts/dom.js";
import { ask } from "../parts/dialog.js";
import { codeField, field, form, secretField } from "../parts/form.js";
import * as api from "../service/api.js";
import { makePasskey } from "../state/authenticator.js";
import { confirmed, orProblem } from "./confirming.js";
import { plainTable } from "./holdings.js";
import { say } from "./strings.js";

/** @import { OwnFactors, Passkey } from "../service/answers.js" */

/**
 * What stands in the card: the passkeys, and the form for one more. `changed` is called after each change.
 * @param {OwnFactors} own
 * @param {() => unknown} changed
 */
export function passkeyParts(own, changed) {
  return [
    h("p", {}, say("passkeyAbout")),
    own.passkeys.length > 0 && passkeyTable(own, changed),
    own.origin && location.origin !== own.origin && h("p", { class: "small" }, say("passkeyAt", { origin: own.origin })),
    canAdd(own) && addingForm({ own, heading: null, done: changed }).node,
  ];
}

/** Whether one more passkey can be made at this page. @param {OwnFactors} own */
export const canAdd = (own) => location.origin === own.origin && own.passkeys.length < own.most;

/**
 * The form that adds a passkey. `heading` stands above it where nothing else does.
 * @param {{ own: OwnFactors, heading: string | null, done: () => unknown }} given
 */
export function addingForm({ own, heading, done }) {
  return form({
    above: heading ? [h("h1", {}, heading), h("p", { class: "tagline" }, say("passkeyAbout"))] : [],
    fields: [
      field("passkey-name", say("passkeyName"), { autocomplete: "off", maxlength: "64", placeholder: say("passkeyExample") }),
      ...confirmingFields(own, "passkey"),
    ],
    button: say("passkeyAdd"),
    submit: async (name, password, otp = "") => {
      const { options } = await confirmed((passkey) => api.offerPasskey({ password, otp, passkey }));
      await api.addPasskey(name, await orProblem(makePasskey(options)));
      await done();
      announce(say("passkeyAdded"));
    },
  });
}

/** @param {OwnFactors} own @param {string} id */
const confirmingFields = (own, id) => [
  secretField(`${id}-password`, say("oldPassword")),
  ...(own.code ? [codeField(`${id}-code`, say(own.passkeys.length ? "passkeyOrCode" : "factorCode"), { required: !own.passkeys.length })] : []),
];

/** @param {OwnFactors} own @param {() => unknown} changed */
function passkeyTable(own, changed) {
  /** @param {Passkey} passkey */
  const removal = (passkey) => button({ class: "button", onclick: () => removing(own, passkey, changed) }, say("passkeyRemove"));
  const isLast = own.passkeys.length === 1 && !own.code;
  const rows = own.passkeys.map((passkey) => [
    h("bdi", {}, passkey.name),
    moment(passkey.added),
    passkey.last_used ? moment(passkey.last_used) : say("passkeyUnused"),
    isLast ? say("passkeyLast") : removal(passkey),
  ]);
  return plainTable([say("passkeyName"), say("passkeyMade"), say("passkeyUsed"), say("passkeyRemoval")], rows);
}

/** @param {OwnFactors} own @param {Passkey} passkey @param {() => unknown} changed */
async function removing(own, { passkey_id: id, name }, changed) {
  const fields = confirmingFields(own, "removal");
  const values = () => fields.map(({ input }) => input.value);
  const done = await ask({
    title: say("passkeyRemoveTitle"),
    parts: [h("p", {}, say("passkeyRemoveLead", { name })), ...fields.map(({ parts }) => h("div", { class: "field" }, parts))],
    press: say("passkeyRemove"),
    grave: true,
    submit: async () => {
      const [password, otp = ""] = values();
      await confirmed((passkey) => api.removePasskey(id, { password, otp, passkey }));
    },
  });
  if (!done) return;
  await changed();
  announce(say("passkeyRemoved"));
}
