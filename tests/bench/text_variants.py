# ruff: noqa: E501
"""Makes pages with faults of our own, of the kinds that public reports tell of, each with the words that it must give.

They are other faults of the same kinds than the files of the index have: what reads those alone reads these wrongly.
"""

import io
import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase.ttfonts import TTFontFile

FOLDER = "/usr/share/fonts/truetype/dejavu/"
SERIF, SANS, BOLD = (FOLDER + name for name in ("DejaVuSerif.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))

RU = [
    "Семинар по возвращению похищенных активов открылся в Бишкеке утром.",
    "Представители прокуратуры рассказали о расследовании хищений и о том,",
    "как изъятое имущество передаётся школам и больницам. Министерство",
    "юстиции предложило упростить обмен запросами между ведомствами.",
    "Участники договорились встретиться ещё раз в октябре в Ташкенте.",
]
NUMBERS = [
    "Постановлением от 14 июля 2009 г. № 381 выделено 2 750 тысяч сомов,",
    "из них 1 940 (70,5 %) израсходовано. Остаток составил 810 тысяч.",
]
EN = [
    "The seminar on the recovery of stolen assets opened in the morning.",
    "Officers from the prosecution service described five investigations and",
    "the difficulty of finding efficient ways to file a request abroad. The",
    "Ministry of Justice offered to simplify the flow of requests between",
    "offices. Participants agreed to meet again in October in Tashkent.",
]
KAZAKH = [
    "Министрлік жаңа заң жобасын әзірлеп, қоғамдық талқылауға ұсынды.",
    "Сот төрелігі мәселелері бойынша бірлескен жұмыс тобы құрылды және",
    "өткен жылғы нәтижелер қаралды. Келесі отырыс көктемде өтеді.",
]
TAJIK = [
    "Вазорати адлия лоиҳаи қонуни навро таҳия намуда, ба муҳокимаи",
    "умум пешниҳод кард. Гурӯҳи кории якҷоя оид ба масъалаҳои ҳуқуқи",
    "инсон таъсис ёфт ва натиҷаҳои соли гузашта баррасӣ шуданд.",
]
UKRAINIAN = [
    "Міністерство підготувало звіт про стан судової системи і внесло",
    "пропозиції щодо її реформування. Комісія вирішила опублікувати",
    "ці відомості та провести ще одне засідання наступної середи.",
]


@dataclass(frozen=True)
class Variant:
    """A file with a fault of a kind: the words that must be read, and those that must not."""

    kind: str
    name: str
    content: bytes
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()  # what one line of the text must hold


@cache
def _font_file(path: str) -> TTFontFile:
    return TTFontFile(path)


@dataclass
class Font:
    """A font of the file: the code of each character, and what its table tells of it."""

    path: str = SERIF
    told: Callable[[str], str] | None = lambda c: c  # None: no table at all
    shuffle: int = 0
    spread: float = 0
    letters: dict[str, int] = field(default_factory=dict)
    single: str = ""  # one byte a character, in this code page, declared WinAnsi

    def code(self, character: str) -> int:
        if self.single:
            return character.encode(self.single)[0]
        if not self.letters:
            order = sorted({c for c in map(chr, range(32, 0x530)) if ord(c) in _font_file(self.path).charToGlyph})
            order += list("–—‑‐“”„«»№’ﬁﬂ⁠")
            order = list(dict.fromkeys(order))
            random.Random(self.shuffle).shuffle(order) if self.shuffle else None
            self.letters = {c: i for i, c in enumerate(order, 1)}
        return self.letters.setdefault(character, len(self.letters) + 1)

    def shown(self, text: str) -> str:
        width = 2 if self.single else 4
        return "<" + "".join(f"{self.code(c):0{width}X}" for c in text) + ">"

    def width(self, text: str, size: float) -> float:
        file = _font_file(self.path)
        return sum(file.charWidths.get(ord(c), file.defaultWidth) for c in text) * size / 1000


class Paper:
    """A PDF of pages with content streams, in fonts whose tables may lie."""

    def __init__(self, *fonts: Font) -> None:
        self.objects: list[bytes] = [b"", b""]
        self.fonts = fonts or (Font(),)
        self.pages: list[int] = []
        self.catalog = ""
        self.resources = ""
        self.pending: list[tuple[str, str, str]] = []

    def add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def stream(self, data: bytes, entries: str = "") -> int:
        packed = zlib.compress(data)
        head = f"<<{entries}/Length {len(packed)}/Filter/FlateDecode>>stream\n".encode()
        return self.add(head + packed + b"\nendstream")

    def text(self, x: float, y: float, text: str, size: float = 11, font: int = 0, before: str = "") -> str:
        return f"BT /F{font + 1} {size} Tf {before} 1 0 0 1 {x} {y} Tm {self.fonts[font].shown(text)} Tj ET\n"

    def prose(self, lines: Iterable[str], top: float = 760, x: float = 70, step: float = 14.3, **how: object) -> str:
        return "".join(self.text(x, top - i * step, line, **how) for i, line in enumerate(lines))  # type: ignore[arg-type]

    def page(self, content: str, entries: str = "", resources: str = "") -> "Paper":
        self.pending.append((content, entries or "/MediaBox[0 0 595 842]", resources))
        return self

    def bytes(self) -> bytes:
        names = "".join(f"/F{i} {self._write_font(font)} 0 R" for i, font in enumerate(self.fonts, 1))
        for content, entries, resources in self.pending:
            stream = self.stream(content.encode())
            body = (
                f"<</Type/Page/Parent 2 0 R/Contents {stream} 0 R/Resources<</Font<<{names}>>{resources}>>{entries}>>"
            )
            self.pages.append(self.add(body.encode()))
        kids = " ".join(f"{page} 0 R" for page in self.pages)
        self.objects[0] = f"<</Type/Catalog/Pages 2 0 R{self.catalog}>>".encode()
        self.objects[1] = f"<</Type/Pages/Kids[{kids}]/Count {len(self.pages)}>>".encode()
        out = io.BytesIO()
        out.write(b"%PDF-1.7\n")
        places = []
        for number, body in enumerate(self.objects, 1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
        table = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
        out.write(b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table))
        return out.getvalue()

    def _write_font(self, font: Font) -> int:
        file = _font_file(font.path)
        data = Path(font.path).read_bytes()
        program = self.stream(data, f"/Length1 {len(data)}")
        name = "ABCDEF+" + font.path.rsplit("/", 1)[1].split(".")[0]
        box = "[-800 -350 2100 1200]"
        descriptor = self.add(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox{box}/ItalicAngle 0/Ascent 939/Descent -236"
            f"/CapHeight 729/StemV 80/FontFile2 {program} 0 R>>".encode()
        )
        if font.single:
            widths = " ".join(
                str(round(file.charWidths.get(ord(bytes([i]).decode(font.single, "replace")), 600)))
                for i in range(32, 256)
            )
            return self.add(
                f"<</Type/Font/Subtype/TrueType/BaseFont/{name}/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255"
                f"/Widths[{widths}]/FontDescriptor {descriptor} 0 R>>".encode()
            )
        font.code(" ")
        pairs = sorted((code, c) for c, code in font.letters.items())
        glyphs = bytearray(2 * (len(pairs) + 2))
        for code, c in pairs:
            glyphs[2 * code : 2 * code + 2] = file.charToGlyph.get(ord(c), 0).to_bytes(2, "big")
        widths = " ".join(f"{code}[{round(file.charWidths.get(ord(c), file.defaultWidth))}]" for code, c in pairs)
        to_glyphs = self.stream(bytes(glyphs))
        child = self.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/CIDToGIDMap {to_glyphs} 0 R/DW 600/W[{widths}]/FontDescriptor {descriptor} 0 R>>".encode()
        )
        table = ""
        if font.told is not None:
            rows = [f"<{code:04X}> <{t.encode('utf-16-be').hex()}>" for code, c in pairs if (t := font.told(c))]
            blocks = [rows[i : i + 90] for i in range(0, len(rows), 90)]
            body = "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks)
            head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
            head += "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            table = f"/ToUnicode {self.stream((head + body + 'endcmap end end').encode())} 0 R"
        return self.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{child} 0 R]{table}>>".encode()
        )


def picture(lines: Sequence[str], dpi: int = 200, top: float = 0.9, bits: str = "L") -> Image.Image:
    """A page as a scanner gives it."""
    sheet = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 250)
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(SERIF, round(11 * dpi / 72))
    for i, line in enumerate(lines):
        pen.text((dpi * 0.9, dpi * (top + 0.21 * i)), line, font=font, fill=10)
    return sheet.convert(bits)


def image(paper: Paper, sheet: Image.Image) -> int:
    grey = sheet.convert("L")
    return paper.stream(
        grey.tobytes(),
        f"/Type/XObject/Subtype/Image/Width {grey.width}/Height {grey.height}/ColorSpace/DeviceGray/BitsPerComponent 8",
    )


FULL = "q 595 0 0 842 0 0 cm /I Do Q\n"


RU_WORDS = ("похищенных", "расследовании", "бишкеке", "юстиции")
EN_WORDS = ("recovery", "prosecution", "efficient", "tashkent")
LATIN = {
    "а": "a",
    "б": "6",
    "в": "B",
    "г": "r",
    "д": "A",
    "е": "e",
    "ё": "e",
    "ж": "m",
    "з": "3",
    "и": "H",
    "й": "H",
    "к": "K",
    "л": "JI",
    "м": "M",
    "н": "H",
    "о": "o",
    "п": "II",
    "р": "p",
    "с": "c",
    "т": "T",
    "у": "y",
    "ф": "qb",
    "х": "x",
    "ц": "u",
    "ч": "q",
    "ш": "III",
    "щ": "III",
    "ъ": "b",
    "ы": "bI",
    "ь": "b",
    "э": "3",
    "ю": "IO",
    "я": "R",
}


