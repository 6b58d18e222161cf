// What the service refuses and why, by its codes, in both languages. What has no line here is told in its own English.

export const REFUSALS = {
  invalid_request: {
    en: "A field is empty, too long, or not written as it should be. Look at them again.",
    ru: "Какое-то поле пусто, слишком длинно или заполнено не так. Проверьте их.",
  },
  passkey_closed: {
    en: "The browser gave no passkey: its question was closed, took too long, or this device has none. Try again.",
    ru: "Браузер не дал ключа доступа: запрос закрыт, истекло время или на этом устройстве ключа нет. Повторите.",
  },
  passkey_elsewhere: {
    en: "Passkeys do not work at this address. Open the page at its https:// address by name.",
    ru: "По этому адресу ключи доступа не работают. Откройте страницу по её адресу https:// с именем.",
  },
  passkey_known: { en: "This device has a passkey for you already.", ru: "На этом устройстве уже есть ваш ключ доступа." },
  passkey_unsupported: {
    en: "This browser knows no passkeys. Use a newer one, or a code.",
    ru: "Этот браузер не умеет работать с ключами доступа. Возьмите более новый или войдите с кодом.",
  },
  passkey_not_added: {
    en: "This passkey could not be added. Begin anew, with a device that asks for a finger, a face or a PIN.",
    ru: "Этот ключ доступа добавить не удалось. Начните заново, с устройством, которое спрашивает палец, лицо или PIN.",
  },
  passkeys_off: { en: "Passkeys are off here. Ask your operator.", ru: "Ключи доступа здесь отключены. Обратитесь к оператору." },
  passkeys_many: {
    en: "You have {most} passkeys, and no more are kept. Remove one first.",
    ru: "У вас уже {most} ключей доступа, больше хранить нельзя. Сначала удалите один.",
  },
  passkey_last: {
    en: "This is your only second factor. Add another one first.",
    ru: "Это ваш единственный второй фактор. Сначала добавьте другой.",
  },
  no_passkey: { en: "You have no such passkey any more.", ru: "Такого ключа доступа у вас уже нет." },
  second_factor_wrong: {
    en: "Your second factor is not right. Try again with the passkey, or with the next code.",
    ru: "Второй фактор не подходит. Повторите с ключом доступа или со следующим кодом.",
  },
  alike: {
    en: "This is almost the text of {documents}, under a label that is not as strict. If it is right so, say why.",
    ru: "Почти такой же текст у {documents}, но здесь метка менее строгая. Если это верно, напишите почему.",
  },
  marking: {
    en: "The paper itself bears {marking}, which is more than the label says: {level}. Correct the label. If it is right so, say why.",
    ru: "На самом документе стоит {marking}, а метка слабее: {level}. Исправьте метку. Если она верна, напишите почему.",
  },
  label_above_you: {
    en: "You may give a document only a label that lets you read it yourself.",
    ru: "Дать можно только такую метку, с которой вы сами можете читать документ.",
  },
  label_agency: { en: "There is no agency {agency}.", ru: "Ведомства {agency} нет." },
  no_agency: { en: "There is no agency {agency}.", ru: "Ведомства {agency} нет." },
  no_person: { en: "There is no person {username}.", ru: "Сотрудника {username} нет." },
  no_grant: { en: "There is no such grant any more.", ru: "Такого полномочия больше нет." },
  no_proposal: {
    en: "There is no such proposal any more, or it is not for you to decide on.",
    ru: "Такого предложения больше нет, или решать его не вам.",
  },
  originator_left_out: {
    en: "A document is always releasable to its originators: add {agencies}.",
    ru: "Источникам документ доступен всегда: добавьте {agencies}.",
  },
  not_the_originator: {
    en: "Only a registrar of {originators}, which the document comes from, may propose this, and a second registrar decides.",
    ru: "Предложить это может только регистратор ведомства {originators}, откуда документ, а решает второй регистратор.",
  },
  expires_before_embargo: {
    en: "A document must expire after its embargo ends.",
    ru: "Срок документа должен кончаться позже эмбарго.",
  },
  same_file: {
    en: "The same file is here already under that label, as document {document_id}.",
    ru: "Такой же файл с этой меткой уже есть: документ {document_id}.",
  },
  attachment: {
    en: "This file inside cannot be read. Open the paper, save the file and upload that.",
    ru: "Этот вложенный файл не читается. Откройте документ, сохраните файл и загрузите его.",
  },
  attachment_no_pdf: {
    en: "Only PDFs are taken in, and this file is none.",
    ru: "Принимаются только PDF, а это файл другого вида.",
  },
  attachment_absent: { en: "This document has no file of that number inside.", ru: "Внутри документа нет файла с этим номером." },
  label_in_question: {
    en: "The label of this paper is in question: answer first what is asked of it.",
    ru: "Метка этого документа под вопросом: сначала ответьте на него.",
  },
  paper_changed: {
    en: "The paper was changed just now. Load it again.",
    ru: "Документ только что изменили. Загрузите его снова.",
  },
  not_translated: {
    en: "Only documents in English or in Russian are translated here, and this one is in neither.",
    ru: "Здесь переводят только документы на английском и русском, а этот на другом языке.",
  },
  legal_hold: {
    en: "A legal hold forbids removing this document. Lift the hold first, with a reason.",
    ru: "Документ нельзя удалить: действует запрет на уничтожение. Сначала снимите его, указав причину.",
  },
  nothing_to_retry: {
    en: "There is nothing to try again: it did not fail, or its file was refused. Then bring a good copy.",
    ru: "Повторять нечего: ошибки не было, либо отклонён сам файл. Тогда принесите исправную копию.",
  },
  need_to_know: {
    en: "The need to know is not written as it should be: words joined by & or |, with parentheses.",
    ru: "Служебная необходимость записана не так: нужны слова через & или |, со скобками.",
  },
  description_length: { en: "A text here may have at most {longest} characters.", ru: "Здесь не больше {longest} знаков." },
  description_sign: { en: "A name is one line, without invisible signs.", ru: "Название — одна строка без невидимых знаков." },
  country: {
    en: "A country is written as its two capital letters, several with commas between: KZ,UZ.",
    ru: "Страна — две заглавные латинские буквы, несколько — через запятую: KZ,UZ.",
  },
  own_proposal: {
    en: "Somebody else must approve what you proposed yourself.",
    ru: "Предложенное вами должен одобрить кто-то другой.",
  },
  own_advantage: {
    en: "Somebody else must approve what gives you something yourself.",
    ru: "То, что даёт что-то вам, должен одобрить кто-то другой.",
  },
  label_changed: {
    en: "The document's label has changed since. Refuse this, and propose anew.",
    ru: "Метка документа с тех пор изменилась. Отклоните это и предложите заново.",
  },
  concurrent_change: {
    en: "Somebody changed the same thing at the same moment. Look at it again, then try again.",
    ru: "Кто-то изменил то же самое одновременно с вами. Посмотрите ещё раз и повторите.",
  },
  dossier_changed: { en: "Your dossier was changed on another page meanwhile.", ru: "Тем временем досье изменено на другой странице." },
  own_agency: { en: "This is your own agency. Ask its registrars yourself.", ru: "Это ваше ведомство. Спросите его регистраторов сами." },
  too_many_enquiries: {
    en: "You have {most} enquiries already. Withdraw one that you do not need.",
    ru: "Ваших запросов ведомствам уже {most}. Отзовите ненужный.",
  },
  no_enquiry: { en: "There is no such enquiry, or no longer.", ru: "Такого запроса нет или больше нет." },
  too_many_proposals: {
    en: "Too many of your changes wait already. Have them decided on first.",
    ru: "Слишком много ваших изменений уже ждёт. Пусть сначала решат их.",
  },
  proposer_gone: {
    en: "Whoever proposed this administers no longer. Refuse it, and propose it anew.",
    ru: "Предложивший больше не администратор. Отклоните и предложите заново.",
  },
  administers_and_reads: {
    en: "{username} would hold administrator together with a reading role: nobody may administer and read.",
    ru: "{username} был бы и администратором, и читателем: никто не может и управлять, и читать.",
  },
  agency_exists: { en: "There is an agency {agency} already.", ru: "Ведомство {agency} уже есть." },
  agency_form: {
    en: "An agency's code is 1 to 32 capital letters, digits and hyphens, and not ALL.",
    ru: "Код ведомства — от 1 до 32 заглавных латинских букв, цифр и дефисов, но не ALL.",
  },
  agency_inactive: {
    en: "Agency {agency} no longer takes part. Let it take part again first.",
    ru: "Ведомство {agency} больше не участвует. Сначала верните его к участию.",
  },
  nothing_changes: { en: "It is like that already: say what is to change.", ru: "Так уже и есть: укажите, что изменить." },
  person_exists: { en: "There is a person {username} already.", ru: "Сотрудник {username} уже есть." },
  person_disabled: { en: "{username} is disabled. Enable them first.", ru: "{username} отключён. Сначала включите." },
  username_form: {
    en: "A user name is 1 to 64 small letters, digits, points, hyphens and underscores.",
    ru: "Имя пользователя — от 1 до 64 строчных латинских букв, цифр, точек, дефисов и подчёркиваний.",
  },
  end_before_start: { en: "A grant must end after it starts.", ru: "Полномочие должно кончаться позже, чем начинается." },
  end_only_earlier: {
    en: "A grant can only be ended earlier. For a longer time, add another grant.",
    ru: "Полномочие можно только сократить. Чтобы продлить, дайте другое.",
  },
  end_in_the_past: { en: "A grant can end now or later, not in the past.", ru: "Полномочие кончается сейчас или позже, не в прошлом." },
  grant_over: { en: "This grant is over already.", ru: "Это полномочие уже закончилось." },
  grant_over_at_once: { en: "A grant must end in the future.", ru: "Срок полномочия должен быть в будущем." },
  too_few_administrators: {
    en: "This would leave fewer than two administrators. Make another administrator first.",
    ru: "Осталось бы меньше двух администраторов. Сначала назначьте ещё одного.",
  },
  no_entries: { en: "The audit trail has no entry of that time.", ru: "За это время в журнале нет записей." },
  too_long_a_trail: {
    en: "That is {entries} entries, and {most} are the most here. Take a shorter time, or ask the operator for: {command}",
    ru: "Это {entries} записей, а здесь не больше {most}. Возьмите меньше времени или попросите оператора: {command}",
  },
  proving_busy: {
    en: "The trail is being proven or exported for somebody else. Try again in a minute.",
    ru: "Журнал сейчас проверяется или выгружается для другого. Повторите через минуту.",
  },
  stale_version: {
    en: "Somebody has changed this sentence since you saw it. Compare both texts, then save yours again.",
    ru: "Кто-то изменил это предложение после вас. Сравните оба текста и сохраните свой снова.",
  },
  not_edited: {
    en: "Only a text that a person has saved can be submitted, and once.",
    ru: "Отправить можно только сохранённый человеком текст, и один раз.",
  },
  not_submitted: {
    en: "Only a text that was submitted can be judged, and once.",
    ru: "Решать можно только об отправленном тексте, и один раз.",
  },
  own_translation: {
    en: "Somebody who wrote no version of this text is to judge it.",
    ru: "Решать должен тот, кто не писал ни одной версии этого текста.",
  },
  checks_open: {
    en: "The checks still find something. Put it right, or say why it is right.",
    ru: "Проверки ещё что-то находят. Исправьте или объясните, почему так верно.",
  },
  history_full: { en: "This sentence has too long a history to take more.", ru: "История этого предложения слишком длинна." },
  other_source: {
    en: "The document was read anew, and has another sentence here. Load it again.",
    ru: "Документ прочитан заново, здесь другое предложение. Загрузите снова.",
  },
  no_archive: { en: "There is no archive of that name here.", ru: "Архива с таким именем здесь нет." },
  no_term: { en: "There is no such term, or it is not for you.", ru: "Такого термина нет, или он не для вас." },
  term_label_above_you: {
    en: "You may give a term only a label that lets you read it yourself.",
    ru: "Дать можно только такую метку, с которой вы сами можете видеть термин.",
  },
  term_label_kept: {
    en: "A term can be replaced while it is approved, by one with the same label.",
    ru: "Заменить можно утверждённый термин, и только термином с той же меткой.",
  },
  term_waiting: { en: "{most} of your proposals wait already.", ru: "Уже ждут {most} ваших предложений." },
  own_term: { en: "Somebody else must decide on what you proposed yourself.", ru: "Предложенное вами решает кто-то другой." },
  not_own_term: { en: "Only who proposed a term can take it back.", ru: "Отозвать термин может только предложивший." },
  term_decided: { en: "The term was decided on already.", ru: "О термине уже решено." },
  term_replaced: { en: "The term that it replaces was replaced meanwhile.", ru: "Заменяемый термин тем временем уже заменили." },
  term_one_language: { en: "A term needs at least one English and one Russian word.", ru: "Термину нужно хотя бы одно английское и одно русское слово." },
  term_english: { en: "An English word holds letters or digits, and no Cyrillic ones.", ru: "Английское слово пишется латиницей." },
  term_russian: { en: "A Russian word is written in Cyrillic letters.", ru: "Русское слово пишется кириллицей." },
  xml_malformed: { en: "The file is no XML: look at line {line}.", ru: "Файл — не XML: посмотрите строку {line}." },
  xml_entities: {
    en: "The file declares entities or a document type. Save it without them.",
    ru: "В файле объявлены сущности или тип документа. Сохраните его без них.",
  },
  table_columns: {
    en: "The first line must name the columns: en, ru, and any of {others}.",
    ru: "Первая строка называет столбцы: en, ru и любые из {others}.",
  },
  vocabulary_empty: { en: "No entry of the file could be taken.", ru: "Ни одной записи файла принять не удалось." },
  no_pair: { en: "There is no such pair, or it is not for you.", ru: "Такой пары нет, или она не для вас." },
  same_language: {
    en: "The papers of a pair are in two languages, English and Russian.",
    ru: "Документы пары — на двух языках: английском и русском.",
  },
  too_long_for_word: { en: "The document has more than {most} sentences: too many for DOCX. Take it as HTML.", ru: "В документе больше {most} предложений — слишком много для DOCX. Возьмите HTML." },
  not_confirmed: { en: "Only a confirmed pair lends anything. Confirm it first.", ru: "Вклад в память даёт только подтверждённая пара. Сначала подтвердите её." },
  alignment_changed: {
    en: "Somebody changed the alignment meanwhile. This is how it is now: look at it, then try again.",
    ru: "Выравнивание тем временем изменили. Вот как оно теперь: посмотрите и повторите.",
  },
  not_aligned: {
    en: "The papers are not aligned yet. Try again when a worker has been there.",
    ru: "Документы ещё не выровнены. Повторите позже.",
  },
  nothing_to_undo: {
    en: "There is nothing to take back since the papers were last aligned.",
    ru: "Отменять нечего: после последнего выравнивания ничего не меняли.",
  },
  no_bead: { en: "There is no further line to join it with.", ru: "Объединять больше не с чем." },
  no_change: { en: "This would change nothing.", ru: "Это ничего не изменит." },
  long_bead: { en: "A line has at most {most} sentences of a side.", ru: "В строке не больше {most} предложений с каждой стороны." },
  no_sentence: { en: "The line has no such sentence to move.", ru: "Такого предложения в строке нет." },
  no_issuer: {
    en: "There is no single sign-on here. Whoever operates the service sets TOLMACH_OIDC_ISSUER first.",
    ru: "Единого входа здесь нет. Сначала его настраивает тот, кто обслуживает сервис: TOLMACH_OIDC_ISSUER.",
  },
  person_linked: { en: "{username} is linked already. Unlink them first.", ru: "{username}: учётная запись уже привязана. Сначала отвяжите её." },
  person_not_linked: { en: "{username} is not linked.", ru: "{username}: учётная запись не привязана." },
  subject_linked: {
    en: "This subject is linked to another person already. Unlink that person first, or look at the subject again.",
    ru: "Эта учётная запись уже привязана к другому сотруднику. Сначала отвяжите её там или проверьте идентификатор.",
  },
  subject_form: { en: "A subject has 1 to {most} characters.", ru: "В идентификаторе от 1 до {most} знаков." },
  not_due: {
    en: "This document is not due: it is to be kept for longer, or for good. Where a proposal waits, reject it.",
    ru: "Срок хранения этого документа не истёк, или он хранится бессрочно. Если ждёт предложение, отклоните его.",
  },
  no_certificate: {
    en: "The trail here tells of no disposal of such a document. It may be in an archive: name that, and try again.",
    ru: "В журнале нет записи об уничтожении такого документа. Возможно, она в архиве: укажите его и повторите.",
  },
  schedule_changed: {
    en: "The schedule has changed since. Refuse this, and propose anew.",
    ru: "Срок хранения тем временем изменили. Отклоните и предложите заново.",
  },
  no_kind_to_keep: { en: "There is no kind {kind}. The kinds are: {kinds}.", ru: "Вида {kind} нет. Есть виды: {kinds}." },
  years: { en: "Papers are kept for 1 to {most} years, or for good.", ru: "Срок хранения — от 1 до {most} лет или бессрочно." },
};
