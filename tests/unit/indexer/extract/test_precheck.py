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
