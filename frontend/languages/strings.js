// Every text of the interface, in both languages side by side. A plural has the forms that Intl.PluralRules names.

import { WORK } from "./work.js";

export const STRINGS = {
  ...WORK,

  // The frame
  skip: { en: "Skip to the content", ru: "Перейти к содержанию" },
  tagline: {
    en: "Meeting papers in English and Russian",
    ru: "Документы совещаний на русском и английском языках",
  },
  titleSearch: { en: "Search", ru: "Поиск" },
  titleReader: { en: "Document", ru: "Документ" },
  titleSignIn: { en: "Sign in", ru: "Вход" },
  titleAccount: { en: "Your sign-in", ru: "Ваш вход" },
  home: { en: "Tolmach: to the first page", ru: "Толмач: на первую страницу" },
  product: { en: "Tolmach", ru: "Толмач" },
  interfaceLanguage: { en: "Language of the interface", ru: "Язык интерфейса" },
  account: { en: "You are signed in as", ru: "Вы вошли как" },
  clearance: { en: "cleared for {level}", ru: "допуск: {level}" },
  signOut: { en: "Sign out", ru: "Выйти" },
  loading: { en: "Loading…", ru: "Загрузка…" },
  retry: { en: "Try again", ru: "Повторить" },

  // Signing in
  signIn: { en: "Sign in", ru: "Войти" },
  username: { en: "User name", ru: "Имя пользователя" },
  password: { en: "Password", ru: "Пароль" },
  factor: { en: "Second factor, if you have one", ru: "Второй фактор, если он есть" },
  signOn: { en: "Sign in with your agency", ru: "Войти через своё ведомство" },
  signOnOrPassword: { en: "or with a password of this service:", ru: "или с паролем этого сервиса:" },
  signOnOnly: {
    en: "With a password only administrators in an emergency:",
    ru: "С паролем входят только администраторы в экстренном случае:",
  },
  signOnRefused: {
    en: "You could not be signed in with your agency's account. Try again in a minute; if it fails again, ask your administrator.",
    ru: "Войти через учётную запись ведомства не удалось. Повторите через минуту; если не получится, обратитесь к администратору.",
  },
  signInNote: {
    en: "What you search for and open is recorded in the audit trail.",
    ru: "Запросы и открытые документы заносятся в журнал аудита.",
  },
  wrongCredentials: {
    en: "User name, password and second factor do not belong together. Check them, wait a little and try again.",
    ru: "Имя, пароль и второй фактор не подходят друг к другу. Проверьте их и чуть позже попробуйте ещё раз.",
  },
  passkeyTitle: { en: "Your passkey", ru: "Ваш ключ доступа" },
  passkeyLead: {
    en: "Your password is right. Confirm with your passkey that it is you.",
    ru: "Пароль верен. Подтвердите ключом доступа, что это вы.",
  },
  passkeyUse: { en: "Use your passkey", ru: "Использовать ключ доступа" },
  passkeyOrCode: { en: "or with a code:", ru: "или с кодом:" },
  passkeyCode: { en: "Six digits, or a recovery code", ru: "Шесть цифр или код восстановления" },
  passkeyCodeUse: { en: "Sign in with the code", ru: "Войти с кодом" },
  passkeyBack: { en: "Sign in as somebody else", ru: "Войти под другим именем" },
  sessionOver: {
    en: "Your session is over. Sign in to go on.",
    ru: "Ваш сеанс завершён. Войдите, чтобы продолжить.",
  },
  signedOut: { en: "You have signed out.", ru: "Вы вышли." },
  signOutFailed: {
    en: "You are signed out in this browser, but the service did not confirm it.",
    ru: "В этом браузере вы вышли, но сервис этого не подтвердил.",
  },
  cookieRefused: {
    en: "This browser did not keep the session. Open the page by https://, or on this machine by http://localhost.",
    ru: "Браузер не сохранил сеанс. Откройте страницу по https:// или на этой машине по http://localhost.",
  },


  // Problems
  errorOffline: {
    en: "This computer is offline. Check the connection, then try again.",
    ru: "Нет подключения к сети. Проверьте соединение и повторите попытку.",
  },
  errorNoAnswer: {
    en: "The service does not answer. Check the connection and try again; if it lasts, tell your operator.",
    ru: "Сервис не отвечает. Проверьте соединение и повторите попытку; если не поможет, сообщите оператору.",
  },
  errorUnavailable: {
    en: "The service is not available at the moment. Wait a little and try again.",
    ru: "Сервис временно недоступен. Подождите немного и повторите попытку.",
  },
  errorUnforeseen: {
    en: "Something failed on the service's side. Try again; if it lasts, tell your operator.",
    ru: "На стороне сервиса произошла ошибка. Повторите попытку; если не поможет, сообщите оператору.",
  },
  errorSession: {
    en: "Your session is over. Sign in to go on.",
    ru: "Ваш сеанс завершён. Войдите, чтобы продолжить.",
  },
  errorForbidden: {
    en: "None of your roles allows this. Ask your administrator if you need it.",
    ru: "Ни одна из ваших ролей этого не допускает. Если это необходимо, обратитесь к администратору.",
  },
  errorNotFound: {
    en: "There is no such document, or you may not read it.",
    ru: "Такого документа нет, или у вас нет права его читать.",
  },
  errorWrong: {
    en: "The service could not make sense of this. {detail}",
    ru: "Сервис не смог это разобрать. {detail}",
  },
  errorOften: {
    en: "Too many requests in a short time. Wait a little and try again.",
    ru: "Слишком много запросов за короткое время. Подождите немного и повторите попытку.",
  },

  errorConflict: {
    en: "This cannot be done now. {detail}",
    ru: "Сейчас это сделать нельзя. {detail}",
  },
  errorTooLarge: {
    en: "This is larger than anything that is taken in. Split it and bring the parts.",
    ru: "Это больше всего, что принимается. Разделите файл и принесите части.",
  },



  // Results
  searching: { en: "Searching…", ru: "Идёт поиск…" },
  shown: { en: "{from}–{to} of {total}", ru: "{from}–{to} из {total}" },
  nothing: { en: "No document found.", ru: "Ничего не найдено." },
  page: { en: "p. {n}", ru: "с. {n}" },
  openPage: { en: "Open page {page}", ru: "Открыть страницу {page}" },
  undated: { en: "no date", ru: "без даты" },
  origin_original: { en: "original", ru: "подлинник" },
  origin_human: { en: "human translation", ru: "перевод человека" },
  origin_reviewed: { en: "reviewed translation", ru: "проверенный перевод" },
  origin_machine: { en: "machine translation", ru: "машинный перевод" },
  found_human: { en: "found in the human translation", ru: "найдено в переводе человека" },
  found_reviewed: { en: "found in the reviewed translation", ru: "найдено в проверенном переводе" },
  found_machine: { en: "found in the machine translation", ru: "найдено в машинном переводе" },
  doubtHere: { en: "Doubtful:", ru: "Сомнительно:" },
  doubtMissing: { en: "A sentence has no translation here.", ru: "Здесь нет перевода предложения." },


  // Filters
  more: { en: "{n} more", ru: "ещё {n}" },
  facet_language: { en: "Language", ru: "Язык" },
  facet_agency: { en: "Originator", ru: "Составитель" },
  facet_level: { en: "Level", ru: "Гриф" },
  facet_year: { en: "Year", ru: "Год" },
  facet_kind: { en: "Kind", ru: "Вид" },
  facet_meeting: { en: "Meeting", ru: "Совещание" },
  facet_series: { en: "Series of symbols", ru: "Серия обозначений" },
  facet_body: { en: "Body", ru: "Орган" },
  facet_country: { en: "Country", ru: "Страна" },
  facet_has: { en: "Contains", ru: "Содержит" },
  has_ocr: { en: "recognised text", ru: "распознанный текст" },
  has_repair: { en: "repaired letters", ru: "исправленные буквы" },
  has_translation: { en: "a translation", ru: "перевод" },
  has_human: { en: "a human translation", ru: "перевод человека" },
  facet_has_human_translation: { en: "Human translation", ru: "Перевод человека" },
  yes: { en: "yes", ru: "есть" },
  no: { en: "no", ru: "нет" },
  yearSince: { en: "since {year}", ru: "с {year}" },
  yearUntil: { en: "until {year}", ru: "по {year}" },

  // Kinds of documents
  kind_agenda: { en: "Agenda", ru: "Повестка дня" },
  kind_statement: { en: "Statement", ru: "Выступление" },
  kind_report: { en: "Report", ru: "Доклад" },
  kind_recommendations: { en: "Recommendations", ru: "Рекомендации" },
  kind_resolution: { en: "Resolution", ru: "Резолюция" },
  kind_other: { en: "Other", ru: "Прочее" },

  // Labels
  labelBanner: { en: "Label of this document", ru: "Гриф этого документа" },
  labelAll: { en: "Releasable to all agencies", ru: "Для всех ведомств" },
  labelReleasable: { en: "Releasable to {list}", ru: "Для ведомств: {list}" },
  labelNobody: { en: "Releasable to no agency", ru: "Ни для одного ведомства" },
  labelNeedToKnow: { en: "Need to know: {words}", ru: "Служебная необходимость: {words}" },
  labelOriginators: { en: "Originator: {list}", ru: "Составитель: {list}" },

  // The reader
  pageOf: { en: "of {total}", ru: "из {total}" },
  download: { en: "Download original", ru: "Скачать подлинник" },
  alsoInEnglish: { en: "Also in English, by people", ru: "Также на английском, перевод людей" },
  alsoInRussian: { en: "Also in Russian, by people", ru: "Также на русском, перевод людей" },
  places: {
    en: { one: "{n} place", other: "{n} places" },
    ru: { one: "{n} место", few: "{n} места", many: "{n} мест", other: "{n} места" },
  },

  // Both texts, side by side
  by_machine: {
    en: "Machine translation by {engine} · not checked by a person",
    ru: "Машинный перевод, {engine} · человеком не проверен",
  },
  by_unnamed: {
    en: "Machine translation · not checked by a person",
    ru: "Машинный перевод · человеком не проверен",
  },
  by_reviewed: { en: "Machine translation, reviewed by a person", ru: "Машинный перевод, проверенный человеком" },
  by_human: { en: "Human translation", ru: "Перевод человека" },

  // Why there is no translation
  direction_en: { en: "from English into Russian", ru: "с английского языка на русский" },
  direction_ru: { en: "from Russian into English", ru: "с русского языка на английский" },
  absent_no_model: {
    en: "There is no translation: no model that translates this document {direction} is installed.",
    ru: "Перевода нет: не установлена модель, которая переводит этот документ {direction}.",
  },
  absent_waiting: {
    en: "There is no translation yet: the document waits to be translated {direction}. Open it again later.",
    ru: "Перевода пока нет: документ ждёт перевода {direction}. Откройте его позже ещё раз.",
  },
  absent_failed: {
    en: "There is no translation: translating {direction} failed. Your operator can see why and try again.",
    ru: "Перевода нет: перевести {direction} не удалось. Причина видна оператору, он может повторить попытку.",
  },
  absent_unread: {
    en: "There is no translation of this document yet.",
    ru: "Перевода этого документа пока нет.",
  },


  // Why a translation is doubted
  doubt_empty: {
    en: "Doubtful: the model gave no translation of this sentence.",
    ru: "Сомнительно: модель не дала перевода этого предложения.",
  },
  doubt_copied: {
    en: "Doubtful: the original was copied, not translated.",
    ru: "Сомнительно: подлинник переписан, а не переведён.",
  },
  doubt_wrong_script: {
    en: "Doubtful: much of it is in the letters of the other language.",
    ru: "Сомнительно: многое написано буквами другого языка.",
  },
  doubt_repeated: {
    en: "Doubtful: it says again and again what the original says once.",
    ru: "Сомнительно: повторяет то, что в подлиннике сказано один раз.",
  },
  doubt_numbers: {
    en: "Doubtful: its numbers are not those of the original.",
    ru: "Сомнительно: числа не те, что в подлиннике.",
  },
  doubt_symbols: {
    en: "Doubtful: a document symbol is missing, added or changed.",
    ru: "Сомнительно: условное обозначение документа пропущено, добавлено или изменено.",
  },
  doubt_markings: {
    en: "Doubtful: its security marking is not that of the original.",
    ru: "Сомнительно: гриф не тот, что в подлиннике.",
  },
  doubt_length: {
    en: "Doubtful: it is much shorter or longer than the original.",
    ru: "Сомнительно: намного короче или длиннее подлинника.",
  },
  doubt_other: { en: "Doubtful.", ru: "Сомнительно." },
};
