// What is said about why somebody may do something, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  lead: {
    en: "Ask about a person and either a label or a document that you may see yourself.",
    ru: "Спросите о сотруднике и либо о метке, либо о документе, который вам самим доступен.",
  },
  username: { en: "User name", ru: "Имя пользователя" },
  action: { en: "May they…", ru: "Может ли он…" },
  about: { en: "About", ru: "О чём" },
  aLabel: { en: "a label", ru: "о метке" },
  aDocument: { en: "a document", ru: "о документе" },
  documentId: { en: "Identifier of the document", ru: "Идентификатор документа" },
  ask: { en: "Explain", ru: "Объяснить" },
  allowed: { en: "Yes: {username} may do this now.", ru: "Да: {username} может это сейчас." },
  refused: { en: "No: {username} may not do this now.", ru: "Нет: {username} не может этого сейчас." },
  rules: { en: "Rule by rule", ru: "По правилам" },
  passed: { en: "passed", ru: "пройдено" },
  stopped: { en: "stops here", ru: "не пройдено" },
  considered: { en: "Grants that were looked at", ru: "Рассмотренные полномочия" },
  grant: { en: "Grant", ru: "Полномочие" },
  words: { en: "Need to know", ru: "Служебная необходимость" },
  span: { en: "Until", ru: "До" },
  refusedBy: { en: "Of no use because of", ru: "Не подходит по правилу" },
  fits: { en: "fits", ru: "подходит" },
  action_search: { en: "search", ru: "искать" },
  action_read: { en: "read", ru: "читать" },
  action_download: { en: "download", ru: "скачивать" },
  action_intake: { en: "take in", ru: "принимать" },
  action_label: { en: "relabel", ru: "менять метку" },
  action_remove: { en: "remove", ru: "удалять" },
  action_edit: { en: "translate", ru: "переводить" },
  action_approve: { en: "approve translations", ru: "утверждать переводы" },
};

export const { say, sayOr } = speaking(STRINGS);
