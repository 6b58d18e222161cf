"""Measures our analysis of both languages beside Snowball and, if one is running, Elasticsearch's own analyzers."""

import json
import os
import re
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pymorphy3
import pypdfium2
import Stemmer as PyStemmer
from figures import record
from morphology.measure import Stemmer, cases, data_folder, mean_reciprocal_rank, share

from indexer.analysis import russian
from indexer.analysis.tokens import _analysed, stopword, tokens

NAMES = {"ru": "russian", "en": "english"}
UNREADABLE = "lshort.ru"  # its text layer is broken
INFLECTED = frozenset(["NOUN", "ADJF", "VERB", "INFN", "PRTF"])


def ours(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(token.stem for token in tokens(text)) for text in texts]


def ours_asking(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(token.stem for token in tokens(text) if not stopword(token)) for text in texts]


def no_stemming(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(token.exact for token in tokens(text)) for text in texts]


def snowball(language: str, texts: list[str]) -> list[tuple[str, ...]]:
    stemmer = PyStemmer.Stemmer(NAMES[language])
    return [tuple(stemmer.stemWords([token.exact for token in tokens(text)])) for text in texts]


def stem_of_lemma(texts: list[str]) -> list[tuple[str, ...]]:
    """Snowball's stem of the likeliest lemma: the baseline that our Russian rules start from."""
    stemmer, analyzer = PyStemmer.Stemmer("russian"), pymorphy3.MorphAnalyzer()

    def stem(word: str) -> str:
        return str(stemmer.stemWord(analyzer.parse(word)[0].normal_form.replace("ё", "е")))

    return [tuple(stem(token.exact) for token in tokens(text)) for text in texts]


def elasticsearch(url: str, settings: dict[str, object], texts: list[str]) -> list[tuple[str, ...]]:
    """The tokens of Elasticsearch, texts of one call kept apart by their place."""
    answers: list[tuple[str, ...]] = []
    for start in range(0, len(texts), 500):
        batch = texts[start : start + 500]
        body = json.dumps({**settings, "text": batch}).encode()
        request = urllib.request.Request(url.rstrip("/") + "/_analyze", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = json.load(answer)["tokens"]
        starts = [sum(len(text) + 1 for text in batch[:i]) for i in range(len(batch) + 1)]
        answers += [
            tuple(t["token"] for t in found if starts[i] <= t["start_offset"] < starts[i + 1])
            for i in range(len(batch))
        ]
    return answers


def elasticsearch_stemmers(language: str, url: str) -> dict[str, Stemmer]:
    if language == "en":
        return {"elasticsearch_english": partial(elasticsearch, url, {"analyzer": "english"})}
    light = {"tokenizer": "standard", "filter": ["lowercase", {"type": "stemmer", "language": "light_russian"}]}
    return {
        "elasticsearch_russian": partial(elasticsearch, url, {"analyzer": "russian"}),
        "elasticsearch_light_russian": partial(elasticsearch, url, light),
    }


def stemmers(language: str) -> dict[str, Stemmer]:
    every: dict[str, Stemmer] = {"ours": ours, "snowball": partial(snowball, language)}
    if language == "ru":
        every["snowball_of_lemma"] = stem_of_lemma
    url = os.environ.get("TOLMACH_ELASTICSEARCH_URL")
    if url:
        every |= elasticsearch_stemmers(language, url)
    else:
        print(f"TOLMACH_ELASTICSEARCH_URL is not set: Elasticsearch is left out ({language})")
    return every


def lists(language: str) -> Iterator[tuple[str, float]]:
    """Recall over forms of one word, wrong joins among different words; both lists, then the second list alone."""
    forms, different = cases(f"forms.{language}"), cases(f"different.{language}")
    yield f"{language}.forms", len(forms)
    yield f"{language}.different", len(different)
    for name, stemmer in stemmers(language).items():
        yield f"{language}.recall.{name}", share(forms, stemmer)
        yield f"{language}.joined.{name}", share(different, stemmer)
        yield f"{language}.recall_second_list.{name}", share([c for c in forms if c.second], stemmer)
        yield f"{language}.joined_second_list.{name}", share([c for c in different if c.second], stemmer)


def retrieval(language: str, data: Path) -> Iterator[tuple[str, float]]:
    ranked: dict[str, tuple[Stemmer, Stemmer]] = {
        "ours": (ours, ours_asking),
        "ours_keeping_stopwords": (ours, ours),
        "snowball": (partial(snowball, language), partial(snowball, language)),
        "no_stemming": (no_stemming, no_stemming),
    }
    if language == "ru":
        ranked["snowball_of_lemma"] = (stem_of_lemma, stem_of_lemma)
    for name, (stemmer, ask) in ranked.items():
        yield f"{language}.mrr10.{name}", mean_reciprocal_rank(language, data, stemmer, ask)


def russian_text(data: Path) -> str:
    """The text of the Russian documents of the pairs, words mended that a line's end had broken."""
    paths = [path for path in sorted((data / "pairs").glob("*/*.ru.pdf")) if not path.name.startswith(UNREADABLE)]
    return re.sub(r"[\u0002\ufffe]\s*", "", "\n".join(page for path in paths for page in pages(path)))


def english_text(data: Path) -> str:
    """The text of the English documents of the pairs."""
    return "\n".join(page for path in sorted((data / "pairs").glob("*/*.en.pdf")) for page in pages(path))


def pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def picked(text: str) -> Iterator[tuple[str, float]]:
    """Base forms that find inflected text: each form's lemma and the form, as the dictionary gives them."""
    analyzer = pymorphy3.MorphAnalyzer()
    pairs = set()
    for word in {token.exact for token in tokens(text)}:
        if len(word) > 3 and re.fullmatch("[а-я]+", word) and analyzer.word_is_known(word):
            parse = analyzer.parse(word)[0]
            lemma = parse.normal_form.replace("ё", "е")
            if parse.tag.POS in INFLECTED and lemma != word:
                pairs.add((lemma, word))
    yield "ru.picked", len(pairs)
    flat = [word for pair in sorted(pairs) for word in pair]
    for name, stemmer in (("ours", ours), ("snowball", partial(snowball, "ru"))):
        stems = stemmer(flat)
        yield f"ru.recall_picked.{name}", sum(map(same, islice(stems, 0, None, 2), stems[1::2])) / len(pairs)


def same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return one == other


def speed(name: str, text: str) -> Iterator[tuple[str, float]]:
    """Tokens per CPU second: with an empty cache and pymorphy3 loaded, then once more."""
    tokens("слово word")
    _analysed.cache_clear()
    for state in ("cold", "warm"):
        start = time.process_time()
        count = len(tokens(text))
        yield f"{name}.tokens_per_cpu_second.{state}", round(count / (time.process_time() - start))
    yield f"{name}.tokens", count


def loading() -> float:
    start = time.process_time()
    russian.stem("слово")
    return time.process_time() - start


def main() -> None:
    figures: dict[str, float] = {"load_cpu_seconds": round(loading(), 2)}
    for language in ("ru", "en"):
        figures |= lists(language)
    data = data_folder()
    if data.is_dir():
        for language in ("ru", "en"):
            figures |= retrieval(language, data)
        text = russian_text(data)
        figures |= picked(text)
        figures |= speed("ru", text)
        figures |= speed("en", english_text(data))
    else:
        print(f"no test data in {data}: retrieval, picked pairs and speed are left out")
    record("morphology", "make bench-morphology", {name: round(value, 4) for name, value in figures.items()})


if __name__ == "__main__":
    main()
