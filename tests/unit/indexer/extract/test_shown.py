"""What a page shows is read; what it hides is told apart, and what is not on it is left out."""

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from indexer.extract.pages import LineKind, PageText, as_shown
from indexer.extract.reader import Reader
from indexer.segment.segments import segment

sys.path.insert(0, str(Path(__file__).parent))
import pdfs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

TEXT = b"BT /F1 12 Tf 20 200 Td (secret words) Tj ET "
SEEN = b"0 g BT /F1 12 Tf 20 100 Td (plain words) Tj ET "
PICTURE = pdfs.stream(
    b"\x80" * 16, b"/Type/XObject/Subtype/Image/Width 4/Height 4/BitsPerComponent 8/ColorSpace/DeviceGray"
)


def read(reader: Reader, content: bytes, entries: bytes = b"/MediaBox[0 0 400 300]", *more: bytes) -> PageText:
    (page,) = reader.pages(io.BytesIO(pdfs.page_with(content, entries, *more)))
    return page


def texts(page: PageText) -> list[str]:
    return [line.text for line in page.lines]


def kinds(page: PageText) -> set[LineKind]:
    return {line.kind for line in page.hidden}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (TEXT + b"0 g 10 190 150 25 re f ", LineKind.COVERED),
        (TEXT + b"1 g 10 190 150 25 re f ", LineKind.COVERED),
        (b"q 1 0 0 1 0 0 cm " + TEXT + b"Q .5 g 15 195 100 20 re f ", LineKind.COVERED),
        (TEXT + b"q 120 0 0 30 10 190 cm /X Do Q ", LineKind.COVERED),
        (b"1 g " + TEXT, LineKind.INVISIBLE),
        (b".99 .99 .99 rg " + TEXT, LineKind.INVISIBLE),
        (b"0 .2 0 0 k 0 0 0 0 k " + TEXT, LineKind.INVISIBLE),
        (b"3 Tr " + TEXT + b"0 Tr ", LineKind.INVISIBLE),
        (TEXT.replace(b"12 Tf", b".5 Tf"), LineKind.INVISIBLE),
        (b".2 .3 .6 rg 10 190 150 25 re f " + TEXT, LineKind.INVISIBLE),
        (b"0 g 10 190 150 25 re f " + TEXT, LineKind.INVISIBLE),
        (TEXT + b"16 w 10 204 m 150 204 l S ", LineKind.COVERED),
        (b"q 60 20 10 10 re W n " + TEXT + b"Q ", LineKind.COVERED),
        (b"q 0 0 400 300 re W n 0 0 300 150 re W n " + TEXT + b"Q ", LineKind.COVERED),
        (TEXT.replace(b"12 Tf", b".9 Tf"), LineKind.INVISIBLE),
        (b"q .001 0 0 1 0 0 cm " + TEXT + b"Q ", LineKind.INVISIBLE),
        (b"1 Tz " + TEXT + b"100 Tz ", LineKind.INVISIBLE),
        (b"q .5 0 0 .5 0 0 cm 0 0 800 250 re W n 2 0 0 2 0 0 cm " + TEXT + b"Q ", LineKind.COVERED),
    ],
)
def test_covered_and_invisible_text_is_told_apart(reader, content, kind):
    page = read(reader, content + SEEN, b"/MediaBox[0 0 400 300]", PICTURE)
    assert texts(page) == ["plain words"]
    assert [(line.kind, line.text) for line in page.hidden] == [(kind, "secret words")]


@pytest.mark.parametrize(
    "content",
    [
        b"0 g 10 190 150 25 re f 1 g " + TEXT,  # white on black
        b".9 g 10 190 150 25 re f 0 g " + TEXT,  # on a coloured ground
        TEXT + b"0 g 10 190 150 1 re f ",  # underlined
        TEXT + b"10 190 150 25 re S ",  # framed
        TEXT + b"0 g 10 180 m 300 180 l 300 290 l 290 290 l 290 190 l 10 190 l f ",  # a shape that goes round it
        b"q 300 0 0 200 10 90 cm /X Do Q 3 Tr " + TEXT + b"0 Tr ",  # a scan's own layer
        TEXT + b"q 400 0 0 300 0 0 cm /X Do Q ",  # the same, drawn first
        b"q 0 0 400 300 re W n " + TEXT + b"Q ",  # clipped to the page
        b"q 10 196 150 16 re W n " + TEXT + b"Q ",  # clipped closely
    ],
)
def test_what_makes_a_mark_is_read(reader, content):
    page = read(reader, content + SEEN, b"/MediaBox[0 0 400 300]", PICTURE)
    assert texts(page) == ["secret words", "plain words"]
    assert page.hidden == ()