def variants() -> Iterator[Variant]:
    """All of them."""
    for make in (
        _scans,
        _blind,
        _rubbish,
        _local,
        _harm,
        _hyphens,
        _hidden,
        _notes,
        _shells,
        _tails,
        _turned,
        _spaced,
        _layout,
        _letters,
        _doubles,
        _headings,
        _orders,
        _covers,
    ):
        yield from make()


def _told_by(change: Callable[[str], str]) -> bytes:
    paper = Paper(Font(told=change))
    return paper.page(paper.prose(RU)).bytes()


def _scans() -> Iterator[Variant]:
    kind = "1-scan-unsaid"

    def scan(
        extra: Callable[[Paper], str], sheet: Image.Image | None = None, entries: str = "", draw: str = FULL
    ) -> bytes:
        paper = Paper()
        number = image(paper, sheet or picture(RU))
        return paper.page(draw + extra(paper), entries, f"/XObject<</I {number} 0 R>>").bytes()

    yield Variant(
        kind,
        "downloaded-from",
        scan(
            lambda p: p.prose(
                ["Downloaded from https://library.example.org/id/2211 on 12 March 2019. For personal use only."],
                top=20,
                size=7,
            )
        ),
        RU_WORDS,
    )
    yield Variant(
        kind,
        "header-and-footer",
        scan(lambda p: p.prose(["Для служебного пользования"], top=820) + p.prose(["Стр. 3 из 20"], top=20)),
        RU_WORDS,
    )
    legal = [
        "This copy was made available by the library under an agreement with the publisher and may not be passed on to others,",
        "stored in other systems or printed more than once without the written consent of the owner of the rights; see the terms of use",
        "at https://library.example.org/terms. Accessed from 10.20.30.40 on 12 March 2019 at 14:22 by user 4711 of the reading room.",
    ]
    yield Variant(kind, "long-legal-footer", scan(lambda p: p.prose(legal, top=50, size=6, step=8)), RU_WORDS)
    yield Variant(kind, "watermark-in-the-middle", scan(lambda p: p.text(200, 300, "КОПИЯ ВЕРНА", size=30)), RU_WORDS)
    paper = Paper()
    sheet = picture(RU)
    draw, names = "", ""
    for i in range(12):
        high = sheet.height // 12
        number = image(paper, sheet.crop((0, i * high, sheet.width, (i + 1) * high)))
        names += f"/S{i} {number} 0 R"
        draw += f"q 595 0 0 {842 / 12:.3f} 0 {842 - (i + 1) * 842 / 12:.3f} cm /S{i} Do Q\n"
    yield Variant(
        kind,
        "in-strips",
        paper.page(draw + paper.prose(["A/C.3/12 000417"], top=15), "", f"/XObject<<{names}>>").bytes(),
        RU_WORDS,
    )
    yield Variant(
        kind, "upside-down", scan(lambda p: p.prose(["000417"], top=20), picture(RU * 3).rotate(180)), RU_WORDS
    )
    yield Variant(
        kind,
        "rotated-page",
        scan(
            lambda p: "",
            picture(RU * 3).rotate(90, expand=True),
            "/MediaBox[0 0 842 595]/Rotate 90",
            "q 842 0 0 595 0 0 cm /I Do Q\n",
        ),
        RU_WORDS,
    )
    yield Variant(
        kind,
        "skewed-150",
        scan(
            lambda p: p.prose(["EV-2019-00317"], top=20),
            picture(RU * 3, 150).rotate(3, fillcolor=250, resample=Image.Resampling.BICUBIC),
        ),
        RU_WORDS,
    )
    yield Variant(
        kind,
        "half-a-page",
        scan(
            lambda p: p.prose(["Приложение 2"], top=790),
            picture(RU).crop((0, 0, 1654, 1169)),
            "",
            "q 595 0 0 421 0 300 cm /I Do Q\n",
        ),
        RU_WORDS,
    )
    yield Variant(
        kind,
        "english",
        scan(
            lambda p: p.prose(
                [
                    "EXHIBIT 14",
                ],
                top=810,
            ),
            picture(EN),
        ),
        EN_WORDS,
    )
    few = Paper()
    number = image(few, picture(RU * 2))
    invisible = "".join(few.text(70, 760 - 14 * i, word, before="3 Tr") for i, word in enumerate(["и", "по", "."]))
    yield Variant(
        kind,
        "hidden-layer-of-three-words",
        few.page(FULL + invisible, "", f"/XObject<</I {number} 0 R>>").bytes(),
        RU_WORDS,
    )
    inner = Paper()
    number = image(inner, picture(RU))
    form = inner.stream(
        FULL.encode(), f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</I {number} 0 R>>>>"
    )
    yield Variant(
        kind,
        "scan-in-a-form",
        inner.page("/X Do\n" + inner.prose(["Exhibit 12"], top=20), "", f"/XObject<</X {form} 0 R>>").bytes(),
        RU_WORDS,
    )


def _blind() -> Iterator[Variant]:
    kind = "2-score-blind"
    for seed, path in enumerate((SERIF, SANS, BOLD)):
        paper = Paper(Font(path, told=None, shuffle=seed))
        yield Variant(kind, f"no-table-{seed}", paper.page(paper.prose(RU)).bytes(), RU_WORDS)
    yield Variant(kind, "all-one-sign", _told_by(lambda c: " " if c == " " else "\ufffd"), RU_WORDS)
    yield Variant(kind, "all-spaces", _told_by(lambda c: " "), RU_WORDS)
    yield Variant(kind, "all-nothing", _told_by(lambda c: ""), RU_WORDS)
    yield Variant(kind, "as-chinese", _told_by(lambda c: " " if c == " " else chr(0x4E00 + ord(c) % 997)), RU_WORDS)
    yield Variant(kind, "as-hangul", _told_by(lambda c: " " if c == " " else chr(0xAC00 + ord(c))), RU_WORDS)
    yield Variant(kind, "as-greek", _told_by(lambda c: " " if c == " " else chr(0x3B1 + ord(c) % 24)), RU_WORDS)
    yield Variant(kind, "as-arabic", _told_by(lambda c: " " if c == " " else chr(0x627 + ord(c) % 32)), RU_WORDS)
    yield Variant(kind, "as-armenian", _told_by(lambda c: " " if c == " " else chr(0x561 + ord(c) % 38)), RU_WORDS)
    yield Variant(kind, "private-e000", _told_by(lambda c: " " if c == " " else chr(0xE000 + ord(c) % 256)), RU_WORDS)
    yield Variant(kind, "shifted-by-one", _told_by(lambda c: chr(ord(c) + 1) if c.isalpha() else c), RU_WORDS)
    yield Variant(
        kind, "alphabet-mixed", _told_by(lambda c: chr(0x430 + (ord(c) * 7 + 5) % 32) if c.isalpha() else c), RU_WORDS
    )
    yield Variant(kind, "as-symbols", _told_by(lambda c: chr(0x2200 + ord(c) % 200) if c.isalpha() else c), RU_WORDS)
    yield Variant(
        kind, "as-ascii-signs", _told_by(lambda c: chr(0x21 + (ord(c) * 5) % 30) if c.isalpha() else c), RU_WORDS
    )
    yield Variant(
        kind, "as-combining", _told_by(lambda c: chr(0x300 + (ord(c) - 0x410) % 0x60) if c.isalpha() else c), RU_WORDS
    )
    yield Variant(
        kind, "as-box-drawing", _told_by(lambda c: chr(0x2500 + ord(c) % 100) if c.isalpha() else c), RU_WORDS
    )
    yield Variant(
        kind,
        "as-extended-latin",
        _told_by(lambda c: chr(0x100 + (ord(c) - 0x410) % 0x60) if c.isalpha() else c),
        RU_WORDS,
    )
    yield Variant(
        kind, "as-capitals", _told_by(lambda c: chr(0x41 + (ord(c) * 7) % 26) if c.isalpha() else c), RU_WORDS
    )
    yield Variant(
        kind, "as-small-latin", _told_by(lambda c: chr(0x61 + (ord(c) * 7) % 26) if c.isalpha() else c), RU_WORDS
    )
    paper = Paper(Font(told=lambda c: "" if c.isdigit() else c))
    yield Variant(
        kind, "digits-untold", paper.page(paper.prose([*RU, *NUMBERS])).bytes(), ("2009", "381", "израсходовано")
    )
    paper = Paper(Font(told=lambda c: "\x00" if c.isdigit() else c))
    yield Variant(
        kind, "digits-zero", paper.page(paper.prose([*RU, *NUMBERS])).bytes(), ("2009", "381", "израсходовано")
    )
    paper = Paper(Font(told=lambda c: "" if c.isdigit() or c in "№(),%." else c))
    yield Variant(
        kind,
        "digits-and-signs-untold",
        paper.page(paper.prose([*RU, *NUMBERS])).bytes(),
        ("2009", "381", "израсходовано"),
    )
    paper = Paper(Font(told=lambda c: "" if c.isdigit() else c), Font(told=None, path=BOLD, shuffle=4))
    yield Variant(
        kind,
        "short-cover",
        paper.page(paper.prose(["ДОКЛАД", "о возвращении активов"], font=1, size=20, step=30)).bytes(),
        ("доклад", "возвращении"),
    )
    paper = Paper(Font(told=lambda c: chr(0x250 + ord(c) % 90) if c.isalpha() else c))
    yield Variant(
        kind,
        "ipa-short",
        paper.page(paper.prose(["СПРАВКА", "о ходе расследования"], size=18, step=30)).bytes(),
        ("расследования",),
    )


