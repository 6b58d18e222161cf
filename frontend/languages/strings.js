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
  signInNote: {
    en: "What you search for and open is recorded in the audit trail.",
    ru: "Запросы и открытые документы заносятся в журнал аудита.",
  },
  wrongCredentials: {
    en: "User name, password and second factor do not belong together. Check them, wait a little and try again.",
    ru: "Имя, пароль и второй фактор не подходят друг к другу. Проверьте их и чуть позже попробуйте ещё раз.",
  },
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

  // One's own sign-in
  passwordTitle: { en: "Choose a password", ru: "Выберите пароль" },
  passwordLead: {
    en: "The one-time code opens nothing else. Choose a password that only you know.",
    ru: "Одноразовый код больше ничего не открывает. Выберите пароль, который знаете только вы.",
  },
  passwordRule: {
    en: "At least 12 characters of any kind: a few words in a row are good. Common passwords are refused.",
    ru: "Не меньше 12 любых знаков: подойдут несколько слов подряд. Распространённые пароли не принимаются.",
  },
  oldCode: { en: "One-time code", ru: "Одноразовый код" },
  oldPassword: { en: "Current password", ru: "Текущий пароль" },
  newPassword: { en: "New password", ru: "Новый пароль" },
  newPasswordAgain: { en: "New password once more", ru: "Новый пароль ещё раз" },
  passwordsDiffer: { en: "The two new passwords differ.", ru: "Новые пароли не совпадают." },
  setPassword: { en: "Set the password", ru: "Задать пароль" },
  passwordSet: {
    en: "The password is changed. Your other sessions have ended.",
    ru: "Пароль изменён. Другие ваши сеансы завершены.",
  },
  passwordChange: { en: "Change the password", ru: "Смена пароля" },
  factorName: { en: "Second factor", ru: "Второй фактор" },
  factorTitle: { en: "Set up a second factor", ru: "Настройте второй фактор" },
  factorMust: {
    en: "An administrator's role holds only with a second factor: six digits that an app on your phone shows.",
    ru: "Роль администратора действует только со вторым фактором: шестью цифрами из приложения на телефоне.",
  },
  factorLead: {
    en: "Six digits that an app on your phone shows are then asked for at every sign-in.",
    ru: "Тогда при каждом входе будут нужны шесть цифр из приложения на телефоне.",
  },
  factorOffer: { en: "Show the secret", ru: "Показать секрет" },
  factorScan: {
    en: "Scan this with an app for one-time passwords (TOTP), or type the secret into it.",
    ru: "Отсканируйте это приложением для одноразовых паролей (TOTP) или введите в него секрет.",
  },
  factorPicture: { en: "The secret as a QR code", ru: "Секрет в виде QR-кода" },
  factorSecret: { en: "Secret", ru: "Секрет" },
  factorDigits: { en: "The six digits that it shows", ru: "Шесть цифр, которые оно показывает" },
  factorTurnOn: { en: "Turn it on", ru: "Включить" },
  factorOn: { en: "A second factor is set up.", ru: "Второй фактор настроен." },
  recoveryTitle: { en: "Keep these recovery codes", ru: "Сохраните коды восстановления" },
  recoveryLead: {
    en: "Each replaces the six digits once, should the phone be lost. They are not shown again.",
    ru: "Каждый один раз заменит шесть цифр, если телефон потерян. Больше их не покажут.",
  },
  recoveryKept: { en: "I have kept them", ru: "Коды сохранены" },
  everywhereTitle: { en: "All your sessions", ru: "Все ваши сеансы" },
  everywhereLead: {
    en: "Ends every session of yours, in every browser and program, this one too.",
    ru: "Завершает все ваши сеансы во всех браузерах и программах, и этот тоже.",
  },
  everywhere: { en: "Sign out everywhere", ru: "Выйти везде" },

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

  // The search form
  searchLabel: { en: "Search the documents", ru: "Поиск по документам" },
  searchPlaceholder: { en: "Words in English or Russian", ru: "Слова на русском или английском" },
  searchButton: { en: "Search", ru: "Найти" },
  browse: { en: "Show all documents you may read", ru: "Показать все доступные вам документы" },
  welcome: { en: "What are you looking for?", ru: "Что вы ищете?" },

  // Help
  help: { en: "How to ask", ru: "Как искать" },
  helpWords: {
    en: "Words, in any form and order. Documents that hold more of them come first.",
    ru: "Слова в любой форме и порядке. Выше стоят документы, где их больше.",
  },
  helpPhrase: { en: "“Quotation marks”: these words in this order.", ru: "«Кавычки»: эти слова в этом порядке." },
  helpPrefix: { en: "A star: all words that begin so.", ru: "Звёздочка: все слова, которые так начинаются." },
  helpForm: { en: "An equals sign: this form of the word only.", ru: "Знак равенства: только эта форма слова." },
  helpNot: { en: "A minus, or NOT: passages without this word.", ru: "Минус или НЕ: отрывки без этого слова." },
  helpBoth: {
    en: "AND (И): all of it; OR (ИЛИ): any of it; parentheses group.",
    ru: "И (AND): всё вместе; ИЛИ (OR): хотя бы одно; скобки объединяют.",
  },
  helpKeys: {
    en: "Keys: / to the search box · ↑ ↓ or j k through the results · Enter opens · Esc closes · ← → turn the pages",
    ru: "Клавиши: / — строка поиска · ↑ ↓ или j k — по результатам · Enter — открыть · Esc — закрыть документ · ← → — листать",
  },
  helpTry: { en: "Search for {query}", ru: "Искать {query}" },

  // Results
  searching: { en: "Searching…", ru: "Идёт поиск…" },
  documents: {
    en: { one: "{n} document", other: "{n} documents" },
    ru: { one: "{n} документ", few: "{n} документа", many: "{n} документов", other: "{n} документа" },
  },
  shown: { en: "{from}–{to} of {total}", ru: "{from}–{to} из {total}" },
  nothing: { en: "No document found.", ru: "Ничего не найдено." },
  offer_fewer: { en: "With any of the words: {query} ({n})", ru: "С любым из слов: {query} ({n})" },
  nothingHint: {
    en: "Try fewer or other words, the beginning of a word with a star, or remove a filter.",
    ru: "Попробуйте меньше слов или другие слова, начало слова со звёздочкой, либо снимите фильтр.",
  },
  sort: { en: "Sort by", ru: "Порядок" },
  sort_relevance: { en: "relevance", ru: "по значимости" },
  sort_newest: { en: "newest first", ru: "сначала новые" },
  sort_oldest: { en: "oldest first", ru: "сначала старые" },
  previous: { en: "Previous", ru: "Назад" },
  next: { en: "Next", ru: "Далее" },
  paging: { en: "Pages of results", ru: "Страницы результатов" },
  tooDeep: {
    en: "Later results cannot be shown: narrow the search.",
    ru: "Дальнейшие результаты показать нельзя: уточните запрос.",
  },
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
  showTranslation: { en: "Show the translation", ru: "Показать перевод" },
  hideTranslation: { en: "Hide the translation", ru: "Скрыть перевод" },
  doubtHere: { en: "Doubtful:", ru: "Сомнительно:" },
  doubtMissing: { en: "A sentence has no translation here.", ru: "Здесь нет перевода предложения." },
  doubtLegend: {
    en: "Doubtful or missing where marked so, and not searched. The page gives the reason.",
    ru: "Так отмечено сомнительное или пропущенное: в поиске оно не учтено. Причина указана на странице документа.",
  },

  // What the query was taken to mean
  searchedFor: { en: "Searched for", ru: "Искали" },
  part_word: { en: "{text}", ru: "{text}" },
  part_phrase: { en: "{text}", ru: "{text}" },
  part_form: { en: "{text} (this form only)", ru: "{text} (только эта форма)" },
  part_prefix: { en: "{text} (begins so)", ru: "{text} (начало слова)" },
  part_near: { en: "{text} (near one another)", ru: "{text} (рядом друг с другом)" },
  part_like: { en: "{text} (words like it)", ru: "{text} (похожие слова)" },
  part_field: { en: "{text} (must match)", ru: "{text} (обязательно)" },
  part_filter: { en: "only {text}", ru: "только {text}" },
  part_excluded: { en: "without {text}", ru: "без {text}" },
  learnedFromTranslations: { en: "learned from translations: {words}", ru: "по переводам в хранилище: {words}" },
  matchedBySpelling: { en: "as a name, matched by spelling too", ru: "как имя ищется и в других написаниях" },
  part_ignored: { en: "too common to count: {text}", ru: "слишком частые, не учтены: {text}" },

  // Filters
  filters: { en: "Filters", ru: "Фильтры" },
  filtersOn: { en: "Filters that are on", ru: "Включённые фильтры" },
  removeFilter: { en: "Remove filter {name}: {value}", ru: "Снять фильтр {name}: {value}" },
  removeAll: { en: "Remove all", ru: "Снять все" },
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
  yearFrom: { en: "from", ru: "с" },
  yearTo: { en: "to", ru: "по" },
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
  backToResults: { en: "Back to the results", ru: "К результатам" },
  backToSearch: { en: "To the search", ru: "К поиску" },
  backShort: { en: "Back", ru: "Назад" },
  pageLabel: { en: "Page", ru: "Страница" },
  pageOf: { en: "of {total}", ru: "из {total}" },
  pageSaid: { en: "Page {page} of {total}", ru: "Страница {page} из {total}" },
  pagePrevious: { en: "Previous page", ru: "Предыдущая страница" },
  pageNext: { en: "Next page", ru: "Следующая страница" },
  zoom: { en: "Zoom", ru: "Масштаб" },
  zoomIn: { en: "Larger", ru: "Крупнее" },
  zoomOut: { en: "Smaller", ru: "Мельче" },
  zoomFit: { en: "Fit width", ru: "По ширине" },
  download: { en: "Download original", ru: "Скачать подлинник" },
  downloadShort: { en: "↓ PDF", ru: "↓ PDF" },
  alsoInEnglish: { en: "Also in English, by people", ru: "Также на английском, перевод людей" },
  alsoInRussian: { en: "Also in Russian, by people", ru: "Также на русском, перевод людей" },
  places: {
    en: { one: "{n} place", other: "{n} places" },
    ru: { one: "{n} место", few: "{n} места", many: "{n} мест", other: "{n} места" },
  },
  placeOf: {
    en: { one: "{at} of {n} place", other: "{at} of {n} places" },
    ru: { one: "{at} из {n} места", other: "{at} из {n} мест" },
  },
  placePrevious: { en: "Previous place found", ru: "Предыдущее найденное место" },
  placeNext: { en: "Next place found", ru: "Следующее найденное место" },
  pageImage: { en: "Image of page {page}", ru: "Изображение страницы {page}" },
  pageText: { en: "Text of the page", ru: "Текст страницы" },
  pageEmpty: { en: "This page holds no text.", ru: "На этой странице нет текста." },
  pageUnread: {
    en: "The text inside the PDF is not what this page shows, so it was not kept, and no search finds it. Read the image.",
    ru: "Текст внутри PDF не совпадает с видимым на странице, поэтому он не сохранён и поиском не находится. Читайте изображение.",
  },
  noPages: {
    en: "This document has no pages to show yet. Its original can be downloaded.",
    ru: "У этого документа пока нет страниц для показа. Подлинник можно скачать.",
  },
  matched: { en: "found here:", ru: "найдено:" },

  // Both texts, side by side
  textsShown: { en: "Texts shown", ru: "Показанные тексты" },
  texts_original: { en: "Original", ru: "Подлинник" },
  texts_both: { en: "Both", ru: "Оба" },
  texts_translation: { en: "Translation", ru: "Перевод" },
  original_en: { en: "Original, English", ru: "Подлинник, английский" },
  original_ru: { en: "Original, Russian", ru: "Подлинник, русский" },
  translated_en: { en: "Translation, English", ru: "Перевод, английский" },
  translated_ru: { en: "Translation, Russian", ru: "Перевод, русский" },
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
  written_en: { en: "Written in English.", ru: "Написано по-английски." },
  written_ru: { en: "Written in Russian.", ru: "Написано по-русски." },
  allWritten_en: { en: "This page was written in English.", ru: "Эта страница написана по-английски." },
  allWritten_ru: { en: "This page was written in Russian.", ru: "Эта страница написана по-русски." },
  humanAsk: { en: "Ask for a human translation", ru: "Попросить перевод человека" },
  humanAsked: { en: "A human translation was asked for", ru: "Перевод человека запрошен" },
  humanPress: { en: "Ask", ru: "Попросить" },
  humanNote: { en: "What for (may stay empty)", ru: "Зачем (можно не заполнять)" },
  humanLead: {
    en: "The sentence goes to the head of the translators' queue. Translators who may read it see the request.",
    ru: "Предложение станет первым в очереди переводчиков. Просьбу увидят переводчики, которым можно его читать.",
  },
  notTranslated: { en: "Not translated.", ru: "Не переведено." },
  gloss: { en: "Word by word", ru: "Пословно" },
  glossNote: {
    en: "Word by word, no translation: what each word may mean.",
    ru: "Пословно, это не перевод: что может значить каждое слово.",
  },

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

  // What a reader must know of lines
  line_repaired: { en: "Repaired", ru: "Исправлено" },
  line_doubtful: { en: "Doubtful: letters are lost or may be wrong.", ru: "Сомнительно: часть букв утрачена или неверна." },
  line_recognised: { en: "Recognised from a picture", ru: "Распознано с изображения" },
  pageRecognised: {
    en: "The text of this page was recognised from its picture, with a confidence of {n} of 100.",
    ru: "Текст этой страницы распознан с изображения; уверенность: {n} из 100.",
  },
  line_hidden: { en: "Hidden: the page does not show this.", ru: "Скрыто: на странице этого не видно." },
  line_form: { en: "Filled into a form", ru: "Вписано в форму" },
  line_note: { en: "A note on the page", ru: "Примечание на странице" },
  repair_letters: { en: "the file names other letters than it draws", ru: "файл называет не те буквы, что рисует" },
  repair_table: { en: "the file names its letters wrongly", ru: "файл неверно называет свои буквы" },

  // Why a translation is doubted
  doubtfulCount: {
    en: "Doubtful sentences: {n} of {total} in the document, {here} on this page. Each gives its reason; none is searched.",
    ru: "Сомнительных предложений в документе: {n} из {total}, на этой странице: {here}. У каждого указана причина; поиск их не учитывает.",
  },
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