def test_a_part_of_a_line_may_be_covered(reader):
    page = read(reader, TEXT + b"0 g 58 190 100 25 re f ")
    assert texts(page) == ["secret"]
    assert [line.text for line in page.hidden] == ["words"]
    assert page.hidden[0].words[0][0] > page.lines[0].words[0][1]


@pytest.mark.parametrize(
    ("clip", "entries"),
    [
        (b"0 190 57 30", b"/MediaBox[0 0 400 300]"),
        (b"0 190 57 30", b"/MediaBox[0 0 400 300]/Rotate 90"),
        (b"0 190 57 30", b"/MediaBox[0 0 400 300]/CropBox[10 40 370 300]"),
    ],
)
def test_a_part_of_a_line_may_be_clipped(reader, clip, entries):
    page = read(reader, b"q " + clip + b" re W n " + TEXT + b"Q ", entries)
    assert texts(page) == ["secret"]
    assert [(line.kind, line.text) for line in page.hidden] == [(LineKind.COVERED, "words")]


def test_an_annotation_covers(reader):
    black = b"<</Type/XObject/Subtype/Form/BBox[0 0 150 25]/Length 25>>stream\n0 g 0 0 150 25 re f      \nendstream"
    square = b"<</Type/Annot/Subtype/Square/Rect[10 190 160 215]/IC[0 0 0]/F 4/AP<</N 6 0 R>>>>"
    page = read(reader, TEXT + SEEN, b"/MediaBox[0 0 400 300]/Annots[7 0 R]", black, square)
    assert texts(page) == ["plain words"]
    assert [line.kind for line in page.hidden] == [LineKind.COVERED]


def test_text_outside_the_page_is_left_out(reader):
    outside = [
        TEXT.replace(b"20 200", place)
        for place in (b"20 -50", b"20 350", b"420 200", b"-200 200", b"20 20", b"380 250")
    ]
    page = read(reader, b"".join(outside) + SEEN, b"/MediaBox[0 0 400 300]/CropBox[0 40 370 300]")
    assert (texts(page), kinds(page)) == (["plain words"], {LineKind.ABSENT})


@pytest.mark.parametrize("marked", [True, False])
def test_a_layer_that_is_off_is_left_out_and_one_that_is_on_is_read(reader, marked):
    layers = [b"<</Type/OCG/Name(%s)>>" % name for name in (b"off", b"on")]
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 400 300]/Resources<</Font<</F1 5 0 R>>>>/OC %d 0 R"
    shown = TEXT.replace(b"secret", b"layered").replace(b"20 200", b"20 150")
    if marked:
        content = b"/OC /off BDC " + TEXT + b"EMC /OC /on BDC " + shown + b"EMC " + SEEN
    else:
        content = b"/A Do /B Do " + SEEN
    pdf = pdfs.assembled(
        b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R 7 0 R]/D<</OFF[6 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 400 300]/Resources<</Font<</F1 5 0 R>>"
        b"/Properties<</off 6 0 R/on 7 0 R>>/XObject<</A 8 0 R/B 9 0 R>>>>>>",
        pdfs.stream(content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *layers,
        pdfs.stream(TEXT, form % 6),
        pdfs.stream(shown, form % 7),
    )
    (page,) = reader.pages(io.BytesIO(pdf))
    assert (texts(page), kinds(page)) == (["layered words", "plain words"], {LineKind.ABSENT})


def test_two_layers_of_the_same_text_are_one(reader):
    page = read(reader, SEEN + b"3 Tr " + SEEN.replace(b"plain words", b"plaln wonds"))
    assert (texts(page), page.hidden) == (["plain words"], ())


@pytest.mark.parametrize("matrix", [b"0 1 -1 0 200 50", b"0 -1 1 0 200 250", b"-1 0 0 -1 300 150"])
def test_turned_text_reads_along_its_own_direction_and_is_found_where_it_stands(reader, matrix):
    content = b"BT /F1 12 Tf " + matrix + b" Tm 14 TL (first line) Tj T* (second line) Tj ET"
    for rotate in (0, 90, 180, 270):
        page = read(reader, content, b"/MediaBox[0 0 400 300]/Rotate %d" % rotate)
        first, second = sorted(page.lines, key=lambda line: line.text)
        assert first.turn == second.turn
        assert second.box[1] == pytest.approx(first.box[1] + 14, abs=0.1)
        assert first.words[0][1] < first.words[1][0]
        box = as_shown(first.box, first.turn, (page.width, page.height))
        assert 0 <= box[0] < box[2] <= page.width
        assert 0 <= box[1] < box[3] <= page.height