def _noisy(lines: Sequence[str], share: float, seed: int, letters: str) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choice(letters) if c.isalpha() and rng.random() < share else c for c in line) for line in lines]


def _layer(picture_of: Sequence[str], layer: Sequence[str]) -> bytes:
    paper = Paper()
    number = image(paper, picture(picture_of))
    hidden = "".join(paper.text(65, 769 - 15.12 * i, line, before="3 Tr") for i, line in enumerate(layer))
    return paper.page(FULL + hidden, "", f"/XObject<</I {number} 0 R>>").bytes()


def _rubbish() -> Iterator[Variant]:
    kind = "3-latin-rubbish"
    yield Variant(kind, "lookalikes", _told_by(lambda c: LATIN.get(c) or (LATIN.get(c.lower(), c).upper())), RU_WORDS)
    latin = ["".join(LATIN.get(c) or LATIN.get(c.lower(), c).upper() for c in line) for line in RU]
    yield Variant(kind, "english-layer", _layer(RU, latin), RU_WORDS)
    for share in (0.2, 0.3, 0.45):
        yield Variant(
            kind,
            f"noise-en-{share}",
            _layer(EN * 2, _noisy(EN * 2, share, 3, "abcdefghijklmnopqrstuvwxyzIJLTVWB")),
            EN_WORDS,
        )
        yield Variant(
            kind,
            f"noise-ru-{share}",
            _layer(RU * 2, _noisy(RU * 2, share, 5, "абвгдежзийклмнопрстуфхцчшщыьэюя")),
            RU_WORDS,
        )
    cyrillic = dict(zip("abcdefghijklmnopqrstuvwxyz", "аЬсдегдпіjкІтпоряѕтиvшхуг", strict=False))
    yield Variant(
        kind,
        "russian-layer-on-english",
        _layer(EN * 2, ["".join(cyrillic.get(c, c) for c in line.lower()) for line in EN * 2]),
        EN_WORDS,
    )
    russian = str.maketrans("abcdefghiklmnopqrtuvwxy", "аьссегднікітпорчгтичшху")
    yield Variant(
        kind,
        "cyrillic-words-for-english",
        _layer(EN * 2, [line.lower().translate(russian) for line in EN * 2]),
        EN_WORDS,
    )
    words = [" ".join(w if i % 2 else w.translate(russian) for i, w in enumerate(line.split())) for line in EN * 2]
    yield Variant(kind, "half-in-cyrillic", _layer(EN * 2, words), EN_WORDS)
    yield Variant(kind, "spaces-in-words", _layer(RU, [" ".join(line.replace(" ", "")) for line in RU]), RU_WORDS)
    caps = [line.upper() for line in latin]
    yield Variant(kind, "english-layer-capitals", _layer([line.upper() for line in RU], caps), RU_WORDS)


def _local() -> Iterator[Variant]:
    kind = "4-local-fault"

    def heading(told: Callable[[str], str] | None, text: str = "ПОВЕСТКА СЕМИНАРА", shuffle: int = 3) -> bytes:
        paper = Paper(Font(), Font(BOLD, told=told, shuffle=shuffle))
        return paper.page(paper.text(70, 790, text, 16, 1) + paper.prose(RU * 4)).bytes()

    wanted = ("повестка", "бишкеке")
    yield Variant(kind, "heading-no-table", heading(None), wanted)
    yield Variant(kind, "heading-ascii", heading(lambda c: chr(0x21 + (ord(c) * 11) % 90) if c != " " else c), wanted)
    yield Variant(
        kind,
        "heading-latin1",
        heading(lambda c: c.encode("cp1251", "replace").decode("latin-1") if c != " " else c),
        wanted,
    )
    yield Variant(kind, "heading-fffd", heading(lambda c: "\ufffd" if c != " " else c), wanted)
    yield Variant(kind, "heading-empty", heading(lambda c: ""), wanted)
    yield Variant(
        kind,
        "heading-koi",
        heading(lambda c: c.encode("koi8-r", "replace").decode("latin-1") if c != " " else c),
        wanted,
    )
    yield Variant(
        kind, "heading-small-latin", heading(lambda c: chr(0x61 + (ord(c) * 7) % 26) if c.isalpha() else c), wanted, ()
    )
    yield Variant(
        kind,
        "heading-capitals-latin",
        heading(lambda c: chr(0x41 + (ord(c) * 7) % 26) if c.isalpha() else c),
        wanted,
        (),
    )
    yield Variant(
        kind,
        "heading-mixed-russian",
        heading(lambda c: chr(0x410 + (ord(c) * 7 + 3) % 32) if c.isalpha() else c),
        wanted,
        (),
    )

    def paragraph(
        told: Callable[[str], str] | None, body: Sequence[str], bad: Sequence[str], path: str = SANS
    ) -> bytes:
        paper = Paper(Font(), Font(path, told=told, shuffle=6))
        return paper.page(paper.prose(body) + paper.prose(bad, top=600, font=1) + paper.prose(body, top=450)).bytes()

    for name, told in {
        "none": None,
        "private": lambda c: chr(0xE100 + ord(c) % 256) if c != " " else c,
        "latin1": lambda c: c.encode("cp1251", "replace").decode("latin-1") if c != " " else c,
        "chinese": lambda c: chr(0x5000 + ord(c) % 800) if c != " " else c,
        "latin": lambda c: chr(0x61 + (ord(c) * 7) % 26) if c.isalpha() else c,
    }.items():
        yield Variant(kind, f"paragraph-{name}", paragraph(told, EN, RU), RU_WORDS + EN_WORDS)
    yield Variant(
        kind,
        "english-in-russian-shifted",
        paragraph(lambda c: chr(ord(c) + 3) if c.isalpha() else c, RU, EN),
        RU_WORDS + EN_WORDS,
    )
    for letters in ("ийф", "ао", "т", "щ"):
        for name, lost in {"fffd": "\ufffd", "missing": "", "space": " ", "private": "\uf0ff"}.items():
            paper = Paper(Font(told=lambda c, letters=letters, lost=lost: lost if c in letters else c))
            yield Variant(kind, f"letters-{letters}-{name}", paper.page(paper.prose(RU * 2)).bytes(), RU_WORDS)
    for name, sign in {"missing": "", "fffd": "\ufffd", "control": "\x02", "odd": "ø", "private": "\uf001"}.items():
        paper = Paper(Font(told=lambda c, sign=sign: sign if c in "ﬁﬂ" else c))
        joined = [line.replace("fi", "ﬁ").replace("fl", "ﬂ") for line in EN]
        yield Variant(
            kind,
            f"ligature-{name}",
            paper.page(paper.prose(joined)).bytes(),
            ("efficient", "finding", "file", "flow"),
            ("nding", "le"),
        )
    paper = Paper(Font(), Font(told=None, path=SANS, shuffle=9))
    table = "".join(
        paper.text(70, 600 - 16 * i, f"Область {i}", 11, 0) + paper.text(300, 600 - 16 * i, str(1371 + i * 411), 11, 1)
        for i in range(6)
    )
    yield Variant(
        kind, "figures-of-a-table-untold", paper.page(paper.prose(RU) + table).bytes(), ("1371", "1782", "бишкеке")
    )
    paper = Paper(Font(), Font(told=lambda c: "", path=SANS))
    table = "".join(
        paper.text(70, 600 - 16 * i, f"Область {i}", 11, 0) + paper.text(300, 600 - 16 * i, str(1371 + i * 411), 11, 1)
        for i in range(6)
    )
    yield Variant(
        kind, "figures-of-a-table-empty", paper.page(paper.prose(RU) + table).bytes(), ("1371", "1782", "бишкеке")
    )


