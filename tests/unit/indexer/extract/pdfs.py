"""Makes small PDFs, sound and unsound, for the tests of this folder."""

import io
import zlib
from collections.abc import Iterable

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)


def written(
    pages: Iterable[Iterable[tuple[float, float, str]]],
    size: tuple[float, float] = A4,
    password: str | None = None,
    font: int = 12,
) -> bytes:
    """A PDF whose pages hold strings at x, y (from the bottom left)."""
    out = io.BytesIO()
    encrypt = StandardEncryption(password, ownerPassword="owner") if password is not None else None
    canvas = Canvas(out, pagesize=size, encrypt=encrypt)
    for page in pages:
        canvas.setFont("Helvetica", font)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def prose(*lines: str, top: float = 780, left: float = 72, step: float = 14) -> list[tuple[float, float, str]]:
    """Lines one under another."""
    return [(left, top - i * step, line) for i, line in enumerate(lines)]


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<<" + extra + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream"


def assembled(*objects: bytes) -> bytes:
    """A PDF of numbered objects, the first its catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return out.getvalue()


def page_with(content: bytes, entries: bytes = b"/MediaBox[0 0 400 300]", *more: bytes) -> bytes:
    """One page with this content stream and a Helvetica named F1; objects 6 and on are `more`."""
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>"
        + entries
        + b">>",
        stream(content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    )


def swelling(megabytes: int) -> bytes:
    """A small file whose page content is `megabytes` long when unpacked."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0" * (1 << 20)) for _ in range(megabytes)) + packer.flush()
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>",
        stream(packed, b"/Filter/FlateDecode"),
    )


def endless(depth: int = 9, width: int = 10) -> bytes:
    """A small file that draws a form which draws ten forms, and so on: width ** depth strokes."""
    forms = []
    for level in range(depth):
        inner = b"/X Do " * width if level < depth - 1 else b"0 0 m 1 1 l S "
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (7 + level)
        forms.append(stream(inner, entries))
    return page_with(b"/X Do", b"/MediaBox[0 0 100 100]", *forms)


def laborious(times: int = 2_000) -> bytes:
    """A small file that computes each point of its page `times` over: it takes many minutes, and hardly any memory."""
    sine = b"{" + b"dup mul sin exch " * 400 + b"dup}"
    function = stream(sine, b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]")
    shading = b"<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1 0 1]/Matrix[400 0 0 300 0 0]/Function 8 0 R>>"
    form = stream(b"/S sh " * times, b"/Type/XObject/Subtype/Form/BBox[0 0 400 300]/Resources<</Shading<</S 7 0 R>>>>")
    return page_with(b"/X Do", b"/MediaBox[0 0 400 300]", form, shading, function)


def nameless(lines: Iterable[bytes], mapping: bytes = b"") -> bytes:
    """A page whose font names no letter, as TeX's bitmap fonts do not: a200 and so on. `mapping` is its ToUnicode."""
    names = b" ".join(b"/a%d" % code for code in range(1, 256))
    glyphs = b" ".join(b"/a%d 6 0 R" % code for code in range(1, 256))
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 10 10]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 1/LastChar 255"
    font += b"/CharProcs<<" + glyphs + b">>/Encoding<</Differences[1 " + names + b"]>>"
    font += b"/Widths[" + b"6 " * 255 + b"]/Resources<<>>" + (b"/ToUnicode 7 0 R" if mapping else b"") + b">>"
    shown = b" T* ".join(b"<" + line.hex().encode() + b"> Tj" for line in lines)
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(b"BT /F1 12 Tf 14 TL 40 300 Td " + shown + b" ET"),
        font,
        stream(b"6 0 0 0 5 7 d1 0 0 5 7 re f"),
        stream(mapping),
    )
