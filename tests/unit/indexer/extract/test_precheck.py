"""The look at a file's first and last bytes."""

import io

import pytest

from indexer.extract.pages import ExtractError
from indexer.extract.precheck import precheck

BODY = b"x" * 9000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello", "not_pdf"),
        (b"x" * 1024 + b"%PDF-1.4" + BODY + b"%%EOF", "not_pdf"),
        (b"%PDF-1.4" + BODY, "truncated"),
        (b"%PDF-1.4 startxref %%EOF" + BODY, "truncated"),
        (b"%PDF-1.4" + BODY + b"%%EOF", None),
        (b"%PDF-1.4" + BODY + b"startxref\n9\n", None),
        (b"x" * 1000 + b"%PDF-1.4" + BODY + b"%%EOF" + b"\n" * 1500, None),
        (b"%PDF-1.4 1 0 obj 2 endobj" + BODY + b"%%EOF" + bytes(5000), None),
        (b"%PDF-1.4 1 0 obj 2 endobj" + BODY + b"%%EOF" + bytes(3 << 20), None),
        (b"%PDF-1.4 1 0 obj 2 endobj" + BODY + b"%%EOF\n-- \nmail gateway " * 400, None),
        (b"%PDF-1.4 1 0 obj 2 endobj %%EOF 2 0 obj<<" + BODY, "truncated"),
        (b"%PDF-1.4 1 0 obj 2 endobj %%EOF" + bytes((1 << 20) - 2) + b"2 0 obj<<" + BODY, "truncated"),
        (b"%PDF-1.4 1 0 obj 2 endobj" + BODY + b"%%EOF" + bytes(17 << 20), "truncated"),
    ],
)
def test_code(content: bytes, code: str | None) -> None:
    file = io.BytesIO(content)
    if code is None:
        precheck(file)
        assert file.tell() == 0
    else:
        with pytest.raises(ExtractError) as caught:
            precheck(file)
        assert caught.value.code == code
