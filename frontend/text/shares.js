// Shares the text of a sentence among the lines that it fills on its page, which are known by their boxes alone.

/**
 * The text cut between words into as many parts as there are widths, each about as long as its width asks.
 * @param {string} text
 * @param {number[]} widths of the lines, in order
 */
export function shares(text, widths) {
  const whole = widths.reduce((sum, width) => sum + width, 0) || 1;
  /** @type {string[]} */
  const parts = [];
  let [from, reached] = [0, 0];
  widths.forEach((width, at) => {
    reached += width;
    const to = at === widths.length - 1 ? text.length : wordEnd(text, Math.round((text.length * reached) / whole), from);
    parts.push(text.slice(from, to));
    from = to;
  });
  return parts;
}

/** @param {string} text @param {number} near @param {number} from no earlier than this */
function wordEnd(text, near, from) {
  const [before, after] = [text.lastIndexOf(" ", near) + 1, text.indexOf(" ", near) + 1 || text.length];
  return Math.max(from, near - before <= after - near ? before : after);
}
