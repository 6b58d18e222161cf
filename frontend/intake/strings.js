// What the intake says, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  lead: {
    en: "What was brought in, out of what your roles and clearance open, the latest first.",
    ru: "Что было принято из доступного вашим ролям и допуску, начиная с последнего.",
  },
  bring: { en: "Bring files in", ru: "Принять файлы" },
  document: { en: "Document", ru: "Документ" },
  state: { en: "State", ru: "Состояние" },
  label: { en: "Label", ru: "Метка" },
  takenAt: { en: "Brought in", ru: "Принят" },
  times: { en: "Times", ru: "Сроки" },
  shownState: { en: "Show", ru: "Показать" },
  everyState: { en: "everything", ru: "всё" },
  reviewBy: { en: "To be reviewed by", ru: "К пересмотру до" },
  hold: { en: "legal hold", ru: "запрет на уничтожение" },
  embargo: { en: "nobody reads it before {moment}", ru: "никто не читает до {moment}" },
  expiry: { en: "nobody reads it from {moment}", ru: "никто не читает с {moment}" },
  review: { en: "review by {day}", ru: "пересмотр до {day}" },
  hidden: { en: "not published now", ru: "сейчас не опубликован" },
  earlier: { en: "Later ones", ru: "Более новые" },
  later: { en: "Earlier ones", ru: "Более ранние" },
  pages: { en: "Pages of the list", ru: "Страницы списка" },
  toAnswer: { en: "Answer", ru: "Ответить" },
  retry: { en: "Try again…", ru: "Повторить…" },
  retryTitle: { en: "Send it through again", ru: "Обработать снова" },
  retryLead: {
    en: "It goes through all stages anew. That helps where the reader has learned something, or a machine was down.",
    ru: "Документ заново пройдёт все этапы. Это помогает, если чтение улучшилось или машина не работала.",
  },

  markingTitle: { en: "The paper bears a stronger marking", ru: "Гриф документа строже метки" },
  markingLead: {
    en: "If the label is right, say why: your reason is kept in the audit trail. If not, cancel, choose another label and send the file again.",
    ru: "Если метка верна, напишите почему: причина останется в журнале аудита. Если нет, отмените, выберите другую метку и отправьте файл снова.",
  },

  // Bringing in
  addLead: {
    en: "Say first who may read the files; then drop them. Each is taken in under the label that stands here at that moment.",
    ru: "Сначала укажите, кому можно читать файлы, затем перетащите их. Каждый принимается с меткой, указанной здесь в этот момент.",
  },
  addLabel: { en: "1. Label", ru: "1. Метка" },
  addAbout: { en: "2. What they are (may stay empty)", ru: "2. Что это (можно не заполнять)" },
  addFiles: { en: "3. Files", ru: "3. Файлы" },
  times2: { en: "Embargo, expiry, review", ru: "Эмбарго, срок, пересмотр" },
  kind: { en: "Kind", ru: "Вид" },
  meeting: { en: "Meeting", ru: "Совещание" },
  body: { en: "Body", ru: "Орган" },
  date: { en: "Date", ru: "Дата" },
  drop: { en: "Drop PDF files here, or choose them.", ru: "Перетащите сюда файлы PDF или выберите их." },
  chooseFiles: { en: "Choose files", ru: "Выбрать файлы" },
  labelFirst: {
    en: "Choose an originator and a level first.",
    ru: "Сначала выберите источник и гриф.",
  },
  progress: { en: "{n} of {total} files sent", ru: "отправлено файлов: {n} из {total}" },
  file: { en: "File", ru: "Файл" },
  under: { en: "Under", ru: "С меткой" },
  fares: { en: "How it fares", ru: "Что с ним" },
  file_waiting: { en: "waiting", ru: "ждёт" },
  file_sending: { en: "being sent", ru: "отправляется" },
  file_refused: { en: "not taken in", ru: "не принят" },
  duplicate: { en: "was here already", ru: "уже был здесь" },
  open: { en: "Its handling", ru: "К документу" },
  again: { en: "Send again", ru: "Отправить снова" },
  confirm: { en: "Take it in all the same…", ru: "Всё равно принять…" },
  confirmTitle: { en: "Almost the same text, under a stricter label", ru: "Почти такой же текст под более строгой меткой" },
  confirmPress: { en: "Take it in", ru: "Принять" },
  confirmLead: {
    en: "Look at the stricter document before you confirm. Your reason is kept in the audit trail.",
    ru: "Прежде чем подтвердить, посмотрите более строгий документ. Причина останется в журнале аудита.",
  },
};

export const { say, sayOr } = speaking(STRINGS);
