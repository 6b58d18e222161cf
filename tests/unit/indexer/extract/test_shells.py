"""Pages that say only which program would show a document are not its text; files inside it are named."""

import io

import pytest
from pypdfium2 import PdfDocument
from reportlab.pdfgen import canvas

from indexer.extract.pages import ExtractError
from indexer.extract.reader import Reader

PLEASE_WAIT = ["Please wait... If this message is not eventually replaced by the proper", "contents of the document"]
PORTFOLIO = ["For the best experience, open this PDF portfolio in", "Acrobat X or Adobe Reader X, or later."]


def pdf_of(*pages: list[str], **files: bytes) -> io.BytesIO:
    out = io.BytesIO()
    paper = canvas.Canvas(out, invariant=1)
    for lines in pages:
        for at, line in enumerate(lines):
            paper.drawString(72, 700 - 16 * at, line)
        paper.showPage()
    paper.save()
    document = PdfDocument(out.getvalue())
    for name, content in files.items():
        document.new_attachment(f"{name}.pdf").set_data(content)
    saved = io.BytesIO()
    document.save(saved)
    return saved


@pytest.fixture(scope="module")
def reader():
    with Reader() as opened:
        yield opened


LATER = ["To view the full contents of this document, you need a later version of the PDF viewer."]
PACKAGE = ["This is a PDF Package. To view its contents, open it in Adobe Reader 8 or later."]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (PLEASE_WAIT, "xfa_form"),
        (LATER, "xfa_form"),
        (["The document you are trying to load requires Adobe Reader 8 or higher."], "xfa_form"),
        (PORTFOLIO, "portfolio"),
        (PACKAGE, "portfolio"),
        (["To view this PDF portfolio, you need Adobe Reader 9 or later."], "portfolio"),
        (["Multiple files are bound together in this PDF Package.", "Adobe recommends version 8."], "portfolio"),
        (["This file is protected.", "You need a different reader that supports this protection."], "encrypted"),
    ],
)
def test_a_shell_is_refused_by_its_name(reader, lines, code):
    with pytest.raises(ExtractError) as error:
        reader.pages(pdf_of(lines))
    assert error.value.code == code


def test_of_a_document_with_a_shell_the_rest_is_read(reader):
    pages = reader.pages(pdf_of(PORTFOLIO, ["The meeting is opened."]))
    assert [[line.text for line in page.lines] for page in pages] == [[], ["The meeting is opened."]]


def test_a_page_that_speaks_of_such_words_is_no_shell(reader):
    speaks = [*PLEASE_WAIT, *(f"Line {at} of a manual that explains this message to its readers." for at in range(30))]
    (page,) = reader.pages(pdf_of(speaks))
    assert len(page.lines) == 32


def test_files_inside_are_named(reader):
    file = pdf_of(["A cover letter."], annex=b"%PDF-", list=b"x")
    assert reader.attachments(file) == ("annex.pdf", "list.pdf")
    assert reader.attachments(pdf_of(["A letter."])) == ()
