// What the pages of answers and of recommendations followed say, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  answersLead: {
    en: "Sentences of the papers that answer, as they stand there. Nothing is composed.",
    ru: "Предложения документов, которые отвечают на вопрос, дословно. Ничего не сочиняется.",
  },
  question: { en: "Question, in English or Russian", ru: "Вопрос, на русском или английском" },
  ask: { en: "Find what answers", ru: "Найти ответ" },
  asked: { en: "Sentences that answer: {count}", ru: "Отвечающих предложений: {count}" },
  noAnswer: {
    en: "No sentence holds enough of the question. Ask with fewer words, or search for documents.",
    ru: "Ни в одном предложении нет достаточной части вопроса. Спросите короче или ищите документы.",
  },
  noMeeting: { en: "Papers of no meeting", ru: "Документы вне совещаний" },

  pointsLead: {
    en: "Recognised in its text. Each can be followed through the papers of later meetings that you may read.",
    ru: "Распознано по тексту. Каждую можно проследить по документам следующих совещаний, которые вам доступны.",
  },
  pointsNone: { en: "Nothing of the kind was recognised in this paper.", ru: "В этом документе ничего такого не распознано." },
  point_recommendation: { en: "Recommendation", ru: "Рекомендация" },
  point_conclusion: { en: "Conclusion", ru: "Вывод" },
  point_decision: { en: "Decision", ru: "Решение" },
  pointNumbered: { en: "{kind}, paragraph {number}", ru: "{kind}, пункт {number}" },
  follow: { en: "What became of it", ru: "Что было дальше" },
  followed: { en: "What became of it: {said}", ru: "Что было дальше: {said}" },
  nothingLater: {
    en: "No later paper that you may read takes it up.",
    ru: "Ни один из доступных вам более поздних документов к этому не возвращается.",
  },
  reason_paragraph: { en: "names the paragraph", ru: "назван пункт" },
  reason_quotation: { en: "quotes it", ru: "цитата" },
  reason_likeness: { en: "says much the same", ru: "говорит о том же" },
  earlier: { en: "Earlier ones", ru: "Предыдущие" },
  later: { en: "Further ones", ru: "Следующие" },
};

export const { say, sayOr } = speaking(STRINGS);
