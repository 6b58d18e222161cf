// What the frame of the page says, in both languages: colours, keys, going anywhere.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  theme_system: { en: "Colours: as the system has them", ru: "Цвета: как в системе" },
  theme_light: { en: "Colours: light", ru: "Цвета: светлые" },
  theme_dark: { en: "Colours: dark", ru: "Цвета: тёмные" },
  keys: { en: "Keys", ru: "Клавиши" },
  keysHere: { en: "In this view", ru: "В этом разделе" },
  keysEverywhere: { en: "Everywhere", ru: "Везде" },
  key_keys: { en: "This list", ru: "Этот список" },
  key_goTo: { en: "Go to a view or a paper", ru: "Перейти к разделу или документу" },
  key_close: { en: "Close a dialog; what was typed there is not kept", ru: "Закрыть окно; введённое в нём не сохранится" },
  key_search: { en: "Search", ru: "Поиск" },
  key_hits: { en: "From hit to hit", ru: "По результатам" },
  key_pages: { en: "From page to page", ru: "По страницам" },
  key_zoom: { en: "Larger, smaller, as wide as there is room", ru: "Крупнее, мельче, по ширине" },
  key_strip: { en: "Small pictures of all pages", ru: "Все страницы в малых изображениях" },
  key_find: { en: "Find in the document", ru: "Найти в документе" },
  key_results: { en: "Next result, previous result", ru: "Следующий результат, предыдущий" },
  key_quote: { en: "Copy with source, in both languages, to the dossier", ru: "Копировать с источником, на обоих языках, в досье" },
  key_back: { en: "Back to the results", ru: "Назад к результатам" },
  key_saveNext: { en: "Save, and on to the next sentence", ru: "Сохранить и перейти к следующему предложению" },
  key_save: { en: "Save and stay", ru: "Сохранить и остаться" },
  key_ends: { en: "First sentence, last sentence", ru: "Первое предложение, последнее" },
  key_source: { en: "Put the source in", ru: "Вставить исходный текст" },
  key_match: { en: "Take an offer of the memory", ru: "Взять предложение памяти" },
  key_concordance: { en: "How the selected words were translated", ru: "Как переводили выделенные слова" },
  key_beads: { en: "From line to line", ru: "По строкам" },
  key_cutEn: { en: "Move the cut on the English side", ru: "Сдвинуть разрез с английской стороны" },
  key_cutRu: { en: "Move the cut on the Russian side", ru: "Сдвинуть разрез с русской стороны" },
  key_split: { en: "Split at the cut", ru: "Разделить по разрезу" },
  key_join: { en: "Join with the next line", ru: "Объединить со следующей строкой" },
  key_give: { en: "Last sentence to the next line: English, Russian", ru: "Последнее предложение — в следующую строку: английское, русское" },
  key_take: { en: "First sentence of the next line to here: English, Russian", ru: "Первое предложение следующей строки — сюда: английское, русское" },
  key_unlink: { en: "They are no translation of each other", ru: "Они не переводят друг друга" },
  key_undo: { en: "Take the last change back", ru: "Отменить последнее изменение" },

  goTo: { en: "Go to a view, a recent paper, or a symbol", ru: "Перейти к разделу, недавнему документу или обозначению" },
  goToView: { en: "Go to a view", ru: "Перейти к разделу" },
  goals: { en: "Where to", ru: "Куда" },
  bySymbol: { en: "papers of this symbol: Enter looks for them", ru: "документы с этим обозначением: Enter ищет" },
  noGoals: { en: "There is nothing of that name for you.", ru: "Под таким именем для вас ничего нет." },
};

export const { say, sayOr } = speaking(STRINGS);
