"""A file that is taken away says what it is, under a name that no file system and no eye takes for something else."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from hypothesis import given
from hypothesis import strategies as st

from services.http.filenames import LONGEST, safe


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ({"symbol": "TCE/2024/WS.2/REP/1", "title_ru": "Доклад"}, "TCE-2024-WS.2-REP-1_restricted_en.pdf"),
        ({"title_en": "A report: “on returns”"}, "A report-on returns_restricted_en.pdf"),
        ({"title_ru": "Доклад о возвращении"}, "Доклад о возвращении_restricted_en.pdf"),
        ({"title_en": "../../etc/passwd"}, "etc-passwd_restricted_en.pdf"),
        ({"title_en": "\u202efdp.exe"}, "fdp.exe_restricted_en.pdf"),
        ({"title_en": "CON"}, "CON-_restricted_en.pdf"),
        ({"title_en": "…"}, "document_restricted_en.pdf"),
        ({}, "The committee met in Vienna_restricted_en.pdf"),
    ],
)
def test_a_file_is_called_by_symbol_or_title_level_and_language(tmp_path: Path, about: dict, name: str) -> None:
    components = fresh(tmp_path / "home")
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    paper = take(
        components, pdf("The committee met in Vienna."), label(components, "A", "restricted"), **about
    ).document_id
    components.worker().run()
    given_name = client(components, "ann").get(f"/api/documents/{paper}/file").headers["content-disposition"]
    plain, encoded = given_name.removeprefix("attachment; ").split("; ")
    assert plain == f'filename="{paper}.pdf"'
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == name
    assert given_name.isascii()
    components.close()


@given(st.text())
def test_a_name_is_safe_whatever_the_title(title: str) -> None:
    name = safe(title)
    assert all(character in " .-_" or unicodedata.category(character)[0] in "LNM" for character in name)
    assert not set(name) & set('/\\:*?"<>|\r\n\t\u202e\u2066\u200f')
    assert name == name.strip(" .")
    assert len(name) <= LONGEST + 1
