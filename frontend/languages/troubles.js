// Why a document waits in quarantine and what to do about it, by the service's codes, in both languages.

export const TROUBLES = {
  not_pdf: {
    en: "This file is not a PDF. Save or print the document as PDF and bring that.",
    ru: "Это не PDF. Сохраните или распечатайте документ в PDF и принесите его.",
  },
  empty: {
    en: "This file is empty. Check the original and bring it again.",
    ru: "Файл пуст. Проверьте подлинник и принесите снова.",
  },
  truncated: {
    en: "The end of this PDF is missing, so pages may be missing too. Bring the whole file again.",
    ru: "У этого PDF нет конца, могли пропасть и страницы. Принесите файл целиком.",
  },
  encrypted: {
    en: "This PDF is locked by a password or protection. Remove that and bring it again.",
    ru: "Этот PDF закрыт паролем или защитой. Снимите её и принесите снова.",
  },
  damaged: {
    en: "This PDF is damaged. Open it in the program it came from, save it again as PDF and bring that.",
    ru: "Этот PDF повреждён. Откройте его в исходной программе, снова сохраните в PDF и принесите.",
  },
  too_large: {
    en: "This file is larger than what is taken in. Split it and bring the parts.",
    ru: "Файл больше допустимого. Разделите его и принесите части.",
  },
  too_many_pages: {
    en: "This PDF has more pages than are read here. Split it and bring the parts.",
    ru: "В этом PDF больше страниц, чем здесь читается. Разделите его и принесите части.",
  },
  too_slow: {
    en: "Reading this PDF took longer than allowed. Print it to a new, simpler PDF and bring that.",
    ru: "Чтение этого PDF заняло больше дозволенного. Распечатайте его в новый, более простой PDF и принесите.",
  },
  too_large_in_memory: {
    en: "Reading this PDF needs more memory than allowed. Print it to a simpler PDF, or split it, and bring that.",
    ru: "Чтению этого PDF не хватает памяти. Распечатайте его в более простой PDF или разделите и принесите.",
  },
  reader_crashed: {
    en: "The PDF reader failed on this file. Print it to a new PDF and bring that; if that fails too, tell your operator.",
    ru: "Программа чтения PDF не справилась с файлом. Распечатайте его в новый PDF; если не поможет, сообщите оператору.",
  },
  original_broken: {
    en: "The original of this document was damaged or exchanged in its store. Tell your operator.",
    ru: "Подлинник этого документа повреждён или подменён в хранилище. Сообщите оператору.",
  },
  no_text: {
    en: "This PDF holds no text, only pictures of pages. Run text recognition (OCR) on it first.",
    ru: "В этом PDF нет текста, только изображения страниц. Сначала распознайте текст (OCR).",
  },
  needs_ocr: {
    en: "The text inside this PDF is not what its pages show. Run text recognition (OCR) on it, replacing that text.",
    ru: "Текст внутри этого PDF не тот, что на страницах. Распознайте текст (OCR), заменив прежний.",
  },
  marking: {
    en: "The paper itself bears a stronger marking than its label. Correct the label, or say that it is right.",
    ru: "На самом документе гриф строже его метки. Исправьте метку или подтвердите, что она верна.",
  },
  gave_up: {
    en: "The worker failed three times over this document. Try it again; if it comes back, tell your operator.",
    ru: "Обработка трижды не удалась. Повторите; если документ вернётся сюда, сообщите оператору.",
  },
  translation_failed: {
    en: "The translation failed; the document is searchable in its own language. Try it again.",
    ru: "Перевод не удался; документ доступен поиску на своём языке. Повторите.",
  },
};
