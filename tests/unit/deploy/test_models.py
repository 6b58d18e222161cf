"""The miniature translation packages are small, safe, bound to the sample, and say what their bitexts say."""

import csv
import hashlib
import json
import re
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from deploy.sample.models import arithmetic, bitext, train
from indexer.checks.translation_checks import issues
from indexer.extract.reader import Reader
from indexer.segment.segments import segment

SAMPLE = Path(__file__).parents[3] / "deploy" / "sample"
MODELS = SAMPLE / "models"
DIRECTIONS = [("en", "ru"), ("ru", "en")]
MARKINGS = ("UNCLASSIFIED", "RESTRICTED", "CONFIDENTIAL", "НЕСЕКРЕТНО", "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ", "КОНФИДЕНЦИАЛЬНО")
KNOWN = {
    "en": (
        "RESTRICTED",
        "Do not switch the device on.",
        "(b) Digital evidence: telephones, accounts, images.",
        "None of the 23 carried a weapon, and none has been linked to preparations for an attack.",
        "Working Group on Borders TCE/2024/WS.2/CRP/1",
    ),
    "ru": (
        "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ",
        "На второй год одна из женщин открыла пекарню, и за хлебом стали приходить.",
        "Матери под следствием: отсрочка исполнения приговора, ст. 78 УК",
        "В одной переписке слово «ҷиҳод» было записано восемью способами, в том числе цифрами.",
        "4. Не публиковать имена подростков и не вносить их в списки наблюдения (TCE/2024/WS.2/REC/3, п. 5).",
    ),
}
each_direction = pytest.mark.parametrize(("source", "target"), DIRECTIONS, ids=["en-ru", "ru-en"])


def package(source, target):
    return MODELS / f"translate-{source}_{target}-sample.argosmodel"


def pairs(source, target):
    """The bitext of a direction as a dictionary."""
    return {row.source: row.target for row in bitext.read_bitext(source, target)}


def member(source, target, name):
    with zipfile.ZipFile(package(source, target)) as archive:
        return archive.read(f"translate-{source}_{target}-sample/{name}")


@cache
def segments():
    """What our own code cuts the bound documents into today."""
    with Reader() as reader:
        cut = {}
        for name in bitext.DOCUMENTS:
            with (SAMPLE / "pdf" / name).open("rb") as file:
                cut[name] = segment(reader.pages(file))
    return cut


@each_direction
def test_package_is_under_a_megabyte(source, target):
    assert 100_000 < package(source, target).stat().st_size < 1_000_000


@each_direction
def test_zip_is_safe_and_holds_what_argos_expects(source, target):
    top = f"translate-{source}_{target}-sample"
    with zipfile.ZipFile(package(source, target)) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
        assert not [e.filename for e in entries if re.search(rb"/(?:tmp|home|root|work)/", archive.read(e))]
    names = [entry.filename for entry in entries]
    assert len(set(names)) == len(names)
    assert {f"{top}/{name}" for name in ("metadata.json", "sentencepiece.model", "model/model.bin")} <= set(names)
    for entry in entries:
        path = PurePosixPath(entry.filename)
        assert path.parts[0] == top and ".." not in path.parts and not path.is_absolute()
        assert entry.external_attr >> 16 == 0o100644, "a plain file, no link"
        assert entry.file_size < 2_000_000
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)


@each_direction
def test_metadata_names_the_direction_and_binds_it_to_committed_documents(source, target):
    found = json.loads(member(source, target, "metadata.json"))
    assert (found["from_code"], found["to_code"]) == (source, target)
    assert {"from_name", "to_name", "package_version", "argos_version"} <= set(found)
    assert found["tolmach"]["bound_to"] == "sample corpus"
    documents = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in (SAMPLE / "pdf").iterdir()}
    bound = found["tolmach"]["documents"]
    stale = {name for digest, name in bound.items() if documents.get(digest) != name}
    assert not stale, f"changed since: {stale}; run python -m deploy.sample.models.train --pack (or without --pack)"
    assert sorted(bound.values()) == sorted(bitext.DOCUMENTS)


def test_bound_documents_are_a_good_choice():
    with (SAMPLE / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["file"]: row for row in csv.DictReader(lines)}
    paired = {file for row in rows.values() if row["translation_of"] for file in (row["file"], row["translation_of"])}
    bound = [rows[f"pdf/{name}"] for name in bitext.DOCUMENTS]
    assert not {row["file"] for row in bound} & paired, "a paper that people have translated needs no machine"
    for language in ("en", "ru"):
        own = [row for row in bound if row["language"] == language]
        assert {row["level"] for row in own} >= {"unclassified", "restricted", "confidential"}
        assert (
            sum((row["level"], row["releasable_to"], row["need_to_know"]) == ("unclassified", "ALL", "") for row in own)
            >= 2
        )


@pytest.mark.parametrize("name", bitext.DOCUMENTS)
def test_every_segment_is_in_the_bitext(name):
    known = {source: pairs(source, target) for source, target in DIRECTIONS}
    missing = [(s.language, s.text) for s in segments()[name] if s.text not in known[s.language]]
    assert not missing, f"translate these in bitext.*.tsv and run python -m deploy.sample.models.train: {missing}"


