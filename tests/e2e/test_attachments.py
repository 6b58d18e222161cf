"""A registrar takes a file inside a paper in; the reader of both goes from one to the other."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from factories import pdf
from pypdfium2 import PdfDocument
from test_roles import chosen


def test_a_file_inside_a_paper_is_taken_in_and_tied_to_it(somebody: Any, tmp_path: Path) -> None:
    letter = PdfDocument(pdf("A cover letter about the returns of families."))
    letter.new_attachment("annex.pdf").set_data(pdf("An annex with a list of camps and schools."))
    letter.new_attachment("table.csv").set_data(b"a;b")
    saved = io.BytesIO()
    letter.save(saved)
    (tmp_path / "letter.pdf").write_bytes(saved.getvalue())
    page = somebody("marat").page
    chosen(page, "add")
    page.select_option("#add-level", "unclassified")
    page.set_input_files("#files", tmp_path / "letter.pdf")
    page.wait_for_selector(".sending tr:has-text('letter.pdf'):has-text('searchable')")
    page.click(".sending tr:has-text('letter.pdf') a")
    page.click("#act-attachment-2")
    page.click("dialog .button.primary")
    page.wait_for_selector("dialog .said:has-text('Only PDFs')")
    page.press("dialog", "Escape")
    page.wait_for_selector("dialog", state="detached")
    page.click("#act-attachment-1")
    page.click("dialog .button.primary")
    page.wait_for_selector("dialog", state="detached")
    page.click(".handling a:has-text('Taken in')")
    page.wait_for_selector(".reader-head:has-text('Was inside')")
    page.click(".belonging a")
    page.wait_for_selector(".belonging:has-text('Files inside: annex.pdf, table.csv')")
    assert page.locator(".belonging a").all_inner_texts() == ["annex.pdf"]