def _harm() -> Iterator[Variant]:
    kind = "5-repair-harms"

    def typed(lines: Sequence[str], *pairs: str) -> bytes:
        table = str.maketrans(*pairs)
        paper = Paper(Font(SANS))
        return paper.page(paper.prose([line.translate(table) for line in lines])).bytes()

    yield Variant(kind, "kazakh-latin-i", typed(KAZAKH, "іІһ", "iIh"), ("министрлік", "келесі", "бірлескен"))
    yield Variant(kind, "kazakh-ukrainian-letters", typed(KAZAKH, "ә", "є"), ("министрлік", "келесі"))
    yield Variant(kind, "ukrainian-latin-i", typed(UKRAINIAN, "іІ", "iI"), ("міністерство", "відомості"))
    yield Variant(kind, "ukrainian-latin-i-ï", typed(UKRAINIAN, "іІї", "iIï"), ("міністерство", "її"))
    yield Variant(kind, "tajik-serbian", typed(TAJIK, "ҷҳқғӯӣ", "љњќѓўї"), ("ҳуқуқи", "якҷоя", "гурӯҳи"))
    yield Variant(kind, "russian-some-latin", typed(RU, "сора", "copa"), ("бишкеке", "расследовании"))
    for name in ("cp1251", "koi8-r", "mac_cyrillic", "cp866", "iso8859_5"):
        for text, words in ((RU + NUMBERS, (*RU_WORDS, "2009", "381")), (NUMBERS, ("2009", "1 940", "израсходовано"))):
            if name == "cp866" or name == "iso8859_5":
                text = [line.replace("ё", "е") for line in text]
            try:
                paper = Paper(Font(SERIF, told=lambda c, name=name: c.encode(name, "replace").decode("latin-1")))
                content = paper.page(paper.prose(text)).bytes()
            except UnicodeError:
                continue
            yield Variant(kind, f"{name}-as-latin1-{len(text)}", content, words)
        paper = Paper(Font(SERIF, told=lambda c, name=name: c.encode(name, "replace").decode("cp1252", "replace")))
        yield Variant(
            kind, f"{name}-as-cp1252", paper.page(paper.prose(RU + NUMBERS)).bytes(), (*RU_WORDS, "2009", "381")
        )
    paper = Paper(Font(SERIF, single="cp1251"))
    yield Variant(
        kind, "cp1251-winansi", paper.page(paper.prose(RU + NUMBERS)).bytes(), (*RU_WORDS, "2009", "381", "70,5")
    )
    paper = Paper(Font(SERIF, single="koi8-r"))
    yield Variant(
        kind,
        "koi8-winansi",
        paper.page(paper.prose([x.replace("№", "N") for x in RU + NUMBERS])).bytes(),
        (*RU_WORDS, "2009", "381", "70,5"),
    )
    paper = Paper(Font(SANS, single="kz1048"))
    yield Variant(kind, "kz1048-winansi", paper.page(paper.prose(KAZAKH)).bytes(), ("министрлік", "келесі", "қоғамдық"))
    paper = Paper(
        Font(
            SERIF, told=lambda c: "" if c.isdigit() or c in "(),.%" else c.encode("cp1251", "replace").decode("latin-1")
        )
    )
    yield Variant(
        kind, "cp1251-digits-lost", paper.page(paper.prose(RU + NUMBERS)).bytes(), (*RU_WORDS, "2009", "381", "70,5")
    )
    french = [
        "Le séminaire sur le recouvrement des avoirs volés s’est ouvert à Bichkek.",
        "Les représentants du ministère ont présenté cinq enquêtes menées à l’étranger",
        "et les difficultés rencontrées. Les participants se réuniront à nouveau en été.",
    ]
    paper = Paper(Font(SANS))
    yield Variant(kind, "french", paper.page(paper.prose(french)).bytes(), ("séminaire", "représentants", "été"))
    german = [
        "Das Seminar über die Rückführung gestohlener Vermögenswerte wurde eröffnet.",
        "Vertreter der Staatsanwaltschaft berichteten über fünf Ermittlungen im Ausland.",
        "Das Ministerium für Justiz schlug vor, die Übermittlung von Anträgen zu vereinfachen.",
    ]
    paper = Paper(Font(SANS))
    yield Variant(
        kind, "german", paper.page(paper.prose(german)).bytes(), ("rückführung", "vermögenswerte", "übermittlung")
    )


def _hyphens() -> Iterator[Variant]:
    kind = "6-hyphens"
    rows = {
        "not-sign": (
            "¬",
            [
                "Представители прокура",
                "туры рассказали о рассле",
                "довании хищений и возвра",
                "щении имущества школам.",
            ],
            ("прокуратуры", "расследовании", "возвращении"),
        ),
        "u2010": (
            "‐",
            [
                "Представители прокура",
                "туры рассказали о рассле",
                "довании хищений и возвра",
                "щении имущества школам.",
            ],
            ("прокуратуры", "расследовании"),
        ),
        "soft": (
            "\u00ad",
            [
                "Представители прокура",
                "туры рассказали о рассле",
                "довании хищений и возвра",
                "щении имущества школам.",
            ],
            ("прокуратуры", "расследовании"),
        ),
        "minus": (
            "-",
            [
                "Представители прокура",
                "туры рассказали о рассле",
                "довании хищений и возвра",
                "щении имущества школам.",
            ],
            ("прокуратуры", "расследовании"),
        ),
        "figure": (
            "\u2011",
            [
                "Представители прокура",
                "туры рассказали о рассле",
                "довании хищений и возвра",
                "щении имущества школам.",
            ],
            ("прокуратуры", "расследовании"),
        ),
        "true-ru": (
            "-",
            [
                "Обсуждали торгово",
                "экономические связи и северо",
                "восточный путь, а экс",
                "министр и штаб",
                "квартира что",
                "то добавили.",
            ],
            ("торгово-экономические", "северо-восточный", "экс-министр", "штаб-квартира", "что-то"),
        ),
        "true-en": (
            "-",
            [
                "They discussed co",
                "operation, a rights",
                "based and evidence",
                "based policy, follow",
                "up and decision",
                "making in long",
                "term plans.",
            ],
            ("rights-based", "evidence-based", "follow-up", "decision-making", "long-term"),
        ),
        "plain-en": (
            "-",
            [
                "The seminar on the recov",
                "ery of stolen assets heard offi",
                "cers of the prosecu",
                "tion service and the Minis",
                "try of Justice.",
            ],
            ("recovery", "officers", "prosecution", "ministry"),
        ),
    }
    for name, (sign, lines, words) in rows.items():
        paper = Paper(Font(SANS))
        ended = [line + sign for line in lines[:-1]] + lines[-1:]
        yield Variant(kind, name, paper.page(paper.prose(ended)).bytes(), words)
    for name, mark, size, rise in (
        ("small-raised", "1", 6, 4),
        ("two-digits", "12", 6, 4),
        ("star", "*", 7, 4),
        ("superscript", "²", 11, 0),
        ("slightly-small", "3", 8, 3),
    ):
        for before in ("хищений", "хищений.", "«хищений»"):
            paper = Paper(Font(SERIF))
            head = "Представители рассказали о расследовании " + before
            x = 70 + paper.fonts[0].width(head, 11)
            content = paper.text(70, 700, head) + paper.text(x, 700 + rise, mark, size)
            content += (
                paper.text(x + paper.fonts[0].width(mark, size), 700, " и о том, как оно передаётся.")
                if not before.endswith(".")
                else ""
            )
            content += paper.prose(RU, top=680)
            yield Variant(kind, f"note-{name}-{len(before)}", paper.page(content).bytes(), ("хищений",))
    paper = Paper(Font(SERIF))
    content = (
        paper.text(70, 700, "Площадь участка 14 м")
        + paper.text(70 + paper.fonts[0].width("Площадь участка 14 м", 11), 704, "2", 6)
        + paper.prose(RU, top=680)
    )
    yield Variant(kind, "unit-is-no-note", paper.page(content).bytes(), ("участка",))
    lines = ["Рост составил", "2.5 процента за год, а доля достигла", "70.4 процента всех дел."]
    paper = Paper(Font(SERIF))
    yield Variant(
        kind,
        "decimal-begins-a-line",
        paper.page(paper.prose(lines)).bytes(),
        lines=("Рост составил 2.5 процента за год, а доля достигла 70.4 процента всех дел.",),
    )


