"""Sets a sample paper as a PDF of meeting-paper look, the same bytes each time; every page bears the notice."""

import re
from pathlib import Path
from xml.sax.saxutils import escape

from fontpkg_noto_sans import ROOT
from reportlab import rl_config  # type: ignore[import-untyped]
from reportlab.lib import colors  # type: ignore[import-untyped]
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BalancedColumns,
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from deploy.sample.source import Block, Paper

WIDTH, HEIGHT = A4
MARGIN = 68.0
TOP, BOTTOM = 84.0, 82.0
INK, RULE = colors.HexColor("#1b1f24"), colors.HexColor("#6b7785")
SOFT_HYPHEN = "\u00ad"

NOTICE = {
    "en": "Fictional sample for demonstration: the events, figures and persons are invented. (Вымышленный образец.)",
    "ru": "Вымышленный образец для демонстрации: события, цифры и лица придуманы. (Fictional sample.)",
}
PAGE = {"en": "page {}", "ru": "стр. {}"}
MARKING = {
    "unclassified": {"en": "UNCLASSIFIED", "ru": "НЕСЕКРЕТНО"},
    "restricted": {"en": "RESTRICTED", "ru": "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ"},
    "confidential": {"en": "CONFIDENTIAL", "ru": "КОНФИДЕНЦИАЛЬНО"},
    "strictly-confidential": {"en": "STRICTLY CONFIDENTIAL", "ru": "СТРОГО КОНФИДЕНЦИАЛЬНО"},
}
ORIGINAL = {"en": "Original: English", "ru": "Подлинник на русском языке"}
TRANSLATION = {"en": "Translated from Russian", "ru": "Перевод с английского"}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


class Bold(Paragraph):  # type: ignore[misc]
    """A paragraph in bold: the font has one weight in its file, so the letters are stroked as well as filled."""

    def draw(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setLineWidth(self.style.fontSize * 0.028)
        canvas.setStrokeColor(INK)
        pen = canvas.beginText()
        pen.setTextRenderMode(2)
        canvas.drawText(pen)
        super().draw()
        canvas.restoreState()


def _style(size: float, leading: float, **more: float) -> ParagraphStyle:
    font = {"fontName": "Noto", "bulletFontName": "Noto", "bulletFontSize": size}
    return ParagraphStyle("paper", fontSize=size, leading=leading, textColor=INK, **font, **more)


STYLES = {
    "title": _style(16, 21, spaceAfter=6),
    "facts": _style(9, 13, spaceAfter=2),
    "heading": _style(12, 16, spaceBefore=12, spaceAfter=5),
    "subheading": _style(11, 15, spaceBefore=8, spaceAfter=4),
    "paragraph": _style(11, 17.2, spaceAfter=7, alignment=TA_JUSTIFY),
    "bullet": _style(11, 17.2, spaceAfter=4, leftIndent=16, bulletIndent=3, alignment=TA_LEFT),
    "numbered": _style(11, 17.2, spaceAfter=7, leftIndent=26, bulletIndent=0, alignment=TA_JUSTIFY),
    "quotation": _style(10.5, 16, spaceAfter=7, leftIndent=30, rightIndent=24, alignment=TA_JUSTIFY),
    "cell": _style(9, 12.5),
    "narrow": _style(10, 14.5, spaceAfter=6, alignment=TA_LEFT),
}


def make_pdf(paper: Paper, agency: str, meeting: str, body: str, target: Path) -> None:
    """Write the PDF; agency, meeting and body are names in the paper's language."""
    _register_font()
    document = BaseDocTemplate(
        str(target), pagesize=A4, invariant=1, lang=paper.language, title=paper.title, author=agency
    )
    frame = Frame(MARGIN, BOTTOM, WIDTH - 2 * MARGIN, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0, id="body")
    document.addPageTemplates(
        PageTemplate(
            frames=[frame],
            onPage=lambda canvas, _: _header(canvas, paper, body),
            onPageEnd=lambda canvas, _: _footer(canvas, paper),
        )
    )
    opening = _opening(paper, agency, meeting)
    document.build(opening + [flowable for block in paper.blocks for flowable in _flowables(block, paper)])


def date_in_words(paper: Paper) -> str:
    """The paper's date as its language writes it: `14 October 2021`, `14 октября 2021 г.`"""
    date, language = paper.facts["date"], paper.language
    words = f"{date.day} {MONTHS[language].split()[date.month - 1]} {date.year}"
    return words + (" г." if language == "ru" else "")


def hyphenate(text: str, language: str) -> str:
    """Put soft hyphens into long words, where a simple rule of the language is safe."""
    rule = _break_russian if language == "ru" else _break_english
    return re.sub(r"[^\W\d_]{9,}", lambda word: rule(word[0]), text)


def _break_russian(word: str) -> str:
    """Between a vowel and a consonant with a vowel after it, never leaving fewer than three letters."""
    places = re.finditer(r"(?<=[аеёиоуыэюя])(?=[бвгджзклмнпрстфхцчшщ][аеёиоуыэюя])", word, re.I)
    return _cut(word, [place.start() for place in places])


def _break_english(word: str) -> str:
    """Before a few endings and after a few beginnings that always stand apart."""
    places = re.finditer(r"(?<=[a-z])(?=(?:tions?|sions?|ments?|ness)$)|(?<=^inter|^count|^trans|^under)", word)
    return _cut(word, [place.start() for place in places])


def _cut(word: str, places: list[int]) -> str:
    for place in sorted((p for p in places if 3 <= p <= len(word) - 3), reverse=True):
        word = word[:place] + SOFT_HYPHEN + word[place:]
    return word


def _register_font() -> None:
    if "Noto" in pdfmetrics.getRegisteredFontNames():
        return
    rl_config.useA85 = 0
    files = ROOT / "files"
    pdfmetrics.registerFont(TTFont("Noto", str(files / "NotoSans[wdth,wght].ttf")))
    pdfmetrics.registerFont(TTFont("Noto-Italic", str(files / "NotoSans-Italic[wdth,wght].ttf")))
    pdfmetrics.registerFontFamily("Noto", "Noto", "Noto", "Noto-Italic", "Noto-Italic")


def _header(canvas: Canvas, paper: Paper, body: str) -> None:
    canvas.setFillColor(INK)
    canvas.setFont("Noto", 9)
    canvas.drawString(MARGIN, HEIGHT - 50, body)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 50, paper.facts["symbol"])
    canvas.setFont("Noto", 8)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 36, MARKING[paper.facts["level"]][paper.language])
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, HEIGHT - 57, WIDTH - MARGIN, HEIGHT - 57)


