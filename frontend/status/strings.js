// What is said about the service itself, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  lead: {
    en: "Numbers over all labels, and no document. Ask again to see how it goes on.",
    ru: "Числа по всем меткам и ни одного документа. Обновите, чтобы увидеть ход дела.",
  },
  again: { en: "Look again", ru: "Обновить" },
  queue: { en: "Documents by state", ru: "Документы по состояниям" },
  noDocuments: { en: "No document yet.", ru: "Документов пока нет." },
  search: { en: "Search", ru: "Поиск" },
  engine: { en: "Engine", ru: "Поисковый движок" },
  due: { en: "Waiting for the index", ru: "Ждут индекса" },
  vectors: { en: "Waiting for search by meaning", ru: "Ждут поиска по смыслу" },
  models: { en: "Translation", ru: "Перевод" },
  noModels: { en: "No model is installed: nothing is translated.", ru: "Моделей нет: ничего не переводится." },
  paused: { en: "Translation is paused.", ru: "Перевод приостановлен." },
  running: { en: "Translation is running.", ru: "Перевод работает." },
  waits: { en: "Documents that wait", ru: "Документов в очереди" },
  end: { en: "Expected end", ru: "Ожидаемое окончание" },
  ends_done: { en: "nothing waits", ru: "очереди нет" },
  ends_hour: { en: "within an hour", ru: "в течение часа" },
  ends_day: { en: "within a day", ru: "в течение суток" },
  ends_week: { en: "within a week", ru: "в течение недели" },
  ends_later: { en: "in more than a week", ru: "больше чем через неделю" },
  ends_paused: { en: "none while it is paused", ru: "нет, пока перевод приостановлен" },
  ends_unknown: {
    en: "not known: papers have yet to be read, or a model was not measured",
    ru: "неизвестно: документы ещё не прочитаны или модель не измерена",
  },
  disk: { en: "Disk", ru: "Диск" },
  diskLasts: { en: "There is room for two months and more.", ru: "Места хватит на два месяца и больше." },
  diskFills: {
    en: "It is full in less than two months. The operator sees when with: tolmach status",
    ru: "Место кончится раньше, чем через два месяца. Оператор видит когда: tolmach status",
  },
  scheme: { en: "Marking scheme", ru: "Система грифов" },
  level: { en: "Level", ru: "Гриф" },
  banner: { en: "Banner", ru: "Строка грифа" },
  code: { en: "Code", ru: "Код" },
};

export const { say, sayOr } = speaking(STRINGS);