def _hidden() -> Iterator[Variant]:
    kind = "7-not-shown"

    def page(
        draw: Callable[[Paper], str],
        entries: str = "",
        resources: str = "",
        make: Callable[[Paper], str] | None = None,
        catalog: str = "",
    ) -> bytes:
        paper = Paper()
        if make:
            resources += make(paper)
        paper.catalog = catalog
        return paper.page(draw(paper) + paper.prose(RU), entries, resources).bytes()

    secret = "Свидетель Абдуллаев Рустам"
    hide = {"present": ("бишкеке",), "absent": ("абдуллаев", "рустам")}
    yield Variant(kind, "white-box", page(lambda p: p.text(70, 500, secret) + "1 g 60 495 300 20 re f 0 g\n"), **hide)
    yield Variant(kind, "grey-box", page(lambda p: p.text(70, 500, secret) + ".3 g 60 495 300 20 re f 0 g\n"), **hide)
    yield Variant(
        kind,
        "box-before-the-text-and-black-on-black",
        page(lambda p: "0 g 60 495 300 20 re f\n" + p.text(70, 500, secret)),
        **hide,
    )
    yield Variant(
        kind, "white-on-white-before-boxes", page(lambda p: "1 g\n" + p.text(70, 500, secret) + "0 g\n"), **hide
    )
    yield Variant(
        kind,
        "same-colour-as-its-ground",
        page(lambda p: ".2 .3 .6 rg 60 495 300 20 re f\n" + p.text(70, 500, secret) + "0 g\n"),
        **hide,
    )
    yield Variant(kind, "two-strokes", page(lambda p: p.text(70, 500, secret) + "16 w 60 504 m 330 504 l S\n"), **hide)
    yield Variant(
        kind, "polygon", page(lambda p: p.text(70, 500, secret) + "60 495 m 360 495 l 360 516 l 60 516 l h f\n"), **hide
    )
    yield Variant(
        kind,
        "box-a-word",
        page(lambda p: p.text(70, 500, secret) + "0 g 136 495 70 18 re f 207 495 80 18 re f\n"),
        **hide,
    )
    yield Variant(kind, "mode-3", page(lambda p: p.text(70, 500, secret, before="3 Tr") + "0 Tr\n"), **hide)
    yield Variant(kind, "mode-7-clip", page(lambda p: "q " + p.text(70, 500, secret, before="7 Tr") + "Q\n"), **hide)
    yield Variant(kind, "tiny", page(lambda p: p.text(70, 500, secret, size=0.4)), **hide)
    yield Variant(
        kind,
        "scaled-tiny",
        page(lambda p: "q .05 0 0 .05 0 0 cm " + p.text(1400, 8000, secret, size=8) + "Q\n"),
        **hide,
    )
    yield Variant(kind, "clipped", page(lambda p: "q 60 300 10 10 re W n " + p.text(70, 500, secret) + "Q\n"), **hide)
    yield Variant(
        kind,
        "transparent",
        page(
            lambda p: "/G gs " + p.text(70, 500, secret) + "/H gs\n",
            "",
            "/ExtGState<</G<</ca 0/CA 0>>/H<</ca 1/CA 1>>>>",
        ),
        **hide,
    )
    yield Variant(
        kind,
        "nearly-transparent",
        page(lambda p: "/G gs " + p.text(70, 500, secret) + "/H gs\n", "", "/ExtGState<</G<</ca .02>>/H<</ca 1>>>>"),
        **hide,
    )
    yield Variant(
        kind,
        "outside-the-crop",
        page(lambda p: p.text(70, 20, secret), "/MediaBox[0 0 595 842]/CropBox[0 60 595 842]"),
        **hide,
    )
    yield Variant(kind, "outside-left", page(lambda p: p.text(-300, 500, secret)), **hide)
    yield Variant(kind, "above-the-page", page(lambda p: p.text(70, 900, secret)), **hide)

    def annotation(entries: str) -> Callable[[], bytes]:
        def made() -> bytes:
            paper = Paper()
            form = paper.stream(b"0 g 0 0 300 20 re f", "/Type/XObject/Subtype/Form/BBox[0 0 300 20]")
            note = paper.add(f"<</Type/Annot/Rect[60 495 360 515]/F 4/AP<</N {form} 0 R>>{entries}>>".encode())
            return paper.page(
                paper.text(70, 500, secret) + paper.prose(RU), f"/MediaBox[0 0 595 842]/Annots[{note} 0 R]"
            ).bytes()

        return made

    for name, entries in {
        "square": "/Subtype/Square/IC[0 0 0]/C[0 0 0]",
        "redact": "/Subtype/Redact/IC[0 0 0]",
        "ink": "/Subtype/Ink/InkList[[60 505 360 505]]",
        "freetext": "/Subtype/FreeText/Contents()/DA(/Helv 9 Tf)",
        "stamp": "/Subtype/Stamp",
        "line": "/Subtype/Line/L[60 505 360 505]",
        "polygon": "/Subtype/Polygon/Vertices[60 495 360 495 360 515 60 515]/IC[0 0 0]",
        "highlight-black": "/Subtype/Highlight/C[0 0 0]/QuadPoints[60 515 360 515 60 495 360 495]",
    }.items():
        yield Variant(kind, f"annotation-{name}", annotation(entries)(), **hide)
    black = Image.new("L", (300, 20), 0)
    paper = Paper()
    number = image(paper, black)
    yield Variant(
        kind,
        "picture-over",
        paper.page(
            paper.text(70, 500, secret) + "q 300 0 0 20 60 495 cm /I Do Q\n" + paper.prose(RU),
            "",
            f"/XObject<</I {number} 0 R>>",
        ).bytes(),
        **hide,
    )
    paper = Paper()
    layer = paper.add(b"<</Type/OCG/Name(draft)>>")
    paper.catalog = f"/OCProperties<</OCGs[{layer} 0 R]/D<</OFF[{layer} 0 R]/Order[{layer} 0 R]>>>>"
    form = paper.text(70, 500, secret)
    body = paper.page("/OC /L BDC " + form + " EMC\n" + paper.prose(RU), "", f"/Properties<</L {layer} 0 R>>").bytes()
    yield Variant(kind, "layer-off", body, **hide)
    paper = Paper()
    layer = paper.add(b"<</Type/OCG/Name(draft)>>")
    member = paper.add(f"<</Type/OCMD/OCGs[{layer} 0 R]/P/AnyOn>>".encode())
    paper.catalog = f"/OCProperties<</OCGs[{layer} 0 R]/D<</BaseState/OFF/Order[{layer} 0 R]>>>>"
    yield Variant(
        kind,
        "layer-off-by-membership",
        paper.page(
            "/OC /L BDC " + paper.text(70, 500, secret) + " EMC\n" + paper.prose(RU),
            "",
            f"/Properties<</L {member} 0 R>>",
        ).bytes(),
        **hide,
    )
    # what is shown must stay
    shown = {"present": ("абдуллаев", "бишкеке")}
    yield Variant(
        kind,
        "shown-white-on-dark",
        page(lambda p: ".1 .2 .5 rg 60 495 300 20 re f 1 g\n" + p.text(70, 500, secret) + "0 g\n"),
        **shown,
    )
    yield Variant(
        kind, "shown-on-yellow", page(lambda p: "1 1 0 rg 60 495 300 20 re f 0 g\n" + p.text(70, 500, secret)), **shown
    )
    yield Variant(
        kind,
        "shown-under-light-tint",
        page(
            lambda p: p.text(70, 500, secret) + "q /G gs 1 1 0 rg 60 495 300 20 re f Q\n",
            "",
            "/ExtGState<</G<</ca .3/BM/Multiply>>>>",
        ),
        **shown,
    )
    yield Variant(kind, "shown-grey", page(lambda p: ".6 g " + p.text(70, 500, secret) + "0 g\n"), **shown)
    yield Variant(kind, "shown-outlined", page(lambda p: p.text(70, 500, secret, before="1 Tr")), **shown)
    yield Variant(
        kind,
        "shown-on-a-layer",
        page(
            lambda p: "/OC /L BDC " + p.text(70, 500, secret) + "EMC\n", "", "/Properties<</L<</Type/OCG/Name(on)>>>>"
        ),
        **shown,
    )
    yield Variant(
        kind, "shown-struck-through", page(lambda p: p.text(70, 500, secret) + "1 w 60 504 m 330 504 l S\n"), **shown
    )


def _notes() -> Iterator[Variant]:
    kind = "8-annotations"

    def utf16(text: str) -> str:
        return "<FEFF" + text.encode("utf-16-be").hex() + ">"

    def with_annotation(*bodies: str, fields: bool = False, prose: bool = True, catalog: str = "") -> bytes:
        paper = Paper()
        numbers = [paper.add(body.encode()) for body in bodies]
        names = " ".join(f"{n} 0 R" for n in numbers)
        helv = paper.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        if fields:
            paper.catalog = (
                f"/AcroForm<</Fields[{names}]/NeedAppearances true/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv {helv} 0 R>>>>>>"
            )
        return paper.page(paper.prose(RU) if prose else "", f"/MediaBox[0 0 595 842]/Annots[{names}]").bytes()

    rect = "/Type/Annot/Rect[70 400 400 420]/F 4"
    yield Variant(
        kind,
        "text-field",
        with_annotation(f"<<{rect}/Subtype/Widget/FT/Tx/T(n)/V{utf16('Сариев Мурат')}/DA(/Helv 10 Tf)>>", fields=True),
        ("сариев", "бишкеке"),
    )
    yield Variant(
        kind,
        "multiline-field",
        with_annotation(
            f"<<{rect}/Subtype/Widget/FT/Tx/Ff 4096/T(n)/V{utf16('Сариев Мурат' + chr(13) + 'город Нарын')}/DA(/Helv 10 Tf)>>",
            fields=True,
        ),
        ("сариев", "нарын"),
    )
    yield Variant(
        kind,
        "choice",
        with_annotation(
            f"<<{rect}/Subtype/Widget/FT/Ch/Ff 131072/T(n)/Opt[{utf16('Ошская')}{utf16('Нарынская')}]/V{utf16('Нарынская')}/DA(/Helv 10 Tf)>>",
            fields=True,
        ),
        ("нарынская",),
        ("ошская",),
    )
    yield Variant(
        kind,
        "list-choice",
        with_annotation(
            f"<<{rect}/Subtype/Widget/FT/Ch/T(n)/Opt[[(a){utf16('Ошская')}][(b){utf16('Нарынская')}]]/V(b)/I[1]/DA(/Helv 10 Tf)>>",
            fields=True,
        ),
        ("нарынская",),
    )
    yield Variant(
        kind,
        "password-field",
        with_annotation(
            f"<<{rect}/Subtype/Widget/FT/Tx/Ff 8192/T(n)/V{utf16('Сариев')}/DA(/Helv 10 Tf)>>", fields=True
        ),
        ("бишкеке",),
        ("сариев",),
    )
    yield Variant(
        kind,
        "freetext",
        with_annotation(f"<<{rect}/Subtype/FreeText/Contents{utf16('Вернуть до пятницы')}/DA(/Helv 10 Tf)>>"),
        ("пятницы",),
    )
    yield Variant(
        kind,
        "freetext-alone",
        with_annotation(
            f"<<{rect}/Subtype/FreeText/Contents{utf16('Вернуть до пятницы')}/DA(/Helv 10 Tf)>>", prose=False
        ),
        ("пятницы",),
    )
    yield Variant(
        kind,
        "field-alone",
        with_annotation(
            f"<<{rect}/Subtype/Widget/FT/Tx/T(n)/V{utf16('Сариев Мурат')}/DA(/Helv 10 Tf)>>", fields=True, prose=False
        ),
        ("сариев",),
    )
    yield Variant(
        kind,
        "hidden-field",
        with_annotation(
            f"<</Type/Annot/Rect[70 400 400 420]/F 2/Subtype/Widget/FT/Tx/T(n)/V{utf16('Сариев')}/DA(/Helv 10 Tf)>>",
            fields=True,
        ),
        ("бишкеке",),
        ("сариев",),
    )
    yield Variant(
        kind,
        "stamp-text",
        with_annotation(f"<<{rect}/Subtype/Stamp/Contents{utf16('Получено канцелярией')}>>"),
        ("канцелярией",),
    )
    yield Variant(
        kind,
        "sticky-note",
        with_annotation(f"<<{rect}/Subtype/Text/Contents{utf16('Проверить фамилию')}>>"),
        ("фамилию",),
    )
    yield Variant(
        kind,
        "highlight-comment",
        with_annotation(
            f"<<{rect}/Subtype/Highlight/QuadPoints[70 420 400 420 70 400 400 400]/Contents{utf16('Проверить фамилию')}>>"
        ),
        ("фамилию",),
    )
    paper = Paper()
    inner = paper.text(2, 5, "Согласовано прокурором")
    fonts = paper._write_font(paper.fonts[0])
    form = paper.stream(
        inner.encode(), f"/Type/XObject/Subtype/Form/BBox[0 0 300 20]/Resources<</Font<</F1 {fonts} 0 R>>>>"
    )
    stamp = paper.add(f"<</Type/Annot/Subtype/Stamp/Rect[70 400 370 420]/F 4/AP<</N {form} 0 R>>>>".encode())
    yield Variant(
        kind,
        "stamp-drawn",
        paper.page(paper.prose(RU), f"/MediaBox[0 0 595 842]/Annots[{stamp} 0 R]").bytes(),
        ("прокурором", "бишкеке"),
    )
    paper = Paper()
    fonts = paper._write_font(paper.fonts[0]) if paper.fonts[0].shown("Подписано: Эсенова Айгуль") else 0
    form = paper.stream(
        paper.text(2, 5, "Подписано: Эсенова Айгуль").encode(),
        f"/Type/XObject/Subtype/Form/BBox[0 0 300 20]/Resources<</Font<</F1 {fonts} 0 R>>>>",
    )
    sign = paper.add(
        f"<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[70 400 370 420]/F 132/AP<</N {form} 0 R>>>>".encode()
    )
    paper.catalog = f"/AcroForm<</Fields[{sign} 0 R]/SigFlags 3>>"
    yield Variant(
        kind,
        "signature-look",
        paper.page(paper.prose(RU), f"/MediaBox[0 0 595 842]/Annots[{sign} 0 R]").bytes(),
        ("эсенова", "бишкеке"),
    )


