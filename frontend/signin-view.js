// The sign-in form: takes a name and a password, and gives the new session to the caller. Keeps neither.

import * as api from "./api.js";
import { h } from "./dom.js";
import { t } from "./language.js";
import { words } from "./notice.js";
import { begin } from "./session.js";

/** The form, with a message above it if there is something to say. `signedIn` is called once somebody is. */
export function signInView(message, signedIn) {
  const said = h("p", { class: "said", role: "alert", hidden: !message }, message);
  const name = input("username", { autocomplete: "username", autocapitalize: "none", spellcheck: "false" });
  const password = input("password", { type: "password", autocomplete: "current-password" });
  const button = h("button", { class: "button primary" }, t("signIn"));
  const form = h(
    "form",
    { class: "sign-in", onsubmit: (event) => submit(event, { name, password, button, said, signedIn }) },
    h("img", { src: "/static/favicon.svg", alt: "", width: "56", height: "56" }),
    h("h1", {}, t("product")),
    h("p", { class: "tagline" }, t("tagline")),
    said,
    h("label", { for: "username" }, t("username")),
    name,
    h("label", { for: "password" }, t("password")),
    password,
    button,
    h("p", { class: "small" }, t("signInNote")),
  );
  return { node: form, focus: () => name.focus() };
}

const input = (id, more) => h("input", { id, name: id, required: true, ...more });

async function submit(event, { name, password, button, said, signedIn }) {
  event.preventDefault();
  button.disabled = true;
  said.hidden = true;
  try {
    const { token } = await api.signIn(name.value.trim(), password.value);
    begin(token);
    await signedIn();
  } catch (problem) {
    refuse(problem, said, password);
  } finally {
    button.disabled = false;
  }
}

function refuse(problem, said, password) {
  if (problem.status === undefined) throw problem;
  said.textContent = problem.status === 401 ? t("wrongCredentials") : words(problem);
  said.hidden = false;
  password.select();
  password.focus();
}
