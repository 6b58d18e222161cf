// The passages that somebody collects: where they stand and what is said of them, in order. Kept by the service, sealed.

export const MOST_PASSAGES = 200; // that the service takes
const PAUSE = 500; // milliseconds from a change until it is kept

/**
 * @import { KeptDossier } from "../service/answers.js"
 * @typedef {object} Collected
 * @property {number} key its own for as long as the page lasts
 * @property {string} document_id
 * @property {number} first number of its first sentence in the document
 * @property {number} last
 * @property {string} comment
 * @typedef {{ load: () => Promise<KeptDossier>, save: (dossier: KeptDossier) => Promise<{ version: number }> }} Store
 */

/** Dropped with the session, and fetched anew with the next. Nothing of it stays in the browser. */
export class Dossier {
  /** @param {Store} store */
  constructor(store) {
    /** @type {Store | null} null once the session is over */
    this.store = store;
    /** @type {Collected[]} */
    this.passages = [];
    this.title = "";
    this.version = 0;
    this.isKept = true; // nothing would be lost with the page
    this.made = 0;
    this.changes = 0;
    this.timer = 0;
    this.isRestored = false;
    /** @type {Promise<void> | null} */
    this.restoring = null;
  }

  /** What was kept before, once it is here: it stands before what was collected meanwhile. Asked for once, or until it comes. */
  restore() {
    this.restoring ??= this.join().catch((problem) => {
      this.restoring = null;
      throw problem;
    });
    return this.restoring;
  }

  async join() {
    if (!this.store) return;
    const { version, title, passages } = await this.store.load();
    const here = new Map(this.passages.map((each) => [placeOf(each), each]));
    this.passages = [];
    for (const each of passages) {
      const own = here.get(placeOf(each)); // what is said of it here stays
      here.delete(placeOf(each));
      this.take(own ?? each, own?.key);
    }
    for (const own of here.values()) this.take(own, own.key);
    this.version = version;
    this.title ||= title;
    this.isRestored = true;
  }

  /** Nobody is signed in any more: nothing is kept in the name of whoever comes next. */
  close() {
    clearTimeout(this.timer);
    this.store = null;
    this.isKept = true;
  }

  /** There is something to keep. */
  changed() {
    this.isKept = false;
    this.changes += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep().catch(() => {}), PAUSE); // what was not kept is kept with the next change
  }

  /** Keep it now; what another page kept meanwhile is joined to it. */
  async keep() {
    clearTimeout(this.timer);
    if (this.isKept) return;
    if (!this.isRestored) await this.restore();
    for (const tries of [1, 0]) {
      if (this.isKept || !this.store) return;
      const { changes, version, title } = this;
      try {
        const kept = await this.store.save({ version, title, passages: this.asked() });
        this.version = kept.version;
        this.isKept = this.changes === changes;
        return;
      } catch (problem) {
        if (!tries || /** @type {{ code?: string }} */ (problem).code !== "dossier_changed") throw problem;
        await this.join();
      }
    }
  }

  /**
   * Put a passage at the end, unless it is there already or there is no room.
   * @param {{ document_id: string, first: number, last: number, comment: string }} passage
   * @param {number} [key]
   */
  take({ document_id, first, last, comment }, key = 0) {
    const place = placeOf({ document_id, first, last });
    if (this.passages.some((each) => placeOf(each) === place) || this.passages.length >= MOST_PASSAGES) return false;
    this.passages.push({ key: key || (this.made += 1), document_id, first, last, comment });
    return true;
  }

  /**
   * Collect a passage; gives whether there was room and it was not there.
   * @param {string} documentId
   * @param {number} first
   * @param {number} last
   */
  add(documentId, first, last) {
    const added = this.take({ document_id: documentId, first, last, comment: "" });
    if (added) this.changed();
    return added;
  }

  /**
   * Move a passage one place; at an end it stays.
   * @param {number} key
   * @param {1 | -1} by
   */
  move(key, by) {
    const at = this.passages.findIndex((each) => each.key === key);
    const to = at + by;
    if (at < 0 || to < 0 || to >= this.passages.length) return;
    const [passage] = this.passages.splice(at, 1);
    this.passages.splice(to, 0, passage);
    this.changed();
  }

  /** @param {number} key */
  remove(key) {
    this.passages = this.passages.filter((each) => each.key !== key);
    this.changed();
  }

  /** @param {number} key @param {string} comment */
  comment(key, comment) {
    const passage = this.passages.find((each) => each.key === key);
    if (!passage) return;
    passage.comment = comment;
    this.changed();
  }

  /** @param {string} title */
  entitle(title) {
    this.title = title;
    this.changed();
  }

  /** What the service is asked for, in order. */
  asked() {
    return this.passages.map(({ document_id, first, last, comment }) => ({ document_id, first, last, comment }));
  }
}

/** @param {{ document_id: string, first: number, last: number }} passage */
const placeOf = ({ document_id: id, first, last }) => `${id} ${first} ${last}`;