def _shells() -> Iterator[Variant]:
    kind = "9-shells"
    texts = {
        "xfa-short": [
            "Please wait...",
            "If this message is not eventually replaced with the proper contents of the document, your PDF",
            "viewer may not be able to display this type of document.",
        ],
        "xfa-upgrade": [
            "To view the full contents of this document, you need a later version of the PDF viewer. You can upgrade",
            "to the latest version of Adobe Reader from www.adobe.com/products/acrobat/readstep2.html",
        ],
        "xfa-open-in": [
            "This PDF form requires a newer version of Adobe Acrobat. Without a newer version, you may be able to open this form, but it may not work properly."
        ],
        "xfa-ru": [
            "Подождите...",
            "Если это сообщение не будет заменено содержимым документа, возможно, ваша программа для",
            "просмотра PDF не поддерживает документы этого типа. Обновите Adobe Reader.",
        ],
        "portfolio-en": [
            "For the best experience, open this PDF portfolio in",
            "Acrobat X or Adobe Reader X, or later.",
            "Get Adobe Reader Now!",
        ],
        "portfolio-old": [
            "This is a PDF Package. To view its contents, open it in Adobe Reader 8 or later.",
            "Get Adobe Acrobat Reader",
        ],
        "portfolio-ru": [
            "Для наилучшего восприятия откройте это портфолио PDF в",
            "Acrobat X или Adobe Reader X или более поздней версии.",
        ],
    }
    for name, lines in texts.items():
        paper = Paper(Font(SANS))
        yield Variant(kind, name, paper.page(paper.prose(lines)).bytes(), (), ("adobe", "acrobat", "upgrade", "viewer"))


def _tails() -> Iterator[Variant]:
    kind = "10-head-and-tail"
    paper = Paper()
    sound = paper.page(paper.prose(RU)).bytes()
    tails = {
        "zeros-100k": b"\0" * 100_000,
        "newlines": b"\n" * 5_000,
        "mail-footer": b"\n--\nThis message was scanned by the gateway.\n" * 80,
        "html": b"<html><body>advert</body></html>" * 200,
        "random": random.Random(1).randbytes(6_000),
        "ff": b"\xff" * 9_000,
    }
    for name, tail in tails.items():
        yield Variant(kind, f"tail-{name}", sound + tail, RU_WORDS)
    heads = {
        "bom": b"\xef\xbb\xbf",
        "http": b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
        "blank": b"\r\n\r\n",
        "long-http": b"X-Header: value\r\n" * 55,
        "pjl": b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n",
    }
    for name, head in heads.items():
        yield Variant(kind, f"head-{name}", head + sound, RU_WORDS)
    yield Variant(kind, "no-end-mark-but-table", sound.removesuffix(b"%%EOF\n"), RU_WORDS)
    yield Variant(
        kind, "pjl-both", heads["pjl"] + sound + b"\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X" + b"\0" * 3000, RU_WORDS
    )


def _turned() -> Iterator[Variant]:
    kind = "11-sideways"
    for angle, matrix in {90: "0 1 -1 0 400 100 cm", 180: "-1 0 0 -1 590 840 cm", 270: "0 -1 1 0 100 700 cm"}.items():
        paper = Paper()
        yield Variant(
            kind,
            f"matrix-{angle}",
            paper.page(f"q {matrix} " + paper.prose(RU, top=300, x=20) + "Q\n").bytes(),
            RU_WORDS,
            lines=("Представители прокуратуры рассказали о расследовании хищений",),
        )
        paper = Paper()
        yield Variant(
            kind,
            f"page-{angle}-crop",
            paper.page(paper.prose(RU), f"/MediaBox[-50 -60 595 842]/CropBox[-20 10 580 830]/Rotate {angle}").bytes(),
            RU_WORDS,
            lines=("Представители прокуратуры рассказали о расследовании хищений",),
        )
        paper = Paper()
        rows = [
            ("Область", "Дела", "Приговоры"),
            ("Чуйская", "214", "97"),
            ("Ошская", "188", "64"),
            ("Нарынская", "53", "21"),
        ]
        table = "".join(
            paper.text(20 + 140 * j, 300 - 18 * i, cell) for i, row in enumerate(rows) for j, cell in enumerate(row)
        )
        yield Variant(
            kind,
            f"table-{angle}",
            paper.page(f"q {matrix} {table} Q\n").bytes(),
            ("214",),
            lines=("Чуйская · Дела 214 · Приговоры 97",),
        )
    paper = Paper()
    side = "q 0 1 -1 0 30 200 cm " + paper.text(0, 0, "Distributed by the secretariat 12 March", 7) + "Q\n"
    yield Variant(
        kind,
        "margin-note",
        paper.page(side + paper.prose(RU)).bytes(),
        (*RU_WORDS, "distributed"),
        lines=("Представители прокуратуры рассказали о расследовании хищений",),
    )
    paper = Paper()
    yield Variant(
        kind,
        "leaning",
        paper.page("q .9976 .0698 -.0698 .9976 30 0 cm " + paper.prose(RU) + "Q\n").bytes(),
        RU_WORDS,
        lines=("Представители прокуратуры рассказали о расследовании хищений",),
    )
    paper = Paper()
    yield Variant(kind, "user-unit", paper.page(paper.prose(RU), "/MediaBox[0 0 595 842]/UserUnit 2").bytes(), RU_WORDS)
    paper = Paper()
    yield Variant(
        kind,
        "mirrored-axis",
        paper.page(
            "q 1 0 0 -1 0 842 cm "
            + "".join(
                f"BT /F1 11 Tf 1 0 0 -1 70 {80 + 14.3 * i} Tm {paper.fonts[0].shown(line)} Tj ET\n"
                for i, line in enumerate(RU)
            )
            + "Q\n"
        ).bytes(),
        RU_WORDS,
        lines=("Представители прокуратуры рассказали о расследовании хищений",),
    )


def _spaced() -> Iterator[Variant]:
    kind = "12-spaced-letters"

    def head(text: str, before: str = "", body: Sequence[str] = RU, size: float = 14) -> bytes:
        paper = Paper()
        return paper.page(paper.text(70, 790, text, size, 0, before) + paper.prose(body, top=740)).bytes()

    yield Variant(kind, "tc-6", head("РЕШЕНИЕ КОЛЛЕГИИ", "6 Tc"), ("решение", "коллегии"))
    yield Variant(kind, "tc-3", head("РЕШЕНИЕ КОЛЛЕГИИ", "3 Tc"), ("решение", "коллегии"))
    yield Variant(kind, "tc-12", head("РЕШЕНИЕ КОЛЛЕГИИ", "12 Tc"), ("решение", "коллегии"))
    yield Variant(kind, "spaces", head("Р Е Ш Е Н И Е   К О Л Л Е Г И И"), ("решение", "коллегии"))
    yield Variant(kind, "spaces-four-letters", head("А К Т"), ("акт",))
    yield Variant(kind, "spaces-short", head("У К А З"), ("указ",))
    yield Variant(kind, "spaces-one-wide", head("П Р И К А З  № 14"), ("приказ", "14"))
    yield Variant(kind, "english", head("R E S O L U T I O N   O F   T H E   B O A R D"), ("resolution", "board"))
    yield Variant(kind, "in-a-line", head("Коллегия п о с т а н о в л я е т :", size=11), ("постановляет", "коллегия"))
    yield Variant(kind, "in-a-line-tc", _emphasis(), ("постановляет", "коллегия"))
    yield Variant(kind, "double-spaces", head("Р е ш е н и е   с у д а"), ("решение", "суда"))
    yield Variant(kind, "kazakh", head("Қ А У Л Ы   М І Н Д Е Т І", body=KAZAKH), ("қаулы",))
    yield Variant(kind, "list-of-letters-stays", head("Группы А Б В Г Д указаны ниже", size=11), ("группы", "указаны"))


