// What is reckoned of years: how high their bars are, and which of two begins a span.

const LOWEST = 4; // percent, so that a bar of few is seen

/**
 * Lines in order of their years, each with the height of its bar in percent of the highest; none counted: 0.
 * @param {{ value: string, count: number | null }[]} lines
 */
export function heights(lines) {
  const most = Math.max(1, ...lines.map(({ count }) => count ?? 0));
  const ordered = [...lines].sort((a, b) => Number(a.value) - Number(b.value));
  return ordered.map((line) => ({ ...line, height: line.count ? Math.max(LOWEST, Math.round((100 * line.count) / most)) : 0 }));
}

/** @type {(a: number, b: number) => [from: number, to: number]} */
export const spanOf = (a, b) => [Math.min(a, b), Math.max(a, b)];
