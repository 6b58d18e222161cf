// The second step of a sign-in, for whoever has a passkey: the passkey, or a code where that is set up too.

import { t } from "../languages/language.js";
import { button, h } from "../parts/dom.js";
import { codeField, form } from "../parts/form.js";
import { words } from "../parts/notice.js";
import { Problem } from "../service/problem.js";
import { NoPasskey, signWithPasskey } from "../state/authenticator.js";

/**
 * @import { AskedPasskey } from "../service/answers.js"
 * @typedef {{ otp?: string, passkey?: object }} Factor
 */

/**
 * The step. `enter` signs in with a factor; `begin` goes back to the form, which then says this.
 * @param {{ asked: AskedPasskey, enter: (factor: Factor) => Promise<void>, begin: (said: string) => void }} given
 */
export function passkeyStep({ asked, enter, begin }) {
  const alarm = h("p", { class: "said", role: "alert", hidden: true });
  /** @param {Problem} problem */
  const refused = (problem) => (problem.status === 401 ? begin(t("wrongCredentials")) : say(words(problem)));
  /** @param {string} text */
  const say = (text) => {
    alarm.textContent = text;
    alarm.hidden = false;
  };
  const press = button({ class: "button primary", id: "use-passkey", onclick: use }, t("passkeyUse"));
  async function use() {
    press.disabled = true;
    alarm.hidden = true;
    try {
      await enter({ passkey: await signWithPasskey(asked.options) });
    } catch (error) {
      if (error instanceof Problem) refused(error);
      else if (error instanceof NoPasskey) say(words(new Problem(0, { code: error.code })));
      else throw error;
    }
    press.disabled = false;
  }
  const node = h(
    "div",
    { class: "asks" },
    h("h1", {}, t("passkeyTitle")),
    h("p", { class: "tagline" }, t("passkeyLead")),
    alarm,
    press,
    asked.or_code && codeInstead(enter),
    button({ class: "link", onclick: () => begin("") }, t("passkeyBack")),
  );
  node.classList.add("sign-in");
  return { node, focus: () => press.focus() };
}

/** @param {(factor: Factor) => Promise<void>} enter */
const codeInstead = (enter) =>
  form({
    above: [h("p", { class: "small" }, t("passkeyOrCode"))],
    fields: [codeField("otp", t("passkeyCode"))],
    button: t("passkeyCodeUse"),
    submit: (otp) => enter({ otp }),
    explain: (problem) => (problem.status === 401 ? t("wrongCredentials") : null),
  }).node;