def _emphasis() -> bytes:
    paper = Paper()
    font = paper.fonts[0]
    x = 70 + font.width("Коллегия ", 11)
    line = paper.text(70, 790, "Коллегия ") + paper.text(x, 790, "постановляет", 11, 0, "4 Tc")
    x += font.width("постановляет", 11) + 4 * 12
    line += paper.text(x, 790, " принять меры", 11, 0, "0 Tc")
    return paper.page(line + paper.prose(RU)).bytes()


def _layout() -> Iterator[Variant]:
    kind = "13-layout"
    left = [
        "Первая часть говорит о том, что",
        "похищенное имущество должно быть",
        "возвращено государству полностью",
        "и без промедления в течение года",
    ]
    right = [
        "Вторая часть описывает порядок",
        "обмена запросами между странами",
        "и сроки, в которые ведомства обязаны",
        "ответить друг другу на запросы",
    ]
    for gutter in (30, 17, 14):
        paper = Paper()
        wide = max(paper.fonts[0].width(line, 9) for line in left)
        content = paper.prose(left * 4, size=9, step=12) + paper.prose(right * 4, x=70 + wide + gutter, size=9, step=12)
        yield Variant(
            kind,
            f"columns-{gutter}",
            paper.page(content).bytes(),
            lines=(
                "похищенное имущество должно быть возвращено государству",
                "обмена запросами между странами и сроки",
            ),
        )
        paper = Paper()
        both = zip(
            paper.prose(left * 4, size=9, step=12).splitlines(),
            paper.prose(right * 4, x=70 + wide + gutter, size=9, step=12).splitlines(),
            strict=True,
        )
        yield Variant(
            kind,
            f"columns-{gutter}-drawn-across",
            paper.page("\n".join(x for pair in both for x in pair) + "\n").bytes(),
            lines=(
                "похищенное имущество должно быть возвращено государству",
                "обмена запросами между странами и сроки",
            ),
        )
    paper = Paper()
    lines = RU * 2
    rng = random.Random(3)
    drawn = paper.prose(lines).splitlines()
    rng.shuffle(drawn)
    yield Variant(
        kind,
        "lines-in-any-order",
        paper.page("\n".join(drawn) + "\n").bytes(),
        RU_WORDS,
        lines=("Представители прокуратуры рассказали о расследовании хищений и о том, как изъятое",),
    )
    paper = Paper()
    content = ""
    for i, line in enumerate(RU):
        x = 70.0
        for c in line:
            content += paper.text(round(x, 2), 760 - 14.3 * i, c) if c != " " else ""
            x += paper.fonts[0].width(c, 11)
    yield Variant(
        kind,
        "letter-by-letter",
        paper.page(content).bytes(),
        RU_WORDS,
        lines=("Представители прокуратуры рассказали о расследовании хищений",),
    )
    paper = Paper()
    content = ""
    for i, line in enumerate(RU):
        x = 70.0
        for word in line.split():
            content += paper.text(round(x, 2), 760 - 14.3 * i, word)
            x += paper.fonts[0].width(word, 11) + 14 + 6 * (i % 2)
    yield Variant(
        kind,
        "justified-wide-gaps",
        paper.page(content).bytes(),
        RU_WORDS,
        lines=("Представители прокуратуры рассказали о расследовании хищений",),
    )
    paper = Paper()
    narrow = [
        "Представители прокуратуры",
        "рассказали о",
        "расследовании хищений",
        "и о том, как",
        "имущество передаётся",
        "школам",
    ]
    content = ""
    for i, line in enumerate(narrow):
        words = line.split()
        gap = (200 - sum(paper.fonts[0].width(w, 11) for w in words)) / max(1, len(words) - 1)
        x = 70.0
        for word in words:
            content += paper.text(round(x, 2), 760 - 14.3 * i, word)
            x += paper.fonts[0].width(word, 11) + gap
    yield Variant(
        kind,
        "justified-narrow",
        paper.page(content).bytes(),
        RU_WORDS[1:2],
        lines=("рассказали о расследовании хищений и о том, как имущество",),
    )
    paper = Paper()
    rows = [
        (["Чуйская область"], ["Проверка служебного", "жилья и гаражей"], ["Закончена в", "марте"]),
        (["Ошская область"], ["Опрос жителей", "двух сёл"], ["Продолжается", "до осени"]),
    ]
    content, y = (
        paper.text(70, 760, "Где") + paper.text(200, 760, "Что делается") + paper.text(380, 760, "Состояние"),
        735.0,
    )
    for row in rows:
        for j, cell in enumerate(row):
            content += paper.prose(cell, top=y, x=(70, 200, 380)[j])
        y -= 45
    yield Variant(
        kind,
        "wrapped-cells",
        paper.page(content).bytes(),
        ("служебного жилья и гаражей", "закончена в марте", "двух сёл"),
    )
    paper = Paper()
    content, y = "", 735.0
    grid = "".join(f"70 {750 - 45 * i} m 500 {750 - 45 * i} l S " for i in range(3)) + "".join(
        f"{x} 750 m {x} 660 l S " for x in (66, 196, 376, 500)
    )
    for row in rows:
        for k in range(2):
            for j, cell in enumerate(row):
                if k < len(cell):
                    content += paper.text((70, 200, 380)[j], y - 14.3 * k, cell[k])
        y -= 45
    yield Variant(
        kind,
        "wrapped-cells-drawn-by-line",
        paper.page(grid + content).bytes(),
        ("служебного жилья и гаражей", "закончена в марте", "двух сёл"),
    )
    paper = Paper()
    rows2 = [("Год", "Запросов", "Ответов"), ("2018", "214", "97"), ("2019", "188", "64"), ("2020", "53", "21")]
    table = "".join(
        paper.text(70 + 140 * j, 700 - 18 * i, cell) for i, row in enumerate(rows2) for j, cell in enumerate(row)
    )
    yield Variant(kind, "table", paper.page(table).bytes(), ("214",), lines=("Год 2019 · Запросов 188 · Ответов 64",))
    table = "".join(paper.text(70 + 140 * j, 700 - 18 * i, row[j]) for j in range(3) for i, row in enumerate(rows2))
    yield Variant(
        kind,
        "table-drawn-by-column",
        paper.page(table).bytes(),
        ("214",),
        lines=("Год 2019 · Запросов 188 · Ответов 64",),
    )


def _letters() -> Iterator[Variant]:
    kind = "14-alphabets"

    def text(lines: Sequence[str], font: str = SANS) -> bytes:
        paper = Paper(Font(font))
        return paper.page(paper.prose(lines)).bytes()

    def changed(lines: Sequence[str], *pairs: tuple[str, str]) -> bytes:
        for old, new in pairs:
            lines = [line.replace(old, new) for line in lines]
        return text(lines)

    yield Variant(kind, "schwa", changed(KAZAKH, ("ә", "ə"), ("Ә", "Ə")), ("әзірлеп", "мәселелері"))
    yield Variant(kind, "schwa-and-i", changed(KAZAKH, ("ә", "ə"), ("і", "i")), ("әзірлеп", "мәселелері", "төрелігі"))
    yield Variant(kind, "latin-o-diaeresis", changed(KAZAKH, ("ө", "ö"), ("ү", "ü")), ("төрелігі", "өткен"))
    yield Variant(kind, "barred-o", changed(KAZAKH, ("ө", "ɵ")), ("төрелігі", "өткен"))
    yield Variant(
        kind, "combining-breve", changed(RU, ("й", "и\u0306"), ("ё", "е\u0308")), ("министерство", "передаётся", "ещё")
    )
    yield Variant(
        kind, "spacing-breve", changed(RU, ("й", "и\u02d8"), ("ё", "е\u00a8")), ("передаётся", "ещё", "хищений")
    )
    yield Variant(
        kind, "breve-first", changed(RU, ("й", "\u02d8и"), ("ё", "\u00a8е")), ("передаётся", "ещё", "хищений")
    )
    yield Variant(
        kind,
        "stress",  # kept in what is shown; searches fold it
        changed(RU, ("активов", "акти\u0301вов"), ("школам", "шко\u0301лам")),
        ("акти\u0301вов", "шко\u0301лам"),
    )
    yield Variant(
        kind,
        "latin-lookalikes-all",
        changed(RU, *zip("асеорхуАВСЕНКМОРТХ", "aceopxyABCEHKMOPTX", strict=True)),
        RU_WORDS,
    )
    yield Variant(kind, "cyrillic-in-english", changed(EN, ("o", "о"), ("a", "а"), ("e", "е")), EN_WORDS)
    yield Variant(kind, "one-cyrillic-in-english", changed(EN, ("c", "с")), ("recovery", "prosecution", "efficient"))
    yield Variant(kind, "ligature-characters", changed(EN, ("fi", "ﬁ"), ("fl", "ﬂ")), ("efficient", "file", "flow"))
    yield Variant(kind, "no-break-spaces", changed(RU, (" ", "\u00a0")), RU_WORDS)
    yield Variant(kind, "zero-width", changed(RU, ("а", "а\u2060")), RU_WORDS)
    yield Variant(
        kind,
        "kyrgyz-with-kazakh",
        text(
            [
                "Жогорку Кеңештин депутаттары өлкөдөгү сот тутумун реформалоо боюнча",
                "мыйзам долбоорун карап чыгышты жана көптөгөн сунуштарды киргизишти.",
            ]
        ),
        ("кеңештин", "өлкөдөгү"),
    )
    yield Variant(
        kind,
        "tajik-times-new-roman-tj",
        text(
            [
                " ".join(TAJIK).translate(str.maketrans("ғқҳҷӣӯ", "ѓќњљїў"))[:70],
                " ".join(TAJIK).translate(str.maketrans("ғқҳҷӣӯ", "ѓќњљїў"))[70:140],
            ]
        ),
        ("якҷоя",),
    )
    yield Variant(
        kind,
        "uzbek-cyrillic",
        text(
            [
                "Адлия вазирлиги қонун лойиҳасини ишлаб чиқди ва жамоатчилик муҳокамасига",
                "тақдим этди. Ўтган йилги натижалар кўриб чиқилди ва ғолиблар тақдирланди.",
            ]
        ),
        ("қонун", "лойиҳасини", "ўтган"),
    )
    yield Variant(
        kind,
        "uzbek-latin",
        text(
            [
                "Adliya vazirligi qonun loyihasini ishlab chiqdi va jamoatchilik muhokamasiga",
                "taqdim etdi. O‘tgan yilgi natijalar ko‘rib chiqildi va g‘oliblar taqdirlandi.",
            ]
        ),
        ("loyihasini", "natijalar"),
    )
    yield Variant(kind, "old-russian-yo", text(RU), RU_WORDS)


