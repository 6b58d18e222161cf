// What the view of a pair's differences says, in both languages.

import { speaking } from "../languages/language.js";

export const STRINGS = {
  lead: {
    en: "What one paper says and the other does not, as far as a machine sees it. Each place opens on its page.",
    ru: "Что сказано в одном документе и не сказано в другом, насколько это видит машина. Каждое место открывается на своей странице.",
  },
  caption: { en: "Differences", ru: "Различия" },
  kind: { en: "What differs", ru: "Что различается" },
  side_en: { en: "In English", ru: "По-английски" },
  side_ru: { en: "In Russian", ru: "По-русски" },
  page: { en: "page {page}", ru: "с. {page}" },
  only: { en: "here alone: {values}", ru: "только здесь: {values}" },
  nothing: { en: "nothing", ru: "ничего" },
  earlier: { en: "Earlier places", ru: "Предыдущие места" },
  later: { en: "Later places", ru: "Следующие места" },
  kind_numbers: { en: "numbers", ru: "числа" },
  kind_dates: { en: "dates", ru: "даты" },
  kind_symbols: { en: "symbols", ru: "обозначения" },
  kind_names: { en: "names", ru: "имена" },
  kind_negations: { en: "negations", ru: "отрицания" },
  kind_markings: { en: "markings", ru: "грифы" },
  kind_missing: { en: "missing parts", ru: "пропуски" },
};

export const { say, sayOr } = speaking(STRINGS);
