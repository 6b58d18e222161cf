// What is said of enquiries to other agencies, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  lead: {
    en: "What you asked other agencies. Nobody tells you what became of it: what they release, you find by searching again.",
    ru: "Что вы спросили у других ведомств. Что из этого вышло, не сообщается: открытое ими найдёт новый поиск.",
  },
  none: {
    en: "You have asked nobody. “Ask another agency…” stands above the results of a search.",
    ru: "Вы никого не спрашивали. Над результатами поиска есть «Спросить ведомство…».",
  },
  agency: { en: "Agency", ru: "Ведомство" },
  search: { en: "Search", ru: "Поиск" },
  sealed: { en: "an enquiry that does not open any more", ru: "запрос, который больше не открывается" },
  sent: { en: "Sent", ru: "Отправлен" },
  over: { en: "Over", ru: "Истекает" },
  acts: { en: "What to do", ru: "Действия" },
  again: { en: "Search again", ru: "Искать снова" },
  withdraw: { en: "Withdraw…", ru: "Отозвать…" },
  withdrawTitle: { en: "Withdraw the enquiry", ru: "Отозвать запрос" },
  withdrawLead: {
    en: "“{query}” is listed no longer, here or for {agency}.",
    ru: "«{query}» больше не будет ни в этом списке, ни у {agency}.",
  },
  withdrawn: { en: "The enquiry is withdrawn.", ru: "Запрос отозван." },

  receivedLead: {
    en: "What experts of other agencies ask yours, the oldest first. They are told neither that you looked nor how it ended.",
    ru: "Что спрашивают у вас эксперты других ведомств, начиная со старых. Им не сообщается ни просмотр, ни исход.",
  },
  release: {
    en: "To let them find a document, release it to their agency: another label, on which a second registrar decides.",
    ru: "Чтобы документ нашёлся у них, откройте его их ведомству: новая метка, которую решает второй регистратор.",
  },
  noSearch: {
    en: "None of your roles searches: look through the intake, or ask an expert of your agency.",
    ru: "Ваши роли не дают поиска: просмотрите список приёма или попросите эксперта вашего ведомства.",
  },
  asker: { en: "Who asks", ru: "Кто спрашивает" },
  look: { en: "Search this", ru: "Искать это" },
  close: { en: "Close…", ru: "Закрыть…" },
  closeTitle: { en: "Close the enquiry", ru: "Закрыть запрос" },
  closeLead: {
    en: "“{query}” is listed no longer for the registrars of your agency. Nothing is released by this, and the asker is not told.",
    ru: "«{query}» больше не будет в списке регистраторов вашего ведомства. Этим ничего не открывается, и спросившему не сообщается.",
  },
  outcome: { en: "For the audit trail alone", ru: "Только для журнала аудита" },
  outcome_nothing: { en: "nothing to be released", ru: "открывать нечего" },
  outcome_something: { en: "something is released", ru: "что-то открывается" },
  closed: { en: "The enquiry is closed.", ru: "Запрос закрыт." },
};

export const { say, sayOr } = speaking(STRINGS);
