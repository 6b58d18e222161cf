// The difference of two texts, word by word: the longest common sequence. Of texts that are too long it says nothing.

const MOST = 600; // words of either

/**
 * What was kept, taken out and put in, in order; null where a text is too long for that.
 * @param {string} before
 * @param {string} after
 * @returns {{ kind: "same" | "out" | "in", text: string }[] | null}
 */
export function difference(before, after) {
  const [a, b] = [before, after].map((text) => text.match(/\s*\S+/g) ?? []);
  if (a.length > MOST || b.length > MOST) return null;
  const lengths = commonLengths(a, b);
  /** @type {{ kind: "same" | "out" | "in", text: string }[]} */
  const parts = [];
  /** @param {"same" | "out" | "in"} kind @param {string} text */
  const add = (kind, text) => {
    const last = parts[parts.length - 1];
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i].trim() === b[j].trim()) {
      add("same", b[j]);
      [i, j] = [i + 1, j + 1];
    } else if (j === b.length || (i < a.length && lengths[i + 1][j] >= lengths[i][j + 1])) add("out", a[i++]);
    else add("in", b[j++]);
  }
  return parts;
}

/** @param {string[]} a @param {string[]} b how long the longest common sequence is from each place on */
function commonLengths(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const same = a[i].trim() === b[j].trim();
      lengths[i][j] = same ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}
