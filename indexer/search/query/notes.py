"""What is said of a query that was not read as it stands: a code for programs, words in both languages for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Words = tuple[str, str]  # English, Russian; parameters in braces

WORDS: Final[Mapping[str, Words]] = {
    "sign_alone": (
        "{sign} has no partner or joins nothing here: it was left out.",
        "Знак {sign} здесь без пары или ничего не соединяет: он пропущен.",
    ),
    "sign_as_punctuation": (
        "{text}: the sign is read as punctuation here.",
        "{text}: знак здесь понят как пунктуация.",
    ),
    "operator_as_word": (
        "{word} is read as a word here, not as an operator.",
        "{word} здесь понято как слово, а не как оператор.",
    ),
    "too_deep": (
        "Parentheses more than {deepest} deep were left out.",
        "Скобки глубже {deepest} уровней пропущены.",
    ),
    "field_unknown": (
        "{field}: is no field that can be searched alone: its words were searched everywhere.",
        "Поля {field}: нет; его слова искали везде.",
    ),
    "field_apart": (
        "{field}: needs what it names right behind it, without a blank: it was read as a word.",
        "После {field}: то, что ищут, пишется сразу, без пробела; здесь это понято как слово.",
    ),
    "field_signs": (
        "{text}: signs for letters are not searched in a field: its words were.",
        "{text}: знаки вместо букв в поле не ищутся; искали слова.",
    ),
    "value_unknown": (
        "{text}: {field}: has no such value: its words were searched everywhere.",
        "{text}: у {field}: нет такого значения; его слова искали везде.",
    ),
    "field_everywhere": (
        "{field}: narrows the whole search, wherever it stands in the query.",
        "{field}: сужает весь поиск, где бы ни стояло в запросе.",
    ),
    "field_not_excluded": (
        "{field}: cannot be excluded: this part was left out.",
        "{field}: нельзя исключить: эта часть пропущена.",
    ),
    "date_unreadable": (
        "{text} is no date such as 2015, 2015-03, 2015-03-07 or 2015..2020: its words were searched.",
        "{text} – не дата вида 2015, 2015-03, 2015-03-07 или 2015..2020: искали его слова.",
    ),
    "nearness_without_number": (
        "{text}~ needs the number of words that may stand between, as in ~5: the phrase was searched.",
        "После {text}~ нужно число слов, которые могут стоять между ними, например ~5: искали фразу.",
    ),
    "likeness_not_searched": (
        "{text}: words spelled alike are looked for with words of four letters and more; the word itself was searched.",
        "{text}: похожие написания ищутся для слов от четырёх букв; искали само слово.",
    ),
    "boost_not_counted": (
        "{text}: a weight of one's own is not counted; the word itself was searched.",
        "{text}: собственный вес не учитывается; искали само слово.",
    ),
    "gaps_not_searched": (
        "{text}: a sign for any letter needs {shortest} letters before it; what it parts was searched.",
        "{text}: перед знаком любой буквы нужны {shortest} буквы; искали слова без него.",
    ),
    "like_searched": (
        "{text} stands for {forms}.",
        "{text} понято как {forms}.",
    ),
    "like_nothing": (
        "No word that you may read is like {text}.",
        "Среди доступных вам слов нет похожих на {text}.",
    ),
    "prefix_as_words": (
        "{text}: a * goes after one word of at least {shortest} letters; what stands before it was searched.",
        "{text}: знак * ставится после одного слова не короче {shortest} букв; искали то, что перед ним.",
    ),
    "heaviest_words": (
        "The text is long: its {taken} heaviest words of {of} were searched, signs read as punctuation.",
        "Текст длинный: искали {taken} самых весомых слов из {of}, знаки поняты как пунктуация.",
    ),
    "first_words": (
        "The text is long: its first {taken} words of {of} were searched, signs read as punctuation.",
        "Текст длинный: искали первые {taken} слов из {of}, знаки поняты как пунктуация.",
    ),
    "long_text": (
        "The text is long: all its words were searched, signs read as punctuation.",
        "Текст длинный: искали все его слова, знаки поняты как пунктуация.",
    ),
    "meaning": (
        "What means the same was searched too, whatever its words: it alone found {papers} of the documents.",
        "Искали и близкое по смыслу, какими бы словами оно ни было сказано: только так найдено документов: {papers}.",
    ),
    "spelling": (
        "Nothing was found for {text}. Shown is what was found for {instead}.",
        "По запросу {text} ничего не найдено. Показано найденное по запросу {instead}.",
    ),
    "keyboard": (
        "Nothing was found for {text}. Shown is what was found for {instead}: the same keys in the other layout.",
        "По запросу {text} ничего не найдено. Показано найденное по запросу {instead}: другая раскладка клавиш.",
    ),
}
LONGEST_PARAMETER: Final = 200  # characters of what was typed that a note repeats


@dataclass(frozen=True, slots=True)
class QueryNote:
    """One thing that is said of a query, or of one part of it; `code` is a key of `WORDS`."""

    code: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    part_id: str = ""

    @property
    def en(self) -> str:
        """The words in English."""
        return WORDS[self.code][0].format(**self.parameters)

    @property
    def ru(self) -> str:
        """The words in Russian."""
        return WORDS[self.code][1].format(**self.parameters)


def note(code: str, **parameters: str | int) -> QueryNote:
    """A note; what it repeats of the query is cut to a length."""
    return QueryNote(code, {name: _cut(value) for name, value in parameters.items()})


def _cut(value: str | int) -> str | int:
    return value if isinstance(value, int) or len(value) <= LONGEST_PARAMETER else f"{value[:LONGEST_PARAMETER]}…"
