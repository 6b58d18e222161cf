"""Each form is read as it is given away, hostile and broken files are refused, and what is written is read again."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from indexer import guarded_xml
from indexer.lexicon.glossary import shipped_terms
from indexer.lexicon.termbase.formats import dictd, dsl, kaikki, registry, skos, tbx, tsv
from indexer.lexicon.termbase.formats.reading import LONGEST_LINE, RefusedEntry, VocabularyFormatError
from indexer.lexicon.termbase.terms import STATUSES, Concept, TermWord, checked, shipped_concept

TBX = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd"><martif type="TBX"><text><body>
<termEntry id="1"><descrip type="subjectField">border</descrip><note>A note.</note><admin type="source">Treaty</admin>
<langSet xml:lang="en-GB"><tig><term>border post</term>
<termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig></langSet>
<langSet xml:lang="de"><tig><term>Grenzposten</term></tig></langSet>
<langSet xml:lang="ru"><ntig><termGrp><term>пограничный пост</term></termGrp></ntig></langSet></termEntry>
<termEntry id="2"><langSet xml:lang="en"><tig><term>alone</term></tig></langSet></termEntry>
</body></text></martif>"""
SKOS = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
<rdf:Description rdf:about="http://x/1"><skos:prefLabel xml:lang="en">structural steel</skos:prefLabel>
<skos:prefLabel xml:lang="ru">Конструкционная сталь</skos:prefLabel><skos:altLabel xml:lang="fr">acier</skos:altLabel>
<skos:altLabel xml:lang="en">steel beams</skos:altLabel></rdf:Description>
<skos:Concept rdf:about="http://x/2"><skos:prefLabel xml:lang="en">alone</skos:prefLabel></skos:Concept>
<skos:ConceptScheme rdf:about="http://x"/></rdf:RDF>"""
DSL = """#NAME "Test"
#INDEX_LANGUAGE "English"
#CONTENTS_LANGUAGE "Russian"

