// The form that changes one's own password, the first time in place of a one-time code. Keeps neither.

import { h } from "../parts/dom.js";
import { form, secretField } from "../parts/form.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { say } from "./strings.js";

/** @import { Person } from "../service/answers.js" */

/**
 * The form. `first`: the old password is a one-time code. `done` is called once the new password is set.
 * @param {{ person: Person, first: boolean, done: () => unknown }} given
 */
export function passwordView({ person, first, done }) {
  return form({
    above: [
      first && h("h1", {}, say("passwordTitle")),
      first && h("p", { class: "tagline" }, say("passwordLead")),
      h("input", { type: "text", autocomplete: "username", value: person.username, hidden: true, readonly: true }),
    ],
    fields: [
      secretField("old-password", say(first ? "oldCode" : "oldPassword"), first ? "off" : "current-password"),
      secretField("new-password", say("newPassword"), "new-password"),
      secretField("new-password-again", say("newPasswordAgain"), "new-password"),
    ],
    button: say("setPassword"),
    below: [h("p", { class: "small" }, say("passwordRule"))],
    submit: async (old, fresh, again) => {
      if (fresh !== again) throw new Problem(DIFFERENT);
      await api.changePassword(old, fresh);
      await done();
    },
    explain: ({ status }) => (status === DIFFERENT ? say("passwordsDiffer") : null),
  });
}

const DIFFERENT = -1; // no status of HTTP's