def form(*annotations: bytes) -> bytes:
    kids = b" ".join(b"%d 0 R" % (6 + i) for i in range(len(annotations)))
    return pdfs.assembled(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[" + kids + b"]/NeedAppearances true/DR<</Font<</F1 5 0 R>>>>"
        b"/DA(/F1 12 Tf 0 g)>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 400 300]/Resources<</Font<</F1 5 0 R>>>>/Annots["
        + kids
        + b"]>>",
        pdfs.stream(b"BT /F1 12 Tf 20 200 Td (Name:) Tj 0 -60 Td (Signed) Tj ET"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *annotations,
    )


FIELD = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(Salima Akhmetova)/DA(/F1 12 Tf 0 g)/Rect[80 195 300 215]/F 4>>"
NOTE = b"<</Type/Annot/Subtype/FreeText/Contents(Seen by\nthe registrar)/DA(/F1 9 Tf)/Rect[80 80 200 110]/F 4>>"


def test_what_is_filled_in_and_pinned_to_a_page_is_read(reader):
    (page,) = reader.pages(io.BytesIO(form(FIELD, NOTE, FIELD.replace(b"/F 4", b"/F 2").replace(b"Salima", b"Hidden"))))
    assert texts(page) == ["Name:", "Salima Akhmetova", "Signed", "Seen by", "the registrar"]
    assert [line.kind.name for line in page.lines] == ["SHOWN", "FIELD", "SHOWN", "NOTE", "NOTE"]
    name, value = page.lines[:2]
    assert value.box[0] == pytest.approx(80) and value.words[1][1] <= 300
    assert value.box[1] < name.box[3] and name.box[1] < value.box[3]


CHOICE = b"<</Type/Annot/Subtype/Widget/FT/Ch/T(b)/V(y)/I[1]/DA(/F1 12 Tf)/Rect[80 160 200 180]/F 4"
CHOICE += b"/Opt[[(x)(Osh)][(y)(Naryn)]]>>"
SECRET = b"<</Type/Annot/Subtype/Widget/FT/Tx/Ff 8192/T(c)/V(Swordfish)/DA(/F1 12 Tf)/Rect[80 20 200 40]/F 4>>"
REMARK = b"<</Type/Annot/Subtype/Text/Contents(Check the name)/Rect[300 20 320 40]/F 4>>"


def test_choices_are_read_as_they_are_shown_remarks_are_read_and_passwords_are_not(reader):
    (page,) = reader.pages(io.BytesIO(form(CHOICE, SECRET, REMARK)))
    assert texts(page) == ["Name:", "Naryn", "Signed", "Check the name"]


def test_what_the_look_of_a_stamp_or_a_signature_says_is_read(reader):
    look = pdfs.stream(
        b"BT /F1 10 Tf 2 5 Td (Approved by Esenova) Tj ET",
        b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>",
    )
    stamp = b"<</Type/Annot/Subtype/Stamp/Rect[80 20 280 40]/F 4/AP<</N 8 0 R>>>>"
    sign = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[80 60 280 80]/F 4/AP<</N 8 0 R>>>>"
    (page,) = reader.pages(io.BytesIO(form(stamp, sign, look)))
    assert texts(page) == ["Name:", "Signed", "Approved by Esenova", "Approved by Esenova"]
    assert {line.kind.name for line in page.lines[2:]} == {"NOTE", "FIELD"}


def test_what_is_filled_in_is_drawn(drawer):
    def ink(content: bytes) -> int:
        picture = Image.open(io.BytesIO(drawer.draw(io.BytesIO(content), 1, 400))).convert("L")
        return sum(picture.crop((80, 85, 300, 105)).histogram()[:100])

    assert ink(form(FIELD)) > ink(form(FIELD.replace(b"Salima Akhmetova", b""))) + 50


def test_the_share_of_pictures_is_told(reader):
    page = read(reader, b"q 400 0 0 150 0 0 cm /X Do Q " + TEXT, b"/MediaBox[0 0 400 300]", PICTURE)
    assert page.picture == pytest.approx(50, abs=5)
    assert read(reader, TEXT).picture == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"(encryption) Tj /F1 7 Tf 4 Ts (12) Tj", ["encryption", "12"]),
        (b"(so it is.) Tj /F1 7 Tf 4 Ts (1) Tj", ["so", "it", "is.", "1"]),
        (b"(covid19 A4) Tj", ["covid19", "A4"]),
        (b"(m) Tj /F1 7 Tf 4 Ts (2) Tj", ["m2"]),
    ],
)
def test_the_small_number_of_a_note_is_a_word_of_its_own(reader, content, words):
    page = read(reader, b"BT /F1 12 Tf 20 200 Td " + content + b" ET")
    assert " ".join(texts(page)).split() == words


