"""Queries: what each operator means in both languages, how what is no query is read, and how much may be asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_languages import meaning, without_forms

from indexer.analysis.tokens import stopword, tokens
from indexer.engine.contract import EVERYTHING, And, Exact, Near, Not, Or, Phrase, Prefix, Query, Term, positive_leaves
from indexer.search.parse import LONGEST, MOST_PARTS, MOST_WEIGHED, QueryError, heaviest, parse
from indexer.search.query import readings
from indexer.search.query.nearness import APART, LIGHT

WATER, RIVER, LAKE, VODA, REKA = (Term(tokens(word)[0].stem) for word in ("water", "river", "lake", "вода", "река"))
SHORES = Term(tokens("shores")[0].stem, ("shores",))  # in capitals it may be an acronym
TELEPHONE = without_forms(readings.phrase(tokens("+7 701 123 45 67")))
NUMBERS = readings.words_alone("+7 701 123 45 67")


def near(*words: str) -> Phrase:
    """The light pair of words that stand side by side in a query."""
    return Phrase(words, share=LIGHT)


def in_title(leaf: Term) -> Term:
    """The word in the title alone."""
    return Term(f"title:{leaf.stem}")


NEAR = near("water", "river")
NEARBY = Near((("water",), ("river",)), 3)
BY_THE_SHORE = (
    near("river", "by", "the", "water"),
    Phrase(("water", "and", SHORES.stem), (("water", "and", "shores"),), LIGHT),
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", EVERYTHING),
        ("  \n ", EVERYTHING),
        ("water", WATER),
        ("WATER", WATER),
        ("waters", WATER),
        ("water river", Or((WATER, RIVER, NEAR))),
        ("water OR river", Or((WATER, RIVER))),
        ("water ИЛИ river", Or((WATER, RIVER))),
        ("water AND river", And((WATER, RIVER))),
        ("water И river", And((WATER, RIVER))),
        ("water NOT river", And((WATER, Not(RIVER)))),
        ("water НЕ river", And((WATER, Not(RIVER)))),
        ("water -river", And((WATER, Not(RIVER)))),
        ("-river", Not(RIVER)),
        ("NOT water", Not(WATER)),
        ("water AND river OR lake", Or((And((WATER, RIVER)), LAKE))),
        ("water AND (river OR lake)", And((WATER, Or((RIVER, LAKE))))),
        ("water river AND lake", And((Or((WATER, RIVER, NEAR)), LAKE))),
        ("-(river lake)", Not(Or((RIVER, LAKE)))),
        ("((water))", WATER),
        ('"water river"', Phrase(("water", "river"))),
        ("«water river»", Phrase(("water", "river"))),
        ("„water river“", Phrase(("water", "river"))),
        ("“water river”", Phrase(("water", "river"))),
        ('-"water river"', Not(Phrase(("water", "river")))),
        ('"water"', WATER),
        ('""', EVERYTHING),
        ("wat*", Prefix("wat")),
        ("ВОД*", Prefix("вод")),
        ("=waters", Exact("waters")),
        ("=Вода", Exact("вода")),
        ("water-river", Phrase(("water", "river"), (("waterriver",),))),
        ("A/79/*", Phrase(("a", "79"))),
        ("-200 300", And((Term("300"), Not(Term("200"))))),
        ("20 000", Or((Phrase(("20", "000"), (("20000",),)), Term("20"), Term("000")))),
        ("A/79/998", Phrase(("a", "79", "998"))),
        ("и вода", VODA),
        ("не вода", VODA),
        ("the water", WATER),
        ("water and river", Or((WATER, RIVER, near("water", "and", "river")))),
        ("water or river", Or((WATER, RIVER, near("water", "or", "river")))),
        ("ORwater", Term("orwater")),
        ("water - river", Or((WATER, RIVER))),
        ("?! …", EVERYTHING),
        ("*", EVERYTHING),
        ("AND water", WATER),
        ("water OR AND river", Or((WATER, RIVER))),
        ("water && river || lake", Or((And((WATER, RIVER)), LAKE))),
        ("water&&river", And((WATER, RIVER))),
        ("!water", Not(WATER)),
        ("water !river", And((WATER, Not(RIVER)))),
        ("water! river", Or((WATER, RIVER, NEAR))),
        ("+water", WATER),
        ("+water +river", And((Or((WATER, NEAR)), RIVER))),
        ("+water river", And((Or((WATER, NEAR)), Or((WATER, RIVER))))),
        ("+water -river", And((WATER, Not(RIVER)))),
        ('+"water river" lake', And((Phrase(("water", "river")), Or((Phrase(("water", "river")), LAKE))))),
        ("+(water OR river) +lake", And((Or((WATER, RIVER)), LAKE))),
        ('"water river"~3', And((NEARBY, Or((NEARBY, Term("water", (), APART), Term("river", (), APART), NEAR))))),
        ('"water river"^3', Phrase(("water", "river"))),
        ("water~2", WATER),
        ("water~", WATER),
        ("water^2.5", WATER),
        ("title:water", Term("title:water")),
        ('title:"water river"', Phrase(("title:water", "title:river"))),
        ("-title:water river", And((RIVER, Not(Term("title:water"))))),
        ("river title:water", And((Term("title:water"), Or((Term("title:water"), RIVER))))),
        ("symbol:A/75/729", Phrase(("symbol:a", "symbol:75", "symbol:729"))),
        ("title:(water OR river)", Or((in_title(WATER), in_title(RIVER)))),
        ("title:(water river)", Or((in_title(WATER), in_title(RIVER)))),
        ("title:(water AND river)", And((in_title(WATER), in_title(RIVER)))),
        ("lake title:(water)", And((in_title(WATER), Or((in_title(WATER), LAKE))))),
        ("title:(water", WATER),
        ("agency:OSCE", EVERYTHING),
        ("agency:OSCE water", WATER),
        ("water agency:OSCE river", Or((WATER, RIVER))),
        ("a-b*", Phrase(("a", "b"), (("ab",),))),
        ("w*", Term("w")),
        ('water "river', Or((WATER, RIVER, NEAR))),
        ("вода «река", Or((VODA, REKA, near(VODA.stem, REKA.stem)))),
        ("water» river", Or((WATER, RIVER, NEAR))),
        ('5" water', Or((Term("5"), WATER, near("5", "water")))),
        ("water)", WATER),
        ("1) water", Or((Term("1"), WATER, near("1", "water")))),
        ("()", EVERYTHING),
        ("water AND", WATER),
        ("water И ", WATER),
        ("water &&", WATER),
        ("|| water", WATER),
        ("(water", WATER),
        ("(water AND) river", Or((WATER, RIVER))),
        ("water () river", Or((WATER, RIVER, NEAR))),
        ("water (AND) river", And((WATER, RIVER))),
        ("NOT", Term("not")),
        ("WATER AND RIVER", Or((WATER, RIVER, near("water", "and", "river")))),
        ("WATER NOT RIVER", Or((WATER, RIVER, near("water", "not", "river")))),
        ("water AND RIVER", And((WATER, RIVER))),
        ("water AND UN AND OSCE", And((WATER, Or((Term("un"), Phrase(("u", "n")))), Term("osc", ("osce",))))),
        ("2178 AND 2482", And((Term("2178"), Term("2482")))),
        ("river BY THE WATER AND SHORES", Or((RIVER, WATER, SHORES, *BY_THE_SHORE))),
        ("water И А.", WATER),
        ("+7 701 123 45 67", Or((TELEPHONE, *NUMBERS))),
    ],
)
def test_what_is_typed_means(text: str, query) -> None:
    assert meaning(text) == query


def test_forms_of_a_word_mean_the_same_in_russian() -> None:
    assert meaning("воды") == meaning("водой") == meaning("ВОДА") == VODA


@pytest.mark.parametrize(("text", "stems"), [("the", ["the"]), ("to be", ["to", "be"]), ("и не", ["и", "не"])])
def test_a_query_of_nothing_but_common_words_means_them(text: str, stems: list[str]) -> None:
    words = [Term(stem) for stem in stems]
    assert positive_leaves(meaning(text)) == (*words, *([near(*stems)] if len(words) > 1 else []))


def test_the_parts_tell_what_each_thing_typed_was_taken_for() -> None:
    parsed = parse('the waters "river bank" =lake sea* -boats')
    assert [(p.part_id, p.kind, p.text, without_forms(p.leaf), p.excluded) for p in parsed.parts] == [
        ("p1", "ignored", "the", None, False),
        ("p2", "word", "waters", WATER, False),
        ("p3", "phrase", '"river bank"', Phrase(("river", "bank")), False),
        ("p4", "form", "=lake", Exact("lake"), False),
        ("p5", "prefix", "sea*", Prefix("sea"), False),
        ("p6", "word", "boats", Term("boat"), True),
    ]


def test_an_exclusion_inside_an_exclusion_is_none() -> None:
    parsed = parse("-(river -lake)")
    assert [(part.text, part.excluded) for part in parsed.parts] == [("river", True), ("lake", False)]


def test_what_is_excluded_counts_for_no_score() -> None:
    assert positive_leaves(meaning("water -river NOT lake")) == (WATER,)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("water river", []),
        ("water AND river", []),
        ('water "river', ["sign_alone"]),
        ("a) water", ["sign_alone"]),
        ("((water", ["sign_alone"]),
        ("()", ["sign_alone"]),
        ("water &&", ["sign_alone"]),
        ("water AND", ["operator_as_word"]),
        ("NOT", ["operator_as_word"]),
        ("ВОДА И РЕКА", ["operator_as_word"]),
        ("Иванченко И", ["operator_as_word"]),
        ('"water river"~3', []),
        ('"water river"~', ["nearness_without_number"]),
        ('"water"~3', ["likeness_not_searched"]),
        ('"water riv*"~3', ["gaps_not_searched"]),
        ('"water river"~3^2', ["boost_not_counted"]),
        ("water~", ["likeness_not_searched"]),
        ("water^2", ["boost_not_counted"]),
        ('"water river"^2', ["boost_not_counted"]),
        ("w?ter", ["gaps_not_searched"]),
        ("wat*r", ["gaps_not_searched"]),
        ("*ater", ["gaps_not_searched"]),
        ("water?", []),
        ("w*", ["prefix_as_words"]),
        ("A/75/729*", ["prefix_as_words"]),
        ("title:water", []),
        ("symbol:A/75/729", []),
        ("summary:water", ["field_unknown"]),
        ("has:ocr", []),
        ("has:wings", ["value_unknown"]),
        ("date:spring", ["date_unreadable"]),
        ("-lang:ru", ["field_not_excluded"]),
        ("water OR lang:ru", ["field_everywhere"]),
        ("lang:ru", []),
        ("https://example.org", []),
        ("12:30", []),
        ("Agenda: water", []),
        ("water & river", ["sign_as_punctuation"]),
        ("^water", ["sign_as_punctuation"]),
        ("body:(water river)", ["field_unknown"]),
        ("title:wat*", ["field_signs"]),
        ("title: water", ["field_apart"]),
        ("--water", ["sign_as_punctuation"]),
        ("++water", ["sign_as_punctuation"]),
        ("(water river)^3", ["boost_not_counted"]),
        ('="water river"', ["sign_as_punctuation"]),
        ("water NEAR/3 river", ["operator_as_word"]),
        ("[water TO river]", ["operator_as_word"]),
        ("_exists_:title", ["field_unknown"]),
        ("body:water", ["field_unknown"]),
        ('"wat* river"', ["gaps_not_searched"]),
        ('"water"~2', ["likeness_not_searched"]),
        ("/wat.*/", ["gaps_not_searched"]),
        ("*", []),
        ("Marks&Spencer", []),
        ("(" * 60 + "water" + ")" * 60, ["too_deep"]),
    ],
)
def test_whatever_was_not_read_as_it_stands_is_said(text: str, codes: list[str]) -> None:
    notes = parse(text).notes
    assert [said.code for said in notes] == codes
    assert all(said.en.strip() and said.ru.strip() and "{" not in said.en + said.ru for said in notes)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("agency:OSCE", {"agency": {"OSCE", "osce"}}),
        ("lang:Russian", {"language": {"ru"}}),
        ("язык:англ вода", {"language": {"en"}}),
        ("lang:ru lang:en", {"language": set()}),
        ('meeting:"Second workshop"', {"meeting": {"Second workshop", "SECOND WORKSHOP", "second workshop"}}),
        ("lang:(ru OR en) water", {"language": {"ru", "en"}}),
        ("язык:(рус, англ)", {"language": {"ru", "en"}}),
        ("kind:report year:2020", {"kind": {"report", "REPORT"}, "year": {"2020"}}),
        ("lang:(ru OR en)", {"language": {"ru", "en"}}),
        ("язык:(рус, англ)", {"language": {"ru", "en"}}),
        ("has:translation", {"has": {"translation"}}),
        ("есть:распознано", {"has": {"ocr"}}),
        ("has:human", {"has": {"human"}}),
        ("series:s/res", {"series": {"s/res", "S/RES"}}),
        ("agency: OSCE", {}),
    ],
)
def test_fields_narrow_a_search(text: str, filters: dict[str, set[str]]) -> None:
    assert parse(text).narrowing.filters == filters


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2015", ("2015-01-01", "2015-12-31")),
        ("2016-02", ("2016-02-01", "2016-02-29")),
        ("2015-03-07", ("2015-03-07", "2015-03-07")),
        ("2015-03..2020", ("2015-03-01", "2020-12-31")),
        ("2015..", ("2015-01-01", "")),
        ("..2015-03", ("", "2015-03-31")),
        ("7.03.2015", ("2015-03-07", "2015-03-07")),
        ("2015 date:..2015-06", ("2015-01-01", "2015-06-30")),
        ("15/06/2015", ("2015-06-15", "2015-06-15")),
        ("2015/06/15", ("2015-06-15", "2015-06-15")),
        ("20150615", ("2015-06-15", "2015-06-15")),
        ("2015-2020", ("2015-01-01", "2020-12-31")),
        ("[2015 TO 2020-03]", ("2015-01-01", "2020-03-31")),
        ("[* TO 2020]", ("", "2020-12-31")),
        (">2015", ("2016-01-01", "")),
        (">=2015-03", ("2015-03-01", "")),
        ("<2015", ("", "2014-12-31")),
        ("<=2015", ("", "2015-12-31")),
    ],
)
def test_dates_are_spans_of_days(text: str, days: tuple[str, str]) -> None:
    assert parse(f"date:{text}").narrowing.days == days


@pytest.mark.parametrize("text", ["2015-13", ">9999", "<0001", "[x TO y]", "2015-02-30", "..", "0000", "2015..x"])
def test_what_is_no_date_is_searched_as_words(text: str) -> None:
    parsed = parse(f"date:{text}")
    assert parsed.narrowing.days == ("", "")
    assert [said.code for said in parsed.notes] == ["date_unreadable"]


def test_all_words_may_be_demanded() -> None:
    assert meaning("water the river -lake", every=True) == And(
        (Or((WATER, near("water", "the", "river"))), RIVER, Not(LAKE))
    )
    assert meaning("water OR river lake", every=True) == Or((WATER, And((Or((RIVER, near("river", "lake"))), LAKE))))


def test_a_query_may_be_long_but_not_too_long() -> None:
    assert parse("x" * LONGEST).query != EVERYTHING
    with pytest.raises(QueryError, match=str(LONGEST)) as refusal:
        parse("x" * (LONGEST + 1))
    assert refusal.value.position == LONGEST


def test_of_a_long_text_the_heaviest_words_are_searched() -> None:
    words = [f"word{number}" for number in range(MOST_PARTS + 36)]
    assert len(parse(" ".join(words[:MOST_PARTS])).parts) == MOST_PARTS
    long = parse(f"({' '.join(words)}) AND -the {words[0]}")
    assert long.long and [part.text for part in long.parts] == words
    weights = {leaf: float(number % 10 != 0) for number, leaf in enumerate(long.leaves)}
    parsed = heaviest(long, weights)
    assert not parsed.long and [part.text for part in parsed.parts] == [w for w in words if not w.endswith("0")][:64]
    assert [dict(said.parameters) for said in parsed.notes] == [{"taken": MOST_PARTS, "of": MOST_PARTS + 36}]
    assert parsed.query == Or(tuple(part.leaf for part in parsed.parts))


@pytest.mark.parametrize("text", ["water " * 90, '"' + "water the " * 90 + '"', "вода " + '"' + "в " * 996 + '"'])
def test_a_long_text_of_few_words_is_those_words(text: str) -> None:
    parsed = parse(text)
    assert not parsed.long and len(parsed.parts) == 1
    assert [said.code for said in parsed.notes] == ["long_text"]


def test_a_long_phrase_of_common_words_alone_means_them() -> None:
    assert meaning('"' + "of the " * 90 + '"') == Or((Term("of"), Term("the")))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text("abcdef-/", min_size=1, max_size=12), min_size=MOST_PARTS, max_size=900))
def test_no_text_asks_for_more_words_than_may_be_searched(words: list[str]) -> None:
    parsed = parse(" ".join(words)[:LONGEST])
    assert len(parsed.parts) <= max(MOST_WEIGHED, len(words))
    if parsed.long:
        parsed = heaviest(parsed, dict.fromkeys(parsed.leaves, 1.0))
    leaves = [part.leaf for part in parsed.parts if part.leaf]
    assert sum(len(leaf.stems) if isinstance(leaf, Phrase) else 1 for leaf in leaves) <= MOST_PARTS


pieces = st.sampled_from(
    [
        "water",
        "вода",
        "the",
        "и",
        "AND",
        "И",
        "OR",
        "ИЛИ",
        "NOT",
        "НЕ",
        "-",
        "(",
        ")",
        '"',
        "«",
        "»",
        "*",
        "=",
        "+",
        "!",
        "&&",
        "||",
        "~2",
        "lang:",
        " ",
        "🚣",
    ]
)


def is_pair(leaf: object) -> bool:
    return isinstance(leaf, Phrase) and leaf.share < 1


@settings(deadline=None)
@given(st.text(max_size=60) | st.lists(pieces, max_size=15).map("".join) | st.lists(pieces, max_size=15).map(" ".join))
def test_no_text_is_refused_that_is_not_too_long(text: str) -> None:
    parsed = parse(text)
    assert all(part.text in text for part in parsed.parts)
    near = [part.leaf.words for part in parsed.parts if part.kind == "near"]
    near_words = {Term(word[0], word[1:], APART) for words in near for word in words}
    assert {leaf for leaf in positive_leaves(parsed.query) if not is_pair(leaf)} <= {*parsed.leaves, *near_words}


@settings(deadline=None)
@given(st.lists(pieces, max_size=12).map(" ".join))
def test_pairs_of_neighbours_change_nothing_of_what_matches(text: str) -> None:
    """A pair matches only where another part of the same alternative does."""

    def matches(query: Query, held: frozenset[object], pairs: bool) -> bool:
        match query:
            case And(parts):
                return all(matches(part, held, pairs) for part in parts)
            case Or(parts):
                return any(matches(part, held, pairs) for part in parts)
            case Not(part):
                return not matches(part, held, pairs)
            case Phrase(stems, share=share) if share < 1:
                return pairs and set(stems) <= {getattr(leaf, "stem", None) for leaf in held}
            case leaf:
                return leaf in held

    query = meaning(text)
    terms = sorted({leaf for leaf in every_leaf(query) if isinstance(leaf, Term)}, key=lambda leaf: leaf.stem)[:6]
    for chosen in range(1 << len(terms)):
        held = frozenset(term for at, term in enumerate(terms) if chosen >> at & 1) | {Term("and"), Term("the")}
        assert matches(query, held, pairs=True) == matches(query, held, pairs=False)


def every_leaf(query: Query) -> list[object]:
    match query:
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in every_leaf(part)]
        case Not(part):
            return every_leaf(part)
        case leaf:
            return [leaf]


@pytest.mark.parametrize("depth", [49, 50, 51, 150, LONGEST // 2 - 1])
def test_parentheses_may_nest_as_deep_as_a_query_is_long(depth: int) -> None:
    assert meaning("(" * depth + "a" + ")" * depth) == Term("a")


@pytest.mark.parametrize(
    "sign", ["(", ")", "()", '"', "«", "»", "-(", "+", "! ", "NOT ", "AND ", "&&", "a:", '"a" ', "~", "*"]
)
def test_a_query_of_nothing_but_signs_is_read(sign: str) -> None:
    parsed = parse((sign * LONGEST)[:LONGEST])
    assert len(parsed.notes) <= 20


@pytest.mark.parametrize("text", ["«Заря", "ЛИЦА, НЕ ИМЕЮЩИЕ ГРАЖДАНСТВА", "«ООО «Заря»", 'Газета «"Вечёрка"» и'])
def test_titles_and_names_are_words(text: str) -> None:
    parsed = parse(text)
    assert not any(part.excluded for part in parsed.parts)
    words = {token.stem for token in tokens(text) if not stopword(token)}
    searched = {stem for leaf in parsed.leaves for stem in (leaf.stems if isinstance(leaf, Phrase) else (leaf.stem,))}
    assert words <= searched


def test_words_alone_are_looked_for_as_a_title_too() -> None:
    def titles(text: str, every: bool = False) -> list[Phrase]:
        leaves = positive_leaves(parse(text, every).query)
        return [leaf for leaf in leaves if isinstance(leaf, Phrase) and leaf.stems[0].startswith("title:")]

    assert titles("The river and the water")[0].stems == (
        "title:the",
        "title:river",
        "title:and",
        "title:the",
        "title:water",
    )
    assert titles("river water", every=True)
    for text in (
        "river",
        "the river",
        '"river water"',
        "river -water",
        "river AND water",
        "(river water)",
        "river lang:en water",
    ):
        assert not titles(text), text
