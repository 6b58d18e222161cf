// The reader looks for what the search found in the end, not for a word that was mistyped.

import assert from "node:assert/strict";
import { test } from "node:test";

import { askedQuery } from "../../../frontend/text/asked-query.js";

const word = { part_id: "p1", kind: "word", text: "children", became: "child" };

test("as typed, where nothing was mended", () => {
  assert.equal(askedQuery({ interpretation: [word] }, "children"), "children");
  const said = { part_id: "n1", kind: "note", code: "sign_alone", parameters: { sign: ")" } };
  assert.equal(askedQuery({ interpretation: [word, said] }, "a) children"), "a) children");
});

test("as mended, where what was typed stands nowhere", () => {
  const parameters = { text: "childern", instead: "children" };
  const said = { part_id: "n1", kind: "note", code: "spelling", parameters };
  assert.equal(askedQuery({ interpretation: [word, said] }, "childern"), "children");
});
