"""Measures translation beside Argos Translate's own `translate()` and beside CTranslate2 alone, one model of official
size with random weights for all; and the guard on human translations, whole and spoiled. `make bench-translate`."""

from __future__ import annotations

import csv
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import ctranslate2
import sentencepiece
from figures import ROOT, record

sys.path.append(str(ROOT / "tests"))

from unit.indexer.translate.tiny import OFFICIAL, make

from indexer.checks.translation_checks import issues
from indexer.translate.argos import USUAL, Effort
from indexer.translate.argos_engine import Argos
from indexer.translate.packages import Packages

DATA = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data"))
SENTENCES = 96
TOKENS = 32  # of each translation, in every run: random weights do not know where to stop


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        figures = _speed(Path(place))
    record("translate", "make bench-translate", figures | _guard())


def _speed(place: Path) -> dict[str, float]:
    texts = _texts()
    argos = _Argos(place)  # first, as Argos reads its settings once
    packages = Packages(place / "models", Argos(place / "models" / ".argos", Effort(longest_translation=TOKENS)))
    model = packages.install(make(place, size=OFFICIAL, lines=texts))
    (folder,) = (place / "models").glob("en_ru-*")
    (place / "argos" / "en_ru").symlink_to(folder)
    translator, bare = packages.open(model), _Bare(folder)
    ours, ctranslate2_alone = (
        min(_cpu(run, texts) for _ in range(2)) for run in (translator.translate, bare.translate)
    )
    as_it_comes, one_thread = (_cpu(argos.translator(threads), texts) for threads in (0, 1))
    return {
        "sentences": len(texts),
        "model_parameters_million": 60,
        "sentences_per_cpu_second": round(len(texts) / ours, 1),
        "ctranslate2_sentences_per_cpu_second": round(len(texts) / ctranslate2_alone, 1),
        "argos_sentences_per_cpu_second": round(len(texts) / as_it_comes, 1),
        "argos_one_thread_sentences_per_cpu_second": round(len(texts) / one_thread, 1),
        "speed_against_argos": round(as_it_comes / ours, 2),
        "speed_against_argos_one_thread": round(one_thread / ours, 2),
        "speed_against_ctranslate2": round(ctranslate2_alone / ours, 3),
    }


