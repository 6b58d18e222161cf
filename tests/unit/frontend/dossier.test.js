// The dossier: passages are collected once, moved, commented, asked for in order; kept, and joined with what is kept already.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Dossier, MOST_PASSAGES } from "../../../frontend/state/dossier.js";

const places = (dossier) => dossier.asked().map(({ first }) => first);
const passage = (first, comment = "") => ({ document_id: "a", first, last: first, comment });

/** A service that keeps one dossier, and refuses what was changed over another version. */
function service(kept = { version: 0, title: "", passages: [] }) {
  const told = { kept };
  const load = async () => told.kept;
  const save = async (made) => {
    if (made.version !== told.kept.version) throw Object.assign(new Error("409"), { code: "dossier_changed" });
    told.kept = { ...made, version: made.version + 1 };
    return { version: told.kept.version };
  };
  return Object.assign(told, { store: { load, save } });
}

test("a passage is collected once, in order, and moved no further than the ends", async () => {
  const { store } = service();
  const dossier = new Dossier(store);
  assert.deepEqual([1, 2, 3, 2].map((first) => dossier.add("a", first, first)), [true, true, true, false]);
  const [one, two] = dossier.passages.map(({ key }) => key);
  dossier.move(one, -1);
  dossier.move(two, -1);
  assert.deepEqual(places(dossier), [2, 1, 3]);
  dossier.comment(one, "Look");
  dossier.remove(two);
  assert.deepEqual(dossier.asked()[0], { document_id: "a", first: 1, last: 1, comment: "Look" });
  await dossier.keep();
});

test("what was kept comes back, and stands before what was collected meanwhile", async () => {
  const told = service({ version: 4, title: "Returns", passages: [passage(7, "Before"), passage(8)] });
  const dossier = new Dossier(told.store);
  assert.equal(dossier.isKept, true);
  dossier.add("a", 9, 9);
  assert.equal(dossier.isKept, false);
  await dossier.keep();
  assert.equal(dossier.isKept, true);
  assert.deepEqual(told.kept, { version: 5, title: "Returns", passages: [passage(7, "Before"), passage(8), passage(9)] });
});

test("two pages of one person lose none of what either collects, and what is said here stays", async () => {
  const told = service({ version: 1, title: "", passages: [passage(1)] });
  const pages = [new Dossier(told.store), new Dossier(told.store)];
  for (const page of pages) await page.restore();
  pages[0].add("a", 2, 2);
  await pages[0].keep();
  pages[1].comment(pages[1].passages[0].key, "Mine");
  pages[1].add("a", 3, 3);
  await pages[1].keep();
  assert.deepEqual(told.kept.passages, [passage(1, "Mine"), passage(2), passage(3)]);
});

test("what could not be kept would be lost, and is kept with the next change", async () => {
  const told = service();
  let works = false;
  const dossier = new Dossier({ load: told.store.load, save: (made) => (works ? told.store.save(made) : Promise.reject(new Error("503"))) });
  dossier.add("a", 1, 1);
  await assert.rejects(dossier.keep(), /503/);
  assert.equal(dossier.isKept, false);
  works = true;
  dossier.entitle("Returns");
  await dossier.keep();
  assert.deepEqual([dossier.isKept, told.kept.title, told.kept.passages.length], [true, "Returns", 1]);
});

test("after the session nothing is kept in the name of whoever comes next", async () => {
  const told = service();
  const dossier = new Dossier(told.store);
  dossier.add("a", 1, 1);
  dossier.close();
  await dossier.keep();
  assert.equal(told.kept.version, 0);
});

test("no more are collected than the service takes", () => {
  const dossier = new Dossier(service().store);
  for (let first = 0; first < MOST_PASSAGES; first += 1) dossier.add("a", first, first);
  assert.equal(dossier.add("b", 0, 0), false);
  dossier.close();
});
