// A quotation: sentences become running text, and stand between their marking and their source.

import assert from "node:assert/strict";
import { test } from "node:test";

import { quotation, runningText } from "../../../frontend/text/quote.js";

test("sentences of a paragraph run on, a paragraph begins after a blank line", () => {
  const pieces = [
    { text: "cut off. ", begins: false },
    { text: "Next.", begins: false },
    { text: " Another", begins: true },
  ];
  assert.equal(runningText(pieces), "cut off. Next.\n\nAnother");
  assert.equal(runningText([{ text: "First", begins: true }]), "First");
});

test("a quotation names its marking, its source and each origin once; what is not known is left out", () => {
  const parts = { marking: "RESTRICTED", texts: ["One.", ""], source: ["Title", "", "p. 3", null], origins: ["English: original", "English: original"] };
  assert.equal(quotation(parts), "[RESTRICTED]\n\nOne.\n\nTitle · p. 3\nEnglish: original");
});
