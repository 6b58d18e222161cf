// What is said about one's own roles and sessions, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  grants: { en: "Your roles", ru: "Ваши роли" },
  noGrants: { en: "You hold no role.", ru: "У вас нет ролей." },
  role: { en: "Role", ru: "Роль" },
  clearance: { en: "Clearance", ru: "Допуск" },
  words: { en: "Need to know", ru: "Служебная необходимость" },
  from: { en: "From", ru: "С" },
  until: { en: "Until", ru: "До" },
  state: { en: "State", ru: "Состояние" },
  sessions: { en: "Where you are signed in", ru: "Где вы вошли" },
  begun: { en: "Begun", ru: "Начат" },
  lastUsed: { en: "Last used", ru: "Последнее действие" },
  ends: { en: "Ends", ru: "Кончится" },
  thisOne: { en: "this one", ru: "этот" },
  forgotten: {
    en: "Forgotten your password, or lost your phone? An administrator can give you a one-time code.",
    ru: "Забыли пароль или потеряли телефон? Администратор может дать вам одноразовый код.",
  },
};

export const { say, sayOr } = speaking(STRINGS);
