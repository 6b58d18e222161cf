// What a call can end with instead of an answer.

/**
 * @import { AskedPasskey } from "./answers.js"
 * @typedef {{ version: number, text: string }} Standing
 */

/**
 * What went wrong. `status` is HTTP's, or 0 when no answer came; `code` and `parameters` are the service's own words,
 * `current` what stands in place of what one wanted to change, `passkey` what a
 * passkey is asked to sign first.
 */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{ detail?: string, code?: string, parameters?: Record<string, string | number>, current?: Standing | null, passkey?: AskedPasskey | null }} [told]
   */
  constructor(status, { detail = "", code = "", parameters = {}, current = null, passkey = null } = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.parameters = parameters;
    this.current = current;
    this.passkey = passkey;
  }
}