def test_a_segment_that_is_not_in_the_bitext_would_be_noticed():
    known = pairs("en", "ru")
    found = [s.text for s in segments()["2023-em2-agenda-en.pdf"] if s.language == "en"]
    assert len(found) > 15
    assert found[5] in known
    assert found[5] + " " not in known and found[5][:-1] not in known


@each_direction
def test_numbers_symbols_and_markings_come_through(source, target):
    for one, other in pairs(source, target).items():
        for pattern in (r"\d+(?:[.,]\d+)*", r"TCE/[\w./]+\w", r"[•%№§@]"):
            assert sorted(re.findall(pattern, one)) == sorted(re.findall(pattern, other)), one
        for marking in MARKINGS:
            assert (one == marking) == (other == marking), one


def test_the_guards_doubt_only_what_a_person_should_look_at():
    doubted = {
        row.source: issues(row.source, row.target, source, target)
        for source, target in DIRECTIONS
        for row in bitext.read_bitext(source, target)
    }
    spellings = next(source for source in doubted if source.startswith("Запись «Қожахметов Ғабит»"))
    assert {source: why for source, why in doubted.items() if why} == {spellings: "wrong_script"}


@each_direction
def test_translations_are_in_the_other_language(source, target):
    wanted = {"en": r"[A-Za-z]{2}", "ru": r"[А-Яа-я]{2}"}
    for one, other in pairs(source, target).items():
        if one != other:
            assert re.search(wanted[target], other), one


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("one\ttwo", "three cells"),
        ("one\t\t2023-em2-agenda-en", "three cells"),
        ("one  word\tслово\t2023-em2-agenda-en", "single spaces"),
        ("one\tодин\t2023-em2-agenda-en\none\tодин\t2023-em2-agenda-en", "twice"),
        ("one\tодин\telsewhere", "no bound document"),
    ],
)
def test_untidy_bitext_is_refused(tmp_path, monkeypatch, line, complaint):
    (tmp_path / "bitext.en-ru.tsv").write_text(f"{bitext.HEAD}\n{line}\n", "utf-8")
    monkeypatch.setattr(bitext, "HERE", tmp_path)
    with pytest.raises(ValueError, match=rf"bitext\.en-ru\.tsv:\d: .*{complaint}"):
        bitext.read_bitext("en", "ru")


def test_help_teaches(capsys):
    with pytest.raises(SystemExit) as ended:
        train.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--only" in said and "--check" in said and "To add a document" in said


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Both packages unpacked and loaded: translate(source, target, sentences, **settings)."""
    ctranslate2 = pytest.importorskip("ctranslate2")
    sentencepiece = pytest.importorskip("sentencepiece")
    loaded = {}
    for source, target in DIRECTIONS:
        folder = tmp_path_factory.mktemp(f"{source}-{target}")
        with zipfile.ZipFile(package(source, target)) as archive:
            archive.extractall(folder)
        top = folder / f"translate-{source}_{target}-sample"
        loaded[source, target] = (
            ctranslate2.Translator(str(top / "model"), device="cpu", compute_type="int8", intra_threads=1),
            sentencepiece.SentencePieceProcessor(model_file=str(top / "sentencepiece.model")),
        )

    def translate(source, target, sentences, **settings):
        translator, pieces = loaded[source, target]
        answers = translator.translate_batch([pieces.encode(s, out_type=str) for s in sentences], **settings)
        return [pieces.decode(answer.hypotheses[0]) for answer in answers]

    return translate


@each_direction
@pytest.mark.parametrize("settings", [{"beam_size": 1}, {"beam_size": 2, "patience": 2}], ids=str)
def test_sentences_translate_exactly(engine, source, target, settings):
    expected = [pairs(source, target)[sentence] for sentence in KNOWN[source]]
    assert engine(source, target, KNOWN[source], **settings) == expected


@each_direction
@pytest.mark.parametrize("kind", arithmetic.SWITCHES)
def test_sentences_lead_widely_with_each_kind_of_kernels(source, target, kind):
    """Kernels of older processors cut large sums, those of newer ones do not: each in a process of its own."""
    margins = pytest.importorskip("deploy.sample.models.margins")
    measured = margins.measure_apart(source, target, kind, quick=True)
    assert measured.complaints() == []
    if kind == arithmetic.SATURATING:  # every processor has those
        assert measured.arithmetic == kind


@each_direction
def test_batches_change_nothing(engine, source, target):
    alone = [engine(source, target, [sentence], beam_size=1)[0] for sentence in KNOWN[source]]
    assert engine(source, target, KNOWN[source], beam_size=1, max_batch_size=2) == alone


@each_direction
def test_every_sentence_translates_exactly(engine, source, target):
    rows = bitext.read_bitext(source, target)
    said = engine(source, target, [row.source for row in rows], beam_size=4, patience=2, max_batch_size=32)
    wrong = [(row.source, out) for row, out in zip(rows, said, strict=True) if out != row.target]
    assert not wrong, f"the package is older than the bitext; run python -m deploy.sample.models.train: {wrong}"
