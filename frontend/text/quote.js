// Puts a quotation together: its marking, what was selected, where that stands and whence the text comes.

/**
 * Pieces of sentences as running text: sentences of a paragraph in one line, a blank line between paragraphs.
 * @param {{ text: string, begins: boolean }[]} pieces `begins`: a paragraph
 */
export function runningText(pieces) {
  return pieces.reduce((text, piece) => text + (text && (piece.begins ? "\n\n" : " ")) + piece.text.trim(), "");
}

/**
 * The quotation as plain text.
 * @param {{ marking: string, texts: string[], source: (string | null)[], origins: string[] }} parts
 */
export function quotation({ marking, texts, source, origins }) {
  const known = source.filter(Boolean).join(" · ");
  return [`[${marking}]`, ...texts.filter(Boolean), `${known}\n${[...new Set(origins)].join(" · ")}`].join("\n\n");
}
