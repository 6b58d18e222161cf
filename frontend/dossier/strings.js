// What the dossier says, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  lead: {
    en: "Passages that you collected while reading. They are kept for you alone, for as long as you may read their papers.",
    ru: "Отрывки, собранные при чтении. Они хранятся для вас одного, пока вам можно читать их документы.",
  },
  none: {
    en: "Nothing is collected yet. Select text in a document, or walk to a sentence with the arrow keys, and press D.",
    ru: "Пока ничего не собрано. Выделите текст в документе или перейдите стрелками к предложению и нажмите D (клавиша В).",
  },
  title: { en: "Title of the dossier", ru: "Название досье" },
  titleFirst: { en: "Dossier", ru: "Досье" },
  take: { en: "Take out (HTML)", ru: "Выгрузить (HTML)" },
  takeWord: { en: "Take out (DOCX)", ru: "Выгрузить (DOCX)" },
  taken: { en: "The dossier was taken out. The trail has it.", ru: "Досье выгружено. Это записано в журнал." },
  print: { en: "Print", ru: "Печать" },
  passages: { en: "Passages", ru: "Отрывки" },
  comment: { en: "Comment", ru: "Примечание" },
  up: { en: "Move up: {title}", ru: "Выше: {title}" },
  down: { en: "Move down: {title}", ru: "Ниже: {title}" },
  remove: { en: "Take out of the dossier: {title}", ru: "Убрать из досье: {title}" },
  absent: {
    en: "This passage cannot be read now. It is left out of what you take.",
    ru: "Этот отрывок сейчас прочесть нельзя. В выгрузку он не войдёт.",
  },
  absentTitle: { en: "a passage that cannot be read", ru: "отрывок, который нельзя прочесть" },
};

export const { say } = speaking(STRINGS);