def _texts() -> list[str]:
    """Sentences of the sample corpus, long and short as they come."""
    with (ROOT / "deploy" / "sample" / "models" / "bitext.en-ru.tsv").open(encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = dict.fromkeys(row[0] for row in rows if re.search("[a-z]", row[0]))
    return list(found)[1 : SENTENCES + 1]


def _cpu(run: Callable[[list[str]], object], texts: list[str]) -> float:
    """CPU seconds of all threads, once what loads at first use is loaded."""
    run(texts[:1])
    begun = time.process_time()
    run(texts)
    return time.process_time() - begun


# --- the others ------------------------------------------------------------------------------------------------------


class _Argos:
    """`argostranslate.translate.translate()`, sentence by sentence.

    It needs minisbd, which we leave out: in its place stands what gives each text as one sentence and costs nothing.
    """

    def __init__(self, place: Path) -> None:
        (place / "argos").mkdir()
        os.environ |= {f"XDG_{kind}_HOME": str(place / kind) for kind in ("DATA", "CONFIG", "CACHE")}
        os.environ |= {"ARGOS_PACKAGES_DIR": str(place / "argos"), "ORT_DISABLE_TELEMETRY": "1"}
        whole = ModuleType("minisbd")
        whole.SBDetect = lambda *_, **__: SimpleNamespace(sentences=lambda text: [text])
        whole.models = SimpleNamespace(list_models=lambda: ["en", "ru"])
        sys.modules["minisbd"] = whole
        import argostranslate.translate

        self._module = argostranslate.translate
        self._module.ctranslate2 = SimpleNamespace(Translator=_Limited)

    def translator(self, threads: int) -> Callable[[list[str]], object]:
        """With so many threads; 0 is as it comes: as many as there are cores, at most 4, which also wait busily."""
        self._module.settings.intra_threads = threads
        self._module.installed_translates.clear()
        self._module.get_installed_languages.cache_clear()
        return lambda texts: [self._module.translate(text, "en", "ru") for text in texts]


class _Limited(ctranslate2.Translator):
    """Argos gives no limit; this one gives the limit of all."""

    def translate_batch(self, *args: object, **options: object) -> object:
        return super().translate_batch(*args, **options, max_decoding_length=TOKENS)


class _Bare:
    """CTranslate2 with all tokens at once, which it sorts and batches itself."""

    def __init__(self, folder: Path) -> None:
        self._cutter = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
        threads = {"inter_threads": USUAL.workers, "intra_threads": USUAL.threads}
        self._engine = ctranslate2.Translator(str(folder / "model"), **threads)

    def translate(self, texts: list[str]) -> list[str]:
        results = self._engine.translate_batch(
            self._cutter.encode(texts, out_type=str),
            max_batch_size=USUAL.sentences,
            beam_size=USUAL.beam,
            patience=USUAL.patience,
            length_penalty=USUAL.length_penalty,
            max_decoding_length=TOKENS,
            replace_unknowns=True,
        )
        return [self._cutter.decode_pieces(result.hypotheses[0]) for result in results]


# --- the guard -------------------------------------------------------------------------------------------------------


def _guard() -> dict[str, float]:
    """Shares of 1,000 human translations that are doubted, and of the others that are doubted once spoiled."""
    folder = DATA / "mt" / "ntrex"
    if not folder.is_dir():
        print("no test data, so the guard is not measured: set TOLMACH_TEST_DATA to its folder")
        return {}
    names = ("newstest2019-src.eng.txt", "newstest2019-ref.rus.txt")
    texts = [(folder / name).read_text(encoding="utf-8").splitlines()[:1_000] for name in names]
    found: dict[str, float] = {}
    for source, target in (("en", "ru"), ("ru", "en")):
        pairs = list(zip(*(texts if source == "en" else texts[::-1]), strict=True))
        reasons = [issues(a, b, source, target) for a, b in pairs]
        counted = Counter(reason for reason in reasons if reason)
        key = f"guard_{source}_{target}"
        found[f"{key}_human_numbers"] = counted["numbers"] / len(pairs)
        found[f"{key}_human_other"] = (counted.total() - counted["numbers"]) / len(pairs)
        good = [pair for pair, reason in zip(pairs, reasons, strict=True) if reason is None]
        for name, spoil in SPOILED.items():
            draw = random.Random(1)
            spoiled = [(a, worse) for a, b in good if (worse := spoil(a, b, draw))]
            caught = sum(issues(a, b, source, target) is not None for a, b in spoiled)
            found[f"{key}_{name}"] = round(caught / len(spoiled), 3)
    return found


def _digit(_: str, text: str, draw: random.Random) -> str:
    places = [match.start() for match in re.finditer("[0-9]", text)]
    if not places:
        return ""
    at = draw.choice(places)
    return text[:at] + draw.choice(sorted(set("0123456789") - {text[at]})) + text[at + 1 :]


def _dropped(_: str, text: str, draw: random.Random) -> str:
    clauses = re.split(r"(?<=[,;:—–])\s", text)
    if len(clauses) < 2:
        return ""
    clauses.pop(draw.randrange(len(clauses)))
    return " ".join(clauses)


def _halved(_: str, text: str, draw: random.Random) -> str:
    words = text.split()
    return " ".join(words[: len(words) // 2]) if len(words) > 9 else ""


def _repeated(_: str, text: str, draw: random.Random) -> str:
    words = text.split()
    if len(words) < 7:
        return ""
    at = draw.randrange(len(words) - 5)
    return " ".join([*words[: at + 5], *words[at:]])


def _copied(source: str, text: str, draw: random.Random) -> str:
    return source


SPOILED: dict[str, Callable[[str, str, random.Random], str]] = {
    "changed_digit": _digit,
    "dropped_clause": _dropped,
    "dropped_half": _halved,
    "repeated": _repeated,
    "copied": _copied,
}

if __name__ == "__main__":
    main()
