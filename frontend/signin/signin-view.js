// The sign-in form: takes a name, a password and a second factor, and says once somebody is signed in. Keeps none: a
// passkey is asked for in a second step, which has them until it is done.

import { t } from "../languages/language.js";
import { h } from "../parts/dom.js";
import { codeField, field, form, secretField } from "../parts/form.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { offerSignOn } from "./sign-on.js";

/**
 * The form, with a message above it if there is something to say. `signedIn` is called once somebody is.
 * @param {string} said
 * @param {() => Promise<void>} signedIn
 */
export function signInView(said, signedIn) {
  const { node, focus } = form({
    said,
    above: [
      h("img", { src: new URL("../favicon.svg", import.meta.url).href, alt: "", width: "56", height: "56" }),
      h("h1", {}, t("product")),
      h("p", { class: "tagline" }, t("tagline")),
    ],
    fields: [
      field("username", t("username"), { autocomplete: "username", autocapitalize: "none", spellcheck: "false" }),
      secretField("password", t("password")),
      codeField("otp", t("factor"), { required: false }),
    ],
    button: t("signIn"),
    below: [h("p", { class: "small" }, t("signInNote"))],
    submit: async (username, password, otp) => {
      /** @param {{ otp?: string, passkey?: object }} factor */
      const enter = async (factor) => {
        await api.signIn(username.trim(), password, factor);
        await signedIn();
      };
      await enter({ otp }).catch((problem) => askPasskey(problem, enter));
    },
    explain: (problem) => (problem.status === 401 ? t("wrongCredentials") : null),
  });
  node.classList.add("sign-in");

  /** @param {unknown} problem @param {(factor: { otp?: string, passkey?: object }) => Promise<void>} enter */
  async function askPasskey(problem, enter) {
    if (!(problem instanceof Problem && problem.passkey)) throw problem;
    const { passkeyStep } = await import("./passkey-step.js");
    /** @param {string} words */
    const begin = (words) => show(step.node, signInView(words, signedIn));
    const step = passkeyStep({ asked: problem.passkey, enter, begin });
    show(node, step);
  }

  offerSignOn(node);
  return { node, focus };
}

/** @param {HTMLElement} old @param {{ node: HTMLElement, focus: () => void }} view */
function show(old, view) {
  old.replaceWith(view.node);
  view.focus();
}