def _footer(canvas: Canvas, paper: Paper) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 62, WIDTH - MARGIN, 62)
    canvas.setFillColor(INK)
    canvas.setFont("Noto", 7.5)
    canvas.drawString(MARGIN, 49, NOTICE[paper.language])
    canvas.drawRightString(WIDTH - MARGIN, 49, PAGE[paper.language].format(canvas.getPageNumber()))


def _opening(paper: Paper, agency: str, meeting: str) -> list[Flowable]:
    origin = (TRANSLATION if paper.facts["translation_of"] else ORIGINAL)[paper.language]
    return [
        _text("facts", meeting),
        Spacer(1, 6),
        Bold(_inline(paper.title), STYLES["title"]),
        _text("facts", agency),
        _text("facts", f"{date_in_words(paper)} · {origin}"),
        HRFlowable(width="100%", thickness=0.8, color=RULE, spaceBefore=6, spaceAfter=10),
    ]


def _flowables(block: Block, paper: Paper, narrow: bool = False) -> list[Flowable]:
    if block.kind == "columns":
        inner = [flowable for part in block.inner for flowable in _flowables(part, paper, narrow=True)]
        return [BalancedColumns(inner, nCols=2, innerPadding=16, needed=72)]
    if block.kind == "table":
        return [_table(block), Spacer(1, 9)]
    if block.kind == "heading":
        return _heading(block, narrow)
    mark = {"bullet": "•", "numbered": block.mark}.get(block.kind)
    style = "narrow" if narrow and block.kind == "paragraph" else block.kind
    return [Paragraph(_inline(hyphenate(block.text, paper.language)), STYLES[style], bulletText=mark)]


def _heading(block: Block, narrow: bool) -> list[Flowable]:
    """A heading that does not stand last on a page; in columns, not last in a column."""
    heading = Bold(_inline(block.text), STYLES["heading" if block.mark == "#" else "subheading"])
    heading.keepWithNext = narrow
    return [heading] if narrow else [CondPageBreak(72), heading]


def _table(block: Block) -> Table:
    header = [Bold(_inline(cell), STYLES["cell"]) for cell in block.rows[0]]
    rows = [[_text("cell", cell) for cell in row] for row in block.rows[1:]]
    look = [
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, RULE),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef1f4")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table([header, *rows], colWidths=_widths(block.rows), repeatRows=1, style=TableStyle(look))


def _widths(rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """Each column gets its longest word; what is left is shared out by the longest cell."""
    columns = list(zip(*rows, strict=True))
    words = [max((word for cell in column for word in cell.split()), key=len) for column in columns]
    least = [pdfmetrics.stringWidth(word, "Noto", STYLES["cell"].fontSize) + 16 for word in words]
    shares = [min(max(len(cell) for cell in column), 60) for column in columns]
    left = WIDTH - 2 * MARGIN - sum(least)
    return [width + left * share / sum(shares) for width, share in zip(least, shares, strict=True)]


def _text(style: str, text: str) -> Paragraph:
    return Paragraph(_inline(text), STYLES[style])


def _inline(text: str) -> str:
    return re.sub(r"\*([^*]+)\*", r"<i>\1</i>", escape(text))
