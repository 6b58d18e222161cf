// What is said about one's own roles and sessions, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
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
