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
  factorOn: { en: "Six digits of an app are set up.", ru: "Шесть цифр из приложения настроены." },
  factorCode: { en: "Six digits, or a recovery code", ru: "Шесть цифр или код восстановления" },
  passkeys: { en: "Passkeys", ru: "Ключи доступа" },
  passkeyAbout: {
    en: "A passkey is kept by your phone, computer or security key, which asks for a finger, a face or a PIN. It takes the place of the six digits, and no false page can have it.",
    ru: "Ключ доступа хранят телефон, компьютер или токен; они спрашивают палец, лицо или PIN. Он заменяет шесть цифр, и поддельная страница его не получит.",
  },
  passkeyAt: {
    en: "Passkeys work at {origin} alone: open this page there.",
    ru: "Ключи доступа работают только по адресу {origin}: откройте эту страницу там.",
  },
  passkeyName: { en: "Name of the passkey", ru: "Название ключа" },
  passkeyExample: { en: "Security key in the safe", ru: "Токен в сейфе" },
  passkeyOrCode: {
    en: "Six digits or a recovery code; empty: with a passkey",
    ru: "Шесть цифр или код восстановления; пусто: ключом доступа",
  },
  passkeyAdd: { en: "Add a passkey", ru: "Добавить ключ доступа" },
  passkeyAddTitle: { en: "Add a passkey", ru: "Добавьте ключ доступа" },
  passkeyInstead: { en: "Use a passkey instead", ru: "Использовать вместо этого ключ доступа" },
  passkeyAdded: { en: "The passkey is added.", ru: "Ключ доступа добавлен." },
  passkeyMade: { en: "Added", ru: "Добавлен" },
  passkeyUsed: { en: "Last used", ru: "Последнее использование" },
  passkeyUnused: { en: "not yet", ru: "ещё нет" },
  passkeyRemoval: { en: "Removal", ru: "Удаление" },
  passkeyRemove: { en: "Remove", ru: "Удалить" },
  passkeyLast: { en: "your only second factor", ru: "ваш единственный второй фактор" },
  passkeyRemoveTitle: { en: "Remove a passkey", ru: "Удаление ключа доступа" },
  passkeyRemoveLead: {
    en: "“{name}” will sign nobody in any more.",
    ru: "Ключ «{name}» больше не позволит войти.",
  },
  passkeyRemoved: { en: "The passkey is removed.", ru: "Ключ доступа удалён." },
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
