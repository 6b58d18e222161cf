"""Sentences begin where an operator's rules say; files that cannot be followed are refused whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import agency, fresh, label, pdf, take
from sqlalchemy import select
from typer.testing import CliRunner

from auth.errors import TolmachError
from indexer.library.tables import DocumentRow, MeetingRow, SegmentRow
from indexer.segment.rules import srx
from indexer.segment.rules.kept import NoRulesError
from indexer.segment.sentences import sentence_starts
from services.cli.library.segmenting import segmentation

HEAD = '<srx xmlns="http://www.lisa.org/srx20" version="2.0"><header segmentsubflows="yes" cascade="{cascade}"/><body>'
RULE = '<rule break="{breaks}"><beforebreak>{before}</beforebreak><afterbreak>{after}</afterbreak></rule>'
ABBREVIATION = ("no", r"\bsched\.", r"\s")
HEADING = ("no", r"(?i)^[0-9]+\.[0-9]+\.", r"\s\p{Lu}")
STOP = ("yes", r"[.?!]+", r"\s+\p{Lu}")
SEMICOLON = ("yes", ";", " ")


def file(*rules: tuple[str, str, str], pattern: str = "EN.*", cascade: str = "no", more: str = "") -> bytes:
    written = "".join(RULE.format(breaks=breaks, before=before, after=after) for breaks, before, after in rules)
    named = f'<languagerule languagerulename="R">{written}</languagerule>{more}'
    maps = f'<languagemap languagepattern="{pattern}" languagerulename="R"/>'
    return (
        HEAD.format(cascade=cascade) + f"<languagerules>{named}</languagerules><maprules>{maps}</maprules></body></srx>"
    ).encode()


def cut(content: bytes, text: str, language: srx.Language = "en") -> list[str]:
    starts = srx.splitter(srx.read(content), sentence_starts)(text, language)
    return [text[a:b].strip() for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]


def test_exceptions_stand_before_our_own_rules() -> None:
    text = "It is in sched. Two of it. He left."
    assert cut(file(ABBREVIATION), text) == ["It is in sched. Two of it.", "He left."]
    assert len(cut(file(("no", "x", "y")), text)) == 3


def test_rules_that_break_stand_in_place_of_our_own() -> None:
    text = "It is in sched. Two of it; one. He left."
    assert cut(file(ABBREVIATION, SEMICOLON), text) == ["It is in sched. Two of it;", "one. He left."]
    assert cut(file(ABBREVIATION, SEMICOLON, STOP), text) == ["It is in sched. Two of it;", "one.", "He left."]


def test_the_first_rule_that_fits_decides() -> None:
    text = "See sched. Two."
    assert cut(file(ABBREVIATION, STOP), text) == [text]
    assert cut(file(STOP, ABBREVIATION), text) == ["See sched.", "Two."]


def test_a_rule_may_name_the_place_before_a_space_or_after_it() -> None:
    assert (
        cut(file(("yes", r"\.\s", "")), "One. Two.")
        == cut(file(("yes", r"\.", r"\s")), "One. Two.")
        == ["One.", "Two."]
    )


def test_a_language_without_rules_is_split_by_our_own() -> None:
    text = "Он ушёл; она нет. Все дома."
    assert cut(file(SEMICOLON), text, "ru") == ["Он ушёл; она нет.", "Все дома."]
    assert cut(file(SEMICOLON, pattern=".*"), text, "ru") == ["Он ушёл;", "она нет. Все дома."]


def test_maps_cascade_where_the_file_says_so() -> None:
    rule = RULE.format(breaks="yes", before=";", after=" ")
    more = f'<languagerule languagerulename="S">{rule}</languagerule>'
    both = b'<languagemap languagepattern=".*" languagerulename="S"/></maprules>'

    def with_both(cascade: str) -> bytes:
        return file(STOP, cascade=cascade, more=more).replace(b"</maprules>", both)

    assert cut(with_both("yes"), "One; two. Three.") == ["One;", "two.", "Three."]
    assert cut(with_both("no"), "One; two. Three.") == ["One; two.", "Three."]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<!DOCTYPE srx [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + file(STOP), "xml_entities"),
        (file(STOP)[:-20], "xml_malformed"),
        (file(STOP).replace(b'"2.0"', b'"1.0"'), "srx_version"),
        (b"<tmx/>", "srx_version"),
        (file(STOP, pattern="DE.*"), "srx_languages"),
        (file(), "srx_languages"),
        (file(("yes", r"(?&lt;=a)b", "")), "srx_rule"),
        (file(STOP).replace(b'.*" languagerulename="R"', b'.*" languagerulename="Q"'), "srx_absent"),
        (file(STOP, more=" " * srx.MOST_BYTES), "srx_large"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(TolmachError) as refusal:
        srx.read(content)
    assert refusal.value.code == code


def test_rules_of_a_series_are_followed_when_its_documents_are_read(tmp_path: Path, monkeypatch) -> None:
    """Imported, listed and removed by commands; other series have those for all, and the trail has each act."""
    components = fresh(tmp_path / "home")
    agency(components, "A")
    monkeypatch.setenv("TOLMACH_HOME", str(tmp_path / "home"))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(segmentation, list(arguments), catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    def sentences(text: str, series: str) -> list[str]:
        document = take(components, pdf(text), label(components, "A")).document_id
        with components.database.session() as session:
            session.merge(MeetingRow(code=f"M{series}", series=series))
            session.get_one(DocumentRow, document).meeting = f"M{series}"
        components.worker().run()
        with components.database.reading() as session:
            query = select(SegmentRow.text).where(SegmentRow.document == document).order_by(SegmentRow.ordinal)
            return list(session.scalars(query))

    for name, content in (("all.srx", file(SEMICOLON)), ("own.srx", file(("no", "pl;", " "), SEMICOLON))):
        (tmp_path / name).write_bytes(content)
    run("import", str(tmp_path / "all.srx"))
    run("import", str(tmp_path / "own.srx"), "--series", "Borders")
    assert json.loads(run("list", "--json")) == [
        {"series": "", "name": "all.srx", "rules": {"en": 1}},
        {"series": "Borders", "name": "own.srx", "rules": {"en": 2}},
    ]
    assert sentences("One pl; of two; three.", "Water") == ["One pl;", "of two;", "three."]
    assert sentences("Six pl; of two; three.", "Borders") == ["Six pl; of two;", "three."]
    run("remove", "--series", "Borders")
    assert sentences("Ten pl; of two; three.", "Borders") == ["Ten pl;", "of two;", "three."]
    run("remove")
    assert sentences("Two pl; of two; three.", "Borders") == ["Two pl; of two; three."]
    with pytest.raises(NoRulesError):
        run("remove")
    actions = [entry.action for entry in components.trail.entries()]
    components.close()
    assert (actions.count("import_segmentation"), actions.count("remove_segmentation")) == (2, 2)
