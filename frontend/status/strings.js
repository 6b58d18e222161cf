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
  models: { en: "Translation", ru: "Перевод" },
  noModels: { en: "No model is installed: nothing is translated.", ru: "Моделей нет: ничего не переводится." },
  paused: { en: "Translation is paused.", ru: "Перевод приостановлен." },
  running: { en: "Translation is running.", ru: "Перевод работает." },
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
