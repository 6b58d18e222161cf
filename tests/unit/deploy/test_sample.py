"""The sample corpus is what the demonstration promises: enough papers, in both languages, with sound labels."""

import csv
import re
import tomllib
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from deploy.sample.source import SourceError, read_paper, read_papers

SAMPLE = Path(__file__).parents[3] / "deploy" / "sample"
COLUMNS = (
    "file,originator,level,releasable_to,need_to_know,language,title_en,title_ru,date,kind,symbol,meeting,body,"
    "countries,keywords,translation_of"
)
LEVELS = ["unclassified", "restricted", "confidential", "strictly-confidential"]
KINDS = {"agenda", "statement", "report", "recommendations", "resolution", "other"}
WORDS = {"returnees", "finance", "courts"}
NOTICE = {"en": "Fictional sample", "ru": "Вымышленный образец"}
PAGE = {"en": "page {}", "ru": "стр. {}"}


@cache
def manifest():
    with (SAMPLE / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def sample():
    return tomllib.loads((SAMPLE / "sample.toml").read_text("utf-8"))


@cache
def pages(file):
    """The text of each page of a PDF, as it comes out."""
    document = pypdfium2.PdfDocument(SAMPLE / file)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def agencies():
    return {agency["code"]: agency for agency in sample()["agency"]}


def satisfied(expression, words):
    """Whether the words satisfy an expression that has only & or only |."""
    if not expression:
        return True
    if "|" in expression:
        return bool(words & set(expression.split("|")))
    return set(expression.split("&")) <= words


def may_read(person, row):
    ceiling = agencies()[person["agency"]]["ceiling"]
    limit = min(LEVELS.index(person["clearance"]), LEVELS.index(ceiling))
    readers = (row["releasable_to"] or row["originator"]).split(",")
    return (
        LEVELS.index(row["level"]) <= limit
        and (readers == ["ALL"] or person["agency"] in readers)
        and satisfied(row["need_to_know"], set(person["need_to_know"]))
    )


def readable(username):
    person = next(person for person in sample()["person"] if person["username"] == username)
    return [row for row in manifest() if may_read(person, row)]


every_row = pytest.mark.parametrize("row", manifest(), ids=lambda row: row["file"])


def test_manifest_has_the_promised_columns():
    assert (SAMPLE / "manifest.csv").read_text("utf-8").splitlines()[0] == COLUMNS


def test_manifest_names_every_pdf_once():
    named = [row["file"] for row in manifest()]
    assert sorted(named) == sorted(f"pdf/{path.name}" for path in (SAMPLE / "pdf").iterdir())


def test_there_is_enough_of_everything():
    rows = manifest()
    assert len(rows) >= 26
    assert {row["kind"] for row in rows} == KINDS
    assert {row["level"] for row in rows} == set(LEVELS)
    assert {row["originator"] for row in rows} == set(agencies())
    assert len(agencies()) >= 6
    assert len({row["meeting"] for row in rows}) >= 4
    assert min(Counter(row["language"] for row in rows).values()) >= 12
    assert {row["date"][:4] for row in rows} >= {"2021", "2022", "2023", "2024", "2025"}


def test_labels_make_a_good_mix():
    released = [row["releasable_to"] for row in manifest()]
    assert "ALL" in released
    assert "" in released
    assert any("," in readers for readers in released)
    expressions = {row["need_to_know"] for row in manifest()}
    assert {"returnees&finance", "returnees|courts"} <= expressions


def test_pairs_are_one_paper_in_two_languages():
    rows = {row["file"]: row for row in manifest()}
    pairs = [(row, rows[row["translation_of"]]) for row in rows.values() if row["translation_of"]]
    assert len(pairs) >= 7
    same = set(COLUMNS.split(",")) - {"file", "language", "keywords", "translation_of"}
    for one, source in pairs:
        assert {one["language"], source["language"]} == {"en", "ru"}
        assert not source["translation_of"]
        assert {name: one[name] for name in same} == {name: source[name] for name in same}


def test_pairs_have_the_same_blocks_in_the_same_order():
    papers = {paper.name: paper for paper in read_papers(SAMPLE / "texts")}
    for paper in papers.values():
        if source := papers.get(paper.facts["translation_of"]):
            shape = [(block.kind, block.mark, len(block.rows)) for block in paper.blocks]
            assert shape == [(block.kind, block.mark, len(block.rows)) for block in source.blocks], paper.name


@every_row
def test_codes_and_titles_of_a_row_exist(row):
    assert row["meeting"] in {meeting["code"] for meeting in sample()["meeting"]}
    assert row["originator"] in agencies()
    readers = row["releasable_to"].split(",") if row["releasable_to"] not in ("", "ALL") else []
    assert set(readers) <= set(agencies())
    assert not readers or row["originator"] in readers
    assert set(re.findall(r"[a-z]+", row["need_to_know"])) <= WORDS
    assert LEVELS.index(row["level"]) <= LEVELS.index(agencies()[row["originator"]]["ceiling"])
    assert re.search(r"[A-Za-z]{4}", row["title_en"])
    assert re.search(r"[а-я]{4}", row["title_ru"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", row["date"])
    assert all(re.fullmatch(r"[A-Z]{2}", country) for country in row["countries"].split(","))


@every_row
def test_every_page_has_notice_symbol_and_number(row):
    assert 1 <= len(pages(row["file"])) <= 6
    for number, text in enumerate(pages(row["file"]), start=1):
        assert NOTICE[row["language"]] in text
        assert PAGE[row["language"]].format(number) in text
        assert row["symbol"] in text


@every_row
def test_text_comes_out_in_its_own_letters(row):
    text = " ".join(pages(row["file"]))
    cyrillic, latin = (len(re.findall(rf"\b[{letters}]{{3,}}\b", text, re.I)) for letters in ("а-яё", "a-z"))
    assert (cyrillic > 4 * latin) if row["language"] == "ru" else (latin > cyrillic)
    squeezed = re.sub(r"\s+", " ", text)
    assert row[f"title_{row['language']}"] in squeezed


def test_regional_letters_come_out():
    text = " ".join(page for row in manifest() for page in pages(row["file"]))
    assert set("қғўҷӣҳӯөүұәʻ№«»“”–—") <= set(text)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_sentence_runs_over_a_page_and_a_word_over_a_line(language):
    files = [row for row in manifest() if row["language"] == language]
    assert any(runs_over(row) for row in files)
    assert any(re.search(r"\w[\u0002\ufffe]\w", page) for row in files for page in pages(row["file"]))


def runs_over(row):
    """Whether a page of the paper ends within a sentence that the next page takes up in a small letter."""
    bodies = [body(page, row) for page in pages(row["file"])]
    return any(one[-1] not in ".;:!?»”)" and two[0].islower() for one, two in pairwise(bodies))


def body(page, row):
    """A page without its header (which ends in the marking, in capitals) and its footer."""
    text = page[: page.index(NOTICE[row["language"]])]
    header = re.match(rf".*?{re.escape(row['symbol'])}\s+[A-ZА-Я ]+\r?\n", text, re.S)
    return text[header.end() :].strip()


def test_there_are_tables_columns_bullets_and_numbers():
    kinds = Counter(block.kind for paper in read_papers(SAMPLE / "texts") for block in paper.blocks)
    assert min(kinds[kind] for kind in ("table", "columns", "bullet", "numbered", "quotation")) >= 2


def test_later_meetings_quote_recommendations_word_for_word():
    papers = read_papers(SAMPLE / "texts")
    for language, quoted in (("en", r"“([^”]{40,})”"), ("ru", r"«([^»]{40,})»")):
        texts = {p.name: " ".join(b.text for b in p.blocks) for p in papers if p.language == language}
        source = texts[f"2021-em1-recommendations-{language}"].lower()
        found = {name for name, text in texts.items() for q in re.findall(quoted, text) if q.lower() in source}
        assert len(found) >= 3, f"{language}: {found}"


def test_symbols_that_are_cited_exist():
    known = {row["symbol"] for row in manifest()}
    for row in manifest():
        cited = set(re.findall(r"TCE/20\d\d/[A-Z]+\.\d/[A-Z]+/\d+", " ".join(pages(row["file"]))))
        assert cited <= known, row["file"]


def test_experts_of_different_clearance_see_clearly_different_numbers():
    high, middle, low = (len(readable(name)) for name in ("aigerim", "bakyt", "jonas"))
    assert high > middle > low > 0
    assert high >= low * 1.5
    assert high < len(manifest())


def test_roles_that_a_demonstration_needs_are_there():
    roles = Counter(role for person in sample()["person"] for role in person["roles"])
    assert roles["expert"] >= 2
    assert set(roles) == {"expert", "translator", "reviewer", "registrar", "auditor"}
    for person in sample()["person"]:
        assert person["agency"] in agencies()
        assert person["clearance"] in LEVELS
        assert set(person["need_to_know"]) <= WORDS


@every_row
def test_a_registrar_of_the_originator_may_read_it(row):
    registrars = [person for person in sample()["person"] if "registrar" in person["roles"]]
    assert any(person["agency"] == row["originator"] and may_read(person, row) for person in registrars)


def test_pdfs_are_small():
    assert sum(path.stat().st_size for path in (SAMPLE / "pdf").iterdir()) < 2_000_000


def test_a_wrong_source_is_refused_by_name(tmp_path):
    (tmp_path / "wrong.md").write_text('+++\nlevel = "restricted"\n+++\ntext\n', "utf-8")
    with pytest.raises(SourceError, match=r"wrong\.md.*originator"):
        read_paper(tmp_path / "wrong.md")


def test_committed_files_are_up_to_date_and_staleness_is_seen(tmp_path, capsys):
    pytest.importorskip("reportlab")
    pytest.importorskip("fontpkg_noto_sans")
    from deploy.sample import make

    assert make.main(["--check"]) == 0, capsys.readouterr().out
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        make.build(folder)
    files = sorted(path.relative_to(one) for path in one.rglob("*.*"))
    assert all((one / file).read_bytes() == (two / file).read_bytes() for file in files)
    (two / files[1]).write_bytes((two / files[2]).read_bytes())
    assert make.differences(one, two) == [files[1].as_posix()]
