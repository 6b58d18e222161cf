// What the first page says, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  hello: { en: "Hello, {name}", ru: "Здравствуйте, {name}" },
  roles: { en: "Your roles: {roles}", ru: "Ваши роли: {roles}" },
  noRoles: {
    en: "You hold no role at the moment. An administrator can grant you one.",
    ru: "Сейчас у вас нет ни одной роли. Её может дать администратор.",
  },
  proposals: {
    en: { one: "{n} change waits for you", other: "{n} changes wait for you" },
    ru: { one: "{n} изменение ждёт вас", few: "{n} изменения ждут вас", many: "{n} изменений ждут вас", other: "{n} изменения ждут вас" },
  },
  received: {
    en: { one: "{n} enquiry of another agency", other: "{n} enquiries of other agencies" },
    ru: { one: "{n} запрос другого ведомства", few: "{n} запроса других ведомств", many: "{n} запросов других ведомств", other: "{n} запроса других ведомств" },
  },
  quarantined: {
    en: { one: "{n} document in quarantine", other: "{n} documents in quarantine" },
    ru: { one: "{n} документ в карантине", few: "{n} документа в карантине", many: "{n} документов в карантине", other: "{n} документа в карантине" },
  },
  review: {
    en: { one: "{n} label to be reviewed", other: "{n} labels to be reviewed" },
    ru: { one: "{n} метка к пересмотру", few: "{n} метки к пересмотру", many: "{n} меток к пересмотру", other: "{n} метки к пересмотру" },
  },
  due: {
    en: { one: "{n} document due for disposal", other: "{n} documents due for disposal" },
    ru: { one: "у {n} документа истёк срок хранения", few: "у {n} документов истёк срок хранения", many: "у {n} документов истёк срок хранения", other: "у {n} документа истёк срок хранения" },
  },
  atLeast: { en: "{words} or more", ru: "{words} или больше" },
  nothing: { en: "Nothing waits for you.", ru: "Ничего не ждёт вас." },
  waits: { en: "What waits", ru: "Что ждёт" },
  ways: { en: "Where to go", ru: "Куда пойти" },
};

export const { say, sayOr } = speaking(STRINGS);
