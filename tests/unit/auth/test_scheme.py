"""The marking scheme: levels by code or by name in either language, in order; a wrong file is refused with words."""

from __future__ import annotations

from pathlib import Path

import pytest

from auth.scheme import DEFAULT, SchemeError, load

LEVEL = '[[level]]\ncode = "{0}"\nrank = {1}\nname_en = "{0}"\nname_ru = "{0}"\ncolour = "#000000"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scheme.toml"


def test_the_default_scheme_has_three_levels_switched_on() -> None:
    assert [level.code for level in load().levels] == ["unclassified", "confidential", "strictly-confidential"]


@pytest.mark.parametrize("name", ["confidential", "Confidential", "CONFIDENTIAL", "Конфиденциально", "конфиденциально"])
def test_a_level_is_known_by_its_code_and_by_its_names(name: str) -> None:
    assert load().rank(name) == 30


@pytest.mark.parametrize("name", ["", "restricted", "secret", "30", "confidential "])
def test_an_unknown_or_switched_off_level_is_refused(name: str) -> None:
    with pytest.raises(SchemeError, match="unclassified, confidential, strictly-confidential"):
        load().rank(name)


def test_a_rank_that_no_level_has_is_shown_as_sealed() -> None:
    assert [load().code(rank) for rank in (10, 20, 30, 2**31 - 1)] == [
        "unclassified",
        "sealed",
        "confidential",
        "sealed",
    ]


def test_levels_stand_in_order_of_rank(file: Path) -> None:
    file.write_text(LEVEL.format("high", 9) + LEVEL.format("low", 1), "utf-8")
    assert [level.code for level in load(file).levels] == ["low", "high"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"level = 5",
        b"[[level]]\n",
        b"not toml",
        b"\xff\xfe",
        LEVEL.format("a", 1).encode() * 2,
        (LEVEL.format("a", 1) + LEVEL.format("b", 1)).encode(),
        (LEVEL.format("a", 1) + LEVEL.format("a", 2)).encode(),
        (LEVEL.format("a", 1) + "enabled = false").encode(),
    ],
)
def test_a_file_that_is_no_scheme_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SchemeError, match="marking scheme"):
        load(file)


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(SchemeError, match="cannot be read"):
        load(file)


def test_the_default_lies_beside_the_code() -> None:
    assert DEFAULT.is_file()
