"""Writes a dossier for people: HTML and DOCX whose sheets have its marking above and below. Holds nothing that acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from indexer.dossier.passages import DossierPassage
from indexer.library.documents import SegmentText
from indexer.text import Language, tag_of
from indexer.word_file import WordFile

MEDIA_TYPE: Final = "text/html; charset=utf-8"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = (
    "body{font-family:serif;line-height:1.5;max-width:54rem;margin:1.5em auto;padding:0 1em}table{width:100%}"
    ".marking{text-align:center;font:bold 1em sans-serif;border:1px solid;padding:.3em}"
    "h2{font-size:1.1em;margin:1.4em 0 .2em}.source,.origin{color:#444;font:.85em/1.4 sans-serif;margin:.2em 0}"
    "blockquote{margin:.4em 0 .4em 1em}.comment{border-left:3px solid #888;padding-left:.8em;white-space:pre-wrap}"
    "section{break-inside:avoid-page}@page{margin:12mm}"
)
_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "page": "p.",
        "original": "Original",
        "human": "Translation by a person",
        "reviewed": "Machine translation, reviewed by a person",
        "machine": "Machine translation, checked by nobody",
        "absent": "Passages that could not be read when this was made, and are left out: ",
        "made": "Taken by {who} on {when}",
    },
    "ru": {
        "page": "с.",
        "original": "Подлинник",
        "human": "Перевод человека",
        "reviewed": "Машинный перевод, проверенный человеком",
        "machine": "Машинный перевод, никем не проверенный",
        "absent": "Отрывки, которые при составлении прочесть было нельзя, пропущены: ",
        "made": "Взято: {who}, {when}",
    },
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A passage with what stands over it: `title` and `marking` of its document."""

    title: str
    marking: str
    passage: DossierPassage


def write(title: str, marking: str, sheets: Sequence[Sheet | None], language: Language, who: str, when: str) -> str:
    """The whole file. `marking` is that of all of it; None stands for a passage that could not be read."""
    words = _WORDS[language]
    banner = f'<tr><td class="marking">{escape(marking)}</td></tr>'
    missing = _left_out(sheets, words)
    left_out = f"<p>{missing}</p>" if missing else ""
    taken_by = f'<p class="source">{escape(words["made"].format(who=who, when=when))}</p>'
    numbered = enumerate((sheet for sheet in sheets if sheet), 1)
    body = "".join(_section(number, sheet, words) for number, sheet in numbered)
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    )
    table = (  # a table's head and foot are printed on every sheet
        f"<table><thead>{banner}</thead><tfoot>{banner}</tfoot>"
        f"<tbody><tr><td><h1>{escape(title)}</h1>{taken_by}{left_out}{body}</td></tr></tbody></table>"
    )
    return f'<!DOCTYPE html>\n<html lang="{language}"><head>{head}</head><body>{table}</body></html>\n'


def write_word(
    title: str, marking: str, sheets: Sequence[Sheet | None], language: Language, who: str, when: str
) -> bytes:
    """The same as DOCX."""
    words = _WORDS[language]
    file = WordFile(title, marking)
    file.paragraph(words["made"].format(who=who, when=when), "Caption")
    if missing := _left_out(sheets, words):
        file.paragraph(missing)
    for number, sheet in enumerate((sheet for sheet in sheets if sheet), 1):
        file.heading(f"{number}. {sheet.title}", 2)
        file.paragraph(_source(sheet, words), "Caption")
        if sheet.passage.comment:
            file.paragraph(sheet.passage.comment, "List Paragraph")
        original = " ".join(each.text for each in sheet.passage.sentences)
        for maker, text in ((words["original"], original), *_translations(sheet.passage.sentences, words)):
            file.paragraph(maker, "Caption")
            file.paragraph(text, "Quote")
    return file.content()


def _left_out(sheets: Sequence[Sheet | None], words: dict[str, str]) -> str:
    """How many passages could not be read; "" for none."""
    missing = sum(sheet is None for sheet in sheets)
    return f"{words['absent']}{missing}" if missing else ""


def _source(sheet: Sheet, words: dict[str, str]) -> str:
    row = sheet.passage.row
    known = (row.symbol, f"{words['page']} {sheet.passage.page}", row.date.isoformat() if row.date else "")
    return " · ".join(filter(None, (*known, sheet.marking)))


def _section(number: int, sheet: Sheet, words: dict[str, str]) -> str:
    row, passage = sheet.passage.row, sheet.passage
    original = " ".join(each.text for each in passage.sentences)
    translations = "".join(
        f'<p class="origin">{escape(maker)}</p><blockquote>{escape(text)}</blockquote>'
        for maker, text in _translations(passage.sentences, words)
    )
    comment = f'<p class="comment">{escape(passage.comment)}</p>' if passage.comment else ""
    return (
        f"<section><h2>{number}. {escape(sheet.title)}</h2>"
        f'<p class="source">{escape(_source(sheet, words))}</p>{comment}'
        f'<p class="origin">{words["original"]}</p><blockquote lang="{tag_of(row.language)}">{escape(original)}'
        f"</blockquote>{translations}</section>\n"
    )


def _translations(sentences: Sequence[SegmentText], words: dict[str, str]) -> list[tuple[str, str]]:
    """What there is in the other language, under each maker's name, in order."""
    runs: list[tuple[str, list[str]]] = []
    for translation in (each.translation for each in sentences):
        if translation is None:
            continue
        origin = words[translation.origin] + (f" ({translation.engine})" if translation.engine else "")
        if not runs or runs[-1][0] != origin:
            runs.append((origin, []))
        runs[-1][1].append(translation.text)
    return [(origin, " ".join(texts)) for origin, texts in runs]