def _doubles() -> Iterator[Variant]:
    kind = "15-double-layer"
    paper = Paper()
    yield Variant(
        kind,
        "drawn-twice",
        paper.page(paper.prose(RU) + paper.prose(RU)).bytes(),
        RU_WORDS,
        ("бишкекебишкеке",),
        ("Представители прокуратуры рассказали о расследовании хищений",),
    )
    paper = Paper()
    yield Variant(
        kind,
        "false-bold",
        paper.page(paper.prose(RU) + paper.prose(RU, x=70.4)).bytes(),
        RU_WORDS,
        (),
        ("Представители прокуратуры рассказали о расследовании хищений",),
    )
    paper = Paper()
    shadow = ".7 g " + paper.prose(RU, x=71, top=759) + "0 g " + paper.prose(RU)
    yield Variant(
        kind,
        "shadow",
        paper.page(shadow).bytes(),
        RU_WORDS,
        (),
        ("Представители прокуратуры рассказали о расследовании хищений",),
    )
    bad = [line.replace("и", "").replace("т", "г") for line in RU]
    paper = Paper()
    yield Variant(
        kind,
        "invisible-bad-copy",
        paper.page(paper.prose(bad, before="3 Tr") + paper.prose(RU, before="0 Tr")).bytes(),
        RU_WORDS,
        ("юсгц", "расследован"),
    )
    paper = Paper()
    yield Variant(
        kind,
        "invisible-bad-copy-after",
        paper.page(paper.prose(RU) + paper.prose(bad, before="3 Tr", x=70.5, top=759.5)).bytes(),
        RU_WORDS,
        ("расследован",),
    )
    paper = Paper()
    number = image(paper, picture(RU * 2))
    layer = paper.prose(RU * 2, top=769, step=15.12, x=65, before="3 Tr") + paper.prose(
        [line.replace("и", "н") for line in RU * 2], top=769, step=15.12, x=65, before="3 Tr"
    )
    yield Variant(
        kind, "scan-with-two-layers", paper.page(FULL + layer, "", f"/XObject<</I {number} 0 R>>").bytes(), RU_WORDS, ()
    )
    paper = Paper()
    number = image(paper, picture(RU * 2))
    layer = paper.prose(RU * 2, top=769, step=15.12, x=65, before="3 Tr")
    yield Variant(
        kind,
        "scan-with-its-layer",
        paper.page(FULL + layer, "", f"/XObject<</I {number} 0 R>>").bytes(),
        RU_WORDS,
        (),
        ("Представители прокуратуры рассказали о расследовании хищений",),
    )


def _drawn_by_lot(letters: str, seed: int) -> Callable[[str], str]:
    """A table that tells some letter of these for each one."""
    rng = random.Random(seed)
    told: dict[str, str] = {}
    return lambda c: told.setdefault(c, rng.choice(letters)) if c.isalpha() else c


def _headings() -> Iterator[Variant]:
    latin, cyrillic = "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщыьэюя"
    alphabets = {
        "latin": latin,
        "capitals": latin.upper(),
        "both-cases": latin + latin.upper(),
        "ascii": "".join(map(chr, range(33, 127))),
        "cyrillic": cyrillic,
        "with-digits": latin + "0123456789",
        "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    }
    texts = ["ПОВЕСТКА СЕМИНАРА", "О мерах по возвращению имущества", "Решение коллегии министерства"]
    for i, (name, letters) in enumerate(alphabets.items()):
        for j, text in enumerate(texts):
            paper = Paper(Font(), Font(BOLD, told=_drawn_by_lot(letters, 10 * i + j), shuffle=3))
            content = paper.text(70, 790, text, 16, 1) + paper.prose(RU * 3)
            yield Variant(
                "4-local-fault", f"heading-{name}-{j}", paper.page(content).bytes(), (text.split()[-1].lower(),)
            )


def _spaced_out(paper: Paper, lines: Sequence[str], x: float, width: float, top: float = 760) -> list[str]:
    """Each line, word by word, filled to a width but for the last one."""
    font, drawn = paper.fonts[0], []
    for i, line in enumerate(lines):
        words, at = line.split(), x
        gap = (width - sum(font.width(word, 11) for word in words)) / max(1, len(words) - 1)
        content = ""
        for word in words:
            content += paper.text(round(at, 2), round(top - 14.3 * i, 2), word)
            at += font.width(word, 11) + (gap if i < len(lines) - 1 else 4)
        drawn.append(content)
    return drawn


def _orders() -> Iterator[Variant]:
    left = [
        "Представители суда",
        "рассказали о",
        "расследовании хищений",
        "и о том, как",
        "имущество передаётся",
        "школам",
    ]
    right = ["Министерство", "предложило упростить", "обмен", "запросами между всеми", "ведомствами региона", "за год"]
    wanted = ("рассказали о расследовании хищений и о том, как имущество", "предложило упростить обмен запросами между")
    for gutter in (14, 17, 24):
        paper = Paper()
        columns = _spaced_out(paper, left, 70, 190), _spaced_out(paper, right, 260 + gutter, 190)
        apart = "".join(line for column in columns for line in column)
        yield Variant("13-layout", f"narrow-columns-{gutter}", paper.page(apart).bytes(), lines=wanted)
        paper = Paper()
        across = "".join(a + b for a, b in zip(*columns, strict=True))
        paper.fonts[0].shown("".join(left + right))
        yield Variant("13-layout", f"narrow-columns-{gutter}-across", paper.page(across).bytes(), lines=wanted)
    whole = "Представители прокуратуры рассказали о расследовании хищений и о том, как изъятое имущество"
    paper = Paper()
    lines = paper.prose(RU * 2).splitlines()
    for name, order in {
        "upwards": lines[::-1],
        "every-other": lines[::2] + lines[1::2],
        "by-lot": random.Random(1).sample(lines, len(lines)),
    }.items():
        again = Paper(paper.fonts[0])
        yield Variant("13-layout", f"lines-{name}", again.page("\n".join(order) + "\n").bytes(), lines=(whole,))
    rows = [
        ("Область", "Дела", "Приговоры"),
        ("Чуйская", "214", "97"),
        ("Ошская", "188", "64"),
        ("Нарынская", "53", "21"),
    ]
    for angle, matrix in {
        0: "1 0 0 1 50 0",
        90: "0 1 -1 0 400 100",
        180: "-1 0 0 -1 590 840",
        270: "0 -1 1 0 100 700",
    }.items():
        paper = Paper()
        cells = [
            paper.text(20 + 140 * j, 300 - 18 * i, cell) for i, row in enumerate(rows) for j, cell in enumerate(row)
        ]
        for name, order in {
            "by-column": [cell for j in range(3) for cell in cells[j::3]],
            "by-lot": random.Random(4).sample(cells, len(cells)),
        }.items():
            again = Paper(paper.fonts[0])
            content = again.page(f"q {matrix} cm {''.join(order)} Q\n").bytes()
            yield Variant("11-sideways", f"table-{angle}-{name}", content, lines=("Чуйская · Дела 214 · Приговоры 97",))


def _covers() -> Iterator[Variant]:
    kind, secret = "7-not-shown", "Свидетель Абдуллаев Рустам"

    def page(draw: str, resources: str, *objects: tuple[bytes, str]) -> bytes:
        paper = Paper()
        numbers = [paper.stream(*each) for each in objects]
        line = paper.text(70, 500, secret)
        return paper.page(draw.replace("TEXT", line) + paper.prose(RU), "", resources.format(*numbers)).bytes()

    shading = "<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 595 0]/Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[.1]/N 1>>/Extend[true true]>>"
    form = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
    hide = {"present": ("бишкеке",), "absent": ("абдуллаев", "рустам")}
    pages = {
        "shading": page("TEXT q 60 495 300 20 re W n /S sh Q\n", "/Shading<</S " + shading.replace("{", "{{") + ">>"),
        "box-in-a-form": page("TEXT /X Do\n", "/XObject<</X {} 0 R>>", (b"0 g 60 495 300 20 re f", form)),
        "mask": page(
            "/G gs TEXT /H gs\n",
            "/ExtGState<</G<</SMask<</S/Luminosity/G {} 0 R>>>>/H<</SMask/None>>>>",
            (b"0 g 0 0 595 842 re f", form + "/Group<</S/Transparency/CS/DeviceGray>>"),
        ),
        "squeezed": page("q .001 0 0 1 70 0 cm TEXT Q\n", ""),
        "small": page("q .08 0 0 .08 0 0 cm TEXT Q\n", ""),
    }
    for name, content in pages.items():
        yield Variant(kind, name, content, **hide)
