// What the search says of kept searches, many searches at once and similar passages, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  kept: { en: "Kept searches", ru: "Сохранённые поиски" },
  keptNone: {
    en: "You keep no search yet. “Keep this search” stands above the results.",
    ru: "Сохранённых поисков пока нет. Над результатами есть «Сохранить поиск».",
  },
  keptSealed: { en: "a search that does not open any more", ru: "поиск, который больше не открывается" },
  keptNew: { en: "{count} new", ru: "новых: {count}" },
  keep: { en: "Keep this search", ru: "Сохранить поиск" },
  keepPress: { en: "Keep", ru: "Сохранить" },
  keptName: { en: "Name", ru: "Название" },
  isKept: { en: "The search is kept.", ru: "Поиск сохранён." },
  forget: { en: "Delete: {name}", ru: "Удалить: {name}" },
  forgetTitle: { en: "Delete a kept search", ru: "Удалить сохранённый поиск" },
  forgetLead: { en: "“{name}” is kept no longer.", ru: "«{name}» больше не будет храниться." },
  forgetPress: { en: "Delete", ru: "Удалить" },
  forgotten: { en: "The search is deleted.", ru: "Поиск удалён." },

  agencyAsk: { en: "Ask another agency…", ru: "Спросить ведомство…" },
  agencyTitle: { en: "Ask another agency", ru: "Спросить другое ведомство" },
  agencyLead: {
    en: "All registrars of the agency see this search and who asks. You are not told what becomes of it: what they release, you find by searching again.",
    ru: "Все регистраторы ведомства увидят этот поиск и кто спрашивает. Что из этого выйдет, не сообщается: открытое ими найдёт новый поиск.",
  },
  agencyWhich: { en: "Agency", ru: "Ведомство" },
  agencyNote: { en: "What they should know besides (may stay empty)", ru: "Что им ещё следует знать (можно не заполнять)" },
  agencyPress: { en: "Send", ru: "Отправить" },
  agencySent: { en: "The enquiry is sent", ru: "Запрос отправлен" },
  agencySentLead: { en: "It stands among your enquiries until you withdraw it or it is over.", ru: "Он останется среди ваших запросов, пока вы его не отзовёте или он не истечёт." },

  similar: { en: "Similar passages", ru: "Похожие отрывки" },
  similarTo: { en: "Like page {page} of “{title}”", ru: "Похоже на с. {page} документа «{title}»" },
  similarOff: { en: "No longer only what is like it", ru: "Убрать условие сходства" },

  yearBars: { en: "Years: press one, drag or use Shift for several", ru: "Годы: нажмите один, для нескольких протяните или с Shift" },
  yearBar: {
    en: { one: "{year}: {shown} document", other: "{year}: {shown} documents" },
    ru: { one: "{year}: {shown} документ", few: "{year}: {shown} документа", many: "{year}: {shown} документов", other: "{year}: {shown} документа" },
  },
  findValue: { en: "Find in “{facet}”", ru: "Найти в «{facet}»" },
  pageOf: { en: "Page {page} of {pages}", ru: "Страница {page} из {pages}" },
  preview: { en: "Preview", ru: "Просмотр" },
  open: { en: "Open the document", ru: "Открыть документ" },

  linesLead: {
    en: "One search a line, at most {most}. Each line gives its best document. The trail records every line.",
    ru: "Один запрос в строке, не больше {most}. На каждую строку даётся лучший документ. Каждая строка заносится в журнал.",
  },
  lines: { en: "Searches, one a line", ru: "Запросы, по одному в строке" },
  linesWords: { en: "Words of a line", ru: "Слова строки" },
  linesWords_any: { en: "any of them", ru: "любое из них" },
  linesWords_all: { en: "all of them", ru: "все вместе" },
  linesAsk: { en: "Search for all lines", ru: "Искать все строки" },
  linesCsv: { en: "Download as a table (CSV)", ru: "Скачать таблицей (CSV)" },
  linesMany: { en: "These are {n} lines; at most {most} are searched at once.", ru: "Строк {n}, а искать можно не больше {most} сразу." },
  linesNone: { en: "Write or paste at least one line.", ru: "Напишите или вставьте хотя бы одну строку." },
  linesFound: { en: "What the lines find", ru: "Что нашлось по строкам" },
  line: { en: "Line", ru: "Строка" },
  lineQuery: { en: "Search", ru: "Запрос" },
  lineTotal: { en: "Documents", ru: "Документы" },
  lineBest: { en: "Best document", ru: "Лучший документ" },
  lineNothing: { en: "nothing found", ru: "ничего не найдено" },
};

export const { say, sayOr } = speaking(STRINGS);
