// What the reader says of quoting, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  quoteBar: { en: "What is selected", ru: "Выделенное" },
  copySource: { en: "Copy with source", ru: "Копировать с источником" },
  copyBoth: { en: "Both languages", ru: "На обоих языках" },
  resultPrevious: { en: "Previous result (P)", ru: "Предыдущий результат (P)" },
  resultNext: { en: "Next result (N)", ru: "Следующий результат (N)" },
  findIn: { en: "Find in the document", ru: "Найти в документе" },
  notInIt: { en: "not found in it", ru: "в нём не найдено" },
  collect: { en: "To the dossier", ru: "В досье" },
  isCollected: { en: "In the dossier, {n} in all.", ru: "В досье; всего там: {n}." },
  notCollected: { en: "It is there already, or the dossier is full ({n}).", ru: "Уже там, или досье заполнено ({n})." },
  isCopied: { en: "Copied.", ru: "Скопировано." },
  fromOriginal: { en: "{language}: original", ru: "{language}: подлинник" },
};

export const { say, sayOr } = speaking(STRINGS);