MARKED = (
    b"BT /F1 12 Tf 14 TL 20 200 Td (The fund shall be) Tj T* (audited each year.) Tj T* (It reports in May.) Tj ET "
)


@pytest.mark.parametrize("kind", [b"Highlight", b"Underline", b"StrikeOut", b"Squiggly", b"Caret"])
def test_a_remark_on_words_is_read_and_tears_no_sentence(reader, kind):
    remark = b"<</Type/Annot/Subtype/" + kind + b"/Contents(Ask\nthe treasury)/Rect[20 196 100 211]/F 4>>"
    page = read(reader, MARKED, b"/MediaBox[0 0 400 300]/Annots[6 0 R]", remark)
    assert [line.text for line in page.lines if line.kind is LineKind.NOTE] == ["Ask the treasury"]
    sentences = segment([page])
    assert [part.text for part in sentences] == [
        "The fund shall be audited each year.",
        "It reports in May.",
        "Ask the treasury",
    ]
    assert [part.marks for part in sentences] == [(), (), ("note",)]


def test_a_remark_that_repeats_the_words_it_marks_is_left_out(reader):
    remark = b"<</Type/Annot/Subtype/Highlight/Contents(be\naudited each)/Rect[20 182 100 211]/F 4>>"
    page = read(reader, MARKED, b"/MediaBox[0 0 400 300]/Annots[6 0 R]", remark)
    assert texts(page) == ["The fund shall be", "audited each year.", "It reports in May."]


BLACK = pdfs.stream(b"0 g 0 0 160 30 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 160 30]")


@pytest.mark.parametrize("kind", [b"Stamp", b"FreeText", b"Square"])
def test_what_a_stamp_covers_is_not_read_as_its_text(reader, kind):
    note = b"<</Type/Annot/Subtype/" + kind + b"/Rect[15 190 175 220]/F 4/AP<</N 6 0 R>>>>"
    page = read(reader, TEXT + SEEN, b"/MediaBox[0 0 400 300]/Annots[7 0 R]", BLACK, note)
    assert texts(page) == ["plain words"]
    assert kinds(page) == {LineKind.COVERED}


def test_a_shading_covers_and_a_mask_hides(reader):
    shading = (
        b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 400 0]/Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[.1]"
        b"/N 1>>/Extend[true true]>>"
    )
    resources = b"/MediaBox[0 0 400 300]"
    covered = pdfs.page_with(TEXT + b"q 10 190 150 25 re W n /S sh Q " + SEEN, resources, shading)
    mask = pdfs.stream(
        b"0 g 0 0 400 300 re f",
        b"/Type/XObject/Subtype/Form/BBox[0 0 400 300]/Group<</S/Transparency/CS/DeviceGray>>",
    )
    masked = pdfs.page_with(b"q /G gs " + TEXT + b"Q " + SEEN, resources, mask)
    for content, more in (
        (covered, b"/Shading<</S 6 0 R>>"),
        (masked, b"/ExtGState<</G<</SMask<</S/Luminosity/G 6 0 R>>>>>>"),
    ):
        (page,) = reader.pages(io.BytesIO(content.replace(b"/XObject<</X 6 0 R>>", more)))
        assert texts(page) == ["plain words"]
        assert [line.text for line in page.hidden] == ["secret words"]


def test_words_across_the_page_are_lines_of_their_own(reader):
    across = b"q 0 1 -1 0 300 40 cm BT /F1 12 Tf 0 0 Td (Region) Tj 90 0 Td (Cases) Tj ET Q "
    page = read(reader, SEEN + across)
    assert [(line.text, line.turn) for line in page.lines if not line.turn] == [("plain words", 0)]
    assert " ".join(line.text for line in page.lines if line.turn).split() == ["Region", "Cases"]
