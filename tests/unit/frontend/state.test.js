// Filters, addresses, names of files, colours: small functions that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { onColour } from "../../../frontend/parts/label.js";
import { fileName } from "../../../frontend/service/file-name.js";
import { removed, toggled, withYears } from "../../../frontend/state/filters.js";
import { address, place } from "../../../frontend/state/router.js";

test("a filter is switched on and off, and nothing is changed in place", () => {
  const before = Object.freeze({ language: Object.freeze(["en"]) });
  const both = toggled(before, "language", "ru");
  assert.deepEqual(both, { language: ["en", "ru"] });
  assert.deepEqual(toggled(both, "language", "en"), { language: ["ru"] });
  assert.deepEqual(toggled(before, "language", "en"), {});
});

test("a span of years has two ends, each of which may be open", () => {
  assert.deepEqual(withYears({}, 2015, null), { year_from: 2015 });
  assert.deepEqual(withYears({ year_from: 2015 }, null, 2020), { year_to: 2020 });
  assert.deepEqual(removed({ year_from: 2015, year_to: 2020 }, "year_to", 2020), { year_from: 2015 });
  assert.deepEqual(removed({ year: ["2015"] }, "year", "2015"), {});
});

test("an address leads to the place that it was made of", () => {
  assert.deepEqual(place(address("a b/c?", 7)), { view: "document", id: "a b/c?", page: 7 });
  assert.deepEqual(place("#/document/x"), { view: "document", id: "x", page: 1 });
  assert.deepEqual(place("#/document/%E0%A4%A/0"), { view: "document", id: "%E0%A4%A", page: 1 });
  assert.deepEqual(place("#/account"), { view: "account", id: "", page: 1 });
  assert.deepEqual(place("#/handling/x"), { view: "handling", id: "x", page: 1 });
  for (const hash of ["", "#/", "#/document/", "#/document/x/7777777", "#/document"]) {
    assert.deepEqual(place(hash), { view: "", id: "", page: 1 });
  }
});

test("a file's name is read in the form of RFC 5987", () => {
  assert.equal(fileName("attachment; filename=\"x.pdf\"; filename*=UTF-8''%D0%94%20a.pdf"), "Д a.pdf");
  for (const odd of ["", 'attachment; filename="x.pdf"', "attachment; filename*=UTF-8''%E0%A4%A"]) {
    assert.equal(fileName(odd), null);
  }
});

test("black or white stands on a colour, whichever is seen better", () => {
  assert.deepEqual(["#ffffff", "#ffd84d", "#1d4f80", "#000000"].map(onColour), ["#000000", "#000000", "#ffffff", "#ffffff"]);
});
