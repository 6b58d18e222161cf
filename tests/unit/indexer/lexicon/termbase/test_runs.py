"""Terms are found in a text in any inflected form, the longest first, not over the end of a sentence."""

from __future__ import annotations

import pytest

from indexer.analysis.tokens import tokens
from indexer.lexicon.termbase.runs import MOST_WORDS, RunMatcher, longest, run_of

TERMS = ["иностранный боевик-террорист", "террорист", "лишение свободы", "Совет Безопасности", "training", "train"]


def found(text: str, terms: list[str]) -> list[tuple[str, str]]:
    """The stretches of the text, each with the terms that it is."""
    words = tokens(text)
    runs = ((run, term) for term in terms if (run := run_of(term)))
    return [
        (text[words[first].start : words[end - 1].end], match.owner)
        for (first, end), matches in longest(RunMatcher(runs).matches(words, text)).items()
        for match in matches
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "возвращение иностранных боевиков-террористов",
            [("иностранных боевиков-террористов", "иностранный боевик-террорист")],
        ),
        ("Террористами их не называли.", [("Террористами", "террорист")]),
        ("к семи годам лишения свободы", [("лишения свободы", "лишение свободы")]),
        ("членам Совета Безопасности", [("Совета Безопасности", "Совет Безопасности")]),
        ("Это решил Совет. Безопасности ради", []),
        ("The training began", [("training", "training")]),
        ("He trained them", [("trained", "train"), ("trained", "training")]),
        ("", []),
    ],
)
def test_terms_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(text, TERMS)) == sorted(expected)


def test_the_longest_term_takes_its_words() -> None:
    assert found("суд города", ["суд", "суд города", "города"]) == [("суд города", "суд города")]


def test_a_text_of_too_many_words_or_none_is_no_term() -> None:
    assert run_of("...") is None
    assert run_of("слово " * (MOST_WORDS + 1)) is None
    assert run_of("слово " * MOST_WORDS) is not None