border
\t[m1]1. [trn]граница, рубеж[/trn][/m]
\t[m1]2. [p]амер.[/p] [trn][i]край[/i]; [com](редко)[/com] кайма[/trn] [ex]border on — граничить с[/ex][/m]
alone
colour
color
\t[m1]цвет[/m]
odd
\t[m1]no translation[/m]
"""
KAIKKI = [
    {"word": "border", "lang_code": "en", "pos": "noun", "translations": [
        {"lang_code": "ru", "word": "грани́ца", "sense": "line"}, {"code": "ru", "word": "край", "sense": "edge"},
        {"lang_code": "de", "word": "Grenze", "sense": "line"}]},
    {"word": "граница", "lang_code": "ru", "pos": "noun", "senses": [
        {"glosses": ["border, frontier"]}, {"glosses": ["a limit of a very long kind indeed, bound"]}]},
    {"word": "Grenze", "lang_code": "de", "pos": "noun", "senses": [{"glosses": ["border"]}]},
    {"word": "alone", "lang_code": "en"},
]  # fmt: skip


def stream(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


def words(concept: Concept | RefusedEntry) -> list[tuple[str, int]]:
    """Its words after the first, with their senses."""
    assert isinstance(concept, Concept)
    return [(word.text, word.sense) for word in concept.words[1:]]


def test_tbx_of_both_editions() -> None:
    concept, refused = tbx.read(stream(TBX))
    assert concept == Concept(
        (TermWord("en", "border post", "admitted"), TermWord("ru", "пограничный пост")),
        "border",
        source="Treaty",
        note="A note.",
    )
    assert refused == RefusedEntry("entry 2", "term_one_language")


def test_skos() -> None:
    concept, refused = skos.read(stream(SKOS))
    assert isinstance(concept, Concept)
    assert [(word.text, word.status) for word in concept.words] == [
        ("structural steel", "preferred"),
        ("Конструкционная сталь", "preferred"),
        ("steel beams", "admitted"),
    ]
    assert refused == RefusedEntry("entry 2", "term_one_language")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_dsl(encoding: str) -> None:
    *good, odd = dsl.read(stream(DSL, encoding))
    assert [each.words[0].text for each in good if isinstance(each, Concept)] == ["border", "alone", "colour", "color"]
    assert words(good[0]) == [("граница", 1), ("рубеж", 1), ("край", 2), ("кайма", 3)]
    assert words(good[2]) == words(good[3]) == [("цвет", 1)]
    assert odd == RefusedEntry("line 12", "no_translation")


def test_dictd(tmp_path: Path) -> None:
    texts = ["00-database-info\nAbout", "border /ˈbɔːdə/\n1. граница, рубеж\n2. край; кайма", "odd\nnothing"]
    content, index = b"", ""
    for text in texts:
        place, length = (_number(each) for each in (len(content), len(text.encode())))
        index += f"{text.partition(' ')[0].splitlines()[0]}\t{place}\t{length}\n"
        content += text.encode()
    (tmp_path / "x.dict.dz").write_bytes(gzip.compress(content))
    (tmp_path / "x.index").write_text(index + "broken\tA\n" + "far\t////\t////\n", encoding="utf-8")
    read = registry.reader("dictionary", "dictd", tmp_path / "x.index")
    with (tmp_path / "x.index").open("rb") as file:
        border, odd, broken, far = read(file)
    assert words(border) == [("граница", 1), ("рубеж", 1), ("край", 2), ("кайма", 3)]
    assert odd == RefusedEntry("line 3", "no_translation")
    assert (broken, far) == (RefusedEntry("line 4", "line"), RefusedEntry("line 5", "line"))


def _number(value: int) -> str:
    digits = {number: digit for digit, number in dictd._DIGITS.items()}
    return (digits[value // 64] if value > 63 else "") + digits[value % 64]


def test_kaikki() -> None:
    lines = [json.dumps(each, ensure_ascii=False) for each in KAIKKI] + ["{", "[]", '{"senses": 3, "lang_code": "ru"}']
    border, russian, *refused = kaikki.read(stream("\n".join(lines)))
    assert words(border) == [("граница", 1), ("край", 2)]
    assert words(russian) == [("border", 1), ("frontier", 1), ("bound", 2)]
    assert refused == [RefusedEntry(f"line {number}", "line") for number in (5, 6, 7)]


def test_a_dictionary_as_a_table() -> None:
    table = "return\tn\tвозвращение,возврат;отчёт\tlaw\t\nborder\tграница; край\nodd\todd\n\n"
    table += "detain\tv\tзадерживать|задержать\n"
    first, second, refused, third = tsv.read_dictionary(stream(table))
    assert words(first) == [("возвращение", 1), ("возврат", 1), ("отчёт", 2)]
    assert words(second) == [("граница", 1), ("край", 2)]
    assert words(third) == [("задерживать", 1), ("задержать", 1)]
    assert refused == RefusedEntry("line 3", "no_translation")


@pytest.mark.parametrize("head", ["", "english\trussian", "en\tru\tcolour"])
def test_a_table_of_terms_names_its_columns(head: str) -> None:
    with pytest.raises(VocabularyFormatError):
        list(tsv.read_terms(stream(f"{head}\na\tб\n")))


def test_lines_that_cannot_be_read_are_named() -> None:
    rows = (
        b"en\tru\n\xff\xfe\ta\n"
        + b"a" * (LONGEST_LINE + 10)
        + b"\nsteel\t\xd1\x81\xd1\x82\xd0\xb0\xd0\xbb\xd1\x8c\na\tb\tc\n"
    )
    *refused, steel, more = tsv.read_terms(io.BytesIO(rows))
    assert refused == [RefusedEntry("line 2", "line"), RefusedEntry("line 3", "line")]
    assert words(steel) == [("сталь", 1)] and more == RefusedEntry("line 5", "line")


@pytest.mark.parametrize(
    ("hostile", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY x "y">]><a><conceptEntry>&x;</conceptEntry></a>', "xml_entities"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_entities"),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><a/>', "xml_entities"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a><conceptEntry>&x;</conceptEntry></a>', "xml_entities"),
        ("<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>", "xml_entities"),
        ("<conceptEntry>" * (guarded_xml.DEEPEST + 1), "xml_too_deep"),
        (f"<a><conceptEntry>{'x' * (guarded_xml.LARGEST_ENTRY + 1)}</conceptEntry></a>", "xml_too_large"),
        ("<a><conceptEntry>", "xml_malformed"),
        ("no xml", "xml_malformed"),
        ("", "xml_malformed"),
    ],
)
def test_hostile_xml_is_refused_as_a_whole(hostile: str, code: str) -> None:
    for read in (tbx.read, skos.read):
        if read is skos.read:
            hostile = hostile.replace("conceptEntry", "Concept")
        with pytest.raises(guarded_xml.XmlError) as refusal:
            list(read(stream(hostile)))
        assert refusal.value.code == code


def drawn(count: int) -> list[Concept]:
    """Concepts with every status, several words, notes and characters that XML writes otherwise."""
    chance = random.Random(5)
    shipped = [shipped_concept(term) for term in shipped_terms()]
    concepts = []
    for at in range(count):
        concept = shipped[at % len(shipped)]
        more = tuple(
            TermWord(language, f"{chance.choice(concept.of(language)).text} <{at}> & {word}", chance.choice(STATUSES))
            for language, word in (("en", "post's"), ("ru", "«пост»"))
        )
        concepts.append(
            checked(Concept((*concept.of("en"), more[0], *concept.of("ru"), more[1]), "a < b", "n", "&", "“x”"))
        )
    return concepts


@pytest.mark.parametrize("form", ["tbx", "tsv"])
def test_what_was_written_is_read_again_whole(form: str) -> None:
    concepts = drawn(2_000)
    written = "".join(registry.WRITTEN[form]((concept, "restricted // ALL") for concept in concepts))
    assert list(registry.TERMS[form](stream(written))) == concepts
    assert written.count("restricted // ALL") == len(concepts)


def test_skos_keeps_words_and_notes_and_knows_nothing_forbidden() -> None:
    concepts = drawn(50)
    written = "".join(skos.written((concept, "") for concept in concepts))

    def shape(of: Iterable[object]) -> list[object]:
        return [({(w.language, w.text) for w in each.words}, each.note, each.domain) for each in of]  # type: ignore[attr-defined]

    assert shape(skos.read(stream(written))) == shape(concepts)


def test_a_form_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for kind, form in (("terms", "dsl"), ("dictionary", "tbx"), ("terms", "")):
        with pytest.raises(VocabularyFormatError):
            registry.reader(kind, form)  # type: ignore[arg-type]
    with pytest.raises(VocabularyFormatError):
        registry.reader("dictionary", "dictd", tmp_path / "x.index")
    assert registry.form_of(Path("a/X.TBX")) == "tbx" and registry.form_of(Path("x.pdf")) == ""
