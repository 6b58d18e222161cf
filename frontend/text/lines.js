// Lines that somebody pastes: each is one thing to search for.

export const MOST_LINES = 1000; // that the service takes at once

/**
 * The lines that are not blank, without the blanks around them.
 * @param {string} text
 */
export const linesOf = (text) => text.split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== "");
